"""The composition root of `kanal run`: builds everything, starts and stops it in order."""

import asyncio
import contextlib
import signal
import socket
import tempfile
from collections.abc import Awaitable, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from hashlib import sha256
from pathlib import Path

import uvicorn
from starlette.routing import BaseRoute

from bot.channels.wire import Announce, Wire
from bot.clock import Clock, SystemClock
from bot.core import Core, core
from bot.opening import CannotStart, held, require_service
from bot.settings import Settings
from bot.web.app import build_web
from bot.web.files import file_route
from bot.web.health import health_routes
from bot.web.pages import Pages, static_route
from handlers.officers.commands import MENUS
from storage.db import Database

#: how long requests under way may take when we stop, seconds
GRACE_SECONDS = 8


def wires_of(settings: Settings, database: Database, clock: Clock) -> list[Wire]:
    """Return the channels that the settings switch on. What is off is not even loaded."""
    wires: list[Wire] = []
    if settings.token:
        from bot.channels.telegram.serving import TelegramWire  # noqa: PLC0415

        wires.append(TelegramWire.of(settings, database.vault, settings.token, menus=MENUS))
    if settings.public_root and settings.twilio:
        from bot.channels.sms.serving import TwilioWire  # noqa: PLC0415

        wires.append(TwilioWire.of(settings.twilio, settings.public_root, clock))
    if settings.public_root and settings.smsgate:
        from bot.channels.sms.serving import SmsGateWire  # noqa: PLC0415

        wires.append(SmsGateWire.of(settings.smsgate, settings.public_root, clock))
    return wires


async def run(settings: Settings, database: Database, announce: Announce, greeting: Sequence[str]) -> None:
    """Serve until told to stop; `greeting` is told once nothing stands in the way. Raises CannotStart."""
    service, clock = require_service(database), SystemClock()
    wires = wires_of(settings, database, clock)
    channels = {wire.channel.name: wire.channel for wire in wires}
    with (
        _alone(database, wires),
        _listening(settings) as listener,
        core(
            database, service, channels, settings.data_dir, clock, public_root=settings.public_root
        ) as machine,
    ):
        async with AsyncExitStack() as stack:
            for wire in wires:
                stack.push_async_callback(wire.stop)
            await machine.delivery.release()
            for line in (*greeting, f"web: listening on http://{_authority(settings)}/health/ready"):
                announce(line)
            await _serve(settings, database, machine, wires, announce, listener=listener)
            announce("stopped")


def _authority(settings: Settings) -> str:
    """Return "127.0.0.1:8080", "[::1]:8080"."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"{host}:{settings.port}"


@contextmanager
def _alone(database: Database, wires: Sequence[Wire]) -> Iterator[None]:
    """Make sure that no second process sends for the same account or writes to the same SQLite file."""
    with contextlib.ExitStack() as stack:
        if database.is_sqlite and database.url.database:
            name = database.url.database
            why = f"another `kanal run` works on {name}: stop it first, or use PostgreSQL"
            stack.enter_context(held(Path(f"{name}.lock"), why))
        for wire in wires:
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
            raise CannotStart(
                f"HOST, PORT: cannot listen on {_authority(settings)} ({error.strerror}); choose another PORT"
            ) from error
        yield listener


async def _serve(
    settings: Settings,
    database: Database,
    machine: Core,
    wires: Sequence[Wire],
    announce: Announce,
    *,
    listener: socket.socket,
) -> None:
    routes: list[BaseRoute] = [
        *health_routes(database, machine.metrics),
        file_route(database, machine.store, machine.clock),
        static_route(),
    ]
    for wire in wires:
        routes += wire.routes(machine)
    server = _server(settings, routes, Pages(machine.service))
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    work: list[Awaitable[None]] = [
        server.serve(sockets=[listener]),
        machine.delivery.run(),
        machine.fetcher.run(),
        machine.scheduler.run(),
        *(wire.serve(machine, announce) for wire in wires),
    ]
    tasks = [asyncio.ensure_future(one) for one in work]
    stopping = asyncio.ensure_future(stop.wait())
    done, _ = await asyncio.wait([*tasks, stopping], return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True  # lets requests under way finish: what they bring is committed and acknowledged
    await asyncio.wait([tasks[0]], timeout=GRACE_SECONDS)
    for task in (*tasks, stopping):
        task.cancel()
    await asyncio.gather(*tasks, stopping, return_exceptions=True)
    for task in done:
        if not task.cancelled() and (error := task.exception()):
            raise error


def _server(settings: Settings, routes: list[BaseRoute], pages: Pages) -> uvicorn.Server:
    config = uvicorn.Config(
        build_web(routes, pages, is_https=(settings.public_root or "").startswith("https:")),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    return server
