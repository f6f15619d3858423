"""What reporters left unanswered: closed when their time is over (D6, D7)."""

from datetime import datetime

from handlers import moves
from handlers.hours import is_quiet
from handlers.service import Service
from storage.db import UnitOfWork
from storage.queries import clock
from storage.vocabulary import Clock

#: cases of one transaction
BATCH = 100


def lapse_answers(uow: UnitOfWork, service: Service, now: datetime) -> int:
    """Settle reports whose reporters did not say whether they are solved; counted apart."""
    if is_quiet(now, service.deployment.quiet_hours, service.deployment.zone):
        return 0
    passed = clock.list_passed(uow, Clock.CITIZEN_REPLY, service.local_day(now), BATCH)
    for case in passed:
        moves.lapse(uow, service, case, now)
    return len(passed)


def lapse_questions(uow: UnitOfWork, service: Service, now: datetime) -> int:
    """Archive reports whose reporters did not say what was missing; they may still contest it."""
    if is_quiet(now, service.deployment.quiet_hours, service.deployment.zone):
        return 0
    passed = clock.list_passed(uow, Clock.CITIZEN_DATA, service.local_day(now), BATCH)
    for case in passed:
        moves.give_up(uow, service, case, now)
    return len(passed)
