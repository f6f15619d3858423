"""Who sits at the terminal: a citizen, or an officer of a role."""

from dataclasses import dataclass
from datetime import datetime

from bot.cli.common import which_agency, writing
from bot.opening import CannotStart
from handlers.messages import Address
from handlers.moves import Unfit
from handlers.officers import joining
from handlers.service import Service
from storage.db import Database
from storage.queries import conversations, officers
from storage.vocabulary import Channel, Role


@dataclass(frozen=True, slots=True)
class Persona:
    address: Address
    #: None: a citizen
    role: Role | None = None
    agency_code: str | None = None


CITIZEN = Persona(Address(Channel.CONSOLE, "keyboard"))


def persona_of(text: str) -> Persona:
    """Return whom "liaison:PUPR" means; nothing means a citizen. Raises CannotStart."""
    if not text:
        return CITIZEN
    role, _, agency = text.partition(":")
    if role not in {*Role}:
        raise CannotStart(f"--as: expected one of {', '.join(Role)}, such as liaison:PUPR")
    agency = agency.strip().upper()
    return Persona(Address(Channel.CONSOLE, f"{role}:{agency}"), Role(role), agency or None)


def seat(database: Database, service: Service, persona: Persona, now: datetime) -> None:
    """Make sure that an officer at the terminal is one; who was suspended stays so. Raises CannotStart."""
    if persona.role is None:
        return
    with writing(database) as uow:
        contact = conversations.get_or_create_contact(
            uow,
            persona.address.channel,
            persona.address.identifier,
            service.deployment.default_language,
            now,
        )
        if officers.find_officer_by_address(uow, contact.address_id) is not None:
            return
        name = f"Terminal ({' '.join(filter(None, [persona.role, persona.agency_code]))})"
        try:
            joining.appoint(
                uow,
                service,
                contact,
                role=persona.role,
                agency_code=persona.agency_code,
                name=name,
                now=now,
            )
        except Unfit:
            raise CannotStart(f"--as: {which_agency(service.deployment, persona.role)}") from None
