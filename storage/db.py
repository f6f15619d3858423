"""Engine and unit of work: how a transaction begins and ends, on SQLite and PostgreSQL alike."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import QueuePool

from storage.crypto import Vault

#: how long a writer waits for another one, seconds
BUSY_TIMEOUT = 5


@dataclass(frozen=True, slots=True)
class UnitOfWork:
    """One open transaction and the keys to what is sealed in it. Who opened it commits it."""

    connection: Connection
    vault: Vault

    @property
    def locks_rows(self) -> bool:
        """Whether the database locks single rows; SQLite's writer holds the whole file instead."""
        return self.connection.dialect.name == "postgresql"


class Database:
    """An engine with our rules for transactions. Raises SQLAlchemy's OperationalError when out of reach."""

    def __init__(self, url: str, vault: Vault) -> None:
        self.url = parse_url(url)
        self.vault = vault
        self.engine = _sqlite_engine(self.url) if self.is_sqlite else _postgresql_engine(self.url)

    @property
    def is_sqlite(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    @contextmanager
    def writing(self) -> Iterator[UnitOfWork]:
        """Open a transaction that may write; commits at the end, rolls back when the body raises."""
        with self.engine.begin() as connection:
            yield UnitOfWork(connection, self.vault)

    @contextmanager
    def reading(self) -> Iterator[UnitOfWork]:
        """Open a transaction that only reads and keeps no writer waiting."""
        with self.engine.connect() as connection:
            connection = connection.execution_options(kanal_read_only=True)  # noqa: PLW2901
            yield UnitOfWork(connection, self.vault)
            connection.rollback()

    def close(self) -> None:
        self.engine.dispose()


def parse_url(url: str) -> URL:
    """Return the URL with our driver filled in. Raises ValueError for a database we do not know."""
    parsed = make_url(url)
    match parsed.get_backend_name():
        case "sqlite":
            return parsed.set(drivername="sqlite")
        case "postgresql" | "postgres":
            return parsed.set(drivername="postgresql+psycopg")
        case other:
            raise ValueError(f"expected sqlite:///… or postgresql://…, got {other}")


def _sqlite_engine(url: URL) -> Engine:
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        poolclass=QueuePool,
        hide_parameters=True,  # an error must not quote what people wrote
        pool_size=4,
        connect_args={"timeout": BUSY_TIMEOUT, "check_same_thread": False},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # we emit BEGIN ourselves, below
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # we acknowledge after the commit, so the commit must last
        "foreign_keys=ON",
        "secure_delete=ON",  # erased means erased
        "trusted_schema=OFF",
        "cache_size=-16000",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later fails at once when another one wrote in between.
    read_only = connection.get_execution_options().get("kanal_read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def _postgresql_engine(url: URL) -> Engine:
    return create_engine(
        url, pool_size=8, pool_pre_ping=True, hide_parameters=True, connect_args={"connect_timeout": BUSY_TIMEOUT, "options": "-c jit=off"}
    )
