"""A real PostgreSQL for the tests: the wheel `pgserver` holds one, or the environment names a server."""

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

#: use this server instead; the user must be allowed to create databases
URL_VARIABLE = "KANAL_TEST_POSTGRESQL_URL"
#: what is committed need not outlive the tests
FAST: tuple[str, ...] = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")

SEQUENCES_AT_THEIR_START = """
SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
FROM pg_sequences WHERE last_value IS NOT NULL
"""


class NoPostgresqlError(Exception):
    """There is no PostgreSQL to test with; the message says why."""


class Server:
    """Makes and drops databases."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url).set(drivername="postgresql+psycopg")
        self._admin = create_engine(self._url, isolation_level="AUTOCOMMIT")

    def url_of(self, name: str) -> str:
        return self._url.set(database=name).render_as_string(hide_password=False)

    def create(self, name: str) -> str:
        """Make a database and return its URL."""
        self.run(f'CREATE DATABASE "{name}" TEMPLATE template0')
        return self.url_of(name)

    def drop(self, name: str) -> None:
        """Drop a database, whoever is connected to it."""
        self.run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def empty(self, name: str, head: str) -> None:
        """Make a migrated database as good as new, in a fifth of the time that another one takes."""
        self.disconnect_all(name)
        engine = create_engine(self._url.set(database=name), poolclass=NullPool)
        with engine.begin() as connection:
            connection.execute(text("SET session_replication_role = replica"))  # tables in any order
            tables = connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
            for table in set(tables) - {"alembic_version"}:
                connection.execute(text(f'DELETE FROM "{table}"'))  # noqa: S608
            connection.execute(text("UPDATE alembic_version SET version_num = :head"), {"head": head})
            connection.execute(text("INSERT INTO schema_floor VALUES (1, :head)"), {"head": head})
            connection.execute(text(SEQUENCES_AT_THEIR_START))

    def disconnect_all(self, name: str) -> None:
        """Cut every connection to a database, as a restart of the server does."""
        self.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")  # noqa: S608

    def close_to_all(self, name: str) -> None:
        """Let nobody connect to a database any more, and cut who is."""
        self.run(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        self.disconnect_all(name)

    def reopen(self, name: str) -> None:
        self.run(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')

    def run(self, statement: str) -> None:
        with self._admin.connect() as connection:
            connection.execute(text(statement))

    def close(self) -> None:
        self._admin.dispose()


@contextmanager
def serving() -> Iterator[Server]:
    """Start a PostgreSQL for as long as the block lasts. Raises NoPostgresqlError."""
    if url := os.environ.get(URL_VARIABLE):
        server = Server(url)
        yield server
        server.close()
        return
    folder = Path(
        tempfile.mkdtemp(prefix="kanal-pg-")
    )  # short: the path of a socket has 107 characters at most
    try:
        with warnings.catch_warnings(action="ignore"):
            import pgserver  # noqa: PLC0415 - not built for every machine

            postgres = pgserver.get_server(folder)  # type: ignore[attr-defined]
    except Exception as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise NoPostgresqlError(f"pgserver: {type(error).__name__}: {error}") from error
    server = Server(postgres.get_uri())
    try:
        for setting in FAST:
            server.run(f"ALTER SYSTEM SET {setting}")
        server.run("SELECT pg_reload_conf()")
        yield server
    finally:
        server.close()
        postgres.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
