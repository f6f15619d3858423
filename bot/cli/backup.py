"""`kanal backup`: the database and the files in one archive, taken while `kanal run` serves."""

import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import IO, Annotated

import typer

from bot.cli.common import counted, settings_with_logs, whole_file
from bot.opening import CannotStart, is_ours, keys_file
from bot.settings import Settings
from storage.db import parse_url

FOLDER = "attachments"


def backup(
    file: Annotated[Path, typer.Argument(help="The archive to be made (.tar); one that is there is kept.")],
) -> None:
    """Write database and files into one .tar archive, while `kanal run` serves; without the data keys."""
    settings = settings_with_logs()
    source = _database_file(settings)
    if file.exists():
        raise CannotStart(f"{file}: is there already, and was left alone: name another file")
    with whole_file(file) as archive:
        count = _write(archive, source, settings.data_dir / FOLDER, file.parent)
    keys = "DATA_KEYS" if settings.data_keys else keys_file(settings)
    print(
        f"{file}: the database and {counted(count, 'file')}, without the keys ({keys}: keep a copy elsewhere). "
        f"To restore: stop Kanal, {_unpacking(source, settings.data_dir)}, put the keys back, "
        "`kanal migrate`, `kanal doctor`"
    )


def _unpacking(source: Path, data_dir: Path) -> str:
    """Return where the archive goes: the database need not lie where the files do."""
    if source.resolve().parent == data_dir.resolve():
        return f"unpack it into an empty folder {data_dir}"
    return (
        f"unpack its {source.name} into {source.parent} (no {source.name}-wal or -shm may be left there) "
        f"and its {FOLDER} into an empty folder {data_dir}"
    )


def _database_file(settings: Settings) -> Path:
    """Return the SQLite file. Raises CannotStart where there is none."""
    url = parse_url(settings.database_url)
    if url.get_backend_name() != "sqlite":
        raise CannotStart(
            'for PostgreSQL its own program: pg_dump -Fc -f kanal.dump "$DATABASE_URL"; then the files: '
            f"tar cf {FOLDER}.tar -C {settings.data_dir} {FOLDER}"
        )
    path = Path(url.database or "")
    if not is_ours(path):
        raise CannotStart(f"DATABASE_URL: {path}: no database of Kanal's, so there is nothing to back up")
    return path


def _write(archive: IO[bytes], source: Path, folder: Path, beside: Path) -> int:
    """Write the database, then the files, so that all those are there which it names; returns how many."""
    with tempfile.TemporaryDirectory(dir=beside, prefix=".kanal-") as scratch:
        copy = Path(scratch) / source.name
        _copy(source, copy)
        with tarfile.open(fileobj=archive, mode="w") as tar:
            tar.add(copy, source.name)
            return sum(_add(tar, path, f"{FOLDER}/{path.relative_to(folder)}") for path in _files(folder))


def _copy(source: Path, to: Path) -> None:
    """Copy a database as it stands at one moment, what is in its -wal too; nobody who writes waits for it."""
    try:
        with (
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as reading,
            closing(sqlite3.connect(to)) as writing,
        ):
            reading.backup(writing)
    except sqlite3.Error as error:
        raise CannotStart(f"DATABASE_URL: {source}: cannot be copied: {error}") from error


def _files(folder: Path) -> Iterator[Path]:
    yield from sorted(folder.glob("[0-9a-f][0-9a-f]/[0-9a-f]*"))


def _add(tar: tarfile.TarFile, path: Path, name: str) -> bool:
    """Add a file, unless it was erased meanwhile."""
    try:
        tar.add(path, name)
    except FileNotFoundError:
        return False
    return True
