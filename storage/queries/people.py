"""People who ask for a person."""

from datetime import datetime, timedelta

from sqlalchemy import func, insert, select

from storage.db import UnitOfWork
from storage.models import HumanRequest, table

HUMAN = table(HumanRequest)
#: so long whoever asks again is already being seen to
PATIENCE = timedelta(days=1)


def request_human(uow: UnitOfWork, address_id: int, now: datetime) -> bool:
    """Note that somebody needs a person; False when that was noted less than a day ago."""
    lately = select(HUMAN.c.id).where(HUMAN.c.address_id == address_id, HUMAN.c.created_at > now - PATIENCE)
    if uow.connection.execute(lately.limit(1)).first() is not None:
        return False
    uow.connection.execute(insert(HUMAN).values(address_id=address_id, created_at=now))
    return True


def count_lately(uow: UnitOfWork, since: datetime) -> int:
    """Return how often somebody has asked for a person since."""
    query = select(func.count()).select_from(HUMAN).where(HUMAN.c.created_at > since)
    return uow.connection.execute(query).scalar_one()
