"""`kanal doctor`: what is in order, what is not, and what to do about it."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict
from datetime import date, timedelta
from urllib.parse import urlsplit

import typer
from sqlalchemy.exc import DBAPIError

from bot.channels.base import SendError
from bot.cli.common import AsJson, counted, print_rows, settings_with_logs
from bot.cli.doctor_sms import examine_sms
from bot.cli.findings import Finding, State
from bot.clock import SystemClock
from bot.deployment_file import DeploymentError, read_deployment
from bot.opening import CannotStart, keys_file, open_vault, opened, require_schema, require_service
from bot.settings import Settings, SettingsError
from bot.vacancies import NO_COORDINATOR, unstaffed
from handlers.cases.calendar import WorkCalendar
from handlers.deployment import Deployment
from handlers.loading import dump_deployment, fingerprint
from handlers.officers.staffing import staffing
from handlers.retention import count_due
from handlers.service import Service
from storage import migrate
from storage.db import Database
from storage.queries import deployment as queries
from storage.queries import inbox, outbox, people
from storage.vocabulary import OutboundState

#: people who asked for a person are counted for so long
LATELY = timedelta(days=7)


def doctor(as_json: AsJson = False) -> None:
    """Check settings, keys, database, deployment file, calendar and providers; ends with 1 when one is at fault."""
    findings = list(dict.fromkeys(examine()))  # what rests on the same thing fails alike
    print_rows([asdict(finding) for finding in findings], as_json=as_json, empty="nothing to check")
    if any(finding.state == State.FAULT for finding in findings):
        raise typer.Exit(1)


def examine() -> Iterator[Finding]:
    """Yield one finding after another; what rests on something broken is left out."""
    try:
        settings = settings_with_logs()
    except SettingsError as error:
        yield from (Finding("settings", State.FAULT, line) for line in str(error).splitlines())
        return
    yield Finding("settings", State.OK, "read")
    keys = list(_guarded("keys", lambda: _keys(settings)))
    yield from keys
    if keys[0].state is State.FAULT:
        return
    yield from _guarded("database", lambda: _database(settings))
    yield from _deployment(settings)
    yield from _telegram(settings)
    yield from examine_sms(settings)


def _guarded(check: str, examination: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """Yield what an examination finds; what keeps the program from starting is a finding too."""
    try:
        yield from examination()
    except CannotStart as error:
        yield Finding(check, State.FAULT, str(error))
    except DBAPIError as error:
        yield Finding(check, State.FAULT, f"DATABASE_URL: {str(error.orig).splitlines()[0]}")


def _keys(settings: Settings) -> Iterator[Finding]:
    open_vault(settings)
    if len(settings.data_keys) > 1:
        says = f"{len(settings.data_keys)} in DATA_KEYS: `kanal keys check` tells whether an old one may go"
        yield Finding("keys", State.NOTE, says)
    elif settings.data_keys:
        yield Finding("keys", State.OK, "one in DATA_KEYS")
    else:
        path = keys_file(settings)
        yield Finding(
            "keys", State.NOTE, f"in {path}: keep a copy elsewhere, without it the data cannot be read"
        )


def _database(settings: Settings) -> Iterator[Finding]:
    with opened(settings) as database:
        require_schema(database)
        yield Finding("database", State.OK, f"{database.url.get_backend_name()}, revision {migrate.head()}")
        require_service(database)
        with database.reading() as uow:
            failures = inbox.count_failures(uow)
            asking = people.count_lately(uow, SystemClock().now() - LATELY)
            dead = len(outbox.list_waiting(uow, [OutboundState.DEAD], 1000))
        if failures:
            yield Finding(
                "inbox", State.NOTE, f"{counted(failures, 'message')} failed: see `kanal inbox failures`"
            )
        if asking:
            says = f"not understood, or want a person: {counted(asking, 'citizen')} within {LATELY.days} days"
            yield Finding("people", State.NOTE, says)
        if dead:
            yield Finding(
                "outbox",
                State.NOTE,
                f"given up: {counted(dead, 'message')}; see `kanal outbox list --state dead`",
            )


def _deployment(settings: Settings) -> Iterator[Finding]:
    try:
        deployment = read_deployment(settings.deployment)
    except DeploymentError as error:
        yield from (Finding("deployment", State.FAULT, line) for line in str(error).splitlines())
        return
    yield from _guarded("deployment", lambda: _loaded(settings, deployment))
    yield from _guarded("database", lambda: _retention(settings, deployment))
    yield from _guarded("database", lambda: _officers(settings, deployment))
    yield _calendar(deployment, SystemClock().now().astimezone(deployment.zone).date())
    if deployment.contact.telegram is None and deployment.contact.sms is None:
        says = f"no contact: in {settings.deployment}, so pages and posters name neither bot nor number; put them there"
        yield Finding("contact", State.NOTE, says)


def _loaded(settings: Settings, deployment: Deployment) -> Iterator[Finding]:
    with opened(settings) as database:
        yield _loaded_in(database, settings, deployment)


def _retention(settings: Settings, deployment: Deployment) -> Iterator[Finding]:
    """Tell what the file's months would erase: before they are loaded, nothing is lost yet."""
    with opened(settings) as database:
        require_schema(database)
        require_service(database)
        with database.reading() as uow:
            due = count_due(uow, Service.of(deployment), SystemClock().now())
    told = ", ".join(f"{count} {kind}" for kind, count in due.items() if count)
    says = f"due by the deployment file: {told}; once that is loaded, `kanal run` erases them within the hour"
    if told:
        yield Finding("retention", State.NOTE, says)
    else:
        yield Finding("retention", State.OK, "nothing is old enough to be erased")


def _officers(settings: Settings, deployment: Deployment) -> Iterator[Finding]:
    """Tell who is missing: citizens are promised that somebody checks what they send."""
    with opened(settings) as database:
        require_service(database)
        with database.reading() as uow:
            found = staffing(uow, deployment)
    if not found.has_coordinator:
        is_open = settings.token or settings.sms_provider
        yield Finding("officers", State.FAULT if is_open else State.NOTE, NO_COORDINATOR)
    if found.without:
        yield Finding("officers", State.NOTE, unstaffed(found.without, deployment))
    elif found.has_coordinator:
        yield Finding("officers", State.OK, "a coordinator, and somebody in each agency")


def _loaded_in(database: Database, settings: Settings, deployment: Deployment) -> Finding:
    with database.reading() as uow:
        loaded = queries.find_loaded(uow) if migrate.current(database) else None
    if loaded is None:
        return Finding("deployment", State.FAULT, "not loaded: run `kanal setup`")
    if loaded.sha256 != fingerprint(dump_deployment(deployment)):
        return Finding(
            "deployment", State.NOTE, f"{settings.deployment} differs from what is loaded: run `kanal setup`"
        )
    return Finding("deployment", State.OK, f"{deployment.name}, as in {settings.deployment}")


def _calendar(deployment: Deployment, today: date) -> Finding:
    missing = WorkCalendar(deployment.calendar).years_missing(today)
    if missing:
        return Finding(
            "calendar",
            State.NOTE,
            f"joint leave of {', '.join(map(str, missing))} is not known: update the package `holidays`, or add the "
            "days to calendar.local_holidays of the deployment file, then run `kanal setup`",
        )
    return Finding("calendar", State.OK, f"holidays and joint leave are known as of {today:%Y-%m-%d}")


def _telegram(settings: Settings) -> Iterator[Finding]:
    if settings.token is None:
        yield Finding(
            "telegram", State.NOTE, "off: get a token from @BotFather and put TELEGRAM_BOT_TOKEN=… into .env"
        )
        return
    try:
        yield from asyncio.run(_ask_telegram(settings, settings.token))
    except SendError as error:
        yield Finding("telegram", State.FAULT, _telegram_fault(error))


def name_of_the_bot(settings: Settings, username: str) -> Iterator[Finding]:
    """Tell where pages and posters send people to another bot, or to none."""
    with suppress(DeploymentError):  # told already
        named = read_deployment(settings.deployment).contact.telegram
        where = f"contact.telegram in {settings.deployment}"
        if named is None:
            says = f"{where}: not set, so pages and posters do not name the bot; put {username} there"
            yield Finding("telegram", State.NOTE, says)
        elif named.lower() != username.lower():
            says = f"{where}: sends people to @{named}; put {username} there, then run `kanal setup`"
            yield Finding("telegram", State.FAULT, says)


def _telegram_fault(error: SendError) -> str:
    if error.code == "invalid_token":
        return "TELEGRAM_BOT_TOKEN: Telegram refuses it; ask @BotFather for the right one"
    return f"Telegram cannot be reached ({error.code}): check the network and TELEGRAM_API_URL"


async def _ask_telegram(settings: Settings, token: str) -> list[Finding]:
    from bot.channels.telegram.channel import TelegramChannel  # noqa: PLC0415 - slow to load, often not needed

    channel = TelegramChannel(token, settings.telegram_root)
    try:
        await channel.start()
        info = await channel.webhook_info()
    finally:
        await channel.stop()
    found = [Finding("telegram", State.OK, f"the token is @{channel.username}'s")]
    found += name_of_the_bot(settings, channel.username)
    if info.url not in {"", settings.webhook_url}:
        where = urlsplit(info.url).hostname  # the rest may hold a token
        says = (
            f"updates go to {where}, not to us, until `kanal run` takes them; "
            "if another program serves this bot there, get a bot of its own from @BotFather"
        )
        found.append(Finding("telegram", State.NOTE, says))
    elif settings.webhook_url and not info.url:
        found.append(Finding("telegram", State.NOTE, "no webhook is set; `kanal run` sets it"))
    if info.last_error_message and settings.public_url:
        found.append(
            Finding(
                "telegram", State.NOTE, f"Telegram's last try to reach us failed: {info.last_error_message}"
            )
        )
    if info.pending_update_count:
        found.append(
            Finding(
                "telegram",
                State.NOTE,
                f"{info.pending_update_count} updates wait; they are kept for 24 hours",
            )
        )
    return found
