"""How a week went, for those who answer for an agency; how a month went, for those above all of them."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache

from babel.dates import format_date

from handlers import clock_wording
from handlers import digest_wording as wording
from handlers.cases.kpis import Share, reckon
from handlers.cases.ladder import last_due_on
from handlers.cases.numbers import show
from handlers.clock.periodic import Issue, Periodical, send
from handlers.figures import category_name
from handlers.i18n import Voice
from handlers.measured import instants, list_bare, scope_of
from handlers.messages import Choice, Exhibit, Made, Reply
from handlers.officers.access import reach_of
from handlers.officers.queue import line
from handlers.officers.seat import NO_REPORT
from handlers.service import Service
from storage.db import UnitOfWork
from storage.queries import desks, figures
from storage.queries.desks import Sieve
from storage.queries.handling import CaseRow
from storage.queries.officers import OfficerRow
from storage.vocabulary import Closing, Period, Role

_DAY, _WEEK = timedelta(days=1), timedelta(days=7)
#: late reports that are named
LISTED = 10
#: categories, and agencies with late reports, that the letter names
NAMED = 3


def send_weeks(uow: UnitOfWork, service: Service, now: datetime) -> int:
    """Tell heads of agencies, and coordinators, how last week went; nobody where there was nothing."""
    return send(WEEK, uow, service, now)


def send_months(uow: UnitOfWork, service: Service, now: datetime) -> int:
    """Send the letter on last month to those who see the figures of all agencies and work none of their reports."""
    return send(MONTH, uow, service, now)


@dataclass(frozen=True, slots=True)
class _Past:
    """What happened in a time; the first answers are those to what came in then, as far as they were due."""

    filed: int
    in_time: Share
    confirmed: int
    by_silence: int
    categories: Counter[str]

    @property
    def settled(self) -> int:
        return self.confirmed + self.by_silence


def _past(issue: Issue, made: Made) -> _Past:
    measured = list_bare(issue.uow, issue.service, made)
    between = cache(issue.service.calendar.working_days_between)
    kpis = reckon([one.course for one in measured], issue.today, between)
    closed = figures.count_closed(issue.uow, scope_of(made), *instants(issue.service, made))
    return _Past(
        filed=kpis.received,
        in_time=kpis.answered_in_time,
        confirmed=closed.get(Closing.CONFIRMED, 0),
        by_silence=closed.get(Closing.SILENCE, 0),
        categories=Counter(one.track.category_code for one in measured),
    )


def _share(voice: Voice, share: Share) -> str:
    return voice.text(wording.OF, part=share.part, whole=share.whole) if share.whole else "–"


# --- a week ---


def _week_of(day: date) -> tuple[date, date]:
    monday = day - _DAY * (day.isoweekday() - 1)
    return monday, monday + _WEEK


def _compose_week(issue: Issue, officer: OfficerRow) -> Reply | None:
    reach = reach_of(officer)
    if reach is None:
        return None
    service, voice, until = issue.service, issue.service.voice(officer.language), issue.starts_on - _DAY
    is_oversight = None if officer.role is Role.COORDINATOR else False
    made = Made(
        Exhibit.FIGURES, officer.agency_code, issue.starts_on - _WEEK, until, voice.language, is_oversight
    )
    last, before = (
        _past(issue, made),
        _past(issue, replace(made, since=made.since - _WEEK, until=until - _WEEK)),
    )
    counts = desks.count_queue(issue.uow, reach, Sieve(), issue.today, issue.today)
    if not (counts.all or last.filed or last.settled):
        return None
    days = service.deployment.digests.listed_from_days
    late_on = last_due_on(service.calendar, issue.today, days) + _DAY
    listed = desks.list_queue(issue.uow, reach, Sieve(late_on=late_on), limit=LISTED)
    total = desks.count_queue(issue.uow, reach, Sieve(late_on=late_on), issue.today, issue.today).all
    reopened = desks.count_queue(issue.uow, reach, Sieve(is_reopened=True), issue.today, issue.today).all
    agency = service.deployment.agency_by_code.get(officer.agency_code or "")
    numbers = {"filed": last.filed, "confirmed": last.confirmed, "silence": last.by_silence}
    reply = voice.reply(
        wording.WEEK,
        {
            **numbers,
            "agency": agency.short_name if agency else service.deployment.name,
            "since": made.since,
            "until": made.until,
            "filed_before": before.filed,
            "confirmed_before": before.confirmed,
            "silence_before": before.by_silence,
            "in_time": _share(voice, last.in_time),
            "in_time_before": _share(voice, before.in_time),
            "open": counts.all,
            "late": counts.late,
            "reopened": reopened,
            "lines": _late_lines(issue, officer, voice, listed, total)
            or voice.text(wording.NONE_LATE, days=days),
        },
        choices=tuple(
            Choice(show(service.deployment.number, one.number), f"lihat:{one.number}") for one in listed
        ),
    )
    return replace(reply, question=f"desk:{NO_REPORT}:0") if listed else reply


def _late_lines(issue: Issue, officer: OfficerRow, voice: Voice, listed: list[CaseRow], total: int) -> str:
    if not listed:
        return ""
    form = wording.LINE_OF_AGENCY if officer.agency_code is None else wording.LINE_OF_AREA
    lines = [line(issue.service, one, voice, issue.today, form) for one in listed]
    if total > len(listed):
        lines.append(voice.text(clock_wording.MORE, count=total - len(listed)))
    days = issue.service.deployment.digests.listed_from_days
    return voice.text(wording.LONG_LATE, days=days, lines="\n".join(lines))


WEEK = Periodical(Period.WEEK, frozenset({Role.SUPERVISOR, Role.COORDINATOR}), _week_of, _compose_week)


# --- a month ---


def _month_of(day: date) -> tuple[date, date]:
    first = day.replace(day=1)
    return first, (first + 31 * _DAY).replace(day=1)


def _compose_month(issue: Issue, officer: OfficerRow) -> Reply | None:
    service, voice, until = issue.service, issue.service.voice(officer.language), issue.starts_on - _DAY
    made = Made(Exhibit.FIGURES, None, until.replace(day=1), until, voice.language, is_oversight=None)
    before_until = made.since - _DAY
    before_made = replace(made, since=before_until.replace(day=1), until=before_until)
    last, before = _past(issue, made), _past(issue, before_made)
    late = figures.count_late(issue.uow, issue.today)
    if not (last.filed or last.settled or late):
        return None
    reply = voice.say(
        wording.MONTH,
        month=_month_name(voice, made.since),
        month_before=_month_name(voice, before_made.since),
        filed=last.filed,
        filed_before=before.filed,
        settled=last.settled,
        settled_before=before.settled,
        confirmed=last.confirmed,
        silence=last.by_silence,
        in_time=_share(voice, last.in_time),
        in_time_before=_share(voice, before.in_time),
        categories=_named(voice, {category_name(service, voice, c): n for c, n in last.categories.items()}),
        late=sum(late.values()),
        agencies=_named(voice, {_holder_name(service, voice, code): n for code, n in late.items()}),
    )
    return replace(reply, made=made)


def _month_name(voice: Voice, day: date) -> str:
    """Return "Juli 2026"."""
    return format_date(day, "MMMM y", locale=voice.language.value)


def _named(voice: Voice, counts: dict[str, int]) -> str:
    """Return the largest few, with their numbers."""
    most = Counter(counts).most_common(NAMED)
    return "; ".join(voice.text(wording.COUNTED, name=name, count=count) for name, count in most) or "–"


def _holder_name(service: Service, voice: Voice, code: str | None) -> str:
    agency = service.deployment.agency_by_code.get(code or "")
    return agency.short_name if agency else voice.text(wording.NOT_PASSED_ON)


MONTH = Periodical(Period.MONTH, frozenset({Role.AUDITOR, Role.DECIDER}), _month_of, _compose_month)
