"""What reporters left unanswered: closed when their time is over (D6, D7)."""

from datetime import datetime
from enum import Enum

from handlers import missed, moves
from handlers.cases.ladder import kind_of
from handlers.deployment_parts import Listener, Rung
from handlers.hours import is_quiet
from handlers.service import Service
from storage.db import UnitOfWork
from storage.queries import clock, conversations, handling, rights
from storage.queries.clock import Sent
from storage.queries.handling import CaseRow
from storage.vocabulary import Clock, DeliveryState, OutboundState

#: cases of one transaction
BATCH = 25


class Warned(Enum):
    """What became of the last warning (M9), or of a question (M5)."""

    SENT = "sent"
    #: there is nowhere that it can be sent to
    UNDELIVERABLE = "undeliverable"
    #: never said, or still waiting: nobody can have read it
    OUTSTANDING = "outstanding"


def lapse_answers(uow: UnitOfWork, service: Service, now: datetime) -> int:
    """Settle reports whose reporters did not say whether they are solved; counted apart.

    Not without a warning: where we were down, or could not send, they get as long again as the warning leaves. Nor
    after STOP where the question itself never left: silence says nothing of it.
    """
    if is_quiet(now, service.deployment.quiet_hours, service.deployment.zone):
        return 0
    passed = clock.list_passed(uow, Clock.CITIZEN_REPLY, service.local_day(now), BATCH)
    rungs = [one for one in service.deployment.escalation.citizen_reply if Listener.REPORTER in one.tells]
    for case in passed:
        if _is_unasked(uow, case, now):
            missed.restart(uow, service, case, now)
            continue
        warning = _warning(uow, case, rungs) if rungs else Warned.SENT
        if warning is Warned.OUTSTANDING:
            moves.wait_longer(uow, service, case, max(1, -rungs[-1].days), now)
        else:
            moves.lapse(uow, service, case, now, is_warned=warning is Warned.SENT)
    return len(passed)


def _is_unasked(uow: UnitOfWork, case: CaseRow, now: datetime) -> bool:
    """Tell whether a reporter who said STOP, and may say MULAI, was never asked; whoever is erased will not."""
    if not conversations.is_quiet_by_wish(uow, case.report_id) or not missed.is_missed(uow, case, now):
        return False
    return not rights.get_person(uow, handling.get_reporter_id(uow, case.report_id)).is_erased


def _warning(uow: UnitOfWork, case: CaseRow, rungs: list[Rung]) -> Warned:
    kinds = [kind_of(Clock.CITIZEN_REPLY, rung) for rung in rungs]
    told = clock.list_told(uow, case.report_id, case.due_on or case.check_due_on, kinds)
    if told is None:
        return Warned.OUTSTANDING
    return _fate(told)


def _fate(told: list[Sent]) -> Warned:
    if any(
        one.state is OutboundState.SENT and one.delivery_state != DeliveryState.FAILED.value for one in told
    ):
        return Warned.SENT
    is_ours = any(
        one.state in {OutboundState.PENDING, OutboundState.LEASED} or one.code == "late" for one in told
    )
    return Warned.OUTSTANDING if is_ours else Warned.UNDELIVERABLE


def lapse_questions(uow: UnitOfWork, service: Service, now: datetime) -> int:
    """Archive reports whose reporters did not say what was missing; they may still contest it.

    Not where they were never asked: what still waits to be sent gets as long again as the last reminder leaves,
    and what reached nobody is checked with what is known.
    """
    if is_quiet(now, service.deployment.quiet_hours, service.deployment.zone):
        return 0
    passed = clock.list_passed(uow, Clock.CITIZEN_DATA, service.local_day(now), BATCH)
    rungs = service.deployment.escalation.citizen_data
    for case in passed:
        match _fate(clock.list_news(uow, case.report_id, case.asked_at or case.filed_at)):
            case Warned.SENT:
                moves.give_up(uow, service, case, now)
            case Warned.OUTSTANDING:
                moves.wait_longer(uow, service, case, max(1, -rungs[-1].days) if rungs else 1, now)
            case Warned.UNDELIVERABLE:
                moves.go_on(uow, service, case, now)
    return len(passed)
