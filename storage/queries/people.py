"""People who ask for a person."""

from datetime import datetime

from sqlalchemy import func, insert, select

from storage.db import UnitOfWork
from storage.models import HumanRequest, table

HUMAN = table(HumanRequest)


def request_human(uow: UnitOfWork, address_id: int, now: datetime) -> bool:
    """Note that somebody needs a person; False when that is noted already and nobody has taken it up."""
    open_one = select(HUMAN.c.id).where(HUMAN.c.address_id == address_id, HUMAN.c.resolved_at.is_(None))
    if uow.connection.execute(open_one.limit(1)).first() is not None:
        return False
    uow.connection.execute(insert(HUMAN).values(address_id=address_id, created_at=now))
    return True


def count_waiting(uow: UnitOfWork) -> int:
    """Return how many people wait for a person."""
    query = select(func.count()).select_from(HUMAN).where(HUMAN.c.resolved_at.is_(None))
    return uow.connection.execute(query).scalar_one()
