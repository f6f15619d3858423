"""The words understood at every step, on every channel; and what is said without telling anything.

A word counts as a command when it stands alone, politeness aside: "bantuan" asks for help, "bantuan beras belum
cair" is a complaint. Only LAPOR, TAMBAH, STATUS with a number, and Telegram's slash commands take more words along.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from rapidfuzz import process
from rapidfuzz.distance import OSA

from storage.vocabulary import Channel, Language

_REPEATED = re.compile(r"([^\W\d_])\1{2,}")
_NOT_WORD = re.compile(r"[\W_]+")
#: marks that sit on letters, and characters that are not seen (joiners, direction marks)
_UNSEEN = frozenset({"Mn", "Me", "Cf"})


def fold(text: str) -> str:
    """Return the text as it is compared, never as it is shown: lower case, no accents or punctuation."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    if not folded.isascii():
        parts = unicodedata.normalize("NFKD", folded)
        folded = "".join(part for part in parts if unicodedata.category(part) not in _UNSEEN).casefold()
    return _NOT_WORD.sub(" ", _REPEATED.sub(r"\1", folded)).strip()


class Word(StrEnum):
    #: YA
    YES = "yes"
    #: BELUM
    NOT_YET = "not_yet"
    #: TIDAK
    NO = "no"
    #: UBAH; the rest may name the field
    EDIT = "edit"
    #: LEWATI
    SKIP = "skip"
    #: KEMBALI
    BACK = "back"
    #: BATAL
    CANCEL = "cancel"
    #: BANTUAN
    HELP = "help"
    #: STATUS; the rest is a number or nothing
    STATUS = "status"
    #: LAPOR; the rest is the problem or nothing
    REPORT = "report"
    #: TAMBAH; the rest is number and addition
    ADD = "add"
    #: no more news by this channel
    STOP = "stop"
    #: MULAI; the rest of /start is what a deep link carries
    START = "start"
    #: LAPORAN SAYA
    MINE = "mine"
    #: BAHASA; the rest is a `Language` or nothing
    LANGUAGE = "language"


class Smalltalk(StrEnum):
    """What is said without telling anything yet."""

    GREETING = "greeting"
    THANKS = "thanks"
    GOODBYE = "goodbye"
    #: trying whether someone is there: "P", "tes", "123", emoji
    PROBE = "probe"
    #: an insult with no matter in it
    INSULT = "insult"


@dataclass(frozen=True, slots=True)
class Command:
    word: Word
    #: what followed, as typed
    rest: str = ""


# --- tables; phrases are parted by commas and read in the standard spelling of `_ALIASES` ---

_ALIASES = {
    spelling: standard
    for standard, spellings in {
        "ya": "y,yaa,iya,iyaa,iye,iyah,yah,yup,yap,yoi,aok,auk,inggih,nggih",
        "ok": "oke,okey,okay,okeh,okee,oks,okelah,okedeh",
        "tidak": "tdk,tak,gk,gak,ga,g,t,n,ngga,nggak,ngak,enggak,engga,kagak,kaga,ndak,ndk,nda,dak,ora,mboten,nadak",
        "belum": "blm,blum,blom,belom,belon,bloman,durung,dereng",
        "sudah": "sdh,udah,udh,dah,wis,nyau",
        "batal": "btl,batl,bata1,batall",
        "lapor": "lapr,laporr,lpr,lapir,laor,lapo,lapoor,lapot,melapor,ngelapor,report",
        "status": "setatus,statu,stts,stat,sttus,statuss",
        "tambah": "tmbh,tambh,add",
        "jadi": "jd",
        "usah": "ush",
        "perlu": "prlu,prl",
        "saja": "aja,aj,sja,wae,jak",
        "pak": "pk,bpk,bapak",
        "bu": "ibu,buk",
        "tolong": "tlg,tlng,tolg,tulung,pls,plis,please",
        "mohon": "mhn,mohn",
        "mau": "mo,ingin,pengen,pingin,hendak",
        "saya": "sy,sya,aku,ak,kami",
        "bagaimana": "gmn,gmna,bgmn,gimana,piye,camane",
        "terima kasih": "terimakasih,trimakasih,makasih,makasi,mksh,trmksh,trims,trim,tks,tq,thx,thanks,ty,suwun,nuwun",
    }.items()
    for spelling in spellings.split(",")
}

_COMMANDS = {
    Word.YES: "ya,ok,betul,benar,setuju,kirim,kirimkan,boleh,baik,siap,sip,yes,yep,yeah,correct,right,sure,send,"
    "sudah,sudah benar,sudah betul,sudah beres,sudah selesai,beres,selesai,cocok,pas,lanjut kirim,kirim sekarang",
    Word.NOT_YET: "belum,belum beres,belum selesai,belum ada,not yet,masih belum,belum sama sekali",
    Word.NO: "tidak,bukan,jangan,salah,keliru,no,nope,not,jangan kirim,jangan dikirim,tidak setuju,tidak benar,"
    "tidak betul,belum benar,belum betul,tidak jadi batal,bukan itu,bukan di situ,tidak mau",
    Word.EDIT: "ubah,ganti,perbaiki,edit,rubah,koreksi,ralat,revisi,betulkan,ubahlah,mengubah,change,mau ubah",
    Word.SKIP: "lewati,lewat,lewatkan,skip,lewati dulu,tidak ada,tidak usah,tidak perlu,gaada,gada,gausah,nadai,"
    "lanjut,lanjutkan,next,cukup,nanti,tanpa foto,tidak ada foto,tidak ada fotonya,tidak punya,tidak punya foto,"
    "tidak tahu,tidak tau,entah,none,nothing,tidak ada lagi",
    Word.BACK: "kembali,back,mundur,balik,sebelumnya,kembali ke sebelumnya,go back",
    Word.CANCEL: "batal,batalkan,dibatalkan,tidak jadi,tidak jadi lapor,batal lapor,batalkan laporan,discard,"
    "urung,hapus,hapus laporan",
    Word.HELP: "bantuan,bantu,tolong,dibantu,help,menu,cara,caranya,cara lapor,cara melapor,bagaimana cara lapor,"
    "bagaimana caranya,bagaimana cara melapor,bagaimana cara,panduan,petunjuk,info,bingung,tidak mengerti,"
    "tidak paham,minta bantuan,butuh bantuan,bisa bantu,cara pakai,how,perintah",
    Word.STATUS: "status,cek,cek status,status laporan,status laporan saya,cek laporan,cek laporan saya,"
    "bagaimana status,bagaimana status laporan saya,bagaimana laporan saya,status aduan,cek aduan,check,"
    "perkembangan laporan saya",
    Word.REPORT: "lapor,adu,aduan,mengadu,laporkan,pengaduan,lapor baru,laporan baru,mau lapor,saya mau lapor,"
    "mau mengadu,saya mau mengadu,buat laporan,buat aduan,bikin laporan,mau buat laporan,new report,complain,"
    "complaint,lapor lagi,mau lapor lagi",
    Word.ADD: "tambah,tambahan,tambahkan",
    Word.STOP: "stop,setop,stpo,stopp,berhenti,stop kirim,stop sms,stop pesan,berhenti kirim,unsubscribe,"
    "berhenti langganan,stop langganan,jangan kirim lagi,jangan kirim sms lagi,jangan sms lagi,stop notifikasi",
    Word.START: "mulai,start,mulai lagi,mulai dari awal,unstop",
    Word.MINE: "laporan saya,laporanku,aduan saya,pengaduan saya,lihat laporan,lihat laporan saya,daftar laporan,"
    "daftar laporan saya,semua laporan saya,my report,my reports,riwayat,riwayat laporan",
    Word.LANGUAGE: "bahasa,language,lang,english,inggris,indonesia,indonesian,bahasa inggris,bahasa indonesia,"
    "in english,ganti bahasa,ubah bahasa,ganti bahasa inggris,ganti bahasa indonesia,bahasa en,bahasa id,"
    "language english,language indonesian,change language",
}
#: words that carriers themselves take as an opt-out; an SMS with one of them means STOP, whatever we would like
_CARRIER_STOPS = "cancel,end,quit,stopall,stop all,optout,opt out,revoke"
_PHRASES_ELSEWHERE = {Word.CANCEL: "cancel,quit,end,exit,keluar"}

_FILLERS = (
    "pak,bu,min,admin,mimin,mas,mbak,mba,bang,bg,kak,kakak,om,tante,gan,bos,boss,bot,lur,dik,mohon,maaf,dong,deh,"
    "sih,lah,kah,nih,ni,kok,saja,dulu,saya,sekali,banget,bgt,terima kasih,terima kasih banyak,matur terima kasih,"
    "kalau begitu,yang,itu,thank you,bah,ja,ye,to"
)
#: fields that may follow UBAH
_FIELDS = frozenset(
    "lokasi tempat alamat desa kecamatan patokan kategori jenis topik waktu tanggal hari foto gambar lampiran isi "
    "laporan uraian keterangan nama identitas place location time date category photo text".split()
)
_SLASH_EXTRA = {
    Word.HELP: "bantuan help menu",
    Word.MINE: "saya laporan laporan_saya laporanku riwayat my mine reports",
    Word.CANCEL: "cancel batal discard",
    Word.LANGUAGE: "bahasa language lang english indonesia",
}
#: "lapor ke polisi tidak ditanggapi" tells of a report made elsewhere
_NOT_A_REPORT = frozenset("ke kepada kpd tapi tp tetapi kok diri berkali".split())
#: "tambah parah" and "tambah lampu di gang kami" are complaints and wishes
_NOT_AN_ADDITION = frozenset(
    "parah rusak buruk hancur lama banyak besar dalam lebar tinggi mahal susah sulit jelek macet gelap bau keruh "
    "kotor sering naik lampu guru loket petugas dokter bidan perawat bus armada tiang tower jam kuota pupuk daya "
    "listrik sambungan kelas ruang kursi kontainer bak tong modal dana hari".split()
)
#: what may stand between STATUS and a number
_BEFORE_NUMBER = frozenset("no nomor nmr nomer laporan aduan pengaduan tiket kode pelacakan number".split())

_SMALLTALK = {
    Smalltalk.GREETING: "halo,hallo,hello,helo,hai,hay,hi,hei,hey,salam,permisi,punten,misi,spada,shalom,salom,"
    "salam sejahtera,assalamualaikum,assalamu alaikum,asalamualaikum,aslm,ass,assalam,asslmkm,askum,wr wb,wrwb,"
    "warahmatullahi wabarakatuh,selamat pagi,selamat siang,selamat sore,selamat malam,selamat petang,slmt pagi,"
    "slmt siang,slmt sore,slmt malam,met pagi,met siang,met sore,met malam,pagi,siang,sore,malam,pgi,mlm,"
    "good morning,good afternoon,good evening,sugeng enjing,kulonuwun,kula nuwun,adil ka talino,tabe,om swastiastu,"
    "mau tanya,mau nanya,mau bertanya,numpang tanya,izin bertanya,ijin bertanya,izin tanya,boleh tanya,ada orang,"
    "ada admin,ada yang bisa bantu,ini siapa,siapa ini,kamu siapa,ini nomor apa,nomor apa ini,apa kabar,dengan siapa",
    Smalltalk.THANKS: "terima kasih,terima kasih banyak,matur terima kasih,thank you,thank you very much,sama sama,"
    "atas bantuannya,atas tanggapannya,atas responnya,atas informasinya,atas perhatiannya,terima kasih sudah dibantu,"
    "sangat membantu,mantap,mantab,good job,bagus",
    Smalltalk.GOODBYE: "sampai jumpa,sampai nanti,dadah,dah dulu,bye,bye bye,goodbye,selamat tinggal,wassalam,"
    "wassalamualaikum,selamat istirahat",
    Smalltalk.PROBE: "p,pp,ping,tes,test,tess,testing,coba,uji coba,mencoba,cuma coba,cuma tes,iseng,cek cek,hm,hmm,"
    "eh,oi,oii,woi,woy,hoi,asdf,qwerty,xx,lol,bot,ini bot,apakah ini bot,ini robot,tes tes,a,b,c",
    Smalltalk.INSULT: "bodoh,tolol,goblok,goblog,gblk,bego,idiot,dungu,anjing,anjg,anjir,anjay,asu,babi,bangsat,"
    "bajingan,brengsek,kampret,monyet,tai,taik,setan,iblis,sialan,keparat,laknat,jancok,jancuk,cok,kontol,memek,"
    "puki,pukimak,ngentot,tidak becus,tidak guna,tidak berguna,tidak ada gunanya,payah,pembohong,tukang bohong,"
    "omong kosong,fuck,fuck you,shit,bullshit,stupid,useless,damn,asshole,bacot,pantek,palui,lancau",
}
#: what an insult is aimed at, or dressed with, without becoming a matter
_INSULT_FILLERS = (
    "dasar,memang,emang,pejabat,pemerintah,pemda,pemkab,bupati,petugas,pegawai,dinas,kalian,kamu,lu,kau,anda,elu,lo,"
    "kerja,kerjanya,cuma,hanya,semua,semuanya,semua orang,orang,kantor,negara,kabupaten,sangat,benar,betul,ini,pada,"
    "percuma,you,are,the,your,government,kayak,kaya,seperti,kabeh,pelayanan,layanan,camat,kades,lurah"
)

_LONGEST_PHRASE = 5
_T = TypeVar("_T")
_Table = dict[tuple[str, ...], _T]


def _phrases(listed: Mapping[_T, str], without_meaning: str = "") -> _Table[_T | None]:
    """Return words of phrase → meaning; a phrase of `without_meaning` may stand beside any."""
    table: _Table[_T | None] = {_tokens(phrase): None for phrase in without_meaning.split(",") if phrase}
    for meaning, phrases in listed.items():
        table.update({_tokens(phrase): meaning for phrase in phrases.split(",")})
    return table


def _tokens(text: str) -> tuple[str, ...]:
    """Return the words of a text in their standard spelling."""
    return tuple(
        word for token in fold(text).split() for word in _ALIASES.get(token, _undoubled(token)).split()
    )


def _undoubled(token: str) -> str:
    """Undo a lingering last letter ("batall", "stopp")."""
    return token[:-1] if len(token) > 3 and token[-1] == token[-2] and token[-1].isalpha() else token


_COMMAND_TABLES = {
    channel: _phrases({**_COMMANDS}, _FILLERS)
    | _phrases({Word.STOP: _CARRIER_STOPS} if channel is Channel.SMS else _PHRASES_ELSEWHERE)
    for channel in Channel
}
#: words long enough that one wrong letter leaves no doubt
_LONG_WORDS = ("status", "bantuan", "kembali", "lewati", "tambah", "berhenti", "batalkan", "perbaiki")
_NOT_MISSPELT = frozenset({"tambak", "tambal", "tambat", "statis", "bantahan"})
_SMALLTALK_TABLE = _phrases(_SMALLTALK, f"{_FILLERS},ok,ya,baik,sip,siap,oh,o")
_INSULT_TABLE = _phrases(
    {Smalltalk.INSULT: _SMALLTALK[Smalltalk.INSULT]}, f"{_FILLERS},{_INSULT_FILLERS},ya,tolong"
)
_SLASH = {
    name: word
    for listed in (
        _COMMANDS,
        _PHRASES_ELSEWHERE,
        {w: names.replace(" ", ",") for w, names in _SLASH_EXTRA.items()},
    )
    for word, names in listed.items()
    for name in (
        *names.split(","),
        "report" if word is Word.REPORT else "",
        "add" if word is Word.ADD else "",
    )
    if name and " " not in name
}


# --- reading ---


def read_command(text: str, channel: Channel) -> Command | None:
    """Return the command a message is, if it is one."""
    text = _GLUED.sub(r"\1 ", unicodedata.normalize("NFC", text).strip())
    slash = _SLASH_COMMAND.match(text)
    if slash:
        return _slash_command(slash)
    tokens = _tokens(text[:_LONGEST_COMMAND])
    word = _alone(tokens, channel) if len(text) <= _LONGEST_COMMAND else None
    if word:
        return Command(word, _language_named(tokens) if word is Word.LANGUAGE else "")
    return _status_of_number(text) or _with_rest(text)


#: a message longer than this is no bare command
_LONGEST_COMMAND = 80
_GLUED = re.compile(r"^(status|setatus|statu|stts|cek|tambah|lapor)(?=(?:[a-z]{2,5}-?)?\d{3})", re.IGNORECASE)
_SLASH_COMMAND = re.compile(r"/([A-Za-z_]+)(?:@\w+)?(?![^\s:.,])[\s:.,]*(.*)", re.DOTALL)
_WORD = re.compile(r"[^\W_]+")
_BETWEEN = " \t\r\n:.,;!-–—=>"


def _slash_command(match: re.Match[str]) -> Command | None:
    name, rest = match[1].lower(), match[2].strip()
    word = _SLASH.get(name)
    if word is Word.LANGUAGE:
        return Command(word, _language_named(_tokens(f"{name} {rest}")))
    return Command(word, rest) if word else None


def _cover(tokens: tuple[str, ...], table: _Table[_T | None]) -> list[_T] | None:
    """Return the meanings of the phrases that make up all of the words, or None if a word is left over."""
    meanings: list[_T] = []
    at = 0
    while at < len(tokens):
        lengths = range(min(_LONGEST_PHRASE, len(tokens) - at), 0, -1)
        phrase = next((tokens[at : at + n] for n in lengths if tokens[at : at + n] in table), None)
        if phrase is None:
            return None
        meaning = table[phrase]
        if meaning is not None:
            meanings.append(meaning)
        at += len(phrase)
    return meanings


def _alone(tokens: tuple[str, ...], channel: Channel) -> Word | None:
    """Return the word that the message consists of, politeness aside."""
    table = _COMMAND_TABLES[channel]
    found = _cover(tuple(token if (token,) in table else _corrected(token) for token in tokens), table)
    if not found or (set(found) == {Word.YES} and _smalltalk_of(tokens) is Smalltalk.THANKS):
        return None
    return _settled(found)


def _corrected(token: str) -> str:
    if len(token) < 5 or token in _NOT_MISSPELT:
        return token
    near = process.extractOne(token, _LONG_WORDS, scorer=OSA.distance, score_cutoff=1)
    return near[0] if near and near[0][0] == token[0] else token


def _settled(found: Iterable[Word]) -> Word | None:
    """Return what several words mean together: "ya batal" cancels, "jangan batal" does not."""
    words = set(found)
    for weak in (Word.YES, Word.HELP):  # "ya, ubah"; "tolong batalkan"
        if len(words) > 1:
            words.discard(weak)
    if words == {Word.NO, Word.CANCEL}:
        return Word.NO
    for strong in (Word.EDIT, Word.NOT_YET, Word.SKIP):
        if words == {Word.NO, strong}:
            return strong
    return words.pop() if len(words) == 1 else None


def _language_named(tokens: tuple[str, ...]) -> str:
    if {"english", "inggris", "en"} & set(tokens):
        return Language.ENGLISH
    return Language.INDONESIAN if {"indonesia", "indonesian", "id"} & set(tokens) else ""


def _status_of_number(text: str) -> Command | None:
    """Read "status no SKD-123 4567 pak": a number must follow, and nothing that makes it a sentence."""
    match = _STATUS_NUMBER.fullmatch(text[:_LONGEST_COMMAND])
    if match is None or len(text) > _LONGEST_COMMAND:
        return None
    head = tuple(_corrected(token) for token in _tokens(match["head"]))
    between = tuple(token for token in _tokens(match["between"]) if token not in _BEFORE_NUMBER)
    if head not in _STATUS_WORDS or not _is_polite(between) or not _is_polite(_tokens(match["after"])):
        return None
    return Command(Word.STATUS, match["number"].strip())


_STATUS_WORDS = frozenset({("status",), ("cek",), ("check",)})
_STATUS_NUMBER = re.compile(
    r"\W*(?P<head>[^\W\d_]+)\W+(?P<between>(?:[^\W\d_]+\W+)*?)"
    rf"(?P<number>(?:(?!(?:{'|'.join(_BEFORE_NUMBER)})\b)[A-Za-z]{{2,5}}[\s-]*(?=\d{{3}}))?\d[\d\s./-]*)"
    r"(?P<after>(?:\W*[^\W\d_]+)*)\W*",
    re.IGNORECASE,
)


def _with_rest(text: str) -> Command | None:
    """Read the words that take a text along: LAPOR, TAMBAH, UBAH with a field."""
    first = _WORD.search(text)
    if first is None or first.start() > 2:
        return None
    rest = text[first.end() :].lstrip(_BETWEEN).rstrip()
    following = _tokens(rest[:_LONGEST_COMMAND])
    is_marked = text[first.end() : first.end() + 1] in (":", ".", ",", ";", "!")
    match _tokens(first[0]):
        case ("lapor" | "laporkan",) if is_marked or (following[:1] and following[0] not in _NOT_A_REPORT):
            return Command(Word.REPORT, rest)
        case ("aduan" | "pengaduan",) if is_marked:
            return Command(Word.REPORT, rest)
        case ("tambah",) if is_marked or (following[:1] and following[0] not in _NOT_AN_ADDITION):
            return Command(Word.ADD, rest)
        case ("ubah" | "ganti" | "edit" | "rubah" | "perbaiki",) if following[:1] and following[0] in _FIELDS:
            return Command(Word.EDIT, rest) if _is_polite(following[1:]) else None
    return None


def _is_polite(tokens: tuple[str, ...]) -> bool:
    return _cover(tokens, _COMMAND_TABLES[Channel.SMS]) == []


def read_answer(text: str) -> Command | None:
    """Return YES, NOT_YET or NO that a message begins with, and its reason: for an open yes-or-no question only."""
    first = _WORD.search(text)
    words = _cover(_tokens(first[0]), _COMMAND_TABLES[Channel.SMS]) if first else None
    if not first or not words or words[0] not in (Word.YES, Word.NOT_YET, Word.NO):
        return None
    return Command(words[0], text[first.end() :].lstrip(_BETWEEN).rstrip())


def read_smalltalk(text: str) -> Smalltalk | None:
    """Return what kind of small talk a message is, if it tells nothing else."""
    folded = fold(text)
    if not text.strip() or len(folded) > 2 * _LONGEST_COMMAND:
        return None
    if not folded or _ONE_NUMBER.fullmatch(folded) or _LAUGHTER.fullmatch(folded):
        return Smalltalk.PROBE
    return _smalltalk_of(_tokens(folded))


_ONE_NUMBER = re.compile(r"\d+")
_LAUGHTER = re.compile(r"w?(?:wk)+w?|a?(?:ha)+h?|(?:he)+h?|(?:hi)+h?|(?:xi)+x?")


def _smalltalk_of(tokens: tuple[str, ...]) -> Smalltalk | None:
    if _cover(tokens, _INSULT_TABLE):
        return Smalltalk.INSULT
    kinds = set(_cover(tokens, _SMALLTALK_TABLE) or ())
    order = (Smalltalk.INSULT, Smalltalk.THANKS, Smalltalk.GOODBYE, Smalltalk.GREETING, Smalltalk.PROBE)
    return next((kind for kind in order if kind in kinds), None)
