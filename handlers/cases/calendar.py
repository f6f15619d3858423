"""Which days are worked: the deployment's week, the national holidays with joint leave, and local days."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from functools import cache

from handlers.deployment_parts import Calendar

_DAY = timedelta(days=1)


class WorkCalendar:
    """Working days of one deployment. Days are local dates; nothing here knows the time of day."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar

    def of_week(self, week: str) -> "WorkCalendar":
        """Return the same with another week, as `stored_week` wrote it: the days off are everybody's."""
        days = frozenset(map(int, week))
        return WorkCalendar(self._calendar.model_copy(update={"working_weekdays": days}))

    def is_working(self, day: date) -> bool:
        calendar = self._calendar
        if day.isoweekday() not in calendar.working_weekdays or day in calendar.local_holidays:
            return False
        return day in calendar.worked_holidays or day not in _days_off(
            calendar.country, day.year, joint_leave=calendar.joint_leave
        )

    def due_on(self, start: date, days: int) -> date:
        """Return the last day of a term of `days` working days; `start` is day 0 (docs/rules.md, Deadlines)."""
        day = start
        while days > 0:
            day += _DAY
            days -= self.is_working(day)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Return how many working days lie after `start` up to `end`; negative when `end` is earlier."""
        if end < start:
            return -self.working_days_between(end, start)
        return sum(self.is_working(start + _DAY * n) for n in range(1, (end - start).days + 1))

    def years_missing(self, today: date) -> list[int]:
        """Return the years whose joint leave should be known by now and is not."""
        is_late = f"{today:%m-%d}" >= self._calendar.joint_leave_from
        years = [today.year, today.year + 1] if is_late else [today.year]
        return [year for year in years if not self.is_decreed(year)]

    def is_decreed(self, year: int) -> bool:
        """Tell whether the year's joint leave is known; it is decreed anew every year, in the autumn before."""
        if not self._calendar.joint_leave:
            return True
        known = _days_off(self._calendar.country, year, joint_leave=True)
        return known != _days_off(self._calendar.country, year, joint_leave=False) or any(
            day.year == year for day in self._calendar.local_holidays
        )


def stored_week(week: Collection[int] | None) -> str | None:
    """Return a week as the row of a case holds it ("123456"); None: the deployment's."""
    return "".join(map(str, sorted(week))) if week else None


def require_holidays(calendar: Calendar) -> None:
    """Raises ValueError where the holidays that a calendar counts on are not known."""
    try:
        _national(calendar.country, None, joint_leave=calendar.joint_leave)
    except (NotImplementedError, ValueError) as error:
        kinds = "public and government" if calendar.joint_leave else "public"
        raise ValueError(f"no {kinds} holidays are known of {calendar.country}") from error


@cache
def _days_off(country: str, year: int, *, joint_leave: bool) -> frozenset[date]:
    return frozenset(_national(country, year, joint_leave=joint_leave))


def _national(country: str, year: int | None, *, joint_leave: bool) -> Iterable[date]:
    """Return the national days off. Source: library `holidays`, its categories "public" and "government"."""
    # It reads all countries of the world: 0.1 s and 12 MiB, which no start waits for.
    from holidays import country_holidays  # noqa: PLC0415

    categories = ("public", "government") if joint_leave else ("public",)
    return country_holidays(country, years=year, categories=categories)
