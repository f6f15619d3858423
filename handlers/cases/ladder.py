"""The ladder of reminders and escalations: which step a deadline has come to, as days alone tell it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import assert_never

from handlers.cases.calendar import WorkCalendar
from handlers.deployment_parts import Escalation, Listener, Rung
from storage.vocabulary import Clock, ReportType

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Step:
    """One rung on one day: the deadlines that stand on it lie after `after` (None: ever) and until `until`."""

    clock: Clock
    rung: Rung
    #: those below, which it makes good for
    below: tuple[Rung, ...]
    #: working days to the next one; None: there is none
    next_days: int | None
    after: date | None
    until: date

    @property
    def kind(self) -> str:
        return kind_of(self.clock, self.rung)


def kind_of(clock: Clock, rung: Rung) -> str:
    """Return how what was said is remembered: "settle:-2"."""
    return f"{clock}:{rung.days}"


def ladder_of(escalation: Escalation, clock: Clock) -> tuple[Rung, ...]:
    match clock:
        case Clock.CHECK | Clock.FIRST_ANSWER | Clock.SETTLE:
            return escalation.officers
        case Clock.CITIZEN_DATA:
            return escalation.citizen_data
        case Clock.CITIZEN_REPLY:
            return escalation.citizen_reply
        case Clock.OUTSIDE:
            return escalation.outside
        case _:
            assert_never(clock)


def steps_on(escalation: Escalation, calendar: WorkCalendar, today: date) -> Iterator[Step]:
    """Yield every step of every clock as it stands today, the loudest first; their deadlines do not overlap."""
    for clock in Clock:
        ladder = ladder_of(escalation, clock)
        for n in reversed(range(len(ladder))):
            above = ladder[n + 1] if n + 1 < len(ladder) else None
            yield Step(
                clock=clock,
                rung=ladder[n],
                below=ladder[:n],
                next_days=above.days - ladder[n].days if above else None,
                after=last_due_on(calendar, today, above.days) if above else _floor(clock, today),
                until=last_due_on(calendar, today, ladder[n].days),
            )


def _floor(clock: Clock, today: date) -> date | None:
    """Return the day before the first deadline that still counts: what a reporter left undone is over by itself."""
    is_reporters = clock in {Clock.CITIZEN_DATA, Clock.CITIZEN_REPLY}
    return today - _DAY if is_reporters else None


def last_due_on(calendar: WorkCalendar, today: date, days: int) -> date:
    """Return the latest deadline that is `days` working days ago, or more; negative: that many ahead, or fewer."""
    if days <= 0:
        return calendar.due_on(today, 1 - days) - _DAY
    day = today
    while days > 0:
        days -= calendar.is_working(day)
        day -= _DAY
    return day


def listeners(step: Step, type_: ReportType, said: frozenset[str]) -> frozenset[Listener]:
    """Return who is told: those of this rung and, once a limit has passed, of each rung that was left out."""
    heard = frozenset(step.rung.tells)
    if step.rung.days > 0:
        missed = (one for one in step.below if one.days > 0 and kind_of(step.clock, one) not in said)
        heard = heard.union(*(one.tells for one in missed))
        if type_ is ReportType.OVERSIGHT:
            heard |= {Listener.INSPECTORATE}
    return heard
