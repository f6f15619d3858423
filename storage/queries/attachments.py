"""Files that people sent: known at once, fetched after the message is committed."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, insert, or_, select, update

from storage.crypto import BadKey
from storage.db import UnitOfWork
from storage.models import Address, Attachment, Report, Reporter, table
from storage.vocabulary import AttachmentState

ATTACHMENT, ADDRESS, REPORT, REPORTER = table(Attachment), table(Address), table(Report), table(Reporter)


@dataclass(frozen=True, slots=True)
class ToFetch:
    id: int
    address_id: int
    channel: str
    ref: str
    #: this one included
    attempts: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """A file in the store: what it is, its names there, sizes in bytes."""

    digest: str
    size: int
    media_type: str
    #: the copy that others see
    shown_digest: str
    shown_size: int
    #: a small JPEG, of pictures only
    thumbnail_digest: str | None = None


@dataclass(frozen=True, slots=True)
class Owner:
    """Whom to tell about a file, and what it belongs to."""

    address_id: int
    channel: str
    language: str
    report_id: int | None
    report_number: str | None
    draft_id: str
    is_officer: bool
    #: 1 for the first file of its report
    position: int


def insert_attachment(
    uow: UnitOfWork,
    *,
    address_id: int,
    draft_id: str,
    kind: str,
    ref: str,
    now: datetime,
    report_id: int | None = None,
    is_from_officer: bool = False,
) -> None:
    """Note a file to be fetched; `report_id`: its draft has been filed already."""
    uow.connection.execute(
        insert(ATTACHMENT).values(
            address_id=address_id,
            draft_id=draft_id,
            report_id=report_id,
            kind=kind,
            ref_sealed=uow.vault.seal(ref),
            state=AttachmentState.PENDING.value,
            due_at=now,
            attempts=0,
            is_from_officer=is_from_officer,
            created_at=now,
        )
    )


_OF_DRAFT = (
    select(ATTACHMENT.c.id)
    .where(ATTACHMENT.c.draft_id == bindparam("draft"), ATTACHMENT.c.state != AttachmentState.LOST.value)
    .order_by(ATTACHMENT.c.id)
)
_WITH_DRAFT = update(ATTACHMENT).where(ATTACHMENT.c.draft_id == bindparam("draft"))


def list_of_draft(uow: UnitOfWork, draft_id: str) -> tuple[int, ...]:
    """Return the ids of a draft's files, lost ones aside, in the order they were sent."""
    return tuple(uow.connection.execute(_OF_DRAFT, {"draft": draft_id}).scalars())


def file_attachments(uow: UnitOfWork, draft_id: str, report_id: int) -> None:
    """Hand a draft's files to the report it has become."""
    uow.connection.execute(_WITH_DRAFT, {"draft": draft_id, "report_id": report_id})


def add_to_report(uow: UnitOfWork, ids: Collection[int], report_id: int) -> None:
    """Count an officer's files as the report's."""
    if not ids:
        return
    uow.connection.execute(
        update(ATTACHMENT)
        .where(ATTACHMENT.c.id.in_(sorted(ids)), ATTACHMENT.c.is_from_officer)
        .values(report_id=report_id)
    )


def count_of_report(uow: UnitOfWork, report_id: int) -> int:
    """Return how many files a report's reporter has sent."""
    is_theirs = ATTACHMENT.c.report_id == report_id, ATTACHMENT.c.is_from_officer.is_(False)
    query = select(func.count()).where(*is_theirs)
    return uow.connection.execute(query).scalar_one()


def drop_attachments(uow: UnitOfWork, draft_id: str) -> None:
    """Forget the files of a draft that was thrown away."""
    uow.connection.execute(
        ATTACHMENT.delete().where(ATTACHMENT.c.draft_id == draft_id, ATTACHMENT.c.report_id.is_(None))
    )


def move_attachments(uow: UnitOfWork, from_draft_id: str, to_draft_id: str) -> None:
    """Put a draft's files with another draft."""
    uow.connection.execute(_WITH_DRAFT, {"draft": from_draft_id, "draft_id": to_draft_id})


def lease_attachments(
    uow: UnitOfWork, channels: Collection[str], limit: int, now: datetime, until: datetime
) -> list[ToFetch]:
    """Take up to `limit` files to fetch; not fetched by `until`, they are due again."""
    query = (
        select(ATTACHMENT, ADDRESS.c.channel)
        .join(ADDRESS, ADDRESS.c.id == ATTACHMENT.c.address_id)
        .where(ATTACHMENT.c.due_at <= now, ADDRESS.c.channel.in_(sorted(channels)))
        .order_by(ATTACHMENT.c.due_at)
        .limit(limit)
    )
    if uow.locks_rows:
        query = query.with_for_update(of=ATTACHMENT, skip_locked=True)
    rows = uow.connection.execute(query).all()
    if rows:
        uow.connection.execute(
            update(ATTACHMENT)
            .where(ATTACHMENT.c.id.in_([row.id for row in rows]))
            .values(due_at=until, attempts=ATTACHMENT.c.attempts + 1)
        )
    return [wanted for row in rows if (wanted := _open(uow, row)) is not None]


def make_due(uow: UnitOfWork, latest: datetime, now: datetime) -> None:
    """Make due what nobody can have put off for so long: the clock was set back."""
    uow.connection.execute(update(ATTACHMENT).where(ATTACHMENT.c.due_at > latest).values(due_at=now))


def _open(uow: UnitOfWork, row: Row[*tuple[Any, ...]]) -> ToFetch | None:
    """Return what is to be fetched; None, and it is lost, when no key opens it: it must not hold up the others."""
    try:
        ref = uow.vault.unseal(row.ref_sealed)
    except BadKey:
        settle_lost(uow, row.id, "unreadable")
        return None
    return ToFetch(row.id, row.address_id, row.channel, ref, row.attempts + 1, row.created_at)


def settle_stored(uow: UnitOfWork, attachment_id: int, kept: Kept) -> bool:
    """Note where a file is kept; False when it is settled already or its draft was thrown away meanwhile."""
    values = {**asdict(kept), "state": AttachmentState.STORED.value, "due_at": None, "code": None}
    return _settle(uow, attachment_id, **values)


def settle_lost(uow: UnitOfWork, attachment_id: int, code: str) -> bool:
    """Give a file up; False as above."""
    return _settle(uow, attachment_id, state=AttachmentState.LOST.value, due_at=None, code=code)


def settle_later(uow: UnitOfWork, attachment_id: int, code: str, due_at: datetime) -> bool:
    """Try again at `due_at`; False as above."""
    return _settle(uow, attachment_id, due_at=due_at, code=code)


def _settle(uow: UnitOfWork, attachment_id: int, **values: object) -> bool:
    """Set values of a pending file: of two attempts at the same one only the first to end is settled."""
    pending = ATTACHMENT.c.id == attachment_id, ATTACHMENT.c.state == AttachmentState.PENDING.value
    return uow.connection.execute(update(ATTACHMENT).where(*pending).values(**values)).rowcount == 1


def find_owner(uow: UnitOfWork, attachment_id: int) -> Owner | None:
    """Return whom a file belongs to; None when its draft was thrown away."""
    row = uow.connection.execute(
        select(
            ATTACHMENT.c.address_id,
            ADDRESS.c.channel,
            REPORTER.c.language,
            ATTACHMENT.c.report_id,
            ATTACHMENT.c.draft_id,
            ATTACHMENT.c.is_from_officer,
            REPORT.c.number,
        )
        .join(ADDRESS, ADDRESS.c.id == ATTACHMENT.c.address_id)
        .join(REPORTER, REPORTER.c.id == ADDRESS.c.reporter_id)
        .outerjoin(REPORT, REPORT.c.id == ATTACHMENT.c.report_id)
        .where(ATTACHMENT.c.id == attachment_id)
    ).one_or_none()
    if row is None:
        return None
    position = uow.connection.execute(
        select(func.count()).where(ATTACHMENT.c.draft_id == row.draft_id, ATTACHMENT.c.id <= attachment_id)
    ).scalar_one()
    return Owner(
        row.address_id,
        row.channel,
        row.language,
        row.report_id,
        row.number,
        row.draft_id,
        row.is_from_officer,
        position,
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """What others see of a file."""

    id: int
    state: str
    #: what was sent; see handlers.files.shown_type. As the digest, empty unless it is stored
    media_type: str
    #: its name in the store
    digest: str


def list_shown(uow: UnitOfWork, ids: Collection[int]) -> list[Shown]:
    """Return those of the files that there are, in the order of `ids`."""
    columns = (ATTACHMENT.c.id, ATTACHMENT.c.state, ATTACHMENT.c.media_type, ATTACHMENT.c.shown_digest)
    rows = uow.connection.execute(select(*columns).where(ATTACHMENT.c.id.in_(ids))).all()
    found = {row.id: Shown(row.id, row.state, row.media_type or "", row.shown_digest or "") for row in rows}
    return [found[one] for one in ids if one in found]


# --- the names of files in the store ---

_NAMES = (ATTACHMENT.c.digest, ATTACHMENT.c.shown_digest, ATTACHMENT.c.thumbnail_digest)


@dataclass(frozen=True, slots=True)
class Names:
    """Which files a row refers to, by column."""

    id: int
    by_column: Mapping[str, str]


def list_names(uow: UnitOfWork, after: int, limit: int) -> list[Names]:
    """Return the files of up to `limit` rows behind id `after`, in order."""
    query = (
        select(ATTACHMENT.c.id, *_NAMES)
        .where(ATTACHMENT.c.id > after, or_(*(column.is_not(None) for column in _NAMES)))
        .order_by(ATTACHMENT.c.id)
        .limit(limit)
    )
    rows = uow.connection.execute(query).mappings()
    return [
        Names(row["id"], {one.name: row[one.name] for one in _NAMES if row[one.name] is not None})
        for row in rows
    ]


def count_kept(uow: UnitOfWork) -> int:
    """Return how many rows refer to files."""
    return uow.connection.execute(
        select(func.count()).where(or_(*(column.is_not(None) for column in _NAMES)))
    ).scalar_one()


def list_referred(uow: UnitOfWork, names: Collection[str]) -> set[str]:
    """Return those of the names that rows refer to."""
    return {
        name
        for column in _NAMES
        for name in uow.connection.execute(select(column).where(column.in_(sorted(names)))).scalars()
    }


def rename(uow: UnitOfWork, attachment_id: int, old: Mapping[str, str], new: Mapping[str, str]) -> None:
    """Let a row refer to other files, unless it has changed or been erased meanwhile."""
    same = (ATTACHMENT.c[column] == name for column, name in old.items())
    uow.connection.execute(
        update(ATTACHMENT).where(ATTACHMENT.c.id == attachment_id, *same).values(dict(new))
    )


def hold_names(uow: UnitOfWork) -> None:
    """Let no row refer to another file until the transaction ends; SQLite's writer is alone anyway."""
    if uow.locks_rows:
        uow.connection.exec_driver_sql("LOCK TABLE attachment IN SHARE ROW EXCLUSIVE MODE")
