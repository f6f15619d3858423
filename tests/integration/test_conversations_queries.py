"""Addresses, the people behind them, and their conversations, also with two processes at once."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from storage.crypto import Vault, new_key
from storage.db import Database, UnitOfWork
from storage.queries import conversations, outbox
from storage.queries.conversations import ADDRESS, REPORTER, Contact
from storage.vocabulary import Channel, Language, Priority
from tests import builders
from tests.fakes.clock import MONDAY


def find(database: Database, identifier: str = "1001") -> Contact | None:
    with database.reading() as uow:
        return conversations.find_contact(uow, Channel.TELEGRAM, identifier, lock=False)


def save(uow: UnitOfWork, contact: Contact, progress: str) -> None:
    conversations.save_progress(uow, contact, progress, draft_touched_at=None, now=MONDAY)


def test_a_new_address_is_a_new_person(database: Database) -> None:
    """With the language of the deployment and no conversation yet."""
    assert find(database) is None
    with database.writing() as uow:
        made = builders.a_contact(uow)
    assert made == find(database)
    assert (made.language, made.progress, made.version) == ("id", None, 0)
    assert not made.is_stopped
    assert not made.is_unreachable


def test_the_same_address_is_the_same_person(database: Database) -> None:
    """The same identifier on another channel is not: phone numbers and chat ids may coincide."""
    with database.writing() as uow:
        one, again = builders.a_contact(uow), builders.a_contact(uow)
        other = builders.a_contact(uow, channel=Channel.SMS)
    assert one == again
    assert other.reporter_id != one.reporter_id


def test_a_conversation_is_stored_and_counted(database: Database) -> None:
    """Each change adds one to the version."""
    for number in range(3):
        with database.writing() as uow:
            save(uow, builders.a_contact(uow), f"step {number}")
    found = find(database)
    assert found is not None
    assert (found.progress, found.version) == ("step 2", 3)


def test_what_is_said_of_an_address_is_kept(database: Database) -> None:
    """STOP, blocked, language and consent."""
    with database.writing() as uow:
        contact = builders.a_contact(uow)
        conversations.set_stopped(uow, contact.address_id, MONDAY)
        conversations.set_unreachable(uow, contact.address_id, MONDAY)
        conversations.set_language(uow, contact.reporter_id, Language.ENGLISH)
        conversations.record_consent(uow, contact.reporter_id, "2", "Budi", MONDAY)
        conversations.record_consent(uow, contact.reporter_id, "3", "", MONDAY)
    found = find(database)
    assert found is not None
    assert (found.is_stopped, found.is_unreachable, found.language) == (True, True, "en")
    with database.reading() as uow:
        row = uow.connection.execute(select(REPORTER)).one()
    assert (database.vault.unseal(row.name_sealed), row.consent_version) == ("Budi", "3")


def test_an_address_of_the_old_key_is_found_with_the_new_one(
    database: Database, database_url: str, key: str
) -> None:
    """After a rotation nobody becomes a stranger."""
    with database.writing() as uow:
        made = builders.a_contact(uow)
    rotated = Database(database_url, Vault([new_key(), key]))
    with rotated.writing() as uow:
        assert builders.a_contact(uow) == made
    rotated.close()


def test_an_address_made_under_both_keys_at_once_is_still_one_conversation(
    database: Database, database_url: str, key: str
) -> None:
    """During a rotation processes may write with different keys; the older address goes on."""
    with database.writing() as uow:
        first = builders.a_contact(uow, "1")
    rotated = Database(database_url, Vault([new_key(), key]))
    with rotated.writing() as uow:
        values = {
            "reporter_id": first.reporter_id,
            "channel": "telegram",
            "identifier_hash": rotated.vault.fingerprint("address:telegram", "1"),
            "identifier_sealed": b"",
            "created_at": MONDAY,
        }
        uow.connection.execute(ADDRESS.insert(), values)
        assert builders.a_contact(uow, "1").address_id == first.address_id
    rotated.close()


def test_two_processes_meet_a_new_person_once(
    database: Database, database_url: str, open_database: Callable[[str], Database]
) -> None:
    """Both make the address at the same moment: one person, one address, nothing left over."""
    meeting = threading.Barrier(2)

    def meet(own: Database) -> list[Contact]:
        found = []
        for number in range(15):
            meeting.wait()
            with own.writing() as uow:
                found.append(builders.a_contact(uow, f"new {number}"))
        return found

    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(meet, [open_database(database_url) for _ in range(2)])
    assert one == other
    with database.reading() as uow:
        for table in (ADDRESS, REPORTER):
            assert uow.connection.execute(select(func.count()).select_from(table)).scalar_one() == 15


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
def test_who_waited_for_a_conversation_sees_its_newest_state(
    database: Database, database_url: str, open_database: Callable[[str], Database]
) -> None:
    """The second message of a person goes on from where the first one ended, not from what it saw while waiting."""
    with database.writing() as uow:
        save(uow, builders.a_contact(uow), "before")
    has_begun = threading.Event()

    def second() -> str | None:
        with open_database(database_url).writing() as uow:
            has_begun.set()
            contact = conversations.find_contact(uow, Channel.TELEGRAM, "1001")
            return contact.progress if contact else None

    with ThreadPoolExecutor(1) as pool:
        with database.writing() as uow:
            contact = conversations.find_contact(uow, Channel.TELEGRAM, "1001")
            assert contact is not None
            waiting = pool.submit(second)
            has_begun.wait()
            _until_somebody_waits(database)
            save(uow, contact, "after")
        assert waiting.result() == "after"


def _until_somebody_waits(database: Database) -> None:
    query = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    with database.reading() as uow:
        while uow.connection.exec_driver_sql(query).scalar_one() == 0:
            pass


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
def test_a_locked_conversation_keeps_nobody_from_writing_to_the_person(
    database: Database, database_url: str, open_database: Callable[[str], Database]
) -> None:
    """News may be queued for somebody whose message is just being handled."""
    with database.writing() as uow:
        builders.a_contact(uow)
    other = open_database(database_url)
    with database.writing() as uow:
        conversations.find_contact(uow, Channel.TELEGRAM, "1001")
        with other.writing() as another:
            another.connection.exec_driver_sql("SET lock_timeout = '2s'")
            found = conversations.find_contact(another, Channel.TELEGRAM, "1001", lock=False)
            assert found is not None
            outbox.queue(
                another,
                outbox.Message(
                    address_id=found.address_id,
                    channel=Channel.TELEGRAM,
                    payload="{}",
                    priority=Priority.NEWS,
                ),
                now=MONDAY,
            )
