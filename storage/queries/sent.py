"""What becomes of messages once they have left the outbox, and which reports they count for."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select, update

from storage.db import UnitOfWork
from storage.models import Address, Outbound, table
from storage.queries.conversations import HEARD_AT
from storage.queries.outbox import Message, queue
from storage.vocabulary import OutboundState, Priority

OUTBOUND, ADDRESS = table(Outbound), table(Address)


@dataclass(frozen=True, slots=True)
class Handed:
    """A message a provider has taken."""

    id: int
    address_id: int
    report_id: int | None
    attempts: int
    delivery_state: str | None
    created_at: datetime


def find_handed(uow: UnitOfWork, channel: str, provider_id: str) -> Handed | None:
    row = uow.connection.execute(
        select(*(OUTBOUND.c[name] for name in Handed.__slots__))
        .where(OUTBOUND.c.channel == channel, OUTBOUND.c.provider_id == provider_id)
        .order_by(OUTBOUND.c.id)
        .limit(1)
        .with_for_update(of=OUTBOUND)
    ).one_or_none()
    return None if row is None else Handed(*row)


def note_report(uow: UnitOfWork, outbound_id: int, state: str, code: str | None, now: datetime) -> None:
    """Keep what the provider reports of a message."""
    _set(uow, outbound_id, delivery_state=state, delivery_code=code, reported_at=now)


def note_late_failure(uow: UnitOfWork, outbound_id: int, code: str | None) -> None:
    _set(uow, outbound_id, late_code=code or "failed")


def queue_again(uow: UnitOfWork, outbound_id: int, code: str | None, due_at: datetime) -> None:
    """Send a message again that was taken and then failed on its way."""
    _set(
        uow,
        outbound_id,
        state=OutboundState.PENDING.value,
        due_at=due_at,
        code=code or "failed",
        provider_id=None,
        delivery_state=None,
        delivery_code=None,
    )


def copy_to(
    uow: UnitOfWork, outbound_id: int, address_id: int, channel: str, *, now: datetime, due_at: datetime
) -> None:
    """Queue the same message for another address, as news."""
    row = uow.connection.execute(
        select(OUTBOUND.c.payload_sealed, OUTBOUND.c.report_id).where(OUTBOUND.c.id == outbound_id)
    ).one()
    queue(
        uow,
        Message(
            address_id=address_id,
            channel=channel,
            payload=uow.vault.unseal(row.payload_sealed),
            priority=Priority.NEWS,
            report_id=row.report_id,
            due_at=due_at,
        ),
        now=now,
    )


@dataclass(frozen=True, slots=True)
class LastNews:
    """What became of the news that a report's reporter was sent last."""

    state: str
    code: str | None
    delivery_state: str | None
    late_code: str | None
    created_at: datetime
    due_at: datetime | None
    sent_at: datetime | None
    reported_at: datetime | None
    #: its address
    is_unreachable: bool


# Reminders aside, which are dropped where the case has moved.
_LAST_NEWS = (
    select(*(OUTBOUND.c[name] for name in LastNews.__slots__[:-1]))
    .add_columns(ADDRESS.c.unreachable_at.is_not(None).label("is_unreachable"))
    .join(ADDRESS, ADDRESS.c.id == OUTBOUND.c.address_id)
    .where(
        OUTBOUND.c.report_id == bindparam("report"),
        OUTBOUND.c.priority == Priority.NEWS.value,
        OUTBOUND.c.useful_until.is_(None),
        OUTBOUND.c.address_id.in_(HEARD_AT),
    )
    .order_by(OUTBOUND.c.id.desc())
    .limit(1)
)


def find_last_news(uow: UnitOfWork, report_id: int) -> LastNews | None:
    row = uow.connection.execute(_LAST_NEWS, {"report": report_id}).one_or_none()
    return None if row is None else LastNews(*row)


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a message is for and what it is about."""

    address_id: int
    report_id: int | None
    priority: str
    created_at: datetime


def get_subject(uow: UnitOfWork, outbound_id: int) -> Subject:
    columns = [OUTBOUND.c[name] for name in Subject.__slots__]
    return Subject(*uow.connection.execute(select(*columns).where(OUTBOUND.c.id == outbound_id)).one())


_ASSIGN = update(OUTBOUND).where(
    OUTBOUND.c.address_id == bindparam("contact"), OUTBOUND.c.report_id.is_(None)
)


def assign(uow: UnitOfWork, address_id: int, report_id: int) -> None:
    """Count what was said on the way to a report as said about it."""
    uow.connection.execute(_ASSIGN, {"contact": address_id, "report_id": report_id})


def parts_of_reports(uow: UnitOfWork, limit: int) -> list[int]:
    """Return how many SMS parts were sent for each of the newest `limit` reports that had any."""
    query = (
        select(func.sum(OUTBOUND.c.parts))
        .where(OUTBOUND.c.report_id.is_not(None), OUTBOUND.c.parts.is_not(None))
        .group_by(OUTBOUND.c.report_id)
        .order_by(OUTBOUND.c.report_id.desc())
        .limit(limit)
    )
    return [int(parts) for parts in uow.connection.execute(query).scalars()]


def _set(uow: UnitOfWork, outbound_id: int, **values: object) -> None:
    uow.connection.execute(update(OUTBOUND).where(OUTBOUND.c.id == outbound_id).values(values))
