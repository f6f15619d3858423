"""The figures an agency is measured by: shares of what is due, days, and what is too little to tell."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from handlers.cases.kpis import Course, Share, Spread, reckon
from storage.vocabulary import Closing

MONDAY = date(2026, 3, 2)
DAY = timedelta(days=1)
NEW = Course(
    filed_on=MONDAY,
    check_due_on=MONDAY + 3 * DAY,
    checked_on=None,
    disposed_on=None,
    answer_due_on=None,
    first_answer_on=None,
    closed_on=None,
    closing=None,
    was_handed_back=False,
    was_reopened=False,
)
GIVEN = replace(NEW, checked_on=MONDAY + DAY, disposed_on=MONDAY + DAY, answer_due_on=MONDAY + 6 * DAY)
ANSWERED = replace(GIVEN, first_answer_on=MONDAY + 4 * DAY)
SETTLED = replace(ANSWERED, closed_on=MONDAY + 11 * DAY, closing=Closing.CONFIRMED)


def between(start: date, end: date) -> int:
    """Every day is worked here."""
    return (end - start).days


def test_what_is_not_due_counts_neither_way() -> None:
    """A report that may still be checked is neither in time nor late; the day after its last day it is late."""
    assert reckon([NEW], MONDAY + 3 * DAY, between).checked_in_time == Share(0, 0)
    assert reckon([NEW], MONDAY + 4 * DAY, between).checked_in_time == Share(0, 1)
    late = replace(NEW, checked_on=MONDAY + 4 * DAY)
    assert reckon([GIVEN, late], MONDAY + 4 * DAY, between).checked_in_time == Share(1, 2)
    waits = replace(NEW, check_due_on=None)
    assert reckon([waits], MONDAY + 30 * DAY, between).checked_in_time == Share(0, 0)


def test_first_answers() -> None:
    """Of those that an agency was given: in time, and at all."""
    kpis = reckon([NEW, GIVEN, ANSWERED, SETTLED], MONDAY + 9 * DAY, between)
    assert (kpis.received, kpis.answered_in_time, kpis.followed_up) == (4, Share(2, 3), Share(2, 3))


def test_silence_is_never_counted_as_confirmed() -> None:
    """Two numbers, of the same whole."""
    silent = replace(SETTLED, closing=Closing.SILENCE)
    kpis = reckon([SETTLED, silent, silent, GIVEN], MONDAY + 20 * DAY, between)
    assert (kpis.confirmed, kpis.by_silence) == (Share(1, 4), Share(2, 4))


def test_handed_back_reopened_archived() -> None:
    """Each of what it could have happened to."""
    courses = [
        replace(NEW, was_handed_back=True),
        GIVEN,
        replace(ANSWERED, was_reopened=True),
        SETTLED,
        replace(NEW, closing=Closing.ARCHIVED),
    ]
    kpis = reckon(courses, MONDAY + 20 * DAY, between)
    assert (kpis.handed_back, kpis.reopened, kpis.archived) == (Share(1, 4), Share(1, 2), Share(1, 5))


def test_days_taken() -> None:
    """From the disposition on, and the whole way."""
    kpis = reckon([GIVEN, ANSWERED, SETTLED], MONDAY + 20 * DAY, between)
    assert kpis.to_answer == Spread(2, 3.0, 3, 3)
    assert (kpis.to_settled.median, kpis.whole_way.median) == (10, 11)
    anew = replace(ANSWERED, first_answer_on=MONDAY)
    assert reckon([anew], MONDAY, between).to_answer.median == 0


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([], Spread(0, None, None, None)),
        ([4], Spread(1, 4, 4, 4)),
        ([1, 2], Spread(2, 1.5, 1.5, 2)),
        ([10, 9, 8, 7, 6, 5, 4, 3, 2, 1], Spread(10, 5.5, 5.5, 9)),
        ([*range(1, 12)], Spread(11, 6, 6, 10)),
    ],
)
def test_spread(days: list[int], expected: Spread) -> None:
    """Mean, median, and the day within which nine of ten were done, in whatever order they came."""
    assert Spread.of(days) == expected


@pytest.mark.parametrize(("share", "percent"), [(Share(0, 0), None), (Share(1, 8), 13), (Share(2, 3), 67)])
def test_percent(share: Share, percent: int | None) -> None:
    """Halves go up; of nothing there is no share."""
    assert share.percent == percent


def test_no_mean_under_five_raters() -> None:
    """Four ratings are counted, and tell nothing yet."""
    four, five = replace(SETTLED, stars=(5, 4, 4, 2)), replace(SETTLED, stars=(3,))
    assert (reckon([four], MONDAY, between).raters, reckon([four], MONDAY, between).rating) == (4, None)
    assert reckon([four, five], MONDAY, between).rating == pytest.approx(3.6)
