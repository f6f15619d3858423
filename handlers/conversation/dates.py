"""The day a text says that something happened, or since when it lasts."""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class When:
    #: never later than the day it was read on
    on: date
    #: lasts since then
    is_since: bool


def find_when(text: str, today: date) -> When | None:
    """Return the first day of the past that a text names, Indonesian or English. Total: any text, never raises."""
    folded = f" {' '.join(text[:_LONGEST].casefold().split())} "
    found = (when for pattern, read in _READERS for when in _read_all(pattern, read, folded, today))
    first = min(found, key=lambda at_when: at_when[0], default=None)
    return first[1] if first else None


#: what is read of a text, in characters
_LONGEST = 3000

Reader = Callable[[re.Match[str], date], date | None]


def _read_all(pattern: re.Pattern[str], read: Reader, text: str, today: date) -> Iterator[tuple[int, When]]:
    for match in pattern.finditer(text):
        if _BEFORE_OTHER.search(text, 0, match.start()) or _AFTER_OTHER.match(text, match.end()):
            continue
        try:
            on = read(match, today)
        except (ValueError, OverflowError):
            on = None
        if on and on <= today:
            yield match.start(), When(on, bool(match.groupdict().get("since") or _is_lasting(match)))


def _is_lasting(match: re.Match[str]) -> bool:
    """Tell "sudah 3 hari" from "3 hari lalu"."""
    groups = match.groupdict()
    return "unit" in groups and not groups.get("ago")


# --- words ---

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari january jan",
            "februari pebruari february feb febr peb",
            "maret march mar mrt",
            "april apr apl",
            "mei may",
            "juni june jun",
            "juli july jul",
            "agustus august agt agst agts agu agus ags aug agutus",
            "september sept sep",
            "oktober october okt oct",
            "november nopember nov nop",
            "desember december des dec",
        ),
        start=1,
    )
    for name in names.split()
}
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "senin snin snn monday senen",
            "selasa slasa sls tuesday",
            "rabu rebo wednesday",
            "kamis kms thursday kemis",
            "jumat jum'at jumaat jmt jumt friday",
            "sabtu sbtu sbt saturday",
            "minggu ahad sunday",
        )
    )
    for name in names.split()
}
_NUMBERS = {
    name: number
    for number, names in enumerate(
        (
            "se a an one satu siji sebuah",
            "dua due two loro rong",
            "tiga tige three telu telung",
            "empat mpat four papat patang",
            "lima lime five limang",
            "enam nam six enem",
            "tujuh seven pitu pitung",
            "delapan lapan eight wolu wolung",
            "sembilan nine sanga sangang",
            "sepuluh ten sepuloh",
            "sebelas eleven",
        ),
        start=1,
    )
    for name in names.split()
}
_UNITS = {
    **dict.fromkeys(("hari", "hr", "hri", "ari", "dina", "day", "days"), "day"),
    **dict.fromkeys(("minggu", "mgg", "mggu", "mingu", "pekan", "week", "weeks"), "week"),
    **dict.fromkeys(("bulan", "bln", "bulanan", "wulan", "sasi", "month", "months"), "month"),
    **dict.fromkeys(("tahun", "thn", "taun", "year", "years"), "year"),
}


def _any(words: object) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))  # type: ignore[call-overload]


_MONTH, _WEEKDAY, _UNIT = _any(_MONTHS), _any(_WEEKDAYS), _any(_UNITS)
_NUMBER = rf"\d{{1,3}}|{_any(name for name in _NUMBERS if name not in ('se', 'a', 'an'))}"
_SINCE = r"(?P<since>(?:sejak|semenjak|sjk|dari|dri|dr|mulai|since|from)\s+(?:(?:sekitar|kira-kira|kira2|about)\s+)?)?"
_ON = r"(?:(?:pada|hari|hr|tanggal|tgl|on)\.?\s+)*"
#: words that make what follows no day of the past ("tiap senin", "besok", "RT 3/4")
_BEFORE_OTHER = re.compile(
    r"(?:\b(?:tiap|setiap|saben|every|each|sampai|sampe|smp|hingga|sd|s/d|until|till|besok|bsk|tomorrow|paling lambat|nanti"
    r"|malam|mlm|rt|rw|no|nomor|nmr|blok|gg|gang|km|sdn?|smpn?|sman?|jam|jm|pukul|pkl|rp|kode|next|per|umur|usia|lahir)"
    r"\.?\s*|[\d/.,:+-])$"
)
#: the same, behind it
_AFTER_OTHER = re.compile(
    r"\s*(?:(?:depan|sekali|skali|x\b|besok|mendatang|yang akan|yg akan|next|orang|org|rumah|kk|kali|unit|buah|meter|juta"
    r"|ribu|rb|km|persen|jam)\b|s/?d\b|[-–/]\s*\d|%|:\d)"
)


def _number(word: str) -> int:
    return int(word) if word.isdigit() else _NUMBERS[word]


# --- readers ---


def _day_month(match: re.Match[str], today: date) -> date | None:
    """Read day and month; without a year the latest such day that is not to come."""
    day, month, year = int(match["day"]), match["month"], match["year"]
    number = int(month) if month.isdigit() else _MONTHS[month]
    if year:
        return date(int(year) + (2000 if len(year) == 2 else 0), number, day)  # noqa: PLR2004
    this_year = date(today.year, number, day)
    return this_year if this_year <= today else date(today.year - 1, number, day)


def _day_of_month(match: re.Match[str], today: date) -> date | None:
    day = int(match["day"])
    if not 1 <= day <= 31:  # noqa: PLR2004
        return None
    first = today.replace(day=1)
    while True:
        if day <= monthrange(first.year, first.month)[1] and first.replace(day=day) <= today:
            return first.replace(day=day)
        first = (first - timedelta(days=1)).replace(day=1)


def _month(match: re.Match[str], today: date) -> date | None:
    word = match["month"]
    number = int(word) if word.isdigit() else _MONTHS[word]
    if match["year"]:
        return date(int(match["year"]), number, 1)
    return date(today.year if number <= today.month else today.year - 1, number, 1)


def _year(match: re.Match[str], _today: date) -> date | None:
    return date(int(match["year"]), 1, 1)


def _weekday(match: re.Match[str], today: date) -> date | None:
    days = (today.weekday() - _WEEKDAYS[match["weekday"]]) % 7
    return today - timedelta(days=days or 7)


def _units_back(match: re.Match[str], today: date) -> date | None:
    return _back(today, _number(match["number"] or "se"), _UNITS[match["unit"]])


def _last_unit(match: re.Match[str], today: date) -> date | None:
    return _back(today, 1, _UNITS[match["last"]])


def _back(today: date, number: int, unit: str) -> date:
    if unit in ("day", "week"):
        return today - timedelta(days=number * (7 if unit == "week" else 1))
    months = today.year * 12 + today.month - 1 - number * (12 if unit == "year" else 1)
    year, month = divmod(months, 12)
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))


def _days_back(days: int) -> Reader:
    return lambda _match, today: today - timedelta(days=days)


def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w'])(?:{pattern})(?![\w'])")


_LAST = r"(?:yang\s+|yg\s+)?(?:lalu|lewat|kemarin|kemaren|kmrn|kmren|kemari|wingi|silam|ago|kepungkur)"
_LASTING = (
    r"(?:(?:sudah|sdh|udah|udh|dah|nyau|wis|selama|slama|hampir|lebih dari|nyaris|for|for over|already)\s+)"
    r"(?:(?:hampir|lebih|kurang|dari|sekitar|kira-kira|lebih dari|ada)\s+)*"
)
_NUMERIC = r"(?P<day>\d{1,2})\s?/\s?(?P<month>\d{1,2})"
#: 1/2 and the like are parts, not days, unless something says so
_PART = r"(?!(?:1/[2-9]|2/3|3/4)\b)"

_READERS: tuple[tuple[re.Pattern[str], Reader], ...] = (
    (_compile(rf"{_SINCE}{_ON}{_NUMERIC}\s?/\s?(?P<year>20\d\d|\d\d)"), _day_month),
    (
        _compile(
            rf"{_SINCE}{_ON}(?P<day>\d{{1,2}})(?P<dash>[-.])(?P<month>\d{{1,2}})(?P=dash)(?P<year>20\d\d|\d\d)"
        ),
        _day_month,
    ),
    (_compile(rf"{_SINCE}(?:tanggal|tgl|pada|on)\.?\s+{_NUMERIC}(?P<year>)"), _day_month),
    (_compile(rf"(?P<since>(?:sejak|sjk|mulai|since)\s+){_NUMERIC}(?P<year>)"), _day_month),
    (_compile(rf"{_PART}{_NUMERIC}(?P<year>)"), _day_month),
    (
        _compile(
            rf"{_SINCE}{_ON}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s-]*(?P<month>{_MONTH})\.?(?:[\s-]+(?P<year>20\d\d))?"
        ),
        _day_month,
    ),
    (
        _compile(
            rf"{_SINCE}{_ON}(?P<month>{_MONTH})\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s+(?P<year>20\d\d))?"
        ),
        _day_month,
    ),
    (
        _compile(rf"{_SINCE}(?:tanggal|tgl)\.?\s*(?P<day>\d{{1,2}})(?!\s*(?:[/-]\s*\d|{_MONTH}))"),
        _day_of_month,
    ),
    (
        _compile(
            rf"(?P<since>(?:sejak|sjk|dari|dri|dr|mulai|since|from)\s+)(?:(?:bulan|bln|awal|akhir)\s+)*"
            rf"(?P<month>{_MONTH})(?:\s+(?P<year>20\d\d))?"
        ),
        _month,
    ),
    (
        _compile(
            r"(?P<since>(?:sejak|sjk|dari|dri|dr|mulai)\s+)(?:bulan|bln)\s+(?P<month>1[0-2]|[1-9])(?P<year>)"
        ),
        _month,
    ),
    (
        _compile(
            r"(?P<since>(?:sejak|sjk|dari|dri|dr|mulai|since)\s+)(?:(?:tahun|thn|taun|th)\s+)?(?P<year>20\d\d)"
        ),
        _year,
    ),
    (
        _compile(
            rf"{_SINCE}(?:(?:hari|hr|malam|on|last)\s+)*(?P<weekday>{_any(w for w in _WEEKDAYS if w != 'minggu')})"
            rf"(?:\s+(?:pagi|siang|sore|malam|subuh|lalu|kemarin|kmrn|kemaren|yang lalu|yg lalu|tadi))*"
        ),
        _weekday,
    ),
    (
        _compile(
            rf"{_SINCE}(?:(?:hari|hr)\s+(?P<weekday>minggu))(?:\s+(?:pagi|siang|sore|malam|subuh|lalu|kemarin|kmrn))*"
        ),
        _weekday,
    ),
    (
        _compile(
            r"(?P<since>(?:sejak|dari|mulai|dr|sjk)\s+)?(?P<weekday>minggu)\s+(?:pagi|siang|sore|malam|subuh)(?:\s+(?:lalu|kemarin))?"
        ),
        _weekday,
    ),
    (
        _compile(rf"{_SINCE}(?:(?P<number>{_NUMBER})\s*|se-?)(?P<unit>{_UNIT})(?:an)?\s+(?P<ago>{_LAST})"),
        _units_back,
    ),
    (
        _compile(
            rf"{_LASTING}(?:(?P<number>{_NUMBER})\s*|se-?)(?P<unit>{_UNIT})(?:an)?(?:\s+(?:ini|lebih|lamanya|terakhir))?"
        ),
        _units_back,
    ),
    (_compile(rf"(?P<number>{_NUMBER})\s*(?P<unit>{_UNIT})\s+(?:ini|terakhir|belakangan)"), _units_back),
    (_compile(rf"{_SINCE}(?P<last>minggu|mgg|bulan|bln)\s+{_LAST}"), _last_unit),
    (
        _compile(
            r"(?P<since>(?:sejak|sjk|dari|mulai)\s+)(?P<last>tahun|thn|taun)\s+(?:lalu|kemarin|yang lalu|yg lalu)"
        ),
        _last_unit,
    ),
    (_compile(rf"{_SINCE}last\s+(?P<last>week|month)"), _last_unit),
    (_compile(rf"{_SINCE}(?:kemarin|kmrn|kmaren)\s+(?:dulu|lusa)|day before yesterday"), _days_back(2)),
    (
        _compile(
            rf"{_SINCE}(?:kemarin|kemaren|kmrn|kmren|kmarin|kemarn|wingi|kemari|yesterday|semalam|smalam|semalem|tadi malam"
            r"|td malam|tadi mlm|td mlm|malam tadi|last night|mau bengi)(?:\s+(?:pagi|siang|sore|malam|subuh|mlm|sre))?"
        ),
        _days_back(1),
    ),
    (
        _compile(
            rf"{_SINCE}(?:(?:tadi|td)(?:\s+(?:pagi|siang|sore|subuh|pgi|sre))?|hari ini|hr ini|hri ini|pagi ini|siang ini|sore ini"
            r"|barusan|brusan|baru saja|baru aja|today|this morning|just now|this afternoon)"
        ),
        _days_back(0),
    ),
)
