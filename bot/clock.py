"""The only place that reads the clocks."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

#: how often one looks whether the clock was set, and what counts as set: more than two readings may be apart
LOOK_SECONDS: Final = 1.0
TOLERANCE: Final = timedelta(seconds=0.05)


class Clock(Protocol):
    def now(self) -> datetime:
        """Return the present instant, aware, UTC."""

    def monotonic(self) -> float:
        """Return seconds that never jump, for pacing."""


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()


async def set_back(clock: Clock, every: float = LOOK_SECONDS) -> AsyncIterator[datetime]:
    """Yield what the clock would show, whenever it was set back meanwhile; never ends."""
    shown, ticks = clock.now(), clock.monotonic()
    while True:
        await asyncio.sleep(every)
        expected = shown + timedelta(seconds=clock.monotonic() - ticks)
        shown, ticks = clock.now(), clock.monotonic()
        if shown < expected - TOLERANCE:
            yield expected
