"""Days that officers write: of what was done or is planned, of leave, and numbers of days. Pure."""

import re
from calendar import isleap, monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from babel import Locale

from handlers.conversation.dates import NUMBERS, WEEKDAYS, find_when

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class FoundDay:
    on: date
    #: where it stands in the text
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class FoundSpan:
    since: date
    until: date
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class FoundCount:
    days: int
    start: int
    end: int


def _months() -> dict[str, int]:
    names = {"agt": 8, "agst": 8, "ags": 8, "nopember": 11, "nop": 11, "pebruari": 2, "peb": 2}
    for language in ("id", "en"):
        for width in ("wide", "abbreviated"):
            months = Locale(language).months["format"][width]
            names |= {name.casefold().rstrip("."): number for number, name in months.items()}
    return names


_MONTHS = _months()
_NAMED = "|".join(sorted(map(re.escape, _MONTHS), key=len, reverse=True))
_WORDS = {
    **dict.fromkeys(("hari ini", "hr ini", "today"), 0),
    **dict.fromkeys(("besok", "bsk", "tomorrow"), 1),
    **dict.fromkeys(("lusa", "day after tomorrow"), 2),
    **dict.fromkeys(("kemarin", "kemaren", "kmrn", "yesterday"), -1),
}
_YEAR = r"(?:(?:\s+|\s*[/.-]\s*)(?P<year>20\d\d)|[/.-](?P<short_year>\d\d)(?!\s*[/.-]?\d))?"
_DATE = re.compile(
    rf"(?<![\w/.-])(?:(?P<word>{'|'.join(_WORDS)})"
    rf"|(?P<year_first>20\d\d)-(?P<m>\d\d)-(?P<d>\d\d)"
    rf"|(?P<day>\d{{1,2}})(?:\s*[/-]\s*(?P<number>\d{{1,2}})|\.(?P<dotted>\d{{1,2}})(?=\.\d)"
    rf"|\s*-?\s*(?P<name>{_NAMED})\b\.?){_YEAR})(?![\w/])",
    re.IGNORECASE,
)
#: "12-14 Maret", "12 s.d. 14 Maret", "12-14/3", "12/3-14/3"
_RANGE = re.compile(
    rf"(?<![\w/.-])(?P<first>\d{{1,2}})(?P<own>/\d{{1,2}})?\s*(?:-|–|s/d|s\.?d\.?|sd|sampai|to)\s*"
    rf"(?=\d{{1,2}}(?P<month>\s+(?:{_NAMED})\b|/\d{{1,2}}(?![\d-])))",
    re.IGNORECASE,
)
_SPANS = re.compile(
    rf"\b(?:(?P<unit>minggu|bulan|tahun|week|month|year)\s+(?P<which>ini|lalu|kemarin)"
    rf"|(?P<which_en>this|last)\s+(?P<unit_en>week|month|year)"
    rf"|(?<!\d[\s/-])(?<!\d)(?P<name>{_NAMED})\b\.?(?:\s+(?P<year>20\d\d))?|(?P<whole>20\d\d))\b(?![\w/-])",
    re.IGNORECASE,
)
#: "minggu" alone is a Sunday
_WEEKS = re.compile(
    rf"(?<!\w)(?:(?P<count>\d{{1,2}}|se|{'|'.join(NUMBERS)})\s*(?:minggu|mgg|pekan|weeks?)"
    r"|(?:minggu|mgg|pekan)\s+(?:depan|dpn)|next\s+week)(?!\w)",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(rf"(?<!\w)(?:{'|'.join(WEEKDAYS)})(?!\w)", re.IGNORECASE)
_COUNT = re.compile(
    rf"(?<![\w/.-])(?P<count>\d{{1,3}}|(?:{'|'.join(NUMBERS)})(?=\s))"
    r"\s*(?:hari kerja|hari|hr|hk|h|working days?|days?)(?!\w)",
    re.IGNORECASE,
)
_FIRST = re.compile(r"\s*(?P<count>\d{1,3})(?![\w/.-])")
_LAST = re.compile(r"(?<![\w/.-])(?P<count>\d{1,3})\s*$")


def find_days(text: str, today: date) -> list[FoundDay]:
    """Return the days a text names, in order; without a year each is the one nearest to today."""
    spread = _RANGE.sub(lambda match: f"{match['first']}{match['own'] or match['month']} ", text)
    return list(_read_all(spread, today)) if spread != text else list(_read_all(text, today))


def find_day(text: str, today: date) -> date | None:
    """Return the first day a text names; "Senin lalu" and the like too."""
    found = find_days(text, today)
    if found:
        return found[0].on
    when = find_when(text, today)
    return when.on if when else None


def find_to_come(text: str, today: date) -> date | None:
    """Return the next such weekday that a text names ("Senin"), never today, or the day in so many weeks.

    With both it is that day of that week: "Rabu minggu depan".
    """
    weeks, weekday = _WEEKS.search(text), _WEEKDAY.search(_WEEKS.sub(" ", text))
    days = WEEKDAYS[weekday[0].casefold()] - today.weekday() if weekday else 0
    if weeks is not None:
        count = (weeks["count"] or "").casefold()
        return today + _DAY * (7 * (int(count) if count.isdecimal() else NUMBERS.get(count, 1)) + days)
    return today + _DAY * (days % 7 or 7) if weekday else None


def _read_all(text: str, today: date) -> Iterator[FoundDay]:
    for match in _DATE.finditer(text):
        try:
            on = _read(match, today)
        except ValueError:  # 31/2
            continue
        yield FoundDay(on, match.start(), match.end())


def find_impossible(text: str, today: date) -> str:
    """Return the first day of a text that no calendar has ("31/2"); empty: none is."""
    for match in _DATE.finditer(text):
        try:
            _read(match, today)
        except ValueError:
            return match[0]
    return ""


def _read(match: re.Match[str], today: date) -> date:
    if match["word"]:
        return today + _DAY * _WORDS[match["word"].casefold()]
    if match["year_first"]:
        return date(int(match["year_first"]), int(match["m"]), int(match["d"]))
    month = _MONTHS[match["name"].casefold()] if match["name"] else int(match["number"] or match["dotted"])
    day, year = int(match["day"]), match["year"] or match["short_year"]
    if year:
        return date(int(year) % 100 + 2000, month, day)
    years = (today.year, today.year - 1, today.year + 1)
    near = [date(one, month, day) for one in years if (month, day) != (2, 29) or isleap(one)]
    return min(near, key=lambda one: abs(one - today))


def find_span(text: str, today: date) -> FoundSpan | None:
    """Return the first month, year or week a text names without a day; a month alone is the last one that has begun."""
    match = _SPANS.search(text)
    if match is None:
        return None
    if match["whole"]:
        since, until = date(int(match["whole"]), 1, 1), date(int(match["whole"]), 12, 31)
    elif match["name"]:
        month = _MONTHS[match["name"].casefold()]
        since = date(int(match["year"] or today.year - (month > today.month)), month, 1)
        until = _last_of_month(since)
    else:
        unit, which = match["unit"] or match["unit_en"], match["which"] or match["which_en"]
        since, until = _unit_of(unit.casefold(), today, is_last=which.casefold() not in ("ini", "this"))
    return FoundSpan(since, until, match.start(), match.end())


def _unit_of(unit: str, today: date, *, is_last: bool) -> tuple[date, date]:
    """Return the first and last day of a week, month or year: the one of today, or the one before."""
    if unit in ("minggu", "week"):
        monday = today - _DAY * (today.weekday() + 7 * is_last)
        return monday, monday + 6 * _DAY
    if unit in ("bulan", "month"):
        since = (today.replace(day=1) - _DAY * is_last).replace(day=1)
        return since, _last_of_month(since)
    year = today.year - is_last
    return date(year, 1, 1), date(year, 12, 31)


def _last_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def find_count(text: str) -> FoundCount | None:
    """Return a number of days: "3h", "5 hari", or a bare one where a text begins or ends."""
    match = _COUNT.search(text) or _FIRST.match(text) or _LAST.search(text)
    if match is None:
        return None
    count = match["count"].casefold()
    return FoundCount(int(count) if count.isdecimal() else NUMBERS[count], match.start(), match.end())
