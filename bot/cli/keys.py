"""`kanal keys`: the data keys."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import typer
from rich.progress import Progress as ProgressBar

from bot.cli.common import AsJson, print_rows, settings_with_logs
from bot.clock import SystemClock
from bot.files import FileStore, write_whole
from bot.opening import CannotStart, held, keys_file, opened, read_keys, require_service
from bot.rotation import Need, Rotation
from bot.settings import Settings
from storage.crypto import StaleKeys, new_key
from storage.db import Database

keys_app = typer.Typer(help="Data keys.", no_args_is_help=True)

#: between two steps, so that whoever waits for the database has it, seconds
REST_SECONDS = 0.05
KEEP_FOR_BACKUPS = "keep it elsewhere as long as you keep backups made before today"


@keys_app.callback()
def _group() -> None:
    pass


@keys_app.command("new")
def new() -> None:
    """Print a fresh key for DATA_KEYS."""
    print(new_key())


@keys_app.command("rotate")
def rotate() -> None:
    """Bring everything under a new key while the service runs; may be interrupted and run again.

    Keys in DATA_DIR: the new one is made here. Keys in DATA_KEYS: put it in front first, as this command says.
    """
    settings = settings_with_logs()
    with _keys_held(settings), _ready(settings) as database:
        _prepare(settings, database)
        rotation = _rotation(settings, database)
        try:
            _run(rotation)
        except StaleKeys as error:
            raise CannotStart(f"DATA_KEYS: {error}") from error
        needs = rotation.find_needs()
    if old := sum(need.old for need in needs):
        print(
            f"{old} rows or files still need an old key: a process writes with it. Restart every one that began "
            "before the new key was in place, then run `kanal keys rotate` again"
        )
        raise typer.Exit(1)
    print(_what_now(settings))
    _tell_unreadable(needs)


@keys_app.command("check")
def check(as_json: AsJson = False) -> None:
    """Count what still needs an old key; ends with 1 when anything does. Reads everything."""
    settings = settings_with_logs()
    with _ready(settings) as database:
        needs = _rotation(settings, database).find_needs()
    print_rows([asdict(need) for need in needs], as_json=as_json, empty="nothing is sealed")
    if any(need.old for need in needs):
        raise typer.Exit(1)


@keys_app.command("retire")
def retire() -> None:
    """Remove the old keys from DATA_DIR, once nothing needs them."""
    settings = settings_with_logs()
    if settings.data_keys:
        raise CannotStart("DATA_KEYS: leave only its first key there yourself, then restart every process")
    path = keys_file(settings)
    with _keys_held(settings), _ready(settings) as database:
        needs = _rotation(settings, database).find_needs()
        if old := sum(need.old for need in needs):
            raise CannotStart(f"{old} rows or files still need an old key: run `kanal keys rotate` first")
        first, *others = read_keys(path)
        write_whole(path, f"{first}\n".encode())
    print(f"{path}: {len(others)} removed, 1 kept")


@contextmanager
def _ready(settings: Settings) -> Iterator[Database]:
    with opened(settings) as database:
        require_service(database)
        yield database


@contextmanager
def _keys_held(settings: Settings) -> Iterator[None]:
    """Two at once would each make a key, and one of these would be lost with what it has sealed."""
    path = settings.data_dir / "data_keys.lock"
    with held(path, "another `kanal keys` is at work: wait for it"):
        yield


def _rotation(settings: Settings, database: Database) -> Rotation:
    return Rotation(database, FileStore(settings.data_dir / "attachments", database.vault))


def _prepare(settings: Settings, database: Database) -> None:
    """Make sure that there is a new key in front of an old one. An interrupted rotation goes on with its own."""
    if settings.data_keys:
        if len(settings.data_keys) == 1:
            raise CannotStart(
                f"DATA_KEYS holds one key. Put this one in front of it, separated by a comma: {new_key()}\n"
                "where several processes run: first put it behind the old key and restart them all, then in front\n"
                "restart every process, then run `kanal keys rotate` again"
            )
        return
    path = keys_file(settings)
    keys = read_keys(path)
    if len(keys) == 1:
        write_whole(path, "".join(f"{key}\n" for key in (new_key(), *keys)).encode())
        database.vault.reload()
        print(f"{path}: a new key stands in front; keep a copy of the file elsewhere", flush=True)


def _run(rotation: Rotation) -> None:
    """Show how far it is, and say in the end what was done where."""
    changed: dict[str, int] = {}
    with ProgressBar(transient=True, disable=not sys.stdout.isatty()) as bars:
        tasks = {}
        for step in rotation.run(SystemClock().now()):
            if step.what not in tasks:
                tasks[step.what] = bars.add_task(step.what)
            bars.update(tasks[step.what], completed=step.done, total=step.total)
            changed[step.what] = step.changed
            time.sleep(REST_SECONDS)
    for what, count in changed.items():
        if count:
            print(f"{what}: {count} brought under the new key")


def _what_now(settings: Settings) -> str:
    if settings.data_keys:
        return (
            "nothing needs an old key any more. Leave only the first key in DATA_KEYS and restart every process; "
            f"the old one: {KEEP_FOR_BACKUPS}"
        )
    path: Path = keys_file(settings)
    return (
        f"nothing needs an old key any more. `kanal keys retire` removes it from {path}; {KEEP_FOR_BACKUPS}"
    )


def _tell_unreadable(needs: list[Need]) -> None:
    for need in needs:
        if need.unreadable:
            print(
                f"{need.what}: {need.unreadable} can be opened by none of the keys, or are missing; left as they are"
            )
