"""The outbox: queue, lease, settle.

`due_at` is set exactly while something is still to be done: for a pending row the time before which it must not
be sent, for a leased one the end of the lease. So "what is due" is one condition, and a lease that nobody
settled comes back by itself.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, func, insert, or_, select, tuple_, union_all, update

from storage.crypto import BadKey
from storage.db import UnitOfWork
from storage.models import Address, Outbound, Report, table
from storage.vocabulary import OutboundState, Priority

OUTBOUND, ADDRESS, REPORT = table(Outbound), table(Address), table(Report)


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
class Settlement:
    """What became of one lease."""

    id: int
    #: of the lease: a later one of the same row is not settled by it
    attempts: int
    state: OutboundState
    #: set exactly if the message is pending again; then it has a code, too, unless it waits for its files
    due_at: datetime | None = None
    code: str | None = None
    provider_id: str | None = None
    parts: int | None = None
    sent_at: datetime | None = None
    #: False: nothing was tried, the address must rest a moment first
    was_tried: bool = True


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is to be sent: at `due_at` or at once, not after `useful_until`."""

    address_id: int
    channel: str
    #: handlers.messages.Reply as JSON
    payload: str
    priority: Priority
    report_id: int | None = None
    due_at: datetime | None = None
    useful_until: datetime | None = None


_QUEUE = insert(OUTBOUND)


def queue(uow: UnitOfWork, *messages: Message, now: datetime) -> None:
    """Put messages into the outbox."""
    if messages:
        uow.connection.execute(_QUEUE, [_row(uow, message, now) for message in messages])


def _row(uow: UnitOfWork, message: Message, now: datetime) -> dict[str, Any]:
    return {
        "address_id": message.address_id,
        "channel": message.channel,
        "report_id": message.report_id,
        "priority": message.priority.value,
        "payload_sealed": uow.vault.seal(message.payload),
        "state": OutboundState.PENDING.value,
        "due_at": message.due_at or now,
        "attempts": 0,
        "created_at": now,
        "useful_until": message.useful_until,
    }


def _due_of(priority: Priority) -> Select[Any]:
    """What may be leased of one priority, for :channel at :now, longest due first."""
    other = OUTBOUND.alias("other")
    # One that was meant for later from the start lets others pass; one that was taken up before (it has a code
    # then) does not, nor one that was due at once before the clock was set back.
    waits = or_(
        other.c.due_at <= bindparam("now"),
        other.c.code.is_not(None),
        other.c.due_at <= other.c.created_at,
    )
    goes_before = and_(
        other.c.address_id == OUTBOUND.c.address_id,
        other.c.due_at.is_not(None),
        other.c.id != OUTBOUND.c.id,
        or_(
            and_(other.c.state == OutboundState.LEASED.value, other.c.due_at > bindparam("now")),
            and_(tuple_(other.c.priority, other.c.id) < tuple_(OUTBOUND.c.priority, OUTBOUND.c.id), waits),
        ),
    )
    due = (
        select(OUTBOUND.c.id, OUTBOUND.c.due_at, OUTBOUND.c.priority)
        .where(
            OUTBOUND.c.channel == bindparam("channel"),
            OUTBOUND.c.priority == priority.value,
            OUTBOUND.c.due_at <= bindparam("now"),
            ~select(other.c.id).where(goes_before).exists(),
        )
        .order_by(OUTBOUND.c.due_at, OUTBOUND.c.id)
        .limit(bindparam("room"))
    )
    return select(due.subquery(f"due_{priority.name.lower()}"))


# One arm for each priority: a single range of the index each, however much lies there that is not due yet.
_DUE = union_all(*(_due_of(priority) for priority in Priority)).subquery("due")
_CANDIDATES = (
    select(
        OUTBOUND.c.id,
        OUTBOUND.c.address_id,
        OUTBOUND.c.channel,
        ADDRESS.c.identifier_sealed,
        ADDRESS.c.stopped_at,
        ADDRESS.c.unreachable_at,
        OUTBOUND.c.payload_sealed,
        OUTBOUND.c.priority,
        OUTBOUND.c.attempts,
        OUTBOUND.c.created_at,
        OUTBOUND.c.useful_until,
    )
    .join(_DUE, _DUE.c.id == OUTBOUND.c.id)
    .join(ADDRESS, ADDRESS.c.id == OUTBOUND.c.address_id)
    .order_by(_DUE.c.priority, _DUE.c.due_at, _DUE.c.id)
    .limit(bindparam("room"))
)
# Guarded, so that of two who chose the same row only one gets it.
_LEASE = (
    update(OUTBOUND)
    .where(OUTBOUND.c.id.in_(bindparam("ids", expanding=True)), OUTBOUND.c.due_at <= bindparam("now"))
    .values(state=OutboundState.LEASED.value, due_at=bindparam("until"), attempts=OUTBOUND.c.attempts + 1)
    .returning(OUTBOUND.c.id)
)


def lease(
    uow: UnitOfWork, channel: str, room: int, now: datetime, until: datetime, *, only: str | None = None
) -> list[Leased]:
    """Take up to `room` due messages for sending, the most urgent first; of these `only` one identifier's.

    Never two at once for one address, and never one before another that was queued earlier for that address
    with the same urgency. News for an address that wants none or cannot be reached dies here.
    """
    while True:
        rows = uow.connection.execute(_CANDIDATES, {"channel": channel, "room": room, "now": now}).all()
        found = [(row.id, _open(uow, row, now)) for row in rows]
        dead = {row_id: message for row_id, message in found if isinstance(message, str)}
        if not dead:
            break
        _bury(uow, dead)  # and look again: others may take their places
    mine = [one for _, one in found if isinstance(one, Leased) and only in {None, one.identifier}]
    if not mine:
        return []
    ids = [one.id for one in mine]
    ours = set(uow.connection.execute(_LEASE, {"ids": ids, "now": now, "until": until}).scalars())
    return [one for one in mine if one.id in ours]


def _open(uow: UnitOfWork, row: Row[*tuple[Any, ...]], now: datetime) -> Leased | str:
    """Return the message, or why it will not be sent: direct replies always are, their reader has just written."""
    if row.priority != Priority.DIRECT and row.stopped_at is not None:
        return "stopped"
    if row.priority != Priority.DIRECT and row.unreachable_at is not None:
        return "unreachable"
    if row.useful_until is not None and row.useful_until <= now:
        return "late"
    try:
        identifier, payload = uow.vault.unseal(row.identifier_sealed), uow.vault.unseal(row.payload_sealed)
    except BadKey:  # it must not hold up the others
        return "unreadable"
    return Leased(
        id=row.id,
        address_id=row.address_id,
        channel=row.channel,
        identifier=identifier,
        payload=payload,
        priority=row.priority,
        attempts=row.attempts + 1,
        created_at=row.created_at,
    )


def _bury(uow: UnitOfWork, codes: Mapping[int, str]) -> None:
    uow.connection.execute(
        update(OUTBOUND)
        .where(OUTBOUND.c.id == bindparam("row"))
        .values(state=OutboundState.DEAD.value, due_at=None, code=bindparam("why")),
        [{"row": row, "why": code} for row, code in codes.items()],
    )


_SETTLE = update(OUTBOUND).values(
    state=bindparam("new_state"),
    due_at=bindparam("new_due_at"),
    code=bindparam("new_code"),
    provider_id=bindparam("new_provider_id"),
    parts=bindparam("new_parts"),
    sent_at=bindparam("new_sent_at"),
    attempts=OUTBOUND.c.attempts - bindparam("uncounted"),
)
# What was sent was sent, whatever became of the lease meanwhile; anything else is said by the lease's holder.
_SETTLE_SENT = _SETTLE.where(OUTBOUND.c.id == bindparam("row"), OUTBOUND.c.state != OutboundState.SENT.value)
_SETTLE_OTHER = _SETTLE.where(
    OUTBOUND.c.id == bindparam("row"),
    OUTBOUND.c.attempts == bindparam("lease"),
    OUTBOUND.c.state == OutboundState.LEASED.value,
)


def settle(uow: UnitOfWork, settlements: Sequence[Settlement]) -> None:
    """Record what became of leases; doing so again changes nothing."""
    sent = [_values(one) for one in settlements if one.state is OutboundState.SENT]
    if sent:
        uow.connection.execute(_SETTLE_SENT, sent)
    others = [
        {**_values(one), "lease": one.attempts} for one in settlements if one.state is not OutboundState.SENT
    ]
    if others:
        uow.connection.execute(_SETTLE_OTHER, others)


def _values(one: Settlement) -> dict[str, Any]:
    return {
        "row": one.id,
        "new_state": one.state.value,
        "new_due_at": one.due_at,
        "new_code": one.code,
        "new_provider_id": one.provider_id,
        "new_parts": one.parts,
        "new_sent_at": one.sent_at,
        "uncounted": 0 if one.was_tried else 1,
    }


def count_open(uow: UnitOfWork) -> dict[str, int]:
    """Return how many messages wait, by channel."""
    query = (
        select(OUTBOUND.c.channel, func.count().label("waiting"))
        .where(OUTBOUND.c.due_at.is_not(None))
        .group_by(OUTBOUND.c.channel)
    )
    return {row.channel: row.waiting for row in uow.connection.execute(query)}


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


def give_up_news(uow: UnitOfWork, address_id: int) -> list[int]:
    """Give up the news that waits for an address out of reach, and return its ids in order."""
    waits = (
        OUTBOUND.c.address_id == address_id,
        OUTBOUND.c.state == OutboundState.PENDING.value,
        OUTBOUND.c.priority != Priority.DIRECT.value,
    )
    given_up = uow.connection.execute(
        update(OUTBOUND)
        .where(*waits)
        .values(state=OutboundState.DEAD.value, due_at=None, code="unreachable")
        .returning(OUTBOUND.c.id)
    )
    return sorted(given_up.scalars())


def withdraw_work(uow: UnitOfWork, address_id: int) -> None:
    """Let an officer's cards and reminders stay unsent, also when somebody tries given-up messages again.

    News of what the person has reported themself goes on.
    """
    reporter = select(ADDRESS.c.reporter_id).where(ADDRESS.c.id == address_id).scalar_subquery()
    own = select(REPORT.c.id).where(REPORT.c.reporter_id == reporter)
    uow.connection.execute(
        update(OUTBOUND)
        .where(
            OUTBOUND.c.address_id == address_id,
            OUTBOUND.c.state == OutboundState.PENDING.value,
            or_(
                OUTBOUND.c.report_id.not_in(own),
                and_(OUTBOUND.c.report_id.is_(None), OUTBOUND.c.useful_until.is_not(None)),
            ),
        )
        .values(
            state=OutboundState.DEAD.value, due_at=None, code="withdrawn", useful_until=OUTBOUND.c.created_at
        )
    )


def get_newest_id(uow: UnitOfWork) -> int:
    """Return the id of what was queued last; 0: nothing was."""
    newest: int = uow.connection.execute(select(func.coalesce(func.max(OUTBOUND.c.id), 0))).scalar_one()
    return newest


def list_queued(uow: UnitOfWork, report_id: int, after: int) -> list[tuple[int, str, str]]:
    """Return address, channel and payload of what was queued about a report behind id `after`."""
    rows = uow.connection.execute(
        select(OUTBOUND.c.address_id, OUTBOUND.c.channel, OUTBOUND.c.payload_sealed)
        .where(OUTBOUND.c.report_id == report_id, OUTBOUND.c.id > after)
        .order_by(OUTBOUND.c.id)
    )
    return [(row.address_id, row.channel, uow.vault.unseal(row.payload_sealed)) for row in rows]


def find_report_told_of(uow: UnitOfWork, address_id: int, provider_id: str) -> int | None:
    """Return the report that one of our messages to an address was about."""
    return uow.connection.execute(
        select(OUTBOUND.c.report_id)
        .where(OUTBOUND.c.address_id == address_id, OUTBOUND.c.provider_id == provider_id)
        .order_by(OUTBOUND.c.id.desc())
        .limit(1)
    ).scalar_one_or_none()


_NEWEST_LEFT = (
    select(OUTBOUND.c.report_id, func.coalesce(OUTBOUND.c.sent_at, OUTBOUND.c.created_at).label("at"))
    .where(
        OUTBOUND.c.address_id == bindparam("address"),
        or_(
            OUTBOUND.c.state.in_([OutboundState.SENT.value, OutboundState.LEASED.value]),
            and_(OUTBOUND.c.state == OutboundState.PENDING.value, OUTBOUND.c.due_at <= bindparam("now")),
        ),
    )
    .order_by(OUTBOUND.c.id.desc())
    .limit(1)
)
_NEWEST_TOLD = _NEWEST_LEFT.where(OUTBOUND.c.report_id.is_not(None))


def find_newest_told(uow: UnitOfWork, address_id: int, now: datetime) -> tuple[int, datetime] | None:
    """Return the report that the newest message about any, which left for an address, was about; and when it left."""
    row = uow.connection.execute(_NEWEST_TOLD, {"address": address_id, "now": now}).first()
    return None if row is None else (row.report_id, row.at)


def find_told_last(uow: UnitOfWork, address_id: int, now: datetime) -> int | None:
    """Return the report that the newest message which left for an address was about; None: it was about none."""
    return uow.connection.execute(_NEWEST_LEFT, {"address": address_id, "now": now}).scalar()
