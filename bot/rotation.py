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
from storage.queries.attachments import Names

T = TypeVar("T")

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


@dataclass(frozen=True, slots=True)
class Rotation:
    database: Database
    store: FileStore
    #: of one transaction: some 30 ms, in which nobody else writes to an SQLite file
    rows_at_once: int = 200
    files_at_once: int = 20

    def run(self, now: datetime) -> Iterator[Progress]:
        """Bring everything under the first key; yields after each step, when others may write.

        `now` is compared with the times of files. Raises StaleKeys, DBAPIError, OSError.
        """
        _committed(self.database, lambda uow: _begin(uow, now))
        for target in rotation.SEALED:
            yield from self._reseal(target)
        yield from self._renew_files()
        names = self.store.list_untouched(now)
        for start in range(0, len(names), SWEPT_AT_ONCE):
            some = names[start : start + SWEPT_AT_ONCE]
            _committed(self.database, partial(remove_unreferred, store=self.store, names=some))

    def find_needs(self) -> list[Need]:
        """Return what each table and the files need; reads all of them."""
        is_announced = _read(self.database, rotation.is_announced)
        tables = [self._need_of(target) for target in rotation.SEALED]
        return [Need(CHECK, 0 if is_announced else 1, 0), *tables, self._need_of_files()]

    def _reseal(self, target: Table) -> Iterator[Progress]:
        # Rows made from now on are under the first key: were they counted in, a busy service might keep us for ever.
        until, total = _read(self.database, partial(rotation.measure, target=target))
        reseal = partial(rotation.reseal, target=target, until=until, limit=self.rows_at_once)
        after, done, changed = 0, 0, 0
        while (batch := _committed(self.database, partial(reseal, after=after))).last is not None:
            after, done, changed = batch.last, done + batch.seen, changed + batch.changed
            yield Progress(target.name, done, max(total, done), changed)

    def _renew_files(self) -> Iterator[Progress]:
        total = _read(self.database, attachments.count_kept)
        changed = 0
        for done, names in enumerate(self._files(), start=1):
            new = {column: _renewed(self.store, name) for column, name in names.by_column.items()}
            if new != names.by_column:
                work = partial(attachments.rename, attachment_id=names.id, old=names.by_column, new=new)
                _committed(self.database, work)
                changed += 1
                yield Progress(FILES, done, max(total, done), changed)

    def _need_of(self, target: Table) -> Need:
        examine = partial(rotation.examine, target=target, limit=self.rows_at_once)
        after, old, unreadable = 0, 0, 0
        while (found := _read(self.database, partial(examine, after=after))).last is not None:
            after, old, unreadable = found.last, old + found.old, unreadable + found.unreadable
        return Need(target.name, old, unreadable)

    def _need_of_files(self) -> Need:
        old, unreadable = 0, 0
        for names in self._files():
            for name in {*names.by_column.values()}:
                try:
                    old += not self.store.is_current(name)
                except (FileNotFoundError, BadKey):
                    unreadable += 1
        return Need(FILES, old, unreadable)

    def _files(self) -> Iterator[Names]:
        """Yield the files of each row, as they are when its turn comes."""
        listed = partial(attachments.list_names, limit=self.files_at_once)
        some = _read(self.database, partial(listed, after=0))
        while some:
            yield from some
            some = _read(self.database, partial(listed, after=some[-1].id))


def _begin(uow: UnitOfWork, now: datetime) -> None:
    rotation.announce_keys(uow)
    rotation.close_links(uow, now)
    rotation.close_invitations(uow, now)


def _renewed(store: FileStore, name: str) -> str:
    try:
        return store.renew(name)
    except (FileNotFoundError, BadKey):  # stays as it is; `find_needs` tells of it
        return name


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
