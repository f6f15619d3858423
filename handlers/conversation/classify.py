"""What a text is about: category and type, danger, suspected abuse, a wish for protection.

Keywords decide; they are the deployment's own. What they cannot tell the coordinator does.
"""

from collections import defaultdict
from dataclasses import dataclass

from handlers.conversation.phrases import AND, Phrases
from handlers.conversation.spelling import standard_words
from handlers.deployment import Category, Deployment
from storage.vocabulary import ReportType


@dataclass(frozen=True, slots=True)
class Reading:
    #: code; the deployment's `other_category` where nothing tells
    category: str
    type: ReportType
    #: the category stands out
    is_sure: bool = False
    is_emergency: bool = False
    #: suspected abuse (berkadar pengawasan)
    is_integrity: bool = False
    asks_protection: bool = False
    #: of an integrity report: what the accused office deals with
    accused_category: str | None = None


#: a keyword's weight, and what each further word of its phrase adds
_KEYWORD, _HINT, _MORE = 2.0, 1.0, 1.0
#: how far the first category must lead to be sure
_SURE, _LEAD = 2.0, 1.0

_QUESTION, _WISH, _TROUBLE, _PROTECT = "question", "wish", "trouble", "protect"
#: phrases in standard spelling, and what they weigh
_SIGNALS: dict[str, dict[float, str]] = {
    _QUESTION: {
        3: "mohon informasi,mohon informasinya,minta informasi,minta info,mau tanya,mau bertanya,numpang tanya,ingin bertanya,"
        "izin bertanya,apa saja syarat,apa syarat,syarat,persyaratan,prosedur,apa saja,bagaimana cara,bagaimana caranya,"
        "cara mengajukan,cara buat,cara daftar,caranya,berapa lama,berapa biaya,berapa biayanya,biayanya berapa,jam berapa,"
        "tanggal berapa,nomor telepon,di dinas mana,ke mana + urus,how do i,how to,what are the requirements,how much,"
        "where can i,buka kah,apakah ada lowongan,kapan + lagi",
        2: "cara,jadwal,kapan,berapa,di mana,ke mana,kemana,apakah,bisakah,bolehkah,apa ada,informasi,bagaimana,"
        "what,when,where,tanya,kah,bisa,adakah,aturannya",
        1: "apa,atau,info",
    },
    _WISH: {
        3: "usul,usulan,usulkan,mengusulkan,saran,saya sarankan,semoga,berharap,harapan kami,harap,alangkah baiknya,"
        "mohon dibangun,mohon dibuatkan,mohon diadakan,mohon dipasang,mohon diaspal,mohon pengadaan,mohon + diperkeras,"
        "mohon + dibangun,mohon + masuk,mohon + diadakan,tolong buatkan,tolong adakan,tolong dibangun,tolong diadakan,"
        "minta pelatihan,minta dibangun,minta dibuatkan,minta diadakan,mohon pelatihan,hidupkan lagi,adakan lagi,"
        "mohon patroli,pelayanan keliling,suggestion,i suggest,it would be nice,sebaiknya dibangun,perlu dibangun,belum masuk",
        1.5: "agar,supaya,buatkan,adakan,diadakan,dibangunkan,dibangun,ditambah,keliling,perbanyak",
    },
    _TROUBLE: {
        1.5: "rusak,hancur,mati,padam,bocor,roboh,patah,ambruk,jebol,retak,putus,mampet,tersumbat,miring,keruh,bau,kotor,kosong,"
        "habis,hilang,terlambat,telat,lambat,kurang,palsu,ditolak,dicoret,dipotong,ditahan,menumpuk,longsor,banjir,tutup,"
        "padahal,kenapa,mengapa,tidak pernah,jarang,keluhan,mengeluh,kecewa,mahal,naik,gatal,takut,salah,belum jadi,"
        "belum dibayar,belum cair,belum diperbaiki,tidak bisa,broken,not working,tolong ditertibkan,nunggak,disuruh,"
        "sampai sekarang,sudah lama",
        1: "tidak,belum,tapi,malah,terus,lagi,sering",
    },
    _PROTECT: {
        1: "rahasia,rahasiakan,dirahasiakan,merahasiakan,kerahasiaan,jangan sebut,jangan disebut,jangan disebutkan,"
        "jangan sebutkan,jangan bilang,jangan + nama,jangan + identitas,jangan + ketahuan,nama + tidak diberitahukan,"
        "nama + tidak disebut,tidak mau disebut,identitas,anonim,tanpa nama,takut + nama,takut + ketahuan,takut + diketahui,"
        "takut bicara,takut lapor,takut melapor,takut + dipecat,takut + dipersulit,takut + diancam,takut + dimarahi,"
        "takut + diintimidasi,takut + dicoret,diancam,diintimidasi,lindungi saya,lindungi kami,konangan,jenengku,"
        "saya takut,anonymous,confidential,secret,do not mention my name,my name,afraid",
    },
}


class Classifier:
    def __init__(self, deployment: Deployment) -> None:
        self._other = deployment.other_category
        self._integrity_category = deployment.integrity.category
        self._topics = Phrases(
            (phrase, (category.code, weight))
            for category in deployment.categories
            for phrase, weight in _weighted(category)
        )
        emergency, integrity = deployment.emergency, deployment.integrity
        self._emergency = Phrases(((word, True) for word in emergency.keywords), emergency.exceptions)
        self._integrity = Phrases(((word, True) for word in integrity.keywords), integrity.exceptions)
        self._signals = Phrases(
            (phrase, (signal, weight))
            for signal, listed in _SIGNALS.items()
            for weight, phrases in listed.items()
            for phrase in phrases.split(",")
        )

    def read(self, text: str) -> Reading:
        """Read a citizen's text. Total: any text, never raises."""
        words = standard_words(text)
        ranked = self._ranked(words)
        signals = self._signal_weights(words)
        is_integrity = bool(self._integrity.find(words))
        accused = next(
            (code for code, _ in ranked if code not in (self._other, self._integrity_category)), None
        )
        return Reading(
            category=self._integrity_category if is_integrity else ranked[0][0],
            type=ReportType.OVERSIGHT if is_integrity else _type(signals, is_asking="?" in text),
            is_sure=is_integrity or (ranked[0][1] >= _SURE and ranked[0][1] - ranked[1][1] >= _LEAD),
            is_emergency=bool(self._emergency.find(words)),
            is_integrity=is_integrity,
            asks_protection=signals[_PROTECT] > 0,
            accused_category=accused if is_integrity else None,
        )

    def _ranked(self, words: list[str]) -> list[tuple[str, float]]:
        """Return categories and their weights, heaviest first; of equals the one mentioned first."""
        weights: dict[str, float] = defaultdict(float)
        first: dict[str, int] = {}
        for hit in self._topics.find(words):
            code, weight = hit.meaning
            weights[code] += weight
            first[code] = min(first.get(code, hit.at), hit.at)
        ranked = sorted(weights.items(), key=lambda item: (-item[1], first[item[0]]))
        return [*ranked, (self._other, 0.0), (self._other, 0.0)]

    def _signal_weights(self, words: list[str]) -> dict[str, float]:
        weights: dict[str, float] = defaultdict(float)
        for hit in self._signals.find(words):
            signal, weight = hit.meaning
            weights[signal] += weight
        return weights


def _weighted(category: Category) -> list[tuple[str, float]]:
    return [
        (phrase, base + _MORE * (len(phrase.replace(AND, " ").split()) - 1))
        for phrases, base in ((category.keywords, _KEYWORD), (category.hints, _HINT))
        for phrase in phrases
    ]


def _type(signals: dict[str, float], *, is_asking: bool) -> ReportType:
    """Tell a question and a wish from a complaint: what speaks of trouble counts against both."""
    trouble = signals[_TROUBLE]
    question = signals[_QUESTION] + (1.0 if is_asking else 0.0)
    wish = signals[_WISH]
    if wish >= 3 and wish > trouble and wish >= question:
        return ReportType.ASPIRATION
    if question >= 3 and question > trouble:
        return ReportType.INFORMATION
    return ReportType.COMPLAINT
