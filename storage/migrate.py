"""Brings a database to the schema this code knows. Configured here; there is no alembic.ini."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError

from storage.db import Database, begin
from storage.faults import Meaning, meaning_of

FOLDER = Path(__file__).parent / "migrations"
#: pg_advisory_xact_lock key, so that two processes never migrate at once
MIGRATION_LOCK = 0x6B616E61
#: how long a migration may wait for a table; then it is to be tried again
LOCK_SECONDS = 2
#: how often a migration is tried that others are in the way of
ATTEMPTS = 10


def head() -> str:
    """Return the newest revision this code knows ("0007"): files are named by revision."""
    return max(path.name[:4] for path in (FOLDER / "versions").glob("[0-9]*.py"))


def current(database: Database) -> str | None:
    """Return the revision the database is at; None when it is empty."""
    with database.reading() as uow:
        if not inspect(uow.connection).has_table("alembic_version"):
            return None
        return uow.connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def is_newer(revision: str | None) -> bool:
    """Tell whether a database at `revision` was made by a later release than this one."""
    return revision is not None and revision > head()


def is_fit(database: Database) -> bool:
    """Tell whether this release works with the schema of a later one (`storage.models.SchemaFloor`)."""
    with database.reading() as uow:
        floor: str = uow.connection.execute(text("SELECT revision FROM schema_floor")).scalar_one()
        return floor <= head()


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the database up to `revision`, in one transaction, while others use it.

    Raises DBAPIError: nothing was changed.
    """
    for _ in range(ATTEMPTS - 1):
        try:
            _migrate(database, "upgrade", revision)
        except DBAPIError as error:  # who changes several tables may meet who locks them in another order
            if meaning_of(error) is not Meaning.CONTENTION:
                raise
        else:
            return
    _migrate(database, "upgrade", revision)


def downgrade(database: Database, revision: str) -> None:
    """Take the database back to `revision` ("base": empty), in one transaction."""
    _migrate(database, "downgrade", revision)


def _migrate(database: Database, command: str, revision: str) -> None:
    with database.engine.connect() as connection:
        if database.is_sqlite:
            # SQLite alters a table by copying it, and dropping the old one would break what refers to it. The
            # switch has no effect inside a transaction.
            _sqlite_foreign_keys(connection, "OFF")
        try:
            with connection.begin():
                begin(connection)
                run(connection, command, revision)
                if database.is_sqlite:
                    _refuse_dangling(connection)
        finally:
            if database.is_sqlite:
                _sqlite_foreign_keys(connection, "ON")


def _sqlite_foreign_keys(connection: Connection, state: str) -> None:
    driver = connection.connection.driver_connection
    assert driver is not None  # noqa: S101 - it is open
    driver.execute(f"PRAGMA foreign_keys={state}")


def _refuse_dangling(connection: Connection) -> None:
    """Raises RuntimeError when a migration left rows that refer to nothing."""
    dangling = connection.execute(text("PRAGMA foreign_key_check")).all()
    if dangling:
        raise RuntimeError(
            f"migration left {len(dangling)} rows without what they refer to, first in {dangling[0][0]}"
        )


def run(connection: Connection, command: str, revision: str) -> None:
    """Run Alembic's `command` on a connection whose transaction the caller commits."""
    from alembic import command as commands  # noqa: PLC0415 - loading it takes longer than most commands
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        # Whoever waits to alter a table keeps all others waiting who only want to use it.
        connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'"))
    getattr(commands, command)(config, revision)
