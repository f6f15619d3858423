"""What stands behind a command, in any order: numbers, agencies, codes and days are found wherever they are. Pure.

Whatever is left is the text. Values are strings, as an officer's task keeps them: digits, codes, ISO days.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from rapidfuzz import fuzz, process

from handlers.cases.kpis import Axis
from handlers.cases.numbers import FoundNumber, find_number
from handlers.conversation.words import fold
from handlers.deployment import Deployment
from handlers.deployment_parts import Agency, NumberFormat
from handlers.officers.commands import CANCEL, Arg, Command
from handlers.officers.days import find_count, find_day, find_days, find_span, find_to_come
from storage.vocabulary import ReportType, Role

Given = dict[Arg, str]

_EDGE = " \t\r\n.,:;-–—#"
_WORD = re.compile(r"[^\W_]+")
_REASON = re.compile(r"\br\s?(\d{1,2})\b", re.IGNORECASE)
#: dates that would be read as a number of eight digits, or as a part of one
_DATES = re.compile(
    r"(?<![\d/])\d{1,2}/\d{1,2}(?![\d/])|\b\d{1,2}[-./ ]\d{1,2}[-./ ]20\d\d\b|\b20\d\d-\d\d-\d\d\b"
)
#: before whom something is passed on to
_TO = frozenset({"ke", "kepada", "to"})
#: words that go together with what stands behind them
_LEADING = _TO | frozenset(
    "urusan milik punya wewenang kewenangan tugas jawab bagian dari oleh of by".split()
)
#: how like a name must be what is typed alone
_LIKE = 85
#: letters of a part of a name that may stand for it: "kominfo"
_PART = 4
#: for a reminder: none any more
NEVER = "never"
#: the word that says it: an officer of another rank
DEPUTY = "pengganti"
_DEPUTIES = frozenset({DEPUTY, "wakil", "deputi", "deputy"})
_ROLES: Mapping[str, Role] = {
    name: role
    for role, names in {
        Role.COORDINATOR: "koordinator admin coordinator",
        Role.LIAISON: "penghubung liaison",
        Role.APPROVER: "penyetuju approver",
        Role.SUPERVISOR: "kepala kadis supervisor",
        Role.AUDITOR: "auditor",
        Role.INSPECTORATE: "inspektur inspectorate",
        Role.DECIDER: "pemutus sekda decider",
    }.items()
    for name in names.split()
}
_TYPES: Mapping[str, ReportType] = {
    name: type_
    for type_, names in {
        ReportType.INFORMATION: "informasi information",
        ReportType.COMPLAINT: "pengaduan aduan complaint",
        ReportType.OVERSIGHT: "pengawasan berkadar oversight",
        ReportType.ASPIRATION: "aspirasi usul aspiration",
    }.items()
    for name in names.split()
}
_AXES: Mapping[str, Axis] = {
    name: axis
    for axis, names in {
        Axis.AGENCY: "instansi opd agency agencies",
        Axis.CATEGORY: "kategori topik category categories",
        Axis.AREA: "kecamatan wilayah district districts area areas",
        Axis.CHANNEL: "kanal saluran channel channels",
    }.items()
    for name in names.split()
}
SECRET = "secret"  # noqa: S105 - the word for a report's protection
_SECRETS = frozenset({"rahasia", SECRET})


def read_arguments(text: str, command: Command, deployment: Deployment, today: date) -> Given:
    """Return what a text gives to a command. Total: any text, never raises."""
    wanted = (*command.needs, *command.takes)
    given: Given = {}
    for arg, take in _TAKERS.items():
        if arg in wanted:
            value, text = take(text, deployment, today)
            if value:
                given[arg] = value
    rest = text.strip(_EDGE)
    if Arg.ACTION in wanted:
        return given | read_solution(rest, today)
    if not rest:
        return given
    if (
        Arg.AGENCY in wanted
        and Arg.AGENCY not in given
        and (meant := _like(rest, deployment.agencies, is_part=Arg.NAME not in wanted))
    ):
        return given | {Arg.AGENCY: meant}
    free = next((arg for arg in wanted if arg in _FREE), Arg.REST)
    return given | {free: rest}


#: take what is left
_FREE = frozenset({Arg.TEXT, Arg.WORDS, Arg.NAME, Arg.OFFICER, Arg.OUTSIDE_NUMBER, Arg.PAGE})


def read_one(text: str, arg: Arg, deployment: Deployment, today: date) -> str:
    """Return what a text gives when just this was asked for; empty: nothing that fits."""
    if arg is Arg.DAY:
        day = find_day(text, today)
        return day.isoformat() if day else ""
    if arg is Arg.UNTIL:  # the days are asked for one by one
        return _TAKERS[Arg.FROM](text, deployment, today)[0]
    take = _TAKERS.get(arg)
    if take is None:
        return text.strip()
    value = take(text, deployment, today)[0]
    if not value and arg in (Arg.AGENCY, Arg.OUTSIDE):
        fitting = [one for one in deployment.agencies if one.is_outside or arg is Arg.AGENCY]
        return _like(text, fitting, is_part=True)
    return value


Taken = tuple[str, str]
_Taker = Callable[[str, Deployment, date], Taken]


def _cut(text: str, start: int, end: int) -> str:
    before, after = text[:start].rstrip(_EDGE), text[end:].lstrip(_EDGE)
    return f"{before} {after}".strip() if before and after else before or after


def _take_number(text: str, deployment: Deployment, _today: date) -> Taken:
    """Take a report's number, right or wrong; other digits stay."""
    form = deployment.number
    hidden = _DATES.sub(lambda match: " " * len(match[0]), text)
    found = find_number(form, hidden)
    if found is None:
        return "", text
    if not found.is_valid:  # digits before it make one run with it: "5 4100007"
        found = _number_alone(form, hidden) or found
    is_named = text[found.start : found.end].upper().startswith(form.prefix)
    if not (found.is_valid or is_named or abs(len(found.number) - form.digits) <= 1):
        return "", text
    return found.number, _cut(text, found.start, found.end)


def _number_alone(form: NumberFormat, text: str) -> FoundNumber | None:
    """Return the first word that is a number of ours by itself."""
    for word in _WORD.finditer(text):
        found = find_number(form, word[0])
        if found is not None and found.is_valid and len(found.number) == len(word[0]):
            return replace(found, start=word.start(), end=word.end())
    return None


def _take_reason(text: str, _deployment: Deployment, _today: date) -> Taken:
    match = _REASON.search(text)
    return (f"R{match[1]}", _cut(text, match.start(), match.end())) if match else ("", text)


def _take_agency(text: str, deployment: Deployment, _today: date) -> Taken:
    """Take an agency, a body outside as well: where it must not be one, the move says so."""
    return _agency_in(text, deployment.agencies)


def _take_outside(text: str, deployment: Deployment, _today: date) -> Taken:
    """Take a body outside; it stays in the text whose last words lead to it: "lampu rumah, urusan PLN"."""
    code, rest = _agency_in(text, [one for one in deployment.agencies if one.is_outside])
    leads = text.startswith(rest) and fold(rest).split()[-1:]
    return code, text if leads and _LEADING.issuperset(leads) else rest


def _agency_in(text: str, agencies: Iterable[Agency]) -> Taken:
    """Take the agency named first, by its longest name; in the midst of a text it stays, as the text needs it."""
    words = [(match.start(), match.end(), fold(match[0])) for match in _WORD.finditer(text)]
    folded = [word for _, _, word in words]
    found: list[tuple[int, int, str]] = []
    for agency in agencies:
        for name in (agency.code, agency.short_name, agency.name):
            parts = fold(name.replace("_", " ")).split()
            places = range(len(folded) - len(parts) + 1)
            found += [
                (at, -len(parts), agency.code) for at in places if folded[at : at + len(parts)] == parts
            ]
    if not found:
        return "", text
    at, length, code = min(found)
    end = at - length
    at = 0 if _TO.issuperset(folded[:at]) else at
    if at and end < len(words):
        return code, text
    return code, _cut(text, words[at][0], words[end - 1][1])


def _like(text: str, agencies: Iterable[Agency], *, is_part: bool) -> str:
    """Return the agency whose name a text nearly is; `is_part`: or the only one that has it in its name."""
    names = {fold(name): one.code for one in agencies for name in (one.code, one.short_name, one.name)}
    near = process.extractOne(fold(text), list(names), scorer=fuzz.ratio, score_cutoff=_LIKE)
    if near:
        return names[near[0]]
    sought = fold(text)
    having = {code for name, code in names.items() if sought in name}
    return having.pop() if is_part and len(sought) >= _PART and len(having) == 1 else ""


def agencies_named(text: str, agencies: Iterable[Agency]) -> list[Agency]:
    """Return the agencies that have a text in their names."""
    sought = fold(text)
    return [
        one for one in agencies if len(sought) >= _PART and sought in fold(f"{one.short_name} {one.name}")
    ]


def agencies_like(text: str, agencies: Sequence[Agency], count: int) -> list[Agency]:
    """Return the agencies whose names are nearest to a text, the nearest first."""
    names = [fold(f"{one.short_name} {one.name}") for one in agencies]
    near = process.extract(fold(text), names, scorer=fuzz.partial_ratio, limit=count)
    return [agencies[at] for _, _, at in near]


def _take_days(text: str, _deployment: Deployment, _today: date) -> Taken:
    found = find_count(text)
    return (str(found.days), _cut(text, found.start, found.end)) if found else ("", text)


def _take_from(text: str, _deployment: Deployment, today: date) -> Taken:
    found = find_days(text, today)
    return (found[0].on.isoformat(), text) if found else ("", text)


def _take_until(text: str, _deployment: Deployment, today: date) -> Taken:
    """Take the second day, and both out of the text."""
    found = find_days(text, today)
    if len(found) < 2:
        return "", text
    return found[1].on.isoformat(), ""


def _take_when(text: str, _deployment: Deployment, today: date) -> Taken:
    """Take a day, working days ahead, or the word that ends it: "12/8", "Senin", "3h", "batal"."""
    if CANCEL & set(fold(text).split()):
        return NEVER, ""
    days = find_days(text, today)
    if day := days[0].on if days else find_to_come(text, today):
        return day.isoformat(), ""
    count = find_count(text)
    return (str(count.days), "") if count else ("", text)


def _take_role(text: str, _deployment: Deployment, _today: date) -> Taken:
    for match in _WORD.finditer(text):
        if role := _ROLES.get(fold(match[0])):
            return role.value, _cut(text, match.start(), match.end())
    return "", text


def _take_axis(text: str, _deployment: Deployment, _today: date) -> Taken:
    for match in _WORD.finditer(text):
        if axis := _AXES.get(fold(match[0])):
            return axis.value, _cut(text, match.start(), match.end())
    return "", text


def _take_span(text: str, _deployment: Deployment, today: date) -> Taken:
    """Take a month, a year or a week as "2026-07-01/2026-07-31"; days by their numbers stay."""
    found = None if find_days(text, today) else find_span(text, today)
    if found is None:
        return "", text
    return f"{found.since}/{found.until}", _cut(text, found.start, found.end)


def _take_kind(text: str, deployment: Deployment, _today: date) -> Taken:
    """Take type, category and protection: "complaint JALAN secret"."""
    found = []
    for word in map(fold, text.replace(",", " ").split()):
        code = word.upper()
        if word in _SECRETS:
            found.append(SECRET)
        elif type_ := _TYPES.get(word):
            found.append(type_.value)
        elif code in deployment.category_by_code:
            found.append(code)
    return " ".join(found), "" if found else text


#: in this order: what is plain first
_TAKERS: Mapping[Arg, _Taker] = {
    Arg.NUMBER: _take_number,
    Arg.PARENT: _take_number,
    Arg.REASON_CODE: _take_reason,
    Arg.ROLE: _take_role,
    Arg.AGENCY: _take_agency,
    Arg.OUTSIDE: _take_outside,
    Arg.DAYS: _take_days,
    Arg.AXIS: _take_axis,
    Arg.SPAN: _take_span,
    Arg.FROM: _take_from,
    Arg.UNTIL: _take_until,
    Arg.KIND: _take_kind,
    Arg.WHEN: _take_when,
}


def split_deputy(text: str) -> tuple[str, bool]:
    """Return a name, and whether the word for a deputy stood beside it."""
    words = text.split()
    kept = [word for word in words if fold(word) not in _DEPUTIES]
    return " ".join(kept), len(kept) < len(words)


# --- answers in one text ---

_LABELS = {
    Arg.FINDING: "temuan|hasil cek|finding|found",
    Arg.ACTION: "tindakan|penanganan|tindak lanjut|action|done",
    Arg.DAY: "tanggal|tgl|kapan|date",
}
_NAMED = "|".join(f"(?P<{arg.value}>{names})" for arg, names in _LABELS.items())
_LABEL = re.compile(rf"(?:^|(?<=[\s;,.|]))(?:{_NAMED})\s*[:=]\s*", re.IGNORECASE)
_PARTS = re.compile(r"\s*[;|\n]\s*")
_SENTENCES = re.compile(r"(?<=[.!?])\s+(?=\S)")


def read_solution(text: str, today: date) -> Given:
    """Return finding, action and day that one text tells: labelled, set apart, or sentence by sentence.

    One sentence alone tells what was done.
    """
    labelled = _read_labelled(text, today)
    if labelled:
        return labelled
    parts = [part for part in _PARTS.split(text.strip()) if part]
    if len(parts) < 2:
        parts = [part for part in _SENTENCES.split(text.strip()) if part]
    given: Given = {}
    if len(parts) > 2 and (day := find_day(parts[-1], today)) and len(parts[-1].split()) <= 4:
        given[Arg.DAY] = day.isoformat()
        parts = parts[:-1]
    if len(parts) > 1:
        given |= {Arg.FINDING: parts[0], Arg.ACTION: " ".join(parts[1:])}
    elif parts:
        given[Arg.ACTION] = parts[0]
    told = find_day(given.get(Arg.ACTION, ""), today)
    return {Arg.DAY: told.isoformat(), **given} if told else given


def _read_labelled(text: str, today: date) -> Given:
    marks = list(_LABEL.finditer(text))
    given: Given = {}
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    for mark, end in zip(marks, ends, strict=False):
        value = text[mark.end() : end].strip(_EDGE)
        arg = Arg(mark.lastgroup or Arg.TEXT)
        day = find_day(value, today) if arg is Arg.DAY else None
        if arg is Arg.DAY and day is None:
            continue
        given[arg] = day.isoformat() if day else value
    if given and Arg.DAY not in given and (told := find_day(given.get(Arg.ACTION, ""), today)):
        given[Arg.DAY] = told.isoformat()
    return {arg: value for arg, value in given.items() if value}
