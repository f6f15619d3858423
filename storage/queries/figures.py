"""What may be counted of reports: never who sent them or what they say."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select

from storage.db import UnitOfWork
from storage.models import Case, Report, table
from storage.vocabulary import Clock, Closing, ReportType

REPORT, CASE = table(Report), table(Case)

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
class Span:
    """When a report was filed, first answered, and settled."""

    filed_at: datetime
    first_answer_at: datetime | None
    settled_at: datetime | None


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
    states = _of(scope, select(CASE.c.state, func.count().label("reports"))).where(_filed(since, before))
    by_state = {row.state: row.reports for row in uow.connection.execute(states.group_by(CASE.c.state))}
    closed = CASE.c.closed_at >= since, CASE.c.closed_at < before, CASE.c.closing.in_(_SETTLED)
    late = CASE.c.due_on < today, CASE.c.clock.in_(_OURS)
    return Counted(
        filed=sum(by_state.values()),
        settled=_number(uow, scope, *closed),
        late=_number(uow, scope, *late),
        by_state=by_state,
    )


def list_spans(uow: UnitOfWork, scope: Scope, since: datetime, before: datetime) -> list[Span]:
    """Return how the reports filed in that time went on, as far as they did."""
    query = _of(scope, select(REPORT.c.filed_at, CASE.c.first_answer_at, CASE.c.closed_at, CASE.c.closing))
    went_on = or_(CASE.c.first_answer_at.is_not(None), CASE.c.closed_at.is_not(None))
    rows = uow.connection.execute(query.where(_filed(since, before), went_on))
    return [
        Span(row.filed_at, row.first_answer_at, row.closed_at if row.closing in _SETTLED else None)
        for row in rows
    ]


def list_lines(uow: UnitOfWork, scope: Scope, since: datetime, before: datetime) -> list[Line]:
    """Return the reports filed in that time, oldest first."""
    of_report = {"number", "type", "category_code", "area_code", "channel", "filed_at"}
    columns = [(REPORT if name in of_report else CASE).c[name] for name in Line.__slots__]
    query = _of(scope, select(*columns)).where(_filed(since, before)).order_by(REPORT.c.id)
    return [Line(*row) for row in uow.connection.execute(query)]


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


def _filed(since: datetime, before: datetime) -> ColumnElement[bool]:
    return (REPORT.c.filed_at >= since) & (REPORT.c.filed_at < before)


def _number(uow: UnitOfWork, scope: Scope, *conditions: ColumnElement[bool]) -> int:
    return int(uow.connection.execute(_of(scope, select(func.count())).where(*conditions)).scalar_one())
