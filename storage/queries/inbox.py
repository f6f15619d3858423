"""What has been taken in, and what failed on the way."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, select, update

from storage.db import UnitOfWork
from storage.models import Inbound, InboundFailure, table

INBOUND, FAILURE = table(Inbound), table(InboundFailure)


@dataclass(frozen=True, slots=True)
class Failure:
    id: int
    channel: str
    error: str
    attempts: int
    failed_at: datetime
    #: handlers.messages.Inbound as JSON
    payload: str
    traceback: str


def record_inbound(uow: UnitOfWork, channel: str, external_id: str, now: datetime) -> bool:
    """Note a provider's message id; False when it is known, that is, for a repeat."""
    values = {"channel": channel, "external_id": external_id, "received_at": now}
    # Not by the count of rows: with psycopg that is unknown here, and every message would be a repeat.
    made = uow.connection.execute(uow.insert_if_new(INBOUND, INBOUND.c.id), values)
    return made.first() is not None


def record_failure(
    uow: UnitOfWork,
    channel: str,
    external_id: str,
    *,
    payload: str,
    error: str,
    traceback: str,
    now: datetime,
) -> None:
    """Keep a message whose handler raised; takes the place of an earlier failure of the same message."""
    same = (FAILURE.c.channel == channel, FAILURE.c.external_id == external_id)
    uow.connection.execute(delete(FAILURE).where(*same))
    uow.connection.execute(
        insert(FAILURE).values(
            channel=channel,
            external_id=external_id,
            payload_sealed=uow.vault.seal(payload),
            traceback_sealed=uow.vault.seal(traceback),
            error=error,
            attempts=1,
            failed_at=now,
        )
    )


def list_failures(uow: UnitOfWork) -> list[Failure]:
    """Return what still waits for a retry, oldest first."""
    query = select(FAILURE).where(FAILURE.c.resolved_at.is_(None)).order_by(FAILURE.c.id)
    return [
        Failure(
            id=row.id,
            channel=row.channel,
            error=row.error,
            attempts=row.attempts,
            failed_at=row.failed_at,
            payload=uow.vault.unseal(row.payload_sealed),
            traceback=uow.vault.unseal(row.traceback_sealed),
        )
        for row in uow.connection.execute(query)
    ]


def claim_failure(uow: UnitOfWork, failure_id: int) -> bool:
    """Lock a failure for a retry; False when somebody has resolved it meanwhile."""
    query = select(FAILURE.c.id).where(FAILURE.c.id == failure_id, FAILURE.c.resolved_at.is_(None))
    if uow.locks_rows:
        query = query.with_for_update()
    return uow.connection.execute(query).first() is not None


def resolve_failure(uow: UnitOfWork, failure_id: int, now: datetime) -> None:
    uow.connection.execute(update(FAILURE).where(FAILURE.c.id == failure_id).values(resolved_at=now))


def note_failed_retry(uow: UnitOfWork, failure_id: int, *, error: str, traceback: str, now: datetime) -> None:
    uow.connection.execute(
        update(FAILURE)
        .where(FAILURE.c.id == failure_id)
        .values(
            attempts=FAILURE.c.attempts + 1,
            error=error,
            traceback_sealed=uow.vault.seal(traceback),
            failed_at=now,
        )
    )


def count_failures(uow: UnitOfWork) -> int:
    query = select(func.count()).select_from(FAILURE).where(FAILURE.c.resolved_at.is_(None))
    return uow.connection.execute(query).scalar_one()
