"""A clock that stands still until a test moves it."""

from datetime import UTC, datetime, timedelta

#: a Monday morning in Sekadau: 09.05 WIB
MONDAY = datetime(2026, 3, 2, 2, 5, tzinfo=UTC)


class FakeClock:
    """Implements `bot.clock.Clock`; both of its times move together."""

    def __init__(self, now: datetime = MONDAY) -> None:
        self._now = now
        self._monotonic = 1000.0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    def move(self, by: timedelta | float) -> datetime:
        """Let time pass (a number counts seconds) and return the new instant."""
        span = by if isinstance(by, timedelta) else timedelta(seconds=by)
        self._now += span
        self._monotonic += span.total_seconds()
        return self._now

    def move_to(self, instant: datetime) -> None:
        """Let time pass until `instant`."""
        self.move(instant - self._now)

    def set_back(self, by: timedelta) -> None:
        """Show an earlier time, as when somebody sets the machine's clock; how long things take does not change."""
        self._now -= by
