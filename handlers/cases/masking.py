"""What nobody needs in order to handle a report: numbers that name a person, addresses of mail, names.

A search for patterns; a coordinator reads the whole text for a reason, which is noted (docs/rules.md, Anonymity).
Rather a name too few than a text full of holes: the place has to be found and what is wrong understood. So the place
stays, even a house.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers

from handlers.cases.given_names import GIVEN_NAMES


class Kind(StrEnum):
    """What was found; the value stands in its place."""

    EMAIL = "[email]"
    #: of birth and deeds (akta)
    DEED = "[nomor akta]"
    TAX = "[NPWP]"
    #: of a civil servant
    STAFF = "[NIP]"
    #: NIK, or the number of a family card, which looks the same
    IDENTITY = "[NIK]"
    PHONE = "[nomor HP]"
    ACCOUNT = "[nomor rekening]"
    BIRTH = "[tanggal lahir]"
    NAME = "[nama]"
    #: of a meter, a customer, a card
    NUMBER = "[nomor]"


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int
    kind: Kind


def mask(text: str) -> str:
    """Return the text with a marker, such as "[nomor HP]", for each thing that names a person."""
    shown, at = [], 0
    for span in _spans(text):
        shown += [text[at : span.start], span.kind.value]
        at = span.end
    return "".join([*shown, text[at:]])


def mark(text: str) -> str:
    """Return the whole text with "[[…]]" around what `mask` hides, for whoever has a reason to read it."""
    shown, at = [], 0
    for span in _spans(text):
        shown += [text[at : span.start], "[[", text[span.start : span.end], "]]"]
        at = span.end
    return "".join([*shown, text[at:]])


def found(text: str) -> list[Kind]:
    """Return what `mask` hides, in the order of the text."""
    return [span.kind for span in _spans(text)]


def _spans(text: str) -> list[_Span]:
    """Return what is to be hidden; where two overlap, the one that is looked for first."""
    chosen: list[_Span] = []
    for span in _candidates(text):
        if all(span.end <= other.start or other.end <= span.start for other in chosen):
            chosen.append(span)
    return sorted(chosen, key=lambda span: span.start)


def _candidates(text: str) -> Iterator[_Span]:
    for kind, pattern in _BEFORE_PHONES:
        yield from (_Span(*match.span(1), kind) for match in pattern.finditer(text))
    yield from _phones(text)
    yield from (_Span(*match.span(1), Kind.NUMBER) for match in _LONG_NUMBER.finditer(text))
    yield from _names(text)


# --- numbers ---

#: no digit or part of a number touches it
_ALONE = r"(?<![\d.,-])"
_BEFORE_PHONES = (
    (Kind.EMAIL, re.compile(r"([\w.+-]+@[\w-]+(?:\.[\w-]+)+)")),
    (Kind.DEED, re.compile(r"(\d{4}[-/ ][A-Z]{2}[-/ ]\d{8}[-/ ]\d{4})", re.IGNORECASE)),
    (Kind.TAX, re.compile(rf"{_ALONE}(\d\d[. ]?\d{{3}}[. ]?\d{{3}}[. ]?\d[.-]\d{{3}}[. ]?\d{{3}})(?!\d)")),
    (Kind.STAFF, re.compile(r"(?<!\d)(\d{8} ?\d{6} ?\d ?\d{3})(?!\d)")),
    (
        Kind.IDENTITY,
        re.compile(r"(?<!\d)(\d{16}|\d{4}([ .-])\d{4}\2\d{4}\2\d{4}|\d{6}([ .-])\d{6}\3\d{4})(?!\d)"),
    ),
    (
        Kind.ACCOUNT,
        re.compile(r"\b(?:no)?rek(?:ening|\.)?(?:\W+\w{2,8}){0,3}?\W+(\d[\d .-]{6,}\d)(?!\d)", re.IGNORECASE),
    ),
    (
        Kind.BIRTH,
        re.compile(
            r"\b(?:tgl |tanggal )?(?:lahir|lhr)\W+(?:tgl |tanggal )?(\d{1,2}[-/. ](?:\d{1,2}|[a-z]{3,9})[-/. ]\d{4})",
            re.IGNORECASE,
        ),
    ),
)
#: longer than any amount or number of ours that is written without separators
_LONG_NUMBER = re.compile(r"(?<![\d.,])(?<!Rp)(?<!Rp[. ])(?<!Rp\. )(\d{10,})(?![\d.,]*\d)", re.IGNORECASE)
#: shorter ones are everybody's (112, 1500567), or numbers of reports
MIN_PHONE_DIGITS = 9
_GLUED = re.compile(r"[^\W\d_]+(?=\d)")


def _phones(text: str) -> Iterator[_Span]:
    if sum(map(str.isdecimal, text)) < MIN_PHONE_DIGITS:
        return
    # "hp0812…": letters in front keep the library from looking.
    apart = _GLUED.sub(lambda match: " " * len(match[0]), text)
    for match in phonenumbers.PhoneNumberMatcher(apart, "ID"):
        if sum(character.isdecimal() for character in match.raw_string) >= MIN_PHONE_DIGITS:
            yield _Span(match.start, match.end, Kind.PHONE)


# --- names ---

#: fewer words do not show how somebody writes
MIN_WORDS = 8
#: of words with a capital, where capitals mark names
MAX_SHARE = 0.6
#: one word of a name as it is written with care: "Rio", "Ma'ruf", "M."
_WORD = r"(?:[A-Z][a-z']+|[A-Z]\.)"
_NAME = rf"({_WORD}(?: {_WORD}){{0,3}})"
#: between "pak" and a name; behind those of a place ("pak camat Sekadau Hilir") stands the place
_OFFICE = r"(?:rt|rw|guru|bidan|dokter|dr|haji|hj?\.?)"
#: what leads up to a name that is written with capitals
_CAPITALISED = (
    re.compile(
        r"(?<!rumah )(?<!desa )(?<!kampung )(?<!dusun )\b(?i:saya|sy|aku|nama(?:nya)?)"
        rf"(?i: adalah| bernama| namanya)?[ :,=]+{_NAME}"
    ),
    re.compile(rf"\b(?i:a\.? ?n\.?|atas nama|bernama|nama(?: saya| sy| lengkap)?)[ :=]+{_NAME}"),
    re.compile(rf"\b(?i:pak|bapak|bpk|bu|ibu|sdri?|saudar[ai])\.? (?:(?i:{_OFFICE})(?: ?\d+)? )?{_NAME}"),
    re.compile(
        r"\b(?i:my (?:(?:late|old|next-door) )?(?:neighbou?r|friend|wife|husband|brother|sister|father|mother|son"
        rf"|daughter|uncle|aunt|cousin|boss|teacher|name)|mr|mrs|ms)\.?(?i:,| is| named| called)? {_NAME}"
    ),
)
#: what leads up to a given name, and to no other word: "korban banjir", "info dari Mungguk"
_GIVEN = re.compile(
    r"\b(?i:(?:(?:me)?lapor(?:an)?|info|informasi|kabar|pesan) (?:dari|dr)|korban(?:nya)?|pelaku(?:nya)?|pelapor"
    r"|tetangga(?: (?:saya|sy|kami))?|(?:anak|adik|adek|kakak|abang|suami|istri|teman) (?:saya|sy|kami))[ :]+"
    rf"((?i:{'|'.join(sorted(GIVEN_NAMES))})\b(?: {_WORD}){{0,2}})"
)
#: a title or a word that leads up to a person only: what follows is a name though it is one word in small letters
_TITLE = re.compile(
    r"\b(?:pak|bapak|bpk|bu|ibu|sdri?|saudar[ai]|mas|mbak|mba|bang|abang|kak|kakak|om|tante|paman|bibi|kades|kadus"
    r"|kepala (?:desa|dusun)|lurah|camat|ketua rt|bidan|dokter|mantri|si|bernama|oleh|sama)"
    rf"\.? (?:{_OFFICE}(?: ?\d+)? )?$",
    re.IGNORECASE,
)
#: longer than any title with what makes a place of it
_TITLE_CHARS = 50
#: without those that such words may lead up to and that mean something else: "oleh titik air"
_LONE_NAMES = GIVEN_NAMES - {"titik", "teguh", "guntur"}
_LETTERS = re.compile(r"[^\W\d_]+")
_GOES_ON = re.compile(rf"(?: {_WORD}){{0,2}}")
#: before a title somebody's house, stall or field tells where it is, or the street that is named after them
_WHERE = re.compile(
    r"\b(?:jalan|jln|jl|gang|gg|toko|warung|bengkel|masjid|mesjid|surau|rumah|rmh|kios|kebun|kebon|ladang|sawah"
    r"|kolam|tanah|depan|dpn|samping|sebelah|belakang|blkg|dekat|dkt|seberang|simpang|(?:di|ke) tempat) $",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(
    r"\b(?:ig|instagram|fb|facebook|tiktok|twitter|telegram|tele|tg|akun(?:nya)?)(?: (?:saya|sy|aku))?[ :]*"
    r"(@\w[\w.]*\w)",
    re.IGNORECASE,
)
#: what leads up to one that may be written in small letters, and what follows
_ANY_CASE = re.compile(
    r"\b(?:nama (?:saya|sy|lengkap)|nama *[:=]|(?:a\.n\.?|atas nama)(?: saya)?) *[:=]? *"
    r"([a-z']{3,}(?: [a-z']{3,}){0,2}?)"
    r"(?= *(?:[,.;/\n(]|$| (?:dari|dr|warga|umur|usia|alamat|asal|tinggal|rt|desa|ds|dusun|mau|ingin|nik|no|hp|wa)\b))",
    re.IGNORECASE,
)
#: behind these given names are those of a street, a school, a church, a shop
_NAMED_AFTER = re.compile(
    r"\b(?:jalan|jln|jl|gang|gg|gedung|sd[nik]?|smp[nk]?|sm[ak][nk]?|tk|paud|sekolah|kampus|universitas|stadion|lapangan|"
    r"taman|masjid|mesjid|surau|musholla|gereja|paroki|kapel|stasi|santo|santa|st|rs|rsu|rsud|klinik|apotek|toko|"
    r"warung|rumah makan|salon|bengkel|hotel|pt|cv|ud|(?<!kepala )desa|ds|dusun|dsn|kampung|pasar|jembatan|"
    r"panti)\.? (?:\w+ )?$",
    re.IGNORECASE,
)
#: words with a capital that are no name of a person
_NO_NAME = frozenset(
    """
    bupati wakil gubernur presiden menteri camat lurah kades kadus kepala sekda sekretaris sekdes ketua anggota
    dewan polisi kapolres kapolsek danramil guru bidan dokter perawat mantri petugas pegawai operator admin
    kadis kabid kasi dinas kantor badan desa dusun kampung kelurahan kecamatan kabupaten kota kec kel kab
    jalan jl gang gg jembatan simpang pasar rumah sekolah puskesmas posyandu rsud komplek perumahan blok
    warga masyarakat penduduk pelapor petani buruh pedagang nelayan honorer pensiunan janda duda lansia
    islam kristen katolik dayak melayu jawa indonesia tuhan allah bapak ibu pak bu saudara yth
    senin selasa rabu kamis jumat sabtu minggu januari februari maret april mei juni juli agustus september
    oktober november desember saya kami kita dia mereka mohon tolong minta mau ingin sudah belum tidak jangan
    punya pernah sangat harap lapor melapor ingin hanya baru juga akan bisa telah masih tinggal sebagai dari di ke
    yang dan atau dengan untuk pada karena adalah ada
    """.split()
)
#: how what is no name goes on behind "nama saya": "jangan disebut", "dicoret"
_NO_SMALL_NAME = _NO_NAME | frozenset(
    """
    jgn tdk tak blm sdh udh hilang salah beda sama kok kenapa mengapa harap orang anak istri suami nenek kakek ayah
    tolong disebut sebut dirahasiakan rahasia keluar masuk muncul tetap malah itu ini tsb tersebut lengkap jelas
    """.split()
)
_VERB = re.compile(r"(?:di|ter)[a-z]{4,}(?:kan|i)?")


def _names(text: str) -> Iterator[_Span]:
    if _capitals_tell(text):
        for pattern in _CAPITALISED:
            for match in pattern.finditer(text):
                yield from _name(match[1], match.start(1))
    for match in _ANY_CASE.finditer(text):
        words = match[1].lower().split()
        if not any(word in _NO_SMALL_NAME or _VERB.fullmatch(word) for word in words):
            yield _Span(*match.span(1), Kind.NAME)
    for match in _GIVEN.finditer(text):
        yield from _name(match[1], match.start(1))
    yield from (_Span(*match.span(1), Kind.NAME) for match in _ACCOUNT.finditer(text))
    yield from _in_a_row(text)
    yield from _with_title(text)


def _in_a_row(text: str) -> Iterator[_Span]:
    """Yield given names that stand side by side, whatever leads up to them."""
    words = list(_LETTERS.finditer(text))
    at = 0
    while at < len(words):
        end = at
        while end < len(words) and words[end][0].lower() in GIVEN_NAMES and _touches(text, words, at, end):
            end += 1
        if end - at > 1 and not _NAMED_AFTER.search(text, 0, words[at].start()):
            yield _Span(words[at].start(), words[end - 1].end(), Kind.NAME)
        at = max(end, at + 1)


def _with_title(text: str) -> Iterator[_Span]:
    """Yield given names behind a title, unless it is where somebody lives or works: that place has to be found."""
    for word in _LETTERS.finditer(text):
        if word[0].lower() not in _LONE_NAMES:
            continue
        before = text[max(word.start() - _TITLE_CHARS, 0) : word.start()]
        title = _TITLE.search(before)
        if title and not _WHERE.search(before, 0, title.start()):
            more = _GOES_ON.match(text, word.end())
            yield from _name(word[0] + (more[0] if more else ""), word.start())


def _touches(text: str, words: list[re.Match[str]], at: int, end: int) -> bool:
    """Tell whether one space alone parts a word from the one before it."""
    return end == at or text[words[end - 1].end() : words[end].start()] == " "


def _capitals_tell(text: str) -> bool:
    """Tell whether capitals mark names here: some people write Each Word With One, or EVERYTHING."""
    words = [word for word in text.split() if word[0].isalpha()]
    capitalised = sum(word[0].isupper() for word in words)
    return text.upper() != text and (len(words) < MIN_WORDS or capitalised <= len(words) * MAX_SHARE)


def _name(words: str, start: int) -> Iterator[_Span]:
    """Yield the name at the beginning of some words with capitals, as far as it is one."""
    end = 0
    for word in re.finditer(r"\S+", words):
        if word[0].lower() in _NO_NAME:
            break
        end = word.end()
    if end:
        yield _Span(start, start + end, Kind.NAME)
