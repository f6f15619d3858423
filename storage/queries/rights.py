"""What is held about a person, and how it is erased (UU 27/2022; docs/rules.md, Privacy).

An erased person's rows stay where reports refer to them, without name or address: the identifier gives way to a
random one that nobody writes from.
"""

import json
import secrets
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, delete, func, insert, or_, select, update

from storage.db import UnitOfWork
from storage.models import (
    Address,
    Attachment,
    Case,
    CaseEvent,
    Conversation,
    HumanRequest,
    InboundFailure,
    InvitationAttempt,
    LinkRequest,
    Outbound,
    Report,
    Reporter,
    ReportFollower,
    table,
)
from storage.queries.conversations import Contact
from storage.vocabulary import AttachmentState, EventKind, OutboundState, Priority

ADDRESS, REPORTER, CONVERSATION = table(Address), table(Reporter), table(Conversation)
REPORT, CASE, EVENT, FOLLOWER = table(Report), table(Case), table(CaseEvent), table(ReportFollower)
ATTACHMENT, OUTBOUND, FAILURE = table(Attachment), table(Outbound), table(InboundFailure)
HUMAN, LINK, ATTEMPT = table(HumanRequest), table(LinkRequest), table(InvitationAttempt)

#: why a row is empty
ERASED = "erased"
#: lines of a history that hold the reporter's words
TELLING = tuple(
    kind.value
    for kind in (
        *(EventKind.ADDED, EventKind.CORRECTED, EventKind.REPLIED),
        *(EventKind.REJECTED, EventKind.REOPENED, EventKind.APPEALED),
    )
)


@dataclass(frozen=True, slots=True)
class Person:
    #: empty: none was given
    name: str
    language: str
    consent_version: str | None
    consented_at: datetime | None
    is_erased: bool


@dataclass(frozen=True, slots=True)
class HeldAddress:
    channel: str
    identifier: str
    is_stopped: bool


@dataclass(frozen=True, slots=True)
class HeldReport:
    """A report as its reporter told it."""

    report_id: int
    number: str
    state: str
    category_code: str
    area_code: str | None
    description: str
    place: str
    #: "lat,lon"
    location: str
    #: None: they told no day
    occurred_on: date | None
    is_ongoing: bool
    is_anonymous: bool
    is_secret: bool
    filed_at: datetime
    #: of their own, that are kept or on their way
    files: int


# --- what is held ---


def get_person(uow: UnitOfWork, reporter_id: int) -> Person:
    row = uow.connection.execute(select(REPORTER).where(REPORTER.c.id == reporter_id)).one()
    name = uow.vault.unseal(row.name_sealed) if row.name_sealed else ""
    return Person(name, row.language, row.consent_version, row.consented_at, row.erased_at is not None)


def list_addresses(uow: UnitOfWork, reporter_id: int) -> list[HeldAddress]:
    """Return where a person is reached, oldest first."""
    rows = uow.connection.execute(
        select(ADDRESS).where(ADDRESS.c.reporter_id == reporter_id).order_by(ADDRESS.c.id)
    )
    return [
        HeldAddress(row.channel, uow.vault.unseal(row.identifier_sealed), row.stopped_at is not None)
        for row in rows
    ]


def get_identifier(uow: UnitOfWork, address_id: int) -> str:
    sealed = uow.connection.execute(
        select(ADDRESS.c.identifier_sealed).where(ADDRESS.c.id == address_id)
    ).scalar_one()
    return uow.vault.unseal(sealed)


def list_reports(uow: UnitOfWork, contact: Contact) -> list[HeldReport]:
    """Return a person's reports and those followed from this address, newest first."""
    is_kept = (
        ATTACHMENT.c.report_id == REPORT.c.id,
        ATTACHMENT.c.state != AttachmentState.LOST.value,
        ATTACHMENT.c.is_from_officer.is_(False),
    )
    own = select(REPORT.c.id).where(REPORT.c.reporter_id == contact.reporter_id)
    followed = select(FOLLOWER.c.report_id).where(FOLLOWER.c.address_id == contact.address_id)
    rows = uow.connection.execute(
        select(
            REPORT,
            CASE.c.state,
            select(func.count()).where(*is_kept).scalar_subquery().label("files"),
        )
        .join(CASE, CASE.c.report_id == REPORT.c.id)
        .where(REPORT.c.id.in_(own.union(followed)))  # "or" would have PostgreSQL read all reports
        .order_by(REPORT.c.id.desc())
    )
    unseal = uow.vault.unseal
    return [
        HeldReport(
            report_id=row.id,
            number=row.number,
            state=row.state,
            category_code=row.category_code,
            area_code=row.area_code,
            description=unseal(row.description_sealed),
            place=unseal(row.place_sealed) if row.place_sealed else "",
            location=unseal(row.location_sealed) if row.location_sealed else "",
            occurred_on=row.occurred_on if row.is_day_told else None,
            is_ongoing=row.is_ongoing,
            is_anonymous=row.is_anonymous,
            is_secret=row.is_secret,
            filed_at=row.filed_at,
            files=row.files,
        )
        for row in rows
    ]


def list_told(uow: UnitOfWork, report_id: int) -> list[str]:
    """Return what the reporter has told since a report was filed: additions and new versions, oldest first."""
    sealed = uow.connection.execute(
        select(EVENT.c.data_sealed)
        .where(EVENT.c.report_id == report_id, EVENT.c.kind.in_(TELLING), EVENT.c.data_sealed.is_not(None))
        .order_by(EVENT.c.seq)
    ).scalars()
    return [str(json.loads(uow.vault.unseal(one)).get("text", "")) for one in sealed]


# --- one report ---


def raise_protection(uow: UnitOfWork, report_id: int) -> bool:
    """Make a report anonymous and secret; False when it is both."""
    is_open = or_(REPORT.c.is_anonymous.is_(False), REPORT.c.is_secret.is_(False))
    return (
        uow.connection.execute(
            update(REPORT).where(REPORT.c.id == report_id, is_open).values(is_anonymous=True, is_secret=True)
        ).rowcount
        == 1
    )


# --- erasing ---


def list_report_ids(uow: UnitOfWork, reporter_id: int) -> list[int]:
    query = select(REPORT.c.id).where(REPORT.c.reporter_id == reporter_id).order_by(REPORT.c.id)
    return list(uow.connection.execute(query).scalars())


def erase(uow: UnitOfWork, reporter_id: int, now: datetime) -> None:
    """Erase a reporter with their files, whose bytes lie outside the database: no row names them afterwards."""
    addresses = select(ADDRESS.c.id).where(ADDRESS.c.reporter_id == reporter_id)
    reports = select(REPORT.c.id).where(REPORT.c.reporter_id == reporter_id)
    for is_theirs in (ATTACHMENT.c.address_id.in_(addresses), ATTACHMENT.c.report_id.in_(reports)):
        theirs = update(ATTACHMENT).where(is_theirs, ATTACHMENT.c.is_from_officer.is_(False))
        uow.connection.execute(theirs.values(emptied_file(uow)))
    forget(uow, reporter_id, now)


def emptied_file(uow: UnitOfWork) -> dict[str, object]:
    """Return the values of a file's row that says no more than that there was one."""
    return {
        "state": AttachmentState.LOST.value,
        "due_at": None,
        "code": ERASED,
        "ref_sealed": uow.vault.seal(""),
        "digest": None,
        "shown_digest": None,
        "thumbnail_digest": None,
    }


def forget(uow: UnitOfWork, reporter_id: int, now: datetime) -> None:
    """Erase who a reporter is, where they are reached, and what is unfinished or was sent.

    Reports stay, with their history and files, as told by nobody.
    """
    addresses = select(ADDRESS.c.id).where(ADDRESS.c.reporter_id == reporter_id)
    reports = select(REPORT.c.id).where(REPORT.c.reporter_id == reporter_id)
    sent = ATTACHMENT.c.address_id.in_(addresses), ATTACHMENT.c.is_from_officer.is_(False)
    is_pending = ATTACHMENT.c.state == AttachmentState.PENDING.value
    _erase_naming(uow, reporter_id, addresses, reports)
    _erase_sent(uow, addresses)
    for gone in (
        delete(ATTACHMENT).where(*sent, ATTACHMENT.c.report_id.is_(None)),
        # By its own name of a file a provider still knows the chat.
        update(ATTACHMENT).where(*sent, ~is_pending).values(ref_sealed=uow.vault.seal("")),
        delete(CONVERSATION).where(CONVERSATION.c.address_id.in_(addresses)),
        delete(HUMAN).where(HUMAN.c.address_id.in_(addresses)),
        delete(ATTEMPT).where(ATTEMPT.c.address_id.in_(addresses)),
        # Two of each: a statement with OR would read the whole table.
        delete(LINK).where(LINK.c.address_id.in_(addresses)),
        delete(LINK).where(LINK.c.report_id.in_(reports)),
        delete(FOLLOWER).where(FOLLOWER.c.address_id.in_(addresses)),
        delete(FOLLOWER).where(FOLLOWER.c.report_id.in_(reports)),
        update(REPORT).where(REPORT.c.reporter_id == reporter_id).values(is_anonymous=True),
        update(REPORTER).where(REPORTER.c.id == reporter_id).values(name_sealed=None, erased_at=now),
    ):
        uow.connection.execute(gone)
    for address_id, channel in uow.connection.execute(
        select(ADDRESS.c.id, ADDRESS.c.channel).where(ADDRESS.c.reporter_id == reporter_id)
    ).all():
        _erase_identifier(uow, address_id, channel, now)


def _erase_identifier(uow: UnitOfWork, address_id: int, channel: str, now: datetime) -> None:
    """Put a random identifier in the place of the real one: whoever writes again is somebody new.

    Not an empty one: hash and identifier fit each other as ever, and no two are alike, also after a rotation of keys.
    """
    nobody = secrets.token_hex(16)
    uow.connection.execute(
        update(ADDRESS)
        .where(ADDRESS.c.id == address_id)
        .values(
            identifier_hash=uow.vault.fingerprint(f"address:{channel}", nobody),
            identifier_sealed=uow.vault.seal(nobody),
            stopped_at=now,
            unreachable_at=now,
        )
    )


def _erase_sent(uow: UnitOfWork, addresses: Select[int]) -> None:
    """Empty what was said to a person, and say nothing more; that and how it was sent is still counted."""
    to_them = OUTBOUND.c.address_id.in_(addresses)
    never_left = OUTBOUND.c.state.in_([OutboundState.PENDING.value, OutboundState.DEAD.value])
    is_leaving = OUTBOUND.c.state == OutboundState.LEASED.value
    uow.connection.execute(delete(OUTBOUND).where(to_them, never_left))
    uow.connection.execute(
        update(OUTBOUND)
        .where(to_them, is_leaving)
        .values(state=OutboundState.DEAD.value, due_at=None, code=ERASED)
    )
    # As news, none of it is ever sent again: the address counts as out of reach.
    empty = {"payload_sealed": uow.vault.seal(""), "priority": Priority.NEWS.value}
    uow.connection.execute(update(OUTBOUND).where(to_them).values(empty))


def _erase_naming(uow: UnitOfWork, reporter_id: int, addresses: Select[int], reports: Select[int]) -> None:
    """Delete what tells others who reported: officers may look that up, with a reason.

    A name may be somebody else's as well: for that alone nothing is deleted that still has to be sent.
    """
    name = get_person(uow, reporter_id).name
    identifiers = [one.identifier for one in list_addresses(uow, reporter_id)]
    rows = uow.connection.execute(
        select(OUTBOUND.c.id, OUTBOUND.c.payload_sealed, OUTBOUND.c.due_at).where(
            OUTBOUND.c.report_id.in_(reports), OUTBOUND.c.address_id.not_in(addresses)
        )
    )
    naming = []
    for row in rows:
        told = uow.vault.unseal(row.payload_sealed)
        is_named = bool(name) and row.due_at is None and name in told
        if is_named or any(identifier in told for identifier in identifiers):
            naming.append(row.id)
    if naming:
        uow.connection.execute(delete(OUTBOUND).where(OUTBOUND.c.id.in_(naming)))


def list_failures(uow: UnitOfWork, channels: Collection[str]) -> Iterator[tuple[int, str]]:
    """Yield id and payload (handlers.messages.Inbound as JSON) of kept messages, also of those run again since."""
    query = select(FAILURE.c.id, FAILURE.c.payload_sealed).where(FAILURE.c.channel.in_(sorted(channels)))
    for row in uow.connection.execute(query).all():
        yield row.id, uow.vault.unseal(row.payload_sealed)


def delete_failures(uow: UnitOfWork, ids: Collection[int]) -> None:
    uow.connection.execute(delete(FAILURE).where(FAILURE.c.id.in_(sorted(ids))))


# --- the last message ---


def insert_farewell_address(
    uow: UnitOfWork, channel: str, identifier: str, language: str, now: datetime
) -> int:
    """Return an address for one last message: nothing refers to it, and nobody is found by it."""
    reporter_id = uow.connection.execute(
        insert(REPORTER).values(language=language, created_at=now, erased_at=now).returning(REPORTER.c.id)
    ).scalar_one()
    address_id: int = uow.connection.execute(
        insert(ADDRESS)
        .values(
            reporter_id=reporter_id,
            channel=channel,
            identifier_hash=secrets.token_bytes(32),
            identifier_sealed=uow.vault.seal(identifier),
            created_at=now,
        )
        .returning(ADDRESS.c.id)
    ).scalar_one()
    return address_id


def _unforgotten(erased_before: datetime) -> ColumnElement[bool]:
    return and_(REPORTER.c.erased_at <= erased_before, REPORTER.c.forgotten_at.is_(None))


def forget_farewells(uow: UnitOfWork, erased_before: datetime, limit: int) -> int:
    """Delete up to `limit` addresses of last messages that have left, or were given up; return how many."""
    waits = select(OUTBOUND.c.id).where(OUTBOUND.c.address_id == ADDRESS.c.id, OUTBOUND.c.due_at.is_not(None))
    found = uow.connection.execute(
        select(ADDRESS.c.id, ADDRESS.c.reporter_id)
        .join(REPORTER, REPORTER.c.id == ADDRESS.c.reporter_id)
        # An erased person's own addresses are stopped, that of a last message is not.
        .where(_unforgotten(erased_before), ADDRESS.c.stopped_at.is_(None), ~waits.exists())
        .limit(limit)
    ).all()
    address_ids = [row.id for row in found]
    uow.connection.execute(delete(OUTBOUND).where(OUTBOUND.c.address_id.in_(address_ids)))
    uow.connection.execute(delete(ADDRESS).where(ADDRESS.c.id.in_(address_ids)))
    uow.connection.execute(delete(REPORTER).where(REPORTER.c.id.in_([row.reporter_id for row in found])))
    return len(found)


def forget_provider_ids(uow: UnitOfWork, erased_before: datetime, limit: int) -> int:
    """Drop the providers' ids of up to `limit` messages to erased people; return how many.

    By such an id a provider still knows the number the message went to.
    """
    erased = (  # not a join: SQLite would begin with all messages that were ever sent
        select(ADDRESS.c.id)
        .join(REPORTER, REPORTER.c.id == ADDRESS.c.reporter_id)
        .where(_unforgotten(erased_before))
    )
    theirs = (
        select(OUTBOUND.c.id)
        .where(OUTBOUND.c.address_id.in_(erased), OUTBOUND.c.provider_id.is_not(None))
        .limit(limit)
    )
    return uow.connection.execute(
        update(OUTBOUND).where(OUTBOUND.c.id.in_(theirs)).values(provider_id=None)
    ).rowcount


def note_forgotten(uow: UnitOfWork, erased_before: datetime, now: datetime, limit: int) -> int:
    """Note of up to `limit` erased people that nothing of the above is left; return of how many."""
    theirs = select(ADDRESS.c.id).where(ADDRESS.c.reporter_id == REPORTER.c.id)
    is_last = theirs.where(ADDRESS.c.stopped_at.is_(None))
    is_known = theirs.join(OUTBOUND, OUTBOUND.c.address_id == ADDRESS.c.id).where(
        OUTBOUND.c.provider_id.is_not(None)
    )
    done = select(REPORTER.c.id).where(_unforgotten(erased_before), ~is_last.exists(), ~is_known.exists())
    return uow.connection.execute(
        update(REPORTER).where(REPORTER.c.id.in_(done.limit(limit))).values(forgotten_at=now)
    ).rowcount
