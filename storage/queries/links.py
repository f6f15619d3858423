"""Following a report from a second address: requests with their codes, and who follows what."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select, update

from storage.db import UnitOfWork
from storage.models import LinkRequest, ReportFollower, table

REQUEST, FOLLOWER = table(LinkRequest), table(ReportFollower)


@dataclass(frozen=True, slots=True)
class Request:
    id: int
    #: None: there is no such report
    report_id: int | None
    code_digest: bytes
    tries: int
    expires_at: datetime


def insert_request(
    uow: UnitOfWork,
    address_id: int,
    report_id: int | None,
    code: str,
    *,
    now: datetime,
    expires_at: datetime,
) -> None:
    uow.connection.execute(
        insert(REQUEST).values(
            address_id=address_id,
            report_id=report_id,
            code_digest=digest(uow, address_id, code),
            tries=0,
            expires_at=expires_at,
            created_at=now,
        )
    )


def digest(uow: UnitOfWork, address_id: int, code: str) -> bytes:
    """Return the keyed hash of a code, good for the one who asked only."""
    return uow.vault.fingerprint("link", f"{address_id}:{code}")


def find_newest(uow: UnitOfWork, address_id: int, since: datetime) -> Request | None:
    """Return the newest request that an address made since then, whether or not its code is still good."""
    row = uow.connection.execute(
        select(*(REQUEST.c[name] for name in Request.__slots__))
        .where(REQUEST.c.address_id == address_id, REQUEST.c.created_at > since)
        .order_by(REQUEST.c.id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else Request(*row)


def count_wrong(uow: UnitOfWork, request_id: int) -> None:
    uow.connection.execute(
        update(REQUEST).where(REQUEST.c.id == request_id).values(tries=REQUEST.c.tries + 1)
    )


def close(uow: UnitOfWork, request_id: int, now: datetime) -> None:
    """End a request: its code is good no more."""
    uow.connection.execute(update(REQUEST).where(REQUEST.c.id == request_id).values(expires_at=now))


def count_by(uow: UnitOfWork, address_id: int, since: datetime) -> int:
    """Return how often an address has asked since then."""
    query = select(func.count()).where(REQUEST.c.address_id == address_id, REQUEST.c.created_at > since)
    return uow.connection.execute(query).scalar_one()


def count_for(uow: UnitOfWork, report_id: int, since: datetime) -> int:
    """Return how often codes for a report were asked for, by anybody."""
    query = select(func.count()).where(REQUEST.c.report_id == report_id, REQUEST.c.created_at > since)
    return uow.connection.execute(query).scalar_one()


def follow(uow: UnitOfWork, report_id: int, address_id: int, now: datetime) -> None:
    """Let an address follow a report; doing so again changes nothing."""
    values = {"report_id": report_id, "address_id": address_id, "created_at": now}
    uow.connection.execute(uow.insert_if_new(FOLLOWER, FOLLOWER.c.report_id), values)


def unfollow(uow: UnitOfWork, report_id: int, address_id: int) -> bool:
    """End that; False when the address did not follow the report."""
    return (
        uow.connection.execute(
            FOLLOWER.delete().where(FOLLOWER.c.report_id == report_id, FOLLOWER.c.address_id == address_id)
        ).rowcount
        == 1
    )
