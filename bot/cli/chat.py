"""`kanal chat`: a citizen or an officer at the keyboard, or lines from a pipe."""

import asyncio
import select
import signal
import sys
import uuid
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from bot.channels.base import OutFile
from bot.channels.console import ConsoleChannel
from bot.cli.common import settings_with_logs
from bot.cli.persona import Persona, persona_of, seat
from bot.clock import SystemClock
from bot.core import Core, core
from bot.opening import held, opened, require_service
from bot.writer import StorageUnavailable
from handlers import feedback
from handlers.messages import Address, Inbound, Location, Media, Press, Reply
from storage.vocabulary import Channel, MediaKind

HINT = (
    "You are a citizen. Write, or answer with the number of a choice.\n"
    "/foto PATH sends a picture, /lokasi LAT,LON a place; /keluar or Ctrl-D ends."
)
OFFICERS_HINT = (
    "You are an officer ({role}). /daftar shows what waits for you, /bantuan all commands; news comes by itself.\n"
    "/foto PATH sends a picture; /keluar or Ctrl-D ends."
)
LEAVE = frozenset({"/keluar", "/exit"})
PROMPT = "Anda: "
#: how often an officer's terminal looks for news
POLL_SECONDS = 0.5


@dataclass
class Screen:
    """Where messages are shown, with their choices as numbers."""

    console: Console
    #: a line is being waited for
    is_asking: bool = False
    #: the newest message about a filed report that has choices
    offered: Reply | None = None

    def press(self, line: str) -> Press | None:
        """Return the button of a filed report that a typed number stands for; the conversation knows its own."""
        offered, number = self.offered, line.strip()
        if offered is None or not (number.isascii() and number.isdecimal()):
            return None
        if not 0 < int(number) <= len(offered.choices):
            return None
        return Press(offered.question or "", offered.choices[int(number) - 1].value)

    def show(self, reply: Reply, files: Sequence[OutFile]) -> None:
        body = Text(reply.text)
        if files:
            body.append(f"\n({len(files)} {'file' if len(files) == 1 else 'files'})", style="dim")
        for number, choice in enumerate(reply.choices, start=1):
            body.append(f"\n {number}  {choice.label}", style="cyan")
        is_about_filed = bool(reply.question and reply.question.startswith(feedback.QUESTION))
        self.offered = reply if is_about_filed and reply.choices else None
        if self.is_asking:
            self.console.print()
        width = min(self.console.width, 80)
        self.console.print(Panel(body, title="Kanal", title_align="left", border_style="blue", width=width))
        self.ask(is_wanted=self.is_asking)

    def ask(self, *, is_wanted: bool = True) -> None:
        self.is_asking = is_wanted
        if is_wanted:
            print(PROMPT, end="", flush=True)

    def complain(self, text: str) -> None:
        self.console.print(Text(text, style="red"))


def chat(
    who: Annotated[
        str, typer.Option("--as", metavar="ROLE[:AGENCY]", help="Be an officer: coordinator, liaison:PUPR.")
    ] = "",
) -> None:
    """Report something in the terminal: the same conversation as on Telegram, with the same database.

    With --as be an officer; several terminals may be open at once. `make chat` does it with data of its own.
    """
    persona, settings, screen = persona_of(who), settings_with_logs(), Screen(Console(highlight=False))
    lock = f"chat{'' if persona.role is None else f'-{persona.role}-{persona.agency_code}'}.lock"
    with (
        opened(settings) as database,
        held(settings.data_dir / lock, "another `kanal chat` is open here: end it first"),
    ):
        service, clock = require_service(database), SystemClock()
        seat(database, service, persona, clock.now())
        channel = ConsoleChannel(persona.address, screen.show)
        with core(
            database,
            service,
            {Channel.CONSOLE: channel},
            settings.data_dir,
            clock,
            only=persona.address.identifier,
        ) as machine:
            asyncio.run(_converse(machine, screen, persona))


async def _converse(machine: Core, screen: Screen, persona: Persona) -> None:
    await machine.delivery.release()
    # asyncio's own handler would let Ctrl-C at the prompt pass.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if sys.stdin.isatty():
        hint = OFFICERS_HINT.format(role=persona.role) if persona.role else HINT
        screen.console.print(Text(hint, style="dim"))
    if persona.role:
        await _settle(machine)
    elif sys.stdin.isatty():
        await _hand_in(machine, _inbound(persona.address, "/start"), screen)
    if persona.role and sys.stdin.isatty():
        async for line in _as_news_comes(machine, screen):
            if not await _takes(machine, screen, persona, line):
                return
    else:
        for line in _lines(screen):
            if not await _takes(machine, screen, persona, line):
                return


async def _takes(machine: Core, screen: Screen, persona: Persona, line: str) -> bool:
    """Hand a line in; False: it ends the conversation."""
    if line.strip().lower() in LEAVE:
        return False
    try:
        inbound = replace(_inbound(persona.address, line), press=screen.press(line))
    except ValueError as error:
        screen.complain(str(error))
    else:
        await _hand_in(machine, inbound, screen)
    return True


async def _hand_in(machine: Core, inbound: Inbound, screen: Screen) -> None:
    try:
        await machine.inbox.receive(inbound)
        await _settle(machine)
    except StorageUnavailable:
        screen.complain("The database is busy or out of reach; nothing was kept. Say it again.")


async def _settle(machine: Core) -> None:
    while await machine.delivery.run_once() or await machine.fetcher.run_once():
        pass


def _lines(screen: Screen) -> Iterator[str]:
    """Yield what is typed, or piped in, until the end."""
    with suppress(EOFError, KeyboardInterrupt):
        if sys.stdin.isatty():
            import readline  # noqa: F401, PLC0415 - lets the line be edited
        while True:
            if sys.stdin.isatty():
                yield input(PROMPT)  # not Rich's, whose prompt is wiped out when the line is edited
            else:
                line = input()
                screen.console.print(Text(f"{PROMPT}{line}", style="bold green"))
                yield line


async def _as_news_comes(machine: Core, screen: Screen) -> AsyncIterator[str]:
    """Yield what is typed, and show meanwhile what comes; the line is edited by the terminal itself."""
    with suppress(KeyboardInterrupt):
        while True:
            screen.ask()
            while not select.select([sys.stdin], [], [], POLL_SECONDS)[0]:
                with suppress(StorageUnavailable):  # and look again
                    await _settle(machine)
            screen.is_asking = False
            line = sys.stdin.readline()
            if not line:
                return
            yield line


def _inbound(me: Address, line: str) -> Inbound:
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
            return Inbound(me, external_id, now, media=(media,), message_ref=external_id)
        case "/lokasi" | "/location":
            return Inbound(me, external_id, now, location=_location(rest), message_ref=external_id)
        case _:
            return Inbound(me, external_id, now, text=text, message_ref=external_id)


def _location(text: str) -> Location:
    try:
        lat, lon = (float(part) for part in text.replace(",", " ").split())
    except ValueError:
        lat, lon = 91.0, 181.0
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise ValueError("expected degrees, for example: /lokasi -0.0116,110.9158")
    return Location(lat, lon)
