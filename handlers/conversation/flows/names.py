"""A person's name in an answer, told from a sentence."""

import re

from handlers.conversation.places import has_landmark
from handlers.conversation.setting import Setting
from handlers.conversation.words import fold

_MOST_WORDS, _MOST_CHARS = 6, 60
_BEFORE = re.compile(
    r"^(?:ini\s+)?(?:nama(?:nya)?(?:\s+(?:saya|sy|aku|lengkap))*(?:\s+(?:adalah|itu|ialah))?|atas nama|a\.?n\.?"
    r"|(?:saya|sy|aku)(?!\s+(?:tidak|tdk|mau|sudah))|my name is|my name|name|it is|i am|i'm)[\s:,.-]+(?=\S)",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"[^\W\d_]+(?:[\s.,'’-]+[^\W\d_]+)*[.'’]?")
#: words of sentences, which no name has
_NO_NAME = frozenset(
    "yg yang di ke dari pada untuk tidak tdk gak ga nggak belum blm sudah sdh udah sedang masih akan mau ingin bisa "
    "harus boleh jangan kenapa mengapa apa apakah siapa bagaimana gimana kapan berapa mana itu ini saya sy aku kami "
    "kita mereka juga karena kalau tapi tetapi lagi ada mati rusak berlubang lampu jalan desa kecamatan dusun kampung "
    "nama namanya terserah rahasia the is are was not no what why who how where there here it my your we they and of "
    "at on in broken".split()
)


def read_name(text: str, setting: Setting) -> str | None:
    """Return the name that an answer gives, perhaps after "nama saya"; None: it is a sentence, or no name."""
    name = _BEFORE.sub("", " ".join(text.split()).strip(" .,:;!"))
    words = fold(name).split()
    if not _LETTERS.fullmatch(name) or len(words) > _MOST_WORDS or len(name) > _MOST_CHARS:
        return None
    if len(words) > 1 and (has_landmark(name) or setting.knowledge.classifier.read(name).is_sure):
        return None
    return None if _NO_NAME.intersection(words) else name
