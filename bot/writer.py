"""Group commit: one thread writes; what waits together is committed together.

A durable commit costs a disk sync (about 4 ms on a slow disk), so one commit per message allows 250 messages a
second and one for all that wait allows thousands. A piece of work that raises undoes what it was committed with: the
others are run again without it. That is rare, and cheaper than a savepoint (two statements) for each.
"""

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import pairwise
from queue import SimpleQueue
from typing import Any, TypeVar

import structlog

from storage.db import Database, TransactionLost, UnitOfWork
from storage.faults import Meaning, meaning_of
from storage.queries import rotation

T = TypeVar("T")
log = structlog.get_logger()

#: how often a piece of work that lost against another process is tried
ATTEMPTS = 3


class StorageUnavailable(Exception):  # noqa: N818 - it names a state of affairs
    """The database is locked, full, down or out of reach.

    Nothing of the work was kept, or, where the connection broke during the commit, perhaps all of it.
    """


class _Undo(Exception):  # noqa: N818
    """Rolls a transaction back without being a fault of it."""


@dataclass(slots=True)
class _Job:
    work: Callable[[UnitOfWork], Any]
    future: asyncio.Future[Any]
    loop: asyncio.AbstractEventLoop
    result: Any = None
    error: BaseException | None = None


class Writer:
    """Runs units of work on one thread and tells each caller after the commit."""

    def __init__(self, database: Database, *, max_batch: int = 256) -> None:
        self._database = database
        self._max_batch = max_batch
        self._queue: SimpleQueue[_Job | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._is_open = True
        self._has_announced = False

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Finish what waits and end the thread; later work is refused."""
        self._is_open = False
        self._queue.put(None)
        self._thread.join()

    async def run(self, work: Callable[[UnitOfWork], T]) -> T:
        """Return what `work` returned, once it is committed; else as `submit`."""
        return await self.submit(work)

    def submit(self, work: Callable[[UnitOfWork], T]) -> asyncio.Future[T]:
        """Line up `work`; what is submitted in one go is mostly committed together, and always in its order.

        The future has what `work` returned, once it is committed, or raises what `work` raised (its effects are
        undone), or StorageUnavailable. `work` may run more than once, each time in a transaction from which
        nothing of the time before is left.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        if self._is_open:
            self._queue.put(_Job(work, future, loop))
        else:
            future.set_exception(StorageUnavailable("stopped"))
        return future

    def _run(self) -> None:
        while (first := self._queue.get()) is not None:
            batch, is_last = self._gather(first)
            self._commit(batch)
            _tell(batch)
            if is_last:
                return

    def _gather(self, first: _Job) -> tuple[list[_Job], bool]:
        batch = [first]
        while len(batch) < self._max_batch and not self._queue.empty():
            job = self._queue.get()
            if job is None:
                return batch, True
            batch.append(job)
        return batch, False

    def _commit(self, batch: Sequence[_Job]) -> None:
        """Commit the batch, in its order; where one job fails, that one alone, and those before and after it again.

        Where the commit fails for what may be one job's doing, each is committed alone.
        """
        if len(batch) == 1:
            self._commit_alone(batch[0])
            return
        error = self._failure_of(lambda: self._transact(batch)) if batch else None
        if error is None:
            return
        if meaning_of(error) is Meaning.OUT_OF_REACH:
            _refuse(batch, error)
            return
        failed = [position for position, job in enumerate(batch) if job.error is not None]
        for start, end in pairwise([-1, *(failed or range(len(batch))), len(batch)]):
            self._commit(batch[start + 1 : end])
            if end < len(batch):
                self._commit_alone(batch[end])

    def _commit_alone(self, job: _Job) -> None:
        for attempt in range(1, ATTEMPTS + 1):
            error = self._failure_of(lambda: self._transact_alone(job))
            if error is None:
                return
            meaning = meaning_of(error)
            if meaning is Meaning.OWN_FAULT:  # found out by the commit
                job.error = error
                return
            if attempt == ATTEMPTS or meaning is Meaning.OUT_OF_REACH:
                _refuse([job], error)
                return

    def _failure_of(self, transaction: Callable[[], None]) -> Exception | None:
        """Return what stopped a transaction as a whole."""
        try:
            transaction()
        except Exception as error:  # noqa: BLE001 - the edge of a thread: nobody above could tell the callers
            return error
        return None

    @contextmanager
    def _writing(self) -> Iterator[UnitOfWork]:
        """Open a transaction, unless somebody writes with a data key we do not know (storage.queries.rotation)."""
        admit = rotation.require_known_keys if self._has_announced else rotation.announce_keys
        with self._database.writing() as uow:
            admit(uow)
            yield uow
        self._has_announced = True

    def _transact(self, batch: Sequence[_Job]) -> None:
        """Raises _Undo where a job failed; it knows the error, which is its caller's business and nobody else's."""
        for job in batch:
            job.result = job.error = None
        with self._writing() as uow:
            for job in batch:
                try:
                    job.result = job.work(uow)
                except BaseException as error:
                    if _stops_everything(uow, error):
                        raise
                    job.error = error
                    raise _Undo from error

    def _transact_alone(self, job: _Job) -> None:
        with suppress(_Undo):
            self._transact([job])


def _stops_everything(uow: UnitOfWork, error: BaseException) -> bool:
    """Tell whether a job failed with the database; a job's own errors are told to its caller alone."""
    is_lost = isinstance(error, TransactionLost) or uow.connection.invalidated
    return is_lost or meaning_of(error) is not Meaning.OWN_FAULT


def _refuse(jobs: Sequence[_Job], error: Exception) -> None:
    """Tell the callers that nothing was kept."""
    name = type(getattr(error, "orig", None) or error).__name__
    log.warning("storage_unavailable", error=name, jobs=len(jobs))
    for job in jobs:
        job.error = StorageUnavailable(name)
        job.error.__cause__ = error


def _tell(batch: Sequence[_Job]) -> None:
    """Tell the callers what came of it: each loop is woken once, as that takes a system call."""
    for loop in {job.loop for job in batch}:
        with suppress(RuntimeError):  # it is closed: nobody waits there any more
            loop.call_soon_threadsafe(_settle, [job for job in batch if job.loop is loop])


def _settle(jobs: Sequence[_Job]) -> None:
    for job in jobs:
        if not job.future.done():
            _answer(job)


def _answer(job: _Job) -> None:
    match job.error:
        case None:
            job.future.set_result(job.result)
        case Exception() as error if not isinstance(error, StopIteration):
            job.future.set_exception(error)
        case error:  # a future does not take it, or it would end the loop
            job.future.set_exception(RuntimeError(f"work raised {type(error).__name__}"))
