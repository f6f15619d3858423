"""Whatever job is cut off between any two of its statements, and run again: nothing changes for anyone.

Every job of the table, a new one as well, on a morning on which it has something to do (`tests/busy.py`). Of long jobs
some two dozen places are tried; EVERY_STATEMENT=1 tries all.
"""

import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Connection, Table, event, select

from bot.scheduler import JOBS, Job
from handlers.service import Service
from storage.db import Database, UnitOfWork
from storage.models import metadata
from tests.busy import MORNINGS, Busy
from tests.killed import Dead

PLACES = 12
#: how savepoints begin and end
_CONTROL = ("SAVEPOINT", "RELEASE", "ROLLBACK")
#: what differs from run to run: chance, and what is made of it
_CHANCE = frozenset({"data_digest", "previous_hash", "hash", "last_hash", "code_digest"})


class Rehearsal:
    """Runs a job in one transaction that is never kept; the job's own transactions are savepoints in it."""

    def __init__(self, connection: Connection, office: Busy, job: Job) -> None:
        self._connection, self._office, self._job = connection, office, job
        self.seen = 0
        #: statements until the process dies; None: it lives
        self.left: int | None = None
        event.listen(connection, "before_cursor_execute", self._burn)

    def _burn(self, *args: Any) -> None:
        if args[2].startswith(_CONTROL):
            return
        self.seen += 1
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                self.left = None
                raise Dead

    def runs(self, now: datetime) -> int:
        total = 0
        while True:
            with self._connection.begin_nested():
                uow = UnitOfWork(self._connection, self._office.database.vault)
                done = self._job.work(uow, self._office.service, now)
            if not done:
                return total
            total += done

    def killed(self, now: datetime, survived: int) -> Counter[str]:
        """Return what there is when a run dies after so many statements and another follows; it is undone."""
        with self.undone():
            self.left = survived
            with suppress(Dead):
                self.runs(now)
            self.left = None
            self.runs(now)
            return self.outcome()

    @contextmanager
    def undone(self) -> Iterator[None]:
        savepoint = self._connection.begin_nested()
        try:
            yield
        finally:
            savepoint.rollback()

    def outcome(self) -> Counter[str]:
        """Return all rows, seals opened; without what differs from run to run."""
        return Counter(
            f"{table.name} {self._plain(table, dict(row._mapping))}"
            for table in metadata.sorted_tables
            for row in self._connection.execute(select(table))
        )

    def _plain(self, table: Table, row: dict[str, Any]) -> dict[str, Any]:
        for column in table.columns:
            value = row[column.name]
            if column.name in _CHANCE or column.name == "id":
                del row[column.name]
            elif value is not None and column.name.endswith("_sealed"):
                row[column.name] = self._opened(value)
        return row

    def _opened(self, sealed: bytes) -> object:
        text = self._office.database.vault.unseal(sealed)
        try:
            told = json.loads(text)
        except ValueError:
            return text
        if isinstance(told, dict):
            told.pop("salt", None)
        return told


def undisturbed(rehearsal: Rehearsal, service: Service) -> tuple[datetime, int, Counter[str]] | None:
    """Return the first morning on which the job has something to do, its statements, and what there is then.

    From its very first run: what it might remember of it would show in the next ones.
    """
    for morning in MORNINGS:
        now = datetime.fromisoformat(morning).replace(tzinfo=service.deployment.zone)
        with rehearsal.undone():
            rehearsal.seen = 0
            if rehearsal.runs(now):
                return now, rehearsal.seen, rehearsal.outcome()
    return None


@pytest.mark.timeout(600 if os.environ.get("EVERY_STATEMENT") else 120)
def test_killed_and_run_again(loaded: Database, service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the end every row is as if nothing had happened."""
    office = Busy(loaded, service).open()
    for job in JOBS:
        module = sys.modules[job.work.__module__]
        # So that a job of a few cases has several transactions. Patched, as no caller of a job has a say in how much it
        # does at once: an argument would go through eleven jobs for this test alone.
        if hasattr(module, "BATCH"):
            monkeypatch.setattr(module, "BATCH", 2)
        with loaded.engine.connect() as connection:
            rehearsal = Rehearsal(connection, office, job)
            found = undisturbed(rehearsal, service)
            assert found is not None, f"give {job.name} something to do in tests/busy.py"
            now, statements, expected = found
            stride = 1 if os.environ.get("EVERY_STATEMENT") else max(statements // PLACES, 1)
            for survived in range(0, statements, stride):
                assert rehearsal.killed(now, survived) == expected, (job.name, survived)
            connection.rollback()
