"""Reports, their cases and their history."""

import hashlib
import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Row, Select, func, insert, or_, select

from storage.db import UnitOfWork
from storage.models import Case, CaseEvent, Report, ReportFollower, table
from storage.queries.conversations import Contact
from storage.vocabulary import ActorKind, EventKind

REPORT, CASE, EVENT, FOLLOWER = table(Report), table(Case), table(CaseEvent), table(ReportFollower)
#: what the first event of a case is chained to
GENESIS = bytes(32)


@dataclass(frozen=True, slots=True)
class NewReport:
    number: str
    draft_id: str
    reporter_id: int
    address_id: int
    channel: str
    language: str
    type: str
    category_code: str
    area_code: str | None
    description: str
    place: str
    #: (lat, lon)
    location: tuple[float, float] | None
    occurred_on: date
    is_ongoing: bool
    is_anonymous: bool
    is_secret: bool
    is_emergency: bool
    accused_agency_code: str | None
    consent_version: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What a status answer is made of."""

    report_id: int
    number: str
    #: it was filed from this address or by its person, or is followed from there
    is_own: bool
    state: str
    agency_code: str | None
    category_code: str
    is_secret: bool
    filed_at: datetime
    check_due_on: date


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """A place where a case's history does not hold together."""

    number: str
    seq: int
    why: str


def insert_report(uow: UnitOfWork, new: NewReport, now: datetime) -> int:
    """Store a report and return its id. Raises IntegrityError when number or draft exist."""
    seal = uow.vault.seal
    values = {name: getattr(new, name) for name in NewReport.__slots__}
    description, place, location = values.pop("description"), values.pop("place"), values.pop("location")
    report_id: int = uow.connection.execute(
        insert(REPORT)
        .values(
            **values,
            description_sealed=seal(description),
            place_sealed=seal(place) if place else None,
            location_sealed=seal(f"{location[0]:.5f},{location[1]:.5f}") if location else None,
            filed_at=now,
        )
        .returning(REPORT.c.id)
    ).scalar_one()
    return report_id


def insert_case(
    uow: UnitOfWork,
    report_id: int,
    *,
    state: str,
    agency_code: str | None,
    check_due_on: date,
    policy: str,
    now: datetime,
) -> None:
    uow.connection.execute(
        insert(CASE).values(
            report_id=report_id,
            state=state,
            agency_code=agency_code,
            check_due_on=check_due_on,
            policy=policy,
            version=1,
            updated_at=now,
        )
    )


def number_exists(uow: UnitOfWork, number: str) -> bool:
    return uow.connection.execute(select(REPORT.c.id).where(REPORT.c.number == number)).first() is not None


def _standings(contact: Contact) -> Select[tuple[object, ...]]:
    followed = select(FOLLOWER.c.report_id).where(
        FOLLOWER.c.report_id == REPORT.c.id, FOLLOWER.c.address_id == contact.address_id
    )
    return select(
        REPORT.c.id,
        REPORT.c.number,
        or_(REPORT.c.reporter_id == contact.reporter_id, followed.exists()),
        CASE.c.state,
        CASE.c.agency_code,
        REPORT.c.category_code,
        REPORT.c.is_secret,
        REPORT.c.filed_at,
        CASE.c.check_due_on,
    ).join(CASE, CASE.c.report_id == REPORT.c.id)


def _standing(row: Row[tuple[object, ...]]) -> Standing:
    return Standing(*row.tuple())  # type: ignore[call-arg, arg-type]


def find_standing(uow: UnitOfWork, number: str, contact: Contact) -> Standing | None:
    """Return how a report stands, as seen by who asks."""
    row = uow.connection.execute(_standings(contact).where(REPORT.c.number == number)).one_or_none()
    return None if row is None else _standing(row)


def list_standings_of(uow: UnitOfWork, contact: Contact, limit: int) -> list[Standing]:
    """Return a person's reports and those followed from this address, newest first."""
    own = select(REPORT.c.id).where(REPORT.c.reporter_id == contact.reporter_id)
    followed = select(FOLLOWER.c.report_id).where(FOLLOWER.c.address_id == contact.address_id)
    ids = own.union(followed)
    query = _standings(contact).where(REPORT.c.id.in_(ids)).order_by(REPORT.c.id.desc()).limit(limit)
    return [_standing(row) for row in uow.connection.execute(query)]


def get_number(uow: UnitOfWork, report_id: int) -> str:
    number: str = uow.connection.execute(select(REPORT.c.number).where(REPORT.c.id == report_id)).scalar_one()
    return number


def count_reports(uow: UnitOfWork) -> int:
    return uow.connection.execute(select(func.count()).select_from(REPORT)).scalar_one()


def append_event(
    uow: UnitOfWork,
    report_id: int,
    kind: EventKind,
    actor: ActorKind,
    *,
    data: Mapping[str, str | int | bool | None],
    is_public: bool,
    now: datetime,
) -> None:
    """Add a line to a case's history, chained to the one before."""
    if uow.locks_rows:  # two at once would both follow the same event
        uow.connection.execute(
            select(CASE.c.report_id).where(CASE.c.report_id == report_id).with_for_update()
        )
    last = uow.connection.execute(
        select(EVENT.c.seq, EVENT.c.hash)
        .where(EVENT.c.report_id == report_id)
        .order_by(EVENT.c.seq.desc())
        .limit(1)
    ).one_or_none()
    seq, previous = (last.seq + 1, last.hash) if last else (1, GENESIS)
    # The salt keeps a short text from being guessed by its digest once the text itself is erased.
    payload = json.dumps({**data, "salt": secrets.token_hex(8)}, sort_keys=True, ensure_ascii=False)
    digest = hashlib.sha256(payload.encode()).digest()
    uow.connection.execute(
        insert(EVENT).values(
            report_id=report_id,
            seq=seq,
            at=now,
            kind=kind.value,
            actor_kind=actor.value,
            is_public=is_public,
            data_sealed=uow.vault.seal(payload),
            data_digest=digest,
            previous_hash=previous,
            hash=link(
                report_id, seq, now, kind, actor, is_public=is_public, digest=digest, previous=previous
            ),
        )
    )


def link(
    report_id: int,
    seq: int,
    at: datetime,
    kind: str,
    actor: str,
    *,
    is_public: bool,
    digest: bytes,
    previous: bytes,
) -> bytes:
    """Return the hash of one event: over all it says and the hash of the event before."""
    said = (
        report_id,
        seq,
        at.isoformat(),
        str(kind),
        str(actor),
        int(is_public),
        digest.hex(),
        previous.hex(),
    )
    return hashlib.sha256("|".join(map(str, said)).encode()).digest()


def verify_history(uow: UnitOfWork) -> Iterator[BrokenLink]:
    """Yield every place where a history was changed, shortened in the middle, or reordered."""
    query = (
        select(EVENT, REPORT.c.number)
        .join(REPORT, REPORT.c.id == EVENT.c.report_id)
        .order_by(EVENT.c.report_id, EVENT.c.seq)
    )
    report_id, seq, previous = None, 0, GENESIS
    for row in uow.connection.execution_options(yield_per=1000).execute(query):
        if row.report_id != report_id:
            report_id, seq, previous = row.report_id, 0, GENESIS
        seq += 1
        why = _what_is_wrong(uow, row, seq, previous)
        if why:
            yield BrokenLink(row.number, row.seq, why)
        seq, previous = row.seq, row.hash


def _what_is_wrong(uow: UnitOfWork, row: Row[tuple[object, ...]], seq: int, previous: bytes) -> str | None:
    if row.seq != seq:
        return f"event {seq} is missing"
    if row.previous_hash != previous:
        return "does not follow the event before"
    expected = link(
        row.report_id,
        row.seq,
        row.at,
        row.kind,
        row.actor_kind,
        is_public=row.is_public,
        digest=row.data_digest,
        previous=row.previous_hash,
    )
    if row.hash != expected:
        return "was changed"
    if (
        row.data_sealed
        and hashlib.sha256(uow.vault.unseal(row.data_sealed).encode()).digest() != row.data_digest
    ):
        return "its contents were changed"
    return None
