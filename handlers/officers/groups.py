"""Agencies' group chats: who writes counts, not the chat. Whoever is no officer leaves no trace here."""

from dataclasses import replace
from datetime import datetime

from handlers.messages import Inbound, Notice, Reply
from handlers.officers import looking_wording, wording
from handlers.officers.access import Act, may
from handlers.officers.arguments import read_arguments
from handlers.officers.commands import BY_NAME, GROUP_MENU, Arg
from handlers.officers.desk import work
from handlers.officers.orders import read_order
from handlers.officers.posts import LOOSE
from handlers.officers.seat import Seat
from handlers.service import Service
from storage.db import UnitOfWork
from storage.queries import conversations, officers
from storage.queries.officers import Group, OfficerRow
from storage.vocabulary import Role


def receive(uow: UnitOfWork, service: Service, inbound: Inbound, now: datetime) -> None:
    """Handle what happened in a group."""
    channel, identifier = inbound.address.channel, inbound.address.identifier
    known = conversations.find_contact(uow, channel, identifier)
    group = officers.find_group(uow, known.address_id) if known else None
    match inbound.notice:
        case Notice.BLOCKED | Notice.UNBLOCKED:
            if known is not None:
                gone_at = now if inbound.notice is Notice.BLOCKED else None
                conversations.set_unreachable(uow, known.address_id, gone_at)
            return
        case Notice.MOVED:
            if group is not None and inbound.moved_to is not None:
                _move(uow, service, group, inbound.moved_to, now)
            return
    sender = inbound.sender
    officer = officers.find_officer_at(uow, sender.channel, sender.identifier) if sender else None
    if officer is None or officer.is_suspended:
        return
    _work(uow, service, inbound, officer, group, now=now)


def _move(uow: UnitOfWork, service: Service, group: Group, identifier: str, now: datetime) -> None:
    """Let a group be the agency's under its new identifier."""
    language = service.deployment.default_language
    moved = conversations.get_or_create_contact(uow, group.channel, identifier, language, now)
    officers.set_group(uow, group.address_id, None, now)
    officers.set_group(uow, moved.address_id, group.agency_code, now)


def _work(
    uow: UnitOfWork,
    service: Service,
    inbound: Inbound,
    officer: OfficerRow,
    group: Group | None,
    *,
    now: datetime,
) -> None:
    deployment = service.deployment
    order = read_order(
        inbound.text, officer.role, inbound.address.channel, deployment, is_busy=False, has_draft=False
    )
    is_group_command = order is not None and order.command is BY_NAME["grup"]
    if group is None and not is_group_command and order is None:
        return
    contact = conversations.get_or_create_contact(
        uow, inbound.address.channel, inbound.address.identifier, deployment.default_language, now
    )
    agency = group.agency_code if group else ""
    seat = Seat(uow, service, officer, inbound, now, contact.address_id, contact.channel, agency)
    if is_group_command and order is not None:
        seat.send(_set(seat, order.rest, group))
    elif group is None:
        seat.send(seat.say(wording.GROUP_UNKNOWN))
    else:
        work(seat)


def _set(seat: Seat, text: str, group: Group | None) -> Reply:
    """Make the chat an agency's group: of the liaison's own, or of the one a coordinator names."""
    officer, agencies = seat.officer, seat.service.deployment.agency_by_code
    if not may(officer, Act.GROUP):
        return seat.say(wording.NOT_YOURS, command="grup")
    is_routers = officer.role is Role.COORDINATOR
    if group is not None and not is_routers and group.agency_code != officer.agency_code:
        return seat.say(looking_wording.GROUP_TAKEN, agency=agencies[group.agency_code].short_name)
    if text.strip().lower() in LOOSE:
        officers.set_group(seat.uow, seat.address_id, None, seat.now)
        return replace(seat.say(looking_wording.GROUP_UNSET), menu="")
    named = read_arguments(text, BY_NAME["grup"], seat.service.deployment, seat.today).get(Arg.AGENCY)
    code = named if is_routers else officer.agency_code
    if code is None or code not in agencies:
        return seat.say(looking_wording.GROUP_WHICH)
    officers.set_group(seat.uow, seat.address_id, code, seat.now)
    told = seat.say(looking_wording.GROUP_SET, agency=agencies[code].short_name)
    return replace(told, menu=GROUP_MENU)
