"""The day a text says that something happened, or since when it lasts."""

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache, reduce

from handlers.conversation.words import LOOKED_AT


@dataclass(frozen=True, slots=True)
class When:
    #: never later than the day it was read on; where only a month or year is told, its first day
    on: date
    #: lasts since then
    is_since: bool


#: what is read of a text, in characters
_LONGEST = 3000
#: older days are ages and the like
_OLDEST = timedelta(days=30 * 366)


@lru_cache(maxsize=LOOKED_AT)
def find_when(text: str, today: date) -> When | None:
    """Return the first day of the past that a text names, Indonesian or English. Total: any text, never raises."""
    spaced = _spaced(text)
    found = [at_when for rule in _rules_for(spaced) for at_when in _read_all(rule, spaced, today)]
    return min(found, key=lambda at_when: at_when[0])[1] if found else None


def find_impossible(text: str, today: date) -> str:
    """Return the first words of a text that name a day no calendar has ("31 Februari"); empty: none do. Total."""
    spaced = _spaced(text)
    rules = [rule for rule in _rules_for(spaced) if rule.read is _day_month]
    return next((words for rule in rules for words in _impossible(rule, spaced, today)), "")


def besides_days(text: str) -> str:
    """Return what a text says besides days, in lower case. Total."""
    spaced = _spaced(text)
    return reduce(lambda rest, rule: rule.pattern.sub(" ", rest), _rules_for(spaced), spaced)


def _impossible(rule: "_Rule", text: str, today: date) -> Iterator[str]:
    for match in _matches(rule, text):
        try:
            rule.read(match, today)
        except ValueError:
            if _is_meant(match):
                yield text[min(match.start("day"), match.start("month")) : match.end()].title()


def _is_meant(match: re.Match[str]) -> bool:
    """Tell whether a day is meant: 15/20 alone may be anything, and so may a part of a long number."""
    can_be = int(match["day"]) <= 31 and _month_number(match["month"]) <= 12
    is_dated = match["month"].isalpha() or bool(match["year"])
    return (can_be and is_dated) or bool(_SAYS_DAY.search(match[0]))


_SAYS_DAY = re.compile(r"\b(?:tanggal|tgl|pada|sejak|sjk|since)\b")


@dataclass(frozen=True, slots=True)
class _Rule:
    pattern: re.Pattern[str]
    #: what may not stand before it
    not_after: re.Pattern[str]
    #: one of these stands in all that it reads: a run of letters, "/", or "0" for any digit
    says: frozenset[str]
    read: Callable[[re.Match[str], date], date]
    #: the words tell a duration that goes on
    is_lasting: bool = False


@lru_cache(maxsize=LOOKED_AT)
def _rules_for(text: str) -> tuple[_Rule, ...]:
    """Return the rules that may read something in a text: most say what it does not."""
    said = set(_LETTERS.findall(text))
    if _DIGIT.search(text):
        said.add("0")
    if "/" in text:
        said.add("/")
    return tuple(rule for rule in _RULES if not rule.says.isdisjoint(said))


_LETTERS, _DIGIT = re.compile(r"[^\W\d_]+"), re.compile(r"\d")


def _read_all(rule: _Rule, text: str, today: date) -> Iterator[tuple[int, When]]:
    for match in _matches(rule, text):
        try:
            on = rule.read(match, today)
        except (ValueError, OverflowError):  # 31/2; the year 0
            continue
        if today - _OLDEST <= on <= today:
            is_since = rule.is_lasting or bool(match.groupdict().get("since"))
            yield match.start(), When(on, is_since)


def _matches(rule: _Rule, text: str) -> Iterator[re.Match[str]]:
    for match in rule.pattern.finditer(text):
        if not rule.not_after.search(text, max(0, match.start() - 20), match.start()):
            yield match


def _spaced(text: str) -> str:
    return " ".join(text[:_LONGEST].casefold().replace("’", "'").split())


# --- words ---


def _numbered(*names: str, first: int = 1) -> dict[str, int]:
    return {name: number for number, listed in enumerate(names, first) for name in listed.split()}


_MONTHS = _numbered(
    "januari january jan",
    "februari pebruari february febr feb peb",
    "maret march mar mrt",
    "april apr",
    "mei may",
    "juni june jun",
    "juli july jul",
    "agustus august agst agts agus agt agu ags aug",
    "september sept sep",
    "oktober october okt oct",
    "november nopember nov nop",
    "desember december des dec",
)
WEEKDAYS = _numbered(
    "senin senen snin snn monday",
    "selasa slasa sls tuesday",
    "rabu rebo wednesday",
    "kamis kemis kms thursday",
    "jumat jum'at jumaat jmt friday",
    "sabtu sbtu sbt saturday",
    "minggu ahad sunday",
    first=0,
)
NUMBERS = _numbered(
    "satu siji one a an",
    "dua due loro rong two",
    "tiga tige telu telung three",
    "empat mpat papat patang four",
    "lima lime limang five",
    "enam nam six",
    "tujuh pitu pitung seven",
    "delapan lapan wolu wolung eight",
    "sembilan sanga nine",
    "sepuluh ten",
    "sebelas eleven",
)
_DAYS, _MONTHS_LONG = {"day": 1, "week": 7}, {"month": 1, "year": 12}
_UNITS = {
    name: unit
    for unit, names in {
        "day": "hari hr hri dina days day",
        "week": "minggu mingguan mgg mggu mingu pekan weeks week",
        "month": "bulan bulanan bln wulan sasi months month",
        "year": "tahun tahunan thn taun years year",
    }.items()
    for name in names.split()
}


# --- what is read ---


def _day_month(match: re.Match[str], today: date) -> date:
    """Read day and month; without a year the latest such day that is not to come."""
    day, month, year = int(match["day"]), _month_number(match["month"]), match["year"]
    if year:
        return date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    with suppress(ValueError):  # 29 February of a leap year that is over
        if (on := date(today.year, month, day)) <= today:
            return on
    return date(today.year - 1, month, day)


def _month_number(word: str) -> int:
    return int(word) if word.isdigit() else _MONTHS[word]


#: feasts by which people date, and their names in the library `holidays`
_FEASTS = {
    "lebaran": "Hari Raya Idul Fitri",
    "idul fitri": "Hari Raya Idul Fitri",
    "idulfitri": "Hari Raya Idul Fitri",
    "hari raya": "Hari Raya Idul Fitri",
    "idul adha": "Hari Raya Idul Adha",
    "lebaran haji": "Hari Raya Idul Adha",
    "natal": "Hari Raya Natal",
    "christmas": "Hari Raya Natal",
    "paskah": "Kebangkitan Yesus Kristus",
    "imlek": "Tahun Baru Imlek",
    "nyepi": "Hari Suci Nyepi",
    "tahun baru": "Tahun Baru Masehi",
}


def _feast(match: re.Match[str], today: date) -> date:
    """Read the last such feast that is not to come."""
    from holidays import country_holidays  # noqa: PLC0415 - as in handlers.cases.calendar

    days = country_holidays("ID", years=(today.year - 1, today.year), language="id")
    named = (
        day for day, name in days.items() if _FEASTS[match["feast"]] in name.split("; ") and day <= today
    )
    return max(named, default=date.max)


def _day_of_month(match: re.Match[str], today: date) -> date:
    day, first = int(match["day"]), today.replace(day=1)
    for _ in range(3):  # of three months in a row one is long enough and over
        if day <= monthrange(first.year, first.month)[1] and first.replace(day=day) <= today:
            return first.replace(day=day)
        first = (first - timedelta(days=1)).replace(day=1)
    raise ValueError(day)


def _month(match: re.Match[str], today: date) -> date:
    month = _month_number(match["month"])
    if match["year"]:
        return date(int(match["year"]), month, 1)
    return date(today.year if month <= today.month else today.year - 1, month, 1)


def _year(match: re.Match[str], _today: date) -> date:
    return date(int(match["year"]), 1, 1)


def _weekday(match: re.Match[str], today: date) -> date:
    """Return the last such weekday before today: of today people say "hari ini"."""
    return today - timedelta(days=(today.weekday() - WEEKDAYS[match["weekday"]]) % 7 or 7)


def _units_back(match: re.Match[str], today: date) -> date:
    word = match["number"] or "satu"
    number, unit = int(word) if word.isdigit() else NUMBERS[word], _UNITS[match["unit"]]
    if unit in _DAYS:
        return today - timedelta(days=number * _DAYS[unit])
    year, month = divmod(today.year * 12 + today.month - 1 - number * _MONTHS_LONG[unit], 12)
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))


def _days_back(days: int) -> Callable[[re.Match[str], date], date]:
    return lambda _match, today: today - timedelta(days=days)


# --- how it is written ---


def _any(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


#: words after which no day of the past is told: "tiap senin", "besok", "dibangun"
_NOT_AFTER = (
    r"\b(?:tiap|setiap|saben|every|each|per|sampai|sampe|hingga|sd|s/d|until|till|besok|bsk|tomorrow|lusa"
    r"|paling lambat|nanti|umur|usia|lahir|dibangun|dikerjakan|dibuat|diaspal|dipasang|didirikan) $|[\d/+-]$|\d[.,:]$"
)
#: words whose number is no date: "rt 3/4", "jalan 17 agustus"
_NUMBERED = r"\b(?:rt|rw|no|nomor|nmr|blok|gg|gang|km|sdn?|smpn?|sman?|rp|kode|jalan|jln|jl|pukul|jam)\.? ?$"
_AFTER, _AFTER_DIGITS = re.compile(_NOT_AFTER), re.compile(f"{_NOT_AFTER}|{_NUMBERED}")
_SINCE_WORD = r"sejak|semenjak|sjk|dari|dri|dr|mulai|since|from"
_SINCE = rf"(?P<since>(?:{_SINCE_WORD}) (?:sekitar |kira-kira |kira2 |about )?)"
_ON = r"(?:(?:pada|hari|hr|tanggal|tgl|on|the)\.? ?)*"
_AGO = r"(?:(?:yang|yg) )?(?:lalu|lewat|kemarin|kemaren|kmrn|kmren|wingi|silam|ago)"
_ALREADY = (
    r"(?:sudah|sdh|udah|udh|dah|nyau|wis|selama|slama|hampir|hmpir|lebih dari|nyaris|for|already)"
    r"(?: (?:hampir|lebih dari|lebih|kurang|dari|sekitar|ada|almost|over))*"
)
_NUMBER = rf"(?P<number>\d{{1,3}}|{_any(NUMBERS)})"
_UNIT = rf"(?P<unit>{_any(_UNITS)})"
_DURATION = rf"(?:{_NUMBER} ?|se-?){_UNIT}"
_BROKEN = r"(?:mati|padam|rusak|hilang|macet|kosong|bocor|mampet|putus|menumpuk|numpuk)"
_UNDONE = r"(?:tidak|tdk|tak|gak|ga|gk|nggak|ngga|ndak|belum|blm|blum) [a-z]+"
_NOT = r"(?:tidak|tdk|gak|ga|gk|nggak|ngga|ndak|ora|belum|blm|blum|lebih|lbh|mati|padam|lamanya)"
_DAY = r"(?P<day>\d{1,2})"
_NUMERIC = rf"{_DAY} ?/ ?(?P<month>\d{{1,2}})"
_NAMED = rf"(?P<month>{_any(_MONTHS)})\.?"
_PART_OF_DAY = r"(?:pagi|siang|sore|malam|subuh|dini hari|pgi|sre|mlm)"
_OPTIONAL_YEAR = r"(?:[ ,-]{1,2}(?P<year>20\d\d))?"
#: what makes digits a share, a range or a count
_NO_DATE_AHEAD = r"(?! ?[-–/:%] ?\d| ?%| (?:orang|org|kk|kali|unit|buah|meter|bagian|rumah)\b)"
#: "Agus 15 tahun"
_NO_AGE_AHEAD = r"(?! (?:tahun|thn|th)\b(?! 20\d\d))"
#: "info dari Juli", "dari Agus": these names of months are names of people, or words, unless a year makes them plain
_FROM_SOMEBODY = (
    r"(?<!info )(?<!lapor )(?<!laporan )(?<!kabar )(?<!pesan )"
    r"(?!(?:dari|dri|dr|from) (?:agus|jan|jun|mar|may)\b(?! 20\d\d))"
)
#: what makes a time one that comes again or is to come
_NO_PAST_AHEAD = r"(?! (?:depan|sekali|skali|mendatang|next)\b| (?:yang|yg) akan\b)"
_NO_RANGE_AHEAD = (
    rf"(?! ?(?:-|–|/|sampai|sampe|sd|s/d|hingga|to) ?(?:{_any(WEEKDAYS)})\b| (?:buka|tutup|libur)\b)"
)


#: what a pattern that holds a part says, see `_Rule.says`; the first part that is in it tells
_SAYS = (
    ("(?P<weekday>", {name.partition("'")[0] for name in WEEKDAYS}),
    (_NUMERIC, {"/"}),
    (f"(?:of )?{_NAMED}", {before + name for before in ("", "st", "nd", "rd", "th") for name in _MONTHS}),
    (r"(?:tanggal|tgl)\.?", {"tanggal", "tgl"}),
    (_DAY, {"0"}),
    (_NAMED, set(_MONTHS)),
    ("(?P<feast>", {name.split()[-1] for name in _FEASTS}),
    (_AGO, set("lalu lewat kemarin kemaren kmrn kmren wingi silam ago".split())),
    (_UNIT, {before + unit for before in ("", "se", *NUMBERS) for unit in _UNITS}),
    ("(?P<year>", set(_SINCE_WORD.split("|"))),
    (
        "",
        set(
            "kemarin kemaren kmrn kmren kmarin kemarn kemari wingi yesterday night semalam smalam semalem bengi malam"
            " mlm tadi td tdi ini ni barusan brusan baru today this just last".split()
        ),
    ),
)


def _rule(pattern: str, read: Callable[[re.Match[str], date], date], *, is_lasting: bool = False) -> _Rule:
    not_after = _AFTER_DIGITS if read in (_day_month, _day_of_month) else _AFTER
    says = frozenset(next(words for part, words in _SAYS if part in pattern))
    return _Rule(re.compile(rf"(?<![\w'])(?:{pattern})(?![\w'])"), not_after, says, read, is_lasting)


def _weekday_rule(before: str, weekdays: str, after: str) -> _Rule:
    nights = "(?<!malam )(?<!mlm )"  # the night before it
    return _rule(
        rf"{_SINCE}?{nights}{before}(?P<weekday>{weekdays}){after}{_NO_PAST_AHEAD}{_NO_RANGE_AHEAD}", _weekday
    )


_RULES = (
    _rule(rf"{_SINCE}?{_ON}{_NUMERIC} ?/ ?(?P<year>20\d\d|\d\d){_NO_DATE_AHEAD}", _day_month),
    _rule(
        rf"{_SINCE}?{_ON}{_DAY}(?P<dash>[-.])(?P<month>\d{{1,2}})(?P=dash)(?P<year>20\d\d|\d\d)", _day_month
    ),
    # 1/2, 2/3, 3/4 are shares unless something says that they are days
    _rule(rf"{_SINCE}?(?:tanggal|tgl|pada|on)\.? ?{_NUMERIC}(?P<year>){_NO_DATE_AHEAD}", _day_month),
    _rule(rf"(?P<since>(?:sejak|sjk|mulai|since) ){_NUMERIC}(?P<year>){_NO_DATE_AHEAD}", _day_month),
    _rule(rf"(?!(?:1/[2-9]|2/3|3/4|24/7)\b){_NUMERIC}(?P<year>){_NO_DATE_AHEAD}", _day_month),
    _rule(rf"{_SINCE}?{_ON}{_DAY}(?:st|nd|rd|th)?[ -]?(?:of )?{_NAMED}{_OPTIONAL_YEAR}", _day_month),
    _rule(
        rf"{_SINCE}?{_ON}{_NAMED} {_DAY}(?:st|nd|rd|th)?{_OPTIONAL_YEAR}{_NO_DATE_AHEAD}{_NO_AGE_AHEAD}",
        _day_month,
    ),
    _rule(
        rf"{_SINCE}?(?:tanggal|tgl)\.? ?{_DAY}(?! ?(?:[/-] ?\d|{_any(_MONTHS)})){_NO_PAST_AHEAD}",
        _day_of_month,
    ),
    _rule(rf"{_FROM_SOMEBODY}{_SINCE}(?:(?:bulan|bln|awal|akhir) )*{_NAMED}{_OPTIONAL_YEAR}", _month),
    _rule(rf"{_SINCE}(?:bulan|bln) (?P<month>1[0-2]|[1-9])(?P<year>)", _month),
    _rule(rf"{_SINCE}(?:(?:hari|habis|sebelum|setelah|sesudah) )*(?P<feast>{_any(_FEASTS)})", _feast),
    _rule(rf"{_SINCE}(?:(?:tahun|thn|taun|th) )?(?P<year>20\d\d)", _year),
    _weekday_rule(
        "(?:hari |hr |on |last )*",
        _any(word for word in WEEKDAYS if word != "minggu"),
        rf"(?: {_PART_OF_DAY})?(?: {_AGO})?",
    ),
    # "minggu" is a week as well
    _weekday_rule("(?:hari |hr )", "minggu", rf"(?: {_PART_OF_DAY})?(?: {_AGO})?"),
    _weekday_rule("", "minggu", rf" {_PART_OF_DAY}(?: {_AGO})?"),
    _rule(
        rf"{_SINCE}(?P<weekday>minggu)(?! {_AGO}| (?:ini|ke)\b){_NO_PAST_AHEAD}{_NO_RANGE_AHEAD}", _weekday
    ),
    _rule(rf"{_SINCE}?{_DURATION} {_AGO}", _units_back),
    _rule(rf"{_SINCE}{_DURATION}{_NO_PAST_AHEAD}", _units_back),
    _rule(rf"{_ALREADY} {_DURATION}{_NO_PAST_AHEAD}", _units_back, is_lasting=True),
    _rule(rf"{_NUMBER} ?{_UNIT} (?:ini|terakhir|belakangan)", _units_back, is_lasting=True),
    _rule(rf"{_BROKEN} {_DURATION}{_NO_PAST_AHEAD}", _units_back, is_lasting=True),
    _rule(rf"{_UNDONE} {_DURATION}{_NO_PAST_AHEAD}", _units_back, is_lasting=True),
    _rule(rf"(?:{_NUMBER} ?|se(?!-?hari|-?dina)){_UNIT}(?= {_NOT}\b)", _units_back, is_lasting=True),
    _rule(rf"{_SINCE}?(?P<number>)(?P<unit>minggu|mgg|bulan|bln) {_AGO}", _units_back),
    # a year ago is when things were built or promised, unless it is "since"
    _rule(rf"{_SINCE}(?P<number>)(?P<unit>tahun|thn|taun) {_AGO}", _units_back),
    _rule(rf"{_SINCE}?last (?P<number>)(?P<unit>week|month)", _units_back),
    _rule(
        rf"{_SINCE}?(?:(?:kemarin|kemaren|kmrn) (?:dulu|lusa)|(?:the )?day before yesterday)", _days_back(2)
    ),
    _rule(
        rf"{_SINCE}?(?<!tahun )(?<!thn )(?<!taun )(?:kemarin|kemaren|kmrn|kmren|kmarin|kemarn|kemari|wingi|yesterday"
        rf"|last night|semalam|smalam"
        rf"|semalem|(?:tadi|td) (?:malam|mlm)|(?:malam|mlm) (?:tadi|td)|mau bengi)(?: {_PART_OF_DAY})?",
        _days_back(1),
    ),
    _rule(
        rf"{_SINCE}?(?:(?:tadi|td|tdi)(?: {_PART_OF_DAY})?(?! malam| mlm)|{_PART_OF_DAY} (?:tadi|td|ini)"
        r"|(?:hari|hr|hri) ini|hari ni|barusan|brusan|baru (?:saja|aja|sj)|today|this (?:morning|afternoon)|just now)",
        _days_back(0),
    ),
)
