"""The outbox: queue, lease, settle.

`due_at` is set exactly while something is still to be done: for a pending row the time before which it must not be
sent, for a leased one the end of the lease. So "what is due" is one condition, and a lease that nobody settled
comes back by itself.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, insert, or_, select, tuple_, update

from storage.db import UnitOfWork
from storage.models import Address, Outbound, table
from storage.vocabulary import OutboundState, Priority

OUTBOUND, ADDRESS = table(Outbound), table(Address)


@dataclass(frozen=True, slots=True)
class Leased:
    """A message that is ours to send until the lease ends."""

    id: int
    address_id: int
    channel: str
    identifier: str
    #: handlers.messages.Reply as JSON
    payload: str
    priority: str
    #: this one included
    attempts: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """A line of `kanal outbox list`."""

    id: int
    channel: str
    state: str
    priority: str
    attempts: int
    code: str | None
    created_at: datetime
    due_at: datetime | None


def queue(
    uow: UnitOfWork,
    *,
    address_id: int,
    channel: str,
    payload: str,
    priority: Priority,
    now: datetime,
    report_id: int | None = None,
    due_at: datetime | None = None,
) -> None:
    """Put a message into the outbox, to be sent at `due_at` or at once."""
    uow.connection.execute(
        insert(OUTBOUND).values(
            address_id=address_id,
            channel=channel,
            report_id=report_id,
            priority=priority.value,
            payload_sealed=uow.vault.seal(payload),
            state=OutboundState.PENDING.value,
            due_at=due_at or now,
            attempts=0,
            created_at=now,
        )
    )


def lease(uow: UnitOfWork, channels: Collection[str], limit: int, now: datetime, until: datetime) -> list[Leased]:
    """Take up to `limit` due messages for sending, the most urgent first.

    Never two at once for one address, and never one before another that was queued earlier for that address with
    the same urgency.
    """
    other = OUTBOUND.alias("other")
    goes_before = and_(
        other.c.address_id == OUTBOUND.c.address_id,
        other.c.due_at.is_not(None),
        other.c.id != OUTBOUND.c.id,
        or_(
            and_(other.c.state == OutboundState.LEASED.value, other.c.due_at > now),
            tuple_(other.c.priority, other.c.id) < tuple_(OUTBOUND.c.priority, OUTBOUND.c.id),
        ),
    )
    query = (
        select(
            OUTBOUND.c.id,
            OUTBOUND.c.address_id,
            OUTBOUND.c.channel,
            ADDRESS.c.identifier_sealed,
            OUTBOUND.c.payload_sealed,
            OUTBOUND.c.priority,
            OUTBOUND.c.attempts,
            OUTBOUND.c.created_at,
        )
        .join(ADDRESS, ADDRESS.c.id == OUTBOUND.c.address_id)
        .where(
            OUTBOUND.c.channel.in_(sorted(channels)),
            OUTBOUND.c.due_at <= now,
            ~select(other.c.id).where(goes_before).exists(),
        )
        .order_by(OUTBOUND.c.priority, OUTBOUND.c.id)
        .limit(limit)
    )
    if uow.locks_rows:
        query = query.with_for_update(of=OUTBOUND, skip_locked=True)
    rows = uow.connection.execute(query).all()
    if not rows:
        return []
    uow.connection.execute(
        update(OUTBOUND)
        .where(OUTBOUND.c.id.in_([row.id for row in rows]))
        .values(state=OutboundState.LEASED.value, due_at=until, attempts=OUTBOUND.c.attempts + 1)
    )
    return [
        Leased(
            id=row.id,
            address_id=row.address_id,
            channel=row.channel,
            identifier=uow.vault.unseal(row.identifier_sealed),
            payload=uow.vault.unseal(row.payload_sealed),
            priority=row.priority,
            attempts=row.attempts + 1,
            created_at=row.created_at,
        )
        for row in rows
    ]


def settle_sent(uow: UnitOfWork, outbound_id: int, provider_id: str | None, now: datetime) -> None:
    _set(uow, outbound_id, state=OutboundState.SENT.value, due_at=None, provider_id=provider_id, sent_at=now, code=None)


def settle_dead(uow: UnitOfWork, outbound_id: int, code: str) -> None:
    _set(uow, outbound_id, state=OutboundState.DEAD.value, due_at=None, code=code)


def settle_later(uow: UnitOfWork, outbound_id: int, code: str | None, due_at: datetime) -> None:
    _set(uow, outbound_id, state=OutboundState.PENDING.value, due_at=due_at, code=code)


def put_back(uow: UnitOfWork, outbound_id: int, due_at: datetime) -> None:
    """Undo a lease that led to no attempt: the address must rest a moment first."""
    _set(
        uow,
        outbound_id,
        state=OutboundState.PENDING.value,
        due_at=due_at,
        attempts=OUTBOUND.c.attempts - 1,
    )


def _set(uow: UnitOfWork, outbound_id: int, **values: object) -> None:
    uow.connection.execute(update(OUTBOUND).where(OUTBOUND.c.id == outbound_id).values(values))


def release_leases(uow: UnitOfWork, channels: Collection[str], now: datetime) -> int:
    """Make leased messages due again: for the start of the one process that sends for these channels."""
    return uow.connection.execute(
        update(OUTBOUND)
        .where(
            OUTBOUND.c.channel.in_(sorted(channels)),
            OUTBOUND.c.due_at.is_not(None),
            OUTBOUND.c.state == OutboundState.LEASED.value,
        )
        .values(state=OutboundState.PENDING.value, due_at=now)
    ).rowcount


def next_due_at(uow: UnitOfWork, channels: Collection[str]) -> datetime | None:
    """Return when the next open message is due, None when there is none."""
    query = select(func.min(OUTBOUND.c.due_at)).where(
        OUTBOUND.c.channel.in_(sorted(channels)), OUTBOUND.c.due_at.is_not(None)
    )
    due: datetime | None = uow.connection.execute(query).scalar()
    return due


def count_open(uow: UnitOfWork) -> dict[str, int]:
    """Return how many messages wait, by channel."""
    query = (
        select(OUTBOUND.c.channel, func.count())
        .where(OUTBOUND.c.due_at.is_not(None))
        .group_by(OUTBOUND.c.channel)
    )
    return {channel: count for channel, count in uow.connection.execute(query)}


def list_waiting(uow: UnitOfWork, states: Collection[str], limit: int) -> list[Waiting]:
    """Return messages in these states, oldest first; never what they say or to whom."""
    query = (
        select(*(OUTBOUND.c[name] for name in Waiting.__slots__))
        .where(OUTBOUND.c.state.in_(sorted(states)))
        .order_by(OUTBOUND.c.id)
        .limit(limit)
    )
    return [Waiting(*row) for row in uow.connection.execute(query)]


def retry_dead(uow: UnitOfWork, ids: Collection[int] | None, now: datetime) -> int:
    """Queue given-up messages anew (None: all of them); returns how many."""
    statement = update(OUTBOUND).where(OUTBOUND.c.state == OutboundState.DEAD.value)
    if ids is not None:
        statement = statement.where(OUTBOUND.c.id.in_(sorted(ids)))
    return uow.connection.execute(
        statement.values(state=OutboundState.PENDING.value, due_at=now, attempts=0, code=None)
    ).rowcount
