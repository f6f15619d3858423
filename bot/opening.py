"""Opening what every command works on, with one clear line for each thing that can be wrong."""

import os
import re
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import structlog
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError

from bot.mistakes import Mistake
from bot.settings import Settings
from bot.writer import StorageUnavailable
from handlers.deployment import Deployment
from handlers.service import Service
from storage import migrate
from storage.crypto import BadKey, Vault, new_key
from storage.db import Database, parse_url
from storage.faults import Meaning, meaning_of
from storage.queries import deployment as queries

log = structlog.get_logger()


class CannotStart(Mistake):
    """One line that says what is wrong and what to do about it."""


#: what to do about an SQLite file, by primary result code
HINTS = {
    sqlite3.SQLITE_CANTOPEN: "expected a file this user can read and write, in a folder where files can be made",
    sqlite3.SQLITE_NOTADB: "expected an SQLite file: move this one away, or choose another path",
    sqlite3.SQLITE_BUSY: "another program holds it: stop that, or try again",
    sqlite3.SQLITE_READONLY: "make the file and its folder writable for this user",
    sqlite3.SQLITE_FULL: "make room on the disk",
}
SERVER_HINT = "start PostgreSQL, or mend user, password, host or name in DATABASE_URL"
KEEP_A_COPY = "keep a copy elsewhere: without it the data cannot be read"


def keys_file(settings: Settings) -> Path:
    return settings.data_dir / "data_keys"


def open_vault(settings: Settings) -> Vault:
    """Return the vault with the keys of DATA_KEYS, else of DATA_DIR, where a key is made on the first run."""
    if settings.data_keys:
        return Vault([key.get_secret_value() for key in settings.data_keys])
    path = keys_file(settings)
    try:
        if not path.exists():
            _require_own_folder(settings)
            _require_no_database(settings)
            _generate_key(path)
        return Vault(read_keys(path), lambda: read_keys(path))
    except (BadKey, UnicodeDecodeError) as error:
        why = error if isinstance(error, BadKey) else "expected URL-safe base64"
        raise CannotStart(
            f"{path}: {why}; put the right key back or remove the file with its database"
        ) from error
    except OSError as error:
        raise CannotStart(
            f"{path}: {error.strerror}; make DATA_DIR a folder this user can read and write"
        ) from error


def _require_own_folder(settings: Settings) -> None:
    """Raises CannotStart where DATA_DIR would be made in whatever folder the command was started in."""
    if not settings.data_dir.is_absolute() and not settings.deployment.exists():
        raise CannotStart(
            f"{settings.deployment} is not here: start in the folder of Kanal, or set DEPLOYMENT and DATA_DIR"
        )


def _require_no_database(settings: Settings) -> None:
    """Raises CannotStart where a database stands whose key is gone: another one would open nothing of it."""
    url = parse_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and is_ours(file := Path(url.database or "")):
        raise CannotStart(
            f"{keys_file(settings)} is gone, but not its database ({file}): put the key file back, or move both away"
        )


def is_ours(file: Path) -> bool:
    """Tell whether a file is an SQLite database that was migrated; what else is wrong with it is found later."""
    with (
        suppress(sqlite3.Error),
        closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as ours,
    ):
        return (
            ours.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone() is not None
        )
    return False


def read_keys(path: Path) -> list[str]:
    """Return the keys in a file, the first one writes. Raises OSError, UnicodeDecodeError."""
    return path.read_text(encoding="ascii").replace(",", " ").split()


def _generate_key(path: Path) -> None:
    """Put a fresh key there, unless another process does so first; it is there whole, and lasts, or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=".") as file:  # readable for this user only
        file.write(f"{new_key()}\n")
        file.flush()
        os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(file.name, path)
            log.warning("data_key_generated", path=str(path), detail=KEEP_A_COPY)


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
    except DBAPIError as error:
        if meaning_of(error) is Meaning.OWN_FAULT:
            raise
        raise _cannot_use(database, error) from error
    except StorageUnavailable as error:
        if isinstance(error.__cause__, DBAPIError):
            raise _cannot_use(database, error.__cause__) from error
        raise CannotStart("the database is full or out of reach: see to that, then try again") from error
    finally:
        database.close()


def _cannot_use(database: Database, error: DBAPIError) -> CannotStart:
    """Return the line for a database that is out of reach; it names files and servers, never what is stored."""
    said = [line.strip("- \t") for line in str(error.orig).strip().splitlines()]
    # psycopg tells of several addresses; the server's own word is worth more than that there was none
    reason = next(
        (line for line in said if "FATAL" in line), next((line for line in said if line), "no reason")
    )
    where = database.url.database if database.is_sqlite else database.url.host or "the server"
    hint = (
        HINTS.get(getattr(error.orig, "sqlite_errorcode", -1) & 0xFF) if database.is_sqlite else SERVER_HINT
    )
    return CannotStart(f"DATABASE_URL: {where}: {reason}; {hint or 'put it in order, or restore a backup'}")


def require_schema(database: Database) -> None:
    """Raises CannotStart unless the database is at this release's revision, or at a later one that is fit for it."""
    try:
        revision = migrate.current(database)
    except DBAPIError as error:
        raise _cannot_use(database, error) from error
    if revision == migrate.head():
        return
    if revision is not None and not re.fullmatch("[0-9]{4}", revision):
        raise CannotStart(
            f"DATABASE_URL: another program's database (at its revision {revision}): name one that is Kanal's own"
        )
    if migrate.is_newer(revision):
        if migrate.is_fit(database):
            log.warning("database_is_newer", revision=revision, known=migrate.head())
            return
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
    try:
        deployment = Deployment.model_validate_json(loaded.content)
    except ValidationError as error:
        raise CannotStart(
            "the deployment file that is loaded is of another release: run `kanal setup` with this release's"
        ) from error
    return Service.of(deployment)


def require_keys(database: Database, check_sealed: bytes) -> None:
    try:
        database.vault.unseal(check_sealed)
    except BadKey as error:
        raise CannotStart(
            "DATA_KEYS: none of the keys opens this database; put back those it was made with (see DATA_DIR/data_keys)"
        ) from error


class Busy(CannotStart):
    """Another process does what this one was started for."""


@contextmanager
def held(path: Path, why: str) -> Iterator[None]:
    """Hold a lock file while the body runs; the operating system lets go of it when we die. Raises Busy."""
    import fcntl  # noqa: PLC0415 - not there on Windows, where `kanal chat` still works

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a")
    except OSError as error:
        raise CannotStart(f"{path}: {error.strerror}; it must be writable for this user") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy(why) from None
        yield
