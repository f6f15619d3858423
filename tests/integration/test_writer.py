"""Group commit: what waits is committed together, each piece alone answers for its faults."""

import asyncio
import contextlib
import sqlite3
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import event, insert, select, text
from sqlalchemy.exc import OperationalError

from bot.writer import StorageUnavailable, Writer
from storage.db import Database, TransactionLost, UnitOfWork
from storage.models import Agency, table
from storage.queries import conversations
from tests import builders
from tests.fakes import postgresql
from tests.fakes.clock import MONDAY

AGENCY = table(Agency)


@pytest.fixture
def start(database: Database) -> Iterator[Callable[..., Writer]]:
    """Starts writers, and stops them after the test."""
    started: list[Writer] = []

    def start_one(on: Database = database) -> Writer:
        started.append(Writer(on))
        started[-1].start()
        return started[-1]

    yield start_one
    for writer in started:
        writer.stop()


@pytest.fixture
def writer(start: Callable[..., Writer]) -> Writer:
    return start()


def add(code: str) -> Callable[[UnitOfWork], str]:
    """Work that stores one row and returns its code."""

    def work(uow: UnitOfWork) -> str:
        uow.connection.execute(insert(AGENCY), {"code": code, "name": code})
        return code

    return work


def codes(database: Database) -> list[str]:
    """What another connection sees."""
    with database.reading() as uow:
        return list(uow.connection.execute(select(AGENCY.c.code).order_by(AGENCY.c.code)).scalars())


async def together(writer: Writer, *works: Callable[[UnitOfWork], Any]) -> list[Any]:
    """Hand in work while the writer is busy, so that it is one batch; return results and errors."""
    is_busy, go_on = threading.Event(), threading.Event()

    def hold(_uow: UnitOfWork) -> None:
        is_busy.set()
        go_on.wait()

    holding = asyncio.ensure_future(writer.run(hold))
    await asyncio.to_thread(is_busy.wait)
    tasks = [asyncio.ensure_future(writer.run(work)) for work in works]
    await asyncio.sleep(0)  # each has put its work into the queue
    go_on.set()
    await holding
    return await asyncio.gather(*tasks, return_exceptions=True)


async def test_the_result_comes_after_the_commit(writer: Writer, database: Database) -> None:
    """When `run` returns, everybody sees the effects."""
    assert await writer.run(add("a")) == "a"
    assert codes(database) == ["a"]


async def test_what_waits_is_committed_together(writer: Writer, database: Database) -> None:
    """A hundred pieces of work that wait need one commit, not a hundred."""
    commits: list[object] = []
    event.listen(database.engine, "commit", commits.append)
    results = await together(writer, *(add(f"{number:03}") for number in range(100)))
    assert results == codes(database)
    assert len(commits) == 2


async def test_what_raises_fails_alone(writer: Writer, database: Database) -> None:
    """Its effects are undone, it alone hears of it, and those before and after it are committed."""

    def fail(uow: UnitOfWork) -> None:
        add("half")(uow)
        raise ValueError("mine")

    first, failed, last = await together(writer, add("a"), fail, add("b"))
    assert (first, last) == ("a", "b")
    assert isinstance(failed, ValueError)
    assert codes(database) == ["a", "b"]


async def test_what_raises_alone_is_undone(writer: Writer, database: Database) -> None:
    """The same without company."""

    def fail(uow: UnitOfWork) -> None:
        add("half")(uow)
        raise ValueError("mine")

    with pytest.raises(ValueError, match="mine"):
        await writer.run(fail)
    assert codes(database) == []


async def test_an_error_of_the_database_fails_alone_too(writer: Writer, database: Database) -> None:
    """PostgreSQL refuses everything after an error."""
    await writer.run(add("a"))
    first, failed, last = await together(writer, add("b"), add("a"), add("c"))
    assert (first, last) == ("b", "c")
    assert "unique" in str(failed).lower()
    assert codes(database) == ["a", "b", "c"]


async def test_a_swallowed_error_of_the_database_harms_nobody_else(
    writer: Writer, database: Database
) -> None:
    """Work that hides an error may lose its own effects; never others'."""
    await writer.run(add("a"))

    def swallow(uow: UnitOfWork) -> None:
        with contextlib.suppress(Exception):  # the mistake this is about
            add("a")(uow)

    first, _, last = await together(writer, add("b"), swallow, add("c"))
    assert (first, last) == ("b", "c")
    assert codes(database) == ["a", "b", "c"]


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
async def test_a_swallowed_error_is_never_taken_for_a_commit(writer: Writer, database: Database) -> None:
    """After an error PostgreSQL answers COMMIT by undoing everything, without a word."""
    await writer.run(add("a"))

    def swallow(uow: UnitOfWork) -> None:
        add("b")(uow)
        with contextlib.suppress(Exception):
            add("a")(uow)

    with pytest.raises(TransactionLost):
        await writer.run(swallow)
    assert codes(database) == ["a"]


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
async def test_a_swallowed_full_disk_is_never_taken_for_a_commit(
    database: Database, start: Callable[..., Writer]
) -> None:
    """SQLite undoes a transaction that does not fit at once; COMMIT then has nothing to say."""
    event.listen(database.engine, "connect", lambda one, _record: one.execute("PRAGMA max_page_count=80"))

    def swallow(uow: UnitOfWork) -> None:
        add("b")(uow)
        with contextlib.suppress(Exception):
            uow.connection.execute(insert(AGENCY), {"code": "big", "name": "x" * 1_000_000})

    with pytest.raises(TransactionLost):
        await start().run(swallow)
    assert codes(database) == []


@pytest.mark.parametrize("in_company", [True, False])
async def test_a_statement_that_is_at_fault_is_no_outage(
    writer: Writer, database: Database, *, in_company: bool
) -> None:
    """SQLite calls a misspelt column operational; the caller hears of it once, and it is not tried for ever."""
    runs: list[int] = []

    def misspell(uow: UnitOfWork) -> None:
        runs.append(1)
        uow.connection.execute(text("SELECT nmae FROM agency"))

    works = [add("a"), misspell, add("b")] if in_company else [misspell]
    results = await together(writer, *works)
    (failed,) = (result for result in results if isinstance(result, Exception))
    assert not isinstance(failed, StorageUnavailable)
    assert len(runs) == (2 if in_company else 1)  # again alone
    assert codes(database) == (["a", "b"] if in_company else [])


async def test_an_error_that_only_looks_like_an_outage_is_the_works_own(writer: Writer) -> None:
    """Work that raises the class of error itself is not tried for ever."""

    def pretend(_uow: UnitOfWork) -> None:
        raise OperationalError("x", {}, Exception("y"))

    with pytest.raises(OperationalError):
        await writer.run(pretend)


@pytest.mark.parametrize("kind_of_end", [StopIteration, SystemExit, GeneratorExit])
async def test_no_exception_ends_the_thread(writer: Writer, kind_of_end: type[BaseException]) -> None:
    """Whatever is raised, the caller gets an answer and the next one is served."""

    def end(_uow: UnitOfWork) -> None:
        raise kind_of_end

    (failed,) = await together(writer, end)
    assert isinstance(failed, RuntimeError)
    assert await writer.run(add("a")) == "a"


async def test_who_gave_up_waiting_does_not_disturb(writer: Writer, database: Database) -> None:
    """A cancelled caller's work is committed all the same: nobody knows how far it had got."""
    is_busy, go_on = threading.Event(), threading.Event()

    def hold(uow: UnitOfWork) -> None:
        is_busy.set()
        go_on.wait()
        add("a")(uow)

    task = asyncio.ensure_future(writer.run(hold))
    await asyncio.to_thread(is_busy.wait)
    task.cancel()
    go_on.set()
    assert await writer.run(add("b")) == "b"
    assert codes(database) == ["a", "b"]


def test_a_closed_loop_does_not_end_the_thread(writer: Writer, database: Database) -> None:
    """Its callers are gone; the thread serves others."""
    go_on = threading.Event()

    async def leave() -> None:
        task = asyncio.ensure_future(writer.run(lambda _uow: go_on.wait()))
        await asyncio.sleep(0)
        task.cancel()

    asyncio.run(leave())
    go_on.set()
    assert asyncio.run(writer.run(add("a"))) == "a"


async def test_stopping_finishes_what_waits(database: Database) -> None:
    """Nothing that was handed in is dropped; what comes later is refused rather than left to hang."""
    writer = Writer(database)
    tasks = [asyncio.ensure_future(writer.run(add(f"{number:02}"))) for number in range(10)]
    await asyncio.sleep(0)
    writer.start()
    writer.stop()
    assert await asyncio.gather(*tasks) == codes(database)
    with pytest.raises(StorageUnavailable):
        await writer.run(add("late"))


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
