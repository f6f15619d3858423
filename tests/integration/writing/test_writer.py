"""Group commit: what waits is committed together, each piece alone answers for its faults."""

import asyncio
import contextlib
import threading
from collections.abc import Callable

import pytest
from sqlalchemy import event, insert, text
from sqlalchemy.exc import InternalError, OperationalError

from bot.writer import StorageUnavailable, Writer
from storage.db import Database, TransactionLost, UnitOfWork
from tests.integration.writing.works import AGENCY, add, codes, together


async def test_the_result_comes_after_the_commit(writer: Writer, database: Database) -> None:
    """When `run` returns, everybody sees the effects."""
    assert await writer.run(add("a")) == "a"
    assert codes(database) == ["a"]


async def test_what_waits_is_committed_together(writer: Writer, database: Database) -> None:
    """A hundred pieces of work that wait need one commit, not a hundred."""
    commits: list[object] = []
    event.listen(database.engine, "commit", commits.append)
    results = await together(writer, *(add(f"{number:03}") for number in range(100)))
    assert len(commits) == 2
    assert results == codes(database)


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


def test_what_is_written_while_reading_is_not_kept(database: Database) -> None:
    """By mistake, or refused at once: nobody's work may hang on which transaction it happened to run in."""
    with contextlib.suppress(InternalError), database.reading() as uow:
        add("a")(uow)
    assert codes(database) == []
