"""What is kept no longer than it serves."""

from datetime import datetime

from sqlalchemy import delete, select

from storage.db import UnitOfWork
from storage.models import Inbound, table

INBOUND = table(Inbound)


def delete_inbound(uow: UnitOfWork, before: datetime, limit: int) -> int:
    """Forget up to `limit` providers' message ids that came before an instant; return how many."""
    old = (
        select(INBOUND.c.id)
        .where(INBOUND.c.received_at < before)
        .order_by(INBOUND.c.received_at)
        .limit(limit)
    )
    return uow.connection.execute(delete(INBOUND).where(INBOUND.c.id.in_(old))).rowcount
