"""What may be counted of reports: never who sent them or what they say."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, func, or_, select

from storage.db import UnitOfWork
from storage.models import Case, CaseEvent, Rating, Report, table
from storage.vocabulary import Clock, Closing, EventKind, ReportType

REPORT, CASE, RATING, EVENT = table(Report), table(Case), table(Rating), table(CaseEvent)
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
    #: None: the agency is only proposed
    disposed_at: datetime | None
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


def count_closed(uow: UnitOfWork, scope: Scope, since: datetime, before: datetime) -> dict[str, int]:
    """Count what was settled in a time, whenever it was filed, by how."""
    closed = CASE.c.closed_at >= since, CASE.c.closed_at < before, CASE.c.closing.in_(_SETTLED)
    query = _of(scope, select(CASE.c.closing, func.count().label("reports"))).where(*closed)
    return {row.closing: row.reports for row in uow.connection.execute(query.group_by(CASE.c.closing))}


def count_late(uow: UnitOfWork, today: date) -> dict[str | None, int]:
    """Count what is past its due date, by the agency that has it; None: not passed on."""
    query = (
        select(
            CASE.c.agency_code,
            CASE.c.disposed_at.is_not(None).label("is_disposed"),
            func.count().label("late"),
        )
        .where(CASE.c.due_on < today, CASE.c.clock.in_(_OURS))
        .group_by(CASE.c.agency_code, CASE.c.disposed_at.is_not(None))
    )
    found: dict[str | None, int] = {}
    for row in uow.connection.execute(query):
        code = row.agency_code if row.is_disposed else None
        found[code] = found.get(code, 0) + row.late
    return found


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


class Happened(NamedTuple):
    """How often something happened to a report."""

    held: int = 0
    answered: int = 0
    rejected: int = 0


def list_happened(uow: UnitOfWork, scope: Scope, since: datetime, before: datetime) -> dict[int, Happened]:
    """Return what happened to the reports filed in that time, by report id; without those nothing happened to."""
    counts = (func.count().filter(EVENT.c.kind == kind) for kind in Happened._fields)
    query = select_of(scope, select(EVENT.c.report_id, *counts), since, before)
    query = query.join(EVENT, EVENT.c.report_id == REPORT.c.id).where(EVENT.c.kind.in_(Happened._fields))
    rows = uow.connection.execute(query.group_by(EVENT.c.report_id))
    return {report_id: Happened(*found) for report_id, *found in rows}


def list_reasons(uow: UnitOfWork, scope: Scope, since: datetime, before: datetime) -> dict[int, str]:
    """Return why those of the reports are archived that are, by report id; without what is not known any more."""
    is_archived = CASE.c.closing == Closing.ARCHIVED.value
    query = select_of(scope, _contents(EventKind.ARCHIVED), since, before).where(is_archived)
    return {report_id: code for report_id, code in _opened(uow, query, "code") if code}


def list_returned(
    uow: UnitOfWork, scope: Scope, since: datetime, before: datetime
) -> list[tuple[Track, frozenset[str]]]:
    """Return the reports filed in that time that were handed back, and by which agencies.

    Of all agencies, whoever has them now; but what accuses the scope's agency is not for it.
    """
    anywhere = Scope(None, scope.is_oversight)
    was_returned = CASE.c.returns > 0, *_unaccused(scope)
    query = select_of(anywhere, _contents(EventKind.HANDED_BACK), since, before).where(*was_returned)
    by: dict[int, set[str]] = {}
    for report_id, code in _opened(uow, query, "by"):
        by.setdefault(report_id, set()).add(code)
    columns = select(*_columns(Track.__slots__))
    tracks = uow.connection.execute(select_of(anywhere, columns, since, before).where(*was_returned))
    return [(track, frozenset(by.get(track.report_id, ()))) for track in (Track(*row) for row in tracks)]


def _contents(kind: EventKind) -> Select[Any]:
    query = select(EVENT.c.report_id, EVENT.c.data_sealed)
    return query.where(EVENT.c.kind == kind.value, EVENT.c.data_sealed.is_not(None)).order_by(EVENT.c.seq)


def _opened(uow: UnitOfWork, query: Select[Any], name: str) -> Iterator[tuple[int, str]]:
    """Yield one value of each event's contents, with its report's id."""
    for report_id, sealed in uow.connection.execute(query.join(EVENT, EVENT.c.report_id == REPORT.c.id)):
        yield report_id, str(json.loads(uow.vault.unseal(sealed)).get(name) or "")


def _stream(
    uow: UnitOfWork, scope: Scope, names: Sequence[str], since: datetime, before: datetime
) -> Iterator[Row[*tuple[Any, ...]]]:
    """Yield these columns of the reports filed in that time, some at once: there may be many."""
    query = select_of(scope, select(*_columns(names)), since, before)
    query = query.order_by(REPORT.c.filed_at, REPORT.c.id)
    yield from uow.connection.execute(query.execution_options(yield_per=AT_ONCE))


def _columns(names: Sequence[str]) -> list[ColumnElement[Any]]:
    return [(REPORT if name in _OF_REPORT else CASE).c[name] for name in names]


def select_of(scope: Scope, query: Select[Any], since: datetime, before: datetime) -> Select[Any]:
    """Return a query of reports and cases with those filed in that time."""
    return _of(scope, query).where(REPORT.c.filed_at >= since, REPORT.c.filed_at < before)


def _of(scope: Scope, query: Select[Any]) -> Select[Any]:
    """An agency's are those it was given, without those that accuse it."""
    query = query.join_from(REPORT, CASE, CASE.c.report_id == REPORT.c.id)
    if scope.agency_code is not None:
        is_theirs = CASE.c.agency_code == scope.agency_code, CASE.c.disposed_at.is_not(None)
        query = query.where(*is_theirs, *_unaccused(scope))
    if scope.is_oversight is not None:
        is_oversight = REPORT.c.type == ReportType.OVERSIGHT.value
        query = query.where(is_oversight if scope.is_oversight else ~is_oversight)
    return query


def _unaccused(scope: Scope) -> list[ColumnElement[bool]]:
    accused = REPORT.c.accused_agency_code
    return [] if scope.agency_code is None else [or_(accused.is_(None), accused != scope.agency_code)]


def _number(uow: UnitOfWork, scope: Scope, *conditions: ColumnElement[bool]) -> int:
    return int(uow.connection.execute(_of(scope, select(func.count())).where(*conditions)).scalar_one())
