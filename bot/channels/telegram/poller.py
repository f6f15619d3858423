"""Long polling: an update is acknowledged only when it has been received for good."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, Final

import structlog

from bot.channels.base import SendError
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.inbound import Received, read_update
from handlers.messages import Inbound
from storage.vocabulary import Fault

Receive = Callable[[Inbound], Awaitable[None]]

_WAIT_SECONDS: Final = 25
_LONGEST_PAUSE_SECONDS: Final = 30.0
_CONFLICTS: Final = frozenset({"conflict", "webhook_active"})

log: structlog.stdlib.BoundLogger = structlog.get_logger()


class PollConflict(Exception):  # noqa: N818 - it names a state of affairs
    """Somebody else receives this bot's updates. `code`: "conflict" (another poller) or "webhook_active"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Poller:
    """Our own `getUpdates` loop; the library's acknowledges before anything is stored."""

    def __init__(
        self,
        channel: TelegramChannel,
        *,
        clock: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        wait_seconds: int = _WAIT_SECONDS,
    ) -> None:
        self._channel = channel
        self._clock = clock
        self._sleep = sleep
        self._wait_seconds = wait_seconds
        #: first update not received yet; None: Telegram holds nothing back that we have received
        self._offset: int | None = None
        self._failures = 0

    async def run(self, receive: Receive, *, on_ignored: Callable[[], None] = lambda: None) -> None:
        """Hand every update to `receive` until cancelled.

        `receive` returns once the message is committed; if it raises, the message comes again, and so may
        those after it. `on_ignored` is called for each update we don't handle. Raises PollConflict, and
        SendError if the token is refused; waits out everything else.
        """
        while True:
            try:
                batch = await self._channel.get_updates(self._offset, self._wait_seconds)
            except SendError as problem:
                await self._after(problem)
                continue
            if await self._receive_all(batch, receive, on_ignored):
                self._failures = 0
            else:
                await self._back_off()

    async def _receive_all(
        self, batch: Sequence[dict[str, Any]], receive: Receive, on_ignored: Callable[[], None]
    ) -> bool:
        """Receive a batch at once, so that it is committed together; False if something must come again."""
        if not batch:
            # The offset of this call has been taken note of. The next update may have any number, even a
            # lower one (after a silent week it is drawn anew), so it must not be measured by the last.
            self._offset = None
            return True
        updates = self._read(batch)
        tasks = []
        async with asyncio.TaskGroup() as group:
            for update in updates:
                tasks.append(group.create_task(self._attempt(update, receive, on_ignored)))  # noqa: PERF401
        lost = [update.update_id for update, task in zip(updates, tasks, strict=True) if not _is_done(task)]
        self._offset = lost[0] if lost else updates[-1].update_id + 1
        return not lost

    def _read(self, batch: Sequence[dict[str, Any]]) -> list[Received]:
        now, name = self._clock(), self._channel.username
        updates = [read_update(payload, now=now, username=name) for payload in batch]
        return sorted(updates, key=lambda update: update.update_id)

    async def _attempt(self, update: Received, receive: Receive, on_ignored: Callable[[], None]) -> bool:
        """Receive one update; False if it must come again."""
        if update.press_id is not None:
            self._channel.answer_press_soon(update.press_id)
        if update.inbound is None:
            on_ignored()
            return True
        try:
            await receive(update.inbound)
        except Exception:
            log.exception("update_not_received", update_id=update.update_id)
            return False
        return True

    async def _after(self, problem: SendError) -> None:
        """Wait until it makes sense to ask again."""
        if problem.code in _CONFLICTS:
            raise PollConflict(problem.code) from None
        if problem.fault is Fault.MISCONFIGURED:
            raise problem
        log.warning("poll_failed", fault=problem.fault, code=problem.code)
        if problem.retry_after is not None:
            await self._sleep(problem.retry_after.total_seconds())
        else:
            await self._back_off()

    async def _back_off(self) -> None:
        pause = min(2.0**self._failures, _LONGEST_PAUSE_SECONDS)
        self._failures = min(self._failures + 1, 10)
        await self._sleep(pause)


def _is_done(task: asyncio.Task[bool]) -> bool:
    return not task.cancelled() and task.result()
