"""The composition root of `kanal run`: builds everything, starts and stops it in order."""

import asyncio
import contextlib
import errno
import gc
import signal
import socket
import tempfile
from collections.abc import Awaitable, Collection, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn
from starlette.routing import BaseRoute

from bot.channels.wire import Announce, Wire
from bot.clock import LOOK_SECONDS, Clock, SystemClock, set_back
from bot.core import Core, core
from bot.lean import without_rich
from bot.opening import CannotStart, held, require_service
from bot.roles import Role
from bot.seats import Bell, Seat
from bot.settings import SIMULATOR_PATH, Settings
from bot.tasks import first_to_end
from bot.vacancies import missing_coordinator
from bot.web.app import build_web
from bot.web.files import file_route
from bot.web.health import health_routes
from bot.web.pages import Pages, static_route
from bot.web.start import start_route
from bot.web.tracking import tracking_routes
from handlers.officers.commands import MENUS
from storage.db import Database

if TYPE_CHECKING:
    from bot.web.simulator.routes import SimulatorPages

#: the first calls to providers hold up everybody for 0.15 s: certificates are read, and much code
HEAD_START_SECONDS = 0.05
#: how long requests under way may take when we stop; with `delivery.LAST_SECONDS` we have ended within ten
GRACE_SECONDS = 4
#: what to do about an address we cannot listen on
HINTS = {
    errno.EADDRINUSE: "choose another PORT, or stop what listens there",
    errno.EACCES: "choose a PORT above 1023",
}


def wires_of(settings: Settings, database: Database, clock: Clock) -> list[Wire]:
    """Return the channels that the settings switch on. What is off is not even loaded."""
    wires: list[Wire] = []
    if settings.token:
        with without_rich():
            from bot.channels.telegram.serving import TelegramWire  # noqa: PLC0415

        wires.append(TelegramWire.of(settings, database.vault, settings.token, menus=MENUS))
    if settings.public_root and settings.twilio:
        from bot.channels.sms.twilio.serving import TwilioWire  # noqa: PLC0415

        wires.append(TwilioWire.of(settings.twilio, settings.public_root, clock))
    if settings.public_root and settings.smsgate:
        from bot.channels.sms.smsgate.serving import SmsGateWire  # noqa: PLC0415

        wires.append(SmsGateWire.of(settings.smsgate, settings.public_root, clock))
    return wires


async def run(
    settings: Settings,
    database: Database,
    announce: Announce,
    greeting: Sequence[str],
    roles: Collection[Role],
) -> None:
    """Serve until told to stop; `greeting` is told once nothing stands in the way. Raises CannotStart."""
    stop = _told_to_stop()
    service, clock, bell = require_service(database), SystemClock(), Bell(database)
    wires = wires_of(settings, database, clock) if {Role.WEB, Role.DELIVERY} & {*roles} else []
    channels = {wire.channel.name: wire.channel for wire in wires}
    _require_possible(database, roles, wires)
    with (
        _alone(database, wires),
        _listening(settings) as listener,
        core(
            database,
            service,
            channels,
            settings.data_dir,
            clock,
            public_root=settings.public_root,
            ring=bell.ring,
        ) as machine,
    ):
        async with AsyncExitStack() as stack:
            for wire in wires:
                stack.push_async_callback(wire.stop)
            if database.is_sqlite:
                await machine.delivery.release()
            lacking = missing_coordinator(database, service.deployment) if wires else []
            for line in (*greeting, *lacking, f"web: listening on http://{settings.authority}/health/ready"):
                announce(line)
            pages = Pages(service, SIMULATOR_PATH if settings.has_simulator else None)
            routes = _routes(database, machine, pages, wires, roles)
            if simulator := _simulator(settings, pages) if Role.WEB in roles else None:
                routes.append(simulator.route())
            server = _server(settings, routes, pages)

            async def work() -> None:
                await server.is_up.wait()  # who reaches us need not wait until we have reached the providers
                gc.freeze()  # what stands by now stays: to look for garbage among it would hold us up for 0.2 s
                duties = _duties(database, machine, wires, announce, bell=bell, roles=roles)
                await first_to_end(*duties, *([simulator.run()] if simulator else []))

            await first_to_end(stop.wait(), _web(server, listener), work())
            announce("stopped")


def _require_possible(database: Database, roles: Collection[Role], wires: Sequence[Wire]) -> None:
    """Raises CannotStart where processes could not share the work, or one would have none."""
    if database.is_sqlite and {*roles} != {*Role}:
        raise CannotStart(
            "--role: an SQLite file is for one `kanal run` that does everything; leave it out, or use PostgreSQL"
        )
    if {*roles} == {Role.DELIVERY} and not wires:
        raise CannotStart("--role delivery: no channel to send by; set TELEGRAM_BOT_TOKEN or SMS_PROVIDER")


@contextmanager
def _alone(database: Database, wires: Sequence[Wire]) -> Iterator[None]:
    """Make sure that no second process sends for the same account or writes to the same SQLite file."""
    with contextlib.ExitStack() as stack:
        if database.is_sqlite and database.url.database:
            name = database.url.database
            why = f"another `kanal run` works on {name}: stop it first, or use PostgreSQL"
            stack.enter_context(held(Path(f"{name}.lock"), why))
        # On PostgreSQL the others stand by (bot.seats).
        for wire in wires if database.is_sqlite else ():
            digest = sha256(wire.account.encode()).hexdigest()[:16]
            why = f"another `kanal run` serves this {wire.setting}: stop it first"
            stack.enter_context(held(Path(tempfile.gettempdir()) / f"kanal-{digest}.lock", why))
        yield


@contextmanager
def _listening(settings: Settings) -> Iterator[socket.socket]:
    """Take the address before anything else is done, so that one which is taken is told at once."""
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((settings.host, settings.port))
            listener.listen()  # who comes before we serve waits
        except OSError as error:
            hint = HINTS.get(error.errno or 0, "HOST is an address of this computer, such as 127.0.0.1")
            raise CannotStart(
                f"HOST, PORT: cannot listen on {settings.authority} ({error.strerror}); {hint}"
            ) from error
        yield listener


def _routes(
    database: Database, machine: Core, pages: Pages, wires: Sequence[Wire], roles: Collection[Role]
) -> list[BaseRoute]:
    """Return what we answer to: health and figures in every role."""
    routes: list[BaseRoute] = []
    if Role.WEB in roles:
        for wire in wires:  # first, as each request is held against one route after the other
            routes += wire.routes(machine)
        routes += [
            file_route(database, machine.store, machine.clock),
            static_route(),
            start_route(pages),
            *tracking_routes(database, pages, machine.clock),
        ]
    return [*routes, *health_routes(database, machine.metrics)]


def _duties(
    database: Database,
    machine: Core,
    wires: Sequence[Wire],
    announce: Announce,
    *,
    bell: Bell,
    roles: Collection[Role],
) -> list[Awaitable[None]]:
    """Return what we do besides answering requests; none of it ends by itself."""
    if database.is_sqlite:  # there are no others
        return [_deliver(machine, wires, announce), machine.scheduler.run()]

    async def deliver() -> None:
        with bell.muted():
            await first_to_end(machine.delivery.inherit(), _deliver(machine, wires, announce))

    duties: list[Awaitable[None]] = [bell.run()]
    if Role.WEB in roles:
        duties.append(_meet(machine, wires))
    if Role.DELIVERY in roles:
        seat = Seat(database, Role.DELIVERY, [wire.account for wire in wires], machine.metrics)
        duties.append(seat.occupy(deliver, machine.wake))
    if Role.SCHEDULER in roles:
        seat = Seat(database, Role.SCHEDULER, [Role.SCHEDULER], machine.metrics)
        duties.append(seat.occupy(machine.scheduler.run, lambda: None))
    return duties


async def _meet(machine: Core, wires: Sequence[Wire]) -> None:
    await asyncio.gather(*(wire.meet(machine.service) for wire in wires))
    await asyncio.Event().wait()


async def _deliver(machine: Core, wires: Sequence[Wire], announce: Announce) -> None:
    """Do all that is done with the providers' accounts."""
    await first_to_end(
        machine.delivery.run(),
        machine.fetcher.run(),
        _keep_time(machine),
        *(wire.serve(machine, announce) for wire in wires),
    )


async def _keep_time(machine: Core) -> None:
    """Whenever the clock was set back, have sent and fetched what was due before; never ends."""
    async for was in set_back(machine.clock):
        while not await machine.hasten(was):  # noqa: ASYNC110 - that a database is back tells no event
            await asyncio.sleep(LOOK_SECONDS)


def _told_to_stop() -> asyncio.Event:
    """Return what is set by SIGINT and SIGTERM: whoever has seen us start may tell us to stop at once."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


class _Server(uvicorn.Server):
    """Tells when it has answered those who were waiting already."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        asyncio.get_running_loop().call_later(HEAD_START_SECONDS, self.is_up.set)


async def _web(server: _Server, listener: socket.socket) -> None:
    """Answer requests until cancelled; those under way then finish: what they bring is committed and acknowledged."""
    serving = asyncio.ensure_future(server.serve(sockets=[listener]))
    try:
        await asyncio.shield(serving)
    finally:
        server.should_exit = True
        await asyncio.wait([serving], timeout=GRACE_SECONDS)
        serving.cancel()


def _simulator(settings: Settings, pages: Pages) -> "SimulatorPages | None":
    if not settings.has_simulator:
        return None
    from bot.web.simulator.routes import SimulatorPages  # noqa: PLC0415 - it loads the bot library

    return SimulatorPages.of(settings, pages)


def _server(settings: Settings, routes: list[BaseRoute], pages: Pages) -> _Server:
    config = uvicorn.Config(
        build_web(routes, pages, is_https=(settings.public_root or "").startswith("https:")),
        host=settings.host,
        port=settings.port,
        http="h11",  # httptools, which is taken where it is installed, takes headers without end
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="off",
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    server = _Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    return server
