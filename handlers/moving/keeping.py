"""What moves a case no further: dates, notes, who has it, what kind it is, who its reporter is."""

from datetime import date, datetime, timedelta

from handlers import news_wording as wording
from handlers.cases.lifecycle import Move, TransitionNotAllowed
from handlers.i18n import Phrase
from handlers.moving.base import (
    SYSTEM,
    Actor,
    Fault,
    Unfit,
    advance,
    day_of_clock,
    drop_proposal,
    permit,
    permit_act,
    record,
)
from handlers.moving.substance import check_text
from handlers.news import News, tell, tell_all
from handlers.officers.access import Act, NotPermitted, require
from handlers.officers.notices import What, tell_officers
from handlers.service import Service
from storage.db import UnitOfWork
from storage.queries import cases, clock, handling, reminders, rights
from storage.queries.handling import CaseRow
from storage.queries.officers import OfficerRow
from storage.vocabulary import Clock, EventKind, ReportType

#: how far ahead an officer may ask to be reminded
LONGEST = timedelta(days=366)


def extend(
    uow: UnitOfWork, service: Service, case: CaseRow, actor: Actor, days: int, reason: str, now: datetime
) -> None:
    """Move the due date by working days, from today where it is past; the reporter gets the reason.

    So many of each clock in all: beyond them it is late, and those above hear of it.
    """
    permit(case, actor, Move.EXTEND)
    if case.clock is None or case.due_on is None:
        raise TransitionNotAllowed(Move.EXTEND, case.state)
    if days < 1:
        raise Unfit(Fault.BAD_DAY)
    limit = service.deployment.handling.extend_days
    if _extended_by(uow, case, limit) + days > limit:
        raise Unfit(Fault.TOO_FAR, limit=limit)
    check_text(service, reason)
    calendar = service.calendar_for(case.clock, case.week)
    due_on = calendar.due_on(max(case.due_on, service.local_day(now)), days)
    values: dict[str, object] = {"due_on": due_on}
    if case.clock is Clock.CHECK:
        values["check_due_on"] = due_on
    if case.settle_due_on is not None:  # nobody is told an earlier day for the whole than for its first part
        values["settle_due_on"] = max(case.settle_due_on, due_on)
    clock.drop_reminders(uow, case.report_id)
    after = handling.move_case(uow, case, now, **values)
    was = case.due_on.isoformat()
    record(
        uow,
        after,
        EventKind.EXTENDED,
        actor,
        now,
        is_public=True,
        was=was,
        due=due_on.isoformat(),
        text=reason,
        clock=case.clock.value,
        days=days,
    )
    tell_officers(uow, service, after, What.EXTENDED, now, words=reason, but=actor.officer)
    tell_all(uow, service, after, News(wording.EXTENDED, {"due": due_on, "words": reason}), now)


def _extended_by(uow: UnitOfWork, case: CaseRow, limit: int) -> int:
    """Return by how many working days the date of the clock that runs was moved so far."""
    each = cases.list_public_events(uow, case.report_id, {EventKind.EXTENDED}, limit * len(Clock))
    return sum(int(one.data.get("days") or 0) for one in each if one.data.get("clock") == case.clock)


def note(uow: UnitOfWork, service: Service, case: CaseRow, actor: Actor, text: str, now: datetime) -> None:
    """Catat: an internal note."""
    permit_act(case, actor, Act.NOTE)
    if not text.strip():
        raise Unfit(Fault.TOO_SHORT, limit=1)
    limit = service.deployment.intake.max_chars
    if len(text) > limit:
        raise Unfit(Fault.TOO_LONG, limit=limit)
    record(uow, case, EventKind.NOTED, actor, now, is_public=False, text=text)


def remind_me(
    uow: UnitOfWork,
    service: Service,
    case: CaseRow,
    actor: Actor,
    when: int | date | None,
    now: datetime,
) -> date | None:
    """Ingatkan: keep when this officer wants to be reminded, and return that day, a working one; None: not any more.

    `when`: so many working days ahead, or a day. No event: it changes nothing for anybody else.
    """
    officer, today = permit_act(case, actor, Act.REMIND), service.local_day(now)
    if when is None:
        reminders.delete_own(uow, case.report_id, officer.id)
        return None
    if case.closed_at is not None:  # no word is waited for any more
        raise NotPermitted(Act.REMIND)
    due_on = service.calendar.due_on(today, when) if isinstance(when, int) else when
    if not today < due_on <= today + LONGEST:
        raise Unfit(Fault.BAD_DAY)
    if not service.calendar.is_working(due_on):
        due_on = service.calendar.due_on(due_on, 1)
    reminders.save_own(uow, case.report_id, officer.id, due_on, now)
    return due_on


def take(
    uow: UnitOfWork, service: Service, case: CaseRow, actor: Actor, officer: OfficerRow, now: datetime
) -> None:
    """Ambil, alihkan: this officer has it from now on."""
    is_own = actor.officer is not None and actor.officer.id == officer.id
    permit_act(case, actor, Act.TAKE if is_own else Act.PASS)
    require(officer, Act.TAKE, case)
    after = handling.move_case(uow, case, now, officer_id=officer.id)
    record(uow, case, EventKind.TAKEN, actor, now, is_public=False, by=officer.id)
    if not is_own:
        tell_officers(uow, service, after, What.TAKEN, now, to=officer.id)


def reclassify(
    uow: UnitOfWork,
    service: Service,
    case: CaseRow,
    actor: Actor,
    now: datetime,
    *,
    type_: ReportType | None = None,
    category: str | None = None,
    is_secret: bool | None = None,
) -> None:
    """Set type or category right, or raise protection; an officer never lowers it."""
    permit_act(case, actor, Act.RECLASSIFY)
    if is_secret is False:
        raise NotPermitted(Act.RECLASSIFY)
    if is_secret:
        handling.update_report(uow, case.report_id, is_secret=True, is_anonymous=True)
        record(uow, case, EventKind.PROTECTED, actor, now, is_public=False, anonymous=True, secret=True)
    set_kind(uow, service, case, actor, now, type_=type_, category=category)


def set_kind(
    uow: UnitOfWork,
    service: Service,
    case: CaseRow,
    actor: Actor,
    now: datetime,
    *,
    type_: ReportType | None,
    category: str | None,
) -> CaseRow:
    """Set type and category right; a day of settlement that moves by it is told to the reporter."""
    if category is not None and category not in service.deployment.category_by_code:
        raise Unfit(Fault.NO_SUCH_CATEGORY)
    report: dict[str, object] = {}
    if category is not None and category != case.category_code:
        report["category_code"] = category
    if type_ is not None and type_ is not case.type:
        report["type"] = type_.value
    if not report:
        return case
    if type_ is ReportType.OVERSIGHT:  # hidden, and kept from who would have handled it
        accused = case.accused_agency_code or case.agency_code
        report |= {"is_secret": True, "is_anonymous": True}
        if accused != service.deployment.integrity.agency:
            report["accused_agency_code"] = accused
    handling.update_report(uow, case.report_id, **report)
    record(
        uow,
        case,
        EventKind.RECLASSIFIED,
        actor,
        now,
        is_public=False,
        type=(type_ or case.type).value,
        category=category or case.category_code,
    )
    return _follow_kind(uow, service, case, handling.get_case(uow, case.report_id), now)


def _follow_kind(uow: UnitOfWork, service: Service, before: CaseRow, case: CaseRow, now: datetime) -> CaseRow:
    """Let agency and day of settlement follow what kind of report it is now."""
    deployment, values = service.deployment, dict[str, object]()
    if case.disposed_at is None:
        is_oversight = case.type is ReportType.OVERSIGHT
        proposed = deployment.category_by_code[case.category_code].agency
        values["agency_code"] = deployment.integrity.agency if is_oversight else proposed
    elif case.type is ReportType.OVERSIGHT:  # who has it may not see it any more
        values["officer_id"] = None
    is_moved = case.type is not before.type and case.settle_due_on and case.checked_at
    if is_moved and case.checked_at:
        settle = day_of_clock(service, case, Clock.SETTLE, service.local_day(case.checked_at))
        values["settle_due_on"] = settle
        if case.clock is Clock.SETTLE:
            values["due_on"] = settle
    after = handling.move_case(uow, case, now, **values)
    drop_proposal(uow, service, before, after, now)
    if (before.type is ReportType.OVERSIGHT) is not (case.type is ReportType.OVERSIGHT):
        # Or who follows hears what is examined (`routing.join`).
        release_children(uow, service, after, now, What.SEPARATED, wording.SEPARATED)
    if after.due_on != before.due_on and after.due_on is not None:
        tell(uow, service, after, News(wording.RECLASSIFIED, {"due": after.due_on}), now)
    return after


def release_children(
    uow: UnitOfWork,
    service: Service,
    case: CaseRow,
    now: datetime,
    what: What = What.RELEASED,
    phrase: Phrase = wording.RELEASED,
) -> None:
    """Check those anew that followed a report and cannot any more: their trouble is still there.

    Its reporter took it back, where nothing else is said.
    """
    for child in handling.list_children(uow, case.report_id):
        rule = permit(child, SYSTEM, Move.RESTORE)
        due_on = day_of_clock(service, child, Clock.CHECK, service.local_day(now))
        after = advance(
            uow, service, child, rule, now, due_on=due_on, check_due_on=due_on, parent_report_id=None
        )
        record(uow, after, EventKind.RESTORED, SYSTEM, now, is_public=True)
        tell_officers(uow, service, after, what, now)
        tell(uow, service, after, News(phrase, {"due": due_on}), now)


def see_identity(
    uow: UnitOfWork,
    service: Service,  # noqa: ARG001 - as every move
    case: CaseRow,
    actor: Actor,
    reason: str,
    now: datetime,
) -> tuple[str, list[str]]:
    """Return name (perhaps empty) and addresses of the reporter, with an event; agencies never may."""
    _note_seen(uow, case, actor, reason, now, what="reporter")
    reporter_id = handling.get_reporter_id(uow, case.report_id)
    person = rights.get_person(uow, reporter_id)
    if person.is_erased:
        return "", []
    addresses = rights.list_addresses(uow, reporter_id)
    return person.name, [f"{one.channel} {one.identifier}" for one in addresses]


def see_text(
    uow: UnitOfWork,
    service: Service,  # noqa: ARG001 - as every move
    case: CaseRow,
    actor: Actor,
    reason: str,
    now: datetime,
) -> None:
    """Note that names and numbers in the text are read, for a reason; agencies never may."""
    _note_seen(uow, case, actor, reason, now, what="text")


def _note_seen(
    uow: UnitOfWork, case: CaseRow, actor: Actor, reason: str, now: datetime, *, what: str
) -> None:
    permit_act(case, actor, Act.IDENTITY)
    if not reason.strip():
        raise Unfit(Fault.TOO_SHORT, limit=1)
    record(uow, case, EventKind.IDENTITY_SEEN, actor, now, is_public=False, reason=reason, what=what)
