"""`kanal run`: serve until stopped."""

import asyncio
from typing import Annotated

import typer

from bot.app import run as serve
from bot.cli.common import settings_with_logs
from bot.opening import opened
from bot.roles import Role
from bot.settings import SIMULATOR_PATH, Settings

TELEGRAM_OFF = "To switch it on, get a token from @BotFather and put TELEGRAM_BOT_TOKEN=… into .env"
SMS_OFF = "To switch it on, put SMS_PROVIDER=smsgate or twilio into .env; the README says what else"


def run(
    role: Annotated[
        Role | None,
        typer.Option(help="Do this part alone; other processes on the same PostgreSQL do the others."),
    ] = None,
) -> None:
    """Serve every channel that is set up, until stopped with Ctrl-C or SIGTERM."""
    settings = settings_with_logs()
    with opened(settings) as database:
        roles = [role] if role else [*Role]
        asyncio.run(serve(settings, database, _announce, channels_in_words(settings), roles))


def channels_in_words(settings: Settings) -> list[str]:
    """Return how to try it now, which channels are on, and what the others need."""
    telegram = "on, connecting" if settings.token else "off. " + TELEGRAM_OFF
    sms = f"on, by {settings.sms_provider}" if settings.sms_provider else "off. " + SMS_OFF
    lines = [f"Telegram: {telegram}", f"SMS: {sms}"]
    if settings.has_simulator:
        return [f"Try it: http://{settings.authority}{SIMULATOR_PATH}", *lines]
    if not settings.token and not settings.sms_provider:
        lines.append("Try it now, without any account: `make chat` in another terminal")
    return lines


def _announce(line: str) -> None:
    print(line, flush=True)
