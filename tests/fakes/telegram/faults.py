"""Misfortune on order: calls that fail, lose their answer or wait. And Telegram's send limits."""

import asyncio
import math
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from tests.fakes.telegram.world import OTHER_POLLER, RefusalError

_DESCRIPTIONS: Final[Mapping[int, str]] = {
    400: "Bad Request: something is wrong",
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    404: "Not Found",
    409: OTHER_POLLER,
    429: "Too Many Requests: retry later",
    502: "Bad Gateway",
}


class Gate:
    """Holds an answer back until it is opened."""

    def __init__(self) -> None:
        self._reached = asyncio.Event()
        self._opened = asyncio.Event()

    @property
    def is_reached(self) -> bool:
        return self._reached.is_set()

    async def reached(self, timeout: float = 5.0) -> None:  # noqa: ASYNC109
        """Return once a request stands before the gate."""
        async with asyncio.timeout(timeout):
            await self._reached.wait()

    def open(self) -> None:
        """Let the answer go."""
        self._opened.set()

    async def pass_through(self) -> None:
        self._reached.set()
        await self._opened.wait()


@dataclass
class Fault:
    """What befalls one request."""

    #: answered instead of the method's own answer
    refusal: RefusalError | None = None
    #: the connection breaks in the middle of the answer
    is_dropped: bool = False
    gate: Gate | None = None
    #: whether the method does its work all the same
    has_effect: bool = True


class Faults:
    """Faults that wait for their requests, by method; "download" stands for the files' own address."""

    def __init__(self) -> None:
        #: when something was done whose answer broke off
        self.lost_at: list[float] = []
        self._waiting: dict[str, deque[Fault]] = defaultdict(deque)
        self._gates: list[Gate] = []

    def fail_next(
        self, method: str, status: int, *, times: int = 1, description: str | None = None, **parameters: Any
    ) -> None:
        """Refuse the next calls, which then do nothing. Parameters are Telegram's, such as `retry_after`."""
        said = description or _DESCRIPTIONS.get(status, "Internal Server Error")
        refusal = RefusalError(status, said, **parameters)
        self._waiting[method].extend(Fault(refusal, has_effect=False) for _ in range(times))

    def drop_next(self, method: str, *, times: int = 1, has_effect: bool = True) -> None:
        """Break the connection in the middle of the next answers."""
        self._waiting[method].extend(Fault(is_dropped=True, has_effect=has_effect) for _ in range(times))

    def hold_next(self, method: str, *, has_effect: bool = True) -> Gate:
        """Hold the next answer back, its effect done if it has one, until the gate is opened."""
        gate = Gate()
        self._gates.append(gate)
        self._waiting[method].append(Fault(gate=gate, has_effect=has_effect))
        return gate

    def take(self, method: str) -> Fault:
        """Return what befalls this request; mostly nothing."""
        waiting = self._waiting[method]
        return waiting.popleft() if waiting else Fault()

    def forget(self, method: str) -> None:
        """Take back what still waits for a method."""
        self._waiting[method].clear()

    def release_all(self) -> None:
        for gate in self._gates:
            gate.open()


@dataclass
class Limits:
    """Telegram's send limits, as far as they are known: https://core.telegram.org/bots/faq."""

    clock: Callable[[], datetime]
    per_second: int = 30
    #: over how long that is measured
    seconds: float = 1.0
    per_group_minute: int = 20
    #: messages in a row that one chat takes at once, beyond one per second
    burst: int = 3
    #: how often somebody was refused
    refused: int = 0
    #: when a chat was written to before a `retry_after` was over, and when it had been asked for
    hurried: list[tuple[float, float]] = field(default_factory=list)
    _all: deque[float] = field(default_factory=deque)
    _by_chat: dict[int, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    #: since and until when a chat wants to be left alone
    _resting: dict[int, tuple[float, float]] = field(default_factory=dict)

    def rest(self, chat_id: int, seconds: float) -> None:
        """Have a chat left alone, as a refusal on order said."""
        now = self.clock().timestamp()
        self._resting[chat_id] = (now, now + seconds)

    def take(self, chat_id: int) -> None:
        """Count one message. Raises RefusalError with 429 when it is one too many."""
        now = self.clock().timestamp()
        since, until = self._resting.get(chat_id, (0.0, 0.0))
        if now < until:
            self.hurried.append((since, now))
        count, seconds = (self.per_group_minute, 60.0) if chat_id < 0 else (self.burst + 10, 10.0)
        wait = max(
            _wait(self._all, now, round(self.per_second * self.seconds), self.seconds),
            _wait(self._by_chat[chat_id], now, count, seconds),
        )
        if wait > 0:
            self.refused += 1
            pause = math.ceil(wait)
            raise RefusalError(429, f"Too Many Requests: retry after {pause}", retry_after=pause)
        self._all.append(now)
        self._by_chat[chat_id].append(now)


def _wait(sent: deque[float], now: float, count: int, seconds: float) -> float:
    """Return how long to wait until fewer than `count` lie within the last `seconds`."""
    while sent and sent[0] <= now - seconds:
        sent.popleft()
    return sent[-count] + seconds - now if len(sent) >= count else 0.0
