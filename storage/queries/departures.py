"""What a sender takes over from another: its leases, and what may have left the outbox a moment ago."""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, case, func, or_, select, update

from storage.crypto import BadKey
from storage.db import UnitOfWork
from storage.models import Address, Outbound, table
from storage.vocabulary import OutboundState, Priority

OUTBOUND, ADDRESS = table(Outbound), table(Address)
#: who is written to fast has just written, so the reply was queued just now; an index by time would cost every message
NEWEST = 1000
#: a clock that is corrected by less makes nobody wait long, and must not undo every pause
MOMENTS = timedelta(minutes=1)


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


def release_leases(
    uow: UnitOfWork,
    channels: Collection[str],
    now: datetime,
    waking: datetime,
    keeping: tuple[datetime, datetime] | None = None,
) -> int:
    """Make leased messages due again, but for leases that end within `keeping`: for the one process that sends.

    What was due before the clock was set back while nobody was there to notice is due, too; `waking` as in `make_due`.
    Returns how many leases.
    """
    its_own = keeping and and_(OUTBOUND.c.due_at > keeping[0], OUTBOUND.c.due_at <= keeping[1])
    others = OUTBOUND.c.due_at.is_not(None) if its_own is None else ~its_own
    released = uow.connection.execute(
        update(OUTBOUND)
        .where(
            OUTBOUND.c.channel.in_(sorted(channels)), others, OUTBOUND.c.state == OutboundState.LEASED.value
        )
        .values(state=OutboundState.PENDING.value, due_at=now)
    )
    latest = select(func.max(OUTBOUND.c.created_at)).where(OUTBOUND.c.due_at > now)
    was = uow.connection.execute(latest).scalar_one()
    if was is not None and was > now:
        make_due(uow, was, now, waking)
    return released.rowcount


def make_due(uow: UnitOfWork, was: datetime, now: datetime, waking: datetime) -> None:
    """Make due what was due at `was`: the clock was set back from there to `now`.

    Where it was set back by more than moments, what had failed and was put off is tried as well. What was meant for
    later from the start does not wake anybody: it leaves when it was to, but no later than at `waking`.
    """
    was_due = OUTBOUND.c.due_at <= was
    if was - now > MOMENTS:
        was_due = or_(was_due, OUTBOUND.c.code.is_not(None))
    is_for_later = and_(
        OUTBOUND.c.code.is_(None),
        OUTBOUND.c.due_at > OUTBOUND.c.created_at,
        OUTBOUND.c.priority != Priority.DIRECT.value,
    )
    due_at = case((~is_for_later, now), (OUTBOUND.c.due_at < waking, OUTBOUND.c.due_at), else_=waking)
    uow.connection.execute(
        update(OUTBOUND)
        .where(OUTBOUND.c.state == OutboundState.PENDING.value, OUTBOUND.c.due_at > now, was_due)
        .values(due_at=due_at)
    )
