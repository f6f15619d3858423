"""The language that a text is written in, where it is plain."""

from handlers.conversation.words import fold
from storage.vocabulary import Language

#: words that the other language has not: mostly those that hold sentences together
_WORDS = {
    Language.ENGLISH: frozenset(
        "the is are was were be been being has have had this that these those there here of on for from with near "
        "behind about into out my our your his her their its we they he she you it me us not don doesn didn isn can "
        "cannot could should would will who what where when why how since every all any some someone somebody nobody "
        "people please help thank thanks need want broken road street light water house river school bridge fire "
        "village office money officer garbage hospital and but or because after before days weeks months ago "
        "yesterday today i to report something problem hello am".split()
    ),
    Language.INDONESIAN: frozenset(
        "yang yg dan di ke dari dr ini itu ada tidak tdk gak ga gk nggak belum blm sudah sdh udah untuk utk dengan dgn "
        "pada oleh karena krn saya sy kami kita anda dia mereka akan bisa bs juga lagi lg sejak sangat sekali "
        "banget kalau klo kalo tapi tp jadi jd terus masih msh tolong mohon mhn pak bu jalan jln rusak air rumah lampu "
        "mati depan dpn dekat dkt belakang warga orang hari minggu bulan apa siapa kapan mana bagaimana gimana kenapa "
        "mengapa berapa petugas kantor sekolah jembatan".split()
    ),
}
#: so many words of it at least, and so many times as many as of the others
_FEWEST, _LEAD = 2, 2


def language_of(text: str) -> Language | None:
    """Return the language that a text is plainly written in; a word or two of names and loans tell nothing."""
    words = fold(text).split()
    counts = {language: sum(map(known.__contains__, words)) for language, known in _WORDS.items()}
    best = max(counts, key=lambda language: counts[language])
    others = sum(counts.values()) - counts[best]
    return best if counts[best] >= _FEWEST and counts[best] >= _LEAD * others else None
