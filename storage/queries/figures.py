"""What may be counted of reports: never who sent them or what they say."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, func, or_, select

from storage.db import UnitOfWork
from storage.models import Case, Rating, Report, table
from storage.vocabulary import Clock, Closing, ReportType

REPORT, CASE, RATING = table(Report), table(Case), table(Rating)
#: rows read before the next are asked for
AT_ONCE: Final = 1000
_OF_REPORT = frozenset({"number", "type", "category_code", "area_code", "channel", "filed_at"})

#: clocks that run for the government, not for the reporter or somebody outside
_OURS = (Clock.CHECK.value, Clock.FIRST_ANSWER.value, Clock.SETTLE.value)
_SETTLED = (Closing.CONFIRMED.value, Closing.SILENCE.value)


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose reports are counted: as `handlers.officers.access.Reach` has it."""

    #: None: of all agencies
    agency_code: str | None
    #: of type berkadar pengawasan alone; False: all but those; None: of every type
    is_oversight: bool | None


@dataclass(frozen=True, slots=True)
class Counted:
    """Of a period; of now where nothing else is said."""

    filed: int
    settled: int
    #: past its due date now, whenever it was filed
    late: int
    #: where those filed in the period stand now
    by_state: dict[str, int]


@dataclass(frozen=True, slots=True)
class Track:
    """What is known of how a report went."""

    report_id: int
    category_code: str
    area_code: str | None
    channel: str
    agency_code: str | None
    state: str
    policy: str
    filed_at: datetime
    check_due_on: date
    checked_at: datetime | None
    disposed_at: datetime | None
    first_answer_at: datetime | None
    closed_at: datetime | None
    closing: str | None
    returns: int
    reopenings: int


@dataclass(frozen=True, slots=True)
class Line:
    """A report in a table."""

    number: str
    type: str
    category_code: str
    area_code: str | None
    channel: str
    agency_code: str | None
    state: str
    filed_at: datetime
    due_on: date | None
    first_answer_at: datetime | None
    closed_at: datetime | None
    closing: str | None


def count(uow: UnitOfWork, scope: Scope, since: datetime, before: datetime, today: date) -> Counted:
    """Count the reports filed or settled from `since` until `before`."""
    states = select_of(scope, select(CASE.c.state, func.count().label("reports")), since, before)
    by_state = {row.state: row.reports for row in uow.connection.execute(states.group_by(CASE.c.state))}
    closed = CASE.c.closed_at >= since, CASE.c.closed_at < before, CASE.c.closing.in_(_SETTLED)
    late = CASE.c.due_on < today, CASE.c.clock.in_(_OURS)
    return Counted(
        filed=sum(by_state.values()),
        settled=_number(uow, scope, *closed),
        late=_number(uow, scope, *late),
        by_state=by_state,
    )


def list_tracks(uow: UnitOfWork, scope: Scope, since: datetime, before: datetime) -> Iterator[Track]:
    """Yield how the reports filed in that time went, oldest first."""
    return (Track(*row) for row in _stream(uow, scope, Track.__slots__, since, before))


def list_lines(uow: UnitOfWork, scope: Scope, since: datetime, before: datetime) -> Iterator[Line]:
    """Yield the reports filed in that time, oldest first."""
    return (Line(*row) for row in _stream(uow, scope, Line.__slots__, since, before))


def list_stars(
    uow: UnitOfWork, scope: Scope, since: datetime, before: datetime
) -> dict[int, tuple[int, ...]]:
    """Return what the reports filed in that time were rated, by report id."""
    query = select_of(scope, select(RATING.c.report_id, RATING.c.stars), since, before)
    found: dict[int, tuple[int, ...]] = {}
    for row in uow.connection.execute(query.join(RATING, RATING.c.report_id == REPORT.c.id)):
        found[row.report_id] = (*found.get(row.report_id, ()), row.stars)
    return found


def _stream(
    uow: UnitOfWork, scope: Scope, names: Sequence[str], since: datetime, before: datetime
) -> Iterator[Row[*tuple[Any, ...]]]:
    """Yield these columns of the reports filed in that time, some at once: there may be many."""
    columns = [(REPORT if name in _OF_REPORT else CASE).c[name] for name in names]
    query = select_of(scope, select(*columns), since, before).order_by(REPORT.c.filed_at, REPORT.c.id)
    yield from uow.connection.execute(query.execution_options(yield_per=AT_ONCE))


def select_of(scope: Scope, query: Select[Any], since: datetime, before: datetime) -> Select[Any]:
    """Return a query of reports and cases with those filed in that time."""
    return _of(scope, query).where(REPORT.c.filed_at >= since, REPORT.c.filed_at < before)


def _of(scope: Scope, query: Select[Any]) -> Select[Any]:
    """An agency's are those it was given, without those that accuse it."""
    query = query.join_from(REPORT, CASE, CASE.c.report_id == REPORT.c.id)
    if scope.agency_code is not None:
        accused = REPORT.c.accused_agency_code
        query = query.where(
            CASE.c.agency_code == scope.agency_code,
            CASE.c.disposed_at.is_not(None),
            or_(accused.is_(None), accused != scope.agency_code),
        )
    if scope.is_oversight is not None:
        is_oversight = REPORT.c.type == ReportType.OVERSIGHT.value
        query = query.where(is_oversight if scope.is_oversight else ~is_oversight)
    return query


def _number(uow: UnitOfWork, scope: Scope, *conditions: ColumnElement[bool]) -> int:
    return int(uow.connection.execute(_of(scope, select(func.count())).where(*conditions)).scalar_one())
