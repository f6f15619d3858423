"""The time that everybody in a town has, and what the machine's clock shows the programs.

They read it at two places: in `bot.clock` and in APScheduler. What measures how long something takes goes on as it does
when a machine's clock is set.
"""

import mmap
import struct
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Final, Self

import apscheduler.executors.base
import apscheduler.schedulers.base
import apscheduler.triggers.interval

from bot.clock import SystemClock

_SECONDS: Final = struct.Struct("d")


class Watch:
    """Processes share by how much it is ahead of the clock that this test runs by."""

    def __init__(self, file: Path) -> None:
        if not file.exists():
            file.write_bytes(bytes(_SECONDS.size))
        with file.open("r+b") as opened:
            self._shown = mmap.mmap(opened.fileno(), _SECONDS.size)
        self._passed = timedelta()
        self._error = timedelta()

    def now(self) -> datetime:
        """Return what time it is, in truth: as the providers have it."""
        return datetime.now(UTC) + self._passed

    def skip(self, time: timedelta) -> None:
        """Let time pass in an instant, as for a machine that was asleep."""
        self._passed += time
        self._show()

    def set_wrong_by(self, error: timedelta) -> None:
        """Set the machine's clock alone."""
        self._error = error
        self._show()

    @property
    def shown(self) -> timedelta:
        """By how much the machine's clock is ahead."""
        (seconds,) = _SECONDS.unpack(self._shown[:])
        return timedelta(seconds=seconds)

    def _show(self) -> None:
        self._shown[:] = _SECONDS.pack((self._passed + self._error).total_seconds())


def wear(watch: Watch) -> None:
    """Let this process read its clock from `watch`."""

    class Moved(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return super().now(tz) + watch.shown

    def now(_clock: SystemClock) -> datetime:
        return datetime.now(UTC) + watch.shown

    SystemClock.now = now  # type: ignore[assignment, method-assign]
    for module in (apscheduler.executors.base, apscheduler.schedulers.base, apscheduler.triggers.interval):
        module.datetime = Moved
