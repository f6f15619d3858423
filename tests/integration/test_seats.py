"""Several processes on one PostgreSQL: one at a time sits, the others stand by and are woken."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import pytest
from sqlalchemy import text

from bot.metrics import Metrics
from bot.roles import Role
from bot.seats import Bell, Seat
from storage.db import Database

pytestmark = pytest.mark.parametrize("kind", ["postgresql"])

CUT_WHO_SITS = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"


class Shift:
    """Who is at work; fails the test when that are two."""

    def __init__(self) -> None:
        self.at_work: list[str] = []
        self.starts = 0
        self.heard = 0
        self._changed = asyncio.Event()

    async def work(self, name: str) -> None:
        self.at_work.append(name)
        self.starts += 1
        self._changed.set()
        try:
            assert len(self.at_work) == 1
            await asyncio.Event().wait()
        finally:
            self.at_work.remove(name)
            self._changed.set()

    def hear(self) -> None:
        self.heard += 1
        self._changed.set()

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(15):
            while not condition():
                self._changed.clear()
                await self._changed.wait()


@asynccontextmanager
async def sitting(database: Database, shift: Shift, name: str, *accounts: str) -> AsyncIterator[None]:
    """A process that does its work whenever it may."""
    seat = Seat(database, Role.DELIVERY, accounts, Metrics())
    task = asyncio.create_task(seat.occupy(lambda: shift.work(name), shift.hear))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_one_at_a_time_sits(database: Database) -> None:
    """Who loses the session stops and stands by; who stands by takes the seat, the same if the other one ends."""
    shift = Shift()
    async with sitting(database, shift, "second", "b"):
        async with sitting(database, shift, "first", "a", "b"):
            await shift.until(lambda: shift.starts == 1)
            with database.writing() as uow:
                uow.connection.execute(text(CUT_WHO_SITS))
            await shift.until(lambda: shift.starts == 2)
        await shift.until(lambda: shift.at_work == ["second"])


async def test_different_accounts_do_not_meet(database: Database) -> None:
    """Each provider's account has a sender of its own."""
    one, other = Shift(), Shift()
    async with sitting(database, one, "one", "a"), sitting(database, other, "other", "b"):
        await one.until(lambda: one.at_work == ["one"])
        await other.until(lambda: other.at_work == ["other"])


async def test_what_its_work_raises_ends_it(database: Database) -> None:
    """A token the provider refuses is no reason to try for ever."""

    async def work() -> None:
        raise LookupError

    with pytest.raises(LookupError):
        await Seat(database, Role.DELIVERY, ["a"], Metrics()).occupy(work, lambda: None)


async def test_a_bell_is_heard_by_who_sits(database: Database) -> None:
    """Rung twice in a row it may be heard once; muted not at all, and once afterwards."""
    shift, bell = Shift(), Bell(database)
    ringing = asyncio.create_task(bell.run())
    async with sitting(database, shift, "one", "a"):
        await shift.until(lambda: shift.heard == 1)  # on sitting down
        bell.ring()
        await shift.until(lambda: shift.heard == 2)
        with bell.muted():
            bell.ring()
        await shift.until(lambda: shift.heard == 3)
    ringing.cancel()
    with suppress(asyncio.CancelledError):
        await ringing
