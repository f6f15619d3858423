"""Changing the data keys under a running service.

The order that keeps every process right, whatever it knows:

1. A new key is put in front of the old one, and both stay.
2. `announce_keys` seals the deployment's check value with the new key. From that commit on `require_known_keys` lets
   nobody write who does not know the new key: such a process reads its keys anew or refuses all work, so that no
   row is sealed, hashed or looked for under old keys alone. A process announces its keys when it begins to write.
3. `reseal` goes through every table in short transactions. Both keys open and find everything meanwhile, so the
   service goes on. What is sealed with the new key already is passed over: an interruption costs nothing.
4. When `examine` finds nothing more, the old key may go.

Columns are sealed by their name, `…_sealed`, so that a new one cannot be forgotten.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Row, Table, func, select, update

from storage.crypto import BadKey, StaleKeys
from storage.db import UnitOfWork
from storage.models import (
    Address,
    AgencyGroup,
    Conversation,
    Desk,
    LinkRequest,
    LoadedDeployment,
    Officer,
    OfficerInvitation,
    Reporter,
    ReportFollower,
    metadata,
    table,
)

LOADED, LINK = table(LoadedDeployment), table(LinkRequest)
ADDRESS, REPORTER, CONVERSATION = table(Address), table(Reporter), table(Conversation)
FOLLOWER, INVITATION = table(ReportFollower), table(OfficerInvitation)
OFFICER, DESK, GROUP = table(Officer), table(Desk), table(AgencyGroup)

LOCK_SECONDS = 2


def _sealed(of: Table) -> list[Column[bytes]]:
    return [column for column in of.columns if column.name.endswith("_sealed")]


#: every table with sealed columns, besides the check value
SEALED: Sequence[Table] = [one for one in metadata.sorted_tables if _sealed(one) and one is not LOADED]


@dataclass(frozen=True, slots=True)
class Batch:
    """What was done to some rows of a table."""

    #: primary key of the last one; None: there was none
    last: int | None
    seen: int = 0
    changed: int = 0


# --- who may write ---


def announce_keys(uow: UnitOfWork) -> None:
    """Let only those write, from the commit on, who know the key that we write with. Raises StaleKeys.

    To be called before anything is written with keys that may have changed.
    """
    require_known_keys(uow)
    check = _find_check(uow)
    if check is None or uow.vault.is_current(check):
        return
    if uow.locks_rows:
        # Waits for transactions that were let in before, but does not hold up all others behind a long backup.
        uow.connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
        uow.connection.exec_driver_sql("LOCK TABLE deployment IN ACCESS EXCLUSIVE MODE")
    uow.connection.execute(update(LOADED).values(check_sealed=uow.vault.reseal(check)))


def require_known_keys(uow: UnitOfWork) -> None:
    """Make sure that we know the key others write with, reading our keys anew if need be. Raises StaleKeys."""
    check = _find_check(uow)
    if check is None or uow.vault.knows(check):
        return
    if not (_reload(uow) and uow.vault.knows(check)):
        raise StaleKeys(
            "another process writes with a data key that this one does not know: restart it with all keys"
        )


_CHECK = select(LOADED.c.check_sealed)


def _find_check(uow: UnitOfWork) -> bytes | None:
    return uow.connection.execute(_CHECK).scalar_one_or_none()


def _opens(uow: UnitOfWork, sealed: bytes) -> bool:
    try:
        uow.vault.unseal_bytes(sealed)
    except BadKey:
        return False
    return True


def _reload(uow: UnitOfWork) -> bool:
    try:
        return uow.vault.reload()
    except (ValueError, OSError):  # the file is not in order: as good as none
        return False


# --- sealing anew ---


def reseal(uow: UnitOfWork, target: Table, after: int, until: int, limit: int) -> Batch:
    """Bring up to `limit` rows behind primary key `after`, up to `until`, under the first key.

    Rows that another process works on just now are passed over; so are those that no key opens.
    """
    (key,) = target.primary_key.columns
    query = select(target).where(key > after, key <= until).order_by(key).limit(limit)
    if uow.locks_rows:
        query = query.with_for_update(skip_locked=True)
    rows = uow.connection.execute(query).all()
    changed = sum(_reseal_row(uow, target, key, row) for row in rows)
    return Batch(getattr(rows[-1], key.name) if rows else None, len(rows), changed)


def _reseal_row(uow: UnitOfWork, target: Table, key: Column[int], row: Row[*tuple[Any, ...]]) -> bool:
    values: dict[str, bytes | None] = {**_sealed_anew(uow, target, row), **_hashed_anew(uow, target, row)}
    if not values:
        return False
    digest = values.get("identifier_hash")
    if digest is not None and (twin := _find_twin(uow, row, digest)) is not None:
        _merge(uow, row, twin, values)
        return True
    uow.connection.execute(update(target).where(key == getattr(row, key.name)).values(values))
    return True


def _sealed_anew(uow: UnitOfWork, target: Table, row: Row[*tuple[Any, ...]]) -> dict[str, bytes]:
    values = {}
    for column in _sealed(target):
        sealed = getattr(row, column.name)
        if sealed is not None and _is_old(uow, sealed):
            values[column.name] = uow.vault.reseal(sealed)
    return values


def _is_old(uow: UnitOfWork, sealed: bytes) -> bool:
    """Tell whether an old key is needed to open it; what no key opens needs none."""
    return not uow.vault.is_current(sealed) and _opens(uow, sealed)


def _hashed_anew(uow: UnitOfWork, target: Table, row: Row[*tuple[Any, ...]]) -> dict[str, bytes | None]:
    if target is ADDRESS:
        return _identifier_anew(uow, row)
    if target is CONVERSATION and row.recent_digest and not uow.vault.is_current(row.progress_sealed):
        return {"recent_digest": None}  # good for ten minutes, and made together with the progress
    return {}


def _identifier_anew(uow: UnitOfWork, row: Row[*tuple[Any, ...]]) -> dict[str, bytes | None]:
    """Return the hash under the first key; a hash that was never the identifier's stays (nobody is found by it)."""
    try:
        identifier = uow.vault.unseal(row.identifier_sealed)
    except BadKey:
        return {}
    first, *others = uow.vault.fingerprints(f"address:{row.channel}", identifier)
    return {"identifier_hash": first} if row.identifier_hash in others else {}


def close_links(uow: UnitOfWork, now: datetime) -> None:
    """End open requests to follow a report: their codes cannot be hashed anew, and new ones are had for the asking."""
    uow.connection.execute(update(LINK).where(LINK.c.expires_at > now).values(expires_at=now))
    uow.connection.execute(update(LINK).where(LINK.c.code_digest != b"").values(code_digest=b""))


def close_invitations(uow: UnitOfWork, now: datetime) -> None:
    """End invitations made under an old key, as `close_links` does; those made since go on.

    Told by the name, which is sealed when the code is hashed; so this comes before `reseal`.
    """
    rows = uow.connection.execute(select(INVITATION.c.id, INVITATION.c.name_sealed, INVITATION.c.expires_at))
    for row in [row for row in rows if not uow.vault.is_current(row.name_sealed)]:
        uow.connection.execute(
            update(INVITATION)
            .where(INVITATION.c.id == row.id)
            # Unique, and no hash of anything.
            .values(code_digest=f"{row.id}".encode(), expires_at=min(row.expires_at, now))
        )


@dataclass(frozen=True, slots=True)
class Found:
    """What keys some rows of a table need."""

    #: primary key of the last one; None: there was none
    last: int | None
    #: rows that still need an old key
    old: int = 0
    #: values that no key opens
    unreadable: int = 0


def examine(uow: UnitOfWork, target: Table, after: int, limit: int) -> Found:
    """Look at up to `limit` rows behind primary key `after`."""
    (key,) = target.primary_key.columns
    rows = uow.connection.execute(select(target).where(key > after).order_by(key).limit(limit)).all()
    old = sum(bool(_sealed_anew(uow, target, row) or _hashed_anew(uow, target, row)) for row in rows)
    values = [getattr(row, one.name) for row in rows for one in _sealed(target)]
    unreadable = sum(value is not None and not _opens(uow, value) for value in values)
    return Found(getattr(rows[-1], key.name) if rows else None, old, unreadable)


def is_announced(uow: UnitOfWork) -> bool:
    """Tell whether the check value is sealed with the first key."""
    check = _find_check(uow)
    return check is None or uow.vault.is_current(check)


def measure(uow: UnitOfWork, target: Table) -> tuple[int, int]:
    """Return the last primary key and the number of rows."""
    (key,) = target.primary_key.columns
    last, count = uow.connection.execute(select(func.max(key), func.count())).one()
    return last or 0, count


# --- twins ---


def _find_twin(uow: UnitOfWork, row: Row[*tuple[Any, ...]], digest: bytes) -> Row[*tuple[Any, ...]] | None:
    """Return another row for the same address: made under the first key by who did not know the older ones."""
    at = ADDRESS.c.channel == row.channel, ADDRESS.c.identifier_hash == digest
    return uow.connection.execute(select(ADDRESS).where(*at)).one_or_none()


def _merge(
    uow: UnitOfWork,
    row: Row[*tuple[Any, ...]],
    twin: Row[*tuple[Any, ...]],
    values: Mapping[str, bytes | None],
) -> None:
    """Let all that is the younger's be the older's, and only that one stay."""
    older, younger = sorted((row, twin), key=lambda one: one.id)
    _hand_over(uow, ADDRESS, younger.id, older.id)
    uow.connection.execute(ADDRESS.delete().where(ADDRESS.c.id == younger.id))
    if younger.reporter_id != older.reporter_id:
        _hand_over(uow, REPORTER, younger.reporter_id, older.reporter_id)
        uow.connection.execute(REPORTER.delete().where(REPORTER.c.id == younger.reporter_id))
    anew = {"identifier_sealed": uow.vault.reseal(row.identifier_sealed), **values}
    uow.connection.execute(update(ADDRESS).where(ADDRESS.c.id == older.id).values(anew))


def _hand_over(uow: UnitOfWork, owner: Table, younger: int, older: int) -> None:
    """Let everything that refers to one row refer to the other; of two conversations the older one goes on."""
    if owner is ADDRESS:
        _merge_officers(uow, younger, older)
        uow.connection.execute(CONVERSATION.delete().where(CONVERSATION.c.address_id == younger))
        followed = select(FOLLOWER.c.report_id).where(FOLLOWER.c.address_id == older).scalar_subquery()
        uow.connection.execute(
            FOLLOWER.delete().where(FOLLOWER.c.address_id == younger, FOLLOWER.c.report_id.in_(followed))
        )
    for one in metadata.sorted_tables:
        for column in one.columns:
            if any(key.column.table is owner for key in column.foreign_keys):
                uow.connection.execute(update(one).where(column == younger).values({column: older}))


def _merge_officers(uow: UnitOfWork, younger: int, older: int) -> None:
    """Of two officers, or two groups, at what is one address let the older one's post stand."""
    at = select(OFFICER.c.address_id, OFFICER.c.id).where(OFFICER.c.address_id.in_([younger, older]))
    found = {row.address_id: row.id for row in uow.connection.execute(at)}
    if len(found) == 2:
        uow.connection.execute(DESK.delete().where(DESK.c.officer_id == found[younger]))
        _hand_over(uow, OFFICER, found[younger], found[older])
        uow.connection.execute(OFFICER.delete().where(OFFICER.c.id == found[younger]))
    groups = select(GROUP.c.address_id).where(GROUP.c.address_id.in_([younger, older]))
    if len(uow.connection.execute(groups).all()) == 2:
        uow.connection.execute(GROUP.delete().where(GROUP.c.address_id == younger))
