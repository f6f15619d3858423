"""What officers look up: reports by words, prepared answers, figures, tables, help."""

from dataclasses import replace
from datetime import date, timedelta

from rapidfuzz import fuzz

from handlers.breakdown import by_axis
from handlers.breakdown import line_of as group_line
from handlers.cases.kpis import Axis
from handlers.cases.masking import mask
from handlers.conversation.places import Found
from handlers.conversation.words import fold
from handlers.figures import agency_name, gather
from handlers.figures_wording import ALL_AGENCIES, NONE_FILED, TITLE
from handlers.figures_wording import PERIOD as FROM_TO
from handlers.messages import Choice, Exhibit, Made, Reply
from handlers.moves import as_outside_number
from handlers.officers import looking_wording as wording
from handlers.officers.access import figures_of, may_see, reach_of, sees_all_figures
from handlers.officers.cards import category_of
from handlers.officers.commands import CANCEL, OFTEN, Arg, commands_of
from handlers.officers.commands_wording import MEANS
from handlers.officers.queue import line_of
from handlers.officers.seat import Seat
from handlers.officers.task import Task
from storage.queries import desks, handling
from storage.queries.handling import CaseRow
from storage.vocabulary import AreaLevel

#: findings shown at once
SHOWN = 8
#: how like one of a text's words a word looked for must be
_LIKE = 85
#: letters from which on a word is looked for within others
_STEM = 4
#: figures are of so many days, where nobody says otherwise
PERIOD = timedelta(days=29)
#: groups told in one message, and in one SMS
GROUPS, GROUPS_BY_SMS = 15, 3


# --- search ---


def search(seat: Seat, task: Task) -> Reply:
    """Find reports by number, ours or another body's, by place, category, or the words of the text."""
    words = task.given[Arg.WORDS]
    found = _by_number(seat, words) or _by_words(seat, words)
    if not found:
        return seat.say(wording.FOUND_NOTHING)
    shown = found[:SHOWN]
    short = ", ".join(f"{one.number} {category_of(seat.service, one, seat.voice)}" for one in shown[:3])
    reply = seat.say(
        wording.FOUND,
        *(Choice(seat.number(one), f"lihat:{one.number}") for one in shown),
        count=len(found),
        lines="\n".join(line_of(seat, one) for one in shown),
    )
    return replace(reply, short=seat.voice.sms(wording.FOUND.sms, count=len(found), lines=f"{short}."))


def _by_number(seat: Seat, words: str) -> list[CaseRow]:
    plain = as_outside_number(words)
    if not any(map(str.isdecimal, plain)):
        return []
    prefix = seat.service.deployment.number.prefix
    case = handling.find_case(seat.uow, plain.removeprefix(prefix)) or handling.find_case(seat.uow, plain)
    return [case] if case is not None and may_see(seat.officer, case) else []


def _by_words(seat: Seat, words: str) -> list[CaseRow]:
    reach = reach_of(seat.officer)
    if reach is None:
        return []
    if areas := _areas_named(seat, words):
        told = desks.list_told(seat.uow, reach, areas=areas)
    elif category := _category_named(seat, words):
        told = desks.list_told(seat.uow, reach, category=category)
    else:
        sought = fold(words).split()
        told = [one for one in desks.list_told(seat.uow, reach) if _holds(fold(_read(one)).split(), sought)]
    return [one.case for one in told if may_see(seat.officer, one.case)]


def _read(one: desks.Told) -> str:
    """Return of a report's words those that are on cards: others are not to be found by trying either."""
    return mask(f"{one.description} {one.place}")


def _areas_named(seat: Seat, words: str) -> list[str]:
    """Return the villages of a place that was named and nothing else: its own, or those of its district."""
    deployment = seat.service.deployment
    named = {"desa", "ds", "kelurahan", "kecamatan", "kec"}
    sought = " ".join(word for word in fold(words).split() if word not in named)
    match = seat.service.knowledge.gazetteer.find(f"desa {sought}")
    exact = [one.code for one in deployment.areas if fold(one.name) == sought]
    if not exact and match.found not in (Found.VILLAGE, Found.DISTRICT):
        return []
    codes = exact or [code for code in match.codes if fold(deployment.area_by_code[code].name) in sought]
    below = [one.code for one in deployment.areas if one.parent_code in codes]
    is_whole = any(deployment.area_by_code[code].level is AreaLevel.REGENCY for code in codes)
    return [] if is_whole else [*codes, *below]


def _category_named(seat: Seat, words: str) -> str:
    sought = fold(words)
    for category in seat.service.deployment.categories:
        names = [category.code, category.name.id, category.name.en, *category.name.id.split(",")]
        if sought in map(fold, names):
            return category.code
    return ""


def _holds(words: list[str], sought: list[str]) -> bool:
    return bool(sought) and all(any(_is_like(one, word) for one in words) for word in sought)


def _is_like(told: str, word: str) -> bool:
    """Tell whether a word is meant: it, one made of it ("berlubang" of "lubang"), or it misspelt."""
    stem = len(word) >= _STEM and word in told
    return stem or told.startswith(word) or fuzz.ratio(told, word) >= _LIKE


# --- prepared answers ---


def show_templates(seat: Seat, task: Task) -> Reply:
    agency = seat.officer.agency_code
    templates = [
        one
        for one in seat.service.deployment.templates
        if one.agency is None or agency is None or one.agency == agency
    ]
    wanted = task.given.get(Arg.WORDS, "").upper()
    chosen = next((one for one in templates if one.code == wanted), None)
    if chosen is not None:
        return seat.say(wording.TEMPLATE, words=chosen.text)
    if not templates:
        return seat.say(wording.NO_TEMPLATES)
    text = seat.voice.text
    lines = [text(wording.TEMPLATE_LINE, code=one.code, name=one.name) for one in templates]
    choices = [Choice(one.name, f"templat:{one.code}") for one in templates]
    reply = seat.say(wording.TEMPLATES, *choices, lines="\n".join(lines))
    short = ", ".join(one.code for one in templates)
    return replace(reply, short=seat.voice.sms(wording.TEMPLATES.sms, lines=short))


# --- figures ---


def show_figures(seat: Seat, task: Task) -> Reply:
    """Show the figures of all that the officer may see; or by agency, category, district or channel."""
    if _is_others(seat, task):
        return seat.say(wording.OWN_FIGURES)
    made = _made(seat, task, Exhibit.FIGURES)
    if Arg.AXIS in task.given:
        return _show_groups(seat, made, Axis(task.given[Arg.AXIS]))
    figures = gather(seat.uow, seat.service, made, seat.now)
    lines = [*figures.warnings]
    lines += [f"{label}: {number}" for label, number in (*figures.totals, *figures.states)]
    lines += [f"{label}: {percent} ({parts})" for label, percent, parts in figures.shares]
    lines += [f"{label}: {median} ({figures.spreads_head[0]})" for label, median, _ in figures.spreads]
    lines += [figures.reach] if figures.reach else []
    reply = seat.say(
        wording.FIGURES,
        title=figures.title,
        agency=figures.agency,
        period=figures.period,
        lines="\n".join(lines),
    )
    short = ", ".join(f"{label} {number}" for label, number in figures.totals)
    sms = seat.voice.sms(wording.FIGURES.sms, agency=figures.agency, period=figures.period, lines=short)
    return replace(reply, short=sms, made=made if seat.has_buttons else None)


def _show_groups(seat: Seat, made: Made, axis: Axis) -> Reply:
    groups = by_axis(seat.uow, seat.service, made, axis, seat.now)
    text, shown = seat.voice.text, groups[:GROUPS]
    lines = [group_line(seat.voice, group) for group in shown] or [text(NONE_FILED)]
    if len(groups) > GROUPS:
        lines.append(text(wording.MORE_GROUPS, count=len(groups) - GROUPS))
    heading = {
        "agency": agency_name(seat.service, made.agency_code) or text(ALL_AGENCIES),
        "period": text(FROM_TO, since=made.since, until=made.until),
    }
    reply = seat.say(wording.FIGURES, title=text(TITLE), **heading, lines="\n\n".join(lines))
    short = ", ".join(f"{group.name} {group.kpis.received}" for group in groups[:GROUPS_BY_SMS])
    sms = seat.voice.sms(wording.FIGURES.sms, **heading, lines=short or text(NONE_FILED))
    return replace(reply, short=sms)


def export(seat: Seat, task: Task) -> Reply:
    if _is_others(seat, task):
        return seat.say(wording.OWN_FIGURES)
    made = _made(seat, task, Exhibit.WORKBOOK)
    figures = gather(seat.uow, seat.service, made, seat.now)
    reply = seat.say(wording.EXPORT, agency=figures.agency, period=figures.period)
    return replace(reply, made=made if seat.has_buttons else None)


def _made(seat: Seat, task: Task, exhibit: Exhibit) -> Made:
    """Return what this officer may have figures of: all, their agency's, or those for the inspectorate."""
    officer = seat.officer
    reach = figures_of(officer, in_group=seat.in_group)
    since, until = _period(seat, task)
    return Made(
        exhibit,
        agency_code=task.given.get(Arg.AGENCY) if sees_all_figures(officer) else reach.agency_code,
        since=min(since, until),
        until=max(since, until),
        language=seat.voice.language,
        is_oversight=reach.is_oversight,
    )


def _is_others(seat: Seat, task: Task) -> bool:
    """Tell whether an agency is named whose figures are not for this officer."""
    officer = seat.officer
    return (
        not sees_all_figures(officer)
        and task.given.get(Arg.AGENCY, officer.agency_code) != officer.agency_code
    )


def _period(seat: Seat, task: Task) -> tuple[date, date]:
    """Return the days that were named; the last thirty where none were."""
    if Arg.SPAN in task.given:
        since, _, until = task.given[Arg.SPAN].partition("/")
        return date.fromisoformat(since), date.fromisoformat(until)
    last = date.fromisoformat(task.given[Arg.UNTIL]) if Arg.UNTIL in task.given else seat.today
    return (date.fromisoformat(task.given[Arg.FROM]) if Arg.FROM in task.given else last - PERIOD), last


# --- help ---


def show_help(seat: Seat, *, is_whole: bool = False) -> Reply:
    """Show what is used often, and the names of the others; `is_whole`: what each of them does as well."""
    text, listed = seat.voice.text, commands_of(seat.officer.role)
    named = [one.name for one in listed]
    often = named if is_whole else [name for name in OFTEN if name in named]
    lines = [text(wording.HELP_LINE, command=name, means=text(MEANS[name])) for name in (*often, "batal")]
    if others := " ".join(f"/{name}" for name in named if name not in often):
        lines += ["", text(wording.HELP_MORE, names=others)]
    words = ", ".join(one.name.upper() for one in listed if one.name not in CANCEL)
    reply = seat.say(wording.HELP, lines="\n".join(lines))
    return replace(reply, short=seat.voice.sms(wording.HELP.sms, lines=words))
