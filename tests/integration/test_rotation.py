"""Changing the data keys under a running service: everything moves, nobody notices, the old key is of no use after."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError

from bot.files import FileStore
from bot.inbox import Reception
from bot.rotation import FILES, Rotation
from bot.writer import StorageUnavailable
from handlers.messages import Media
from handlers.service import Service
from storage.crypto import BadKey, StaleKeys, Vault, new_key
from storage.db import Database
from storage.queries import (
    attachments,
    audit,
    conversations,
    inbox,
    invitations,
    links,
    officers,
    rights,
    rotation,
)
from storage.queries.attachments import ATTACHMENT
from storage.queries.cases import CASE
from storage.queries.conversations import ADDRESS, CONVERSATION, REPORT, REPORTER
from storage.vocabulary import MediaKind
from tests import builders
from tests.fakes.clock import MONDAY, FakeClock
from tests.rotating import (
    IDENTIFIER,
    NEW,
    REFERENCE,
    TOLD,
    WORD,
    Serving,
    addresses,
    marks_in,
    old_ones,
    rotated,
    rows_of,
    sealed_values,
    soon,
    stored,
)


@pytest.fixture
def both(database_url: str, key: str) -> Iterator[Database]:
    """The database as a process sees it that has the new key in front of the old one."""
    one = Database(database_url, Vault([NEW, key]))
    yield one
    one.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "attachments"


@pytest.fixture
def turn(folder: Path, both: Database) -> Rotation:
    """The rotating process; every table takes several steps."""
    return Rotation(both, FileStore(folder, both.vault), rows_at_once=2, files_at_once=1)


@pytest.fixture
def serve(service: Service, clock: FakeClock, folder: Path) -> Iterator[Callable[[Database], Serving]]:
    started: list[Serving] = []

    def start(database: Database) -> Serving:
        started.append(Serving(database, service, clock, folder))
        return started[-1]

    yield start
    for one in started:
        one.writer.stop()


@pytest.fixture
async def used(loaded: Database, serve: Callable[[Database], Serving]) -> Database:
    """A database under the old key in which somebody tells something, with a picture; others have as well."""
    running = serve(loaded)
    running.channel.files[REFERENCE] = builders.a_picture(WORD)
    assert await running.hears(TOLD) is Reception.HANDLED
    await running.hears(media=(Media(MediaKind.PHOTO, REFERENCE),))
    for number in range(5):
        await running.hears("halo", f"other {number}")
    assert await running.fetcher.run_once() == 1
    with loaded.writing() as uow:
        contact = builders.a_contact(uow, "reporter")
        conversations.record_consent(uow, contact.reporter_id, "1", WORD, MONDAY)
        report_id = builders.a_filed(uow, contact, draft_id="filed")
        builders.an_office(uow, contact, report_id, WORD)
        inbox.record_failure(
            uow, "telegram", "f", payload=WORD, error="ValueError", traceback=WORD, now=MONDAY
        )
        links.insert_request(
            uow, contact.address_id, None, "123456", now=MONDAY, expires_at=MONDAY + timedelta(hours=1)
        )
    return loaded


async def test_afterwards_the_old_key_is_of_no_use(  # noqa: PLR0917
    used: Database, both: Database, turn: Rotation, folder: Path, key: str, database_url: str
) -> None:
    """With the new one alone everything is found and read; with the old one alone nothing is."""
    assert old_ones(turn.find_needs()) == {
        "check value": 1,
        **{table.name: rows_of(used, table.name) for table in rotation.SEALED},
        FILES: 3,
    }
    rotated(turn)
    assert old_ones(turn.find_needs()) == {}
    assert all(need.unreadable == 0 for need in turn.find_needs())
    alone = Database(database_url, Vault([NEW]))
    with alone.reading() as uow:
        contact = conversations.find_contact(uow, "telegram", IDENTIFIER, lock=False)
        assert contact is not None
        assert contact.progress is not None
        assert WORD in contact.progress
        assert list(audit.verify_history(uow)) == []
        row = uow.connection.execute(select(ATTACHMENT).where(ATTACHMENT.c.digest.is_not(None))).one()
    files = FileStore(folder, alone.vault)
    assert files.load(row.digest) == builders.a_picture(WORD)
    assert files.load(row.shown_digest)
    assert files.load(row.thumbnail_digest)
    alone.close()
    former = Vault([key])
    for content in [*sealed_values(used), *(path.read_bytes() for path in stored(folder))]:
        with pytest.raises(BadKey):
            former.unseal_bytes(content)
    assert len(stored(folder)) == 3


async def test_nothing_is_readable_at_any_moment(
    used: Database, both: Database, turn: Rotation, tmp_path: Path
) -> None:
    """Database, write-ahead log, attachments and rows hold no mark before, after each step, and in the end."""
    assert marks_in(used, tmp_path) == set()
    for _ in turn.run(soon()):
        assert marks_in(used, tmp_path) == set()
    if used.is_sqlite:
        with used.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    assert marks_in(used, tmp_path) == set()


async def test_it_goes_on_where_it_was_interrupted(used: Database, both: Database, turn: Rotation) -> None:
    """After any number of steps, as often as it likes; what is done is not done again."""
    interruptions = 0
    for steps in itertools.count(1):
        walked = turn.run(soon())
        done = list(itertools.islice(walked, steps))
        walked.close()  # type: ignore[attr-defined]
        if len(done) < steps:
            break
        interruptions += 1
    assert interruptions > 10
    assert sum(step.changed for step in done) == 0
    assert old_ones(turn.find_needs()) == {}


async def test_the_conversation_goes_on(  # noqa: PLR0917
    used: Database,
    both: Database,
    turn: Rotation,
    serve: Callable[[Database], Serving],
    database_url: str,
    key: str,
) -> None:
    """A service that was started with the old key finds the new one by itself; nobody becomes somebody else."""
    keys = [key]
    serving = Database(database_url, Vault(keys, lambda: keys))
    running = serve(serving)
    assert await running.hears("bantuan") is Reception.HANDLED
    keys.insert(0, NEW)
    newcomers = set()
    for step in turn.run(soon()):
        newcomers.add(f"new during {step.what}")
        for identifier in (IDENTIFIER, *newcomers):
            assert await running.hears("bantuan", identifier) is Reception.HANDLED
    assert addresses(used) == 7 + len(newcomers)
    assert await running.hears("batal") is Reception.HANDLED
    rotated(turn)
    assert old_ones(turn.find_needs()) == {}
    serving.close()


async def test_who_does_not_know_the_new_key_touches_nothing(
    used: Database, both: Database, turn: Rotation, serve: Callable[[Database], Serving]
) -> None:
    """It refuses as if the database were out of reach, so the provider sends again; others go on."""
    stale, knowing = serve(used), serve(both)
    assert await stale.hears("bantuan") is Reception.HANDLED
    rotated(turn)
    before = sealed_values(used)
    for identifier in (IDENTIFIER, "somebody new"):
        with pytest.raises(StorageUnavailable):
            await stale.hears("bantuan", identifier)
    assert sealed_values(used) == before
    assert await knowing.hears("bantuan") is Reception.HANDLED
    assert addresses(used) == 7


async def test_a_process_with_a_new_key_announces_it(
    used: Database, both: Database, serve: Callable[[Database], Serving]
) -> None:
    """Before its first row, so that nobody else writes without it from then on."""
    stale, knowing = serve(used), serve(both)
    assert await stale.hears("bantuan") is Reception.HANDLED
    assert await knowing.hears("bantuan") is Reception.HANDLED
    with pytest.raises(StorageUnavailable):
        await stale.hears("bantuan")


async def test_a_file_of_keys_that_is_not_in_order_is_as_good_as_none(
    used: Database, both: Database, database_url: str, key: str
) -> None:
    with both.writing() as uow:
        rotation.announce_keys(uow)

    def missing() -> list[str]:
        raise FileNotFoundError

    for read in (missing, lambda: ["no key"], lambda: [key]):
        one = Database(database_url, Vault([key], read))
        with one.writing() as uow, pytest.raises(StaleKeys):
            rotation.require_known_keys(uow)
        one.close()


async def test_twins_become_one(used: Database, both: Database, turn: Rotation) -> None:
    """Somebody whom a process took for new, as it did not know the old key: their reports are one person's again."""
    with used.reading() as uow:
        first = conversations.find_contact(uow, "telegram", "reporter", lock=False)
    assert first is not None
    apart = Database(used.url.render_as_string(hide_password=False), Vault([NEW]))
    with apart.writing() as uow:
        twin = builders.a_contact(uow, "reporter")
        assert twin.address_id != first.address_id
        builders.a_filed(uow, twin, draft_id="of the twin")
        conversations.save_progress(uow, twin, "{}", draft_touched_at=None, now=MONDAY)
        for contact in (first, twin):
            links.follow(uow, 1, contact.address_id, MONDAY)
        builders.an_attachment(uow, twin, draft_id="of the twin")
    apart.close()
    rotated(turn)
    with both.reading() as uow:
        found = conversations.find_contact(uow, "telegram", "reporter", lock=False)
        owners = uow.connection.execute(select(REPORT.c.reporter_id, REPORT.c.address_id).distinct()).all()
        people = uow.connection.execute(select(func.count()).select_from(REPORTER)).scalar_one()
    assert found is not None
    assert found.address_id == first.address_id
    assert owners == [(first.reporter_id, first.address_id)]
    assert people == addresses(both)
    assert old_ones(turn.find_needs()) == {}


async def test_twins_who_are_officers_become_one(used: Database, both: Database, turn: Rotation) -> None:
    """The older post stands, what refers to the younger one refers to it; so with groups."""
    with used.writing() as uow:
        older = officers.find_officer_at(uow, "telegram", "reporter")
        officers.set_group(uow, builders.a_contact(uow, "-100", now=MONDAY).address_id, "PUPR", MONDAY)
    assert older is not None
    apart = Database(used.url.render_as_string(hide_password=False), Vault([NEW]))
    with apart.writing() as uow:
        twin = builders.a_contact(uow, "reporter")
        report_id = builders.a_filed(uow, twin, draft_id="of the twin")
        builders.an_office(uow, twin, report_id, WORD)
        officers.set_group(uow, builders.a_contact(uow, "-100").address_id, "DISHUB", MONDAY)
    apart.close()
    rotated(turn)
    with both.reading() as uow:
        assert [one.id for one in officers.list_officers(uow)] == [older.id]
        holders = uow.connection.execute(select(CASE.c.officer_id).distinct()).scalars().all()
        assert set(holders) <= {older.id, None}
        assert len(officers.list_groups(uow, "PUPR")) == 1
        assert officers.list_groups(uow, "DISHUB") == []
    assert old_ones(turn.find_needs()) == {}


async def test_invitations_end_unless_made_since(used: Database, both: Database, turn: Rotation) -> None:
    """Their codes cannot be hashed anew; one made under the new key is good, also when a rotation is run again."""
    with both.reading() as uow:
        assert invitations.find_invitation(uow, builders.CODE) is not None
    rotated(turn)
    with both.writing() as uow:
        assert invitations.find_invitation(uow, builders.CODE) is None
        builders.an_invitation(uow, "made since")
    rotated(turn)
    with both.reading() as uow:
        found = invitations.find_invitation(uow, "made since")
    assert found is not None
    assert found.expires_at > MONDAY


async def test_nobody_is_found_again_who_was_erased(used: Database, both: Database, turn: Rotation) -> None:
    """A hash that is not the identifier's stays as it is; the message that waits there still leaves."""
    with used.writing() as uow:
        address_id = rights.insert_farewell_address(uow, "telegram", IDENTIFIER, "id", MONDAY)
        query = select(ADDRESS.c.identifier_hash).where(ADDRESS.c.id == address_id)
        before = uow.connection.execute(query).scalar_one()
    rotated(turn)
    with both.reading() as uow:
        assert uow.connection.execute(query).scalar_one() == before
        assert rights.get_identifier(uow, address_id) == IDENTIFIER
        found = conversations.find_contact(uow, "telegram", IDENTIFIER, lock=False)
    assert found is not None
    assert found.address_id != address_id


async def test_codes_given_out_are_no_longer_good(used: Database, both: Database, turn: Rotation) -> None:
    """They cannot be hashed anew; who gives one back is told so, and it counts as no wrong one."""
    for _ in turn.run(MONDAY):
        pass
    with both.reading() as uow:
        row = uow.connection.execute(select(links.REQUEST)).one()
    assert (row.code_digest, row.tries) == (b"", 0)
    assert row.expires_at <= MONDAY


async def test_what_a_phone_sent_twice_is_forgotten(used: Database, both: Database, turn: Rotation) -> None:
    with used.writing() as uow:
        uow.connection.execute(update(CONVERSATION).values(recent_digest=b"x", recent_at=MONDAY))
    rotated(turn)
    with both.reading() as uow:
        assert set(uow.connection.execute(select(CONVERSATION.c.recent_digest)).scalars()) == {None}


async def test_what_no_key_opens_stops_nothing(
    used: Database, both: Database, turn: Rotation, folder: Path
) -> None:
    """It is left as it is, and told; so is a file that is missing."""
    with used.writing() as uow:
        uow.connection.execute(update(ATTACHMENT).values(ref_sealed=Vault([new_key()]).seal("x")))
        shown = uow.connection.execute(
            select(ATTACHMENT.c.shown_digest).where(ATTACHMENT.c.digest.is_not(None))
        )
        name = shown.scalar_one()
    (folder / name[:2] / name).unlink()
    rotated(turn)
    needs = turn.find_needs()
    assert old_ones(needs) == {}
    assert {need.what: need.unreadable for need in needs if need.unreadable} == {"attachment": 1, FILES: 1}


async def test_a_file_saved_under_the_old_key_meanwhile_is_found(
    used: Database, both: Database, turn: Rotation, folder: Path
) -> None:
    """A process that has the old key in front, or had just saved: the check tells, and another run mends it."""
    rotated(turn)
    late = FileStore(folder, used.vault).save(b"%PDF-1.7 late")
    with both.writing() as uow:
        contact = builders.a_contact(uow)
        builders.an_attachment(uow, contact, draft_id="late")
        (wanted,) = attachments.lease_attachments(uow, ["telegram"], 9, MONDAY, MONDAY + timedelta(minutes=1))
        kept = attachments.Kept(late, 13, "application/pdf", late, 13)
        assert attachments.settle_stored(uow, wanted.id, kept)
    assert old_ones(turn.find_needs()) == {FILES: 1}
    rotated(turn)
    assert old_ones(turn.find_needs()) == {}
    assert not (folder / late[:2] / late).exists()


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
async def test_rows_in_use_are_passed_over(used: Database, both: Database, turn: Rotation) -> None:
    """It waits for nobody, so nobody waits for it in a circle; another run takes what was in use."""
    with both.writing() as uow:
        rotation.announce_keys(uow)
    with both.writing() as uow:
        assert conversations.find_contact(uow, "telegram", IDENTIFIER) is not None
        rotated(turn)
    assert old_ones(turn.find_needs()) == {"address": 1}
    rotated(turn)
    assert old_ones(turn.find_needs()) == {}


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
async def test_a_step_that_cannot_have_the_database_changes_nothing(
    used: Database, both: Database, turn: Rotation
) -> None:
    """Somebody else writes for so long that it gives up; it can be run again."""
    impatient = Database(f"{used.url.render_as_string()}?timeout=0.05", both.vault)
    before = sealed_values(used)
    with used.writing(), pytest.raises(DBAPIError):
        rotated(replace(turn, database=impatient))
    assert sealed_values(used) == before
    rotated(replace(turn, database=impatient))
    assert old_ones(turn.find_needs()) == {}
    impatient.close()
