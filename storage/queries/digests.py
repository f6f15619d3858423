"""What officers are sent once in each period: who has not had it yet."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import select

from storage.db import UnitOfWork
from storage.models import Digest, Officer, table
from storage.vocabulary import Period, Role

DIGEST, OFFICER = table(Digest), table(Officer)


def list_unserved(
    uow: UnitOfWork, roles: Collection[Role], period: Period, starts_on: date, *, joined_before: datetime
) -> list[int]:
    """Return the ids of officers of these roles, not suspended, that the period's digest was not made for yet."""
    served = (
        DIGEST.c.officer_id == OFFICER.c.id,
        DIGEST.c.period == period.value,
        DIGEST.c.starts_on == starts_on,
    )
    query = select(OFFICER.c.id).where(
        OFFICER.c.role.in_([role.value for role in roles]),
        OFFICER.c.suspended_at.is_(None),
        OFFICER.c.joined_at < joined_before,
        ~select(DIGEST.c.officer_id).where(*served).exists(),
    )
    return list(uow.connection.execute(query.order_by(OFFICER.c.id)).scalars())


def record(uow: UnitOfWork, officer_id: int, period: Period, starts_on: date, now: datetime) -> None:
    """Note that it was made. Raises IntegrityError where it was before."""
    values = {"officer_id": officer_id, "period": period.value, "starts_on": starts_on, "at": now}
    uow.connection.execute(DIGEST.insert(), values)


def list_served(uow: UnitOfWork, period: Period, starts_on: date) -> dict[int, datetime]:
    """Return when it was made, by officer."""
    query = select(DIGEST.c.officer_id, DIGEST.c.at).where(
        DIGEST.c.period == period.value, DIGEST.c.starts_on == starts_on
    )
    return {row.officer_id: row.at for row in uow.connection.execute(query)}
