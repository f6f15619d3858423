"""What an officer has to do today, in one message; reminders of that morning stand in it and do not come beside it."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from handlers import clock_wording
from handlers import digest_wording as wording
from handlers.cases.numbers import show
from handlers.clock.periodic import Issue, Periodical, opening, send
from handlers.i18n import Voice
from handlers.messages import Choice, Reply
from handlers.officers import cards
from handlers.officers.access import may_see, reach_of
from handlers.officers.cards import due_in_short
from handlers.officers.queue import line
from handlers.officers.seat import NO_REPORT
from handlers.service import Service
from storage.db import UnitOfWork
from storage.queries import desks, digests, officers
from storage.queries.desks import Counts, Sieve
from storage.queries.handling import CaseRow
from storage.queries.officers import OfficerRow
from storage.vocabulary import Clock, Period, Role

#: reports that are named; /daftar has them all
SHOWN = 5
#: nobody has to act on what waits for the reporter or, until it is asked after, for somebody outside
_OURS = (Clock.CHECK, Clock.FIRST_ANSWER, Clock.SETTLE)
_ASKED = (Clock.CITIZEN_DATA, Clock.CITIZEN_REPLY)
#: what a coordinator has to do; the rest is at agencies
_ROUTED = (Clock.CHECK, Clock.CITIZEN_DATA)
#: what is named, by post; an approver's is about answers that wait, not about reports
_NAMED = {Role.COORDINATOR: (Clock.CHECK,), Role.LIAISON: _OURS, Role.INSPECTORATE: _OURS}


def send_mornings(uow: UnitOfWork, service: Service, now: datetime) -> int:
    """Tell each officer what waits for them today, once; nobody for whom nothing is new, near or late."""
    return send(MORNING, uow, service, now)


def _bounds(day: date) -> tuple[date, date]:
    return day, day + timedelta(days=1)


def _compose(issue: Issue, officer: OfficerRow) -> Reply | None:
    reach = reach_of(officer)
    if reach is None:
        return None
    sieve = _theirs(issue, officer)
    soon = issue.service.calendar.due_on(issue.today, issue.service.deployment.digests.soon_days)
    counts = desks.count_queue(issue.uow, reach, sieve, issue.today, soon)
    if not (counts.late or counts.due or counts.early):
        return None
    urgent = replace(sieve, clocks=tuple(clock for clock in sieve.clocks or () if clock in _OURS))
    listed = desks.list_queue(issue.uow, reach, urgent, limit=SHOWN)
    return _message(issue, officer, counts, listed)


def _theirs(issue: Issue, officer: OfficerRow) -> Sieve:
    """Return what an officer has, as `Roster.holders` says: what they took; if they come first, what nobody did."""
    is_first = issue.is_first(officer)
    if officer.role is Role.APPROVER:
        return Sieve(clocks=_OURS, is_proposed=True, officer_id=None if is_first else officer.id)
    clocks = _ROUTED if officer.role is Role.COORDINATOR else (*_OURS, *_ASKED)
    if not is_first:
        return Sieve(clocks=clocks, officer_id=officer.id)
    absent = (one.id for one in issue.colleagues(officer) if one.is_unreachable or one.id in issue.away)
    return Sieve(clocks=clocks, free_or_of=frozenset({officer.id, *absent}))


def _message(issue: Issue, officer: OfficerRow, counts: Counts, listed: list[CaseRow]) -> Reply:
    """Return the counts above the first few reports; a single one is shown whole, with what may be done.

    Not a late one: its card comes by itself when it is late, in the same minute.
    """
    service, voice = issue.service, issue.service.voice(officer.language)
    first, count = listed[0], counts.all - counts.waiting
    days = service.deployment.digests.soon_days
    numbers = {
        "late": counts.late,
        "today": counts.today,
        "soon": counts.due - counts.today,
        "new": counts.early,
    }
    parts = [
        voice.text(wording.PARTS[name], count=number, days=days)
        for name, number in {**numbers, "waiting": counts.waiting}.items()
        if number
    ]
    below = (
        _card(issue, officer, first) if count == 1 and not counts.late else _list(issue, voice, listed, count)
    )
    reply = voice.reply(
        wording.APPROVALS if officer.role is Role.APPROVER else wording.MORNING,
        {
            **numbers,
            "days": days,
            "count": count,
            "parts": " · ".join(parts),
            "lines": below.text,
            "number": show(service.deployment.number, first.number),
            "first": due_in_short(service, first, voice, issue.today),
        },
    )
    return replace(below, text=reply.text, short=reply.short)


def _card(issue: Issue, officer: OfficerRow, case: CaseRow) -> Reply:
    """Return the card without its files: they came with the first one."""
    return replace(cards.card(issue.uow, issue.service, officer, case, issue.now), files=())


def _list(issue: Issue, voice: Voice, listed: list[CaseRow], count: int) -> Reply:
    """Return a line and a button for each, and how many more there are."""
    form = issue.service.deployment.number
    lines = [line(issue.service, one, voice, issue.today) for one in listed]
    if count > len(listed):
        lines.append(voice.text(clock_wording.MORE, count=count - len(listed)))
    choices = [Choice(show(form, one.number), f"lihat:{one.number}") for one in listed]
    choices.append(Choice(voice.text(wording.LIST), "daftar:1"))
    return Reply("\n".join(lines), "", choices=tuple(choices), question=f"desk:{NO_REPORT}:0")


MORNING = Periodical(
    Period.DAY,
    frozenset({Role.COORDINATOR, Role.LIAISON, Role.APPROVER, Role.INSPECTORATE}),
    _bounds,
    _compose,
)


# --- reminders ---


class Gathered:
    """What stands in this day's messages, or is going to: no reminder of it comes beside them."""

    def __init__(self, uow: UnitOfWork, service: Service, now: datetime) -> None:
        today = service.local_day(now)
        self._soon = service.calendar.due_on(today, service.deployment.digests.soon_days)
        self._opens_at = opening(service, today)
        self._served = digests.list_served(uow, Period.DAY, today)
        self._absent_at = officers.find_newest_absence(uow, today)

    def holds(self, officer: OfficerRow, case: CaseRow) -> bool:
        """Tell whether it is so of a case that this officer has; one that moved since is told of anew.

        A message is made of what is late or near: what is neither may stand in none at all.
        """
        if case.clock not in _NAMED.get(officer.role, ()) or not may_see(officer, case):
            return False
        if (case.due_on or case.check_due_on) > self._soon:
            return False
        if officer.id in self._served:
            return self._moved_at(officer, case) <= self._served[officer.id]
        return officer.joined_at < self._opens_at

    def _moved_at(self, officer: OfficerRow, case: CaseRow) -> datetime:
        """Return since when this officer has a case: a deputy's or an absent colleague's since that was noted."""
        is_theirs = case.officer_id == officer.id or (case.officer_id is None and not officer.is_deputy)
        if is_theirs or self._absent_at is None:
            return case.updated_at
        return max(case.updated_at, self._absent_at)
