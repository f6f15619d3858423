"""The two ways updates leave Telegram: asked for by long polling, or posted to a webhook."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import httpx

from tests.fakes.telegram.world import OTHER_POLLER, Json, RefusalError, World

_SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"
_DELIVERY_TIMEOUT_SECONDS: Final = 10.0


class Polls:
    """`getUpdates`: one at a time, the newest wins."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._generation = 0
        self._ended = 0

    def interrupt(self) -> None:
        """End the poll that waits, with a conflict."""
        self._generation += 1
        self._world.changed.notify()

    def end(self) -> None:
        """End the poll that waits, as if its time were up."""
        self._ended += 1
        self._world.changed.notify()

    async def get_updates(self, params: Json, is_closing: Callable[[], bool]) -> list[Json]:
        """Return what waits, once there is something or the time is up."""
        self.interrupt()
        mine, ended = self._generation, self._ended
        self._confirm(params.get("offset", 0))
        await self._something(
            params.get("timeout", 0),
            lambda: (mine, ended) != (self._generation, self._ended) or is_closing(),
        )
        if mine != self._generation:
            raise RefusalError(409, OTHER_POLLER)
        if ended != self._ended:
            return []
        return list(self._world.updates.values())[: params.get("limit", 100)]

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            kept = list(self._world.updates)[offset:]
            offset = min(kept, default=0)
        self._world.confirm_below(offset)

    async def _something(self, seconds: int, is_over: Callable[[], bool]) -> None:
        try:
            await self._world.changed.wait_for(lambda: self._world.updates or is_over(), seconds)
        except TimeoutError:
            return


@dataclass
class Webhook:
    """Posts every update until it is taken, several at a time."""

    world: World
    url: str
    secret: str
    max_connections: int
    #: pause before an update that was not taken is posted again
    retry_seconds: float
    last_error: str = ""

    def __post_init__(self) -> None:
        self._in_flight: dict[int, asyncio.Task[None]] = {}
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        tasks = [self._task, *self._in_flight.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self) -> None:
        async with httpx.AsyncClient(
            trust_env=False,
            timeout=_DELIVERY_TIMEOUT_SECONDS,
        ) as client:
            while True:
                await self.world.changed.wait_for(lambda: self._next() is not None, None)
                number = self._next()
                if number is not None:
                    self._in_flight[number] = asyncio.create_task(self._deliver(client, number))

    def _next(self) -> int | None:
        if len(self._in_flight) >= self.max_connections:
            return None
        return next((number for number in self.world.updates if number not in self._in_flight), None)

    async def _deliver(self, client: httpx.AsyncClient, number: int) -> None:
        copies = 1
        if self.world.repeats:
            self.world.repeats -= 1
            copies = 2
        update = self.world.updates[number]
        while not all(await asyncio.gather(*(self._is_taken(client, update) for _ in range(copies)))):
            self.world.changed.notify()
            await asyncio.sleep(self.retry_seconds)
        self.world.taken += 1
        del self.world.updates[number]
        del self._in_flight[number]
        self.world.changed.notify()

    async def _is_taken(self, client: httpx.AsyncClient, update: Json) -> bool:
        headers = {_SECRET_HEADER: self.secret} if self.secret else {}
        self.world.posted += 1
        self.world.changed.notify()
        try:
            answer = await client.post(self.url, json=update, headers=headers)
        except httpx.HTTPError as problem:
            self.last_error = type(problem).__name__
            return False
        if not answer.is_success:
            self.last_error = f"Wrong response from the webhook: {answer.status_code} {answer.reason_phrase}"
        return answer.is_success
