"""Files that people sent: fetched after the commit, kept encrypted, or told to be missing."""

import asyncio
import errno
import io
import struct
import zlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select, text, update

from bot.channels.base import FetchError
from bot.clock import SystemClock
from bot.files import LEASE, MAX_AGE, PAUSES, Fetcher, FileStore
from handlers.files import shown_type
from storage.crypto import BadKey, Vault, new_key
from storage.db import Database
from storage.queries import attachments, cases, outbox
from storage.queries.attachments import ATTACHMENT, Kept
from storage.vocabulary import OutboundState
from tests import builders
from tests.deployment import sekadau
from tests.fakes.channel import FakeChannel
from tests.fakes.clock import MONDAY, FakeClock

NOTE = "di rumah Budi"
PICTURE = builders.a_picture(NOTE)
PROGRAM = b"MZ\x90\0" + bytes(100)
#: the machine's clock, as files have it
NOW = SystemClock().now()
GONE = FetchError("gone", is_final=True)
DOWN = FetchError("down", is_final=False)


def replies(database: Database) -> int:
    with database.reading() as uow:
        return len(outbox.list_waiting(uow, list(OutboundState), 100))


def test_the_same_bytes_are_kept_once_and_unreadable(store: FileStore, tmp_path: Path) -> None:
    """The name tells nothing, the file neither; others on the machine cannot look into the folder."""
    names = {store.save(PICTURE), store.save(PICTURE)}
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(names) == len(files) == 1
    assert PICTURE not in files[0].read_bytes()
    assert store.load(names.pop()) == PICTURE
    assert files[0].stat().st_mode & 0o077 == 0
    assert (tmp_path / "attachments").stat().st_mode & 0o077 == 0


def test_another_key_opens_nothing(store: FileStore, tmp_path: Path) -> None:
    name = store.save(PICTURE)
    with pytest.raises(BadKey):
        FileStore(tmp_path / "attachments", Vault([new_key()])).load(name)


def test_a_disk_that_fails_leaves_no_half_file(tmp_path: Path, vault: Vault) -> None:
    """Whoever finds a file under its name finds the whole of it; nothing is left lying about."""
    (tmp_path / "attachments").write_text("")
    with pytest.raises(OSError, match=r"exists|directory"):
        FileStore(tmp_path / "attachments", vault).save(PICTURE)
    assert [path.name for path in tmp_path.iterdir()] == ["attachments"]


async def test_a_file_is_fetched_and_kept(
    fetcher: Fetcher, channel: FakeChannel, store: FileStore, announce: Callable[..., None], loaded: Database
) -> None:
    """What it is, its size and its name in the store are noted, and the case's history has a line of it."""
    channel.files["file-1"] = PICTURE
    announce(is_filed=True)
    assert await fetcher.run_once() == 1
    with loaded.reading() as uow:
        row = uow.connection.execute(select(ATTACHMENT)).one()
        kinds = list(uow.connection.execute(select(cases.EVENT.c.kind).order_by(cases.EVENT.c.seq)).scalars())
    assert (row.state, row.size, row.due_at, row.code) == ("stored", len(PICTURE), None, None)
    assert store.load(row.digest) == PICTURE
    assert row.media_type == shown_type(row.media_type) == "image/jpeg"
    shown = store.load(row.shown_digest)
    assert (len(shown), NOTE.encode() in PICTURE, NOTE.encode() in shown) == (row.shown_size, True, False)
    assert store.load(row.thumbnail_digest).startswith(b"\xff\xd8")
    assert kinds[-1] == "attachment_stored"
    assert await fetcher.run_once() == 0


@pytest.mark.parametrize("is_filed", [True, False])
async def test_a_file_that_is_gone_is_told(
    fetcher: Fetcher,
    channel: FakeChannel,
    announce: Callable[..., None],
    rows: Callable[[], object],
    loaded: Database,
    *,
    is_filed: bool,
) -> None:
    """The report stays; its reporter learns which file is missing, once."""
    channel.files["file-1"] = GONE
    announce(is_filed=is_filed)
    await fetcher.run_once()
    await fetcher.run_once()
    assert rows() == [("lost", "gone")]
    assert replies(loaded) == 1


async def test_a_file_seen_by_others_as_it_is_lies_there_once(
    fetcher: Fetcher, channel: FakeChannel, announce: Callable[..., None], loaded: Database, tmp_path: Path
) -> None:
    """A sound that can hold no notes has no copy of its own."""
    channel.files["file-1"] = b"#!AMR\nsuara"
    announce()
    await fetcher.run_once()
    with loaded.reading() as uow:
        row = uow.connection.execute(select(ATTACHMENT)).one()
    assert (row.shown_digest, row.shown_size, row.thumbnail_digest) == (row.digest, row.size, None)
    assert len([path for path in (tmp_path / "attachments").rglob("*") if path.is_file()]) == 1


def a_bomb() -> bytes:
    """A PNG of a few bytes whose head announces 100 million pixels."""
    buffer = io.BytesIO()
    Image.new("1", (1, 1)).save(buffer, "PNG")
    content = bytearray(buffer.getvalue())
    content[16:24] = struct.pack(">II", 10_000, 10_000)
    content[29:33] = struct.pack(">I", zlib.crc32(content[12:29]))
    return bytes(content)


TOO_BIG = b"x" * (sekadau().intake.max_attachment_mb * 1_000_000 + 1)
#: content, code, what the reporter reads
REFUSED = {
    "disguised": (PROGRAM, "type", "tidak bisa kami terima. Yang bisa: foto, video, rekaman suara, dan PDF."),
    "broken": (PICTURE[: len(PICTURE) // 2], "unreadable", "tidak bisa kami terima."),
    "too big": (TOO_BIG, "too_big", "terlalu besar, paling besar 20 MB."),
    "a bomb": (a_bomb(), "pixels", "terlalu besar, paling besar 70 megapiksel."),
}


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("is_filed", [True, False])
async def test_a_file_that_is_not_taken_is_told(  # noqa: PLR0917
    fetcher: Fetcher,
    channel: FakeChannel,
    announce: Callable[..., None],
    rows: Callable[[], object],
    loaded: Database,
    tmp_path: Path,
    name: str,
    *,
    is_filed: bool,
) -> None:
    """Announced as a photo; the reporter reads which file and what is taken; nothing of it is kept."""
    content, code, told = REFUSED[name]
    channel.files["file-1"] = content
    announce(is_filed=is_filed)
    await fetcher.run_once()
    assert rows() == [("lost", code)]
    assert not (tmp_path / "attachments").exists()
    with loaded.reading() as uow:
        (payload,) = uow.connection.execute(select(outbox.OUTBOUND.c.payload_sealed)).scalars()
        kinds = list(uow.connection.execute(select(cases.EVENT.c.kind).order_by(cases.EVENT.c.seq)).scalars())
        text_ = uow.vault.unseal(payload)
    assert "erkas ke-1" in text_
    assert told in text_
    assert kinds[1:] == (["attachment_lost"] if is_filed else [])


async def test_a_provider_that_is_down_is_asked_again(
    fetcher: Fetcher,
    channel: FakeChannel,
    announce: Callable[..., None],
    rows: Callable[[], object],
    clock: FakeClock,
) -> None:
    """After 5 seconds, 30, … ; what comes late is kept like the rest."""
    channel.files["file-1"] = DOWN
    announce()
    for pause in PAUSES:
        assert await fetcher.run_once() == 1
        assert await fetcher.run_once() == 0
        clock.move(pause)
    channel.files["file-1"] = PICTURE
    assert await fetcher.run_once() == 1
    assert rows() == [("stored", None)]


async def test_after_a_day_it_is_given_up(  # noqa: PLR0917
    fetcher: Fetcher,
    channel: FakeChannel,
    announce: Callable[..., None],
    rows: Callable[[], object],
    clock: FakeClock,
    loaded: Database,
) -> None:
    """The reporter may still have the picture, and should know."""
    channel.files["file-1"] = DOWN
    announce()
    clock.move(MAX_AGE)
    await fetcher.run_once()
    assert rows() == [("lost", "down")]
    assert replies(loaded) == 1


async def test_a_full_disk_of_ours_loses_no_file(  # noqa: PLR0917
    fetcher: Fetcher,
    channel: FakeChannel,
    announce: Callable[..., None],
    rows: Callable[[], object],
    clock: FakeClock,
    tmp_path: Path,
) -> None:
    """The provider still has it: it is fetched again when there is room."""
    channel.files["file-1"] = PICTURE
    announce()
    (tmp_path / "attachments").write_text("in the way")
    await fetcher.run_once()
    assert rows() == [("pending", "disk")]
    (tmp_path / "attachments").unlink()
    clock.move(PAUSES[0])
    await fetcher.run_once()
    assert rows() == [("stored", None)]


async def test_a_bug_in_a_channel_stops_no_other_file(
    fetcher: Fetcher, channel: FakeChannel, announce: Callable[..., None], rows: Callable[[], object]
) -> None:
    """What nobody foresaw is tried a few times, then given up."""
    channel.files |= {"bad": OSError(errno.EBADF, "odd"), "good": PICTURE}
    announce("bad")
    announce("good")
    await fetcher.run_once()
    assert rows() == [("pending", "bug:OSError"), ("stored", None)]


async def test_a_file_no_key_opens_stops_no_other_file(
    fetcher: Fetcher,
    channel: FakeChannel,
    announce: Callable[..., None],
    rows: Callable[[], object],
    loaded: Database,
) -> None:
    channel.files["good"] = PICTURE
    announce("bad")
    with loaded.writing() as uow:
        uow.connection.execute(update(ATTACHMENT).values(ref_sealed=Vault([new_key()]).seal("x")))
    announce("good")
    await fetcher.run_once()
    assert rows() == [("lost", "unreadable"), ("stored", None)]


async def test_a_draft_thrown_away_takes_its_file_along(
    fetcher: Fetcher, channel: FakeChannel, announce: Callable[..., None], loaded: Database
) -> None:
    """Also while the file is being fetched."""
    channel.files["file-1"] = PICTURE
    announce()
    with loaded.writing() as uow:
        (wanted,) = attachments.lease_attachments(uow, ["telegram"], 1, MONDAY, MONDAY + LEASE)
        attachments.drop_attachments(uow, "draft-f")
        assert not attachments.settle_stored(uow, wanted.id, Kept("x", 1, "image/jpeg", "y", 1))
        assert attachments.find_owner(uow, wanted.id) is None


async def test_the_lease_of_a_killed_process_runs_out(
    fetcher: Fetcher, channel: FakeChannel, announce: Callable[..., None], loaded: Database, clock: FakeClock
) -> None:
    """And of two attempts that overlap, only the first to end is noted."""
    channel.files["file-1"] = PICTURE
    announce()
    with loaded.writing() as uow:
        (wanted,) = attachments.lease_attachments(uow, ["telegram"], 1, clock.now(), clock.now() + LEASE)
    assert await fetcher.run_once() == 0
    clock.move(LEASE)
    assert await fetcher.run_once() == 1
    with loaded.writing() as uow:
        assert not attachments.settle_later(uow, wanted.id, "late", clock.now())
        assert not attachments.settle_lost(uow, wanted.id, "late")


async def test_the_loop_survives_what_nobody_foresaw(
    fetcher: Fetcher,
    channel: FakeChannel,
    announce: Callable[..., None],
    loaded: Database,
    rows: Callable[[], object],
) -> None:
    """A turn that fails is logged and tried again; a commit wakes the loop."""
    channel.files["file-1"] = PICTURE
    announce()
    with loaded.writing() as uow:
        uow.connection.execute(text("ALTER TABLE attachment RENAME TO hidden"))
    task = asyncio.ensure_future(fetcher.run())
    with pytest.raises(Exception, match=r"(?i)attachment"):
        await fetcher.run_once()
    with loaded.writing() as uow:
        uow.connection.execute(text("ALTER TABLE hidden RENAME TO attachment"))
    fetcher.wake()
    while rows() == [("pending", None)]:  # noqa: ASYNC110 - the machine has no events for tests
        await asyncio.sleep(0.001)
    task.cancel()
    await asyncio.wait([task])
    assert rows() == [("stored", None)]


def test_leases_are_longer_than_attempts() -> None:
    """No two attempts at one file overlap while their process lives."""
    assert timedelta(seconds=120) < LEASE
