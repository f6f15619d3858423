"""What lies in the database, looked at as a whole."""

from pathlib import Path
from typing import Any

from sqlalchemy import Table, select

from handlers.cases.numbers import new_number, show
from handlers.service import Service
from storage.db import Database
from storage.models import (
    metadata,
)
from storage.queries.audit import verify_history


def rows_of(database: Database, of: Table) -> list[Any]:
    with database.reading() as uow:
        return list(uow.connection.execute(select(of).order_by(*of.primary_key.columns)))


def one_of(database: Database, of: Table) -> Any:
    (row,) = rows_of(database, of)
    return row


def unsealed(database: Database, sealed: bytes) -> str:
    return database.vault.unseal(sealed)


def assert_sound(database: Database) -> None:
    """The history of every case holds together."""
    with database.reading() as uow:
        assert list(verify_history(uow)) == []


def never_given_out(service: Service) -> str:
    """A number with the right check digit."""
    form = service.deployment.number
    return show(form, new_number(form, lambda _: 0))


def everything(database: Database) -> str:
    """All that all rows hold, opened."""
    told: list[str] = []
    for of in metadata.sorted_tables:
        told += [_opened(database, value) for row in rows_of(database, of) for value in row]
    return "\n".join(told)


def _opened(database: Database, value: object) -> str:
    return unsealed(database, value) if isinstance(value, bytes) and value[:4] == b"gAAA" else str(value)


def file_of(database: Database) -> bytes:
    """The database file and what is written ahead of it, after a checkpoint."""
    with database.engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    path = Path(str(database.url.database))
    ahead = path.with_name(f"{path.name}-wal")
    return path.read_bytes() + (ahead.read_bytes() if ahead.exists() else b"")
