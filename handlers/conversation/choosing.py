"""Which of the answers on offer a typed text takes."""

from handlers.conversation.flows.questions import ANEW, ANONYMOUS, CONTINUE, DO_NOT_KNOW, HIDDEN, OPEN
from handlers.conversation.phrasebook import FIELDS, Word
from handlers.conversation.progress import Progress, Step
from handlers.conversation.words import fold, phrase_table, read_phrase, words_of

_PRIVACY = {
    HIDDEN: "rahasia,rahasiakan,dirahasiakan,sembunyikan,disembunyikan,secret,keep it secret,hidden,hide me",
    ANONYMOUS: "anonim,tanpa nama,tanpa identitas,tidak pakai nama,jangan pakai nama,anonymous,anonymously,no name,"
    "without my name",
    OPEN: "terbuka,open",
}
#: names of fields that, alone, mean something else everywhere
_MEANS_MORE = frozenset({"rahasia", "privasi", "privacy", "laporan"})
#: words that mean one of the answers, at one question only
_PHRASES: dict[Step, dict[str, str]] = {
    Step.WHICH_AREA: {
        DO_NOT_KNOW: "keduanya,dua duanya,kedua duanya,ketiganya,semua,semuanya,both,both of them,all,all of them"
    },
    Step.PHOTOS: {
        Word.SKIP: "ya,sudah,selesai,ok,kirim,cukup,sudah cukup,sudah semua,itu saja,cuma itu,hanya itu,beres,"
        "siap,sip,baik,tidak,tidak ada,tidak bisa,belum,belum ada,nanti,lanjut,lanjutkan,yes,no,done,"
        "that s all,that is all,send,send it,go on,continue,no photo,no photos,no picture,no pictures"
    },
    # who only wants it to go on gets what is advised, and protects most
    Step.PRIVACY: {
        **_PRIVACY,
        HIDDEN: f"{_PRIVACY[HIDDEN]},ya,kirim,ok,lanjut,lanjutkan,yes,send,go on,continue",
    },
    Step.EDIT: {
        field: ",".join(f"{name},{name}nya,{name} nya" for name in names.split() if name not in _MEANS_MORE)
        for field, names in FIELDS.items()
    }
    | {
        Word.SKIP: "tidak jadi,tidak jadi ubah,tidak jadi diubah,tidak jadi ganti,jangan diubah,jangan ubah,"
        "tidak usah diubah,tidak perlu diubah,nothing to change,"
        "do not change it,don t change it"
    },
    Step.NAME: _PRIVACY,  # who thinks better of it gives no name
    Step.DISCARD: {
        Word.YES: "hapus,hapuskan,ya hapus,buang,ya buang,delete,delete it,throw it away,throw away",
        Word.NO: "lanjut,lanjutkan,lanjut lapor,jadi,eh jadi,tetap jadi,tetap,simpan,teruskan,jangan hapus,"
        "jangan dihapus,jangan dibuang,tidak jadi hapus,tidak jadi dihapus,tidak jadi batal,tidak jadi dibatalkan,"
        "go on,continue,keep,keep it,do not,don t,do not delete,don t delete,do not delete it,don t delete it,"
        "kirim,kirimkan,jadi kirim,tetap kirim,lanjut kirim,kirim sekarang,tidak jadi ubah,tidak jadi diubah,"
        "send,send it",
    },
    Step.RESUME: {
        CONTINUE: "lanjut,lanjutkan,lama,lanjut lama,lanjutkan lama,teruskan,tadi,pertama,go on,continue,old,"
        "old one,the old one",
        ANEW: "baru,buat baru,bikin baru,laporan baru,lapor baru,buat laporan baru,bikin laporan baru,mulai baru,"
        "mulai lagi,mulai dari awal,dari awal,ulang,kedua,hapus lama,new,new one,a new one,new report,start new,"
        "start a new one",
    },
}
#: "Ada foto?" – "ada": it is still to come
_TO_COME = phrase_table(
    {
        Word.YES: "ya,boleh,bisa,ada,ya ada,ada foto,ada fotonya,punya,punya foto,punya fotonya,"
        "yes,i do,i have,i have one"
    }
)
#: "saya mau lapor tapi anonim ya": only raised in so many words, as "open my report" is no wish to be seen
_RAISED = phrase_table(
    {value: _PRIVACY[value] for value in (HIDDEN, ANONYMOUS)},
    "mau,tapi,tp,lapor,laporan,laporannya,ini,kalau,sebagai,secara,jadi,dibuat,tetap,ya,ok,tolong,mohon,minta,bisa,boleh,halo,hai,pagi,"
    "i,want,to,be,stay,remain,would,like,can,it,my,make,but,hi,hello",
)
#: what a field may stand with at UBAH: "tempatnya salah"
_WRONG = (
    "salah,keliru,ubah,ganti,mau,mau ubah,mau ganti,tidak tepat,kurang tepat,tidak benar,tidak sesuai,"
    "the,is,wrong,change"
)
_HERE = {
    step: phrase_table(meanings, _WRONG if step is Step.EDIT else "") for step, meanings in _PHRASES.items()
}


def typed_choice(at: Progress, text: str) -> str | None:
    """Return the value of the choice that a text takes: by its number, its label, or words that mean it here."""
    folded = fold(text)
    for number, choice in enumerate(at.choices, start=1):
        if folded in (str(number), fold(choice.label), fold(choice.label.partition("(")[0])):
            return choice.value
    has_none = at.draft is not None and not at.draft.attachments
    if at.step is Step.PHOTOS and has_none and (to_come := read_phrase(text, _TO_COME)):
        return to_come
    table = _HERE.get(at.step) if at.step else None
    return read_phrase(text, table) if table else None


def protection_said(text: str) -> str | None:
    """Return how a text, politeness aside, says that a report is to be protected: hidden, anonymous or open."""
    return read_phrase(text, _RAISED) or read_phrase(text, _HERE[Step.NAME])


def wishes_protected_report(text: str) -> bool:
    """Tell whether a text wishes to report, protected ("mau lapor tapi rahasia"); "my report" was sent already."""
    words = words_of(text)
    return protection_said(text) in (HIDDEN, ANONYMOUS) and "lapor" in words and "my" not in words
