"""What is kept no longer than it serves: what is due to be erased by its age, and how it is (docs/rules.md, Privacy).

Nothing is erased twice: a person, and each part of a case, is marked along with it, and the indexes hold what is not.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Table, and_, delete, false, func, or_, select, update

from storage.db import UnitOfWork
from storage.models import (
    Address,
    AgencyGroup,
    Attachment,
    Case,
    CaseEvent,
    Conversation,
    Desk,
    Inbound,
    InboundFailure,
    InvitationAttempt,
    LinkRequest,
    Officer,
    OfficerInvitation,
    Outbound,
    ProposedAnswer,
    Report,
    Reporter,
    ReportFollower,
    table,
)
from storage.queries.rights import ERASED, emptied_file
from storage.vocabulary import ActorKind, CaseState, EventKind, ReportType

INBOUND, FAILURE, OUTBOUND = table(Inbound), table(InboundFailure), table(Outbound)
REPORT, CASE, EVENT, PROPOSED = table(Report), table(Case), table(CaseEvent), table(ProposedAnswer)
REPORTER, ADDRESS, CONVERSATION = table(Reporter), table(Address), table(Conversation)
FOLLOWER, ATTACHMENT, LINK = table(ReportFollower), table(Attachment), table(LinkRequest)
OFFICER, GROUP, DESK = table(Officer), table(AgencyGroup), table(Desk)
INVITATION, ATTEMPT = table(OfficerInvitation), table(InvitationAttempt)


class Part(StrEnum):
    """What of a case is erased at an age of its own; its column is called after it."""

    #: files of reporters and officers
    MEDIA = "media"
    #: what the reporter wrote
    TEXTS = "texts"
    #: what the history says: who did what, answers and notes; that something happened, and when, stays
    AUDIT = "audit"


@dataclass(frozen=True, slots=True)
class Over:
    """Reports that ended before an instant, and that nobody contests."""

    before: datetime
    #: the same of those for the inspectorate; None: they are kept
    oversight_before: datetime | None


def delete_inbound(uow: UnitOfWork, before: datetime, limit: int) -> int:
    """Forget up to `limit` providers' message ids that came before an instant; return how many."""
    old = (
        select(INBOUND.c.id)
        .where(INBOUND.c.received_at < before)
        .order_by(INBOUND.c.received_at)
        .limit(limit)
    )
    return uow.connection.execute(delete(INBOUND).where(INBOUND.c.id.in_(old))).rowcount


# --- parts of cases ---


def lock_over(uow: UnitOfWork, part: Part, over: Over, limit: int) -> list[int]:
    """Return the ids of up to `limit` reports of which a part is due, and of those joined with them; locked."""
    query = _over(part, over).order_by(CASE.c.closed_at).limit(limit)
    if uow.locks_rows:
        query = query.with_for_update(of=CASE, skip_locked=True)
    ids = list(uow.connection.execute(query).scalars())
    return [*ids, *uow.connection.execute(_joined_with(ids)).scalars()] if ids else []


def _over(part: Part, over: Over) -> Select[int]:
    is_oversight = REPORT.c.type == ReportType.OVERSIGHT.value
    kept_on = CASE.c.closed_at >= over.oversight_before if over.oversight_before else ~false()
    return (
        select(CASE.c.report_id)
        .join(REPORT, REPORT.c.id == CASE.c.report_id)
        .where(
            _erased_at(part).is_(None),
            CASE.c.closed_at < over.before,
            CASE.c.appealed_at.is_(None),
            ~and_(is_oversight, kept_on),
        )
    )


def _joined_with(ids: Collection[int] | Select[int]) -> Select[int]:
    """Reports that follow others are over when those are."""
    return select(CASE.c.report_id).where(
        CASE.c.parent_report_id.in_(ids), CASE.c.state == CaseState.DUPLICATE.value
    )


def _erased_at(part: Part) -> ColumnElement[datetime | None]:
    column: ColumnElement[datetime | None] = CASE.c[f"{part}_erased_at"]
    return column


def erase(uow: UnitOfWork, part: Part, ids: Collection[int], now: datetime) -> None:
    """Erase a part of these reports; what is left are numbers, codes, days and states."""
    for gone in _ERASING[part](uow, ids):
        uow.connection.execute(gone)
    uow.connection.execute(update(CASE).where(CASE.c.report_id.in_(ids)).values({_erased_at(part).key: now}))


def _media(uow: UnitOfWork, ids: Collection[int]) -> tuple[Any, ...]:
    """Only that there were files stays; their bytes lie outside the database, and go when no row names them."""
    return (update(ATTACHMENT).where(*_kept_files(ids)).values(emptied_file(uow)),)


def _texts(uow: UnitOfWork, ids: Collection[int]) -> tuple[Any, ...]:
    nothing = {"description_sealed": uow.vault.seal(""), "place_sealed": None, "location_sealed": None}
    is_theirs = EVENT.c.actor_kind == ActorKind.REPORTER.value
    return (
        update(REPORT).where(REPORT.c.id.in_(ids)).values(nothing),
        # The digest stays: the chain of the history can be checked as before.
        update(EVENT).where(EVENT.c.report_id.in_(ids), is_theirs).values(data_sealed=None),
        delete(PROPOSED).where(PROPOSED.c.report_id.in_(ids)),
    )


def _audit(_uow: UnitOfWork, ids: Collection[int]) -> tuple[Any, ...]:
    is_told = EVENT.c.kind != EventKind.ERASED.value
    return (update(EVENT).where(EVENT.c.report_id.in_(ids), is_told).values(data_sealed=None),)


_ERASING: Final = {Part.MEDIA: _media, Part.TEXTS: _texts, Part.AUDIT: _audit}


def _kept_files(ids: Collection[int] | Select[int]) -> tuple[ColumnElement[bool], ...]:
    return ATTACHMENT.c.report_id.in_(ids), ATTACHMENT.c.code.is_distinct_from(ERASED)


def list_with_files(uow: UnitOfWork, ids: Collection[int]) -> set[int]:
    """Return those of the reports that have files."""
    return set(uow.connection.execute(select(ATTACHMENT.c.report_id).where(*_kept_files(ids))).scalars())


def count_files(uow: UnitOfWork, over: Over) -> int:
    """Return how many files are due."""
    due = _over(Part.MEDIA, over)
    of_reports = or_(and_(*_kept_files(due)), and_(*_kept_files(_joined_with(due))))
    return _count(uow, ATTACHMENT, of_reports) + _count(uow, ATTACHMENT, _is_stray(over.before))


def count_over(uow: UnitOfWork, part: Part, over: Over) -> int:
    """Return of how many reports a part is due."""
    due = _over(part, over)
    both = CASE.c.report_id.in_(due), CASE.c.report_id.in_(_joined_with(due))
    return _count(uow, CASE, or_(*both))


def delete_stray_files(uow: UnitOfWork, before: datetime, limit: int) -> int:
    """Forget files that an officer took up before an instant and never sent."""
    return _delete(uow, ATTACHMENT, _is_stray(before), limit)


def _is_stray(before: datetime) -> ColumnElement[bool]:
    return and_(
        ATTACHMENT.c.report_id.is_(None), ATTACHMENT.c.is_from_officer, ATTACHMENT.c.created_at < before
    )


# --- people ---

_PARENT, _PARENT_CASE = REPORT.alias("parent"), CASE.alias("parent_case")


def lock_people(uow: UnitOfWork, over: Over, silent_since: datetime, limit: int) -> list[int]:
    """Return up to `limit` reporters who are to be forgotten, their conversations locked.

    All their reports are over, they are in the middle of nothing and have not written since `silent_since`. Who never
    reported anything is forgotten as long after their last message. Officers are not.
    """
    query = _people(over, silent_since).order_by(REPORTER.c.created_at).limit(limit)
    ids = list(uow.connection.execute(query).scalars())
    if not ids or not uow.locks_rows:
        return ids
    # Whoever writes just now is passed over; what they wrote until the lock was taken is seen by the second look.
    free = select(ADDRESS.c.reporter_id).where(ADDRESS.c.reporter_id.in_(ids))
    free = free.with_for_update(skip_locked=True)
    locked = list(uow.connection.execute(free).scalars())
    counts = select(ADDRESS.c.reporter_id, func.count()).where(ADDRESS.c.reporter_id.in_(ids))
    all_of = uow.connection.execute(counts.group_by(ADDRESS.c.reporter_id)).all()
    whole = [reporter_id for reporter_id, count in all_of if locked.count(reporter_id) == count]
    return list(uow.connection.execute(query.where(REPORTER.c.id.in_(whole))).scalars())


def count_people(uow: UnitOfWork, over: Over, silent_since: datetime) -> int:
    people = _people(over, silent_since).subquery()
    return uow.connection.execute(select(func.count()).select_from(people)).scalar_one()


def _people(over: Over, silent_since: datetime) -> Select[int]:
    own, followed = _reports(), _followed()
    drafts = _at_theirs(CONVERSATION).where(CONVERSATION.c.draft_touched_at.is_not(None))
    answers = _at_theirs(OUTBOUND)  # whatever somebody writes is answered
    # Officers who were suspended not long ago may come back.
    is_at_work = or_(OFFICER.c.suspended_at.is_(None), OFFICER.c.suspended_at >= over.before)
    return select(REPORTER.c.id).where(
        REPORTER.c.erased_at.is_(None),
        REPORTER.c.created_at < over.before,
        ~own.where(_goes_on(over)).exists(),
        ~followed.where(_goes_on(over)).exists(),
        ~drafts.exists(),
        ~answers.where(OUTBOUND.c.created_at >= silent_since).exists(),
        or_(
            own.exists(),
            followed.exists(),
            ~answers.where(OUTBOUND.c.created_at >= over.before).exists(),
        ),
        ~_at_theirs(OFFICER).where(is_at_work).exists(),
        ~_at_theirs(GROUP).exists(),
    )


def _at_theirs(of: Table) -> Select[int]:
    """Rows that hang on a reporter's addresses."""
    return (
        select(of.c.address_id)
        .join(ADDRESS, ADDRESS.c.id == of.c.address_id)
        .where(ADDRESS.c.reporter_id == REPORTER.c.id)
        .correlate(REPORTER)
    )


def _reports() -> Select[int]:
    """A reporter's reports with their cases, and those they are joined with."""
    return _with_cases(select(REPORT.c.id)).where(REPORT.c.reporter_id == REPORTER.c.id).correlate(REPORTER)


def _followed() -> Select[int]:
    """The same of those followed from their addresses."""
    follows = (
        select(REPORT.c.id)
        .join(FOLLOWER, FOLLOWER.c.report_id == REPORT.c.id)
        .join(ADDRESS, ADDRESS.c.id == FOLLOWER.c.address_id)
    )
    return _with_cases(follows).where(ADDRESS.c.reporter_id == REPORTER.c.id).correlate(REPORTER)


def _with_cases(query: Select[int]) -> Select[int]:
    return (
        query.join(CASE, CASE.c.report_id == REPORT.c.id)
        .outerjoin(_PARENT, _PARENT.c.id == CASE.c.parent_report_id)
        .outerjoin(_PARENT_CASE, _PARENT_CASE.c.report_id == CASE.c.parent_report_id)
    )


def _goes_on(over: Over) -> ColumnElement[bool]:
    """Tell whether a report is not over, or not long enough; one that follows another is over when that is."""
    ended_at = func.coalesce(CASE.c.closed_at, _PARENT_CASE.c.closed_at)
    oversight = ReportType.OVERSIGHT.value
    is_oversight = or_(REPORT.c.type == oversight, _PARENT.c.type == oversight)
    return or_(
        ended_at.is_(None),
        ended_at >= over.before,
        CASE.c.appealed_at.is_not(None),
        _PARENT_CASE.c.appealed_at.is_not(None),
        and_(is_oversight, ended_at >= over.oversight_before) if over.oversight_before else is_oversight,
    )


# --- what was sent, and what is left over ---


def delete_messages(uow: UnitOfWork, before: datetime, limit: int) -> int:
    """Delete messages of before an instant that left, or were given up; return how many.

    The oldest have the lowest ids: those alone are looked at, however many there are. What waits still is passed over,
    or enough of it would keep all the rest.
    """
    columns = OUTBOUND.c.id, OUTBOUND.c.created_at
    oldest = select(*columns).where(OUTBOUND.c.due_at.is_(None)).order_by(OUTBOUND.c.id).limit(limit)
    done = oldest.subquery()
    old = select(done.c.id).where(done.c.created_at < before)
    return uow.connection.execute(delete(OUTBOUND).where(OUTBOUND.c.id.in_(old))).rowcount


def count_messages(uow: UnitOfWork, before: datetime) -> int:
    return _count(uow, OUTBOUND, and_(OUTBOUND.c.created_at < before, OUTBOUND.c.due_at.is_(None)))


@dataclass(frozen=True, slots=True)
class Leftovers:
    """Before when they are of no use any more."""

    #: codes that are not good any more, what officers left half done, failed messages that were run again
    done_before: datetime
    #: failed messages that nobody ran again
    failed_before: datetime


def delete_leftovers(uow: UnitOfWork, left: Leftovers, limit: int) -> int:
    """Delete invitations, codes, abandoned tasks and failed messages; return how many."""
    return sum(_delete(uow, of, is_over, limit) for of, is_over in _leftovers(left))


def count_leftovers(uow: UnitOfWork, left: Leftovers) -> int:
    return sum(_count(uow, of, is_over) for of, is_over in _leftovers(left))


def _leftovers(left: Leftovers) -> tuple[tuple[Table, ColumnElement[bool]], ...]:
    tried = select(ATTEMPT.c.id).where(ATTEMPT.c.invitation_id == INVITATION.c.id)
    return (
        (ATTEMPT, ATTEMPT.c.created_at < left.done_before),
        (INVITATION, and_(INVITATION.c.expires_at < left.done_before, ~tried.exists())),
        (DESK, and_(DESK.c.task_sealed.is_not(None), DESK.c.updated_at < left.done_before)),
        (LINK, LINK.c.expires_at < left.done_before),
        (FAILURE, or_(FAILURE.c.resolved_at < left.done_before, FAILURE.c.failed_at < left.failed_before)),
    )


def _delete(uow: UnitOfWork, of: Table, condition: ColumnElement[bool], limit: int) -> int:
    (key,) = of.primary_key
    some = select(key).where(condition).limit(limit)
    return uow.connection.execute(delete(of).where(key.in_(some))).rowcount


def _count(uow: UnitOfWork, of: Table, condition: ColumnElement[bool]) -> int:
    return uow.connection.execute(select(func.count()).select_from(of).where(condition)).scalar_one()
