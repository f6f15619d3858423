"""A town in which years go by."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import update

from handlers import moves
from handlers.messages import Media
from handlers.retention import count_due, purge
from storage.models import Attachment, Case, CaseEvent, Officer, Outbound, Report, Reporter, table
from storage.vocabulary import (
    MediaKind,
    OutboundState,
    Role,
)
from tests.fakes.clock import MONDAY
from tests.person import Person
from tests.rows import everything
from tests.town import SOLUTION, Town

REPORT, CASE, EVENT, REPORTER = table(Report), table(Case), table(CaseEvent), table(Reporter)
OUTBOUND, ATTACHMENT, OFFICER = table(Outbound), table(Attachment), table(Officer)
DAY = timedelta(days=1)
#: of what a report holds, by when it goes
NAME, FILE = "Budi Santoso", "file-of-mak-ijah"
TOLD = "tiang listrik miring dpn warung mak ijah ds mungguk"
WORDS = (TOLD, "warung mak ijah", "makin miring sejak hujan", SOLUTION.finding, "catatan bendahara")
#: values of a case that is over
OVER: Mapping[str, object] = {
    "state": "settled",
    "closing": "silence",
    "closed_at": MONDAY,
    "clock": None,
    "due_on": None,
}


def months(count: int) -> datetime:
    """The first second after so many months from MONDAY."""
    year, month = divmod(MONDAY.month - 1 + count, 12)
    return MONDAY.replace(year=MONDAY.year + year, month=month + 1) + timedelta(seconds=1)


@dataclass
class Archive(Town):
    """A town in which time goes by."""

    def run(self, now: datetime) -> int:
        """Run the job as the scheduler does: batch by batch, until nothing is left."""
        total = 0
        while True:
            with self.database.writing() as uow:
                done = purge(uow, self.service, now)
            if not done:
                return total
            total += done

    def due(self, now: datetime) -> dict[str, int]:
        """What there is to do, without what there is not."""
        with self.database.reading() as uow:
            return {kind: count for kind, count in count_due(uow, self.service, now).items() if count}

    def with_months(self, **changed: int) -> "Archive":
        """The same under other settings."""
        kept = self.service.deployment.retention.model_copy(update=changed)
        deployment = self.service.deployment.model_copy(update={"retention": kept})
        return Archive(self.database, replace(self.service, deployment=deployment), self.officers)

    def marked(self, person: Person) -> str:
        """File a report with a name, a file, an addition, a note and an answer; nobody replies to that."""
        person.sends(media=(Media(MediaKind.PHOTO, FILE),))
        number = person.files(TOLD, "lewati", "terbuka", NAME, "ya")
        person.says(f"TAMBAH {number} {WORDS[2]}")
        self.disposes(number)
        self.does(Role.COORDINATOR, number, moves.note, WORDS[4])
        self.answers(number)
        self.lapses(number)
        person.hears()
        self.sends_all()
        return number

    def sends_all(self) -> None:
        """Let all messages leave."""
        with self.database.writing() as uow:
            left = {"state": OutboundState.SENT.value, "due_at": None, "sent_at": MONDAY}
            uow.connection.execute(update(OUTBOUND).values(left | {"provider_id": "m-1"}))

    def known(self) -> set[str]:
        """The identifiers of those who are not erased."""
        told = everything(self.database)
        return {one for one in ("5000000123", "5000000124", "5000000125") if one in told}
