"""A provider's side of webhooks: posts in the background, and again if they are not taken."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import httpx

from tests.fakes.telegram.world import Signal

_TIMEOUT_SECONDS: Final = 10.0
#: stands for the minutes that a provider waits
PAUSE_SECONDS: Final = 0.01


@dataclass(frozen=True)
class Attempt:
    """One request to the program, and how it went."""

    url: str
    #: None: no answer
    status: int | None
    body: str = ""
    content_type: str = ""


class Poster:
    """Posts to the program."""

    def __init__(self, changed: Signal, retry_seconds: float = PAUSE_SECONDS) -> None:
        #: every request made, in the order of their answers
        self.attempts: list[Attempt] = []
        self._changed = changed
        self._retry_seconds = retry_seconds
        self._client = httpx.AsyncClient(trust_env=False, timeout=_TIMEOUT_SECONDS)
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def statuses(self) -> list[int | None]:
        return [attempt.status for attempt in self.attempts]

    def post(
        self,
        url: str,
        build: Callable[[], tuple[bytes, Mapping[str, str]]],
        *,
        tries: int,
        is_repeated: Callable[[int | None], bool],
    ) -> None:
        """Post what `build` gives (body, headers; anew each time) until it is taken or the tries are used up."""
        task = asyncio.create_task(self._deliver(url, build, tries, is_repeated))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settled(self) -> None:
        """Return once nothing is on its way any more."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._client.aclose()

    async def _deliver(
        self,
        url: str,
        build: Callable[[], tuple[bytes, Mapping[str, str]]],
        tries: int,
        is_repeated: Callable[[int | None], bool],
    ) -> None:
        for left in range(tries - 1, -1, -1):
            attempt = await self._attempt(url, *build())
            self.attempts.append(attempt)
            self._changed.notify()
            if not left or not is_repeated(attempt.status):
                return
            await asyncio.sleep(self._retry_seconds)

    async def _attempt(self, url: str, body: bytes, headers: Mapping[str, str]) -> Attempt:
        try:
            answer = await self._client.post(url, content=body, headers=dict(headers))
        except httpx.HTTPError:
            return Attempt(url, None)
        return Attempt(url, answer.status_code, answer.text, answer.headers.get("content-type", ""))
