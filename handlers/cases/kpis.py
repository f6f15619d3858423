"""The figures an agency is measured by (docs/rules.md, Figures), from how its reports went. Days are local dates."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from statistics import fmean, median
from typing import Final

from storage.vocabulary import Closing

#: under so many raters a mean tells more of them than of the work
MIN_RATERS: Final = 5
_SETTLED: Final = frozenset({Closing.CONFIRMED, Closing.SILENCE})
#: working days after a day up to another
Between = Callable[[date, date], int]


class Axis(StrEnum):
    """By what figures are told apart."""

    AGENCY = "agency"
    CATEGORY = "category"
    #: kecamatan
    AREA = "area"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Course:
    """How a report went, as far as it did; None: that has not happened."""

    filed_on: date
    #: D1; None: it stands still while the reporter is asked
    check_due_on: date | None
    #: first looked at, to whatever end
    checked_on: date | None
    disposed_on: date | None
    #: D2, of the agency that has it
    answer_due_on: date | None
    #: an answer, or word of what is being done
    first_answer_on: date | None
    closed_on: date | None
    closing: Closing | None
    was_handed_back: bool
    was_reopened: bool
    #: of each solution that was rated
    stars: tuple[int, ...] = ()
    #: tunda: the reporter was asked for what was missing
    was_held: bool = False
    #: why it was archived, if it was and the reason is still known
    archived_for: str | None = None
    #: how often an agency answered, and how often the reporter said BELUM
    answers: int = 0
    rejections: int = 0
    #: the agency that is measured handed it back for good: it counts for that alone
    is_gone: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    part: int
    whole: int

    @property
    def percent(self) -> int | None:
        """In whole percent, halves up; None: of nothing there is no share."""
        return (200 * self.part + self.whole) // (2 * self.whole) if self.whole else None


@dataclass(frozen=True, slots=True)
class Spread:
    """How many working days something took; None: it has not happened yet."""

    count: int
    mean: float | None
    median: float | None
    #: nine of ten took no longer
    ninetieth: int | None

    @classmethod
    def of(cls, days: Sequence[int]) -> "Spread":
        if not days:
            return cls(0, None, None, None)
        return cls(len(days), fmean(days), median(days), sorted(days)[math.ceil(0.9 * len(days)) - 1])


@dataclass(frozen=True, slots=True)
class Kpis:
    """Of the reports that came in during a time, as they stand today."""

    received: int
    checked_in_time: Share
    answered_in_time: Share
    #: tindak lanjut: an agency did something
    followed_up: Share
    #: Selesai, because the reporter said so; because nobody replied. Never one number: it would hide the silence
    confirmed: Share
    by_silence: Share
    held: Share
    archived: Share
    #: the same by reason (docs/rules.md, Reasons)
    archived_for: Mapping[str, Share]
    #: at least once, of those that an agency was given; by the agency itself, where one is measured
    handed_back: Share
    #: BELUM, of all answers
    rejected: Share
    #: at least once, of those that were settled or reopened
    reopened: Share
    #: from the disposition, hence without the days the reporter was asked for data
    to_answer: Spread
    to_settled: Spread
    #: as the reporter lives it: from the report, with every day of waiting
    whole_way: Spread
    raters: int
    #: 1 to 5; None under `MIN_RATERS`
    rating: float | None


def reckon(courses: Sequence[Course], today: date, between: Between) -> Kpis:
    """Return the figures of these reports; what is not yet due counts neither way."""
    gone, courses = _parted(courses)
    given = [one for one in courses if one.disposed_on is not None]
    settled = [one for one in courses if one.closing in _SETTLED]
    routed = [one for one in courses if one.disposed_on is not None or one.was_handed_back]
    solved = [one for one in courses if one.was_reopened or one.closing in _SETTLED]
    stars = [number for one in courses for number in one.stars]
    reasons = Counter(one.archived_for for one in courses if one.archived_for)
    return Kpis(
        received=len(courses),
        checked_in_time=_in_time(((one.check_due_on, one.checked_on) for one in courses), today),
        answered_in_time=_in_time(((one.answer_due_on, one.first_answer_on) for one in given), today),
        followed_up=Share(sum(one.first_answer_on is not None for one in given), len(given)),
        confirmed=Share(_ended(given, Closing.CONFIRMED), len(given)),
        by_silence=Share(_ended(given, Closing.SILENCE), len(given)),
        held=Share(sum(one.was_held for one in courses), len(courses)),
        archived=Share(_ended(courses, Closing.ARCHIVED), len(courses)),
        archived_for={code: Share(count, len(courses)) for code, count in sorted(reasons.items())},
        handed_back=Share(sum(one.was_handed_back for one in routed) + gone, len(routed) + gone),
        rejected=Share(sum(one.rejections for one in courses), sum(one.answers for one in courses)),
        reopened=Share(sum(one.was_reopened for one in solved), len(solved)),
        to_answer=_took(((one.disposed_on, one.first_answer_on) for one in given), between),
        to_settled=_took(((one.disposed_on, one.closed_on) for one in settled), between),
        whole_way=_took(((one.filed_on, one.closed_on) for one in settled), between),
        raters=len(stars),
        rating=fmean(stars) if len(stars) >= MIN_RATERS else None,
    )


def _parted(courses: Sequence[Course]) -> tuple[int, list[Course]]:
    """Return how many are gone, and those that are there."""
    there = [one for one in courses if not one.is_gone]
    return len(courses) - len(there), there


def _ended(courses: Iterable[Course], how: Closing) -> int:
    return sum(one.closing is how for one in courses)


def _in_time(pairs: Iterable[tuple[date | None, date | None]], today: date) -> Share:
    """Return how many of those that were done, or were to be done by now, were done by their day."""
    over = [(due, done) for due, done in pairs if due is not None and (done is not None or due < today)]
    return Share(sum(done is not None and done <= due for due, done in over), len(over))


def _took(pairs: Iterable[tuple[date | None, date | None]], between: Between) -> Spread:
    """Measure from one day to another; never less than nothing, as reopened ones may be given away anew."""
    return Spread.of([max(between(start, end), 0) for start, end in pairs if start and end])
