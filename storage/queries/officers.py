"""Officers: who they are, when they are away, what they are in the middle of."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, exists, func, insert, or_, select, union_all, update

from storage.db import UnitOfWork
from storage.models import (
    Address,
    AgencyGroup,
    Desk,
    Officer,
    OfficerLeave,
    Reporter,
    table,
)
from storage.vocabulary import Channel, Role

OFFICER, LEAVE = table(Officer), table(OfficerLeave)
DESK, GROUP, ADDRESS, REPORTER = table(Desk), table(AgencyGroup), table(Address), table(Reporter)


@dataclass(frozen=True, slots=True)
class OfficerRow:
    """An officer, and where they are reached."""

    id: int
    name: str
    role: Role
    #: None: all of them
    agency_code: str | None
    is_deputy: bool
    suspended_at: datetime | None
    is_unreachable: bool
    address_id: int
    channel: str
    language: str
    joined_at: datetime

    @property
    def is_suspended(self) -> bool:
        return self.suspended_at is not None


@dataclass(frozen=True, slots=True)
class Group:
    """A group chat of an agency."""

    address_id: int
    channel: str
    language: str
    agency_code: str


def _officers() -> Select[*tuple[Any, ...]]:
    return (
        select(
            OFFICER,
            ADDRESS.c.channel,
            ADDRESS.c.unreachable_at,
            REPORTER.c.language,
        )
        .join(ADDRESS, ADDRESS.c.id == OFFICER.c.address_id)
        .join(REPORTER, REPORTER.c.id == ADDRESS.c.reporter_id)
        .order_by(OFFICER.c.is_deputy, OFFICER.c.id)
    )


def _officer(uow: UnitOfWork, row: Row[*tuple[Any, ...]]) -> OfficerRow:
    return OfficerRow(
        id=row.id,
        name=uow.vault.unseal(row.name_sealed),
        role=Role(row.role),
        agency_code=row.agency_code,
        is_deputy=row.is_deputy,
        suspended_at=row.suspended_at,
        is_unreachable=row.unreachable_at is not None,
        address_id=row.address_id,
        channel=row.channel,
        language=row.language,
        joined_at=row.joined_at,
    )


_AT = (
    _officers()
    .where(
        ADDRESS.c.channel == bindparam("channel"),
        ADDRESS.c.identifier_hash.in_(bindparam("hashes", expanding=True)),
    )
    .limit(1)
)


def find_officer_at(uow: UnitOfWork, channel: str, identifier: str) -> OfficerRow | None:
    """Return the officer who writes from an address, suspended or not."""
    hashes = uow.vault.fingerprints(f"address:{channel}", identifier)
    row = uow.connection.execute(_AT, {"channel": channel, "hashes": hashes}).first()
    return None if row is None else _officer(uow, row)


_AT_ADDRESS = _officers().where(OFFICER.c.address_id == bindparam("address"))


def find_officer_by_address(uow: UnitOfWork, address_id: int) -> OfficerRow | None:
    row = uow.connection.execute(_AT_ADDRESS, {"address": address_id}).one_or_none()
    return None if row is None else _officer(uow, row)


_OFFICER = _officers().where(OFFICER.c.id == bindparam("officer"))


def find_officer(uow: UnitOfWork, officer_id: int) -> OfficerRow | None:
    row = uow.connection.execute(_OFFICER, {"officer": officer_id}).one_or_none()
    return None if row is None else _officer(uow, row)


_OF_ROLES = _officers().where(OFFICER.c.role.in_(bindparam("roles", expanding=True)))
_OF_AGENCY = _OF_ROLES.where(OFFICER.c.agency_code == bindparam("agency"))


def list_officers(
    uow: UnitOfWork, roles: Collection[Role] = tuple(Role), agency_code: str | None = None
) -> list[OfficerRow]:
    """Return officers of these roles, suspended ones too, first ones before deputies; of one agency or all."""
    wanted = {"roles": [role.value for role in roles], "agency": agency_code}
    rows = uow.connection.execute(_OF_ROLES if agency_code is None else _OF_AGENCY, wanted)
    return [_officer(uow, row) for row in rows]


def list_active(uow: UnitOfWork, roles: Collection[Role], agency_code: str | None = None) -> list[OfficerRow]:
    """The same without suspended ones."""
    return [one for one in list_officers(uow, roles, agency_code) if not one.is_suspended]


_POSTS = (
    select(OFFICER.c.role, OFFICER.c.agency_code)
    .distinct()
    .join(ADDRESS, ADDRESS.c.id == OFFICER.c.address_id)
    .where(
        OFFICER.c.suspended_at.is_(None),
        ADDRESS.c.unreachable_at.is_(None),
        ADDRESS.c.channel != Channel.CONSOLE.value,
    )
)


def list_posts(uow: UnitOfWork) -> set[tuple[Role, str | None]]:
    """Return roles and agencies of which somebody can be reached, a terminal aside."""
    return {(Role(row.role), row.agency_code) for row in uow.connection.execute(_POSTS)}


_ON_DAY = (LEAVE.c.from_on <= bindparam("day"), LEAVE.c.until_on >= bindparam("day"))
_AWAY = select(LEAVE.c.officer_id).where(*_ON_DAY)
_ABSENCES = union_all(
    select(LEAVE.c.created_at.label("since")).where(*_ON_DAY),
    select(OFFICER.c.suspended_at),
    select(ADDRESS.c.unreachable_at).where(ADDRESS.c.id.in_(select(OFFICER.c.address_id))),
).subquery()
_NEWEST_ABSENCE = select(func.max(_ABSENCES.c.since))


def list_away(uow: UnitOfWork, day: date) -> frozenset[int]:
    """Return the ids of officers who are on leave that day."""
    return frozenset(uow.connection.execute(_AWAY, {"day": day}).scalars())


def find_newest_absence(uow: UnitOfWork, day: date) -> datetime | None:
    """Return when an officer who is not there that day was last noted: on leave, suspended, out of reach."""
    newest: datetime | None = uow.connection.execute(_NEWEST_ABSENCE, {"day": day}).scalar_one()
    return newest


def insert_officer(
    uow: UnitOfWork,
    *,
    address_id: int,
    name: str,
    role: Role,
    agency_code: str | None,
    is_deputy: bool,
    now: datetime,
) -> int:
    """Raises IntegrityError where the address has an officer already."""
    officer_id: int = uow.connection.execute(
        insert(OFFICER)
        .values(
            address_id=address_id,
            name_sealed=uow.vault.seal(name),
            role=role.value,
            agency_code=agency_code,
            is_deputy=is_deputy,
            joined_at=now,
        )
        .returning(OFFICER.c.id)
    ).scalar_one()
    return officer_id


def update_officer(
    uow: UnitOfWork, officer_id: int, *, name: str, role: Role, agency_code: str | None, is_deputy: bool
) -> None:
    """Give an officer another post; they may work again at once."""
    uow.connection.execute(
        update(OFFICER)
        .where(OFFICER.c.id == officer_id)
        .values(
            name_sealed=uow.vault.seal(name),
            role=role.value,
            agency_code=agency_code,
            is_deputy=is_deputy,
            suspended_at=None,
        )
    )


def set_suspended(uow: UnitOfWork, officer_id: int, at: datetime | None) -> None:
    """Suspend at once, or (None) let them work again."""
    uow.connection.execute(update(OFFICER).where(OFFICER.c.id == officer_id).values(suspended_at=at))


# --- leave ---


def insert_leave(uow: UnitOfWork, officer_id: int, from_on: date, until_on: date, now: datetime) -> None:
    uow.connection.execute(
        insert(LEAVE).values(officer_id=officer_id, from_on=from_on, until_on=until_on, created_at=now)
    )


def end_leave(uow: UnitOfWork, officer_id: int, today: date) -> int:
    """Forget leave that is not over; returns how many."""
    return uow.connection.execute(
        LEAVE.delete().where(LEAVE.c.officer_id == officer_id, LEAVE.c.until_on >= today)
    ).rowcount


# --- groups ---


_GROUPS = (
    select(GROUP.c.address_id, ADDRESS.c.channel, REPORTER.c.language, GROUP.c.agency_code)
    .join(ADDRESS, ADDRESS.c.id == GROUP.c.address_id)
    .join(REPORTER, REPORTER.c.id == ADDRESS.c.reporter_id)
    .order_by(GROUP.c.address_id)
)
_GROUP_AT = _GROUPS.where(GROUP.c.address_id == bindparam("address"))
_GROUPS_OF = _GROUPS.where(GROUP.c.agency_code == bindparam("agency"), ADDRESS.c.unreachable_at.is_(None))


def find_group(uow: UnitOfWork, address_id: int) -> Group | None:
    row = uow.connection.execute(_GROUP_AT, {"address": address_id}).one_or_none()
    return None if row is None else Group(*row)


def list_groups(uow: UnitOfWork, agency_code: str) -> list[Group]:
    """Return an agency's groups that can be reached."""
    return [Group(*row) for row in uow.connection.execute(_GROUPS_OF, {"agency": agency_code})]


def set_group(uow: UnitOfWork, address_id: int, agency_code: str | None, now: datetime) -> None:
    """Make a chat an agency's group; None: it is one no more."""
    uow.connection.execute(GROUP.delete().where(GROUP.c.address_id == address_id))
    if agency_code is not None:
        uow.connection.execute(
            insert(GROUP).values(address_id=address_id, agency_code=agency_code, created_at=now)
        )


# --- what an officer is in the middle of ---


_LOCK = select(OFFICER.c.id).where(OFFICER.c.id == bindparam("officer")).with_for_update(key_share=True)
_TASK = select(DESK.c.task_sealed).where(DESK.c.officer_id == bindparam("officer"))
_SAVE_TASK = update(DESK).where(DESK.c.officer_id == bindparam("officer"))
_FIRST_TASK = insert(DESK)


def lock_task(uow: UnitOfWork, officer_id: int) -> str | None:
    """Return what an officer is in the middle of; it stands still until the transaction ends."""
    if uow.locks_rows:
        uow.connection.execute(_LOCK, {"officer": officer_id})
    sealed = uow.connection.execute(_TASK, {"officer": officer_id}).scalar_one_or_none()
    return None if sealed is None else uow.vault.unseal(sealed)


def save_task(uow: UnitOfWork, officer_id: int, task: str | None, now: datetime) -> None:
    """Remember what an officer is in the middle of; None: nothing. The caller holds the lock."""
    values = {"task_sealed": None if task is None else uow.vault.seal(task), "updated_at": now}
    if not uow.connection.execute(_SAVE_TASK, {"officer": officer_id, **values}).rowcount:
        uow.connection.execute(_FIRST_TASK, {"officer_id": officer_id, **values})


def is_officers_address(uow: UnitOfWork, reporter_id: int) -> bool:
    """Tell whether one of a person's addresses is an officer's at work, or a group's: those are not erased."""
    theirs = select(ADDRESS.c.id).where(ADDRESS.c.reporter_id == reporter_id)
    return bool(
        uow.connection.execute(
            select(
                or_(
                    exists().where(OFFICER.c.address_id.in_(theirs), OFFICER.c.suspended_at.is_(None)),
                    exists().where(GROUP.c.address_id.in_(theirs)),
                )
            )
        ).scalar_one()
    )
