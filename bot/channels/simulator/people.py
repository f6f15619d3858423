"""Who can be played: citizens, and officers in their posts."""

from collections.abc import Sequence
from datetime import datetime

from bot.channels.simulator.screens import Person, Screens
from handlers import report_wording, simulator_wording
from handlers.officers import joining
from handlers.officers.commands import MENUS
from handlers.service import Service
from storage.db import UnitOfWork
from storage.queries import conversations
from storage.vocabulary import Channel, Role


def seed(uow: UnitOfWork, service: Service, screens: Screens, now: datetime) -> None:
    """Bring in whom it takes to try everything: citizens, a coordinator, liaisons of two agencies."""
    screens.add_person(Channel.TELEGRAM)
    screens.add_person(Channel.SMS)
    posts = [(Role.COORDINATOR, None), *((Role.LIAISON, code) for code in agencies(service)[:2])]
    for role, agency in posts:
        appoint(uow, service, screens, screens.add_person(Channel.TELEGRAM, role, agency), now)


def appoint(uow: UnitOfWork, service: Service, screens: Screens, person: Person, now: datetime) -> None:
    """Give somebody with a role its post. Raises Unfit where it needs another agency."""
    assert person.role is not None  # noqa: S101 - that of a citizen is none
    contact = conversations.get_or_create_contact(
        uow, person.channel, person.identifier, service.deployment.default_language, now
    )
    joining.appoint(uow, service, contact, role=person.role, agency_code=person.agency_code, now=now)
    screens.set_menu(person.id, person.role.value)


def agencies(service: Service) -> list[str]:
    """Return the agencies of this government, those of the first topics, of which people complain most, first."""
    inside = [agency.code for agency in service.deployment.agencies if not agency.is_outside]
    of_topics = [one.agency for one in service.deployment.categories if one.agency in inside]
    return [code for code in dict.fromkeys([*of_topics, *inside]) if code]


def names_of(service: Service, people: Sequence[Person], language: str) -> dict[int, str]:
    """Return what people are called, by id: the citizens by numbers, officers by their posts."""
    voice = service.voice(language)
    names: dict[int, str] = {}
    for one in people:
        if one.role is None:
            number = sum(other.role is None and other.id <= one.id for other in people)
            names[one.id] = voice.text(simulator_wording.CITIZEN, number=number)
        else:
            agency = service.deployment.agency_by_code.get(one.agency_code or "")
            shown = agency.short_name if agency else one.agency_code or ""
            post = voice.text(simulator_wording.POSTS[one.role], agency=shown)
            alike = sum(name.rstrip("0123456789 ") == post for name in names.values())
            names[one.id] = f"{post} {alike + 1}" if alike else post
    return names


def commands_of(service: Service, person: Person, language: str) -> list[tuple[str, str]]:
    """Return the commands of a chat's menu and what they do."""
    voice = service.voice(language)
    entries = MENUS[person.menu] if person.menu else tuple(report_wording.MENU.items())
    return [(f"/{name}", voice.text(means)) for name, means in entries]
