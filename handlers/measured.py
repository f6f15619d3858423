"""How the reports of a time went, as the figures measure them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cache, partial

from handlers.cases.deadlines import read_policy
from handlers.cases.kpis import Course
from handlers.messages import Made
from handlers.service import Service
from storage.db import UnitOfWork
from storage.queries import figures
from storage.queries.figures import Happened, Scope, Track
from storage.vocabulary import CaseState, Closing


@dataclass(frozen=True, slots=True)
class Measured:
    track: Track
    course: Course
    #: agencies that handed it back
    returned_by: frozenset[str] = frozenset()

    def as_of(self, agency_code: str) -> Course:
        """Return how it went for an agency that has it."""
        return replace(self.course, was_handed_back=agency_code in self.returned_by)

    def gone_from(self) -> Iterator[str]:
        """Yield the agencies that handed it back and do not have it now."""
        has_it = self.track.agency_code if self.track.disposed_at else None
        yield from sorted(self.returned_by - {has_it})


def list_measured(uow: UnitOfWork, service: Service, made: Made) -> list[Measured]:
    """Return the reports filed in the time, oldest first; those an agency handed back count for it, too."""
    period = scope_of(made), *instants(service, made)
    to_course = partial(_course, service, _told(uow, period))
    returned = figures.list_returned(uow, *period)
    by = {track.report_id: agencies for track, agencies in returned}
    measured = [
        Measured(track, to_course(track), by.get(track.report_id, frozenset()))
        for track in figures.list_tracks(uow, *period)
    ]
    code = made.agency_code
    if code is None:
        return measured
    theirs = [Measured(track, to_course(track), agencies) for track, agencies in returned]
    gone = [
        replace(one, course=replace(one.course, is_gone=True)) for one in theirs if code in one.gone_from()
    ]
    return [*(replace(one, course=one.as_of(code)) for one in measured), *gone]


def list_bare(uow: UnitOfWork, service: Service, made: Made) -> list[Measured]:
    """The same without ratings, histories and what was handed back: what came in, and what was done when."""
    to_course = partial(_course, service, _Told())
    tracks = figures.list_tracks(uow, scope_of(made), *instants(service, made))
    return [Measured(track, to_course(track)) for track in tracks]


@dataclass(frozen=True, slots=True)
class _Told:
    """What is known of reports beyond their cases, by report id."""

    stars: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    reasons: Mapping[int, str] = field(default_factory=dict)
    happened: Mapping[int, Happened] = field(default_factory=dict)


def _told(uow: UnitOfWork, period: tuple[Scope, datetime, datetime]) -> _Told:
    return _Told(
        figures.list_stars(uow, *period),
        figures.list_reasons(uow, *period),
        figures.list_happened(uow, *period),
    )


_days_to_answer = cache(lambda policy: read_policy(policy).first_answer)


def _course(service: Service, told: _Told, track: Track) -> Course:
    def day(at: datetime | None) -> date | None:
        return None if at is None else service.local_day(at)

    disposed_on = day(track.disposed_at)
    checked_on = day(track.checked_at or track.closed_at)
    is_checking = checked_on is not None or track.state == CaseState.UNVERIFIED
    happened = told.happened.get(track.report_id, Happened())
    days = _days_to_answer(track.policy)
    return Course(
        filed_on=service.local_day(track.filed_at),
        check_due_on=track.check_due_on if is_checking else None,
        checked_on=checked_on,
        disposed_on=disposed_on,
        answer_due_on=service.calendar.due_on(disposed_on, days) if disposed_on else None,
        first_answer_on=day(track.first_answer_at),
        closed_on=day(track.closed_at),
        closing=Closing(track.closing) if track.closing else None,
        was_handed_back=track.returns > 0,
        was_reopened=track.reopenings > 0,
        stars=told.stars.get(track.report_id, ()),
        was_held=happened.held > 0,
        archived_for=told.reasons.get(track.report_id),
        answers=happened.answered,
        rejections=happened.rejected,
    )


def scope_of(made: Made) -> Scope:
    return Scope(made.agency_code, made.is_oversight)


def instants(service: Service, made: Made) -> tuple[datetime, datetime]:
    """Return when the period begins, and when it is over."""
    zone = service.deployment.zone
    start = datetime.combine(made.since, time(), zone)
    return start, datetime.combine(made.until + timedelta(days=1), time(), zone)
