"""Points in the program where it can be made to kill itself: between two steps that must not come apart.

The program is not changed for it: in the processes that the nursery starts, methods are wrapped from outside, and a
trap that was set springs when one of them is entered or has returned.
"""

import functools
import importlib
import inspect
import mmap
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Final


class When(Enum):
    ENTERED = "before"
    RETURNED = "after"


@dataclass(frozen=True)
class Point:
    """Where it happens: a method, before or after it."""

    module: str
    name: str
    when: When
    #: what it is between
    told: str


_BEFORE, _AFTER = When.ENTERED, When.RETURNED
#: passed by every message
ALWAYS: Final = (
    Point("bot.inbox", "Inbox._handle", _AFTER, "a message is handled, nothing committed"),
    Point("storage.db", "Database._require_open", _AFTER, "all is written, and about to be committed"),
    Point("bot.writer", "Writer._commit", _AFTER, "it is committed, and nobody knows yet"),
    Point("bot.inbox", "Inbox._commit", _AFTER, "a message is committed, the sender not woken"),
    Point("bot.inbox", "Inbox.receive", _AFTER, "a message is committed, not acknowledged"),
    Point("bot.delivery", "Delivery._start", _BEFORE, "messages are leased, none is on its way"),
    Point("bot.delivery", "Delivery._send", _BEFORE, "a message is leased, not sent"),
    Point("bot.delivery", "Delivery._sent", _BEFORE, "a message is sent, that is not noted"),
    Point("bot.delivery", "Delivery._sent", _AFTER, "a message is sent, that is noted in memory alone"),
    Point("bot.outcomes", "Outcomes.written", _AFTER, "what was sent is written down, and more is leased"),
    Point("storage.queries.outbox", "queue", _AFTER, "a reply is queued, the others are not"),
    Point("storage.queries.cases", "insert_report", _AFTER, "a report is stored, its history not begun"),
    Point("storage.queries.cases", "append_event", _AFTER, "an event is stored, its receipt not queued"),
)
POLLED: Final = (
    Point("bot.channels.telegram.poller", "Poller._receive_all", _AFTER, "updates are kept, not confirmed"),
)
BY_SMS: Final = (
    Point("bot.core", "Core.on_report", _BEFORE, "a delivery report has come, it is not noted"),
    Point("bot.core", "Core.on_report", _AFTER, "a delivery report is noted, not acknowledged"),
)
WITH_FILES: Final = (
    Point("bot.files", "Fetcher._bring", _BEFORE, "a file is leased, not fetched"),
    Point("bot.files", "Fetcher._fetch", _AFTER, "a file is fetched, not kept"),
    Point("bot.files", "Fetcher._keep", _AFTER, "a file is kept, no row names it"),
    Point("bot.files", "Fetcher._save_again", _BEFORE, "a row names the file, it may be swept away"),
)
#: in the middle of a job's batch
IN_A_JOB: Final = Point("handlers.jobs", "_tell", _AFTER, "one of several is reminded, the others are not")
POINTS: Final = (*ALWAYS, *POLLED, *BY_SMS, *WITH_FILES, IN_A_JOB)


class Trap:
    """A few bytes that processes share: which point, and at which time of passing it; 0: none."""

    def __init__(self, file: Path) -> None:
        if not file.exists():
            file.write_bytes(bytes(2))
        with file.open("r+b") as opened:
            self._cells = mmap.mmap(opened.fileno(), 2)

    def set(self, point: Point, count: int) -> None:
        self._cells[0], self._cells[1] = POINTS.index(point) + 1, count

    def take_away(self) -> bool:
        """Take it away; tell whether it had sprung."""
        has_sprung = self._cells[0] == 0
        self._cells[0] = 0
        return has_sprung

    def step(self, number: int) -> None:
        """Pass a point; does not return where the trap springs."""
        if self._cells[0] != number:
            return
        self._cells[1] -= 1
        if self._cells[1] == 0:
            self._cells[0] = 0  # one process is enough
            os.kill(os.getpid(), signal.SIGKILL)


def lay(trap: Trap) -> None:
    """Have the program step on the trap wherever it passes a point."""
    for number, point in enumerate(POINTS, start=1):
        owner: Any = importlib.import_module(point.module)
        *path, name = point.name.split(".")
        for part in path:
            owner = getattr(owner, part)
        step = functools.partial(trap.step, number)
        setattr(owner, name, _stepping(getattr(owner, name), step, point.when))


def _stepping(function: Callable[..., Any], step: Callable[[], None], when: When) -> Callable[..., Any]:
    if inspect.iscoroutinefunction(function):

        @functools.wraps(function)
        async def awaited(*arguments: Any, **named: Any) -> Any:
            if when is When.ENTERED:
                step()
            result = await function(*arguments, **named)
            if when is When.RETURNED:
                step()
            return result

        return awaited

    @functools.wraps(function)
    def called(*arguments: Any, **named: Any) -> Any:
        if when is When.ENTERED:
            step()
        result = function(*arguments, **named)
        if when is When.RETURNED:
            step()
        return result

    return called
