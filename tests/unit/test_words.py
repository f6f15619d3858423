"""What people type, and the word or the small talk it is read as."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.conversation.phrasebook import Smalltalk, Word
from handlers.conversation.words import Command, fold, read_answer, read_command, read_smalltalk, remembered
from handlers.service import Service
from storage.vocabulary import Channel, Language

#: what stands alone, a line for each word: contract, variants, misspellings, politeness, punctuation
ALONE = {
    Word.YES: "YA|ya|Iya|y|yaa|YAAAA|YA.|ya pak|iya bu|Iya, benar|betul|ok|oke siap|👍 ya|kirim|YES|yep|"
    "sudah benar|aok",
    Word.NOT_YET: "BELUM|blm|belom|blum|belum pak|masih belum|NOT YET|not yet.",
    Word.NO: "tidak|gak|ndak|bukan|jangan|jangan batal|tidak setuju|bukan itu|no|nope|tdk pak",
    Word.EDIT: "UBAH|ubah|rubah|ganti|EDIT|edit dulu|ya ubah|koreksi",
    Word.SKIP: "LEWATI|lewat|lewti|SKIP|gak ada|tdk usah|tidak tahu|lanjut|gausah pak|tidak ada foto",
    Word.BACK: "KEMBALI|kembli|kembali dong|BACK|go back|balik",
    Word.CANCEL: "BATAL|batal pak|btl|batall|BATAAAAL|batal!!!|gk jd pak|tidak jadi|ya batal|tolong batalkan|"
    "hapus laporan|DISCARD|keluar|exit",
    Word.HELP: "BANTUAN|bantuan|bntuan|tolong|bantu pak|HELP|menu|cara lapor|gimana cara lapor?|bingung|/ngawur",
    Word.STATUS: "STATUS|status|setatus|statu|stts|sttus|STATÚS|ＳＴＡＴＵＳ|*STATUS*|cek status|status laporan saya|"
    "gmn laporan saya|check",
    Word.REPORT: "LAPOR|lapor|laporr|lapr|lapor pak|mau lapor|REPORT|/lapor|new report|saya mau mengadu",
    Word.ADD: "TAMBAH|tmbh|tambahan|ADD|/tambah",
    Word.LINK: "SAMBUNG|sambungkan laporan|LINK|/sambung",
    Word.UNLINK: "UNLINK|lepas sambungan",
    Word.STOP: "STOP|stop|stopp|Stop.|setop|stpo|stop sms|berhenti|unsubscribe|jangan kirim lagi",
    Word.START: "MULAI|mulai|mulai lagi|START|start|/start|/start@KanalBot",
    Word.MINE: "laporan saya|laporanku|daftar laporan saya|my reports|/my",
    Word.LANGUAGE: "bahasa|BAHASA|language",
}
#: words that take something along
WITH_REST = [
    ("CABUT diperbaiki warga", Word.WITHDRAW, "diperbaiki warga"),
    ("BUKA masih mati", Word.REOPEN, "masih mati"),
    ("BANDING tempatnya jelas", Word.APPEAL, "tempatnya jelas"),
    ("LAPOR lampu jln mati", Word.REPORT, "lampu jln mati"),
    ("lapor: jalan rusak", Word.REPORT, "jalan rusak"),
    ("Lapor,jalan rusak", Word.REPORT, "jalan rusak"),
    ("LAPOR#jalan rusak", Word.REPORT, "jalan rusak"),
    ("laporr pak jalan rusak", Word.REPORT, "pak jalan rusak"),
    ("REPORT broken road in Mungguk", Word.REPORT, "broken road in Mungguk"),
    ("/lapor pipa bocor", Word.REPORT, "pipa bocor"),
    ("LAPOR: ke polisi tidak ditanggapi", Word.REPORT, "ke polisi tidak ditanggapi"),
    ("STATUS 7140666", Word.STATUS, "7140666"),
    ("STATUS7140666", Word.STATUS, "7140666"),
    ("STATU 12345", Word.STATUS, "12345"),
    ("setatus skd-714 0666", Word.STATUS, "skd-714 0666"),
    ("Status no. SKD 714 0666 pak", Word.STATUS, "SKD 714 0666"),
    ("cek laporan 714-0666", Word.STATUS, "714-0666"),
    ("/status 7140666", Word.STATUS, "7140666"),
    ("TAMBAH 7140666 makin parah", Word.ADD, "7140666 makin parah"),
    ("tambah SKD-714 0666 lampu juga mati", Word.ADD, "SKD-714 0666 lampu juga mati"),
    ("tambah7140666 makin parah", Word.ADD, "7140666 makin parah"),
    ("ADD 7140666 it is worse", Word.ADD, "7140666 it is worse"),
    ("SAMBUNG SKD-714 0666", Word.LINK, "SKD-714 0666"),
    ("sambungkan laporan 7140666 pak", Word.LINK, "7140666"),
    ("link 7140666", Word.LINK, "7140666"),
    ("LEPAS SKD-714 0666", Word.UNLINK, "SKD-714 0666"),
    ("unlink 7140666", Word.UNLINK, "7140666"),
    ("UBAH masalah", Word.EDIT, "description"),
    ("ubah lokasi pak", Word.EDIT, "place"),
    ("ganti tanggal", Word.EDIT, "when"),
    ("edit category", Word.EDIT, "category"),
    ("ubah foto", Word.EDIT, "photos"),
    ("ubah identitas", Word.EDIT, "privacy"),
    ("/start abc_123", Word.START, "abc_123"),
    ("english", Word.LANGUAGE, Language.ENGLISH),
    ("bahasa indonesia", Word.LANGUAGE, Language.INDONESIAN),
    ("/english", Word.LANGUAGE, Language.ENGLISH),
]
#: sentences that begin with, or hold, one of the words, and tell a problem
NO_COMMANDS = [
    "bantuan beras belum cair",
    "bantuan sosial tidak merata",
    "tambah parah",
    "tambah parah jalan di desa mungguk",
    "tambah lampu jalan dong",
    "lapor ke polisi tidak ditanggapi",
    "lapor diri tidak bisa",
    "cek ktp saya belum jadi",
    "cek lapangan tidak pernah",
    "status tanah saya tidak jelas",
    "status gizi anak di posyandu",
    "cabut pohon tumbang di jalan",
    "CABUT POHON TUMBANG DI JALAN",
    "Buka posko banjir di mungguk",
    "batal berangkat karena jembatan putus",
    "stop kontak di puskesmas rusak",
    "stop pungli",
    "hapus pungli di pasar",
    "tolong jalan rusak di mungguk",
    "mulai kemarin air mati",
    "kembali banjir di desa tanjung",
    "ya jalan rusak",
    "belum dapat ktp",
    "lewat jembatan susah",
    "ubah jadwal posyandu",
    "tidak ada air",
    "putus kabel listrik di dekat tiang 1204",
    "sambung listrik rumah kami belum sejak 2024",
    "lepas 100 ekor sapi di jalan",
    "help the road is broken",
    "start of the road is broken",
    "skip bins are full",
    "not yet any water",
]
SMALLTALK = {
    Smalltalk.GREETING: "halo|Selamat siang admin|Assalamualaikum|selamat pagi pak|mau tanya|hi|"
    "good morning|permisi min",
    Smalltalk.THANKS: "terima kasih|makasih pak|ok makasih|trims|thank you|sama sama",
    Smalltalk.GOODBYE: "bye|wassalam|sampai jumpa",
    Smalltalk.PROBE: "P|p|tes|test|123|👍👍👍|?|...|wkwkwk|hahaha|coba|ping",
    Smalltalk.INSULT: "dasar pejabat gak becus|goblok|kalian semua tolol|stupid bot",
}
NO_SMALLTALK = [
    "selamat siang, jalan rusak di mungguk",
    "anjing liar banyak di pasar",
    "goblok jalan rusak gak diperbaiki",
    "tes covid di puskesmas mahal",
    "terima kasih atas bantuan, tapi lampu mati lagi",
    "jalan rusak",
    "",
]


def _flat(table: dict[Word, str]) -> list[tuple[str, Word]]:
    return [(text, word) for word, texts in table.items() for text in texts.split("|")]


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize(("text", "word"), _flat(ALONE))
def test_word_alone(text: str, word: Word, channel: Channel) -> None:
    """A word that stands alone is understood on every channel, however it is written."""
    assert read_command(text, channel) == Command(word)


@pytest.mark.parametrize(("text", "word", "rest"), WITH_REST)
def test_word_with_rest(text: str, word: Word, rest: str) -> None:
    """What a word takes along comes as typed; fields and languages by their own names."""
    assert read_command(text, Channel.SMS) == Command(word, rest)


@pytest.mark.parametrize("text", NO_COMMANDS)
def test_sentence(text: str) -> None:
    """A word inside a sentence commands nothing and is no small talk."""
    for channel in Channel:
        assert read_command(text, channel) is None
    assert read_smalltalk(text) is None


@pytest.mark.parametrize(
    "text", ["CANCEL", "cancel", "END", "end.", "QUIT", "quit pak", "STOPALL", "stop all"]
)
def test_carriers_stop(text: str) -> None:
    """What carriers take as an opt-out is one by SMS, whatever it means elsewhere."""
    assert read_command(text, Channel.SMS) == Command(Word.STOP)


@pytest.mark.parametrize("text", ["CANCEL", "cancel pak", "END", "QUIT"])
def test_cancel_in_chat(text: str) -> None:
    """No carrier listens in a chat: there such a word discards."""
    assert read_command(text, Channel.TELEGRAM) == Command(Word.CANCEL)


@pytest.mark.parametrize(
    ("text", "kind"), [(text, kind) for kind, texts in SMALLTALK.items() for text in texts.split("|")]
)
def test_smalltalk(text: str, kind: Smalltalk) -> None:
    """Greetings, thanks, tries and insults tell no problem."""
    assert read_command(text, Channel.SMS) is None
    assert read_smalltalk(text) is kind


@pytest.mark.parametrize("text", NO_SMALLTALK)
def test_no_smalltalk(text: str) -> None:
    """Who greets or scolds and tells a problem tells a problem."""
    assert read_smalltalk(text) is None


@pytest.mark.parametrize(
    ("text", "is_number"),
    [
        ("714 0666", True),
        ("SKD-714 0666", True),
        ("skd7140666.", True),
        ("714 0667", True),  # one digit wrong: still meant as a number
        ("12345", False),
        ("7140666 makin parah", False),
        ("081234567890", False),
        ("", False),
    ],
)
def test_bare_number(text: str, *, is_number: bool, service: Service) -> None:
    """A tracking number alone, even mistyped, asks for its status."""
    assert service.knowledge.is_number(text) is is_number


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("ya, sudah bagus", Command(Word.YES, "sudah bagus")),
        ("BELUM masih berlubang", Command(Word.NOT_YET, "masih berlubang")),
        ("tidak. itu bohong", Command(Word.NO, "itu bohong")),
        ("lubangnya masih ada", None),
        ("", None),
    ],
)
def test_answer_with_reason(text: str, answer: Command | None) -> None:
    """To an open yes-or-no question people give the answer first and then the reason."""
    assert read_answer(text) == answer


@given(st.text(max_size=200), st.sampled_from(Channel))
def test_every_text_is_read(text: str, channel: Channel) -> None:
    """Reading never raises, and a text folded once is folded."""
    read_command(text, channel)
    read_smalltalk(text)
    read_answer(text)
    assert fold(fold(text)) == fold(text)


@given(st.sampled_from(_flat(ALONE)), st.text(string.whitespace + "!.,", max_size=4))
def test_punctuation_changes_nothing(item: tuple[str, Word], around: str) -> None:
    """Blanks and punctuation around a word do not matter, nor does its case."""
    text, word = item
    if not text.startswith("/"):
        assert read_command(f"{around}{text.upper()}{around}", Channel.CONSOLE) == Command(word)


@pytest.mark.parametrize(
    "text",
    [
        "guru di sdn 12 desa nanga taman sering tdk masuk sudah 1 bln",
        "lampu jalan 3 titik di desa sungai ringin kecamatan sekadau hilir mati 2 minggu",
        "a 1 " + "b" * 70 + " 2",
    ],
)
def test_two_numbers_are_read_without_delay(text: str) -> None:
    """No message takes the reader longer than another; this one once took for ever."""
    assert read_command(text, Channel.TELEGRAM) is None


def test_what_is_remembered() -> None:
    """Words of letters are looked up once; what may be a number or a key never stays in memory."""
    looked_up: list[str] = []

    def look_up(word: str) -> str:
        looked_up.append(word)
        return word.upper()

    look = remembered(look_up)
    words = ["jalan", "08123456789", "rt5", "a" * 31]
    assert [look(word) for word in words * 2] == [word.upper() for word in words * 2]
    assert looked_up == [*words, *words[1:]]
