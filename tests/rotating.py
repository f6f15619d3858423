"""A running service whose data keys are changed, and what its disk holds then."""

import itertools
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, or_, select

from bot.clock import SystemClock
from bot.files import Fetcher, FileStore
from bot.inbox import Inbox, Reception
from bot.metrics import Metrics
from bot.rotation import Need, Rotation
from bot.writer import Writer
from handlers.messages import Address, Inbound
from handlers.service import Service
from storage.crypto import new_key
from storage.db import Database
from storage.models import metadata
from storage.queries.conversations import ADDRESS
from storage.vocabulary import Channel
from tests.fakes.channel import FakeChannel
from tests.fakes.clock import MONDAY, FakeClock

NEW = new_key()
WORD, IDENTIFIER, REFERENCE = "xylofonduka", "777000111222", "file-qwertzuiop"
MARKS = [WORD, IDENTIFIER, REFERENCE]
TOLD = f"{WORD} lampu jalan mati di depan pasar desa mungguk sejak kemarin"


class Serving:
    """A running service: its inbox and fetcher, with keys of its own."""

    def __init__(self, database: Database, service: Service, clock: FakeClock, folder: Path) -> None:
        self.writer = Writer(database)
        self.writer.start()
        self.channel, metrics, self._ids = FakeChannel(), Metrics(), itertools.count(1)
        self._inbox = Inbox(self.writer, service, clock, metrics, lambda: False, lambda **_: None)
        store = FileStore(folder, database.vault)
        self.fetcher = Fetcher(
            self.writer, service, {self.channel.name: self.channel}, store, clock, metrics, lambda: None
        )
        self._prefix = id(self)

    async def hears(self, text: str = "", identifier: str = IDENTIFIER, **more: Any) -> Reception:
        message = Inbound(
            Address(Channel.TELEGRAM, identifier), f"{self._prefix}-{next(self._ids)}", MONDAY, text, **more
        )
        return await self._inbox.receive(message)


def rotated(rotation: Rotation) -> None:
    """Do all of it at once."""
    for _ in rotation.run(soon()):
        pass


def soon() -> datetime:
    """When all files of a test are there."""
    return SystemClock().now() + timedelta(minutes=1)


def old_ones(needs: list[Need]) -> dict[str, int]:
    return {need.what: need.old for need in needs if need.old}


def addresses(database: Database) -> int:
    with database.reading() as uow:
        return uow.connection.execute(select(func.count()).select_from(ADDRESS)).scalar_one()


def rows_of(database: Database, name: str) -> int:
    """How many rows have something sealed."""
    table = metadata.tables[name]
    is_sealed = [column.is_not(None) for column in table.columns if column.name.endswith("_sealed")]
    with database.reading() as uow:
        query = select(func.count()).select_from(table).where(or_(*is_sealed))
        return uow.connection.execute(query).scalar_one()


def sealed_values(database: Database) -> list[bytes]:
    with database.reading() as uow:
        return [
            value
            for table in metadata.sorted_tables
            for column in table.columns
            if column.name.endswith("_sealed")
            for value in uow.connection.execute(select(column).where(column.is_not(None))).scalars()
        ]


def stored(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def marks_in(database: Database, folder: Path) -> set[str]:
    """Which marks the disk holds, byte by byte, and what a dump of the rows would."""
    disk = b"".join(path.name.encode() + path.read_bytes() for path in stored(folder))
    with database.reading() as uow:
        rows = [
            repr(tuple(row))
            for table in metadata.sorted_tables
            if table.name != "deployment"
            for row in uow.connection.execute(select(table))
        ]
    dump = "".join(rows)
    return {mark for mark in MARKS if mark.encode() in disk or mark in dump}
