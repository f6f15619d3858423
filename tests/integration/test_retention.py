"""What age erases: in which order, what is left, what is not touched, on both databases."""

import itertools
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from bot.clock import SystemClock
from bot.files import FileStore, sweep_files
from bot.writer import Writer
from handlers import moves
from handlers.messages import Media
from handlers.retention import count_due, limits_of, purge
from handlers.rights import FAREWELL_KEPT, finish_erasures
from handlers.service import Service
from storage.db import Database
from storage.models import Attachment, Case, CaseEvent, Officer, Outbound, Report, Reporter, table
from storage.queries import attachments, cases, conversations, handling, inbox, links, officers
from storage.queries.attachments import Kept
from storage.queries.exports import list_whole
from storage.queries.figures import Scope
from storage.queries.retention import Over, Part
from storage.vocabulary import (
    ActorKind,
    CaseState,
    Channel,
    Closing,
    EventKind,
    MediaKind,
    OutboundState,
    ReportType,
    Role,
)
from tests import builders
from tests.desk import Office
from tests.fakes.clock import MONDAY
from tests.integration.test_dispatch import assert_sound, one_of, rows_of
from tests.integration.test_drafts import Dead, Fuse, statements
from tests.integration.test_rights import everything, file_of
from tests.person import Person
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


@pytest.fixture
def town(loaded: Database, service: Service) -> Archive:
    town = Archive(loaded, service)
    town.open()
    return town


# --- one report, as the years go by ---


async def test_everything_goes_in_its_time(town: Archive, writer: Writer, tmp_path: Path, kind: str) -> None:
    """First who it was, then the files, then every word; numbers, codes and days stay, and the chain holds."""
    person, store = town.person(), FileStore(tmp_path / "files", town.database.vault)
    number = town.marked(person)
    picture = builders.a_picture("a house")
    kept = keep(town.database, store, picture)
    sealed = sealed_values(town.database)
    town.run(months(12) - DAY)
    told = everything(town.database)
    assert all(mark in told for mark in (person.identifier, NAME, FILE, *WORDS))
    line = line_of(town.database)

    assert town.due(months(12)) == {"identities": 1}
    town.run(months(12))
    told = everything(town.database)
    assert not any(mark in told for mark in (person.identifier, NAME, FILE))
    assert all(mark in told for mark in (kept, *WORDS))
    assert store.load(kept) == picture
    assert "Selamat datang" in town.person().says("halo")
    assert town.history(number)[-1] is EventKind.ERASED

    assert town.due(months(24)) == {"identities": 1, "files": 1}  # somebody new said no more than hello
    town.run(months(24))
    await sweep_files(writer, store, SystemClock().now() + DAY)
    assert [path for path in (tmp_path / "files").rglob("*") if path.is_file()] == []
    told = everything(town.database)
    assert kept not in told
    assert all(mark in told for mark in WORDS)

    due = town.due(months(60))
    assert (due["reports' texts"], due["reports' histories"]) == (1, 1)
    assert due["sent messages"] > 5
    town.run(months(60))
    with town.database.writing() as uow:
        finish_erasures(uow, town.service, months(60) + FAREWELL_KEPT)
    told = everything(town.database)
    assert not any(mark in told for mark in WORDS)
    assert line_of(town.database) == line
    assert (town.due(months(60)), town.run(months(60))) == ({}, 0)
    assert_sound(town.database)
    with town.database.reading() as uow:  # whoever leaves us still gets all that there is
        (whole,) = list_whole(uow, Scope(None, None), MONDAY - DAY, MONDAY + DAY)
    assert (whole.description, whole.place, whole.closing) == ("", "", "silence")
    assert "SELESAI" in town.person("5000000124").says(f"STATUS {number}")
    if kind == "sqlite":
        content = file_of(town.database)
        assert [one for one in sealed if one in content] == []


def keep(database: Database, store: FileStore, picture: bytes) -> str:
    """Keep a picture as the one file that was sent; returns its name."""
    name = store.save(picture)
    with database.writing() as uow:
        kept = Kept(name, len(picture), "image/jpeg", name, len(picture))
        (attachment_id,) = uow.connection.execute(
            select(ATTACHMENT.c.id).where(ATTACHMENT.c.is_from_officer.is_(False))
        ).scalars()
        assert attachments.settle_stored(uow, attachment_id, kept)
    return name


def sealed_values(database: Database) -> list[bytes]:
    """All that is sealed of a reporter: words, messages, who they are, how they are found."""
    found: list[bytes | None] = [one_of(database, REPORT).description_sealed]
    found += [row.data_sealed for row in rows_of(database, EVENT)]
    found += [row.payload_sealed for row in rows_of(database, OUTBOUND)]
    return [one for one in found if one is not None]


def line_of(database: Database) -> object:
    """What the statistics know of the one report."""
    report, case = one_of(database, REPORT), one_of(database, CASE)
    return (
        *(report.number, report.category_code, report.area_code, report.filed_at, report.occurred_on),
        *(case.state, case.agency_code, case.closing, case.closed_at, case.first_answer_at),
        len([row for row in rows_of(database, EVENT) if row.kind != "erased"]),
    )


# --- what is not touched ---


def reopened(town: Archive, person: Person) -> str:
    number = town.settled(person)
    town.does(Role.COORDINATOR, number, moves.reopen, "Lampunya mati lagi sejak kemarin.")
    return number


def contested(town: Archive, person: Person) -> str:
    number = town.files(person)
    town.archives(number)
    with town.database.writing() as uow:
        case = handling.get_case(uow, town.case(number).report_id)
        moves.appeal(uow, town.service, case, "Tempatnya sudah saya sebut.", MONDAY)
    return number


def joined(town: Archive, person: Person) -> str:
    """A report that follows another one, which is open."""
    parent = town.files(town.person("5000000125"))
    number = town.files(person)
    town.does(Role.COORDINATOR, number, moves.join, town.case(parent))
    return number


def followed(town: Archive, person: Person) -> str:
    """Somebody follows another's open report and has none of their own."""
    number = town.files(town.person("5000000125"))
    person.says("halo")
    with town.database.writing() as uow:
        contact = conversations.find_contact(uow, person.channel, person.identifier)
        assert contact is not None
        links.follow(uow, town.case(number).report_id, contact.address_id, MONDAY)
    return number


def oversight(town: Archive, person: Person) -> str:
    """Of type berkadar: kept until the inspectorate says for how long."""
    number = town.settled(person)
    with town.database.writing() as uow:
        uow.connection.execute(update(REPORT).values(type=ReportType.OVERSIGHT.value))
    return number


def another(town: Archive, person: Person) -> str:
    """One is over, another was filed since."""
    number = town.settled(person)
    person.now = months(11)
    person.files("LAPOR jalan berlubang dpn sd 5 ds peniti", "lewati", "1", "ya")
    return number


def writing(town: Archive, person: Person) -> str:
    """One is over, another is being written."""
    number = town.settled(person)
    person.now = months(12)
    person.says("lampu jalan di depan rumah kami mati terus tiap malam")
    return number


def an_officer(town: Archive, person: Person) -> str:
    number = town.settled(person)
    with town.database.writing() as uow:
        contact = conversations.find_contact(uow, person.channel, person.identifier)
        assert contact is not None
        builders.an_office(uow, contact, town.case(number).report_id)
    return number


KEPT: tuple[Callable[[Archive, Person], str], ...] = (
    *(Archive.held, reopened, contested, joined, followed),
    *(oversight, another, writing, an_officer),
)


@pytest.mark.parametrize("bring", KEPT, ids=lambda one: one.__name__)
def test_who_is_not_forgotten(town: Archive, bring: Callable[[Archive, Person], str]) -> None:
    """As long as anything of theirs goes on, and the inspectorate has not said, a person is known, and is answered."""
    person = town.person()
    number = bring(town, person)
    town.person("5000000124").says("halo")
    town.run(months(12))
    assert "5000000124" not in town.known()
    assert person.identifier in town.known()
    assert number in person.says(f"STATUS {number}") or bring is writing
    goes_on = bring not in (another, writing, an_officer)
    town.run(months(72))
    with town.database.reading() as uow:
        whole = [one.description for one in list_whole(uow, Scope(None, None), MONDAY - DAY, MONDAY + DAY)]
    assert all(whole) is goes_on


def test_what_is_over_after_all(town: Archive) -> None:
    """Once its own has ended, what followed it goes as well; berkadar after the months the inspectorate named."""
    number = joined(town, town.person())
    parent = cases_joined(town)
    with town.database.writing() as uow:
        over = {"state": CaseState.SETTLED.value, "closing": Closing.CONFIRMED.value, "closed_at": MONDAY}
        uow.connection.execute(
            update(CASE).where(CASE.c.report_id == parent).values(over | {"clock": None, "due_on": None})
        )
    town.sends_all()
    town.run(months(60))
    assert town.known() == set()
    assert all(row.texts_erased_at and row.audit_erased_at for row in rows_of(town.database, CASE))
    assert town.history(number)[-3:] == [EventKind.ERASED] * 3
    secret = town.person("5000000124")
    oversight(town, secret)
    released = town.with_months(oversight_months=120)
    assert (town.run(months(119)), released.run(months(119)), town.run(months(120))) == (0, 0, 0)
    assert released.run(months(120)) > 0
    assert town.known() == set()


def cases_joined(town: Archive) -> int:
    """The id of the report that another one follows."""
    (parent,) = [row.parent_report_id for row in rows_of(town.database, CASE) if row.parent_report_id]
    return int(parent)


def test_reopened_after_its_files_went(town: Archive) -> None:
    """What comes after that is erased in its time as well."""
    number = town.settled(town.person())
    town.run(months(24))
    assert town.case(number).closed_at == MONDAY
    town.does(Role.COORDINATOR, number, moves.reopen, "Lampunya mati lagi sejak kemarin.", now=months(25))
    assert one_of(town.database, CASE).media_erased_at is None


def test_who_said_hello(town: Archive) -> None:
    """Somebody who never reported anything is forgotten as long after their last word."""
    person = town.person()
    person.says("halo")
    person.now = months(6)
    person.says("halo")
    town.sends_all()
    assert town.due(months(17)) == {}
    assert town.due(months(18) + DAY) == {"identities": 1}
    town.run(months(18) + DAY)
    assert town.known() == set()


# --- what is left over ---


def test_leftovers(town: Archive) -> None:
    """Codes that are good no more, what was left half done, failed, or never sent: gone; what still serves is not."""
    with town.database.writing() as uow:
        contact = builders.a_contact(uow, "5000000123")
        builders.an_invitation(uow, "OLDER23456")
        builders.an_invitation(uow, "NEWER23456", now=months(11))
        officer = town.officers[Role.LIAISON]
        links.insert_request(uow, officer.address_id, None, "123456", now=MONDAY, expires_at=MONDAY)
        officers.save_task(uow, officer.id, WORDS[4], MONDAY)
        officers.save_task(uow, town.officers[Role.COORDINATOR].id, None, MONDAY)
        for number, now in (("1", MONDAY), ("2", months(11))):
            inbox.record_failure(
                uow, Channel.TELEGRAM, number, payload="{}", error="ValueError", traceback="", now=now
            )
        builders.queue(uow, "5000000123")  # cannot be sent: it waits still
        builders.an_attachment(uow, replace(contact, address_id=officer.address_id))
        uow.connection.execute(update(ATTACHMENT).values(is_from_officer=True))
    assert town.due(months(12)) == {"identities": 1, "leftovers": 4}
    assert town.run(months(12)) == 5
    assert town.due(months(24)) == {"files": 1, "leftovers": 2}
    assert town.run(months(24)) == 3
    assert town.due(months(60)) == {}


@pytest.mark.parametrize("word", ["/identitas", "HAPUS DATA SELAMANYA"])
def test_whom_an_officer_looked_up(loaded: Database, service: Service, word: str) -> None:
    """What told an officer who reported is erased along with who it was, on request as by age."""
    office = Office(loaded, service).open()
    citizen = Person(loaded, service, "5000000777")
    number = citizen.files(TOLD, "lewati", "terbuka", NAME, "ya")
    rima = office.people["rima"]
    assert NAME in rima.says(f"/identitas {number} perlu ditelepon petugas")
    if word == "/identitas":
        with loaded.writing() as uow:
            uow.connection.execute(update(CASE).values(OVER))
            uow.connection.execute(update(OUTBOUND).values(state="sent", due_at=None))
        Archive(loaded, service).run(months(72))
    else:
        citizen.says(word)
        with loaded.writing() as uow:
            uow.connection.execute(update(OUTBOUND).values(state="sent", due_at=None))
            finish_erasures(uow, service, MONDAY + FAREWELL_KEPT)
    told = everything(loaded)
    assert [mark for mark in (NAME, citizen.identifier) if mark in told] == []
    rima.hears()
    assert number in rima.says(f"/lihat {number}")


# --- whatever happens ---


def test_limits(service: Service) -> None:
    """Months end with the month; while a report may be reopened or contested, no setting lets it go."""
    deployment = service.deployment
    kept = deployment.retention.model_copy(update={"identity_months": 1, "media_months": 12})
    days = deployment.handling.model_copy(update={"reopen_within_days": 45})
    short = deployment.model_copy(update={"retention": kept, "handling": days})
    now = datetime(2027, 3, 31, 8, tzinfo=deployment.zone)
    limits = limits_of(short, service.calendar, now)
    assert limits.parts[Part.MEDIA] == Over(now.replace(year=2026), None)
    assert limits.leftovers.failed_before == now.replace(month=2, day=28)
    # 45 days to reopen after the day of the ending, that one whole
    assert limits.identity.before == now.replace(month=2, day=14, hour=0)
    long = deployment.handling.model_copy(update={"appeal_within_days": 60})
    limits = limits_of(short.model_copy(update={"handling": long}), service.calendar, now)
    last = limits.identity.before.date() - DAY
    assert service.calendar.due_on(last, 60) < now.date() <= service.calendar.due_on(last + DAY, 60)


def one_that_is_over(database: Database, identifier: str) -> int:
    """A person's report with a file and a note; returns its id."""
    with database.writing() as uow:
        contact = builders.a_contact(uow, identifier)
        builders.an_attachment(uow, contact, draft_id=identifier[::-1], ref=FILE)
        report_id = builders.a_filed(uow, contact, draft_id=identifier[::-1])
        noted, data = (EventKind.NOTED, ActorKind.OFFICER), {"text": WORDS[4]}
        cases.append_event(uow, report_id, *noted, data=data, is_public=False, now=MONDAY)
        handling.update_case(uow, report_id, MONDAY, **OVER)
    return report_id


def test_killed_and_run_again(town: Archive) -> None:
    """Wherever a run was cut off, the next one comes to the same end, and nothing is done twice."""
    fuse = Fuse()
    fuse.watch(town.database)
    for survived in itertools.count(step=5):
        identifier = f"61000{survived:05}"
        report_id = one_that_is_over(town.database, identifier)
        fuse.left = survived
        with suppress(Dead):
            town.run(months(60))
        was_killed, fuse.left = fuse.left < 0, None
        town.run(months(60))
        told = everything(town.database)
        assert [mark for mark in (identifier, FILE, WORDS[4]) if mark in told] == []
        kinds = [row.kind for row in rows_of(town.database, EVENT) if row.report_id == report_id]
        assert kinds == ["added", "noted", *["erased"] * 4]
        assert_sound(town.database)
        if not was_killed:
            assert survived > 30
            return


#: in statements that may read a whole table, as it does not grow; of messages they read the oldest alone
SMALL = (
    *("officer_invitation", "invitation_attempt", "link_request", "inbound_failure", "human_request"),
    *("FROM desk", "ORDER BY outbound.id"),
)


def test_no_run_reads_a_whole_table(town: Archive, kind: str) -> None:
    """What there is to do is found by indexes, with nothing to do and with something."""
    town.marked(town.person())
    with statements(town.database) as seen:
        town.run(months(6))
        town.run(months(60))
    queries = [
        one
        for one in seen
        if one[0].startswith(("SELECT", "UPDATE", "DELETE")) and not any(name in one[0] for name in SMALL)
    ]
    assert len(queries) > 30
    with town.database.writing() as uow:
        if kind == "postgresql":  # with next to no rows it would rather read them all
            uow.connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        explain = "EXPLAIN QUERY PLAN " if kind == "sqlite" else "EXPLAIN "
        for statement, parameters in queries:
            plan = str(list(uow.connection.exec_driver_sql(explain + statement, parameters)))
            assert "SCAN" not in plan.replace("SCAN USING", ""), f"{statement}\n{plan}"
            assert "Seq Scan" not in plan, f"{statement}\n{plan}"
