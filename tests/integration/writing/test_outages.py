"""A database that is locked, full, broken, away, or contended for: who waits is told, and nothing is half done."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable

import pytest
from sqlalchemy import event, insert, text

from bot.writer import StorageUnavailable, Writer
from storage.db import Database, UnitOfWork
from storage.queries import conversations
from tests import builders
from tests.fakes import postgresql
from tests.fakes.clock import MONDAY
from tests.integration.writing.works import AGENCY, add, codes, together


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
async def test_a_locked_file_refuses_all_that_wait_at_once(
    database: Database,
    database_url: str,
    open_database: Callable[[str], Database],
    start: Callable[..., Writer],
) -> None:
    """Everybody hears after one time-out, not one after the other; and it recovers by itself."""
    begins: list[object] = []
    impatient = open_database(f"{database_url}?timeout=0.2")
    writer = start(impatient)
    other = sqlite3.connect(str(database.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    event.listen(impatient.engine, "begin", begins.append, insert=True)
    results = await asyncio.gather(*(writer.run(add(str(one))) for one in range(50)), return_exceptions=True)
    assert {type(result) for result in results} == {StorageUnavailable}
    assert len(begins) <= 2
    other.execute("ROLLBACK")
    assert await writer.run(add("a")) == "a"
    other.close()


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
async def test_a_full_disk_refuses_what_is_too_big_only(
    database: Database, start: Callable[..., Writer]
) -> None:
    """Of a batch that does not fit, what fits alone is kept."""
    event.listen(database.engine, "connect", lambda one, _record: one.execute("PRAGMA max_page_count=80"))
    writer = start()

    def add_big(uow: UnitOfWork) -> None:
        uow.connection.execute(insert(AGENCY), {"code": "big", "name": "x" * 1_000_000})

    first, big, last = await together(writer, add("a"), add_big, add("b"))
    assert (first, last) == ("a", "b")
    assert isinstance(big, StorageUnavailable)
    assert codes(database) == ["a", "b"]


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
async def test_a_commit_that_fails_fails_for_its_cause_alone(writer: Writer, database: Database) -> None:
    """A constraint that is checked at the end only stops the whole transaction; each piece then goes alone."""

    def dangle(uow: UnitOfWork) -> None:
        uow.connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        uow.connection.execute(text("INSERT INTO category (code, agency_code) VALUES ('x', 'nobody')"))

    first, failed, last = await together(writer, add("a"), dangle, add("b"))
    assert (first, last) == ("a", "b")
    assert "FOREIGN KEY" in str(failed)
    assert codes(database) == ["a", "b"]


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
async def test_a_broken_connection_is_an_outage_for_all_in_it(writer: Writer, database: Database) -> None:
    """The server goes away in the middle: nothing is kept, everybody must repeat, and the next one is served."""

    def cut(uow: UnitOfWork) -> None:
        uow.connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    results = await together(writer, add("a"), cut, add("b"))
    assert {type(result) for result in results} == {StorageUnavailable}
    assert codes(database) == []
    assert await writer.run(add("a")) == "a"


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
async def test_a_broken_connection_under_another_error_is_an_outage_too(
    writer: Writer, database: Database
) -> None:
    """Work may wrap the error in its own; the others in the batch are not to blame either."""

    def cut(uow: UnitOfWork) -> None:
        try:
            uow.connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        except Exception as error:
            raise ValueError("mine") from error

    first, _, last = await together(writer, add("a"), cut, add("b"))
    assert (first, last) == ("a", "b")
    assert codes(database) == ["a", "b"]


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
async def test_a_server_that_is_down_and_back_needs_no_restart_of_ours(
    writer: Writer, database: Database, postgresql_server: postgresql.Server
) -> None:
    """Connections that a restart cut are noticed and made anew."""
    await writer.run(add("a"))
    name = str(database.url.database)
    postgresql_server.close_to_all(name)
    for _ in range(3):
        with pytest.raises(StorageUnavailable):
            await writer.run(add("b"))
    postgresql_server.reopen(name)
    assert await writer.run(add("b")) == "b"
    postgresql_server.disconnect_all(name)
    assert await writer.run(add("c")) == "c"
    assert codes(database) == ["a", "b", "c"]


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
async def test_a_deadlock_between_two_processes_is_settled(
    database: Database,
    database_url: str,
    open_database: Callable[[str], Database],
    start: Callable[..., Writer],
    postgresql_server: postgresql.Server,
) -> None:
    """Two batches that hold what the other wants: the loser's jobs go alone, and all are done."""
    postgresql_server.run(f"ALTER DATABASE \"{database.url.database}\" SET deadlock_timeout = '50ms'")
    with database.writing() as uow:
        for identifier in ("1", "2"):
            builders.a_contact(uow, identifier)
    meeting = threading.Barrier(2)

    def lock(identifier: str, *, meet: bool) -> Callable[[UnitOfWork], str]:
        has_met = False

        def work(uow: UnitOfWork) -> str:
            nonlocal has_met
            contact = conversations.find_contact(uow, "telegram", identifier)
            assert contact is not None
            conversations.save_progress(uow, contact, "{}", draft_touched_at=None, now=MONDAY)
            if meet and not has_met:
                has_met = True
                meeting.wait()
            return identifier

        return work

    one, two = start(open_database(database_url)), start(open_database(database_url))
    results = await asyncio.gather(
        together(one, lock("1", meet=True), lock("2", meet=False)),
        together(two, lock("2", meet=True), lock("1", meet=False)),
    )
    assert list(results) == [["1", "2"], ["2", "1"]]
    with database.reading() as uow:
        for identifier in ("1", "2"):
            contact = conversations.find_contact(uow, "telegram", identifier, lock=False)
            assert contact is not None
            assert contact.version == 2


async def test_the_event_loop_runs_while_the_database_is_waited_for(writer: Writer) -> None:
    """Requests are answered and timers run, however long a commit takes."""
    go_on = threading.Event()
    task = asyncio.ensure_future(writer.run(lambda _uow: go_on.wait()))
    await asyncio.sleep(0)
    go_on.set()  # only a loop that is free gets here
    assert await task is True
