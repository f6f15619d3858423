"""Figures and tables of reports, in words: what a picture shows, what a table or a workbook holds."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache

from babel.numbers import format_decimal

from handlers import figures_wording as words
from handlers.cases.deadlines import read_policy
from handlers.cases.kpis import MIN_RATERS, Course, Kpis, Share, Spread, reckon
from handlers.cases.numbers import show
from handlers.i18n import Voice
from handlers.messages import Made
from handlers.service import Service
from storage.db import UnitOfWork
from storage.queries import figures
from storage.queries.figures import Line, Scope, Track
from storage.vocabulary import AreaLevel, CaseState, Closing

#: a cell of a table
Cell = str | int | float


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
    as_of: str


def gather(uow: UnitOfWork, service: Service, made: Made, now: datetime) -> Figures:
    """Return an agency's figures, or those of all agencies."""
    voice, scope, today = service.voice(made.language), scope_of(made), service.local_day(now)
    counted = figures.count(uow, scope, *instants(service, made), today)
    courses = [course for _, course in _courses(uow, service, made)]
    kpis = reckon(courses, today, cache(service.calendar.working_days_between))
    totals = (words.FILED, counted.filed), (words.SETTLED, counted.settled), (words.LATE, counted.late)
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
        shares_title=voice.text(words.SHARES),
        shares=tuple(_share(voice, label, share(kpis)) for label, share in SHARES if share(kpis).whole),
        spreads_title=voice.text(words.SPREADS),
        spreads_head=(voice.text(words.MEDIAN), voice.text(words.NINETIETH)),
        spreads=tuple(_spread(voice, label, spread(kpis)) for label, spread in SPREADS),
        rating=_rating(voice, kpis),
        as_of=voice.text(words.AS_OF, at=now),
    )


SHARES: Sequence[tuple[str, Callable[[Kpis], Share]]] = (
    (words.CHECKED_IN_TIME, lambda kpis: kpis.checked_in_time),
    (words.ANSWERED_IN_TIME, lambda kpis: kpis.answered_in_time),
    (words.FOLLOWED_UP, lambda kpis: kpis.followed_up),
    (words.CLOSINGS[Closing.CONFIRMED], lambda kpis: kpis.confirmed),
    (words.CLOSINGS[Closing.SILENCE], lambda kpis: kpis.by_silence),
    (words.HANDED_BACK, lambda kpis: kpis.handed_back),
    (words.REOPENED, lambda kpis: kpis.reopened),
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


def breakdown(uow: UnitOfWork, service: Service, made: Made, now: datetime) -> Iterator[list[Cell]]:
    """Yield the figures of the time under a head: of all, by agency, category, district and channel."""
    voice, today = service.voice(made.language), service.local_day(now)
    between = cache(service.calendar.working_days_between)
    groups: dict[tuple[int, str], list[Course]] = {(0, voice.text(words.ALL)): []}
    for track, course in _courses(uow, service, made):
        for key in [(0, voice.text(words.ALL)), *enumerate(_names(service, voice, track), start=1)]:
            groups.setdefault(key, []).append(course)
    shares = [voice.text(label) for label, _ in SHARES]
    spreads = [
        f"{voice.text(label)}: {voice.text(of)}"
        for label, _ in SPREADS
        for of in (words.MEAN, words.MEDIAN, words.NINETIETH)
    ]
    by = [voice.text(label) for label in (words.ALL, *words.GROUPS)]
    head = [voice.text(label) for label in (words.BY, words.NAME, words.FILED)]
    yield [
        *head,
        *(f"{label} (%)" for label in shares),
        *spreads,
        voice.text(words.RATERS),
        voice.text(words.STARS),
    ]
    for (level, name), courses in sorted(groups.items()):
        yield [by[level], name, *_cells(reckon(courses, today, between))]


def _cells(kpis: Kpis) -> Iterator[Cell]:
    """Yield figures in the order of the head; what is not known stays empty."""
    yield kpis.received
    for _, share in SHARES:
        percent = share(kpis).percent
        yield "" if percent is None else percent
    for _, spread in SPREADS:
        for days in (spread(kpis).mean, spread(kpis).median, spread(kpis).ninetieth):
            yield "" if days is None else round(days, 1)
    yield kpis.raters
    yield "" if kpis.rating is None else round(kpis.rating, 1)


def _names(service: Service, voice: Voice, track: Track) -> Iterator[str]:
    """Yield the groups a report belongs to, in the order of `words.GROUPS`."""
    none = voice.text(words.NO_NAME)
    yield _agency(service, track.agency_code) or none
    yield _category(service, voice, track.category_code)
    yield _district(service, track.area_code) or none
    yield track.channel


def _courses(uow: UnitOfWork, service: Service, made: Made) -> Iterator[tuple[Track, Course]]:
    period = scope_of(made), *instants(service, made)
    stars = figures.list_stars(uow, *period)
    due_on = cache(service.calendar.due_on)
    days_to_answer = cache(lambda policy: read_policy(policy).first_answer)

    def day(at: datetime | None) -> date | None:
        return None if at is None else service.local_day(at)

    for track in figures.list_tracks(uow, *period):
        disposed_on = day(track.disposed_at)
        checked_on = day(track.checked_at or track.closed_at)
        is_checking = checked_on is not None or track.state == CaseState.UNVERIFIED
        yield (
            track,
            Course(
                filed_on=service.local_day(track.filed_at),
                check_due_on=track.check_due_on if is_checking else None,
                checked_on=checked_on,
                disposed_on=disposed_on,
                answer_due_on=due_on(disposed_on, days_to_answer(track.policy)) if disposed_on else None,
                first_answer_on=day(track.first_answer_at),
                closed_on=day(track.closed_at),
                closing=Closing(track.closing) if track.closing else None,
                was_handed_back=track.returns > 0,
                was_reopened=track.reopenings > 0,
                stars=stars.get(track.report_id, ()),
            ),
        )


def _row(service: Service, voice: Voice, line: Line) -> list[str]:
    deployment = service.deployment
    area = deployment.area_by_code.get(line.area_code or "")
    days = [line.filed_at, line.due_on, line.first_answer_at, line.closed_at]
    return [
        show(deployment.number, line.number),
        voice.text(words.STATES[line.state]),
        voice.text(words.TYPES[line.type]),
        _category(service, voice, line.category_code),
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


def _category(service: Service, voice: Voice, code: str) -> str:
    category = service.deployment.category_by_code.get(code)
    return category.name[voice.language] if category else code


def _district(service: Service, code: str | None) -> str:
    """Return the kecamatan; a place that is no wider than that by its own name."""
    area = service.deployment.area_by_code.get(code or "")
    if area is not None and area.level is AreaLevel.VILLAGE:
        area = service.deployment.area_by_code.get(area.parent_code or "")
    return area.name if area else code or ""


def scope_of(made: Made) -> Scope:
    return Scope(made.agency_code, made.is_oversight)


def instants(service: Service, made: Made) -> tuple[datetime, datetime]:
    """Return when the period begins, and when it is over."""
    zone = service.deployment.zone
    start = datetime.combine(made.since, time(), zone)
    return start, datetime.combine(made.until + timedelta(days=1), time(), zone)


def _share(voice: Voice, label: str, share: Share) -> tuple[str, str, str]:
    return voice.text(label), f"{share.percent}%", voice.text(words.OF, part=share.part, whole=share.whole)


def _spread(voice: Voice, label: str, spread: Spread) -> tuple[str, str, str]:
    return voice.text(label), _number(voice, spread.median), _number(voice, spread.ninetieth)


def _rating(voice: Voice, kpis: Kpis) -> str:
    if kpis.rating is None:
        return voice.text(words.TOO_FEW_RATERS, count=kpis.raters, limit=MIN_RATERS)
    return voice.text(words.RATING, stars=_number(voice, round(kpis.rating, 1)), count=kpis.raters)


def _number(voice: Voice, number: float | None) -> str:
    return "–" if number is None else format_decimal(number, locale=voice.language.value)
