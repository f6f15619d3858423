"""Officers and citizens: what the officers do with what the citizens filed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select, update

from handlers import moves
from handlers.cases.numbers import find_number
from handlers.conversation import progress as saved
from handlers.messages import Reply
from handlers.moves import Actor, Solution
from handlers.service import Service
from storage.db import Database
from storage.models import Attachment, CaseEvent, Conversation, Outbound, table
from storage.queries import audit, handling, rights
from storage.queries.handling import CaseRow
from storage.queries.officers import OfficerRow
from storage.vocabulary import ActorKind, Channel, EventKind, Role
from tests import builders
from tests.fakes.clock import MONDAY
from tests.person import WHOLE, Person

OUTBOUND, ATTACHMENT, EVENT, CONVERSATION = (
    table(Outbound),
    table(Attachment),
    table(CaseEvent),
    table(Conversation),
)
SOLUTION = Solution("Tiga lubang sedalam 20 cm di depan SD.", "Ditambal dengan aspal.", date(2026, 3, 2))
QUESTION = "Di dekat rumah nomor berapa lampu itu, Pak?"
#: another report than WHOLE
OTHER = "LAPOR jalan berlubang dpn sd 5 ds peniti"


@dataclass
class Town:
    """Officers who act on what the citizens filed."""

    database: Database
    service: Service
    officers: dict[Role, OfficerRow] = field(default_factory=dict)

    def open(self) -> "Town":
        with self.database.writing() as uow:
            self.officers = {
                Role.COORDINATOR: builders.an_officer(uow, Role.COORDINATOR),
                Role.LIAISON: builders.an_officer(uow, Role.LIAISON, "PUPR"),
            }
        return self

    def person(self, identifier: str = "5000000123", channel: Channel = Channel.TELEGRAM) -> Person:
        number = "+6281200000001" if channel is Channel.SMS else identifier
        return Person(self.database, self.service, number, channel)

    def case(self, number: str) -> CaseRow:
        found = find_number(self.service.deployment.number, number)
        assert found is not None
        with self.database.reading() as uow:
            case = handling.find_case(uow, found.number)
        assert case is not None
        return case

    def does(
        self, role: Role, number: str, move: Callable[..., Any], *given: Any, now: datetime = MONDAY
    ) -> None:
        with self.database.writing() as uow:
            case = handling.get_case(uow, self.case(number).report_id)
            move(uow, self.service, case, Actor(ActorKind.OFFICER, self.officers[role]), *given, now)

    def holds(self, number: str) -> None:
        self.does(Role.COORDINATOR, number, moves.hold, QUESTION)

    def disposes(self, number: str) -> None:
        self.does(Role.COORDINATOR, number, moves.dispose, "PUPR")

    def answers(self, number: str, now: datetime = MONDAY) -> None:
        solution = (
            SOLUTION
            if not moves.needs_evidence(self.service.deployment, self.case(number))
            else self.proven(number)
        )
        self.does(Role.LIAISON, number, moves.answer, solution, now=now)

    def proven(self, number: str) -> Solution:
        """The same with a photo."""
        with self.database.writing() as uow:
            file_id = uow.connection.execute(
                insert(ATTACHMENT)
                .values(
                    address_id=self.officers[Role.LIAISON].address_id,
                    draft_id=f"desk-{number}",
                    kind="photo",
                    ref_sealed=uow.vault.seal("x"),
                    state="stored",
                    due_at=None,
                    attempts=1,
                    digest="ab" * 32,
                    size=100,
                    media_type="image/jpeg",
                    is_from_officer=True,
                    created_at=MONDAY,
                )
                .returning(ATTACHMENT.c.id)
            ).scalar_one()
        return Solution(SOLUTION.finding, SOLUTION.action, SOLUTION.done_on, (file_id,))

    def archives(self, number: str) -> None:
        self.does(
            Role.COORDINATOR, number, moves.archive, "R3", "Tempatnya tidak disebut, dan tidak ada jawaban."
        )

    def lapses(self, number: str) -> None:
        with self.database.writing() as uow:
            moves.lapse(uow, self.service, handling.get_case(uow, self.case(number).report_id), MONDAY)

    def history(self, number: str) -> list[EventKind]:
        report_id = self.case(number).report_id
        with self.database.reading() as uow:
            assert list(audit.verify_history(uow)) == []
            rows = uow.connection.execute(
                select(EVENT.c.kind).where(EVENT.c.report_id == report_id).order_by(EVENT.c.seq)
            )
            return [EventKind(row.kind) for row in rows]

    def told(self, number: str) -> list[str]:
        """Return what the reporter has told since it was filed."""
        with self.database.reading() as uow:
            return rights.list_told(uow, self.case(number).report_id)

    def files(self, person: Person, text: str = WHOLE) -> str:
        """File a report in as many messages as the channel takes."""
        return (
            person.files(text, "ya")
            if person.channel is Channel.SMS
            else person.files(text, "lewati", "1", "ya")
        )

    def answered(self, person: Person, text: str = WHOLE) -> str:
        """File a report that is answered."""
        number = self.files(person, text)
        self.disposes(number)
        self.answers(number)
        person.hears()
        return number

    def settled(self, person: Person, text: str = WHOLE) -> str:
        number = self.answered(person, text)
        self.lapses(number)
        person.hears()
        return number

    def held(self, person: Person, text: str = WHOLE) -> str:
        number = self.files(person, text)
        self.holds(number)
        person.hears()
        return number

    def ref_of(self, person: Person, has: str) -> str:
        """Return what the provider calls the newest message to this person that holds some words."""
        with self.database.writing() as uow:
            uow.connection.execute(
                update(OUTBOUND).values(provider_id="m" + OUTBOUND.c.id.cast(EVENT.c.kind.type))
            )
        at = next(i for i, reply in reversed(list(enumerate(person.all_heard()))) if has in reply.text)
        with self.database.reading() as uow:
            rows = uow.connection.execute(
                select(OUTBOUND.c.provider_id)
                .where(OUTBOUND.c.address_id == self._address(person))
                .order_by(OUTBOUND.c.id)
            ).scalars()
            return str(list(rows)[at])

    def _address(self, person: Person) -> int:
        with self.database.writing() as uow:
            return builders.a_contact(uow, person.identifier, channel=person.channel).address_id

    def drafts(self) -> int:
        """Return how many people are in the middle of a report."""
        with self.database.reading() as uow:
            is_open = CONVERSATION.c.draft_touched_at.is_not(None)
            sealed = uow.connection.execute(select(CONVERSATION.c.progress_sealed).where(is_open)).scalars()
            return sum(saved.load(uow.vault.unseal(one)).draft is not None for one in sealed)


def two(town: Town, person: Person, bring: Callable[..., str]) -> tuple[str, str]:
    """Two reports of one person, brought to the same state."""
    first = bring(person)
    return first, bring(person, OTHER)


def asked_solved(person: Person) -> str:
    """Return the newest question whether it is solved."""
    return next(str(reply.question) for reply in reversed(person.all_heard()) if "yes" in values(reply))


def values(reply: Reply) -> list[str]:
    return [choice.value for choice in reply.choices]
