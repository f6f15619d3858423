"""Addresses, the people behind them, and their conversations."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update

from storage.db import UnitOfWork
from storage.models import Address, Conversation, Officer, Report, Reporter, ReportFollower, table

ADDRESS, REPORTER, CONVERSATION = table(Address), table(Reporter), table(Conversation)
REPORT, FOLLOWER, OFFICER = table(Report), table(ReportFollower), table(Officer)


@dataclass(frozen=True, slots=True)
class Contact:
    """An address, who it belongs to, and where its conversation stands."""

    address_id: int
    reporter_id: int
    channel: str
    language: str
    is_stopped: bool = False
    is_unreachable: bool = False
    #: None before the first message
    progress: str | None = None
    version: int = 0
    recent_digest: bytes | None = None
    recent_at: datetime | None = None
    #: suspended or not
    is_officer: bool = False


_SELECT = (
    select(
        ADDRESS.c.id,
        ADDRESS.c.reporter_id,
        ADDRESS.c.channel,
        REPORTER.c.language,
        ADDRESS.c.stopped_at,
        ADDRESS.c.unreachable_at,
        CONVERSATION.c.progress_sealed,
        CONVERSATION.c.version,
        CONVERSATION.c.recent_digest,
        CONVERSATION.c.recent_at,
        OFFICER.c.id.label("officer_id"),
    )
    .join(REPORTER, REPORTER.c.id == ADDRESS.c.reporter_id)
    .outerjoin(CONVERSATION, CONVERSATION.c.address_id == ADDRESS.c.id)
    .outerjoin(OFFICER, OFFICER.c.address_id == ADDRESS.c.id)
    .where(ADDRESS.c.channel == bindparam("channel"))
    .order_by(ADDRESS.c.id)
    .limit(1)
)
_IS_AT = ADDRESS.c.identifier_hash == bindparam("hash")
#: during a rotation of keys; a list is written into the statement anew each time
_IS_AT_ONE_OF = ADDRESS.c.identifier_hash.in_(bindparam("hashes", expanding=True))
_FIND, _FIND_BY_ANY_KEY = _SELECT.where(_IS_AT), _SELECT.where(_IS_AT_ONE_OF)
# The weakest lock that keeps a second message of this person waiting; rows may still be made that refer to it. It
# is a statement of its own: one that waited for a lock still sees the other tables as they were when it began.
_LOCK = (
    select(ADDRESS.c.id)
    .where(ADDRESS.c.channel == bindparam("channel"), _IS_AT_ONE_OF)
    .with_for_update(key_share=True)
)


def find_contact(
    uow: UnitOfWork, channel: str, identifier: str, *, lock: bool = True, with_progress: bool = True
) -> Contact | None:
    """Return the contact at an address, its conversation locked until the transaction ends.

    `with_progress`: False where a conversation that cannot be read must not be in the way.
    """
    hashes = uow.vault.fingerprints(f"address:{channel}", identifier)
    at = {"channel": channel, "hash": hashes[0], "hashes": hashes}
    if lock and uow.locks_rows:
        uow.connection.execute(_LOCK, at)
    row = uow.connection.execute(_FIND if len(hashes) == 1 else _FIND_BY_ANY_KEY, at).one_or_none()
    if row is None:
        return None
    return Contact(
        address_id=row.id,
        reporter_id=row.reporter_id,
        channel=row.channel,
        language=row.language,
        is_stopped=row.stopped_at is not None,
        is_unreachable=row.unreachable_at is not None,
        progress=uow.vault.unseal(row.progress_sealed) if row.progress_sealed and with_progress else None,
        version=row.version or 0,
        recent_digest=row.recent_digest,
        recent_at=row.recent_at,
        is_officer=row.officer_id is not None,
    )


_INSERT_REPORTER = insert(REPORTER).returning(REPORTER.c.id)


def get_or_create_contact(
    uow: UnitOfWork, channel: str, identifier: str, language: str, now: datetime
) -> Contact:
    """Return the contact at an address, made when it is new; locked either way."""
    found = find_contact(uow, channel, identifier)
    if found is not None:
        return found
    reporter_id = uow.connection.execute(
        _INSERT_REPORTER, {"language": language, "created_at": now}
    ).scalar_one()
    values = {
        "reporter_id": reporter_id,
        "channel": channel,
        "identifier_hash": uow.vault.fingerprint(f"address:{channel}", identifier),
        "identifier_sealed": uow.vault.seal(identifier),
        "created_at": now,
    }
    made = uow.connection.execute(uow.insert_if_new(ADDRESS, ADDRESS.c.id), values).scalar_one_or_none()
    if made is not None:
        return Contact(made, reporter_id, channel, language)
    # Another process was first; its row is visible now.
    uow.connection.execute(REPORTER.delete().where(REPORTER.c.id == reporter_id))
    found = find_contact(uow, channel, identifier)
    assert found is not None  # noqa: S101 - the row that was in the way
    return found


_BEGIN = insert(CONVERSATION)
_SAVE = update(CONVERSATION).where(CONVERSATION.c.address_id == bindparam("contact"))


@dataclass(frozen=True, slots=True)
class Reach:
    """Where somebody can be told something."""

    address_id: int
    channel: str
    language: str


_FILED_FROM = select(REPORT.c.address_id).where(REPORT.c.id == bindparam("report"))
#: the addresses that hear of a :report
HEARD_AT = _FILED_FROM.union(select(FOLLOWER.c.address_id).where(FOLLOWER.c.report_id == bindparam("report")))
#: where :report's news reach somebody, :besides one address
REACH = (
    select(ADDRESS.c.id, ADDRESS.c.channel, REPORTER.c.language)
    .join(REPORTER, REPORTER.c.id == ADDRESS.c.reporter_id)
    .join(CONVERSATION, CONVERSATION.c.address_id == ADDRESS.c.id)
    .where(
        ADDRESS.c.id.in_(HEARD_AT),
        ADDRESS.c.id != bindparam("besides"),
        ADDRESS.c.stopped_at.is_(None),
        ADDRESS.c.unreachable_at.is_(None),
    )
    .limit(1)
)
#: where they would, had the reporter not said STOP
STOPPED = select(ADDRESS.c.id).where(
    ADDRESS.c.id.in_(HEARD_AT), ADDRESS.c.stopped_at.is_not(None), ADDRESS.c.unreachable_at.is_(None)
)
_USED_LAST = REACH.order_by(CONVERSATION.c.updated_at.desc())
_FIRST = REACH.order_by(
    (ADDRESS.c.id == _FILED_FROM.scalar_subquery()).desc(), CONVERSATION.c.updated_at.desc()
)


def find_reach(
    uow: UnitOfWork, report_id: int, *, besides: int | None = None, is_first_wanted: bool = False
) -> Reach | None:
    """Return the address to tell a report's news: of those it is followed from, the one used last.

    `is_first_wanted`: rather the one it was filed from.
    Addresses that want no news or cannot be reached, and `besides`, do not count.
    """
    query = _FIRST if is_first_wanted else _USED_LAST
    row = uow.connection.execute(query, {"report": report_id, "besides": besides or 0}).one_or_none()
    return None if row is None else Reach(row.id, row.channel, row.language)


_THEIRS = (
    select(REPORT.c.id)
    .where(REPORT.c.id == bindparam("report"), REPORT.c.address_id == bindparam("address"))
    .union_all(
        select(FOLLOWER.c.report_id).where(
            FOLLOWER.c.report_id == bindparam("report"), FOLLOWER.c.address_id == bindparam("address")
        )
    )
    .limit(1)
)


_PLACES = (
    select(REPORT.c.id.label("report_id"), REPORT.c.address_id)
    .where(REPORT.c.id.in_(bindparam("reports", expanding=True)))
    .union(
        select(FOLLOWER.c.report_id, FOLLOWER.c.address_id).where(
            FOLLOWER.c.report_id.in_(bindparam("reports", expanding=True))
        )
    )
    .subquery()
)
_REACHES = (
    select(_PLACES.c.report_id, ADDRESS.c.id, ADDRESS.c.channel, REPORTER.c.language)
    .join(ADDRESS, ADDRESS.c.id == _PLACES.c.address_id)
    .join(REPORTER, REPORTER.c.id == ADDRESS.c.reporter_id)
    .join(CONVERSATION, CONVERSATION.c.address_id == ADDRESS.c.id)
    .where(ADDRESS.c.stopped_at.is_(None), ADDRESS.c.unreachable_at.is_(None))
    .order_by(CONVERSATION.c.updated_at)
)


def list_reaches(uow: UnitOfWork, report_ids: Collection[int]) -> dict[int, Reach]:
    """Return the same of many reports, by report; without those that nobody can be told of."""
    rows = uow.connection.execute(_REACHES, {"reports": sorted(report_ids)})
    return {row.report_id: Reach(row.id, row.channel, row.language) for row in rows}  # the last one stays


def is_theirs(uow: UnitOfWork, report_id: int, address_id: int) -> bool:
    """Tell whether a report was filed, or is followed, from an address."""
    return uow.connection.execute(_THEIRS, {"report": report_id, "address": address_id}).first() is not None


_SILENCED = (
    select(ADDRESS.c.id)
    .join(REPORT, REPORT.c.address_id == ADDRESS.c.id)
    .where(REPORT.c.id == bindparam("report"), ADDRESS.c.stopped_at.is_not(None))
)


def is_quiet_by_wish(uow: UnitOfWork, report_id: int) -> bool:
    """Tell whether a reporter gets no news since they said STOP, or are erased."""
    return uow.connection.execute(_SILENCED, {"report": report_id}).first() is not None


def note_text(uow: UnitOfWork, contact: Contact, digest: bytes | None, now: datetime) -> None:
    """Remember the keyed hash of what an address said last; None: that is not to be compared."""
    uow.connection.execute(_SAVE, {"contact": contact.address_id, "recent_digest": digest, "recent_at": now})


def save_progress(
    uow: UnitOfWork, contact: Contact, progress: str, *, draft_touched_at: datetime | None, now: datetime
) -> None:
    """Store where the conversation stands; the caller holds its lock."""
    values = {
        "progress_sealed": uow.vault.seal(progress),
        "version": contact.version + 1,
        "draft_touched_at": draft_touched_at,
        "recalls": 0,
        "updated_at": now,
    }
    if contact.progress is None:
        uow.connection.execute(_BEGIN, {"address_id": contact.address_id, **values})
    else:
        uow.connection.execute(_SAVE, {"contact": contact.address_id, **values})


def lock_progress(uow: UnitOfWork, address_id: int) -> str | None:
    """Return where the conversation at an address stands; it stands still until the transaction ends."""
    if uow.locks_rows:
        uow.connection.execute(
            select(ADDRESS.c.id).where(ADDRESS.c.id == address_id).with_for_update(key_share=True)
        )
    sealed = uow.connection.execute(
        select(CONVERSATION.c.progress_sealed).where(CONVERSATION.c.address_id == address_id)
    ).scalar_one_or_none()
    return None if sealed is None else uow.vault.unseal(sealed)


def replace_progress(uow: UnitOfWork, address_id: int, progress: str, now: datetime) -> None:
    """Store a change that the person did not make; the caller holds the lock."""
    uow.connection.execute(
        update(CONVERSATION)
        .where(CONVERSATION.c.address_id == address_id)
        .values(progress_sealed=uow.vault.seal(progress), version=CONVERSATION.c.version + 1, updated_at=now)
    )


def set_language(uow: UnitOfWork, reporter_id: int, language: str) -> None:
    uow.connection.execute(update(REPORTER).where(REPORTER.c.id == reporter_id).values(language=language))


def set_stopped(uow: UnitOfWork, address_id: int, at: datetime | None) -> None:
    """Remember STOP (with its time) or MULAI (None)."""
    uow.connection.execute(update(ADDRESS).where(ADDRESS.c.id == address_id).values(stopped_at=at))


def set_unreachable(uow: UnitOfWork, address_id: int, at: datetime | None) -> None:
    uow.connection.execute(update(ADDRESS).where(ADDRESS.c.id == address_id).values(unreachable_at=at))


_CONSENT = update(REPORTER).where(REPORTER.c.id == bindparam("reporter"))


def record_consent(uow: UnitOfWork, reporter_id: int, version: str, name: str, now: datetime) -> None:
    """Note which notice was agreed to, and the name if one was given."""
    values: dict[str, object] = {"consent_version": version, "consented_at": now}
    if name:
        values["name_sealed"] = uow.vault.seal(name)
    uow.connection.execute(_CONSENT, {"reporter": reporter_id, **values})
