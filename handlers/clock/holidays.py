"""Next year's joint leave: its decree comes in the autumn, and somebody has to load it (docs/rules.md, Deadlines)."""

from datetime import datetime, time, timedelta

from handlers import clock_wording as wording
from handlers import codec
from handlers.clock.deadlines import is_working_hour
from handlers.officers.notices import Roster
from handlers.service import Service
from storage.db import UnitOfWork
from storage.queries import announcements, outbox
from storage.vocabulary import Priority, Role

KIND = "joint_leave"


def warn_of_holidays(uow: UnitOfWork, service: Service, now: datetime) -> int:
    """Tell coordinators, once in so many working days, that joint leave is missing which should be known by now."""
    today, calendar = service.local_day(now), service.calendar
    missing = calendar.years_missing(today)
    if not missing or not is_working_hour(service, now):
        return 0
    said_on = announcements.find_said_on(uow, KIND)
    every = service.deployment.calendar.joint_leave_warned_every
    if said_on is not None and calendar.working_days_between(said_on, today) < every:
        return 0
    announcements.record_said_on(uow, KIND, today)
    until = datetime.combine(today + timedelta(days=1), time(), service.deployment.zone)
    for one in Roster(uow, today).present({Role.COORDINATOR}):
        years = ", ".join(map(str, missing))
        outbox.queue(
            uow,
            outbox.Message(
                address_id=one.address_id,
                channel=one.channel,
                payload=codec.dump_reply(
                    service.voice(one.language).say(wording.HOLIDAYS_MISSING, years=years)
                ),
                priority=Priority.NEWS,
                useful_until=until,
            ),
            now=now,
        )
    return 1
