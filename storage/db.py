"""Engine and unit of work: how a transaction begins and ends, on SQLite and PostgreSQL alike."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Column, Connection, Engine, Table, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import QueuePool
from sqlalchemy.sql.dml import ReturningInsert

from storage.crypto import Vault
from storage.faults import Meaning, meaning_of

T = TypeVar("T")

#: how long a writer waits for another one, or for a connection, seconds
BUSY_TIMEOUT = 5
#: how long a PostgreSQL server may leave our packets unanswered, seconds
SILENCE_TIMEOUT = 15


class TransactionLost(Exception):  # noqa: N818 - it names a state of affairs
    """A transaction was over before its end: the database had undone it, and somebody swallowed the error."""


@dataclass(frozen=True, slots=True)
class UnitOfWork:
    """One open transaction and the keys to what is sealed in it. Who opened it commits it."""

    connection: Connection
    vault: Vault
    #: of cases locked here, by report: number and hash of the last line of their history, which nobody else adds to
    ends: dict[int, tuple[int, bytes]] = field(default_factory=dict)

    @property
    def locks_rows(self) -> bool:
        """Whether the database locks single rows; SQLite's writer holds the whole file instead."""
        return self.connection.dialect.name == "postgresql"

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo what the body did, and only that, when it raises.

        Raises TransactionLost where all that went before is undone as well. SQLAlchemy's own savepoints do not
        notice that, nor that PostgreSQL refuses to release one after an error the body swallowed.
        """
        self.connection.exec_driver_sql("SAVEPOINT part")
        try:
            yield
            self.connection.exec_driver_sql("RELEASE SAVEPOINT part")
        except BaseException as error:
            self._roll_back_part(error)
            raise

    def _roll_back_part(self, error: BaseException) -> None:
        self.ends.clear()
        try:
            self.connection.exec_driver_sql("ROLLBACK TO SAVEPOINT part")
            self.connection.exec_driver_sql("RELEASE SAVEPOINT part")
        except SQLAlchemyError:
            if meaning_of(error) is Meaning.OWN_FAULT:
                raise TransactionLost from error

    def insert_if_new(self, into: Table, returning: Column[T]) -> ReturningInsert[tuple[T]]:
        """Return an INSERT that passes over a row whose unique values are there already, and then returns none."""
        return _insert_if_new(into, returning, is_postgresql=self.locks_rows)


@cache
def _insert_if_new(into: Table, returning: Column[T], *, is_postgresql: bool) -> ReturningInsert[tuple[T]]:
    insert = postgresql.insert if is_postgresql else sqlite.insert
    return insert(into).on_conflict_do_nothing().returning(returning)


class Database:
    """An engine with our rules for transactions.

    Raises SQLAlchemy's DBAPIError where the database is out of reach (see `storage.faults`).
    """

    def __init__(self, url: str, vault: Vault) -> None:
        self.url = parse_url(url)
        self.vault = vault
        self.engine = _sqlite_engine(self.url) if self.is_sqlite else _postgresql_engine(self.url)

    @property
    def is_sqlite(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    @property
    def conninfo(self) -> str:
        """Return what libpq takes for an address, password included: for a connection beside the pool."""
        return self.url.set(drivername="postgresql").render_as_string(hide_password=False)

    @contextmanager
    def writing(self) -> Iterator[UnitOfWork]:
        """Open a transaction that may write; commits at the end, rolls back when the body raises.

        Raises TransactionLost when nothing is left to be committed.
        """
        with self.engine.begin() as connection:
            begin(connection)
            yield UnitOfWork(connection, self.vault)
            self._require_open(connection)

    def _require_open(self, connection: Connection) -> None:
        """Raises TransactionLost where the drivers would pass off a COMMIT that undoes everything as a success."""
        driver = _driver_of(connection)
        is_open = (
            driver.in_transaction if self.is_sqlite else driver.info.transaction_status.name != "INERROR"
        )
        if not is_open:
            raise TransactionLost

    @contextmanager
    def reading(self) -> Iterator[UnitOfWork]:
        """Open a transaction that only reads and keeps no writer waiting.

        What is written all the same is refused by PostgreSQL, and undone on SQLite.
        """
        with self.engine.connect() as connection:
            connection = connection.execution_options(postgresql_readonly=True)  # noqa: PLW2901
            begin(connection, keeps_writers_waiting=False)
            yield UnitOfWork(connection, self.vault)
            if not self.is_sqlite:  # behind a ROLLBACK psycopg forgets all the statements it has prepared
                _driver_of(connection).commit()
            connection.rollback()

    def close(self) -> None:
        self.engine.dispose()


def begin(connection: Connection, *, keeps_writers_waiting: bool = True) -> None:
    """Begin a transaction on SQLite, whose driver would begin it later; PostgreSQL's does so by itself.

    Not in an event of SQLAlchemy: an engine that has any looks for more with every statement (4 % of a message's CPU).
    """
    if connection.dialect.name == "sqlite":
        # A transaction that reads first and writes later fails at once when another one wrote in between.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if keeps_writers_waiting else "BEGIN")


def _driver_of(connection: Connection) -> Any:
    return connection.connection.driver_connection


def parse_url(url: str) -> URL:
    """Return the URL with our driver filled in. Raises ValueError for a database we do not know."""
    parsed = make_url(url)
    match parsed.get_backend_name():
        case "sqlite":
            if parsed.database in {None, "", ":memory:"}:
                raise ValueError("expected sqlite:///path of a file")
            _timeout(parsed)
            if parsed.query.keys() - {"timeout"}:
                raise ValueError("expected nothing behind the path but ?timeout=")
            return parsed.set(drivername="sqlite")
        case "postgresql" | "postgres":
            if "@" in (parsed.host or ""):  # else a part of the password is told as a host that is not there
                raise ValueError("expected %40 for an @ in the password")
            return parsed.set(drivername="postgresql+psycopg")
        case other:
            raise ValueError(f"expected sqlite:///… or postgresql://…, got {other}")


def _timeout(url: URL) -> float:
    """Return how long to wait for other writers: sqlite:///…?timeout=60 for slow disks. Raises ValueError."""
    return float(str(url.query.get("timeout", BUSY_TIMEOUT)))


def _sqlite_engine(url: URL) -> Engine:
    assert url.database is not None  # noqa: S101 - parse_url saw to it
    Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        poolclass=QueuePool,
        hide_parameters=True,  # an error must not quote what people wrote
        pool_size=4,
        connect_args={
            "timeout": _timeout(url),
            "check_same_thread": False,
        },
    )
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # we emit BEGIN ourselves
    _switch_to_wal(connection)
    for pragma in (
        "synchronous=FULL",  # we acknowledge after the commit, so the commit must last
        "foreign_keys=ON",
        "secure_delete=ON",  # erased means erased
        "trusted_schema=OFF",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    """Have the file written ahead; SQLite itself does not wait for another process that switches just now."""
    deadline = time.monotonic() + BUSY_TIMEOUT
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


def _postgresql_engine(url: URL) -> Engine:
    return create_engine(
        url,
        pool_size=8,
        pool_pre_ping=True,  # after a restart of the server the first transaction notices, and connects anew
        hide_parameters=True,
        connect_args={
            "connect_timeout": BUSY_TIMEOUT,
            # A server that vanished must not hold the writer for the hours TCP would wait.
            "tcp_user_timeout": SILENCE_TIMEOUT * 1000,
            "keepalives_idle": SILENCE_TIMEOUT,
            "options": "-c jit=off",
        },
    )
