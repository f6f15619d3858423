"""What officers are sent once in each period: when it opens, who has not had it, and that it happens once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property

from handlers import codec
from handlers.hours import is_quiet
from handlers.messages import Reply
from handlers.officers import notices
from handlers.officers.access import OF_AGENCY
from handlers.service import Service
from storage.db import UnitOfWork
from storage.queries import digests, officers, outbox
from storage.queries.officers import OfficerRow
from storage.vocabulary import Period, Priority, Role

_DAY = timedelta(days=1)
#: messages of one transaction: each takes as long as the queue or the figures behind it
BATCH = 1


@dataclass(frozen=True)
class Issue:
    """One run: what is due now, for whom."""

    uow: UnitOfWork
    service: Service
    now: datetime
    #: of the period that has begun
    starts_on: date
    roles: frozenset[Role]

    @property
    def today(self) -> date:
        return self.service.local_day(self.now)

    @cached_property
    def staff(self) -> dict[int, OfficerRow]:
        """Officers of these roles who may work, by id."""
        return {one.id: one for one in officers.list_active(self.uow, self.roles)}

    @cached_property
    def away(self) -> frozenset[int]:
        return officers.list_away(self.uow, self.today)

    def colleagues(self, officer: OfficerRow) -> list[OfficerRow]:
        """Return who has the same post, the officer included."""
        same = [one for one in self.staff.values() if one.role is officer.role]
        if officer.role not in OF_AGENCY:
            return same
        return [one for one in same if one.agency_code == officer.agency_code]

    def is_first(self, officer: OfficerRow) -> bool:
        """Tell whether what is the post's is this officer's now: theirs, or a deputy's whose first one is away."""
        return officer in notices.present(self.colleagues(officer), self.away)

    def is_there(self, officer: OfficerRow) -> bool:
        """Tell whether an officer can be told anything: who is away is, if nobody else is there."""
        return not officer.is_unreachable and (officer.id not in self.away or self.is_first(officer))


@dataclass(frozen=True, slots=True)
class Periodical:
    """Something that is sent once in each period."""

    period: Period
    roles: frozenset[Role]
    #: the first day of the period that a day lies in, and of the next one
    bounds: Callable[[date], tuple[date, date]]
    #: None: there is nothing to say
    compose: Callable[[Issue, OfficerRow], Reply | None]


def send(periodical: Periodical, uow: UnitOfWork, service: Service, now: datetime) -> int:
    """Send what is due now to those who have not had it; returns how many messages.

    Whoever joined later than it opened waits for the next one. What downtime passed over is not made up for.
    """
    starts_on, ends_on = periodical.bounds(service.local_day(now))
    opens_at = opening(service, starts_on)
    if now < opens_at or not _is_open(service, now):
        return 0
    issue = Issue(uow, service, now, starts_on, periodical.roles)
    waiting = digests.list_unserved(
        uow, periodical.roles, periodical.period, starts_on, joined_before=opens_at
    )
    useful_until, sent = datetime.combine(ends_on, time(), service.deployment.zone), 0
    for officer_id in waiting:
        officer = issue.staff[officer_id]
        if not issue.is_there(officer):
            continue  # not noted: whoever comes back within the period still gets it
        digests.record(uow, officer_id, periodical.period, starts_on, now)
        reply = periodical.compose(issue, officer)
        if reply is not None:
            _queue(issue, officer, reply, useful_until)
            sent += 1
        if sent == BATCH:
            break
    return sent


def opening(service: Service, starts_on: date) -> datetime:
    """Return the hour of the first working day from a day on."""
    first = service.calendar.due_on(starts_on - _DAY, 1)
    return datetime.combine(first, service.deployment.digests.at, service.deployment.zone)


def _is_open(service: Service, now: datetime) -> bool:
    deployment = service.deployment
    local = now.astimezone(deployment.zone)
    is_working = service.calendar.is_working(local.date())
    is_night = is_quiet(now, deployment.quiet_hours, deployment.zone)
    return is_working and local.time() >= deployment.digests.at and not is_night


def _queue(issue: Issue, officer: OfficerRow, reply: Reply, useful_until: datetime) -> None:
    outbox.queue(
        issue.uow,
        outbox.Message(
            address_id=officer.address_id,
            channel=officer.channel,
            payload=codec.dump_reply(reply),
            priority=Priority.BULK,
            report_id=reply.about,
            useful_until=useful_until,
        ),
        now=issue.now,
    )
