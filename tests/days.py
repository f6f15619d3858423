"""An office whose clock runs, in the first days of August 2026."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sqlalchemy import select, update

from handlers.clock.deadlines import remind, remind_idle
from handlers.clock.morning import send_mornings
from handlers.clock.silence import lapse_answers, lapse_questions
from storage.models import Address, Outbound, Reminder, table
from storage.queries.officers import OfficerRow
from storage.vocabulary import Role
from tests import builders
from tests.killed import Work
from tests.office import Office

REMINDER, ADDRESS, OUTBOUND = table(Reminder), table(Address), table(Outbound)
JOBS: tuple[Work, ...] = (lapse_answers, lapse_questions, remind, remind_idle, send_mornings)
#: days of August 2026 in the example of docs/rules.md, Deadlines
MON_3, TUE_4, WED_5, THU_6, FRI_7 = (date(2026, 8, day) for day in range(3, 8))
THU_13 = date(2026, 8, 13)
#: begins what an officer gets in the morning
DESK = "Di meja Anda"


@dataclass
class Town(Office):
    """An office whose clock runs."""

    #: by officer's name: how much of what they were told was looked at
    seen: dict[str, int] = field(default_factory=dict)

    def open(self) -> "Town":
        super().open()
        with self.database.writing() as uow:
            self.people["kepala"] = builders.an_officer(uow, Role.SUPERVISOR, "PUPR", now=self.now)
        return self

    def at(self, day: date, clock: time = time(8)) -> "Town":
        self.now = datetime.combine(day, clock, self.service.deployment.zone)
        return self

    def sent(self) -> None:
        """Let all that waits have gone out."""
        with self.database.writing() as uow:
            uow.connection.execute(
                update(OUTBOUND).where(OUTBOUND.c.due_at.is_not(None)).values(state="sent", due_at=None)
            )

    def run(self, *jobs: Work) -> int:
        """Run jobs as the scheduler does: a transaction each, until nothing is left."""
        total = 0
        for job in jobs or JOBS:
            while True:
                with self.database.writing() as uow:
                    done = job(uow, self.service, self.now)
                if not done:
                    break
                total += done
        return total

    def passes(self, until: date) -> "Town":
        """Let the time go by until the evening of a day; jobs run at night, in the morning, and in the afternoon."""
        zone = self.service.deployment.zone
        day = self.now.astimezone(zone).date()
        while day <= until:
            for clock in (time(1), time(8), time(15)):
                if (then := datetime.combine(day, clock, zone)) > self.now:
                    self.now = then
                    self.run()
                    self.sent()
            day += timedelta(days=1)
        return self

    def told(self) -> dict[str, list[str]]:
        """Return what each was told since the last look, by name, as their first lines; mornings' messages aside."""
        everybody: dict[str, OfficerRow | int] = {**self.people, "warga": self.report_id}
        fresh: dict[str, list[str]] = {}
        for name, who in everybody.items():
            heard = self.heard(who)
            fresh_ones = [reply.text for reply in heard[self.seen.get(name, 0) :]]
            lines = [text.splitlines()[0] for text in fresh_ones if not text.startswith(DESK)]
            self.seen[name] = len(heard)
            if lines:
                fresh[name] = lines
        return fresh

    def mornings(self, name: str) -> list[str]:
        """Return what an officer was told in the mornings."""
        return [reply.text for reply in self.heard(self.people[name]) if reply.text.startswith(DESK)]

    def said(self) -> list[str]:
        with self.database.reading() as uow:
            query = select(REMINDER.c.kind).order_by(REMINDER.c.at, REMINDER.c.kind)
            return list(uow.connection.execute(query).scalars())
