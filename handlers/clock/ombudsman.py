"""Day 60 (D9): reporters of what is unsettled still are told of the Ombudsman."""

from datetime import datetime

from handlers import moves
from handlers.hours import is_quiet
from handlers.service import Service
from storage.db import UnitOfWork
from storage.queries import clock

#: cases of one transaction
BATCH = 100


def offer_ombudsman(uow: UnitOfWork, service: Service, now: datetime) -> int:
    """Tell reporters, once each, that they may go there; not while the next word is theirs."""
    if is_quiet(now, service.deployment.quiet_hours, service.deployment.zone):
        return 0
    unsettled = clock.list_unsettled(uow, service.local_day(now), BATCH)
    for case in unsettled:
        moves.offer(uow, service, case, now)
    return len(unsettled)
