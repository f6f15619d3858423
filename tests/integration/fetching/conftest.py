"""A fetcher, its store, and a channel that has files."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.files import Fetcher, FileStore
from bot.metrics import Metrics
from bot.writer import Writer
from handlers.service import Service
from storage.crypto import Vault
from storage.db import Database
from storage.queries.attachments import ATTACHMENT
from tests import builders
from tests.fakes.channel import FakeChannel
from tests.fakes.clock import FakeClock


@pytest.fixture
def channel() -> FakeChannel:
    return FakeChannel()


@pytest.fixture
def store(tmp_path: Path, vault: Vault) -> FileStore:
    return FileStore(tmp_path / "attachments", vault)


@pytest.fixture
def fetcher(  # noqa: PLR0917
    writer: Writer,
    loaded: Database,
    service: Service,
    channel: FakeChannel,
    store: FileStore,
    clock: FakeClock,
) -> Fetcher:
    return Fetcher(writer, service, {channel.name: channel}, store, clock, Metrics(), lambda: None)


@pytest.fixture
def announce(loaded: Database, clock: FakeClock) -> Callable[..., None]:
    """Notes a file that a message brought, for a draft or for a filed report."""

    def announce_one(ref: str = "file-1", *, is_filed: bool = False) -> None:
        with loaded.writing() as uow:
            contact = builders.a_contact(uow)
            builders.an_attachment(uow, contact, draft_id="draft-f", ref=ref, now=clock.now())
            if is_filed:
                builders.a_filed(uow, contact, draft_id="draft-f", now=clock.now())

    return announce_one


@pytest.fixture
def rows(loaded: Database) -> Callable[[], list[tuple[str, str | None]]]:
    """State and code of each file."""

    def read() -> list[tuple[str, str | None]]:
        with loaded.reading() as uow:
            found = uow.connection.execute(select(ATTACHMENT).order_by(ATTACHMENT.c.id))
            return [(row.state, row.code) for row in found]

    return read
