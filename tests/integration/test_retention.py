"""What age erases: in which order, what is left, what is not touched, on both databases."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select, update

from bot.clock import SystemClock
from bot.files import FileStore, sweep_files
from bot.writer import Writer
from handlers import moves
from handlers.rights import FAREWELL_KEPT, finish_erasures
from handlers.service import Service
from storage.db import Database
from storage.queries import attachments, conversations, handling, links
from storage.queries.attachments import Kept
from storage.queries.exports import list_whole
from storage.queries.figures import Scope
from storage.vocabulary import (
    CaseState,
    Closing,
    EventKind,
    ReportType,
    Role,
)
from tests import builders
from tests.archive import ATTACHMENT, CASE, DAY, EVENT, FILE, NAME, OUTBOUND, REPORT, WORDS, Archive, months
from tests.fakes.clock import MONDAY
from tests.person import Person
from tests.rows import assert_sound, everything, file_of, one_of, rows_of


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
