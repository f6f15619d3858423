"""From the report to who handles it: check, hold, pass on, hand back, join."""

from dataclasses import replace
from datetime import date, datetime

from handlers import news_wording as wording
from handlers.cases.calendar import stored_week
from handlers.cases.lifecycle import By, Move, Rule, find_rule
from handlers.deployment_parts import Agency
from handlers.moving.base import (
    REPORTER,
    SYSTEM,
    Actor,
    Fault,
    Unfit,
    advance,
    day_of_clock,
    permit,
    permit_act,
    record,
)
from handlers.moving.keeping import set_kind
from handlers.moving.substance import check_text
from handlers.moving.working import sentence
from handlers.news import News, tell, tell_all
from handlers.officers.access import BOUNCES, Act
from handlers.officers.notices import What, tell_officers
from handlers.service import Service
from storage.db import UnitOfWork
from storage.queries import conversations, handling
from storage.queries.conversations import Contact
from storage.queries.handling import CaseRow
from storage.queries.officers import list_active
from storage.vocabulary import CaseState, Clock, EventKind, ReportType, Role


def verify(
    uow: UnitOfWork,
    service: Service,
    case: CaseRow,
    actor: Actor,
    now: datetime,
    *,
    type_: ReportType | None = None,
    category: str | None = None,
) -> None:
    """Verifikasi: fit to be passed on; the clock of settlement starts (D3 to D5 by type)."""
    permit(case, actor, Move.VERIFY)
    case = set_kind(uow, service, case, actor, now, type_=type_, category=category)
    _verified(uow, service, case, actor, now)


def _verified(uow: UnitOfWork, service: Service, case: CaseRow, actor: Actor, now: datetime) -> CaseRow:
    """Note that a case was checked, unless it was before: its day of settlement stays where it is then."""
    if case.settle_due_on is not None:
        return case
    settle = day_of_clock(service, case, Clock.SETTLE, service.local_day(now))
    checked = handling.move_case(uow, case, now, checked_at=case.checked_at or now, settle_due_on=settle)
    record(
        uow,
        case,
        EventKind.VERIFIED,
        actor,
        now,
        is_public=True,
        type=case.type.value,
        category=case.category_code,
    )
    return checked


def hold(
    uow: UnitOfWork, service: Service, case: CaseRow, actor: Actor, question: str, now: datetime
) -> None:
    """Tunda: ask the reporter (M5); by a coordinator the clock stands still meanwhile, by who is at work it goes on.

    Not where it reaches nobody: the clock would stand still for an answer that cannot come.
    """
    role = actor.officer.role if actor.officer else By.CLOCK
    move = Move.HOLD if find_rule(Move.HOLD, case.state, role) else Move.ASK
    rule = permit(case, actor, move)
    check_text(service, question)
    if conversations.find_reach(uow, case.report_id) is None:
        raise Unfit(Fault.UNREACHABLE)
    today = service.local_day(now)
    left = service.calendar.working_days_between(today, case.due_on) if case.due_on else 0
    after = advance(
        uow, service, case, rule, now, asked_at=now, days_left=left if move is Move.HOLD else case.days_left
    )
    kind = EventKind.HELD if move is Move.HOLD else EventKind.ASKED
    record(uow, after, kind, actor, now, is_public=True, text=question)
    if move is Move.ASK:
        tell(uow, service, after, News(wording.ASKED, {"words": sentence(question)}), now)
    else:
        due_on = after.due_on or today
        tell(uow, service, after, News(wording.HELD, {"words": sentence(question), "due": due_on}), now)


def reply(
    uow: UnitOfWork, service: Service, case: CaseRow, text: str, now: datetime, *, at: Contact | None = None
) -> None:
    """Take the reporter's answer to an open question: kept as what they added, and those who asked are told.

    `at`: where they wrote from; thanked there.
    """
    rule = permit(case, REPORTER, Move.REPLY)
    if case.state is CaseState.ON_HOLD:
        after = _resume(uow, service, case, rule, now)
    else:
        after = advance(uow, service, case, rule, now, asked_at=None)
    record(uow, after, EventKind.REPLIED, REPORTER, now, is_public=False, text=text)
    tell_officers(uow, service, after, What.REPLIED, now)
    if case.state is CaseState.ON_HOLD and after.due_on:
        tell(uow, service, after, News(wording.REPLY_TAKEN, {"due": after.due_on}), now, at=at)
    else:
        tell(uow, service, after, News(wording.REPLY_PASSED), now, at=at)


def _resume(uow: UnitOfWork, service: Service, case: CaseRow, rule: Rule, now: datetime) -> CaseRow:
    """Let the clocks go on that stood still: D1 with the days that were left, settlement later by the days asked."""
    today, calendar = service.local_day(now), service.calendar
    due_on = calendar.due_on(today, max(case.days_left or 0, 1))
    settle = case.settle_due_on
    if settle is not None and case.asked_at is not None:
        waited = calendar.working_days_between(service.local_day(case.asked_at), today)
        settle = calendar.due_on(settle, waited)
    return advance(
        uow,
        service,
        case,
        rule,
        now,
        due_on=due_on,
        check_due_on=due_on,
        settle_due_on=settle,
        days_left=None,
        asked_at=None,
    )


def go_on(uow: UnitOfWork, service: Service, case: CaseRow, now: datetime) -> None:
    """Check with what is known a report whose question has never reached its reporter; who checks is told."""
    after = _resume(uow, service, case, permit(case, SYSTEM, Move.RESTORE), now)
    record(uow, after, EventKind.RESTORED, SYSTEM, now, is_public=True)
    tell_officers(uow, service, after, What.UNASKED, now)


def dispose(
    uow: UnitOfWork, service: Service, case: CaseRow, actor: Actor, agency_code: str, now: datetime
) -> None:
    """Disposisi: route it to an agency, which has D2 to answer (M6, M18); verifies it where nobody has yet."""
    rule = permit(case, actor, Move.DISPOSE)
    agency = _agency(service, case, agency_code, is_outside=False)
    if case.disposed_at is not None and case.agency_code == agency.code:
        raise Unfit(Fault.SAME_AGENCY)
    integrity = service.deployment.integrity
    # Its reporter was told that only this agency gets it: type and category must both have been set right before.
    is_shielded = case.type is ReportType.OVERSIGHT or case.category_code == integrity.category
    if is_shielded and agency.code != integrity.agency:
        raise Unfit(Fault.NO_SUCH_AGENCY)
    week = stored_week(agency.week)
    checked = replace(_verified(uow, service, replace(case, week=week), actor, now), week=week)
    after = advance(
        uow,
        service,
        checked,
        rule,
        now,
        agency_code=agency.code,
        week=week,
        settle_due_on=_recounted(service, case, week, now) or checked.settle_due_on,
        officer_id=None,
        disposed_at=now,
        first_answer_at=None,
        asked_at=None,
    )
    record(uow, after, EventKind.DISPOSED, actor, now, is_public=True, to=agency.code)
    tell_officers(uow, service, after, What.DISPOSED, now, but=actor.officer)
    tell_all(uow, service, after, _disposed_news(service, after), now)


def _recounted(service: Service, case: CaseRow, week: str | None, now: datetime) -> date | None:
    """Return the day of settlement as the days that are left end by another week; None: it stays, or is not set.

    What the reporter was told by an agency is put off by nobody's week.
    """
    today, settle = service.local_day(now), case.settle_due_on
    if settle is None or settle <= today or week == case.week:
        return None
    left = service.calendar_for(Clock.SETTLE, case.week).working_days_between(today, settle)
    recounted = service.calendar_for(Clock.SETTLE, week).due_on(today, left)
    return min(recounted, settle) if case.first_answer_at is not None else recounted


def _disposed_news(service: Service, case: CaseRow) -> News:
    if case.type is ReportType.OVERSIGHT and case.settle_due_on and case.checked_at:
        checked_on = service.local_day(case.checked_at)
        calendar = service.calendar_for(Clock.SETTLE, case.week)
        days = calendar.working_days_between(checked_on, case.settle_due_on)
        return News(wording.DISPOSED_SECRET, {"days": days, "due": case.settle_due_on})
    return News(wording.DISPOSED, {"due": case.due_on or case.check_due_on})


def _agency(service: Service, case: CaseRow, code: str, *, is_outside: bool) -> Agency:
    agency = service.deployment.agency_by_code.get(code)
    if agency is None or agency.is_outside is not is_outside:
        raise Unfit(Fault.NO_SUCH_AGENCY)
    if agency.code == case.accused_agency_code:
        raise Unfit(Fault.ACCUSED)
    return agency


def hand_back(
    uow: UnitOfWork, service: Service, case: CaseRow, actor: Actor, reason: str, now: datetime
) -> None:
    """Kembalikan: not this agency's; D1 of the first receipt goes on. The second time it is the decider's."""
    rule = permit(case, actor, Move.HAND_BACK)
    limit, today = service.deployment.handling.hand_back_within_days, service.local_day(now)
    calendar = service.calendar_for(Clock.FIRST_ANSWER, case.week)
    last_day = calendar.due_on(service.local_day(case.disposed_at or now), limit)
    if today > last_day:
        raise Unfit(Fault.TOO_LATE, limit=limit)
    check_text(service, reason)
    after = advance(
        uow,
        service,
        case,
        rule,
        now,
        due_on=case.check_due_on,
        agency_code=None,
        week=None,
        officer_id=None,
        disposed_at=None,
        asked_at=None,
        returns=case.returns + 1 if _is_decided(uow, case) else case.returns or 1,
    )
    record(uow, after, EventKind.HANDED_BACK, actor, now, is_public=True, by=case.agency_code, text=reason)
    what = What.BOUNCED if after.returns >= BOUNCES else What.RETURNED
    tell_officers(uow, service, after, what, now, words=reason, agency=case.agency_code, but=actor.officer)
    is_late = after.check_due_on < today
    phrase = wording.RETURNED_LATE if is_late else wording.RETURNED
    # Those who follow it hear who has it next; that it went to and fro is noise to them.
    tell(uow, service, after, News(phrase, {"due": after.check_due_on}, agency=case.agency_code), now)


def _is_decided(uow: UnitOfWork, case: CaseRow) -> bool:
    """Tell whether a second return has somebody to decide it; else the coordinator goes on routing."""
    return case.returns + 1 < BOUNCES or bool(list_active(uow, [Role.DECIDER]))


def forward(
    uow: UnitOfWork,
    service: Service,
    case: CaseRow,
    actor: Actor,
    outside_code: str,
    reason: str,
    now: datetime,
    *,
    outside_number: str = "",
) -> None:
    """Bukan wewenang: pass it on to a body outside, and go on following it (M12). The reason may be empty."""
    rule = permit(case, actor, Move.FORWARD)
    agency = _agency(service, case, outside_code, is_outside=True)
    if reason:
        check_text(service, reason)
    after = advance(
        uow,
        service,
        case,
        rule,
        now,
        agency_code=None,
        week=None,
        officer_id=None,
        disposed_at=None,
        asked_at=None,
        settle_due_on=None,  # theirs is not known
        checked_at=case.checked_at or now,
        outside_code=agency.code,
        outside_number=as_outside_number(outside_number) or case.outside_number,
    )
    record(uow, after, EventKind.FORWARDED, actor, now, is_public=True, to=agency.code, text=reason)
    phrase = wording.FORWARDED if reason else wording.FORWARDED_BARE
    tell_all(uow, service, after, News(phrase, {"words": sentence(reason)}), now)


def set_outside_number(
    uow: UnitOfWork, service: Service, case: CaseRow, actor: Actor, outside_number: str, now: datetime
) -> None:
    """Keep the number a body outside (LAPOR!) gave it: from now on both numbers find the report."""
    permit_act(case, actor, Act.NUMBER)
    number = as_outside_number(outside_number)
    if not number:
        raise Unfit(Fault.TOO_SHORT, limit=1)
    after = handling.move_case(uow, case, now, outside_number=number)
    record(uow, case, EventKind.NUMBERED, actor, now, is_public=True, number=number)
    if case.outside_code is not None:
        news = News(wording.NUMBERED, {"outside": number}, agency=case.outside_code)
        tell(uow, service, after, news, now)


def as_outside_number(text: str) -> str:
    """Return a number as it is looked for: letters and digits alone."""
    return "".join(filter(str.isalnum, text)).upper()[:40]


def join(
    uow: UnitOfWork, service: Service, case: CaseRow, actor: Actor, parent: CaseRow, now: datetime
) -> None:
    """Gabung: it follows another report (M14); its reporter gets every message of that one."""
    rule = permit(case, actor, Move.JOIN)
    _check_parent(case, parent)
    handling.adopt_children(uow, case.report_id, parent.report_id, now)
    after = advance(
        uow, service, case, rule, now, parent_report_id=parent.report_id, officer_id=None, asked_at=None
    )
    record(uow, after, EventKind.JOINED, actor, now, is_public=False, parent=parent.report_id)
    tell_officers(uow, service, parent, What.JOINED, now, but=actor.officer)
    if parent.disposed_at is not None and parent.due_on is not None:
        news = News(wording.JOINED_HANDLED, {"due": parent.due_on}, agency=parent.agency_code)
    else:
        news = News(wording.JOINED)
    tell(uow, service, after, news, now)


def _check_parent(case: CaseRow, parent: CaseRow) -> None:
    """A report does not follow itself, one that follows, one that is over, nor one that others than its own see.

    Who follows hears all that is told of the other: what is examined is told to those alone who reported it.
    """
    no_parent = {CaseState.DUPLICATE, CaseState.SETTLED, CaseState.ARCHIVED}
    if parent.report_id == case.report_id or parent.state in no_parent:
        raise Unfit(Fault.NO_SUCH_PARENT)
    if (case.type is ReportType.OVERSIGHT) is not (parent.type is ReportType.OVERSIGHT):
        raise Unfit(Fault.OTHER_PROTECTION)
    if case.accused_agency_code is not None and case.accused_agency_code == parent.agency_code:
        raise Unfit(Fault.ACCUSED)
