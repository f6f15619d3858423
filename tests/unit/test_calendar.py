"""Working days: the examples of docs/rules.md, Deadlines, and the rules around them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.cases.calendar import WorkCalendar
from handlers.cases.deadlines import policy_of, read_policy
from handlers.deployment_parts import Calendar, Deadlines

CALENDAR = WorkCalendar(Calendar())


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (date(2026, 8, 3), 3, date(2026, 8, 6)),  # D1
        (date(2026, 8, 6), 5, date(2026, 8, 13)),  # D2
        (date(2026, 8, 6), 14, date(2026, 8, 28)),  # D4, over 17 and 25 August
        (date(2026, 8, 6), 60, date(2026, 11, 2)),  # D5
        (date(2026, 8, 20), 10, date(2026, 9, 4)),  # D6
        (date(2026, 8, 1), 1, date(2026, 8, 3)),  # a Saturday: day 1 is Monday
        (date(2026, 3, 17), 1, date(2026, 3, 25)),  # Nyepi, then Idul Fitri with its joint leave
    ],
)
def test_terms_of_the_domain_notes(start: date, days: int, due: date) -> None:
    """Day 0 is the day of the event; holidays and joint leave are not counted."""
    assert CALENDAR.due_on(start, days) == due


@given(st.dates(date(2025, 1, 1), date(2029, 1, 1)), st.integers(1, 60))
def test_terms_end_on_working_days_and_grow(start: date, days: int) -> None:
    """A term ends on a working day, a longer one later, and counting back gives its length."""
    due = CALENDAR.due_on(start, days)
    assert CALENDAR.is_working(due)
    assert CALENDAR.due_on(start, days + 1) > due
    assert CALENDAR.working_days_between(start, due) == days
    assert CALENDAR.working_days_between(due, start) == -days


def test_local_days() -> None:
    """The deployment adds days off and takes national ones back."""
    anniversary, assumption = date(2026, 12, 18), date(2026, 5, 14)
    calendar = WorkCalendar(
        Calendar(local_holidays={anniversary: "Hari jadi"}, worked_holidays=frozenset({assumption}))
    )
    assert not calendar.is_working(anniversary)
    assert calendar.is_working(assumption)
    assert CALENDAR.is_working(anniversary)


def test_six_day_week() -> None:
    """Some offices work on Saturdays."""
    calendar = WorkCalendar(Calendar(working_weekdays=frozenset(range(1, 7))))
    assert calendar.due_on(date(2026, 8, 7), 1) == date(2026, 8, 8)


def test_joint_leave_that_is_not_decreed_is_noticed() -> None:
    """A year counts as known once its joint leave is."""
    assert CALENDAR.is_decreed(2026)
    assert not CALENDAR.is_decreed(2029)
    assert WorkCalendar(Calendar(local_holidays={date(2029, 12, 24): "Cuti bersama"})).is_decreed(2029)
    assert WorkCalendar(Calendar(joint_leave=False)).is_decreed(2029)


def test_joint_leave_should_be_known_in_november() -> None:
    """From the deployment's day on next year's is missing, and this year's at any time."""
    assert CALENDAR.years_missing(date(2027, 10, 31)) == []
    assert CALENDAR.years_missing(date(2027, 11, 1)) == [2028]
    assert CALENDAR.years_missing(date(2028, 1, 1)) == [2028]
    assert WorkCalendar(Calendar(joint_leave_from="12-15")).years_missing(date(2027, 11, 1)) == []


def test_a_stored_policy_is_read_back() -> None:
    """What a case was promised is what it keeps."""
    assert read_policy(policy_of(Deadlines(check=4))) == Deadlines(check=4)
    assert read_policy('{"check": 2}').first_answer == Deadlines().first_answer
    assert timedelta(days=read_policy("{}").check) == timedelta(days=3)
