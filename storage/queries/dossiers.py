"""One report opened: the words of its reporter, its history, its files; and all that its card is made of at once."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Integer, Row, bindparam, func, select

from storage.db import UnitOfWork
from storage.models import Attachment, CaseEvent, OwnReminder, ProposedAnswer, Report, table
from storage.queries.answers import Proposed
from storage.queries.conversations import REACH, STOPPED
from storage.vocabulary import ActorKind, AttachmentState, EventKind, MediaKind

REPORT, EVENT, ATTACHMENT = table(Report), table(CaseEvent), table(Attachment)
PROPOSED, OWN = table(ProposedAnswer), table(OwnReminder)


@dataclass(frozen=True, slots=True)
class Story:
    """What a reporter told, as they wrote it."""

    description: str
    place: str
    #: "lat,lon"
    location: str
    #: the day it came where they told none
    occurred_on: date
    is_day_told: bool
    is_ongoing: bool


_STORY = select(
    REPORT.c.description_sealed,
    REPORT.c.place_sealed,
    REPORT.c.location_sealed,
    REPORT.c.occurred_on,
    REPORT.c.is_day_told,
    REPORT.c.is_ongoing,
).where(REPORT.c.id == bindparam("report"))


def get_story(uow: UnitOfWork, report_id: int) -> Story:
    return _story(uow, uow.connection.execute(_STORY, {"report": report_id}).one())


def _story(uow: UnitOfWork, row: Row[*tuple[Any, ...]]) -> Story:
    unseal = uow.vault.unseal
    return Story(
        description=unseal(row.description_sealed),
        place=unseal(row.place_sealed) if row.place_sealed else "",
        location=unseal(row.location_sealed) if row.location_sealed else "",
        occurred_on=row.occurred_on,
        is_day_told=row.is_day_told,
        is_ongoing=row.is_ongoing,
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a case's history, opened."""

    kind: EventKind
    actor: ActorKind
    at: datetime
    data: Mapping[str, Any]


_LINES = (
    select(EVENT.c.kind, EVENT.c.actor_kind, EVENT.c.at, EVENT.c.data_sealed)
    .where(
        EVENT.c.report_id == bindparam("report"),
        EVENT.c.kind.in_(bindparam("kinds", expanding=True)),
        EVENT.c.data_sealed.is_not(None),
    )
    .order_by(EVENT.c.seq.desc())
    .limit(bindparam("most", type_=Integer))
)


def list_lines(uow: UnitOfWork, report_id: int, kinds: Collection[EventKind], limit: int) -> list[Line]:
    """Return the newest lines of these kinds, oldest first; without those whose contents are erased."""
    wanted = {"report": report_id, "kinds": [kind.value for kind in kinds], "most": limit}
    rows = uow.connection.execute(_LINES, wanted).all()
    return [_line(uow, row) for row in reversed(rows)]


def _line(uow: UnitOfWork, row: Row[*tuple[Any, ...]]) -> Line:
    data = json.loads(uow.vault.unseal(row.data_sealed))
    return Line(EventKind(row.kind), ActorKind(row.actor_kind), row.at, data)


@dataclass(frozen=True, slots=True)
class Enclosed:
    """Files of a report's reporter."""

    #: that can be shown, oldest first
    ids: tuple[int, ...]
    #: all, lost ones aside
    count: int


_ENCLOSED = (
    select(ATTACHMENT.c.id, ATTACHMENT.c.kind)
    .where(
        ATTACHMENT.c.report_id == bindparam("report"),
        ATTACHMENT.c.is_from_officer.is_(False),
        ATTACHMENT.c.state != AttachmentState.LOST.value,
    )
    .order_by(ATTACHMENT.c.id)
)


def list_enclosed(uow: UnitOfWork, report_id: int, limit: int) -> Enclosed:
    rows = uow.connection.execute(_ENCLOSED, {"report": report_id}).all()
    shown = tuple(row.id for row in rows if row.kind in tuple(MediaKind))
    return Enclosed(shown[:limit], len(rows))


# --- what a card is made of ---

#: kinds of lines → how many of the newest are wanted of them together
Wanted = Mapping[tuple[EventKind, ...], int]


@dataclass(frozen=True, slots=True)
class Dossier:
    """What the card of a case is made of, whoever gets it."""

    story: Story
    #: by kinds, as they were wanted; oldest first, without those whose contents are erased
    lines: Mapping[tuple[EventKind, ...], list[Line]]
    enclosed: Enclosed
    #: the answer that waits for the second person
    proposed: Proposed | None
    #: news of it reaches somebody
    is_reachable: bool
    #: the reporter said STOP where they could be reached
    is_stopped: bool
    #: an officer wants to be reminded of it
    has_reminders: bool


_DOSSIER = (
    _STORY.add_columns(
        PROPOSED.c.officer_id,
        PROPOSED.c.answer_sealed,
        REACH.exists().label("is_reachable"),
        STOPPED.exists().label("is_stopped"),
        select(OWN.c.report_id).where(OWN.c.report_id == REPORT.c.id).exists().label("has_reminders"),
        select(ATTACHMENT.c.id).where(ATTACHMENT.c.report_id == REPORT.c.id).exists().label("has_files"),
    )
    .select_from(REPORT)
    .outerjoin(PROPOSED, PROPOSED.c.report_id == REPORT.c.id)
)
_NTH = (
    select(
        EVENT,
        func.row_number().over(partition_by=EVENT.c.kind, order_by=EVENT.c.seq.desc()).label("place"),
    )
    .where(EVENT.c.report_id == bindparam("report"), EVENT.c.data_sealed.is_not(None))
    .subquery("nth")
)
_NEWEST = (
    select(_NTH.c.kind, _NTH.c.actor_kind, _NTH.c.at, _NTH.c.data_sealed)
    .where(_NTH.c.place <= bindparam("most", type_=Integer))
    .order_by(_NTH.c.seq.desc())
)


def get_dossier(uow: UnitOfWork, report_id: int, wanted: Wanted, files: int) -> Dossier:
    """Return all of it at once, as many cards are made of it; `files`: so many are shown."""
    row = uow.connection.execute(_DOSSIER, {"report": report_id, "besides": 0}).one()
    newest = uow.connection.execute(_NEWEST, {"report": report_id, "most": max(wanted.values())}).all()
    return Dossier(
        story=_story(uow, row),
        lines={kinds: _newest(uow, newest, kinds, count) for kinds, count in wanted.items()},
        enclosed=list_enclosed(uow, report_id, files) if row.has_files else Enclosed((), 0),
        proposed=row.answer_sealed and Proposed(row.officer_id, uow.vault.unseal(row.answer_sealed)),
        is_reachable=row.is_reachable,
        is_stopped=row.is_stopped,
        has_reminders=row.has_reminders,
    )


def _newest(
    uow: UnitOfWork, rows: Sequence[Row[*tuple[Any, ...]]], kinds: Collection[EventKind], count: int
) -> list[Line]:
    """Open the newest lines of these kinds, and no other."""
    chosen = [row for row in rows if row.kind in kinds][:count]
    return [_line(uow, row) for row in reversed(chosen)]
