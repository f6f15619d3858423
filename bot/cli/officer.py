"""`kanal officer`: who works here, and how they come to."""

import asyncio
import json
from collections.abc import Sequence
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from bot.channels.base import SendError
from bot.cli.common import AsJson, counted, print_rows, settings_with_logs, which_agency, writing
from bot.clock import SystemClock
from bot.opening import CannotStart, opened, require_service
from bot.settings import Settings
from handlers.conversation.words import fold
from handlers.moves import SYSTEM, Unfit
from handlers.officers import joining
from storage.queries import invitations, officers
from storage.vocabulary import Role

officer_app = typer.Typer(
    help="Officers: inviting, listing, suspending. Names are shown here.", no_args_is_help=True
)
Who = Annotated[str, typer.Argument(help="Id or name, as `kanal officer list` shows it.")]


@officer_app.command("invite")
def invite(
    role: Annotated[Role, typer.Option(help="What they are to do.")],
    agency: Annotated[str, typer.Option(help="Code of their agency, where the role has one.")] = "",
    name: Annotated[str, typer.Option(help="Who it is for; the post, if left out.")] = "",
    deputy: Annotated[
        bool, typer.Option("--deputy", help="They stand in while the first one is away.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Print a one-time code, and a link to it where Telegram is on, for somebody who is to become an officer."""
    settings, now = settings_with_logs(), SystemClock().now()
    with opened(settings) as database:
        service = require_service(database)
        with writing(database) as uow:
            try:
                code = joining.invite(
                    uow,
                    service,
                    role=role,
                    agency_code=agency.strip().upper() or None,
                    name=name,
                    is_deputy=deputy,
                    invited_by=None,
                    now=now,
                )
            except Unfit:
                raise CannotStart(f"--agency: {which_agency(service.deployment, role)}") from None
    link = _link(settings, code)
    if as_json:
        print(json.dumps({"code": code, "link": link}))
        return
    print(code)
    if link:
        print(link)
    hours = service.deployment.invitations.valid_hours
    how = "they open the link, or write" if link else "they write"
    print(f"good once, for {counted(hours, 'hour')}: {how} the code to the bot or by SMS")


def _link(settings: Settings, code: str) -> str | None:
    """Return the deep link of a code; None where Telegram is off or out of reach."""
    if settings.token is None:
        return None
    try:
        return asyncio.run(_ask_link(settings.token, settings.telegram_root, code))
    except SendError:
        return None


async def _ask_link(token: str, root: str | None, code: str) -> str:
    from bot.channels.telegram.channel import TelegramChannel  # noqa: PLC0415 - slow to load, often not needed

    channel = TelegramChannel(token, root)
    try:
        await channel.start()
    finally:
        await channel.stop()
    return channel.link(code)


@officer_app.command("list")
def list_officers(as_json: AsJson = False) -> None:
    """List all officers with their names, suspended and unreachable ones too, and who is invited."""
    now = SystemClock().now()
    with opened(settings_with_logs()) as database:
        service = require_service(database)
        with database.reading() as uow:
            found, invited = officers.list_officers(uow), invitations.list_open(uow, now)
    rows = [*map(_officer_row, found), *map(_invitation_row, invited)]
    zone = service.deployment.zone
    print_rows(
        rows if as_json else [_in_short(row, zone) for row in rows],
        as_json=as_json,
        empty="nobody yet: `kanal officer invite --role coordinator` begins it",
    )


def _officer_row(one: officers.OfficerRow) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "role": one.role.value,
        "agency": one.agency_code,
        "deputy": one.is_deputy,
        "channel": one.channel,
        "joined": one.joined_at,
        "suspended": one.is_suspended,
        "unreachable": one.is_unreachable,
        "invited_until": None,
    }


def _invitation_row(one: invitations.Invitation) -> dict[str, Any]:
    return {
        "id": None,
        "name": one.name,
        "role": one.role.value,
        "agency": one.agency_code,
        "deputy": one.is_deputy,
        "channel": None,
        "joined": None,
        "suspended": False,
        "unreachable": False,
        "invited_until": one.expires_at,
    }


def _in_short(row: dict[str, Any], zone: ZoneInfo) -> dict[str, object]:
    """Return what fits the width of a terminal."""
    until = row["invited_until"] and f"invited until {row['invited_until'].astimezone(zone):%Y-%m-%d %H:%M}"
    state = until or ("suspended" if row["suspended"] else "unreachable" if row["unreachable"] else "at work")
    role = f"{row['role']}, deputy" if row["deputy"] else row["role"]
    return {
        "id": row["id"],
        "name": row["name"],
        "role": role,
        "agency": row["agency"],
        "channel": row["channel"],
        "state": state,
    }


@officer_app.command("suspend")
def suspend(who: Who) -> None:
    """Suspend an officer at once: buttons and commands do nothing any more, and open cases are free."""
    _govern(who, is_suspended=True)


@officer_app.command("resume")
def resume(who: Who) -> None:
    """Let a suspended officer work again."""
    _govern(who, is_suspended=False)


def _govern(who: str, *, is_suspended: bool) -> None:
    act, word = (joining.suspend, "suspended") if is_suspended else (joining.resume, "at work")
    with opened(settings_with_logs()) as database:
        service = require_service(database)
        with writing(database) as uow:
            officer = _named(officers.list_officers(uow), who)
            act(uow, service, officer.id, SYSTEM, SystemClock().now())
    print(f"{officer.id}: {word}{' already' if officer.is_suspended is is_suspended else ''}")


def _named(found: Sequence[officers.OfficerRow], who: str) -> officers.OfficerRow:
    """Return the officer with this id or name. Raises CannotStart."""
    fitting = [one for one in found if who.strip() == str(one.id)]
    fitting = fitting or [one for one in found if fold(who) == fold(one.name)]
    match fitting:
        case [one]:
            return one
        case []:
            raise CannotStart(f"no officer {who!r}; see `kanal officer list`")
        case several:
            ids = ", ".join(str(one.id) for one in several)
            raise CannotStart(f"more than one is called {who!r}: name one by id ({ids})")
