"""Reminders that officers have set themselves (`/ingatkan`)."""

from datetime import datetime, time, timedelta

from handlers import clock_wording as wording
from handlers.clock.deadlines import LAST_WORD, is_working_hour
from handlers.clock.post import Post
from handlers.officers.access import Act, may
from handlers.service import Service
from storage.db import UnitOfWork
from storage.queries import handling, officers, reminders

#: reminders of one transaction
BATCH = 100


def remind_own(uow: UnitOfWork, service: Service, now: datetime) -> int:
    """Say once what officers wanted to be reminded of; not of what is over, or is theirs no more."""
    if not is_working_hour(service, now):
        return 0
    today = service.local_day(now)
    last = service.calendar.due_on(today, LAST_WORD)
    until = datetime.combine(last + timedelta(days=1), time(), service.deployment.zone)
    post, due = Post(uow, service, now), reminders.list_own_due(uow, today, BATCH)
    for one in due:
        reminders.delete_own(uow, one.report_id, one.officer_id)
        case, officer = handling.read_case(uow, one.report_id), officers.find_officer(uow, one.officer_id)
        if officer is not None and case.closed_at is None and may(officer, Act.REMIND, case):
            post.add(officer, case, wording.OWN, until)
    post.send()
    return len(due)
