"""Reports and their histories: what is stored comes back, and what was tampered with is found."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from storage.crypto import Vault, new_key
from storage.db import Database
from storage.queries import audit, cases, dossiers, links
from storage.queries.audit import BrokenLink
from storage.queries.cases import EVENT, REPORT
from storage.queries.conversations import Contact
from storage.vocabulary import ActorKind, EventKind
from tests import builders
from tests.fakes.clock import MONDAY


@pytest.fixture
def contact(database: Database) -> Contact:
    """Somebody who reports, with what reports refer to."""
    with database.writing() as uow:
        builders.places_and_agencies(uow)
        return builders.a_contact(uow)


@pytest.fixture
def report_id(database: Database, contact: Contact) -> int:
    """A case with four events."""
    with database.writing() as uow:
        report_id = builders.a_case(uow, contact, number="1234567")
        for number in range(3):
            builders.an_event(uow, report_id, text=f"kata {number}", now=MONDAY + timedelta(hours=number + 1))
    return report_id


def broken(database: Database) -> list[BrokenLink]:
    with database.reading() as uow:
        return list(audit.verify_history(uow))


def tamper(database: Database, statement: str) -> None:
    with database.writing() as uow:
        uow.connection.execute(text(statement))


def test_a_report_is_stored_as_told(database: Database, contact: Contact) -> None:
    """The sealed fields open to what the reporter wrote; the location to a metre."""
    with database.writing() as uow:
        report_id = builders.a_case(
            uow, contact, description="jln mati 💡", location=(0.0123456, 110.9876543)
        )
    with database.reading() as uow:
        row = uow.connection.execute(select(REPORT).where(REPORT.c.id == report_id)).one()
    assert database.vault.unseal(row.description_sealed) == "jln mati 💡"
    assert database.vault.unseal(row.location_sealed) == "0.01235,110.98765"
    assert (row.filed_at, row.occurred_on) == (MONDAY, date(2026, 3, 1))


def test_a_draft_makes_one_report(database: Database, contact: Contact) -> None:
    """Whatever goes wrong above, the second confirmation of a draft cannot be stored."""
    with database.writing() as uow:
        builders.a_case(uow, contact, draft_id="d")
    with pytest.raises(IntegrityError), database.writing() as uow:
        builders.a_case(uow, contact, draft_id="d")


def test_a_number_is_given_once(database: Database, contact: Contact) -> None:
    with database.writing() as uow:
        builders.a_case(uow, contact, number="1234567")
        assert cases.number_exists(uow, "1234567")
        assert not cases.number_exists(uow, "7654321")
    with pytest.raises(IntegrityError), database.writing() as uow:
        builders.a_case(uow, contact, number="1234567")


def test_a_report_refers_to_what_there_is(database: Database, contact: Contact) -> None:
    """No category or area that the deployment does not have."""
    for wrong in ({"category_code": "x"}, {"area_code": "x"}, {"accused_agency_code": "x"}, {"type": "x"}):
        with pytest.raises(IntegrityError), database.writing() as uow:
            cases.insert_report(uow, builders.a_new_report(contact, **wrong), MONDAY)


def test_standings_tell_whose_they_are(database: Database, contact: Contact) -> None:
    """The reporter's own, a follower's, and a stranger's view of the same number."""
    with database.writing() as uow:
        report_id = builders.a_case(uow, contact, number="1234567")
        stranger, follower = builders.a_contact(uow, "2"), builders.a_contact(uow, "3")
        links.follow(uow, report_id, follower.address_id, MONDAY)
        seen = [cases.find_standing(uow, "1234567", one) for one in (contact, follower, stranger)]
        assert cases.find_standing(uow, "0000000", contact) is None
    assert [one and one.is_own for one in seen] == [True, True, False]


def test_an_untouched_history_holds(database: Database, report_id: int, contact: Contact) -> None:
    """Several cases, one of them without any event yet."""
    with database.writing() as uow:
        builders.a_case(uow, contact)
        bare = cases.insert_report(uow, builders.a_new_report(contact), MONDAY)
        cases.insert_case(
            uow,
            bare,
            state="unverified",
            agency_code=None,
            check_due_on=date(2026, 3, 5),
            policy="{}",
            ombudsman_on=date(2026, 5, 1),
            now=MONDAY,
        )
    assert broken(database) == []


def test_a_line_that_is_undone_leaves_no_gap(database: Database, report_id: int) -> None:
    """What is undone with its savepoint was never there: the next line follows the one before it."""
    with database.writing() as uow:
        builders.an_event(uow, report_id)
        with suppress(ValueError), uow.savepoint():
            builders.an_event(uow, report_id, text="nothing")
            raise ValueError
        builders.an_event(uow, report_id)
    assert broken(database) == []


def test_a_dossier_has_the_newest_lines_of_each_kind(database: Database, report_id: int) -> None:
    """The same that is read kind by kind, however many lines of others came in between."""
    kinds = (EventKind.ADDED, EventKind.REPLIED), (EventKind.NOTED,), (EventKind.STARTED,)
    with database.writing() as uow:
        for number, kind in enumerate([EventKind.NOTED, *kinds[0], *kinds[0], *kinds[0], EventKind.NOTED]):
            new = cases.NewEvent(report_id, kind, ActorKind.OFFICER, {"text": str(number)}, is_public=True)
            cases.append_events(uow, [new], MONDAY)
        dossier = dossiers.get_dossier(uow, report_id, dict.fromkeys(kinds, 3), 1)
        assert dossier.lines == {one: dossiers.list_lines(uow, report_id, one, 3) for one in kinds}
        assert [len(lines) for lines in dossier.lines.values()] == [3, 2, 0]
        assert dossier.story == dossiers.get_story(uow, report_id)


def test_events_of_other_time_zones_hold(database: Database, report_id: int) -> None:
    """The database gives UTC back, whatever the clock said."""
    with database.writing() as uow:
        builders.an_event(uow, report_id, now=datetime(2026, 3, 3, 9, tzinfo=timezone(timedelta(hours=7))))
    assert broken(database) == []
    with database.reading() as uow:
        last = uow.connection.execute(select(EVENT.c.at).order_by(EVENT.c.seq.desc()).limit(1)).scalar_one()
    assert last == datetime(2026, 3, 3, 2, tzinfo=UTC)


def test_half_a_character_can_be_added(database: Database, report_id: int) -> None:
    with database.writing() as uow:
        builders.an_event(uow, report_id, text="mati \ud83d")
    assert broken(database) == []


@pytest.mark.parametrize(
    ("statement", "seq", "why"),
    [
        ("UPDATE case_event SET kind = 'filed' WHERE seq = 2", 2, "was changed"),
        ("UPDATE case_event SET actor_kind = 'system' WHERE seq = 4", 4, "was changed"),
        ("UPDATE case_event SET is_public = NOT is_public WHERE seq = 1", 1, "was changed"),
        (
            "UPDATE case_event SET at = (SELECT at FROM case_event WHERE seq = 1) WHERE seq = 3",
            3,
            "was changed",
        ),
        ("UPDATE case_event SET data_digest = hash WHERE seq = 2", 2, "was changed"),
        (
            "UPDATE case_event SET data_sealed = (SELECT data_sealed FROM case_event WHERE seq = 1) WHERE seq = 2",
            2,
            "its contents were changed",
        ),
        ("UPDATE case_event SET data_sealed = hash WHERE seq = 2", 2, "its contents cannot be opened"),
        ("DELETE FROM case_event WHERE seq = 1", 2, "event 1 is missing"),
        ("DELETE FROM case_event WHERE seq = 3", 4, "event 3 is missing"),
        ("DELETE FROM case_event WHERE seq = 4", 4, "the end is missing"),
        ("DELETE FROM case_event", 4, "the end is missing"),
        (
            "UPDATE cases SET last_hash = data_digest FROM case_event WHERE seq = 1",
            4,
            "the case knows of another end",
        ),
        ("UPDATE cases SET last_seq = 3", 4, "the case knows of another end"),
    ],
)
def test_tampering_is_found(database: Database, report_id: int, statement: str, seq: int, why: str) -> None:
    """Each kind of change, cut and exchange, at the place where it happened."""
    tamper(database, statement)
    assert broken(database)[0] == BrokenLink("1234567", seq, why)


def test_an_exchange_of_two_events_is_found(database: Database, report_id: int) -> None:
    tamper(database, "UPDATE case_event SET seq = 9 WHERE seq = 2")
    tamper(database, "UPDATE case_event SET seq = 2 WHERE seq = 3")
    tamper(database, "UPDATE case_event SET seq = 3 WHERE seq = 9")
    assert {one.seq for one in broken(database)} >= {2, 3}


def test_an_event_moved_to_another_case_is_found(
    database: Database, report_id: int, contact: Contact
) -> None:
    with database.writing() as uow:
        other = builders.a_case(uow, contact, number="7654321")
    tamper(
        database,
        f"UPDATE case_event SET report_id = {other}, seq = 2 WHERE report_id = {report_id} AND seq = 4",  # noqa: S608
    )
    assert {one.number for one in broken(database)} == {"1234567", "7654321"}


def test_an_inserted_event_is_found(database: Database, report_id: int) -> None:
    """A copy of an event, put at the end by hand."""
    tamper(
        database,
        "INSERT INTO case_event (report_id, seq, at, kind, actor_kind, is_public, data_sealed, data_digest,"
        " previous_hash, hash) SELECT report_id, 5, at, kind, actor_kind, is_public, data_sealed, data_digest,"
        " hash, hash FROM case_event WHERE seq = 4",
    )
    assert [one.seq for one in broken(database)] == [5, 5]


def test_erased_contents_leave_the_chain_whole(database: Database, report_id: int) -> None:
    """A person's words may be erased; that they were there stays provable."""
    tamper(database, "UPDATE case_event SET data_sealed = NULL")
    assert broken(database) == []


def test_a_rotated_key_leaves_the_chain_whole(database_url: str, report_id: int, key: str) -> None:
    """The hashes do not depend on the keys."""
    rotated = Database(database_url, Vault([new_key(), key]))
    try:
        assert broken(rotated) == []
    finally:
        rotated.close()


async def test_two_at_once_follow_each_other(
    database: Database, report_id: int, database_url: str, open_database: Callable[[str], Database]
) -> None:
    """Events of two processes for one case make one chain."""
    meeting = threading.Barrier(2)

    def write(own: Database) -> None:
        for _ in range(10):
            meeting.wait()
            with own.writing() as uow:
                builders.an_event(uow, report_id)

    await asyncio.gather(*(asyncio.to_thread(write, open_database(database_url)) for _ in range(2)))
    assert broken(database) == []
    with database.reading() as uow:
        assert len(uow.connection.execute(select(EVENT.c.id)).all()) == 24
