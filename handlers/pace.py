"""How often what one person sends is answered, and shown to officers at once; all of it is kept.

Every answer by SMS costs money, and who gets sixty cards overlooks the sixty-first. By the hour of the clock, so that
nothing has to be remembered: what was kept tells how much it was.
"""

from datetime import datetime, timedelta
from enum import Enum, auto

from handlers.officers import notices
from handlers.officers.notices import What
from handlers.service import Service
from storage.db import UnitOfWork
from storage.queries import people
from storage.queries.conversations import Contact
from storage.queries.handling import CaseRow


class Pace(Enum):
    #: answered, and shown at once
    EACH = auto()
    #: answered by what happens with the rest, which is shown when the hour is over
    LAST = auto()
    #: kept
    SILENT = auto()


def show_addition(  # noqa: PLR0917 - as `tell_officers`, with what was said
    uow: UnitOfWork, service: Service, case: CaseRow, text: str, what: What, now: datetime
) -> Pace:
    """Tell officers of an addition that was just kept as far as they hear of it, and return what becomes of it."""
    limit, hour = service.deployment.intake.additions_per_hour, _hour_of(now)
    added = people.count_additions(uow, case.report_id, hour)
    is_last = added == limit + 1
    if is_last:
        notices.tell_officers(uow, service, case, What.ADDED_MUCH, now, not_before=hour + timedelta(hours=1))
    is_danger = service.knowledge.classifier.read(text).is_emergency
    if added <= limit or is_danger:  # danger is always shown
        notices.tell_officers(uow, service, case, what, now)
    if is_last:
        return Pace.LAST
    return Pace.EACH if added <= limit or is_danger else Pace.SILENT


def shows_report(uow: UnitOfWork, service: Service, contact: Contact, now: datetime) -> bool:
    """Tell whether a report that was just filed is shown at once; others stand in the queue and the morning's list."""
    filed = people.count_filed(uow, contact.reporter_id, _hour_of(now))
    return filed <= service.deployment.intake.reports_per_hour


def _hour_of(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0)
