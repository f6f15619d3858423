"""Invitations to become an officer, and the codes people give."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, func, insert, select, update

from storage.db import UnitOfWork
from storage.models import InvitationAttempt, OfficerInvitation, table
from storage.vocabulary import Role

INVITATION, ATTEMPT = table(OfficerInvitation), table(InvitationAttempt)


@dataclass(frozen=True, slots=True)
class Invitation:
    id: int
    name: str
    role: Role
    agency_code: str | None
    is_deputy: bool
    #: None: by the command line
    invited_by: int | None
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None


def insert_invitation(
    uow: UnitOfWork,
    *,
    code: str,
    name: str,
    role: Role,
    agency_code: str | None,
    is_deputy: bool,
    invited_by: int | None,
    now: datetime,
    expires_at: datetime,
) -> None:
    uow.connection.execute(
        insert(INVITATION).values(
            code_digest=uow.vault.fingerprint("invitation", code),
            name_sealed=uow.vault.seal(name),
            role=role.value,
            agency_code=agency_code,
            is_deputy=is_deputy,
            invited_by=invited_by,
            created_at=now,
            expires_at=expires_at,
        )
    )


def find_invitation(uow: UnitOfWork, code: str) -> Invitation | None:
    """Return the invitation with this code, used or expired ones too."""
    return _find(uow, INVITATION.c.code_digest.in_(uow.vault.fingerprints("invitation", code)))


def _find(uow: UnitOfWork, which: ColumnElement[bool]) -> Invitation | None:
    row = uow.connection.execute(select(INVITATION).where(which)).first()
    return None if row is None else _invitation(uow, row)


def list_open(uow: UnitOfWork, now: datetime) -> list[Invitation]:
    """Return the invitations that can still be used, oldest first."""
    rows = uow.connection.execute(select(INVITATION).where(*_is_open(now)).order_by(INVITATION.c.id))
    return [_invitation(uow, row) for row in rows]


def _is_open(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return INVITATION.c.used_at.is_(None), INVITATION.c.expires_at > now


def _invitation(uow: UnitOfWork, row: Row[*tuple[Any, ...]]) -> Invitation:
    return Invitation(
        id=row.id,
        name=uow.vault.unseal(row.name_sealed),
        role=Role(row.role),
        agency_code=row.agency_code,
        is_deputy=row.is_deputy,
        invited_by=row.invited_by,
        created_at=row.created_at,
        expires_at=row.expires_at,
        used_at=row.used_at,
    )


def use_invitation(uow: UnitOfWork, invitation_id: int, now: datetime) -> bool:
    """Use it up; False when somebody was faster, or its issuer was suspended meanwhile."""
    return (
        uow.connection.execute(
            update(INVITATION).where(INVITATION.c.id == invitation_id, *_is_open(now)).values(used_at=now)
        ).rowcount
        == 1
    )


def void_issued(uow: UnitOfWork, officer_id: int, now: datetime) -> None:
    """End the invitations of an officer that nobody has used yet."""
    issued = update(INVITATION).where(INVITATION.c.invited_by == officer_id, *_is_open(now))
    uow.connection.execute(issued.values(expires_at=now))


# --- the codes people give ---


def note_attempt(
    uow: UnitOfWork,
    address_id: int,
    invitation_id: int | None,
    *,
    is_number: bool = False,
    now: datetime,
    forget_before: datetime,
) -> None:
    """Remember which invitation a code was of; None: of none. What is older than `forget_before` goes.

    `is_number`: it was a report's number that showed nothing.
    """
    uow.connection.execute(
        ATTEMPT.delete().where(ATTEMPT.c.address_id == address_id, ATTEMPT.c.created_at < forget_before)
    )
    row = {
        "address_id": address_id,
        "invitation_id": invitation_id,
        "is_number": is_number,
        "created_at": now,
    }
    uow.connection.execute(insert(ATTEMPT).values(row))


def count_wrong(uow: UnitOfWork, address_id: int, since: datetime, *, is_number: bool = False) -> int:
    """Return how many wrong codes, or numbers, an address has given since then."""
    return uow.connection.execute(
        select(func.count()).where(
            ATTEMPT.c.address_id == address_id,
            ATTEMPT.c.invitation_id.is_(None),
            ATTEMPT.c.is_number == is_number,
            ATTEMPT.c.created_at > since,
        )
    ).scalar_one()


def find_offered(uow: UnitOfWork, address_id: int, since: datetime) -> Invitation | None:
    """Return the invitation whose code an address gave last, since then, and has not answered."""
    newest = (
        select(ATTEMPT.c.invitation_id)
        .where(
            ATTEMPT.c.address_id == address_id,
            ATTEMPT.c.invitation_id.is_not(None),
            ATTEMPT.c.created_at > since,
        )
        .order_by(ATTEMPT.c.id.desc())
        .limit(1)
    )
    return _find(uow, INVITATION.c.id == newest.scalar_subquery())


def close_offer(uow: UnitOfWork, address_id: int) -> None:
    """Forget which invitation an address has to answer; wrong codes still count."""
    uow.connection.execute(
        ATTEMPT.delete().where(ATTEMPT.c.address_id == address_id, ATTEMPT.c.invitation_id.is_not(None))
    )
