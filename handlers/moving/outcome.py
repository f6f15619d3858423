"""How it ends, and begins again: the reporter's word, silence, archive, appeal, rating.

What the reporter does is answered where they wrote from (`at`); without it, where they are reached.
"""

from datetime import date, datetime, timedelta

from handlers import clock_wording
from handlers import news_wording as wording
from handlers.cases.lifecycle import Move, Rule, TransitionNotAllowed
from handlers.i18n import Phrase
from handlers.moving.base import (
    REPORTER,
    SYSTEM,
    Actor,
    Fault,
    Unfit,
    advance,
    day_of_clock,
    permit,
    record,
)
from handlers.moving.keeping import release_children
from handlers.moving.substance import check_text
from handlers.moving.working import sentence
from handlers.news import Asks, Fields, News, tell, tell_followers
from handlers.officers.notices import What, tell_officers
from handlers.service import Service
from storage.db import UnitOfWork
from storage.queries import answers, cases, handling
from storage.queries.conversations import Contact
from storage.queries.handling import CaseRow
from storage.vocabulary import ActorKind, CaseState, Channel, Clock, Closing, EventKind

#: reason to archive: data is missing (docs/rules.md, Reasons)
INCOMPLETE = "R1"


def confirm(
    uow: UnitOfWork, service: Service, case: CaseRow, now: datetime, *, at: Contact | None = None
) -> None:
    """YA: settled, confirmed by the reporter (M10 asks for a rating)."""
    after = _settle(uow, service, case, REPORTER, Closing.CONFIRMED, now)
    tell_officers(uow, service, after, What.CONFIRMED, now)
    tell(uow, service, after, News(wording.SETTLED, asks=Asks.RATING), now, at=at)


def lapse(uow: UnitOfWork, service: Service, case: CaseRow, now: datetime, *, is_warned: bool = True) -> None:
    """Settle what nobody replied to (D6), counted apart (M10); the history tells where no warning reached them."""
    told: dict[str, bool] = {} if is_warned else {"warned": False}
    after = _settle(uow, service, case, SYSTEM, Closing.SILENCE, now, **told)
    tell(uow, service, after, News(wording.LAPSED, asks=Asks.RATING), now)


def wait_longer(uow: UnitOfWork, service: Service, case: CaseRow, days: int, now: datetime) -> CaseRow:
    """Let a reporter who was not warned have so many working days more to reply; the warning tells the new day."""
    clock = case.clock or Clock.CITIZEN_REPLY
    permit(case, SYSTEM, Move.ARCHIVE if clock is Clock.CITIZEN_DATA else Move.LAPSE)
    due_on = service.calendar.due_on(service.local_day(now), days)
    after = handling.move_case(uow, case, now, due_on=due_on)
    record(
        uow,
        after,
        EventKind.REMINDED,
        SYSTEM,
        now,
        is_public=False,
        clock=clock.value,
        due=due_on.isoformat(),
        warned=False,
    )
    return after


def _settle(
    uow: UnitOfWork,
    service: Service,
    case: CaseRow,
    actor: Actor,
    closing: Closing,
    now: datetime,
    **data: bool,
) -> CaseRow:
    move = Move.CONFIRM if closing is Closing.CONFIRMED else Move.LAPSE
    after = advance(uow, service, case, permit(case, actor, move), now, closing=closing)
    kind = EventKind.CONFIRMED if closing is Closing.CONFIRMED else EventKind.LAPSED
    record(uow, after, kind, actor, now, is_public=True, **data)
    tell_followers(uow, service, after, News(wording.SETTLED_JOINED), now)
    return after


def reject(
    uow: UnitOfWork,
    service: Service,
    case: CaseRow,
    reason: str,
    now: datetime,
    *,
    at: Contact | None = None,
) -> None:
    """BELUM: reopened at once; without a reason they are asked for it, which may follow (`reply`)."""
    after = _open_again(uow, service, case, permit(case, REPORTER, Move.REJECT), reason, now)
    record(uow, after, EventKind.REJECTED, REPORTER, now, is_public=True, text=reason)
    tell_officers(uow, service, after, What.REJECTED, now)
    phrase = wording.REOPENED if reason else wording.REOPENED_ASK
    _tell_reopened(uow, service, after, phrase, now, at)


def reopen(
    uow: UnitOfWork,
    service: Service,
    case: CaseRow,
    actor: Actor,
    reason: str,
    now: datetime,
    *,
    at: Contact | None = None,
) -> None:
    """BUKA within the deployment's days, so often without a coordinator."""
    rule = permit(case, actor, Move.REOPEN)
    if actor.kind is ActorKind.REPORTER:
        _check_reopening(service, case, now)
    if not reason.strip():
        raise Unfit(Fault.TOO_SHORT, limit=1)
    after = _open_again(uow, service, case, rule, reason, now)
    record(uow, after, EventKind.REOPENED, actor, now, is_public=True, text=reason)
    tell_officers(uow, service, after, What.REOPENED, now, but=actor.officer)
    _tell_reopened(uow, service, after, wording.REOPENED, now, at)


def _check_reopening(service: Service, case: CaseRow, now: datetime) -> None:
    limits = service.deployment.handling
    if case.reopenings >= limits.reopenings:
        raise Unfit(Fault.TOO_OFTEN, limit=limits.reopenings)
    last_day = service.local_day(case.closed_at or now) + timedelta(days=limits.reopen_within_days)
    if service.local_day(now) > last_day:
        raise Unfit(Fault.TOO_LATE, limit=limits.reopen_within_days)


def _open_again(
    uow: UnitOfWork,
    service: Service,
    case: CaseRow,
    rule: Rule,
    reason: str,
    now: datetime,
) -> CaseRow:
    """Start the clock of the first answer anew; what was promised for settlement is not brought forward by it."""
    due_on = day_of_clock(service, case, Clock.FIRST_ANSWER, service.local_day(now))
    return advance(
        uow,
        service,
        case,
        rule,
        now,
        due_on=due_on,
        settle_due_on=max(due_on, case.settle_due_on or due_on),
        answered_at=None,
        asked_at=None if reason.strip() else now,
        reopenings=case.reopenings + (rule.frm == frozenset({CaseState.SETTLED})),
    )


def _tell_reopened(
    uow: UnitOfWork, service: Service, case: CaseRow, phrase: Phrase, now: datetime, at: Contact | None
) -> None:
    due_on = case.due_on or service.local_day(now)
    tell(uow, service, case, News(phrase, {"due": due_on}), now, at=at)
    tell_followers(uow, service, case, News(wording.REOPENED, {"due": due_on}), now)


def archive(
    uow: UnitOfWork,
    service: Service,
    case: CaseRow,
    actor: Actor,
    reason_code: str,
    reason: str,
    now: datetime,
) -> None:
    """Arsip, with a reason of docs/rules.md, Reasons (M13); again after an appeal: it is not heard."""
    rule = permit(case, actor, Move.ARCHIVE)
    is_again = case.state is CaseState.ARCHIVED
    if is_again and case.appealed_at is None:
        raise TransitionNotAllowed(Move.ARCHIVE, case.state)
    code = service.deployment.reason_by_code.get(reason_code)
    if code is None:
        raise Unfit(Fault.NO_SUCH_REASON)
    check_text(service, reason)
    after = _archived(uow, service, case, rule, now)
    record(uow, after, EventKind.ARCHIVED, actor, now, is_public=True, code=code.code, text=reason)
    fields: Fields = {"why": code.told, "words": sentence(reason), "due": _contested_until(service, now)}
    phrase = wording.ARCHIVED_AGAIN if is_again else wording.ARCHIVED
    tell(uow, service, after, News(phrase, fields), now)
    if not is_again:
        tell_followers(uow, service, after, News(wording.ARCHIVED_JOINED, fields), now)


def _archived(uow: UnitOfWork, service: Service, case: CaseRow, rule: Rule, now: datetime) -> CaseRow:
    """Return the case as it stands then: nobody has it, and nothing is waited for."""
    return advance(
        uow,
        service,
        case,
        rule,
        now,
        closing=Closing.ARCHIVED,
        officer_id=None,
        asked_at=None,
        days_left=None,
        appealed_at=None,
    )


def _contested_until(service: Service, closed_at: datetime) -> date:
    """Return the last day of BANDING."""
    return service.calendar.due_on(
        service.local_day(closed_at), service.deployment.handling.appeal_within_days
    )


def give_up(uow: UnitOfWork, service: Service, case: CaseRow, now: datetime) -> None:
    """Archive what cannot be checked, as its reporter did not say what was missing (D7); others' go on without it."""
    rule = permit(case, SYSTEM, Move.ARCHIVE)
    after = _archived(uow, service, case, rule, now)
    record(uow, after, EventKind.ARCHIVED, SYSTEM, now, is_public=True, code=INCOMPLETE)
    due_on = _contested_until(service, now)
    tell(uow, service, after, News(clock_wording.DATA_LAPSED, {"due": due_on}), now)
    release_children(uow, service, after, now)


def appeal(
    uow: UnitOfWork, service: Service, case: CaseRow, reason: str, now: datetime, *, at: Contact | None = None
) -> None:
    """BANDING against archiving, once, within the deployment's working days; coordinators are told."""
    rule = permit(case, REPORTER, Move.APPEAL)
    if case.closing is not Closing.ARCHIVED:  # taken back by its reporter
        raise TransitionNotAllowed(Move.APPEAL, case.state)
    if _was_contested(uow, case):
        raise Unfit(Fault.TOO_OFTEN, limit=1)
    if service.local_day(now) > _contested_until(service, case.closed_at or now):
        raise Unfit(Fault.TOO_LATE, limit=service.deployment.handling.appeal_within_days)
    if not reason.strip():
        raise Unfit(Fault.TOO_SHORT, limit=1)
    after = advance(uow, service, case, rule, now, appealed_at=now)
    record(uow, after, EventKind.APPEALED, REPORTER, now, is_public=True, text=reason)
    tell_officers(uow, service, after, What.APPEALED, now)
    tell(uow, service, after, News(wording.APPEALED), now, at=at)


def _was_contested(uow: UnitOfWork, case: CaseRow) -> bool:
    """Tell whether this archiving was contested before."""
    last = cases.find_event(uow, case.report_id, {EventKind.APPEALED, EventKind.RESTORED})
    return last is not None and last.kind is EventKind.APPEALED


def restore(uow: UnitOfWork, service: Service, case: CaseRow, actor: Actor, now: datetime) -> None:
    """Hear an appeal, or undo an archiving: it is checked anew."""
    rule = permit(case, actor, Move.RESTORE)
    if case.closing is not Closing.ARCHIVED:
        raise TransitionNotAllowed(Move.RESTORE, case.state)
    due_on = day_of_clock(service, case, Clock.CHECK, service.local_day(now))
    after = advance(
        uow,
        service,
        case,
        rule,
        now,
        due_on=due_on,
        check_due_on=due_on,
        agency_code=service.deployment.category_by_code[case.category_code].agency,
        week=None,
        disposed_at=None,
        checked_at=None,
        settle_due_on=None,
        appealed_at=None,
    )
    record(uow, after, EventKind.RESTORED, actor, now, is_public=True)
    tell(uow, service, after, News(wording.RESTORED, {"due": due_on}), now)
    tell_followers(uow, service, after, News(wording.RESTORED, {"due": due_on}), now)


def withdraw(uow: UnitOfWork, service: Service, case: CaseRow, reason: str, now: datetime) -> None:
    """CABUT: its reporter takes it back; what followed it is checked by itself. The caller answers them."""
    rule = permit(case, REPORTER, Move.WITHDRAW)
    answers.delete_proposal(uow, case.report_id)  # who wrote it is told below that nothing is to be done
    after = advance(
        uow,
        service,
        case,
        rule,
        now,
        closing=Closing.WITHDRAWN,
        parent_report_id=None,
        asked_at=None,
        days_left=None,
    )
    data = {"reason": reason, "from": case.state.value}
    record(uow, after, EventKind.WITHDRAWN, REPORTER, now, is_public=False, **data)
    tell_officers(uow, service, after, What.WITHDRAWN, now)
    release_children(uow, service, after, now)


def rate(
    uow: UnitOfWork, service: Service, case: CaseRow, stars: int, now: datetime, *, at: Contact | None = None
) -> bool:
    """Keep 1 to 5 for this solution, with thanks; False: it was rated already, or is none.

    By SMS without: thanks that nothing follows cost a part.
    """
    is_new = case.state is CaseState.SETTLED and answers.insert_rating(
        uow, case.report_id, case.reopenings, stars, now
    )
    if is_new:
        record(uow, case, EventKind.RATED, REPORTER, now, is_public=False, stars=stars)
        if at is None or at.channel != Channel.SMS:
            tell(uow, service, case, News(wording.RATED), now, at=at)
    return is_new
