"""The loaded deployment file, and the rows that reports refer to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Table, func, insert, select, update

from storage.db import UnitOfWork
from storage.models import Agency, Area, Case, Category, LoadedDeployment, Report, table

LOADED = table(LoadedDeployment)
AGENCY, CATEGORY, AREA = table(Agency), table(Category), table(Area)
REPORT, CASE = table(Report), table(Case)

Rows = Mapping[str, Mapping[str, str | None]]


@dataclass(frozen=True, slots=True)
class Loaded:
    content: str
    sha256: str
    loaded_at: datetime
    check_sealed: bytes


@dataclass(frozen=True, slots=True)
class Change:
    """What one `kanal setup` did to one kind of row."""

    kind: str
    added: Sequence[str]
    changed: Sequence[str]
    removed: Sequence[str]


class StillUsed(Exception):  # noqa: N818 - it names a state of affairs
    """Something is to be removed that reports refer to."""

    def __init__(self, kind: str, uses: Mapping[str, int]) -> None:
        super().__init__(kind)
        self.kind = kind
        #: code → number of reports
        self.uses = uses


def find_loaded(uow: UnitOfWork) -> Loaded | None:
    row = uow.connection.execute(select(*(LOADED.c[name] for name in Loaded.__slots__))).one_or_none()
    return None if row is None else Loaded(*row)


def save_loaded(uow: UnitOfWork, content: str, sha256: str, now: datetime) -> None:
    values = {"content": content, "sha256": sha256, "loaded_at": now}
    if uow.connection.execute(update(LOADED).values(values)).rowcount == 0:
        uow.connection.execute(insert(LOADED).values(id=1, check_sealed=uow.vault.seal("kanal"), **values))


def sync_agencies(uow: UnitOfWork, wanted: Rows) -> Change:
    used = [CASE.c.agency_code, REPORT.c.accused_agency_code]
    return _sync(uow, "agencies", AGENCY, wanted, used)


def sync_categories(uow: UnitOfWork, wanted: Rows) -> Change:
    return _sync(uow, "categories", CATEGORY, wanted, [REPORT.c.category_code])


def sync_areas(uow: UnitOfWork, wanted: Rows) -> Change:
    """`wanted` lists parents before their children."""
    return _sync(uow, "areas", AREA, wanted, [REPORT.c.area_code])


def detach_categories(uow: UnitOfWork, agencies: Sequence[str]) -> None:
    """Let categories forget agencies that are about to go; `sync_categories` sets them anew."""
    uow.connection.execute(
        update(CATEGORY).where(CATEGORY.c.agency_code.not_in(agencies)).values(agency_code=None)
    )


def _sync(uow: UnitOfWork, kind: str, target: Table, wanted: Rows, used: Sequence[Column[str]]) -> Change:
    """Make the table hold just what is wanted. Raises StillUsed."""
    present = {row.code: row._asdict() for row in uow.connection.execute(select(target))}
    gone = [code for code in present if code not in wanted]
    _refuse_used(uow, kind, gone, used)
    added = [code for code in wanted if code not in present]
    changed = [code for code in wanted if code in present and present[code] != {"code": code, **wanted[code]}]
    if added:
        uow.connection.execute(insert(target), [{"code": code, **wanted[code]} for code in added])
    for code in changed:
        uow.connection.execute(update(target).where(target.c.code == code).values(**wanted[code]))
    for code in sorted(gone, reverse=True):  # children have longer codes than their parents
        uow.connection.execute(target.delete().where(target.c.code == code))
    return Change(kind, added, changed, gone)


def _refuse_used(uow: UnitOfWork, kind: str, gone: Sequence[str], used: Sequence[Column[str]]) -> None:
    uses: dict[str, int] = {}
    for column in used:
        query = select(column, func.count()).where(column.in_(gone)).group_by(column)
        for code, count in uow.connection.execute(query):
            uses[code] = uses.get(code, 0) + count
    if uses:
        raise StillUsed(kind, uses)
