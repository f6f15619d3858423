"""A government with a few officers and a citizen with a report: moves made as officers and reporters make them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from handlers import codec, moves
from handlers.messages import Reply
from handlers.moves import Actor, Fault, Solution, Unfit
from handlers.service import Service
from storage.db import Database, UnitOfWork
from storage.models import CaseEvent, Outbound, table
from storage.queries import audit, conversations, handling
from storage.queries.conversations import Contact
from storage.queries.handling import CaseRow
from storage.queries.officers import OfficerRow
from storage.vocabulary import ActorKind, Channel, Role
from tests import builders
from tests.fakes.clock import MONDAY

EVENT, OUTBOUND = table(CaseEvent), table(Outbound)
#: Monday 3 August 2026, 09.05 WIB: the example of docs/rules.md, Deadlines
FILED = datetime(2026, 8, 3, 2, 5, tzinfo=MONDAY.tzinfo)
THURSDAY = FILED + timedelta(days=3)
SOLUTION = Solution("Tiga lubang sedalam 20 cm di depan SD.", "Ditambal dengan aspal.", date(2026, 8, 20))


@dataclass
class Office:
    """A government with a few officers, and a citizen with a report."""

    database: Database
    service: Service
    now: datetime = FILED
    people: dict[str, OfficerRow] = field(default_factory=dict)
    citizens: dict[int, Contact] = field(default_factory=dict)
    report_id: int = 0

    def open(self) -> "Office":
        with self.database.writing() as uow:
            for name, role, agency in (
                ("rima", Role.COORDINATOR, None),
                ("budi", Role.LIAISON, "PUPR"),
                ("dewi", Role.LIAISON, "DISHUB"),
                ("joko", Role.INSPECTORATE, "INSPEKTORAT"),
                ("sari", Role.DECIDER, None),
            ):
                self.people[name] = builders.an_officer(uow, role, agency, now=self.now)
        self.report_id = self.files()
        return self

    def files(self, channel: Channel = Channel.TELEGRAM, **changed: Any) -> int:
        """File a report from an address of its own."""
        with self.database.writing() as uow:
            contact = builders.a_contact(uow, f"5{len(self.citizens):09}", channel=channel, now=self.now)
            conversations.save_progress(uow, contact, "{}", draft_touched_at=None, now=self.now)
            report_id = builders.a_case(uow, contact, now=self.now, **{"category_code": "LAIN", **changed})
            due_on = self.service.calendar.due_on(self.service.local_day(self.now), 3)
            builders.update_case(uow, report_id, self.now, check_due_on=due_on, due_on=due_on)
        self.citizens[report_id] = contact
        return report_id

    def does(self, who: str, move: Callable[..., Any], *given: Any, on: int = 0, **more: Any) -> Any:
        """Make an officer's move."""
        actor = Actor(ActorKind.OFFICER, self.people[who])
        return self.apply(
            lambda uow, case: move(uow, self.service, case, actor, *given, self.now, **more), on
        )

    def says(self, move: Callable[..., Any], *given: Any, on: int = 0, **more: Any) -> Any:
        """Make a move of the reporter or the clock."""
        return self.apply(lambda uow, case: move(uow, self.service, case, *given, self.now, **more), on)

    def apply(self, move: Callable[[UnitOfWork, CaseRow], Any], on: int) -> Any:
        with self.database.writing() as uow:
            return move(uow, handling.get_case(uow, on or self.report_id))

    def case(self, report_id: int = 0) -> CaseRow:
        with self.database.reading() as uow:
            return handling.read_case(uow, report_id or self.report_id)

    def heard(self, by: int | OfficerRow | None = None) -> list[Reply]:
        """Return all that a report's reporter, or an officer, was sent."""
        who = by if isinstance(by, OfficerRow) else self.citizens[by or self.report_id]
        return [reply for reply, _ in self.queued(who.address_id)]

    def queued(self, address_id: int) -> list[tuple[Reply, Any]]:
        with self.database.reading() as uow:
            rows = uow.connection.execute(
                select(OUTBOUND).where(OUTBOUND.c.address_id == address_id).order_by(OUTBOUND.c.id)
            )
            return [(codec.load_reply(uow.vault.unseal(row.payload_sealed)), row) for row in rows]

    def last_row(self, address_id: int) -> Any:
        return self.queued(address_id)[-1][1]

    def history(self, report_id: int = 0) -> list[str]:
        with self.database.reading() as uow:
            assert list(audit.verify_history(uow)) == []
            rows = uow.connection.execute(
                select(EVENT.c.kind)
                .where(EVENT.c.report_id == (report_id or self.report_id))
                .order_by(EVENT.c.seq)
            )
            return [row.kind for row in rows][1:]

    def disposed(self, to: str = "PUPR", on: int = 0) -> "Office":
        self.does("rima", moves.dispose, to, on=on)
        return self

    def answered(self) -> "Office":
        self.disposed().does("budi", moves.answer, SOLUTION)
        return self


def refuses(fault: Fault) -> Any:
    return pytest.raises(Unfit, match=f"^{fault}$")
