"""The simulator's clock: the real one and what the visitor moved it on by."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.channels.simulator.screens import Screens
from bot.clock import SystemClock
from handlers.cases.calendar import WorkCalendar

_OFFSET: Final = "offset"
#: jobs run at each full one of these while the clock moves: the shortest that makes no more than so many stops
_TICKS: Final = tuple(timedelta(minutes=minutes) for minutes in (30, 60, 120, 240))
_MOST_STOPS: Final = 48
#: when a day begins for those who look on: quiet hours are over, what is due in the morning has come
_MORNING: Final = time(8, 5)
_FARTHEST: Final = timedelta(days=400)


class SimulatedClock:
    def __init__(self, screens: Screens) -> None:
        self._screens = screens
        self._real = SystemClock()
        self._offset = timedelta(seconds=float(screens.fact(_OFFSET) or 0))

    def now(self) -> datetime:
        return self._real.now() + self._offset

    def monotonic(self) -> float:
        return self._real.monotonic() + self._offset.total_seconds()

    def jump(self, to: datetime) -> None:
        """Go on to an instant; it lasts beyond a restart. The clock does not go back."""
        self._offset = max(self._offset, to - self._real.now())
        self._screens.set_fact(_OFFSET, str(self._offset.total_seconds()))


def stops(since: datetime, until: datetime) -> Iterator[datetime]:
    """Yield the instants to stop at on the way, the last one is `until`; both are local times."""
    tick = next((one for one in _TICKS if (until - since) / one <= _MOST_STOPS), _TICKS[-1])
    now = since
    while now < until:
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        now = min(midnight + ((now - midnight) // tick + 1) * tick, until)
        yield now


def next_working_morning(calendar: WorkCalendar, after: datetime) -> datetime:
    """Return five past eight of the next working day; `after` is a local time."""
    zone = after.tzinfo
    assert isinstance(zone, ZoneInfo)  # noqa: S101 - of the deployment
    return _morning(calendar.due_on(after.date(), 1), zone)


def next_deadline(calendar: WorkCalendar, due_days: list[date], after: datetime) -> datetime | None:
    """Return the morning of the next last day, or of the working day after one, when it is missed."""
    zone = after.tzinfo
    assert isinstance(zone, ZoneInfo)  # noqa: S101 - as above
    mornings = [_morning(day, zone) for due in due_days for day in (due, calendar.due_on(due, 1))]
    ahead = [one for one in mornings if after < one < after + _FARTHEST]
    return min(ahead, default=None)


def _morning(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, _MORNING, zone)
