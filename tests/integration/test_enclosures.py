"""What goes with messages: files when they are there, not for ever waited for, as addresses by SMS."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.channels.base import OutFile, SendError
from bot.delivery import Delivery
from bot.enclosures import PATIENCE, PAUSE
from bot.files import Fetcher, FileStore
from bot.links import page_path, read_token
from bot.metrics import Metrics
from bot.writer import Writer
from handlers.messages import Exhibit, Made, Page
from handlers.service import Service
from storage.crypto import Vault
from storage.db import Database
from storage.queries import attachments
from storage.queries.attachments import ATTACHMENT
from storage.vocabulary import Channel, Fault, Language, Priority
from tests import builders
from tests.fakes.channel import FakeChannel
from tests.fakes.clock import MONDAY, FakeClock

ROOT = "https://kanal.example.id"
SOUND = b"#!AMR\nsuara"
DRAWN = OutFile("rekap.png", "image/png", b"drawn")
FIGURES = Made(Exhibit.FIGURES, None, date(2026, 2, 1), date(2026, 2, 28), Language.INDONESIAN)


@pytest.fixture
def telegram() -> FakeChannel:
    return FakeChannel()


@pytest.fixture
def sms() -> FakeChannel:
    return FakeChannel(Channel.SMS)


@pytest.fixture
def store(tmp_path: Path, vault: Vault) -> FileStore:
    return FileStore(tmp_path / "attachments", vault)


@pytest.fixture
def make(  # noqa: PLR0917
    writer: Writer,
    service: Service,
    loaded: Database,
    telegram: FakeChannel,
    sms: FakeChannel,
    store: FileStore,
    clock: FakeClock,
) -> Callable[..., Delivery]:
    """Makes a delivery for both channels."""

    def make_one(
        *, root: str | None = ROOT, maker: Callable[[Made], OutFile] = lambda _made: DRAWN
    ) -> Delivery:
        enclosures = builders.enclosures(writer, store, make=maker, public_root=root)
        channels = {one.name: one for one in (telegram, sms)}
        return Delivery(writer, service, channels, enclosures, clock, Metrics())

    return make_one


@pytest.fixture
def fetcher(  # noqa: PLR0917
    writer: Writer,
    loaded: Database,
    service: Service,
    telegram: FakeChannel,
    store: FileStore,
    clock: FakeClock,
) -> Fetcher:
    return Fetcher(writer, service, {telegram.name: telegram}, store, clock, Metrics(), lambda: None)


@pytest.fixture
def announce(loaded: Database, telegram: FakeChannel) -> Callable[..., list[int]]:
    """Notes files that somebody sent, to be fetched; returns their numbers."""

    def announce_all(*contents: bytes | Exception) -> list[int]:
        for number, content in enumerate(contents):
            telegram.files[f"ref-{number}"] = content
        with loaded.writing() as uow:
            contact = builders.a_contact(uow, "2002")
            for number in range(len(contents)):
                builders.an_attachment(uow, contact, ref=f"ref-{number}")
            return list(uow.connection.execute(select(ATTACHMENT.c.id).order_by(ATTACHMENT.c.id)).scalars())

    return announce_all


def say(
    database: Database, text: str, *files: int, channel: Channel = Channel.TELEGRAM, made: Made | None = None
) -> None:
    with database.writing() as uow:
        builders.queue(uow, "1001", text, channel=channel, files=files, made=made)


async def test_a_report_s_page(
    make: Callable[..., Delivery], telegram: FakeChannel, sms: FakeChannel, loaded: Database, vault: Vault
) -> None:
    """Its address follows the long wording where the world reaches us, in the reader's language; an SMS has none."""
    page = Page("7341917", "Lihat:", Language.ENGLISH)
    for root in (ROOT, None):
        with loaded.writing() as uow:
            for channel in (Channel.TELEGRAM, Channel.SMS):
                builders.queue(uow, f"+1001{channel}", "ini", channel=channel, page=page)
        await make(root=root).drain()
    address = f"{ROOT}{page_path(vault, '7341917')}&lang=en"
    assert [reply.text for reply in telegram.replies] == [f"ini\n\nLihat:\n{address}", "ini"]
    assert [reply.short for reply in sms.replies] == ["ini", "ini"]


async def test_files_go_along(
    make: Callable[..., Delivery],
    fetcher: Fetcher,
    announce: Callable[..., list[int]],
    telegram: FakeChannel,
    loaded: Database,
) -> None:
    """Pictures as others may see them, a sound as it came, in the order asked for, under plain names."""
    note = "di rumah Budi"
    picture, sound = announce(builders.a_picture(note), SOUND)
    await fetcher.run_once()
    say(loaded, "ini", sound, picture)
    await make().drain()
    (files,) = telegram.enclosed
    assert [(file.name, file.media_type) for file in files] == [
        ("suara-1.amr", "audio/amr"),
        ("foto-2.jpg", "image/jpeg"),
    ]
    assert files[0].content == SOUND
    assert files[1].content.startswith(b"\xff\xd8\xff")
    assert note.encode() not in files[1].content


async def test_a_file_on_its_way_is_waited_for(  # noqa: PLR0917
    make: Callable[..., Delivery],
    fetcher: Fetcher,
    announce: Callable[..., list[int]],
    telegram: FakeChannel,
    loaded: Database,
    clock: FakeClock,
) -> None:
    """The message comes with it a little later; meanwhile others to the same person pass."""
    say(loaded, "kartu", *announce(SOUND))
    say(loaded, "balasan")
    delivery = make()
    await delivery.drain()
    assert telegram.texts() == ["balasan"]
    await fetcher.run_once()
    clock.move(PAUSE)
    await delivery.drain()
    assert telegram.texts() == ["balasan", "kartu"]
    assert [len(files) for files in telegram.enclosed] == [0, 1]


async def test_nothing_is_waited_for_for_ever(
    make: Callable[..., Delivery],
    announce: Callable[..., list[int]],
    telegram: FakeChannel,
    loaded: Database,
    clock: FakeClock,
) -> None:
    """After five minutes the text comes without."""
    say(loaded, "kartu", *announce(SOUND))
    delivery = make()
    await delivery.drain()
    clock.move(PATIENCE - PAUSE)
    await delivery.drain()
    assert telegram.texts() == []
    clock.move(PAUSE)
    await delivery.drain()
    assert telegram.texts() == ["kartu"]
    assert telegram.enclosed == [[]]


@pytest.mark.parametrize("fate", ["lost", "erased", "off the disk", "unknown"])
async def test_what_is_gone_is_left_out(  # noqa: PLR0917
    fate: str,
    make: Callable[..., Delivery],
    fetcher: Fetcher,
    announce: Callable[..., list[int]],
    telegram: FakeChannel,
    store: FileStore,
    loaded: Database,
) -> None:
    """The text and the other files come all the same."""
    first, second = announce(SOUND, SOUND + b" dua")
    await fetcher.run_once()
    with loaded.writing() as uow:
        (digest,) = (one.digest for one in attachments.list_shown(uow, [first]))
        match fate:
            case "lost":
                change = ATTACHMENT.update().values(state="lost", shown_digest=None)
                uow.connection.execute(change.where(ATTACHMENT.c.id == first))
            case "erased":
                uow.connection.execute(ATTACHMENT.delete().where(ATTACHMENT.c.id == first))
            case "off the disk":
                store.remove(digest)
            case _:
                first = 999_999
    say(loaded, "ini", first, second)
    await make().drain()
    assert telegram.texts() == ["ini"]
    assert [file.content for file in telegram.enclosed[0]] == [SOUND + b" dua"]


async def test_made_files(make: Callable[..., Delivery], telegram: FakeChannel, loaded: Database) -> None:
    """A file is made as its message leaves."""
    asked: list[Made] = []

    def draw(made: Made) -> OutFile:
        asked.append(made)
        return DRAWN

    say(loaded, "rekap", made=FIGURES)
    await make(maker=draw).drain()
    assert asked == [FIGURES]
    assert telegram.enclosed == [[DRAWN]]


async def test_a_file_that_cannot_be_made(
    make: Callable[..., Delivery], telegram: FakeChannel, loaded: Database
) -> None:
    """The text says what there is to say without it."""

    def fail(_made: Made) -> OutFile:
        raise ZeroDivisionError

    say(loaded, "rekap", made=FIGURES)
    await make(maker=fail).drain()
    assert telegram.texts() == ["rekap"]
    assert telegram.enclosed == [[]]


async def test_sms_gets_an_address(  # noqa: PLR0917
    make: Callable[..., Delivery],
    fetcher: Fetcher,
    announce: Callable[..., list[int]],
    sms: FakeChannel,
    loaded: Database,
    vault: Vault,
    clock: FakeClock,
) -> None:
    """A text cannot take a picture along: it says where to see it, the same at every attempt."""
    (picture,) = announce(builders.a_picture())
    await fetcher.run_once()
    sms.fail(SendError(Fault.UNREACHABLE, code="down"))
    say(loaded, "Sudah diperbaiki.", picture, channel=Channel.SMS, made=FIGURES)
    delivery = make()
    await delivery.drain()
    clock.move(timedelta(minutes=1))
    await delivery.drain()
    (reply,) = sms.replies
    text, _, token = reply.short.rpartition("/f/")
    assert text == f"Sudah diperbaiki. Foto: {ROOT}"
    assert read_token(vault, token, MONDAY) == picture
    assert sms.enclosed == [[]]


async def test_sms_without_an_address_of_ours(
    make: Callable[..., Delivery],
    fetcher: Fetcher,
    announce: Callable[..., list[int]],
    sms: FakeChannel,
    loaded: Database,
) -> None:
    """Where the world does not reach us nothing is promised."""
    (picture,) = announce(builders.a_picture())
    await fetcher.run_once()
    say(loaded, "Sudah diperbaiki.", picture, channel=Channel.SMS)
    await make(root=None).drain()
    assert [reply.short for reply in sms.replies] == ["Sudah diperbaiki."]


async def test_waiting_leaves_the_attempts_alone(
    make: Callable[..., Delivery], announce: Callable[..., list[int]], loaded: Database
) -> None:
    """A message that waits for a file has not been tried."""
    say(loaded, "kartu", *announce(SOUND))
    await make().drain()
    with loaded.reading() as uow:
        row = uow.connection.exec_driver_sql("SELECT state, attempts, code, priority FROM outbound").one()
    assert tuple(row) == ("pending", 0, None, Priority.DIRECT)
