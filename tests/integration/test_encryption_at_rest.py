"""Whoever gets hold of the disk, or of a dump, learns nobody's name, number, place or words."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import LargeBinary, select

from bot.files import Fetcher, FileStore
from bot.inbox import Inbox, Reception
from bot.metrics import Metrics
from bot.writer import Writer
from handlers.messages import Address, Inbound, Location, Media
from handlers.service import Service
from storage.crypto import Vault
from storage.db import Database
from storage.models import metadata
from storage.queries import cases, conversations, inbox, rotation
from storage.queries.cases import REPORT
from storage.vocabulary import Channel, MediaKind
from tests import builders
from tests.fakes.channel import FakeChannel
from tests.fakes.clock import MONDAY, FakeClock

#: each occurs in one kind of field only, and in no other word
IDENTIFIER = "777000111222"
NAME = "Zubaidah Merkurius"
WORDS = "xylofonduka lampu jalan mati di depan pasar desa mungguk sejak kemarin"
ADDED = "kwarsitambahan"
PLACE = "gang zirkonium"
REFERENCE = "file-qwertzuiop"
PICTURE = builders.a_picture("bytes-of-a-vexillum")
FAILED = "hyperbolapayload"
OFFICE = "quaggaofficer"
LOCATION = Location(-0.01271, 110.91734)
MARKS = [
    *(IDENTIFIER, "Zubaidah", "Merkurius", "xylofonduka", ADDED, "zirkonium", REFERENCE, "vexillum", FAILED),
    *(OFFICE, "110.91734", "0.01271", "SecretValueError"),
]
#: binary columns that are neither sealed nor keyed: hashes of the history, and salted digests in it
PLAIN = {"cases.last_hash", "case_event.data_digest", "case_event.previous_hash", "case_event.hash"}
KEYED = {
    *("address.identifier_hash", "conversation.recent_digest", "link_request.code_digest"),
    "officer_invitation.code_digest",
}


@pytest.fixture
async def used(  # noqa: PLR0917
    loaded: Database, writer: Writer, service: Service, clock: FakeClock, vault: Vault, tmp_path: Path
) -> Database:
    """A database through which a report has gone, with a picture, a place, an addition, a failure and a name."""
    channel, metrics, ids = FakeChannel(), Metrics(), itertools.count(1)
    inbox_ = Inbox(writer, service, clock, metrics, lambda: False, lambda **_: None)
    sender = Address(Channel.TELEGRAM, IDENTIFIER)

    async def say(text: str = "", **more: object) -> None:
        message = Inbound(sender, f"u{next(ids)}", clock.now(), text, **more)  # type: ignore[arg-type]
        assert await inbox_.receive(message) is Reception.HANDLED

    await say(WORDS)
    await say(media=(Media(MediaKind.PHOTO, REFERENCE),))
    await say(location=LOCATION)
    with loaded.writing() as uow:
        contact = builders.a_contact(uow, IDENTIFIER)
        report_id = builders.a_filed(uow, contact, draft_id="d2", now=MONDAY)
        builders.an_event(uow, report_id, text=ADDED)
        cases.insert_report(
            uow,
            builders.a_new_report(
                contact, description=WORDS, place=PLACE, location=(LOCATION.lat, LOCATION.lon)
            ),
            MONDAY,
        )
        builders.an_office(uow, contact, report_id, OFFICE)
        conversations.record_consent(uow, contact.reporter_id, "1", NAME, MONDAY)
        inbox.record_failure(
            uow,
            "telegram",
            "f1",
            payload=FAILED,
            error="ValueError",
            traceback="SecretValueError",
            now=MONDAY,
        )
    channel.files[REFERENCE] = PICTURE
    store = FileStore(tmp_path / "attachments", vault)
    assert await Fetcher(
        writer, service, {channel.name: channel}, store, clock, metrics, lambda: None
    ).run_once()
    return loaded


def _raw(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in folder.rglob("*"):
        if path.is_file():
            yield path.name, path.read_bytes()


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
async def test_no_file_on_disk_tells_anything(used: Database, tmp_path: Path) -> None:
    """Database, write-ahead log and attachments, byte by byte, before and after the log is worked in."""
    names = {name for name, _ in _raw(tmp_path)}
    assert {"kanal.db", "kanal.db-wal"} <= names
    assert len(names) >= 4
    for _ in range(2):
        for name, content in _raw(tmp_path):
            for mark in MARKS:
                assert mark.encode() not in content, (name, mark)
        with used.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


async def test_no_row_tells_anything(used: Database) -> None:
    """What a dump would hold, on either database; that the marks are there at all is seen by opening them."""
    with used.reading() as uow:
        for table in metadata.sorted_tables:
            if table.name == "deployment":
                continue  # public: the places and agencies of the government
            for row in uow.connection.execute(table.select()):
                told = repr(tuple(row))
                for mark in MARKS:
                    assert mark not in told, (table.name, mark)
        sealed = list(uow.connection.execute(select(REPORT.c.description_sealed)).scalars())
        found = conversations.find_contact(uow, "telegram", IDENTIFIER, lock=False)
    assert any("xylofonduka" in used.vault.unseal(one) for one in sealed)
    assert found is not None
    assert "xylofonduka" in str(found.progress)


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
async def test_what_was_erased_is_gone_from_the_file(used: Database, tmp_path: Path) -> None:
    """Not only unlinked: its sealed bytes are overwritten, so that a key found later opens nothing."""
    with used.reading() as uow:
        sealed = uow.connection.execute(select(REPORT.c.description_sealed)).scalars().first()
    assert sealed is not None
    with used.writing() as uow:
        uow.connection.execute(REPORT.update().values(description_sealed=b""))
    with used.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    assert all(sealed not in content for _, content in _raw(tmp_path))


def test_no_column_is_forgotten() -> None:
    """Whatever holds bytes is sealed (by its name), hashed with a key and dealt with, or neither."""
    binary = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }
    assert {name for name in binary if not name.endswith("_sealed")} == PLAIN | KEYED
    assert all(len(table.primary_key.columns) == 1 for table in rotation.SEALED)
