"""The simulator's own world: a database, a clock and people that never touch what is real."""

import asyncio
import contextlib
import shutil
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy.exc import DBAPIError

from bot.channels.base import Channel
from bot.channels.simulator import people
from bot.channels.simulator.channel import SimulatedSms, SimulatedTelegram
from bot.channels.simulator.clock import SimulatedClock, stops
from bot.channels.simulator.screens import Screens, Stale
from bot.core import Core, core
from bot.files import write_whole
from bot.opening import CannotStart, held, read_keys
from bot.writer import StorageUnavailable
from handlers.loading import load_deployment
from handlers.service import Service
from storage import migrate
from storage.crypto import BadKey, Vault, new_key
from storage.db import Database
from storage.queries import deployment as queries
from storage.queries.deployment import StillUsed
from storage.vocabulary import Channel as ChannelName

_LOOK_SECONDS: Final = 2.0
_SEEDED: Final = "seeded"
#: fact: it had to be begun anew, which the visitor did not ask for
RENEWED: Final = "renewed"
_BROKEN: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


@dataclass
class World:
    """The program, running among simulated people."""

    service: Service
    database: Database
    screens: Screens
    clock: SimulatedClock
    machine: Core
    #: its streams are to end
    is_over: bool = False
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def local_now(self) -> datetime:
        return self.clock.now().astimezone(self.service.deployment.zone)

    async def hear(self) -> None:
        """Handle what people sent, in order, and deliver what comes of it. Raises StorageUnavailable: it is kept."""
        async with self._turn:
            for number, inbound in self.screens.list_waiting():
                await self.machine.inbox.receive(inbound)
                self.screens.acknowledge(number)
            await self._settle()

    async def move(self, until: datetime) -> None:
        """Let time pass until an instant; what is due on the way happens on the way. Raises StorageUnavailable."""
        async with self._turn:
            for stop in stops(self.local_now, until):
                await self._settle()  # what is on its way must not find its lease run out
                self.clock.jump(stop)
                await self.machine.scheduler.run_all()
            await self._settle()

    async def tend(self) -> None:
        """Deliver what the clock brings about, and what could not be handled at once, until cancelled.

        In turn with all else, where in service delivery and fetching go their own ways: so a message never has to
        be put off until its pictures are there, nor does the clock jump while one is on its way.
        """
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            with contextlib.suppress(StorageUnavailable):  # logged by the writer
                await self.hear()

    async def _settle(self) -> None:
        # Files first: a message waits for those that go with it.
        while await self.machine.fetcher.run_once() or await self.machine.delivery.run_once():
            pass

    def end(self) -> None:
        self.is_over = True
        self.screens.note_change()


class Simulator:
    """Opens its world when somebody comes to look: who never does pays nothing for it.

    `root`: the simulator's address, for addresses in messages.
    """

    def __init__(self, folder: Path, service: Service, root: str) -> None:
        self._folder = folder
        self._service = service
        self._root = root
        self._stack = AsyncExitStack()
        self._world: World | None = None
        self._opening = asyncio.Lock()
        self._is_stopped = False

    async def world(self) -> World:
        """Return the world as it was left. Raises CannotStart, OSError, DBAPIError, StorageUnavailable."""
        async with self._opening:
            if self._is_stopped:  # a last request of a page must not open it again
                raise CannotStart("Kanal stops")
            if self._world is None:
                self._world = await self._stack.enter_async_context(
                    living(self._folder, self._service, self._root)
                )
            return self._world

    async def begin_anew(self) -> None:
        """Forget everything. Raises OSError."""
        async with self._opening:
            await self._close()
            await asyncio.to_thread(shutil.rmtree, self._folder, ignore_errors=True)

    async def stop(self) -> None:
        async with self._opening:
            self._is_stopped = True
            await self._close()

    async def _close(self) -> None:
        if self._world is not None:
            self._world.end()
            self._world = None
        await self._stack.aclose()


@asynccontextmanager
async def living(folder: Path, service: Service, root: str) -> AsyncIterator[World]:
    """Open the world in a folder and keep it going; one that does not fit any more is begun anew."""
    why = "another `kanal run` shows this simulator: stop it first, or set another DATA_DIR"
    with held(folder.with_suffix(".lock"), why):
        await asyncio.to_thread(_make_fit, folder, service)
        with Screens.opened(folder / "screens.db") as screens, _database(folder) as database:
            clock = SimulatedClock(screens)
            channels: dict[ChannelName, Channel] = {
                one.name: one for one in (SimulatedTelegram(screens, clock), SimulatedSms(screens, clock))
            }
            with core(database, service, channels, folder, clock, public_root=root) as machine:
                world = World(service, database, screens, clock, machine)
                async with _running(world):
                    yield world


@asynccontextmanager
async def _running(world: World) -> AsyncIterator[None]:
    """Keep it going meanwhile. Raises StorageUnavailable."""
    await world.machine.delivery.release()
    await world.hear()
    tasks = [asyncio.ensure_future(one) for one in (world.machine.scheduler.run(), world.tend())]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _make_fit(folder: Path, service: Service) -> None:
    """Have files there that fit this release and deployment."""
    try:
        _require_fitting(folder, service)
    except Stale:
        shutil.rmtree(folder)
        _require_fitting(folder, service)
        with Screens.opened(folder / "screens.db") as screens:
            screens.set_fact(RENEWED, "yes")


def _require_fitting(folder: Path, service: Service) -> None:
    """Bring files to what this release and deployment need, or make them. Raises Stale where that cannot be."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with Screens.opened(folder / "screens.db") as screens:
        try:
            with _database(folder) as database:
                _fit(database, service, screens)
        except (BadKey, StillUsed) as error:
            raise Stale(type(error).__name__) from error
        except DBAPIError as error:
            if getattr(error.orig, "sqlite_errorcode", 0) & 0xFF in _BROKEN:
                raise Stale("broken") from error
            raise


def _fit(database: Database, service: Service, screens: Screens) -> None:
    if migrate.is_newer(migrate.current(database)):
        raise Stale("newer")
    migrate.upgrade(database)
    now = SimulatedClock(screens).now()
    with database.writing() as uow:
        if loaded := queries.find_loaded(uow):
            database.vault.unseal(loaded.check_sealed)
        if (screens.fact(_SEEDED) is None) == bool(loaded):  # one without the other, or seeded halfway
            raise Stale("halves")
        load_deployment(uow, service.deployment, now)
        if not loaded:
            people.seed(uow, service, screens, now)
    screens.set_fact(_SEEDED, "yes")


@contextmanager
def _database(folder: Path) -> Iterator[Database]:
    """Open the database, with a key of its own: a change of the real keys is none of its business."""
    keys = folder / "data_keys"
    if not keys.exists():
        write_whole(keys, new_key().encode())
    database = Database(f"sqlite:///{folder / 'kanal.db'}", Vault(read_keys(keys)))
    try:
        yield database
    finally:
        database.close()
