"""Files that nobody needs any more are removed, never one that is needed."""

import asyncio
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from bot.clock import SystemClock
from bot.files import Fetcher, FileStore, sweep_files
from bot.writer import Writer
from storage.db import Database
from storage.queries import attachments
from storage.queries.attachments import ATTACHMENT
from tests import builders
from tests.fakes.channel import FakeChannel

PICTURE = builders.a_picture()
#: the machine's clock, as files have it
NOW = SystemClock().now()


def age(tmp_path: Path, hours: float) -> None:
    """Let all files be as old as that."""
    at = (NOW - timedelta(hours=hours)).timestamp()
    for path in (tmp_path / "attachments").rglob("*"):
        os.utime(path, (at, at))


def names_in(tmp_path: Path) -> set[str]:
    return {path.name for path in (tmp_path / "attachments").rglob("*") if path.is_file()}


async def test_files_without_a_row_are_swept_away(  # noqa: PLR0917
    fetcher: Fetcher,
    writer: Writer,
    channel: FakeChannel,
    store: FileStore,
    announce: Callable[..., None],
    loaded: Database,
    tmp_path: Path,
) -> None:
    """Those of a dropped draft go, with their copies; a file that another report has as well stays."""
    channel.files |= {"file-1": PICTURE, "file-2": b"#!AMR\nsuara"}
    announce()
    announce("file-2")
    with loaded.writing() as uow:
        builders.an_attachment(uow, builders.a_contact(uow, "2"), draft_id="draft-2", ref="file-2")
    await fetcher.run_once()
    assert len(names_in(tmp_path)) == 4
    with loaded.writing() as uow:
        attachments.drop_attachments(uow, "draft-f")
    age(tmp_path, 2)
    assert await sweep_files(writer, store, NOW - timedelta(hours=1)) == 3
    with loaded.reading() as uow:
        left = list(uow.connection.execute(select(ATTACHMENT.c.digest)).scalars())
    assert names_in(tmp_path) == set(left)
    assert await sweep_files(writer, store, NOW) == 0


async def test_a_file_just_saved_is_not_swept_away(writer: Writer, store: FileStore, tmp_path: Path) -> None:
    """Its row is about to be committed; saved again, an old file counts as new."""
    store.save(PICTURE)
    age(tmp_path, 2)
    name = store.save(PICTURE)
    assert await sweep_files(writer, store, NOW - timedelta(hours=1)) == 0
    assert store.load(name) == PICTURE


async def test_a_file_swept_away_before_its_row_is_there_comes_back(  # noqa: PLR0917
    fetcher: Fetcher,
    writer: Writer,
    channel: FakeChannel,
    store: FileStore,
    announce: Callable[..., None],
    loaded: Database,
) -> None:
    """Between saving and commit nothing tells that a file is wanted: who saved it looks again afterwards."""
    channel.files["file-1"] = PICTURE
    announce()
    fetching = asyncio.ensure_future(fetcher.run_once())
    far_away = NOW + timedelta(days=365)
    while not fetching.done():
        await sweep_files(writer, store, far_away)
    with loaded.reading() as uow:
        row = uow.connection.execute(select(ATTACHMENT)).one()
    assert store.load(row.digest) == PICTURE
    assert store.load(row.shown_digest)
