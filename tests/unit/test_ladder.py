"""Which rung a deadline stands on, for every day and calendar there may be."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from handlers.cases.calendar import WorkCalendar
from handlers.cases.ladder import Step, last_due_on, listeners, steps_on
from handlers.deployment_parts import Calendar, Escalation, Listener, Rung
from storage.vocabulary import Clock, ReportType
from tests.deployment import sekadau

CALENDAR = WorkCalendar(sekadau().calendar)
SIX_DAYS = WorkCalendar(Calendar(working_weekdays=frozenset({1, 2, 3, 4, 5, 6})))
LADDER = Escalation()
DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))
#: Thursday 13 August 2026: the first answer's day in the example of docs/rules.md, Deadlines
THU_13 = date(2026, 8, 13)


def steps(clock: Clock, today: date, calendar: WorkCalendar = CALENDAR) -> list[Step]:
    return [one for one in steps_on(LADDER, calendar, today) if one.clock is clock]


def stands_on(due_on: date, today: date, calendar: WorkCalendar = CALENDAR) -> list[int]:
    return [
        one.rung.days
        for one in steps(Clock.FIRST_ANSWER, today, calendar)
        if (one.after is None or due_on > one.after) and due_on <= one.until
    ]


@pytest.mark.parametrize(
    ("day", "rungs"),
    [
        (10, []),
        (11, [-2]),
        (12, [-1]),
        (13, [-1]),
        (14, [1]),
        (18, [1]),
        (19, [3]),
        (20, [3]),
        (21, [5]),
        (31, [5]),
    ],
)
def test_the_days_of_a_deadline(day: int, rungs: list[int]) -> None:
    """Due on 13 August, with a holiday on the 17th."""
    assert stands_on(THU_13, date(2026, 8, day)) == rungs


@given(today=DAYS, away=st.integers(-90, 90), calendar=st.sampled_from([CALENDAR, SIX_DAYS]))
def test_a_deadline_stands_on_one_rung_at_the_most(today: date, away: int, calendar: WorkCalendar) -> None:
    """And that is the highest which its working days have reached."""
    due_on = today + timedelta(days=away)
    offset = calendar.working_days_between(due_on, today)
    reached = [rung.days for rung in LADDER.officers if rung.days <= offset]
    if calendar.is_working(today) and calendar.is_working(due_on):
        assert stands_on(due_on, today, calendar) == reached[-1:]
    assert len(stands_on(due_on, today, calendar)) <= 1


@given(today=DAYS, days=st.integers(-30, 30))
def test_it_only_rises(today: date, days: int) -> None:
    """Tomorrow no deadline stands lower than today, and a lower rung is for later deadlines."""
    assert last_due_on(CALENDAR, today, days) <= last_due_on(CALENDAR, today + timedelta(days=1), days)
    assert last_due_on(CALENDAR, today, days + 1) < last_due_on(CALENDAR, today, days)


@given(start=DAYS, days=st.integers(1, 60))
def test_due_dates(start: date, days: int) -> None:
    """More days end later, a later start never earlier, and none on a day that is not worked."""
    due_on = CALENDAR.due_on(start, days)
    assert CALENDAR.is_working(due_on)
    assert due_on < CALENDAR.due_on(start, days + 1)
    assert due_on <= CALENDAR.due_on(start + timedelta(days=1), days)
    assert CALENDAR.working_days_between(start, due_on) == days


def test_who_hears_after_downtime() -> None:
    """Who should have heard before hears now, unless it was said; before a limit only who is meant."""
    third = next(one for one in steps(Clock.SETTLE, THU_13) if one.rung.days == 3)
    everybody = frozenset(Listener) - {Listener.INSPECTORATE}
    assert listeners(third, ReportType.COMPLAINT, frozenset()) == everybody
    assert listeners(third, ReportType.COMPLAINT, frozenset({"settle:1"})) == {Listener.DECIDER}
    assert Listener.INSPECTORATE in listeners(third, ReportType.OVERSIGHT, frozenset())
    near = next(one for one in steps(Clock.SETTLE, THU_13) if one.rung.days == -1)
    assert listeners(near, ReportType.OVERSIGHT, frozenset()) == {Listener.HOLDER, Listener.SUPERVISOR}


def test_a_reporters_deadline_that_is_over_is_not_spoken_of() -> None:
    """It closes by itself."""
    assert {one.after for one in steps(Clock.CITIZEN_REPLY, THU_13)} == {THU_13 - timedelta(days=1)}


def test_a_ladder_rises() -> None:
    """Steps out of order, or two on one day, are a fault of the deployment file."""
    step = Rung(days=1, tells=(Listener.HOLDER,))
    with pytest.raises(ValidationError, match="in the order of their days"):
        Escalation(officers=(step, step))
