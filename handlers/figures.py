"""Figures and tables of reports, in words: what a picture shows, what a table holds."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from babel.numbers import format_decimal

from handlers import figures_wording as words
from handlers.cases.kpis import MIN_RATERS, Kpis, Share, Spread, reckon
from handlers.cases.numbers import show
from handlers.i18n import Voice
from handlers.measured import instants, list_measured, scope_of
from handlers.messages import Made
from handlers.service import Service
from storage.db import UnitOfWork
from storage.queries import figures
from storage.queries.figures import Line
from storage.vocabulary import CaseState, Channel, Closing


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
    shares_title: str
    #: label, then "75%", then "3 of 4"
    shares: tuple[tuple[str, str, str], ...]
    spreads_title: str
    #: over the numbers of `spreads`
    spreads_head: tuple[str, str]
    #: label, median, what nine of ten did not exceed
    spreads: tuple[tuple[str, str, str], ...]
    rating: str
    #: empty: how many people there are is not known
    reach: str
    #: what is more than usual
    warnings: tuple[str, ...]
    as_of: str


def gather(uow: UnitOfWork, service: Service, made: Made, now: datetime) -> Figures:
    """Return an agency's figures, or those of all agencies."""
    voice, scope, today = service.voice(made.language), scope_of(made), service.local_day(now)
    counted = figures.count(uow, scope, *instants(service, made), today)
    courses = [one.course for one in list_measured(uow, service, made)]
    kpis = reckon(courses, today, cache(service.calendar.working_days_between))
    shares = [(voice.text(label), share(kpis)) for label, share in SHARES]
    shares += [(reason_name(service, voice, code), share) for code, share in kpis.archived_for.items()]
    totals = (words.FILED, counted.filed), (words.SETTLED, counted.settled), (words.LATE, counted.late)
    return Figures(
        title=voice.text(words.TITLE),
        agency=agency_name(service, made.agency_code) or voice.text(words.ALL_AGENCIES),
        period=voice.text(words.PERIOD, since=made.since, until=made.until),
        totals=tuple((voice.text(label), number) for label, number in totals),
        states_title=voice.text(words.BY_STATE),
        states=tuple(
            (voice.text(words.STATES[state]), counted.by_state[state])
            for state in CaseState
            if state in counted.by_state
        ),
        nothing=voice.text(words.NONE_FILED),
        shares_title=voice.text(words.SHARES),
        shares=tuple(_share(voice, label, share) for label, share in shares if share.whole),
        spreads_title=voice.text(words.SPREADS),
        spreads_head=(voice.text(words.MEDIAN), voice.text(words.NINETIETH)),
        spreads=tuple(_spread(voice, label, spread(kpis)) for label, spread in SPREADS),
        rating=_rating(voice, kpis),
        reach=_reach(service, voice, made, kpis),
        warnings=tuple(_warnings(service, voice, made, kpis)),
        as_of=voice.text(words.AS_OF, at=now),
    )


SHARES: Sequence[tuple[str, Callable[[Kpis], Share]]] = (
    (words.CHECKED_IN_TIME, lambda kpis: kpis.checked_in_time),
    (words.ANSWERED_IN_TIME, lambda kpis: kpis.answered_in_time),
    (words.FOLLOWED_UP, lambda kpis: kpis.followed_up),
    (words.CLOSINGS[Closing.CONFIRMED], lambda kpis: kpis.confirmed),
    (words.CLOSINGS[Closing.SILENCE], lambda kpis: kpis.by_silence),
    (words.HANDED_BACK, lambda kpis: kpis.handed_back),
    (words.REJECTED, lambda kpis: kpis.rejected),
    (words.REOPENED, lambda kpis: kpis.reopened),
    (words.HELD, lambda kpis: kpis.held),
    (words.STATES[CaseState.ARCHIVED], lambda kpis: kpis.archived),
)
SPREADS: Sequence[tuple[str, Callable[[Kpis], Spread]]] = (
    (words.TO_ANSWER, lambda kpis: kpis.to_answer),
    (words.TO_SETTLED, lambda kpis: kpis.to_settled),
    (words.WHOLE_WAY, lambda kpis: kpis.whole_way),
)


def table(uow: UnitOfWork, service: Service, made: Made) -> Iterator[list[str]]:
    """Yield the reports of the time as rows under a head: no identity, nothing a reporter wrote."""
    voice = service.voice(made.language)
    yield [voice.text(label) for label in words.COLUMNS]
    for line in figures.list_lines(uow, scope_of(made), *instants(service, made)):
        yield _row(service, voice, line)


def _row(service: Service, voice: Voice, line: Line) -> list[str]:
    deployment = service.deployment
    area = deployment.area_by_code.get(line.area_code or "")
    days = [line.filed_at, line.due_on, line.first_answer_at, line.closed_at]
    return [
        show(deployment.number, line.number),
        voice.text(words.STATES[line.state]),
        voice.text(words.TYPES[line.type]),
        category_name(service, voice, line.category_code),
        agency_name(service, line.agency_code if line.disposed_at else None),
        area.name if area else line.area_code or "",
        channel_name(voice, line.channel),
        *(_day(service, day) for day in days),
        voice.text(words.CLOSINGS[line.closing]) if line.closing else "",
    ]


def _day(service: Service, at: date | datetime | None) -> str:
    """Return "2026-03-02", which every spreadsheet takes for a day."""
    return "" if at is None else (service.local_day(at) if isinstance(at, datetime) else at).isoformat()


def channel_name(voice: Voice, code: str) -> str:
    """Return what a channel is called; those of providers by their own names."""
    return voice.text(words.TERMINAL) if code == Channel.CONSOLE else code


def agency_name(service: Service, code: str | None) -> str:
    """Return what an agency is called; its code where the deployment has it no more."""
    agency = service.deployment.agency_by_code.get(code or "")
    return agency.name if agency else code or ""


def category_name(service: Service, voice: Voice, code: str) -> str:
    """Return what a category is called; its code where the deployment has it no more."""
    category = service.deployment.category_by_code.get(code)
    return category.name[voice.language] if category else code


def reason_name(service: Service, voice: Voice, code: str) -> str:
    """Return "Archived: …", with the reason as officers know it."""
    reason = service.deployment.reason_by_code.get(code)
    name = f"{code} {reason.name[voice.language]}" if reason else code
    return voice.text(words.ARCHIVED_FOR, reason=name)


def _share(voice: Voice, label: str, share: Share) -> tuple[str, str, str]:
    return label, f"{share.percent}%", voice.text(words.OF, part=share.part, whole=share.whole)


def _spread(voice: Voice, label: str, spread: Spread) -> tuple[str, str, str]:
    return voice.text(label), number_of(voice, spread.median), number_of(voice, spread.ninetieth)


def reach_of(people: int | None, kpis: Kpis) -> float | None:
    """Return how many reports came in per 10,000 people; None where their number is not known."""
    return round(kpis.received * 10_000 / people, 1) if people else None


def _reach(service: Service, voice: Voice, made: Made, kpis: Kpis) -> str:
    reach = reach_of(service.deployment.people, kpis) if made.agency_code is None else None
    return "" if reach is None else voice.text(words.REACH, reports=number_of(voice, reach))


def _warnings(service: Service, voice: Voice, made: Made, kpis: Kpis) -> Iterator[str]:
    """Tell what is more than usual, of all agencies; of a few reports nothing is told."""
    alerts = service.deployment.alerts
    if made.agency_code is not None or kpis.received < alerts.from_reports:
        return
    for told, share, limit in (
        (words.HELD_MUCH, kpis.held, alerts.held_percent),
        (words.ARCHIVED_MUCH, kpis.archived, alerts.archived_percent),
    ):
        if 100 * share.part > limit * share.whole:
            yield voice.text(told, percent=share.percent or 0, limit=number_of(voice, limit))


def _rating(voice: Voice, kpis: Kpis) -> str:
    if kpis.rating is None:
        return voice.text(words.TOO_FEW_RATERS, count=kpis.raters, limit=MIN_RATERS)
    return voice.text(words.RATING, stars=number_of(voice, round(kpis.rating, 1)), count=kpis.raters)


def number_of(voice: Voice, number: float | None) -> str:
    return "–" if number is None else format_decimal(number, locale=voice.language.value)
