"""`kanal migrate` and `kanal setup`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from bot.cli.common import settings_with_logs
from bot.clock import SystemClock
from bot.deployment_file import read_deployment
from bot.opening import CannotStart, opened, require_keys, require_schema
from handlers.loading import load_deployment
from storage import migrate as migrations
from storage.db import Database
from storage.faults import Meaning, meaning_of
from storage.queries import deployment as queries
from storage.queries.deployment import Change, StillUsed

#: so many codes fit a line
FEW = 5


def migrate() -> None:
    """Bring the database to the schema of this release."""
    with opened(settings_with_logs()) as database:
        before = migrations.current(database)
        if migrations.is_newer(before):
            require_schema(database)
        if before is not None and before >= migrations.head():
            print(f"database: at revision {before}, nothing to do")
            return
        _upgrade(database)
        print(f"database: migrated from {before or 'empty'} to revision {migrations.head()}")


def _upgrade(database: Database) -> None:
    """Migrate while others use the database. Raises CannotStart where they do not make room."""
    try:
        migrations.upgrade(database)
    except DBAPIError as error:
        meaning = meaning_of(error)
        if meaning is Meaning.OWN_FAULT and isinstance(error, OperationalError | ProgrammingError):
            said = str(error.orig).splitlines()[0]
            raise CannotStart(
                f"the database cannot be changed, and was not: {said}; let its user change it, or name one in "
                "DATABASE_URL that is Kanal's alone"
            ) from error
        if meaning is not Meaning.CONTENTION:
            raise
        raise CannotStart(
            "the database is too busy to be changed, and was not: try again, or stop what keeps it busy"
        ) from error


def setup(
    file: Annotated[Path | None, typer.Argument(help="Deployment file; DEPLOYMENT if left out.")] = None,
) -> None:
    """Check a deployment file and load it; may be repeated after every change."""
    settings = settings_with_logs()
    path = file or settings.deployment
    deployment = read_deployment(path)
    with opened(settings) as database:
        require_schema(database)
        with database.writing() as uow:
            loaded = queries.find_loaded(uow)
            if loaded:
                require_keys(database, loaded.check_sealed)
            try:
                changes = load_deployment(uow, deployment, SystemClock().now())
            except StillUsed as error:
                raise CannotStart(_still_used(path, error)) from None
    print(f"deployment: {deployment.name} loaded from {path}; {_summary(changes)}")


def _still_used(path: Path, error: StillUsed) -> str:
    uses = ", ".join(f"{code} ({count})" for code, count in sorted(error.uses.items()))
    return f"{path}: {error.kind}: reports refer to what is missing now: {uses}; put it back. Nothing was changed"


def _summary(changes: Sequence[Change]) -> str:
    told = []
    for change in changes:
        for verb, codes in (
            ("added", change.added),
            ("changed", change.changed),
            ("removed", change.removed),
        ):
            if codes:
                listed = f" ({', '.join(codes)})" if len(codes) <= FEW else ""
                told.append(f"{change.kind}: {len(codes)} {verb}{listed}")
    return ", ".join(told) or "agencies, categories and areas as before"
