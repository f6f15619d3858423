"""Group commit: one thread writes; what waits together is committed together.

A durable commit costs a disk sync (about 4 ms on a slow disk), so one commit per message allows 250 messages a second
and one for all that wait allows thousands. Each piece of work runs in a savepoint of its own: what raises fails alone.
"""

import asyncio
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any, TypeVar

import structlog
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from storage.db import Database, UnitOfWork

T = TypeVar("T")
log = structlog.get_logger()


class StorageUnavailable(Exception):
    """The database is locked, full, down or out of reach; nothing of the work was kept."""


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

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Finish what waits and end the thread."""
        self._queue.put(None)
        self._thread.join()

    async def run(self, work: Callable[[UnitOfWork], T]) -> T:
        """Return what `work` returned, once it is committed.

        Raises what `work` raised (its effects are undone), or StorageUnavailable.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._queue.put(_Job(work, future, loop))
        return await future

    def _run(self) -> None:
        while (first := self._queue.get()) is not None:
            batch, is_last = self._gather(first)
            self._commit(batch)
            for job in batch:
                job.loop.call_soon_threadsafe(_settle, job)
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
        """Commit the batch; when the transaction as a whole fails, each job alone."""
        try:
            self._transact(batch)
        except (OperationalError, InterfaceError) as error:
            if len(batch) > 1 and not _is_out_of_reach(error):  # a deadlock or a full disk may be one job's doing
                for job in batch:
                    self._commit([job])
                return
            log.warning("storage_unavailable", error=type(error.orig).__name__, jobs=len(batch))
            for job in batch:
                job.error = StorageUnavailable(type(error.orig).__name__)
        except Exception as error:  # the edge of a thread: nobody above could tell the callers
            for job in batch:
                job.error = error

    def _transact(self, batch: Sequence[_Job]) -> None:
        with self._database.writing() as uow:
            for job in batch:
                job.error = None
                try:
                    with uow.connection.begin_nested():
                        job.result = job.work(uow)
                except (OperationalError, InterfaceError):
                    raise
                except Exception as error:  # its caller's business, and nobody else's
                    job.error = error


def _is_out_of_reach(error: DBAPIError) -> bool:
    return error.connection_invalidated or isinstance(error, InterfaceError)


def _settle(job: _Job) -> None:
    if job.future.cancelled():
        return
    if job.error is not None:
        job.future.set_exception(job.error)
    else:
        job.future.set_result(job.result)
