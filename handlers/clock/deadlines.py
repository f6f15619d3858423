"""Deadlines that are near or have passed: who is told, once for each rung (docs/rules.md, Deadlines)."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from handlers import clock_wording as wording
from handlers.cases.deadlines import days_to_settle
from handlers.cases.ladder import Step, kind_of, last_due_on, listeners, steps_on
from handlers.clock.morning import Gathered
from handlers.clock.post import Post
from handlers.deployment_parts import Listener
from handlers.hours import MORNING, is_quiet
from handlers.moving.working import sentence
from handlers.news import Asks, News, message, tell_followers
from handlers.officers.access import BOUNCES, may_hear
from handlers.officers.notices import Roster
from handlers.service import Service
from storage.db import UnitOfWork
from storage.queries import cases, clock, conversations, handling
from storage.queries.conversations import Reach
from storage.queries.handling import CaseRow
from storage.queries.officers import OfficerRow
from storage.vocabulary import ActorKind, CaseState, Clock, EventKind, ReportType, Role

#: cases of one transaction
BATCH = 200
#: working days that the last word of a ladder is of use
LAST_WORD = 5
HALF = "settle:half"
#: clocks that are their reporters' alone
_REPORTERS = frozenset({Clock.CITIZEN_DATA, Clock.CITIZEN_REPLY})


def is_working_hour(service: Service, now: datetime) -> bool:
    """Tell whether reminders leave now: on working days, from the morning on until the quiet hours."""
    deployment = service.deployment
    is_early = now.astimezone(deployment.zone).time() < MORNING
    is_working = service.calendar.is_working(service.local_day(now))
    return is_working and not is_early and not is_quiet(now, deployment.quiet_hours, deployment.zone)


def remind(uow: UnitOfWork, service: Service, now: datetime) -> int:
    """Say what deadlines have come to: of several rungs at once, after downtime, only the highest."""
    if not is_working_hour(service, now):
        return 0
    post, today, done = Post(uow, service, now), service.local_day(now), 0
    gathered = Gathered(uow, service, now)
    steps = steps_on(service.deployment.escalation, service.calendar, today)
    # Last those without an end: they look at all that was late for long, which a full batch need not do.
    for step in sorted(steps, key=lambda step: step.after is None):
        found = clock.list_due(
            uow, step.clock, step.kind, after=step.after, until=step.until, limit=BATCH - done
        )
        if found:
            _say_all(post, gathered, step, found)
        done += len(found)
        if done == BATCH:
            break
    post.send()
    return done


def _say_all(post: Post, gathered: Gathered, step: Step, found: list[CaseRow]) -> None:
    """Tell of cases that have come to the same rung, and note that; what was passed over is noted too."""
    known = _known_of(post.uow, step, found)
    kinds, events = [], []
    for case in found:
        due_on, before = case.due_on or case.check_due_on, known.said_of(case)
        passed = [kind for rung in step.below if (kind := kind_of(step.clock, rung)) not in before]
        kinds += [clock.Said(case.report_id, kind, due_on) for kind in (*passed, step.kind)]
        is_first = not any(kind_of(step.clock, one) in before for one in step.below if one.days > 0)
        events.append(_event(step, case, is_first=is_first))
        _say(post, gathered, step, case, known, is_first=is_first)
    clock.record_said(post.uow, kinds, post.now)
    cases.append_events(post.uow, events, post.now)


@dataclass(frozen=True, slots=True)
class _Known:
    """What there is to know of cases beyond their rows, asked once for all of them."""

    said: Mapping[tuple[int, date], Collection[str]]
    #: that others follow
    parents: frozenset[int]
    reaches: Mapping[int, Reach]
    #: the question each waits for an answer to
    asked: Mapping[int, cases.Told]

    def said_of(self, case: CaseRow) -> frozenset[str]:
        return frozenset(self.said.get((case.report_id, case.due_on or case.check_due_on), ()))


def _known_of(uow: UnitOfWork, step: Step, found: list[CaseRow]) -> _Known:
    ids = [case.report_id for case in found]
    return _Known(
        clock.list_said(uow, ids),
        handling.list_parents(uow, ids),
        conversations.list_reaches(uow, ids),
        cases.find_events(uow, ids, {EventKind.HELD}) if step.clock is Clock.CITIZEN_DATA else {},
    )


def _say(post: Post, gathered: Gathered, step: Step, case: CaseRow, known: _Known, *, is_first: bool) -> None:
    due_on = case.due_on or case.check_due_on
    heard = listeners(step, case.type, known.said_of(case))
    until = _useful_until(post.service, step, due_on, post.service.local_day(post.now))
    told = list(_officers(post, case, heard))
    reach = known.reaches.get(case.report_id) if Listener.REPORTER in heard else None
    for officer in told:
        stands = gathered.holds(officer, case)
        if step.rung.days > 0 or not stands:
            has_it = officer in _present(post.roster, case, Listener.HOLDER)
            intro = _intro(step, officer, is_first=is_first, knows=reach is not None, has_it=has_it)
            stands = stands and case.officer_id in {None, officer.id}  # else in a colleague's
            post.add(officer, case, intro, until, stands_in_morning=stands)
    if Listener.REPORTER in heard:
        news = _news(post, step, case, known, until, is_first=is_first, told={one.role for one in told})
        if reach is not None:  # that they cannot be told is known of the news before
            post.tell(message(post.service, case, news, reach, post.now))
        if case.report_id in known.parents and step.clock not in _REPORTERS:
            tell_followers(post.uow, post.service, case, news, post.now)


def _event(step: Step, case: CaseRow, *, is_first: bool) -> cases.NewEvent:
    """Return what the history keeps of it."""
    kind = EventKind.REMINDED
    if step.rung.days > 0 and step.clock is not Clock.OUTSIDE:
        kind = EventKind.OVERDUE if is_first else EventKind.ESCALATED
    data = {"clock": step.clock.value, "days": step.rung.days}
    return cases.NewEvent(case.report_id, kind, ActorKind.SYSTEM, data, is_public=kind is EventKind.OVERDUE)


def _useful_until(service: Service, step: Step, due_on: date, today: date) -> datetime:
    """Return when the next rung speaks; behind the last one before a limit that is over, the limit's day."""
    if step.next_days is not None:
        stands_at = service.calendar.working_days_between(due_on, today)
        ahead = max(step.rung.days + step.next_days - stands_at, 1)
        last = service.calendar.due_on(today, ahead) - timedelta(days=1)
    elif step.rung.days > 0:
        last = service.calendar.due_on(today, LAST_WORD)
    else:
        last = due_on
    return datetime.combine(last + timedelta(days=1), time(), service.deployment.zone)


# --- officers ---


def _officers(post: Post, case: CaseRow, heard: frozenset[Listener]) -> Iterator[OfficerRow]:
    """Yield each officer who is to hear of a case once; nobody of a unit it accuses."""
    told: set[int] = set()
    for listener in Listener:
        if listener not in heard:
            continue
        for one in _present(post.roster, case, listener):
            if one.id not in told and may_hear(one, case):
                told.add(one.id)
                yield one


def _present(roster: Roster, case: CaseRow, listener: Listener) -> list[OfficerRow]:
    match listener:
        case Listener.REPORTER:
            return []
        case Listener.HOLDER:
            is_bounced = case.state is CaseState.RETURNED and case.returns >= BOUNCES
            role = Role.DECIDER if is_bounced else Role.COORDINATOR
            have_it = [] if is_bounced else roster.holders(case)
            return have_it or roster.present({role})
        case Listener.SUPERVISOR:
            if case.agency_code is None or case.disposed_at is None:
                return []
            return roster.present({Role.SUPERVISOR}, case.agency_code)
        case _:  # a post that nobody has leaves it with those who pass on
            return roster.present({Role(listener.value)}) or roster.present({Role.COORDINATOR})


def _intro(step: Step, officer: OfficerRow, *, is_first: bool, knows: bool, has_it: bool) -> str:
    if step.clock is Clock.OUTSIDE:
        return wording.OUTSIDE
    if step.rung.days <= 0:
        return wording.REMINDER
    if not is_first and has_it:
        return wording.STILL_LATE
    if not is_first or officer.role is Role.DECIDER:
        return wording.ESCALATED
    return wording.LATE if knows else wording.LATE_UNTOLD


# --- the reporter ---


def _news(
    post: Post,
    step: Step,
    case: CaseRow,
    known: _Known,
    until: datetime,
    *,
    is_first: bool,
    told: Collection[Role],
) -> News:
    due_on = case.due_on or case.check_due_on
    match step.clock:
        case Clock.CITIZEN_DATA:
            asked = known.asked.get(case.report_id)
            words = sentence(str(asked.data.get("text") or "")) if asked else ""
            return News(wording.DATA_MISSING, {"words": words, "due": due_on}, useful_until=until)
        case Clock.CITIZEN_REPLY:
            return News(wording.SOLVED, {"due": due_on}, asks=Asks.SOLVED, useful_until=until)
        case _:
            return _overdue(post, step, case, until, is_first=is_first, told=told)


def _overdue(
    post: Post, step: Step, case: CaseRow, until: datetime, *, is_first: bool, told: Collection[Role]
) -> News:
    """Return M11: with the day of the next news, which the next rung that tells the reporter keeps.

    `told`: who hears of it now, so that nobody is named who does not.
    """
    later = _next_news(post.service, step)
    if not is_first or later is None:
        phrase = wording.STILL_OVERDUE if Role.INSPECTORATE in told else wording.STILL_WAITING
        return News(phrase, useful_until=until)
    phrase = wording.OVERDUE if Role.SUPERVISOR in told else wording.OVERDUE_IN_CHARGE
    if case.disposed_at is None:
        phrase = wording.CHECK_OVERDUE if case.checked_at is None else wording.ROUTE_OVERDUE
    due_on = post.service.calendar.due_on(post.service.local_day(post.now), later)
    return News(phrase, {"due": due_on}, useful_until=until)


def _next_news(service: Service, step: Step) -> int | None:
    """Return in how many working days the reporter hears of it again."""
    above = (one for one in service.deployment.escalation.officers if one.days > step.rung.days)
    return next((one.days - step.rung.days for one in above if Listener.REPORTER in one.tells), None)


# --- half of the time ---


def remind_idle(uow: UnitOfWork, service: Service, now: datetime) -> int:
    """Remind who settles a report when half of the time is gone and nothing was done for as long."""
    if not is_working_hour(service, now):
        return 0
    post, today, done = Post(uow, service, now), service.local_day(now), 0
    escalation, calendar = service.deployment.escalation, service.calendar
    nearest = last_due_on(calendar, today, escalation.officers[0].days) if escalation.officers else today
    for type_ in ReportType:
        days = days_to_settle(service.deployment.deadlines, type_)
        if days < escalation.half_from_days:
            continue
        until = last_due_on(calendar, today, -(days // 2))
        idle_since = datetime.combine(
            last_due_on(calendar, today, days // 2) + timedelta(days=1), time(), service.deployment.zone
        )
        for case in clock.list_idle(
            uow, type_, HALF, after=nearest, until=until, idle_since=idle_since, limit=BATCH - done
        ):
            done += 1
            _say_half(post, case)
    post.send()
    return done


def _say_half(post: Post, case: CaseRow) -> None:
    due_on = case.due_on or case.check_due_on
    clock.record_said(post.uow, [clock.Said(case.report_id, HALF, due_on)], post.now)
    cases.append_event(
        post.uow,
        case.report_id,
        EventKind.REMINDED,
        ActorKind.SYSTEM,
        data={"clock": Clock.SETTLE.value, "days": 0},
        is_public=False,
        now=post.now,
    )
    until = datetime.combine(due_on + timedelta(days=1), time(), post.service.deployment.zone)
    for officer in _officers(post, case, frozenset({Listener.HOLDER})):
        post.add(officer, case, wording.HALF, until)
