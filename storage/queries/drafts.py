"""Unfinished reports that were left alone."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, bindparam, select, update

from storage.crypto import BadKey
from storage.db import UnitOfWork
from storage.models import Address, Conversation, Reporter, table

ADDRESS, REPORTER, CONVERSATION = table(Address), table(Reporter), table(Conversation)


@dataclass(frozen=True, slots=True)
class Left:
    """A draft left alone; its conversation stands still until the transaction ends."""

    address_id: int
    reporter_id: int
    channel: str
    language: str
    #: handlers.conversation.progress.Progress as JSON; None: no key opens it
    progress: str | None
    touched_at: datetime
    #: the person wants news and can be reached
    can_be_told: bool


def lock_to_recall(
    uow: UnitOfWork,
    *,
    since: datetime,
    before: datetime,
    recalls_below: int,
    besides: Collection[str],
    limit: int,
) -> list[Left]:
    """Return up to `limit` drafts last touched from `since` until before `before`, and recalled less often.

    Of addresses that want news and can be reached, not on the channels `besides`; the longest left alone first.
    """
    due = and_(
        CONVERSATION.c.draft_touched_at >= since,
        CONVERSATION.c.draft_touched_at < before,
        CONVERSATION.c.recalls < recalls_below,
        ADDRESS.c.channel.not_in(sorted(besides)),  # IN would have SQLite go through all addresses
        ADDRESS.c.stopped_at.is_(None),
        ADDRESS.c.unreachable_at.is_(None),
    )
    return _lock(uow, due, limit)


def lock_to_expire(uow: UnitOfWork, before: datetime, limit: int) -> list[Left]:
    """Return up to `limit` drafts last touched before `before`, the longest left alone first."""
    return _lock(uow, CONVERSATION.c.draft_touched_at < before, limit)


def _lock(uow: UnitOfWork, due: ColumnElement[bool], limit: int) -> list[Left]:
    chosen = (
        select(ADDRESS.c.id)
        .join(CONVERSATION, CONVERSATION.c.address_id == ADDRESS.c.id)
        .where(due)
        .order_by(CONVERSATION.c.draft_touched_at, ADDRESS.c.id)
        .limit(limit)
    )
    if uow.locks_rows:  # who is writing to us at this moment is left alone
        chosen = chosen.with_for_update(of=ADDRESS, key_share=True, skip_locked=True)
    ids = list(uow.connection.execute(chosen).scalars())
    if not ids:
        return []
    # Asked again under the lock: a message that was committed in between has touched the draft.
    found = (
        select(
            ADDRESS.c.id,
            ADDRESS.c.reporter_id,
            ADDRESS.c.channel,
            ADDRESS.c.stopped_at,
            ADDRESS.c.unreachable_at,
            REPORTER.c.language,
            CONVERSATION.c.progress_sealed,
            CONVERSATION.c.draft_touched_at,
        )
        .join(CONVERSATION, CONVERSATION.c.address_id == ADDRESS.c.id)
        .join(REPORTER, REPORTER.c.id == ADDRESS.c.reporter_id)
        .where(ADDRESS.c.id.in_(ids), due)
        .order_by(CONVERSATION.c.draft_touched_at, ADDRESS.c.id)
    )
    return [
        Left(
            address_id=row.id,
            reporter_id=row.reporter_id,
            channel=row.channel,
            language=row.language,
            progress=_opened(uow, row.progress_sealed),
            touched_at=row.draft_touched_at,
            can_be_told=row.stopped_at is None and row.unreachable_at is None,
        )
        for row in uow.connection.execute(found)
    ]


def _opened(uow: UnitOfWork, sealed: bytes) -> str | None:
    try:
        return uow.vault.unseal(sealed)
    except BadKey:
        return None


# `updated_at` stays: it says which address the person used last.
_AT = update(CONVERSATION).where(CONVERSATION.c.address_id == bindparam("contact"))
_RECALLED = _AT.values(
    progress_sealed=bindparam("sealed"), recalls=bindparam("count"), version=CONVERSATION.c.version + 1
)
_EXPIRED = _AT.values(
    progress_sealed=bindparam("sealed"), recalls=0, draft_touched_at=None, version=CONVERSATION.c.version + 1
)


def save_recalled(uow: UnitOfWork, progress: Mapping[int, str], recalls: int) -> None:
    """Store, by address, where conversations stand after a recall; the caller holds their locks."""
    rows = [
        {"contact": address_id, "sealed": uow.vault.seal(one), "count": recalls}
        for address_id, one in progress.items()
    ]
    if rows:
        uow.connection.execute(_RECALLED, rows)


def save_expired(uow: UnitOfWork, progress: Mapping[int, str]) -> None:
    """Store, by address, conversations whose draft is gone; the caller holds their locks."""
    rows = [{"contact": address_id, "sealed": uow.vault.seal(one)} for address_id, one in progress.items()]
    if rows:
        uow.connection.execute(_EXPIRED, rows)


def set_aside(uow: UnitOfWork, address_ids: Collection[int]) -> None:
    """Look at these drafts no more, until their owners touch them."""
    if address_ids:
        uow.connection.execute(_AT.values(draft_touched_at=None), [{"contact": one} for one in address_ids])
