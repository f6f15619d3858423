"""Figures by agency, category, district and channel: as rows of a table, and as lines of a message."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from handlers import figures_wording as words
from handlers.cases.kpis import Axis, Course, Kpis, Spread, reckon
from handlers.figures import (
    SHARES,
    SPREADS,
    agency_name,
    category_name,
    channel_name,
    number_of,
    reach_of,
    reason_name,
)
from handlers.i18n import Voice
from handlers.measured import Measured, list_measured
from handlers.messages import Made
from handlers.service import Service
from storage.db import UnitOfWork
from storage.queries.figures import Track
from storage.vocabulary import AreaLevel

#: a cell of a table
Cell = str | int | float


@dataclass(frozen=True, slots=True)
class Group:
    """What reports have in common, and how they went."""

    name: str
    kpis: Kpis
    #: reports per 10,000 people; None: there is no such number
    reach: float | None


def by_axis(uow: UnitOfWork, service: Service, made: Made, axis: Axis, now: datetime) -> list[Group]:
    """Return the groups of one kind, the largest first."""
    groups = _grouped(service, list_measured(uow, service, made), made, axis, now)
    return sorted(groups, key=lambda group: (-group.kpis.received, group.name))


def line_of(voice: Voice, group: Group) -> str:
    """Return a group in one line of a message."""
    kpis, named = group.kpis, {}
    for name, share in (
        ("answered", kpis.answered_in_time),
        ("confirmed", kpis.confirmed),
        ("silence", kpis.by_silence),
        ("handed_back", kpis.handed_back),
    ):
        named[name] = "–" if share.percent is None else f"{share.percent}%"
    line = voice.text(
        words.GROUP,
        name=group.name,
        filed=kpis.received,
        **named,
        **_days("answer", voice, kpis.to_answer),
        **_days("settled", voice, kpis.to_settled),
    )
    reach = "" if group.reach is None else voice.text(words.REACH, reports=number_of(voice, group.reach))
    return f"{line}\n{reach}".rstrip()


def _days(name: str, voice: Voice, spread: Spread) -> dict[str, str]:
    return {
        f"{name}_median": number_of(voice, spread.median),
        f"{name}_ninetieth": number_of(voice, spread.ninetieth),
    }


def breakdown(uow: UnitOfWork, service: Service, made: Made, now: datetime) -> Iterator[list[Cell]]:
    """Yield the figures of the time under a head: of all, by agency, category, district and channel."""
    voice, measured = service.voice(made.language), list_measured(uow, service, made)
    reasons = [reason.code for reason in service.deployment.archive_reasons]
    yield list(_head(service, voice, reasons))
    for label, axis in ((words.ALL, None), *AXES.items()):
        for group in sorted(_grouped(service, measured, made, axis, now), key=lambda one: one.name):
            yield [voice.text(label), group.name, *_cells(group, reasons)]


def _head(service: Service, voice: Voice, reasons: list[str]) -> Iterator[str]:
    for label in (words.BY, words.NAME, words.FILED):
        yield voice.text(label)
    for label, _ in SHARES:
        yield f"{voice.text(label)} (%)"
    for code in reasons:
        yield f"{reason_name(service, voice, code)} (%)"
    for label, _ in SPREADS:
        for of in (words.MEAN, words.MEDIAN, words.NINETIETH):
            yield f"{voice.text(label)}: {voice.text(of)}"
    for label in (words.RATERS, words.STARS, words.PER_PEOPLE):
        yield voice.text(label)


def _cells(group: Group, reasons: list[str]) -> Iterator[Cell]:
    """Yield figures in the order of the head; what is not known stays empty."""
    kpis = group.kpis
    yield kpis.received
    for _, share in SHARES:
        yield _known(share(kpis).percent)
    for code in reasons:
        yield _known(kpis.archived_for[code].percent if code in kpis.archived_for else None)
    for _, spread in SPREADS:
        for days in (spread(kpis).mean, spread(kpis).median, spread(kpis).ninetieth):
            yield _known(days)
    yield kpis.raters
    yield _known(kpis.rating)
    yield _known(group.reach)


def _known(number: float | None) -> Cell:
    return "" if number is None else round(number, 1)


def _grouped(
    service: Service, measured: list[Measured], made: Made, axis: Axis | None, now: datetime
) -> Iterator[Group]:
    """Yield the groups of one kind; without one, all reports as one group."""
    voice = service.voice(made.language)
    today, between = service.local_day(now), cache(service.calendar.working_days_between)
    for code, courses in _courses(service, measured, made, axis).items():
        kpis = reckon(courses, today, between)
        name = _NAMES[axis](service, voice, code) if axis else voice.text(words.ALL)
        yield Group(
            name or voice.text(words.NO_NAME), kpis, reach_of(_people(service, made, axis, code), kpis)
        )


def _courses(
    service: Service, measured: list[Measured], made: Made, axis: Axis | None
) -> Mapping[str, list[Course]]:
    groups: dict[str, list[Course]] = {}
    for one in measured:
        if axis is not Axis.AGENCY or made.agency_code is not None:
            code = _CODES[axis](service, one.track) if axis else ""
            groups.setdefault(code, []).append(one.course)
            continue
        # Whoever has it now is not to blame for who handed it back.
        holder = _CODES[axis](service, one.track)
        groups.setdefault(holder, []).append(one.as_of(holder))
        for code in one.gone_from():
            groups.setdefault(code, []).append(replace(one.course, is_gone=True))
    return groups


def _people(service: Service, made: Made, axis: Axis | None, code: str) -> int | None:
    """Return how many people the reports of a group may come from; None where that is not known, or no such number."""
    if made.agency_code is not None or axis in (Axis.AGENCY, Axis.CATEGORY):
        return None
    return service.deployment.population.get(code) if axis is Axis.AREA else service.deployment.people


def _district(service: Service, track: Track) -> str:
    """Return the code of the kecamatan; of a place that is no wider than that its own."""
    area = service.deployment.area_by_code.get(track.area_code or "")
    is_village = area is not None and area.level is AreaLevel.VILLAGE
    return (area.parent_code if area and is_village else track.area_code) or ""


def _area_name(service: Service, _voice: Voice, code: str) -> str:
    area = service.deployment.area_by_code.get(code)
    return area.name if area else code


AXES: Mapping[str, Axis] = dict(zip(words.GROUPS, Axis, strict=True))
_CODES: Mapping[Axis, Callable[[Service, Track], str]] = {
    # Before a report is passed on, an agency is only proposed.
    Axis.AGENCY: lambda _service, track: (track.agency_code or "") if track.disposed_at else "",
    Axis.CATEGORY: lambda _service, track: track.category_code,
    Axis.AREA: _district,
    Axis.CHANNEL: lambda _service, track: track.channel,
}
_NAMES: Mapping[Axis, Callable[[Service, Voice, str], str]] = {
    Axis.AGENCY: lambda service, _voice, code: agency_name(service, code),
    Axis.CATEGORY: category_name,
    Axis.AREA: _area_name,
    Axis.CHANNEL: lambda _service, voice, code: channel_name(voice, code),
}
