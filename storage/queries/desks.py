"""What officers read: queues, the words of one report, what may be meant by a number, what is like what.

Every query has an end: it follows an index, or looks at the newest rows alone.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, func, literal_column, or_, select

from storage.db import UnitOfWork
from storage.models import Attachment, Case, CaseEvent, ProposedAnswer, Report, table
from storage.queries.handling import CaseRow, select_cases, to_case
from storage.vocabulary import CaseState, Clock, ReportType

REPORT, CASE, EVENT, ATTACHMENT = table(Report), table(Case), table(CaseEvent), table(Attachment)
PROPOSED = table(ProposedAnswer)
#: rows that a search opens, and that proposals are drawn from
NEWEST = 500
#: clocks that run for the reporter
WAITING = (Clock.CITIZEN_DATA.value, Clock.CITIZEN_REPLY.value)
#: written into the statement, so that a partial index is found to hold what is asked for
_OVERSIGHT: ColumnElement[str] = literal_column(f"'{ReportType.OVERSIGHT}'")
#: nobody has answered yet
_NEW = (
    *(CaseState.UNVERIFIED.value, CaseState.RETURNED.value),
    *(CaseState.DISPOSED.value, CaseState.REOPENED.value),
)


class Reach(Protocol):
    """Which cases somebody sees (handlers.officers.access.Reach)."""

    @property
    def agency_code(self) -> str | None: ...
    @property
    def own_agency_code(self) -> str | None: ...
    @property
    def is_oversight(self) -> bool | None: ...
    @property
    def is_disposed(self) -> bool: ...
    @property
    def min_returns(self) -> int: ...


def _within(reach: Reach) -> Iterator[ColumnElement[bool]]:
    if reach.agency_code is not None:
        yield CASE.c.agency_code == reach.agency_code
    if reach.own_agency_code is not None:
        accused = REPORT.c.accused_agency_code
        yield or_(accused.is_(None), accused != reach.own_agency_code)
    if reach.is_oversight is not None:
        yield REPORT.c.type == _OVERSIGHT if reach.is_oversight else REPORT.c.type != _OVERSIGHT
    if reach.is_disposed:
        yield CASE.c.disposed_at.is_not(None)
    if reach.min_returns:
        yield and_(CASE.c.returns > literal_column("0"), CASE.c.returns >= reach.min_returns)


# --- queues ---


@dataclass(frozen=True, slots=True)
class Counts:
    """What waits; a case may count twice."""

    all: int
    new: int
    #: of these, due later than the days given
    early: int
    #: on the one day given
    today: int
    #: from then on until the other one
    due: int
    late: int
    #: for the reporter
    waiting: int


@dataclass(frozen=True, slots=True)
class Sieve:
    """Which of the running cases."""

    #: None: all
    clocks: tuple[Clock, ...] | None = None
    agency_code: str | None = None
    officer_id: int | None = None
    #: nobody's, or one of these officers'
    free_or_of: frozenset[int] | None = None
    #: an answer waits for the second person
    is_proposed: bool = False
    is_new: bool = False
    is_reopened: bool = False
    #: due before that day, and not for the reporter
    late_on: date | None = None
    is_waiting: bool = False


def _sifted(sieve: Sieve) -> Iterator[ColumnElement[bool]]:
    yield CASE.c.due_on.is_not(None)
    if sieve.clocks is not None:
        yield CASE.c.clock.in_([clock.value for clock in sieve.clocks])
    if sieve.agency_code is not None:
        yield and_(CASE.c.agency_code == sieve.agency_code, CASE.c.disposed_at.is_not(None))
    if sieve.officer_id is not None:
        yield CASE.c.officer_id == sieve.officer_id
    if sieve.free_or_of is not None:
        yield or_(CASE.c.officer_id.is_(None), CASE.c.officer_id.in_(sorted(sieve.free_or_of)))
    if sieve.is_proposed:
        yield select(PROPOSED.c.report_id).where(PROPOSED.c.report_id == CASE.c.report_id).exists()
    if sieve.is_new:
        yield CASE.c.state.in_(_NEW)
    if sieve.is_reopened:
        yield CASE.c.state == CaseState.REOPENED.value
    if sieve.late_on is not None:
        yield and_(CASE.c.due_on < sieve.late_on, CASE.c.clock.not_in(WAITING))
    if sieve.is_waiting:
        yield CASE.c.clock.in_(WAITING)


def count_queue(uow: UnitOfWork, reach: Reach, sieve: Sieve, today: date, soon: date) -> Counts:
    """Return how much waits; `soon`: the last day that counts as due."""
    is_ours = CASE.c.clock.not_in(WAITING)
    query = (
        select(
            func.count(),
            func.count().filter(CASE.c.state.in_(_NEW)),
            func.count().filter(and_(CASE.c.state.in_(_NEW), is_ours, CASE.c.due_on > soon)),
            func.count().filter(and_(is_ours, CASE.c.due_on == today)),
            func.count().filter(and_(is_ours, CASE.c.due_on >= today, CASE.c.due_on <= soon)),
            func.count().filter(and_(is_ours, CASE.c.due_on < today)),
            func.count().filter(CASE.c.clock.in_(WAITING)),
        )
        .select_from(CASE)
        .join(REPORT, REPORT.c.id == CASE.c.report_id)
        .where(*_within(reach), *_sifted(sieve))
    )
    return Counts(*uow.connection.execute(query).one())


def list_queue(uow: UnitOfWork, reach: Reach, sieve: Sieve, *, limit: int, skip: int = 0) -> list[CaseRow]:
    """Return running cases, what is due first first."""
    query = queue_query(reach, sieve).limit(limit).offset(skip)
    return [to_case(row) for row in uow.connection.execute(query)]


def queue_query(reach: Reach, sieve: Sieve) -> Select[*tuple[Any, ...]]:
    return select_cases().where(*_within(reach), *_sifted(sieve)).order_by(CASE.c.due_on, CASE.c.report_id)


def list_appealed(uow: UnitOfWork, limit: int) -> list[CaseRow]:
    """Return archived cases whose reporters object, the oldest objection first."""
    query = select_cases().where(CASE.c.appealed_at.is_not(None)).order_by(CASE.c.appealed_at).limit(limit)
    return [to_case(row) for row in uow.connection.execute(query)]


def find_numbers(uow: UnitOfWork, reach: Reach, numbers: Collection[str], limit: int) -> list[str]:
    """Return those of the numbers that somebody may see a running case of."""
    query = (
        select(REPORT.c.number)
        .join(CASE, CASE.c.report_id == REPORT.c.id)
        .where(REPORT.c.number.in_(sorted(numbers)), CASE.c.due_on.is_not(None), *_within(reach))
        .order_by(REPORT.c.id.desc())
        .limit(limit)
    )
    return list(uow.connection.execute(query).scalars())


# --- searches and proposals ---


@dataclass(frozen=True, slots=True)
class Told:
    """A case and what was told of it."""

    case: CaseRow
    description: str
    place: str


def list_told(
    uow: UnitOfWork,
    reach: Reach,
    *,
    areas: Sequence[str] = (),
    category: str = "",
    limit: int = NEWEST,
) -> list[Told]:
    """Return the newest reports somebody may see, opened; of some areas or a category, or of all."""
    query = (
        select_cases().add_columns(REPORT.c.description_sealed, REPORT.c.place_sealed).where(*_within(reach))
    )
    if areas:
        # Of one place they lie in this order.
        is_there = REPORT.c.area_code == areas[0] if len(areas) == 1 else REPORT.c.area_code.in_(areas)
        query = query.where(is_there)
    if category:
        query = query.where(REPORT.c.category_code == category)
    rows = uow.connection.execute(query.order_by(REPORT.c.id.desc()).limit(limit))
    return [_told(uow, row) for row in rows]


_OVER = (CaseState.SETTLED.value, CaseState.ARCHIVED.value, CaseState.DUPLICATE.value)
_NEWEST_THERE = (
    select(REPORT.c.id)
    .where(REPORT.c.area_code == bindparam("area"), REPORT.c.category_code == bindparam("category"))
    .order_by(REPORT.c.id.desc())
    .limit(NEWEST)
    .subquery("newest")
)
_ALIKE = (
    select_cases()
    .add_columns(REPORT.c.description_sealed, REPORT.c.place_sealed)
    .join(_NEWEST_THERE, _NEWEST_THERE.c.id == REPORT.c.id)
    .where(
        REPORT.c.id != bindparam("report"),
        REPORT.c.filed_at.between(bindparam("since"), bindparam("until")),
        CASE.c.state.not_in(_OVER),
    )
    .order_by(REPORT.c.id.desc())
)


def list_alike(uow: UnitOfWork, case: CaseRow, apart: timedelta) -> list[Told]:
    """Return other reports of a case's place and category, filed no more than so far apart and not over; opened.

    What can be told without opening them is: that is what costs.
    """
    wanted = {
        "report": case.report_id,
        "area": case.area_code,
        "category": case.category_code,
        "since": case.filed_at - apart,
        "until": case.filed_at + apart,
    }
    return [_told(uow, row) for row in uow.connection.execute(_ALIKE, wanted)]


def _told(uow: UnitOfWork, row: Row[*tuple[Any, ...]]) -> Told:
    unseal = uow.vault.unseal
    place = unseal(row.place_sealed) if row.place_sealed else ""
    return Told(to_case(row), unseal(row.description_sealed), place)


def count_dispositions(uow: UnitOfWork, category: str) -> list[tuple[str, int]]:
    """Return to which agencies the newest reports of a category went, most often first."""
    newest = (
        select(CASE.c.agency_code)
        .join(REPORT, REPORT.c.id == CASE.c.report_id)
        .where(REPORT.c.category_code == category, CASE.c.disposed_at.is_not(None))
        .order_by(REPORT.c.id.desc())
        .limit(NEWEST)
        .subquery()
    )
    query = (
        select(newest.c.agency_code, func.count().label("times"))
        .where(newest.c.agency_code.is_not(None))
        .group_by(newest.c.agency_code)
        .order_by(func.count().desc(), newest.c.agency_code)
    )
    return [(row.agency_code, row.times) for row in uow.connection.execute(query)]


def list_open_of(uow: UnitOfWork, officer_id: int, limit: int) -> list[CaseRow]:
    """Return the running cases an officer has taken, what is due first first."""
    query = (
        select_cases()
        .where(CASE.c.officer_id == officer_id, CASE.c.due_on.is_not(None))
        .order_by(CASE.c.due_on)
        .limit(limit)
    )
    return [to_case(row) for row in uow.connection.execute(query)]
