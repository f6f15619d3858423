"""Cases as those who handle them see them: one, a queue of them, and the one statement that moves one."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, select, update

from storage.db import UnitOfWork
from storage.models import Case, Report, table
from storage.vocabulary import CaseState, Clock, Closing, ReportType

REPORT, CASE = table(Report), table(Case)
#: of a case that is not over: what comes from now on is erased when its time has come, too
NOT_OVER = dict.fromkeys(("closing", "closed_at", "media_erased_at", "texts_erased_at", "audit_erased_at"))


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A report and how it is handled, without what its reporter wrote."""

    report_id: int
    #: where it was filed from
    address_id: int
    number: str
    type: ReportType
    category_code: str
    area_code: str | None
    channel: str
    is_anonymous: bool
    is_secret: bool
    is_emergency: bool
    accused_agency_code: str | None
    filed_at: datetime
    state: CaseState
    agency_code: str | None
    week: str | None
    officer_id: int | None
    clock: Clock | None
    due_on: date | None
    check_due_on: date
    settle_due_on: date | None
    days_left: int | None
    asked_at: datetime | None
    appealed_at: datetime | None
    checked_at: datetime | None
    disposed_at: datetime | None
    first_answer_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    closing: Closing | None
    offered_at: datetime | None
    consented_at: datetime | None
    returns: int
    reopenings: int
    parent_report_id: int | None
    outside_code: str | None
    outside_number: str | None
    policy: str
    #: counts moves: whoever acts on an older one is told what happened meanwhile
    version: int
    #: when it last moved
    updated_at: datetime


_OF_REPORT = (
    *("address_id", "number", "type", "category_code", "area_code", "channel", "is_anonymous"),
    *("is_secret", "is_emergency", "accused_agency_code", "filed_at"),
)
_ENUMS = {"type": ReportType, "state": CaseState, "clock": Clock, "closing": Closing}
_COLUMNS = [REPORT.c[name] if name in _OF_REPORT else CASE.c[name] for name in CaseRow.__slots__]


def select_cases() -> Select[*tuple[Any, ...]]:
    return select(*_COLUMNS).join(REPORT, REPORT.c.id == CASE.c.report_id)


def to_case(row: Row[*tuple[Any, ...]]) -> CaseRow:
    return CaseRow(**_typed(zip(CaseRow.__slots__, row, strict=False)))  # what else was asked for comes last


def _typed(columns: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Return columns as a CaseRow has them."""
    return {name: _ENUMS[name](value) if name in _ENUMS and value else value for name, value in columns}


_CASE = select_cases().where(CASE.c.report_id == bindparam("report"))
_CASE_LOCKED = _CASE.add_columns(CASE.c.last_seq, CASE.c.last_hash).with_for_update(of=CASE)


def get_case(uow: UnitOfWork, report_id: int) -> CaseRow:
    """Return a case, locked until the transaction ends. Raises NoResultFound."""
    row = uow.connection.execute(_CASE_LOCKED, {"report": report_id}).one()
    uow.ends[report_id] = row.last_seq, row.last_hash
    return to_case(row)


def read_case(uow: UnitOfWork, report_id: int) -> CaseRow:
    """Return a case to read, not locked. Raises NoResultFound."""
    return to_case(uow.connection.execute(_CASE, {"report": report_id}).one())


_BY_NUMBER = select_cases().where(REPORT.c.number == bindparam("wanted"))
_BY_NUMBER_OUTSIDE = (
    select_cases()
    .where(CASE.c.outside_number == bindparam("wanted"))
    .order_by(CASE.c.report_id.desc())
    .limit(1)
)


def find_case(uow: UnitOfWork, number: str) -> CaseRow | None:
    """Return the case with our number, else one that has it from a body outside."""
    found = find_own_case(uow, number)
    if found is not None:
        return found
    row = uow.connection.execute(_BY_NUMBER_OUTSIDE, {"wanted": number}).one_or_none()
    return None if row is None else to_case(row)


def find_own_case(uow: UnitOfWork, number: str) -> CaseRow | None:
    """Return the case with our number, to read, not locked."""
    row = uow.connection.execute(_BY_NUMBER, {"wanted": number}).one_or_none()
    return None if row is None else to_case(row)


def list_newest(uow: UnitOfWork, limit: int) -> list[CaseRow]:
    """Return the cases of the newest reports, whoever has them."""
    query = select_cases().order_by(CASE.c.report_id.desc()).limit(limit)
    return [to_case(row) for row in uow.connection.execute(query)]


_CHILDREN = select_cases().where(CASE.c.parent_report_id == bindparam("report")).order_by(CASE.c.report_id)


def list_children(uow: UnitOfWork, report_id: int) -> list[CaseRow]:
    """Return the cases that follow this one."""
    return [to_case(row) for row in uow.connection.execute(_CHILDREN, {"report": report_id})]


_PARENTS = select(CASE.c.parent_report_id).where(
    CASE.c.parent_report_id.in_(bindparam("reports", expanding=True))
)


def list_parents(uow: UnitOfWork, report_ids: Collection[int]) -> frozenset[int]:
    """Return those of the reports that others follow."""
    return frozenset(uow.connection.execute(_PARENTS, {"reports": sorted(report_ids)}).scalars())


def adopt_children(uow: UnitOfWork, report_id: int, parent_report_id: int, now: datetime) -> None:
    """Let the cases that follow one follow another."""
    uow.connection.execute(
        update(CASE)
        .where(CASE.c.parent_report_id == report_id)
        .values(parent_report_id=parent_report_id, version=CASE.c.version + 1, updated_at=now)
    )


def update_report(uow: UnitOfWork, report_id: int, **values: object) -> None:
    """Set type, category or protection right; what the reporter told stays as it is."""
    uow.connection.execute(update(REPORT).where(REPORT.c.id == report_id).values(**values))


_REPORTER = select(REPORT.c.reporter_id).where(REPORT.c.id == bindparam("report"))


def get_reporter_id(uow: UnitOfWork, report_id: int) -> int:
    reporter_id: int = uow.connection.execute(_REPORTER, {"report": report_id}).scalar_one()
    return reporter_id


def release_cases(uow: UnitOfWork, officer_id: int, now: datetime) -> list[int]:
    """Let an officer's open cases be nobody's; counts one move each. Returns the reports' ids."""
    theirs = uow.connection.execute(
        update(CASE)
        .where(CASE.c.officer_id == officer_id, CASE.c.closed_at.is_(None))
        .values(officer_id=None, version=CASE.c.version + 1, updated_at=now)
        .returning(CASE.c.report_id)
    ).scalars()
    return sorted(theirs)


_MOVE = update(CASE).where(CASE.c.report_id == bindparam("report")).values(version=CASE.c.version + 1)
_OF_CASE = [name for name in CaseRow.__slots__ if name not in _OF_REPORT]
_MOVE_AND_READ = _MOVE.returning(*(CASE.c[name] for name in _OF_CASE))


def move_case(uow: UnitOfWork, case: CaseRow, now: datetime, **values: object) -> CaseRow:
    """Set columns of a case that the caller holds the lock of, counts one move, and return it as it stands then."""
    wanted = {"report": case.report_id, "updated_at": now, **values}
    moved = uow.connection.execute(_MOVE_AND_READ, wanted).one()
    return replace(case, **_typed(zip(_OF_CASE, moved, strict=True)))
