"""Figures and tables of reports, in words: what a picture shows, what a table holds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median

from babel.numbers import format_decimal

from handlers import figures_wording as words
from handlers.cases.numbers import show
from handlers.i18n import Voice
from handlers.messages import Made
from handlers.service import Service
from storage.db import UnitOfWork
from storage.queries import figures
from storage.queries.figures import Line, Scope
from storage.vocabulary import CaseState


@dataclass(frozen=True, slots=True)
class Figures:
    """What a picture shows, in the reader's language."""

    title: str
    agency: str
    period: str
    #: label and number, what matters first
    totals: tuple[tuple[str, int], ...]
    states_title: str
    #: in the order of a case's life, without those that none is in
    states: tuple[tuple[str, int], ...]
    #: in place of states
    nothing: str
    medians_title: str
    medians: tuple[tuple[str, str], ...]
    as_of: str


def gather(uow: UnitOfWork, service: Service, made: Made, now: datetime) -> Figures:
    """Return an agency's figures, or those of all agencies."""
    voice, scope = service.voice(made.language), _scope(made)
    since, before = _instants(service, made)
    counted = figures.count(uow, scope, since, before, service.local_day(now))
    spans = figures.list_spans(uow, scope, since, before)
    answered = [(span.filed_at, span.first_answer_at) for span in spans if span.first_answer_at]
    settled = [(span.filed_at, span.settled_at) for span in spans if span.settled_at]
    totals = (words.FILED, counted.filed), (words.SETTLED, counted.settled), (words.LATE, counted.late)
    medians = (words.TO_ANSWER, answered), (words.TO_SETTLED, settled)
    return Figures(
        title=voice.text(words.TITLE),
        agency=_agency(service, made.agency_code) or voice.text(words.ALL_AGENCIES),
        period=voice.text(words.PERIOD, since=made.since, until=made.until),
        totals=tuple((voice.text(label), number) for label, number in totals),
        states_title=voice.text(words.BY_STATE),
        states=tuple(
            (voice.text(words.STATES[state]), counted.by_state[state])
            for state in CaseState
            if state in counted.by_state
        ),
        nothing=voice.text(words.NONE_FILED),
        medians_title=voice.text(words.MEDIANS),
        medians=tuple((voice.text(label), _median(service, voice, pairs)) for label, pairs in medians),
        as_of=voice.text(words.AS_OF, at=now),
    )


def table(uow: UnitOfWork, service: Service, made: Made) -> list[list[str]]:
    """Return the reports of the time as rows under a head: no identity, nothing a reporter wrote."""
    voice = service.voice(made.language)
    lines = figures.list_lines(uow, _scope(made), *_instants(service, made))
    return [[voice.text(label) for label in words.COLUMNS], *(_row(service, voice, line) for line in lines)]


def _row(service: Service, voice: Voice, line: Line) -> list[str]:
    deployment = service.deployment
    category = deployment.category_by_code.get(line.category_code)
    area = deployment.area_by_code.get(line.area_code or "")
    days = [line.filed_at, line.due_on, line.first_answer_at, line.closed_at]
    return [
        show(deployment.number, line.number),
        voice.text(words.STATES[line.state]),
        voice.text(words.TYPES[line.type]),
        category.name[voice.language] if category else line.category_code,
        _agency(service, line.agency_code),
        area.name if area else line.area_code or "",
        line.channel,
        *(_day(service, day) for day in days),
        voice.text(words.CLOSINGS[line.closing]) if line.closing else "",
    ]


def _day(service: Service, at: date | datetime | None) -> str:
    """Return "2026-03-02", which every spreadsheet takes for a day."""
    return "" if at is None else (service.local_day(at) if isinstance(at, datetime) else at).isoformat()


def _agency(service: Service, code: str | None) -> str:
    agency = service.deployment.agency_by_code.get(code or "")
    return agency.name if agency else code or ""


def _scope(made: Made) -> Scope:
    return Scope(made.agency_code, made.is_oversight)


def _instants(service: Service, made: Made) -> tuple[datetime, datetime]:
    """Return when the period begins, and when it is over."""
    zone = service.deployment.zone
    start = datetime.combine(made.since, time(), zone)
    return start, datetime.combine(made.until + timedelta(days=1), time(), zone)


def _median(service: Service, voice: Voice, pairs: Iterable[tuple[datetime, datetime]]) -> str:
    between = service.calendar.working_days_between
    days = [between(service.local_day(start), service.local_day(end)) for start, end in pairs]
    return format_decimal(median(days), locale=voice.language.value) if days else voice.text(words.UNKNOWN)
