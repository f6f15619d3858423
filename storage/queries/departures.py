"""What left the outbox a moment ago, or may have."""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select

from storage.crypto import BadKey
from storage.db import UnitOfWork
from storage.models import Address, Outbound, table

OUTBOUND, ADDRESS = table(Outbound), table(Address)
#: who is written to fast has just written, so the reply was queued just now; an index by time would cost every message
NEWEST = 1000


@dataclass(frozen=True, slots=True)
class Tried:
    """A message that may have left."""

    channel: str
    identifier: str
    attempts: int
    #: None: nobody wrote down whether it did
    sent_at: datetime | None


def list_tried(uow: UnitOfWork, channels: Collection[str], since: datetime) -> list[Tried]:
    """Return which of the newest messages may have left since an instant, in the order in which they did."""
    newest = select(OUTBOUND).order_by(OUTBOUND.c.id.desc()).limit(NEWEST).subquery()
    may_have_left = or_(newest.c.sent_at >= since, and_(newest.c.due_at.is_not(None), newest.c.attempts > 0))
    rows = uow.connection.execute(
        select(newest.c.channel, ADDRESS.c.identifier_sealed, newest.c.attempts, newest.c.sent_at)
        .join(ADDRESS, ADDRESS.c.id == newest.c.address_id)
        .where(newest.c.channel.in_(sorted(channels)), may_have_left)
        .order_by(newest.c.sent_at.is_(None), newest.c.sent_at)
    )
    tried: list[Tried] = []
    for row in rows:
        with suppress(BadKey):  # whom nobody can write to need not be spared
            identifier = uow.vault.unseal(row.identifier_sealed)
            tried.append(Tried(row.channel, identifier, row.attempts, row.sent_at))
    return tried
