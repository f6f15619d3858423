"""Everything an operator has of the reports, for one who leaves, or hands them on: with what people wrote."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Row, or_, select, tuple_

from storage.db import UnitOfWork
from storage.models import Attachment, Case, CaseEvent, Rating, Report, table
from storage.queries.figures import Scope, select_of
from storage.vocabulary import ActorKind, AttachmentState

REPORT, CASE, EVENT = table(Report), table(Case), table(CaseEvent)
RATING, ATTACHMENT = table(Rating), table(Attachment)
#: reports read at once
AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Happened:
    """A line of a report's history that its reporter may read, or wrote; officers' notes stay inside."""

    at: datetime
    kind: str
    actor_kind: str
    data: Mapping[str, str | int | bool | None]


@dataclass(frozen=True, slots=True)
class Whole:
    """A report with its case, its words, its public history, its ratings and its files."""

    number: str
    channel: str
    language: str
    type: str
    category_code: str
    area_code: str | None
    description: str
    place: str
    #: "lat,lon"
    location: str
    #: the day it came where none was told
    occurred_on: date
    is_day_told: bool
    is_ongoing: bool
    is_anonymous: bool
    is_secret: bool
    is_emergency: bool
    accused_agency_code: str | None
    filed_at: datetime
    state: str
    agency_code: str | None
    clock: str | None
    due_on: date | None
    check_due_on: date
    settle_due_on: date | None
    checked_at: datetime | None
    disposed_at: datetime | None
    first_answer_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    closing: str | None
    returns: int
    reopenings: int
    outside_code: str | None
    outside_number: str | None
    #: of the report it was joined with
    parent_number: str | None
    events: tuple[Happened, ...]
    #: one for each solution that was rated
    stars: tuple[int, ...]
    #: kind and media type of those that are kept
    files: tuple[tuple[str, str | None], ...]


_PARENT = REPORT.alias("parent")
_OF_CASE = frozenset(CASE.c.keys()) & frozenset(Whole.__slots__)
_PLAIN = [name for name in Whole.__slots__ if name in REPORT.c or name in _OF_CASE]


def list_whole(uow: UnitOfWork, scope: Scope, since: datetime, before: datetime) -> Iterator[Whole]:
    """Yield the reports filed in that time, oldest first; some are held at once, however many there are."""
    columns = [(CASE if name in _OF_CASE else REPORT).c[name] for name in _PLAIN]
    sealed = REPORT.c.description_sealed, REPORT.c.place_sealed, REPORT.c.location_sealed
    parent = _PARENT.c.number.label("parent_number")
    query = (
        select_of(scope, select(REPORT.c.id, *columns, *sealed, parent), since, before)
        .outerjoin(_PARENT, _PARENT.c.id == CASE.c.parent_report_id)
        .order_by(REPORT.c.filed_at, REPORT.c.id)
        .limit(AT_ONCE)
    )
    rows = uow.connection.execute(query).all()
    while rows:
        yield from _with_more(uow, rows)
        after = tuple_(REPORT.c.filed_at, REPORT.c.id) > (rows[-1].filed_at, rows[-1].id)
        rows = uow.connection.execute(query.where(after)).all()


def _with_more(uow: UnitOfWork, rows: Sequence[Row[*tuple[Any, ...]]]) -> Iterator[Whole]:
    ids = [row.id for row in rows]
    events, stars, files = _events(uow, ids), _stars(uow, ids), _files(uow, ids)
    unseal = uow.vault.unseal
    for row in rows:
        yield Whole(
            **{name: row._mapping[name] for name in _PLAIN},  # noqa: SLF001 - SQLAlchemy's public name for it
            description=unseal(row.description_sealed),
            place=unseal(row.place_sealed) if row.place_sealed else "",
            location=unseal(row.location_sealed) if row.location_sealed else "",
            parent_number=row.parent_number,
            events=tuple(events[row.id]),
            stars=tuple(stars[row.id]),
            files=tuple(files[row.id]),
        )


def _events(uow: UnitOfWork, ids: Sequence[int]) -> Mapping[int, list[Happened]]:
    is_theirs = or_(EVENT.c.is_public, EVENT.c.actor_kind == ActorKind.REPORTER.value)
    query = select(EVENT).where(EVENT.c.report_id.in_(ids), is_theirs)
    found: dict[int, list[Happened]] = defaultdict(list)
    for row in uow.connection.execute(query.order_by(EVENT.c.report_id, EVENT.c.seq)):
        data = json.loads(uow.vault.unseal(row.data_sealed)) if row.data_sealed else {}
        found[row.report_id].append(Happened(row.at, row.kind, row.actor_kind, data))
    return found


def _stars(uow: UnitOfWork, ids: Sequence[int]) -> Mapping[int, list[int]]:
    query = select(RATING).where(RATING.c.report_id.in_(ids)).order_by(RATING.c.report_id, RATING.c.round)
    found: dict[int, list[int]] = defaultdict(list)
    for row in uow.connection.execute(query):
        found[row.report_id].append(row.stars)
    return found


def _files(uow: UnitOfWork, ids: Sequence[int]) -> Mapping[int, list[tuple[str, str | None]]]:
    is_kept = ATTACHMENT.c.state == AttachmentState.STORED.value
    query = select(ATTACHMENT).where(ATTACHMENT.c.report_id.in_(ids), is_kept).order_by(ATTACHMENT.c.id)
    found: dict[int, list[tuple[str, str | None]]] = defaultdict(list)
    for row in uow.connection.execute(query):
        found[row.report_id].append((row.kind, row.media_type))
    return found
