"""What commands share."""

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Annotated

import typer

from bot.logs import configure
from bot.opening import CannotStart, opened
from bot.settings import Settings, read_settings
from handlers.deployment import Deployment
from storage.crypto import StaleKeys
from storage.db import Database, UnitOfWork
from storage.queries import rotation
from storage.vocabulary import Role

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of a table.")]

#: days that can be reckoned with in any zone, and from which months can be taken
YEARS = range(1970, 3000)


def settings_with_logs() -> Settings:
    """Read the settings and set up the log by them. Raises SettingsError."""
    settings = read_settings()
    configure(settings.log_level, settings.log_format)
    return settings


@contextmanager
def database() -> Iterator[Database]:
    """Open the database of the settings. Raises SettingsError, CannotStart."""
    with opened(settings_with_logs()) as one:
        yield one


@contextmanager
def writing(one: Database) -> Iterator[UnitOfWork]:
    """Write beside a running program: it stops, rather than to misread, where it does not know our key yet."""
    try:
        with one.writing() as uow:
            rotation.announce_keys(uow)
            yield uow
    except StaleKeys as error:
        raise CannotStart(f"DATA_KEYS: {error}") from error


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """Open a file for its owner alone that is there once it is whole. Raises CannotStart."""
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}-", delete=False) as file:
            part = Path(file.name)
            try:
                yield file.file
                file.close()
                part.replace(path)
            finally:
                part.unlink(missing_ok=True)
    except OSError as error:
        raise CannotStart(f"{path}: {error.strerror}; name a file that can be written") from error


def which_agency(deployment: Deployment, role: Role) -> str:
    """Return what an operator may name as the agency of a role."""
    if role is Role.INSPECTORATE:
        return f"the inspectorate is {deployment.integrity.agency}; leave it out"
    codes = sorted(agency.code for agency in deployment.agencies if not agency.is_outside)
    return f"expected one of this government's for the role {role}: {', '.join(codes)}"


def counted(count: int, noun: str) -> str:
    """Return "1 report", "2 reports"."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def print_rows(rows: Sequence[Mapping[str, object]], *, as_json: bool, empty: str) -> None:
    """Print rows as a table, or as one JSON array."""
    if as_json:
        print(json.dumps([dict(row) for row in rows], default=_shown, ensure_ascii=False))
        return
    if not rows:
        print(empty)
        return
    from rich.console import Console  # noqa: PLC0415 - `kanal run` prints no tables
    from rich.table import Table  # noqa: PLC0415

    table = Table(*rows[0], box=None, header_style="bold")
    for row in rows:
        table.add_row(*map(_in_table, row.values()))
    Console().print(table)


def _shown(value: object) -> str:
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else str(value)


def _in_table(value: object) -> str:
    """Return a value as short as it can be: eighty columns are all that many a terminal has."""
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%d %H:%MZ}"
    return "" if value is None else str(value)
