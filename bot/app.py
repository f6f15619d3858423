"""The composition root of `kanal run`: builds everything, starts and stops it in order."""

import asyncio
import contextlib
import signal
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import structlog
import uvicorn
from starlette.routing import BaseRoute

from bot.channels.base import Channel, SendError
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.poller import PollConflict, Poller
from bot.clock import Clock, SystemClock
from bot.delivery import Delivery
from bot.files import Fetcher, FileStore
from bot.inbox import Inbox
from bot.metrics import Metrics
from bot.opening import CannotStart, held, require_service
from bot.settings import Settings
from bot.web.app import build_web
from bot.web.health import health_routes
from bot.web.telegram import telegram_route
from bot.writer import Writer
from handlers import wording
from handlers.messages import Inbound
from handlers.service import Service
from storage.db import Database
from storage.vocabulary import Channel as ChannelName
from storage.vocabulary import Fault, Language

log = structlog.get_logger()

#: how long Telegram may be out of reach before its start is tried again, seconds
RETRY_START_SECONDS = 10
#: how long requests under way may take when we stop, seconds
GRACE_SECONDS = 8


@dataclass(frozen=True, slots=True)
class Core:
    """The machine without its edges: what `run`, `chat` and `demo` share."""

    service: Service
    writer: Writer
    inbox: Inbox
    delivery: Delivery
    fetcher: Fetcher
    metrics: Metrics
    clock: Clock


@contextmanager
def core(
    database: Database,
    service: Service,
    channels: dict[ChannelName, Channel],
    data_dir: Path,
    clock: Clock,
) -> Iterator[Core]:
    """Build inbox, delivery and fetcher around one writer thread; ends the thread afterwards."""
    metrics, writer = Metrics(), Writer(database)
    delivery = Delivery(writer, channels, clock, metrics)
    store = FileStore(data_dir / "attachments", database.vault)
    fetcher = Fetcher(writer, service, channels, store, clock, metrics, delivery.wake)

    def committed() -> None:
        delivery.wake()
        fetcher.wake()

    inbox = Inbox(writer, service, clock, metrics, committed)
    writer.start()
    try:
        yield Core(service, writer, inbox, delivery, fetcher, metrics, clock)
    finally:
        writer.stop()


def webhook_secret(settings: Settings, database: Database) -> str:
    """Return the secret token: as set, else derived from the keys, so that every process has the same."""
    if settings.telegram_webhook_secret:
        return settings.telegram_webhook_secret.get_secret_value()
    return database.vault.fingerprint("telegram-webhook", settings.token or "").hex()


async def run(settings: Settings, database: Database, announce: Callable[[str], None]) -> None:
    """Serve until told to stop. Raises CannotStart."""
    service = require_service(database)
    channels: dict[ChannelName, Channel] = {}
    telegram = TelegramChannel(settings.token, settings.telegram_root) if settings.token else None
    if telegram:
        channels[ChannelName.TELEGRAM] = telegram
    with (
        _alone(settings, database),
        core(database, service, channels, settings.data_dir, SystemClock()) as machine,
    ):
        async with AsyncExitStack() as stack:
            if telegram:
                stack.push_async_callback(telegram.stop)
            await machine.delivery.release()
            await _serve(settings, database, machine, telegram, announce)


@contextmanager
def _alone(settings: Settings, database: Database) -> Iterator[None]:
    """Make sure that no second process sends for the same bot or writes to the same SQLite file."""
    with contextlib.ExitStack() as stack:
        if database.is_sqlite and database.url.database:
            path = Path(f"{database.url.database}.lock")
            stack.enter_context(
                held(
                    path,
                    f"another `kanal run` works on {database.url.database}: stop it first, or use PostgreSQL",
                )
            )
        if settings.token:
            digest = sha256(settings.token.encode()).hexdigest()[:16]
            path = Path(tempfile.gettempdir()) / f"kanal-bot-{digest}.lock"
            stack.enter_context(
                held(path, "another `kanal run` serves this TELEGRAM_BOT_TOKEN: stop it first")
            )
        yield


async def _serve(
    settings: Settings,
    database: Database,
    machine: Core,
    telegram: TelegramChannel | None,
    announce: Callable[[str], None],
) -> None:
    routes: list[BaseRoute] = [*health_routes(database, machine.metrics)]
    secret = webhook_secret(settings, database)
    if telegram and settings.public_root:
        routes.append(telegram_route(telegram, secret, machine.inbox, machine.clock, machine.metrics))
    server = _server(settings, routes)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    work: list[Awaitable[None]] = [
        _web(server, settings, announce),
        machine.delivery.run(),
        machine.fetcher.run(),
    ]
    if telegram:
        work.append(_telegram(settings, telegram, secret, machine, announce))
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


def _server(settings: Settings, routes: list[BaseRoute]) -> uvicorn.Server:
    config = uvicorn.Config(
        build_web(routes),
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


async def _web(server: uvicorn.Server, settings: Settings, announce: Callable[[str], None]) -> None:
    import socket  # noqa: PLC0415

    listener = socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        listener.close()
        raise CannotStart(
            f"HOST, PORT: cannot listen on {settings.host}:{settings.port} ({error.strerror}); choose another PORT"
        ) from error
    announce(f"web: listening on http://{settings.host}:{settings.port}/health/ready")
    await server.serve(sockets=[listener])


async def _telegram(
    settings: Settings,
    telegram: TelegramChannel,
    secret: str,
    machine: Core,
    announce: Callable[[str], None],
) -> None:
    """Tell Telegram who we are, then take updates by webhook (our route does the rest) or by polling."""
    await _until_reached(lambda: _introduce(settings, telegram, secret, machine.service))
    how = "webhook" if settings.public_root else "long polling"
    announce(f"Telegram: serving @{telegram.username} by {how}")
    if settings.public_root:
        await asyncio.Event().wait()

    async def receive(inbound: Inbound) -> None:
        await machine.inbox.receive(inbound)

    ignored = machine.metrics.ignored.labels(ChannelName.TELEGRAM)
    poller = Poller(telegram, clock=machine.clock.now)
    try:
        await poller.run(receive, on_ignored=ignored.inc)
    except PollConflict:
        raise CannotStart(
            "Telegram: another program receives this bot's updates; stop it (or its webhook), then start again"
        ) from None
    except SendError as error:
        raise _refused(error) from None


async def _until_reached(step: Callable[[], Awaitable[None]]) -> None:
    """Repeat until Telegram is reached; meanwhile messages wait in the outbox and at Telegram."""
    while True:
        try:
            await step()
        except SendError as error:
            if error.fault is Fault.MISCONFIGURED:
                raise _refused(error) from None
            log.warning("telegram_out_of_reach", code=error.code)
            await asyncio.sleep(RETRY_START_SECONDS)
        else:
            return


def _refused(error: SendError) -> CannotStart:
    return CannotStart(
        f"TELEGRAM_BOT_TOKEN: Telegram refuses it ({error.code}); ask BotFather for the right one"
    )


async def _introduce(settings: Settings, telegram: TelegramChannel, secret: str, service: Service) -> None:
    await telegram.start()
    menu: dict[Language | None, list[tuple[str, str]]] = {
        language: [(name, service.voice(language).text(label)) for name, label in wording.MENU.items()]
        for language in service.deployment.languages
    }
    menu[None] = menu[service.deployment.default_language]
    await telegram.set_menu(menu)
    if settings.webhook_url:
        await telegram.set_webhook(settings.webhook_url, secret)
    else:
        await telegram.delete_webhook()
