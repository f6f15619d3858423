"""Opening what every command works on, with one clear line for each thing that can be wrong."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog
from sqlalchemy.exc import DBAPIError, OperationalError

from bot.settings import Settings
from handlers.deployment import Deployment
from handlers.service import Service
from storage import migrate
from storage.crypto import BadKey, Vault, new_key
from storage.db import Database
from storage.queries import deployment as queries

log = structlog.get_logger()


class CannotStart(Exception):
    """One line that says what is wrong and what to do about it."""


def keys_file(settings: Settings) -> Path:
    return settings.data_dir / "data_keys"


def open_vault(settings: Settings) -> Vault:
    """Return the vault with the keys of DATA_KEYS, else of DATA_DIR, where a key is made on the first run."""
    if settings.data_keys:
        return Vault([key.get_secret_value() for key in settings.data_keys])
    path = keys_file(settings)
    try:
        if not path.exists():
            _generate_key(path)
        return Vault(path.read_text(encoding="ascii").replace(",", " ").split())
    except BadKey as error:
        raise CannotStart(f"{path}: {error}; put the right key back or remove the file with its database") from error
    except OSError as error:
        raise CannotStart(f"{path}: {error.strerror}; make DATA_DIR readable and writable for this user") from error


def _generate_key(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(f"{new_key()}\n")
    log.warning("data_key_generated", path=str(path), detail="keep a copy elsewhere: without it the data cannot be read")


@contextmanager
def opened(settings: Settings) -> Iterator[Database]:
    """Open the database, whatever its state. Raises CannotStart where it cannot be used."""
    vault = open_vault(settings)
    try:
        database = Database(settings.database_url, vault)
    except OSError as error:
        raise CannotStart(f"DATABASE_URL: {error.strerror}: {error.filename}") from error
    try:
        yield database
    except OperationalError as error:
        raise CannotStart(f"DATABASE_URL: the database cannot be used: {_reason(error)}") from error
    finally:
        database.close()


def _reason(error: DBAPIError) -> str:
    """The driver's first line; it names files and servers, never what is stored."""
    return str(error.orig).strip().splitlines()[0]


def require_schema(database: Database) -> None:
    """Raises CannotStart unless the database is at this release's revision."""
    try:
        revision = migrate.current(database)
    except DBAPIError as error:
        raise CannotStart(f"DATABASE_URL: the database cannot be used: {_reason(error)}") from error
    if revision == migrate.head():
        return
    if migrate.is_newer(revision):
        raise CannotStart(
            f"the database is at revision {revision}, made by a newer Kanal than this one (which knows "
            f"{migrate.head()}): install that release or restore a backup"
        )
    at = f"at revision {revision}" if revision else "empty"
    raise CannotStart(f"the database is {at}, this release needs {migrate.head()}: run `kanal migrate`")


def require_service(database: Database) -> Service:
    """Return the service as `kanal setup` loaded it. Raises CannotStart."""
    require_schema(database)
    with database.reading() as uow:
        loaded = queries.find_loaded(uow)
    if loaded is None:
        raise CannotStart("no deployment file is loaded: run `kanal setup`")
    require_keys(database, loaded.check_sealed)
    return Service.of(Deployment.model_validate_json(loaded.content))


def require_keys(database: Database, check_sealed: bytes) -> None:
    try:
        database.vault.unseal(check_sealed)
    except BadKey as error:
        raise CannotStart(
            "DATA_KEYS: none of the keys opens this database; put back those it was made with (see DATA_DIR/data_keys)"
        ) from error


def content_hash(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


class Busy(CannotStart):
    """Another process does what this one was started for."""


@contextmanager
def held(path: Path, why: str) -> Iterator[None]:
    """Hold a lock file while the body runs; the operating system lets go of it when we die. Raises Busy."""
    import fcntl  # noqa: PLC0415 - not there on Windows, where `kanal chat` still works

    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy(why) from None
        yield
