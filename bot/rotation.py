"""Bringing every row and file under the first data key, in short steps, while the service runs.

`storage.queries.rotation` says why that is safe. A step is one transaction; an interruption between any two, or
within one, costs nothing: the next run passes over what is done.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeVar

from sqlalchemy import Table

from bot.files import SWEPT_AT_ONCE, FileStore, remove_unreferred
from storage.crypto import BadKey, StaleKeys
from storage.db import Database, UnitOfWork
from storage.faults import Meaning, meaning_of
from storage.queries import attachments, rotation

T = TypeVar("T")

ROWS_AT_ONCE = 200
FILES_AT_ONCE = 20
#: how often a step that lost against another process is tried
ATTEMPTS = 5
CHECK, FILES = "check value", "files"


@dataclass(frozen=True, slots=True)
class Progress:
    #: a table, or FILES
    what: str
    done: int
    total: int
    #: how many were not under the first key
    changed: int


@dataclass(frozen=True, slots=True)
class Need:
    """What keys a table or the files need."""

    what: str
    #: that still need an old key
    old: int
    #: that no key opens, or files that are missing
    unreadable: int


def rotate(database: Database, store: FileStore, now: datetime) -> Iterator[Progress]:
    """Bring everything under the first key; yields after each step, when others may write.

    `now` is compared with the times of files. Raises StaleKeys, DBAPIError, OSError.
    """
    _committed(database, lambda uow: _begin(uow, now))
    for target in rotation.SEALED:
        yield from _reseal(database, target)
    yield from _renew_files(database, store)
    names = store.list_untouched(now)
    for start in range(0, len(names), SWEPT_AT_ONCE):
        some = names[start : start + SWEPT_AT_ONCE]
        _committed(database, partial(remove_unreferred, store=store, names=some))


def _begin(uow: UnitOfWork, now: datetime) -> None:
    rotation.announce_keys(uow)
    rotation.close_links(uow, now)


def _reseal(database: Database, target: Table) -> Iterator[Progress]:
    # Rows made from now on are under the first key: were they counted in, a busy service might keep us for ever.
    until, total = _read(database, lambda uow: rotation.measure(uow, target))
    after, done, changed = 0, 0, 0
    while (batch := _resealed(database, target, after, until)).last is not None:
        after, done, changed = batch.last, done + batch.seen, changed + batch.changed
        yield Progress(target.name, done, max(total, done), changed)


def _resealed(database: Database, target: Table, after: int, until: int) -> rotation.Batch:
    return _committed(database, lambda uow: rotation.reseal(uow, target, after, until, ROWS_AT_ONCE))


def _renew_files(database: Database, store: FileStore) -> Iterator[Progress]:
    total = _read(database, attachments.count_names)
    after, done, changed, renewed = "", 0, 0, set[str]()
    while names := _names(database, after):
        for name in set(names) - renewed:
            current = _renewed(store, name)
            done += 1
            if current is not None and current != name:
                _committed(database, partial(attachments.rename, old=name, new=current))
                renewed.add(current)
                changed += 1
        after = names[-1]
        yield Progress(FILES, done, max(total, done), changed)


def _renewed(store: FileStore, name: str) -> str | None:
    try:
        return store.renew(name)
    except (FileNotFoundError, BadKey):  # `find_needs` tells of it
        return None


def find_needs(database: Database, store: FileStore) -> list[Need]:
    """Return what each table and the files need; reads all of them."""
    check = 0 if _read(database, rotation.is_announced) else 1
    tables = [_need_of_table(database, target) for target in rotation.SEALED]
    return [Need(CHECK, check, 0), *tables, _need_of_files(database, store)]


def _need_of_table(database: Database, target: Table) -> Need:
    after, old, unreadable = 0, 0, 0
    while (found := _examined(database, target, after)).last is not None:
        after, old, unreadable = found.last, old + found.old, unreadable + found.unreadable
    return Need(target.name, old, unreadable)


def _need_of_files(database: Database, store: FileStore) -> Need:
    after, old, unreadable = "", 0, 0
    while names := _names(database, after):
        for name in names:
            try:
                old += not store.is_current(name)
            except (FileNotFoundError, BadKey):
                unreadable += 1
        after = names[-1]
    return Need(FILES, old, unreadable)


def _names(database: Database, after: str) -> list[str]:
    return _read(database, lambda uow: attachments.list_names(uow, after, FILES_AT_ONCE))


def _examined(database: Database, target: Table, after: int) -> rotation.Found:
    return _read(database, lambda uow: rotation.examine(uow, target, after, ROWS_AT_ONCE))


def _read(database: Database, query: Callable[[UnitOfWork], T]) -> T:
    with database.reading() as uow:
        return query(uow)


def _committed(database: Database, work: Callable[[UnitOfWork], T]) -> T:
    """Return what `work` returned, once it is committed; tries again where another process was in the way."""
    for _ in range(ATTEMPTS - 1):
        try:
            return _written(database, work)
        except StaleKeys:
            raise
        except Exception as error:
            if meaning_of(error) is Meaning.OWN_FAULT:
                raise
    return _written(database, work)


def _written(database: Database, work: Callable[[UnitOfWork], T]) -> T:
    with database.writing() as uow:
        return work(uow)
