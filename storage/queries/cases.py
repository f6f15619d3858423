"""Reports, their cases and their history."""

import hashlib
import json
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Integer, Row, bindparam, func, insert, or_, select, update

from storage.db import UnitOfWork
from storage.models import Case, CaseEvent, Report, ReportFollower, table
from storage.queries.conversations import Contact
from storage.vocabulary import ActorKind, Clock, EventKind

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
    is_day_told: bool
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


_INSERT_REPORT = insert(REPORT).returning(REPORT.c.id)


def insert_report(uow: UnitOfWork, new: NewReport, now: datetime) -> int:
    """Store a report and return its id. Raises IntegrityError when number or draft exist."""
    seal = uow.vault.seal
    values = {name: getattr(new, name) for name in NewReport.__slots__}
    description, place, location = values.pop("description"), values.pop("place"), values.pop("location")
    values |= {
        "description_sealed": seal(description),
        "place_sealed": seal(place) if place else None,
        "location_sealed": seal(f"{location[0]:.5f},{location[1]:.5f}") if location else None,
        "filed_at": now,
    }
    report_id: int = uow.connection.execute(_INSERT_REPORT, values).scalar_one()
    return report_id


_INSERT_CASE = insert(CASE)


def insert_case(
    uow: UnitOfWork,
    report_id: int,
    *,
    state: str,
    agency_code: str | None,
    check_due_on: date,
    policy: str,
    ombudsman_on: date,
    now: datetime,
) -> None:
    """Begin the handling of a report: it is to be checked (D1)."""
    values = {
        "report_id": report_id,
        "state": state,
        "agency_code": agency_code,
        "check_due_on": check_due_on,
        "clock": Clock.CHECK.value,
        "due_on": check_due_on,
        "policy": policy,
        "ombudsman_on": ombudsman_on,
        "version": 1,
        "last_seq": 0,
        "last_hash": GENESIS,
        "updated_at": now,
    }
    uow.connection.execute(_INSERT_CASE, values)
    uow.ends[report_id] = 0, GENESIS


def number_exists(uow: UnitOfWork, number: str) -> bool:
    return uow.connection.execute(_NUMBERED, {"wanted": number}).first() is not None


_NUMBERED = select(REPORT.c.id).where(REPORT.c.number == bindparam("wanted"))


#: seen from :address, by :reporter
_OWN = select(REPORT.c.id).where(REPORT.c.reporter_id == bindparam("reporter"))
_FOLLOWED = select(FOLLOWER.c.report_id).where(FOLLOWER.c.address_id == bindparam("address"))
_IS_OWN = or_(
    REPORT.c.reporter_id == bindparam("reporter"),
    _FOLLOWED.where(FOLLOWER.c.report_id == REPORT.c.id).exists(),
)
_STANDINGS = (
    select(
        REPORT.c.id,
        REPORT.c.number,
        _IS_OWN,
        CASE.c.state,
        CASE.c.agency_code,
        REPORT.c.category_code,
        REPORT.c.is_secret,
        REPORT.c.filed_at,
    )
    .join(CASE, CASE.c.report_id == REPORT.c.id)
    .order_by(REPORT.c.id.desc())
    .limit(bindparam("most", type_=Integer))
)
_STANDING_BY_NUMBER = _STANDINGS.where(REPORT.c.number == bindparam("wanted"))
# Another body may have given several the same: who asks means their own.
_STANDING_BY_NUMBER_OUTSIDE = (
    _STANDINGS.where(CASE.c.outside_number == bindparam("wanted"))
    .order_by(None)
    .order_by(_IS_OWN.desc(), REPORT.c.id.desc())
)
_STANDING_BY_ID = _STANDINGS.where(REPORT.c.id == bindparam("wanted"))
_STANDINGS_OF = _STANDINGS.where(REPORT.c.id.in_(_OWN.union(_FOLLOWED)))


def _seen_by(contact: Contact, most: int = 1) -> dict[str, object]:
    return {"reporter": contact.reporter_id, "address": contact.address_id, "most": most}


def find_standing(uow: UnitOfWork, number: str, contact: Contact) -> Standing | None:
    """Return how a report stands, as seen by who asks: the one with our number, else one with a number outside."""
    for query in (_STANDING_BY_NUMBER, _STANDING_BY_NUMBER_OUTSIDE):
        row = uow.connection.execute(query, {**_seen_by(contact), "wanted": number}).one_or_none()
        if row is not None:
            return Standing(*row)
    return None


def find_standing_by_id(uow: UnitOfWork, report_id: int, contact: Contact) -> Standing | None:
    row = uow.connection.execute(_STANDING_BY_ID, {**_seen_by(contact), "wanted": report_id}).one_or_none()
    return None if row is None else Standing(*row)


def list_standings_of(uow: UnitOfWork, contact: Contact, limit: int) -> list[Standing]:
    """Return a person's reports and those followed from this address, newest first."""
    return [Standing(*row) for row in uow.connection.execute(_STANDINGS_OF, _seen_by(contact, limit))]


_BY_DRAFT = select(REPORT.c.id, REPORT.c.number).where(REPORT.c.draft_id == bindparam("draft"))


def find_by_draft(uow: UnitOfWork, draft_id: str) -> tuple[int, str] | None:
    """Return id and number of the report that a draft has become."""
    row = uow.connection.execute(_BY_DRAFT, {"draft": draft_id}).one_or_none()
    return None if row is None else (row.id, row.number)


_IDS = select(REPORT.c.draft_id, REPORT.c.number).where(REPORT.c.id == bindparam("report"))


def get_draft_id(uow: UnitOfWork, report_id: int) -> str:
    draft_id: str = uow.connection.execute(_IDS, {"report": report_id}).one().draft_id
    return draft_id


def get_number(uow: UnitOfWork, report_id: int) -> str:
    number: str = uow.connection.execute(_IDS, {"report": report_id}).one().number
    return number


def count_reports(uow: UnitOfWork) -> int:
    return uow.connection.execute(select(func.count()).select_from(REPORT)).scalar_one()


@dataclass(frozen=True, slots=True)
class NewEvent:
    report_id: int
    kind: EventKind
    actor: ActorKind
    data: Mapping[str, str | int | bool | None]
    is_public: bool


# Locked, where rows can be: two at once would both follow the same event.
_LAST = (
    select(CASE.c.report_id, CASE.c.last_seq, CASE.c.last_hash).order_by(CASE.c.report_id).with_for_update()
)
_LAST_OF_ONE = _LAST.where(CASE.c.report_id == bindparam("report"))
_LAST_OF_MANY = _LAST.where(CASE.c.report_id.in_(bindparam("reports", expanding=True)))
_APPEND = insert(EVENT)
_FOLLOW = (
    update(CASE)
    .where(CASE.c.report_id == bindparam("report"))
    .values(last_seq=bindparam("seq"), last_hash=bindparam("linked"))
)


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
    """Add a line to a case's history, chained to the one before. Raises KeyError without a case."""
    append_events(uow, [NewEvent(report_id, kind, actor, data, is_public)], now)


def append_events(uow: UnitOfWork, events: Sequence[NewEvent], now: datetime) -> None:
    """Add a line to the history of each of these cases, none of them twice. Raises KeyError without a case."""
    if not events:
        return
    _find_ends(uow, [event.report_id for event in events if event.report_id not in uow.ends])
    lines = [_line(uow, event, *uow.ends[event.report_id], now) for event in events]
    uow.connection.execute(_APPEND, lines)
    ends = [{"report": one["report_id"], "seq": one["seq"], "linked": one["hash"]} for one in lines]
    uow.connection.execute(_FOLLOW, ends)
    uow.ends.update((one["report_id"], (one["seq"], one["hash"])) for one in lines)


def _find_ends(uow: UnitOfWork, report_ids: Sequence[int]) -> None:
    """Find where the histories of cases end that were not locked before."""
    if not report_ids:
        return
    if len(report_ids) == 1:  # a list is written into the statement anew each time
        rows = uow.connection.execute(_LAST_OF_ONE, {"report": report_ids[0]})
    else:
        rows = uow.connection.execute(_LAST_OF_MANY, {"reports": report_ids})
    uow.ends.update((row.report_id, (row.last_seq, row.last_hash)) for row in rows)


def _line(uow: UnitOfWork, event: NewEvent, last_seq: int, previous: bytes, now: datetime) -> dict[str, Any]:
    # The salt keeps a short text from being guessed by its digest once the text itself is erased.
    payload = json.dumps({**event.data, "salt": secrets.token_hex(8)}, sort_keys=True)
    digest = hashlib.sha256(payload.encode()).digest()
    linked = link(
        event.report_id,
        last_seq + 1,
        now,
        event.kind,
        event.actor,
        is_public=event.is_public,
        digest=digest,
        previous=previous,
    )
    return {
        "report_id": event.report_id,
        "seq": last_seq + 1,
        "at": now,
        "kind": event.kind.value,
        "actor_kind": event.actor.value,
        "is_public": event.is_public,
        "data_sealed": uow.vault.seal(payload),
        "data_digest": digest,
        "previous_hash": previous,
        "hash": linked,
    }


@dataclass(frozen=True, slots=True)
class Told:
    """One line of a case's history, opened."""

    seq: int
    kind: EventKind
    at: datetime
    data: Mapping[str, str | int | bool | None]


_EVENTS = (
    select(EVENT)
    .where(
        EVENT.c.report_id == bindparam("report"),
        EVENT.c.kind.in_(bindparam("kinds", expanding=True)),
    )
    .order_by(EVENT.c.seq.desc())
    .limit(bindparam("most", type_=Integer))
)
_PUBLIC_EVENTS = _EVENTS.where(EVENT.c.is_public)


def find_event(
    uow: UnitOfWork,
    report_id: int,
    kinds: Collection[EventKind] = tuple(EventKind),
    *,
    is_public: bool = False,
) -> Told | None:
    """Return the newest event of these kinds; `is_public`: of those that the reporter may read."""
    wanted = {"report": report_id, "kinds": [kind.value for kind in kinds], "most": 1}
    row = uow.connection.execute(_PUBLIC_EVENTS if is_public else _EVENTS, wanted).one_or_none()
    return None if row is None else _told(uow, row)


_OF_MANY = (
    select(EVENT)
    .where(
        EVENT.c.report_id.in_(bindparam("reports", expanding=True)),
        EVENT.c.kind.in_(bindparam("kinds", expanding=True)),
    )
    .order_by(EVENT.c.report_id, EVENT.c.seq)
)


def find_events(
    uow: UnitOfWork, report_ids: Collection[int], kinds: Collection[EventKind]
) -> dict[int, Told]:
    """Return the newest event of these kinds of many reports, by report; without those that have none."""
    wanted = {"reports": sorted(report_ids), "kinds": [kind.value for kind in kinds]}
    return {row.report_id: _told(uow, row) for row in uow.connection.execute(_OF_MANY, wanted)}


def list_public_events(
    uow: UnitOfWork, report_id: int, kinds: Collection[EventKind], limit: int
) -> list[Told]:
    """Return the newest of the events that the reporter may read, newest first."""
    wanted = {"report": report_id, "kinds": [kind.value for kind in kinds], "most": limit}
    return [_told(uow, row) for row in uow.connection.execute(_PUBLIC_EVENTS, wanted)]


def _told(uow: UnitOfWork, row: Row[*tuple[Any, ...]]) -> Told:
    data = json.loads(uow.vault.unseal(row.data_sealed)) if row.data_sealed else {}
    return Told(row.seq, EventKind(row.kind), row.at, data)


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
        at.astimezone(UTC).isoformat(),
        str(kind),
        str(actor),
        int(is_public),
        digest.hex(),
        previous.hex(),
    )
    return hashlib.sha256("|".join(map(str, said)).encode()).digest()
