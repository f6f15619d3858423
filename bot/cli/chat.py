"""`kanal chat`: a citizen at the keyboard, or lines from a pipe."""

import asyncio
import signal
import sys
import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from bot.channels.console import ConsoleChannel
from bot.cli.common import settings_with_logs
from bot.clock import SystemClock
from bot.core import Core, core
from bot.opening import held, opened, require_service
from bot.writer import StorageUnavailable
from handlers.messages import Address, Inbound, Location, Media, Reply
from storage.vocabulary import Channel, MediaKind

ME = Address(Channel.CONSOLE, "keyboard")
HINT = (
    "You are a citizen. Write, or answer with the number of a choice.\n"
    "/foto PATH sends a picture, /lokasi LAT,LON a place; /keluar or Ctrl-D ends."
)
LEAVE = frozenset({"/keluar", "/exit"})


def chat() -> None:
    """Report something in the terminal: the same conversation as on Telegram, with the same database."""
    settings = settings_with_logs()
    console = Console(highlight=False)
    channel = ConsoleChannel(lambda reply, files: _show(console, reply, len(files)))
    with (
        opened(settings) as database,
        held(settings.data_dir / "chat.lock", "another `kanal chat` is open here: end it first"),
    ):
        service = require_service(database)
        with core(database, service, {Channel.CONSOLE: channel}, settings.data_dir, SystemClock()) as machine:
            asyncio.run(_converse(machine, console))


async def _converse(machine: Core, console: Console) -> None:
    await machine.delivery.release()
    # asyncio's own handler would let Ctrl-C at the prompt pass.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if sys.stdin.isatty():
        console.print(Text(HINT, style="dim"))
        await _hand_in(machine, _inbound("/start"), console)
    for line in _lines(console):
        if line.strip().lower() in LEAVE:
            return
        try:
            inbound = _inbound(line)
        except ValueError as error:
            console.print(Text(str(error), style="red"))
        else:
            await _hand_in(machine, inbound, console)


async def _hand_in(machine: Core, inbound: Inbound, console: Console) -> None:
    try:
        await machine.inbox.receive(inbound)
        while await machine.delivery.run_once() or await machine.fetcher.run_once():
            pass
    except StorageUnavailable:
        console.print(
            Text("The database is busy or out of reach; nothing was kept. Say it again.", style="red")
        )


def _lines(console: Console) -> Iterator[str]:
    """Yield what is typed, or piped in, until the end."""
    with suppress(EOFError, KeyboardInterrupt):
        if sys.stdin.isatty():
            import readline  # noqa: F401, PLC0415 - lets the line be edited
        while True:
            if sys.stdin.isatty():
                yield input("Anda: ")  # not Rich's, whose prompt is wiped out when the line is edited
            else:
                line = input()
                console.print(Text(f"Anda: {line}", style="bold green"))
                yield line


def _inbound(line: str) -> Inbound:
    """Return what a line says. Raises ValueError with a line for the person."""
    now, text = SystemClock().now(), line.strip()
    external_id = uuid.uuid4().hex
    command, _, rest = text.partition(" ")
    match command.lower():
        case "/foto" | "/photo":
            if not rest.strip():
                raise ValueError("expected a file, for example: /foto jalan.jpg")
            path = Path(rest.strip().strip("\"'")).expanduser()
            if not path.is_file():
                raise ValueError(f"no such file: {path}")
            kind = (
                MediaKind.PHOTO
                if path.suffix.lower() in {".jpg", ".jpeg", ".png", ".webp"}
                else MediaKind.DOCUMENT
            )
            media = Media(kind, str(path.resolve()), path.stat().st_size)
            return Inbound(ME, external_id, now, media=(media,), message_ref=external_id)
        case "/lokasi" | "/location":
            return Inbound(ME, external_id, now, location=_location(rest), message_ref=external_id)
        case _:
            return Inbound(ME, external_id, now, text=text, message_ref=external_id)


def _location(text: str) -> Location:
    try:
        lat, lon = (float(part) for part in text.replace(",", " ").split())
    except ValueError:
        lat, lon = 91.0, 181.0
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise ValueError("expected degrees, for example: /lokasi -0.0116,110.9158")
    return Location(lat, lon)


def _show(console: Console, reply: Reply, file_count: int) -> None:
    """Print a message in a frame, its choices as numbers."""
    body = Text(reply.text)
    if file_count:
        body.append(f"\n({file_count} {'file' if file_count == 1 else 'files'})", style="dim")
    for number, choice in enumerate(reply.choices, start=1):
        body.append(f"\n {number}  {choice.label}", style="cyan")
    console.print(
        Panel(body, title="Kanal", title_align="left", border_style="blue", width=min(console.width, 80))
    )
