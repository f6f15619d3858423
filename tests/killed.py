"""A process that ends between any two statements, and what it has executed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import event

from handlers.service import Service
from storage.db import Database, UnitOfWork

Work = Callable[[UnitOfWork, Service, datetime], int]


@contextmanager
def statements(database: Database) -> Iterator[list[tuple[str, Any]]]:
    """The statements that were executed meanwhile, with their parameters."""
    seen: list[tuple[str, Any]] = []

    def note(*args: Any) -> None:
        seen.append((args[2], args[3]))

    event.listen(database.engine, "before_cursor_execute", note)
    yield seen
    event.remove(database.engine, "before_cursor_execute", note)


class Dead(Exception):  # noqa: N818
    """The process has ended here."""


@dataclass
class Fuse:
    """Ends the process when a number of statements and commits have gone by."""

    left: int | None = None

    def watch(self, database: Database) -> None:
        event.listen(database.engine, "before_cursor_execute", lambda *_args: self._burn())
        event.listen(database.engine, "commit", lambda _connection: self._burn())

    def _burn(self) -> None:
        if self.left is None:
            return
        self.left -= 1
        if self.left < 0:
            raise Dead
