"""A government on a morning when every job of the clock has something to do."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import String, cast, update

from handlers import moves
from handlers.moves import Solution
from storage.queries import inbox, officers
from storage.queries.handling import CaseRow
from storage.vocabulary import Channel, ReportType, Role
from tests.desk import GROUP, OUTBOUND, Office
from tests.person import Person

#: when there is something to do; the first, a Monday, is when the story ends
MORNINGS = (
    "2026-08-24 08:30",
    "2026-09-01 08:30",
    "2026-10-05 08:30",
    "2026-11-02 08:30",
    "2032-12-01 08:30",
)
SOLUTION = Solution("Tiga lubang sedalam 20 cm di depan SD.", "Ditambal dengan aspal.", date(2026, 8, 5))
QUESTION = "SD yang mana, dan di sisi jalan sebelah mana?"
DRAFT = "jalan rusak depan SDN 2 desa mungguk sejak kemarin"


@dataclass
class Busy(Office):
    """An office with a past."""

    cases: dict[str, CaseRow] = field(default_factory=dict)

    def open(self) -> "Busy":
        self._at(2026, 6, 1)
        super().open()
        self.joins("kepala", Role.SUPERVISOR, "PUPR")
        self.joins("wakil", Role.LIAISON, "PUPR", is_deputy=True)
        with self.database.writing() as uow:
            inbox.record_inbound(uow, Channel.TELEGRAM, "1", self.now)
        self._at(2026, 8, 3)
        self.in_group("budi", f"/grup {GROUP}")
        self._files("silent")
        self._files("oversight", type=ReportType.OVERSIGHT, is_secret=True, accused_agency_code="PUPR")
        self._disposed("slow")
        self._files("forwarded")
        self.does("rima", moves.forward, self.cases["forwarded"], "PLN", "Tiang listrik milik PLN.")
        self._at(2026, 8, 6)
        for name in ("answered", "answered by SMS"):
            self._disposed(name, by=Channel.SMS if "SMS" in name else Channel.TELEGRAM)
            self.does("budi", moves.answer, self.cases[name], SOLUTION)
        self._files("held")
        self.does("rima", moves.hold, self.cases["held"], QUESTION)
        self._at(2026, 8, 10)
        self._disposed("idle")
        self.does("budi", moves.start, self.cases["idle"], "Petugas mengecek lokasi besok pagi.")
        self._at(2026, 8, 11)
        self._disposed("to be asked")
        self.does("budi", moves.answer, self.cases["to be asked"], SOLUTION)
        self._at(2026, 8, 18)
        self._writes("5900000002", DRAFT)  # it expires
        self._writes("5900000003", "halo", "HAPUS DATA SELAMANYA")
        self._at(2026, 8, 20)
        self._files("to be checked")
        self._files("joined")
        self.does("rima", moves.join, self.cases["joined"], self.case(self.cases["silent"].report_id))
        with self.database.writing() as uow:
            officers.insert_leave(
                uow, self.officer("wati").id, date(2026, 8, 24), date(2026, 8, 28), self.now
            )
        self._at(2026, 8, 24, time(7, 45))
        self._writes("5900000004", DRAFT)  # it is recalled
        self.people["budi"].says(f"/ingatkan {self.cases['slow'].number} 1 hari")
        self._delivers()
        self._at(2026, 8, 24, time(8, 30))
        return self

    def _delivers(self) -> None:
        """Let all that waits be sent."""
        with self.database.writing() as uow:
            uow.connection.execute(
                update(OUTBOUND).values(
                    state="sent", due_at=None, sent_at=self.now, provider_id=cast(OUTBOUND.c.id, String)
                )
            )

    def _at(self, year: int, month: int, day: int, clock: time = time(9)) -> None:
        self.now = datetime.combine(date(year, month, day), clock, self.service.deployment.zone)
        for person in (*self.people.values(), *self.citizens.values()):
            person.now = self.now

    def _files(self, name: str, **changed: Any) -> None:
        self.cases[name] = self.files(**changed)

    def _disposed(self, name: str, **changed: Any) -> None:
        self.cases[name] = self.disposed(**changed)

    def _writes(self, identifier: str, *texts: str) -> None:
        Person(self.database, self.service, identifier, now=self.now).says(*texts)
