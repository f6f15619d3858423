"""What age erases, and when: the deployment's months after a report is over (UU 27/2022; docs/rules.md, Privacy).

Over is what can be neither reopened nor contested any more. Who reported it goes first, then its files, then its
words, each when its own time has come; number, category, agency, area, days and states stay for the statistics, and
the chain of its history can still be checked.
"""

from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial

from handlers.cases.calendar import WorkCalendar
from handlers.deployment import Deployment
from handlers.service import Service
from storage.db import UnitOfWork
from storage.queries import cases, retention, rights
from storage.queries.retention import Leftovers, Over, Part
from storage.vocabulary import ActorKind, EventKind

#: of one transaction, some 50 ms each; whoever writes to us meanwhile waits for its end
PEOPLE, REPORTS, ROWS = 25, 100, 1000
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limits:
    """From when on things are kept."""

    identity: Over
    #: who has written since then is in the middle of something
    silent_since: datetime
    parts: Mapping[Part, Over]
    messages_before: datetime
    leftovers: Leftovers


def limits_of(deployment: Deployment, calendar: WorkCalendar, now: datetime) -> Limits:
    """Return what the deployment's months come to at `now`."""
    kept = deployment.retention

    def over(months: int) -> Over:
        before = _ended_before(deployment, calendar, now, months)
        if kept.oversight_months is None:
            return Over(before, None)
        longest = max(months, kept.oversight_months)
        return Over(before, _ended_before(deployment, calendar, now, longest))

    months = {Part.MEDIA: kept.media_months, Part.TEXTS: kept.text_months, Part.AUDIT: kept.audit_months}
    return Limits(
        identity=over(kept.identity_months),
        silent_since=now - timedelta(hours=deployment.drafts.expire_after_hours),
        parts={part: over(count) for part, count in months.items()},
        messages_before=_months_before(deployment, now, kept.text_months),
        leftovers=Leftovers(
            done_before=now - timedelta(days=kept.inbound_days),
            failed_before=_months_before(deployment, now, kept.identity_months),
        ),
    )


def _ended_before(deployment: Deployment, calendar: WorkCalendar, now: datetime, months: int) -> datetime:
    """Return before when a report ended that is that old, and that nobody may reopen or contest any more."""
    limits, zone = deployment.handling, deployment.zone
    aged = _months_before(deployment, now, months)
    today = now.astimezone(zone).date()
    last = min(aged.astimezone(zone).date(), today - timedelta(days=limits.reopen_within_days) - _DAY)
    while calendar.due_on(last, limits.appeal_within_days) >= today:
        last -= _DAY
    return min(aged, datetime.combine(last + _DAY, time(), zone))


def _months_before(deployment: Deployment, now: datetime, months: int) -> datetime:
    """Return the same time so many months before; the last day of a month that has no such day."""
    local = now.astimezone(deployment.zone)
    year, month = divmod(local.year * 12 + local.month - 1 - months, 12)
    day = min(local.day, monthrange(year, month + 1)[1])
    return local.replace(year=year, month=month + 1, day=day)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of thing that goes."""

    #: for the operator
    name: str
    count: Callable[[UnitOfWork, Limits], int]
    #: does one batch and returns how many it did
    purge: Callable[[UnitOfWork, Limits, datetime], int]


def purge(uow: UnitOfWork, service: Service, now: datetime) -> int:
    """Erase what is due by its age, one batch of the first kind that has any; return how many.

    A job: 0 when nothing is left. Each batch is whole by itself, so after a fault the next run goes on from there.
    """
    limits = limits_of(service.deployment, service.calendar, now)
    return next((done for kind in KINDS if (done := kind.purge(uow, limits, now))), 0)


def count_due(uow: UnitOfWork, service: Service, now: datetime) -> dict[str, int]:
    """Return how much `purge` would erase of each kind, by its name."""
    limits = limits_of(service.deployment, service.calendar, now)
    return {kind.name: kind.count(uow, limits) for kind in KINDS}


def _purge_people(uow: UnitOfWork, limits: Limits, now: datetime) -> int:
    people = retention.lock_people(uow, limits.identity, limits.silent_since, PEOPLE)
    for reporter_id in people:
        _note(uow, rights.list_report_ids(uow, reporter_id), "identity", now)
        rights.forget(uow, reporter_id, now)
    return len(people)


def _purge_part(part: Part, uow: UnitOfWork, limits: Limits, now: datetime) -> int:
    reports = retention.lock_over(uow, part, limits.parts[part], REPORTS)
    if not reports:
        return 0
    noted = sorted(retention.list_with_files(uow, reports)) if part is Part.MEDIA else reports
    retention.erase(uow, part, reports, now)
    _note(uow, noted, part.value, now)
    return len(reports)


def _note(uow: UnitOfWork, report_ids: Sequence[int], what: str, now: datetime) -> None:
    """Say in the history that something is not there any more, and since when."""
    for report_id in report_ids:
        cases.append_event(
            uow, report_id, EventKind.ERASED, ActorKind.SYSTEM, data={"what": what}, is_public=False, now=now
        )


KINDS = (
    Kind(
        "identities",
        lambda uow, limits: retention.count_people(uow, limits.identity, limits.silent_since),
        _purge_people,
    ),
    Kind(
        "files",
        lambda uow, limits: retention.count_files(uow, limits.parts[Part.MEDIA]),
        lambda uow, limits, now: (
            _purge_part(Part.MEDIA, uow, limits, now)
            or retention.delete_stray_files(uow, limits.parts[Part.MEDIA].before, ROWS)
        ),
    ),
    Kind(
        "reports' texts",
        lambda uow, limits: retention.count_over(uow, Part.TEXTS, limits.parts[Part.TEXTS]),
        partial(_purge_part, Part.TEXTS),
    ),
    Kind(
        "reports' histories",
        lambda uow, limits: retention.count_over(uow, Part.AUDIT, limits.parts[Part.AUDIT]),
        partial(_purge_part, Part.AUDIT),
    ),
    Kind(
        "sent messages",
        lambda uow, limits: retention.count_messages(uow, limits.messages_before),
        lambda uow, limits, _now: retention.delete_messages(uow, limits.messages_before, ROWS),
    ),
    Kind(
        "leftovers",
        lambda uow, limits: retention.count_leftovers(uow, limits.leftovers),
        lambda uow, limits, _now: retention.delete_leftovers(uow, limits.leftovers, ROWS),
    ),
)
