"""A government at work through `receive`, as on a channel: what officers write, press and send, what citizens get."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from stdnum import damm

from handlers import moves
from handlers.messages import Address, Media, Press, Reply
from handlers.moves import Actor
from handlers.service import Service
from storage.db import Database
from storage.models import Outbound, table
from storage.queries import conversations, handling, officers
from storage.queries.handling import CaseRow
from storage.queries.officers import OfficerRow
from storage.vocabulary import ActorKind, Channel, MediaKind, Role
from tests import builders
from tests.fakes.clock import MONDAY
from tests.person import Person

OUTBOUND = table(Outbound)
#: Monday 3 August 2026, 09.05 WIB
NOW = datetime(2026, 8, 3, 2, 5, tzinfo=MONDAY.tzinfo)
FINDING, ACTION = "Ada tiga lubang sedalam 20 cm di depan SD.", "Sudah ditambal aspal dingin hari ini."
GROUP = "-1009"
POSTS = {
    "rima": (Role.COORDINATOR, None),
    "budi": (Role.LIAISON, "PUPR"),
    "wati": (Role.LIAISON, "PUPR"),
    "dewi": (Role.LIAISON, "DISHUB"),
    "agus": (Role.APPROVER, "PUPR"),
    "joko": (Role.INSPECTORATE, "INSPEKTORAT"),
    "sari": (Role.DECIDER, None),
    "tono": (Role.AUDITOR, None),
}


@dataclass
class Office:
    """A government at work: officers by name, a citizen for each report."""

    database: Database
    service: Service
    now: datetime = NOW
    people: dict[str, Person] = field(default_factory=dict)
    citizens: dict[int, Person] = field(default_factory=dict)

    def open(self) -> "Office":
        for name, (role, agency) in POSTS.items():
            self.joins(name, role, agency)
        return self

    def joins(
        self, name: str, role: Role, agency: str | None, channel: Channel = Channel.TELEGRAM, **more: Any
    ) -> Person:
        identifier = f"+62811{len(self.people):07}" if channel is Channel.SMS else f"7{len(self.people):09}"
        with self.database.writing() as uow:
            contact = builders.a_contact(uow, identifier, channel=channel, now=self.now)
            officers.insert_officer(
                uow,
                address_id=contact.address_id,
                name=name.title(),
                role=role,
                agency_code=agency,
                is_deputy=bool(more.get("is_deputy")),
                now=self.now,
            )
        self.people[name] = Person(self.database, self.service, identifier, channel, self.now)
        return self.people[name]

    def files(self, text: str = "jalan berlubang di depan SD 3", **changed: Any) -> CaseRow:
        """File a report, from an address of its own."""
        channel = changed.pop("by", Channel.TELEGRAM)
        number = len(self.citizens)
        identifier = f"+62812{number:07}" if channel is Channel.SMS else f"5{number:09}"
        with self.database.writing() as uow:
            contact = builders.a_contact(uow, identifier, channel=channel, now=self.now)
            conversations.save_progress(uow, contact, "{}", draft_touched_at=None, now=self.now)
            values = {
                "category_code": "LAIN",
                "is_secret": False,
                "number": self._number(number),
                "description": text,
            }
            report_id = builders.a_case(uow, contact, now=self.now, **{**values, **changed})
            due_on = self.service.calendar.due_on(self.service.local_day(self.now), 3)
            builders.update_case(uow, report_id, self.now, check_due_on=due_on, due_on=due_on)
        self.citizens[report_id] = Person(self.database, self.service, identifier, channel, self.now)
        return self.case(report_id)

    def _number(self, n: int) -> str:
        digits = f"{410000 + 137 * n}"
        return digits + damm.calc_check_digit(digits)

    def disposed(self, to: str = "PUPR", **changed: Any) -> CaseRow:
        case = self.files(**changed)
        self.does("rima", moves.dispose, case, to)
        self.hush()
        return self.case(case.report_id)

    def does(self, who: str, move: Callable[..., Any], case: CaseRow, *given: Any) -> Any:
        """Make a move without the desk."""
        with self.database.writing() as uow:
            actor = Actor(ActorKind.OFFICER, self.officer(who))
            return move(uow, self.service, handling.get_case(uow, case.report_id), actor, *given, self.now)

    def officer(self, who: str) -> OfficerRow:
        person = self.people[who]
        with self.database.reading() as uow:
            found = officers.find_officer_at(uow, person.channel, person.identifier)
        assert found is not None
        return found

    def case(self, report_id: int) -> CaseRow:
        with self.database.reading() as uow:
            return handling.read_case(uow, report_id)

    def hush(self) -> None:
        """Pass over what was said so far."""
        for person in (*self.people.values(), *self.citizens.values()):
            person.now = self.now
            person.hears()

    def sent(self, person: Person, provider_id: str) -> None:
        """Let what a person was told last have an id at the provider, as after delivery."""
        with self.database.writing() as uow:
            contact = builders.a_contact(uow, person.identifier, channel=person.channel)
            newest = uow.connection.execute(
                select(OUTBOUND.c.id)
                .where(OUTBOUND.c.address_id == contact.address_id)
                .order_by(OUTBOUND.c.id.desc())
                .limit(1)
            ).scalar_one()
            uow.connection.execute(
                update(OUTBOUND)
                .where(OUTBOUND.c.id == newest)
                .values(provider_id=provider_id, state="sent", due_at=None)
            )

    def heard(self, case: CaseRow) -> str:
        """Return what the reporter of a case was told since."""
        citizen = self.citizens[case.report_id]
        citizen.hears()
        return citizen.last

    def in_group(self, who: str, text: str = "", press: Press | None = None, **more: Any) -> list[Reply]:
        """Write in the group, and return what the group hears."""
        group = Person(self.database, self.service, GROUP, now=self.now)
        group.hears()
        return group.sends(
            text=text, press=press, sender=Address(Channel.TELEGRAM, self.people[who].identifier), **more
        )


def button(reply: Reply, label: str) -> Press:
    """Return the press of a button, by what stands on it."""
    (value,) = (choice.value for choice in reply.choices if choice.label == label)
    return Press(str(reply.question), value)


def labels(reply: Reply) -> list[str]:
    return [choice.label for choice in reply.choices]


def presses(person: Person, label: str, reply: Reply | None = None) -> Reply:
    """Press a button of what was said last, and return what is said then."""
    return person.sends(press=button(reply or person.heard[-1], label), message_ref="m1")[-1]


def a_photo(ref: str = "p1", group: str | None = None) -> Media:
    return Media(MediaKind.PHOTO, ref, 1000, group)
