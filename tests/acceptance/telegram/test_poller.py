"""Updates on their way in, over HTTP: long polling by our Poller, and the fake's webhook."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime

import pytest

from bot.channels.base import SendError
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.poller import PollConflict, Poller
from handlers.messages import Inbound, Press
from tests.fakes.telegram.server import FakeTelegram
from tests.fakes.telegram.world import Signal

NOW = datetime(2026, 3, 2, 2, 5, tzinfo=UTC)


class StorageDownError(Exception):
    """The database is away."""


class Inbox:
    """Receives, and remembers what; `on_receive` decides what else happens."""

    def __init__(self) -> None:
        self.received: list[str] = []
        self.ignored = 0
        self.changed = Signal()
        self.on_receive: Callable[[str], None] = lambda _text: None
        self.gate = asyncio.Event()
        self.gate.set()

    async def receive(self, inbound: Inbound) -> None:
        self.received.append(inbound.text)
        self.changed.notify()
        await self.gate.wait()
        self.on_receive(inbound.text)

    def ignore(self) -> None:
        self.ignored += 1


class Pauses:
    """Stands for the clock: remembers how long somebody would have slept."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.seconds.append(seconds)


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def pauses() -> Pauses:
    return Pauses()


@pytest.fixture
def poller(channel: TelegramChannel, pauses: Pauses) -> Poller:
    return Poller(channel, clock=lambda: NOW, sleep=pauses.sleep)


@asynccontextmanager
async def polling(poller: Poller, inbox: Inbox) -> AsyncIterator[None]:
    task = asyncio.create_task(poller.run(inbox.receive, on_ignored=inbox.ignore))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_messages_arrive_in_order(fake: FakeTelegram, poller: Poller, inbox: Inbox) -> None:
    """Everything that waits comes in by its number, and is then confirmed."""
    citizen = fake.citizen()
    texts = [f"pesan {number}" for number in range(130)]
    for text in texts:
        citizen.says(text)
    async with polling(poller, inbox):
        await fake.wait_for(lambda: not fake.pending_updates)
    assert inbox.received == texts


async def test_messages_wake_a_waiting_poll(fake: FakeTelegram, poller: Poller, inbox: Inbox) -> None:
    """A message comes in as soon as it is written."""
    async with polling(poller, inbox):
        await fake.wait_for(lambda: fake.calls_of("getUpdates"))
        fake.citizen().says("halo")
        await fake.wait_for(lambda: inbox.received == ["halo"] and not fake.pending_updates)


async def test_nothing_is_acknowledged_before_it_is_committed(
    fake: FakeTelegram, poller: Poller, inbox: Inbox
) -> None:
    """Until the last of a batch is committed Telegram is not asked again, so keeps them all."""
    citizen = fake.citizen()
    for text in ("satu", "dua", "tiga"):
        citizen.says(text)
    inbox.gate.clear()
    gate = fake.faults.hold_next("getUpdates")
    async with polling(poller, inbox):
        await gate.reached()
        gate.open()
        await inbox.changed.wait_for(lambda: len(inbox.received) == 3)
        assert len(fake.calls_of("getUpdates")) == 1
        assert len(fake.pending_updates) == 3
        inbox.gate.set()
        await fake.wait_for(lambda: not fake.pending_updates)


async def test_cancelled_in_the_middle(fake: FakeTelegram, poller: Poller, inbox: Inbox) -> None:
    """What was being received when we were stopped comes again."""
    fake.citizen().says("halo")
    inbox.gate.clear()
    async with polling(poller, inbox):
        await inbox.changed.wait_for(lambda: inbox.received)
    assert len(fake.pending_updates) == 1
    inbox.gate.set()
    async with polling(poller, inbox):
        await fake.wait_for(lambda: not fake.pending_updates)
    assert inbox.received == ["halo", "halo"]


async def test_what_failed_comes_again(
    fake: FakeTelegram, poller: Poller, inbox: Inbox, pauses: Pauses
) -> None:
    """The offset stops at the first message that was not committed; nothing is lost, and there is a pause."""
    refusals = iter([True, True])

    def fail_twice(text: str) -> None:
        if text == "dua" and next(refusals, False):
            raise StorageDownError

    inbox.on_receive = fail_twice
    citizen = fake.citizen()
    for text in ("satu", "dua", "tiga"):
        citizen.says(text)
    first = fake.pending_updates[0]
    async with polling(poller, inbox):
        await fake.wait_for(lambda: not fake.pending_updates)
    assert inbox.received == ["satu", "dua", "tiga", "dua", "tiga", "dua", "tiga"]
    offsets = [params.get("offset") for params in fake.calls_of("getUpdates")]
    assert offsets[:4] == [None, first + 1, first + 1, first + 3]
    assert pauses.seconds == [1, 2]


async def test_numbers_may_start_anew(fake: FakeTelegram, poller: Poller, inbox: Inbox) -> None:
    """After a silent week the next number can be any, even a lower one; no message is lost over it."""
    citizen = fake.citizen()
    fake.forget_sequence(800_000)
    citizen.says("lama")
    async with polling(poller, inbox):
        await fake.wait_for(lambda: not fake.pending_updates)
        fake.end_polls()
        fake.forget_sequence(17)
        citizen.says("baru")
        await fake.wait_for(lambda: inbox.received == ["lama", "baru"] and not fake.pending_updates)


async def test_press_is_answered(fake: FakeTelegram, poller: Poller, channel: TelegramChannel) -> None:
    """A press stops spinning at once, even while it cannot be stored."""
    presses = []

    async def receive(inbound: Inbound) -> None:
        presses.append(inbound.press)
        await fake.wait_for(lambda: not fake.world.presses)

    citizen = fake.citizen()
    citizen.presses_data(citizen.says("/start"), "confirm:yes")
    task = asyncio.create_task(poller.run(receive))
    await fake.wait_for(lambda: not fake.pending_updates)
    task.cancel()
    assert presses == [None, Press("confirm", "yes")]


async def test_what_we_do_not_handle_is_counted(fake: FakeTelegram, poller: Poller, inbox: Inbox) -> None:
    """What is none of ours is passed over and confirmed, and counted."""
    fake.citizen().says("/daftar@other_bot", where=fake.group(-100_1))
    async with polling(poller, inbox):
        await fake.wait_for(lambda: not fake.pending_updates)
    assert (inbox.received, inbox.ignored) == ([], 1)


async def test_two_pollers(fake: FakeTelegram, poller: Poller, inbox: Inbox) -> None:
    """When another process polls the same bot, the one that is put out says so."""
    task = asyncio.create_task(poller.run(inbox.receive))
    await fake.wait_for(lambda: fake.calls_of("getUpdates"))
    other = TelegramChannel(fake.token, fake.url)
    await other.get_updates(None, 0)
    await other.stop()
    with pytest.raises(PollConflict) as caught:
        await task
    assert caught.value.code == "conflict"


async def test_webhook_in_the_way(
    fake: FakeTelegram, channel: TelegramChannel, poller: Poller, inbox: Inbox
) -> None:
    """Polling beside a webhook says what is in the way; without it polling works."""
    await channel.set_webhook("http://127.0.0.1:9/", "rahasia")
    with pytest.raises(PollConflict) as caught:
        await poller.run(inbox.receive)
    assert caught.value.code == "webhook_active"
    await channel.delete_webhook()
    fake.citizen().says("halo")
    async with polling(poller, inbox):
        await fake.wait_for(lambda: not fake.pending_updates)


async def test_outages_are_waited_out(
    fake: FakeTelegram, poller: Poller, inbox: Inbox, pauses: Pauses
) -> None:
    """Failures double the pause up to half a minute; the first success ends the series."""
    fake.faults.fail_next("getUpdates", 502, times=6)
    fake.faults.drop_next("getUpdates")
    fake.citizen().says("halo")
    async with polling(poller, inbox):
        await fake.wait_for(lambda: not fake.pending_updates)
        fake.faults.fail_next("getUpdates", 500)
        fake.citizen().says("lagi")
        await fake.wait_for(lambda: inbox.received == ["halo", "lagi"] and len(pauses.seconds) == 8)
    assert pauses.seconds == [1, 2, 4, 8, 16, 30, 30, 1]


async def test_throttled_polls_wait_as_told(
    fake: FakeTelegram, poller: Poller, inbox: Inbox, pauses: Pauses
) -> None:
    """A 429 is waited out for as long as Telegram says."""
    fake.faults.fail_next("getUpdates", 429, retry_after=9)
    fake.citizen().says("halo")
    async with polling(poller, inbox):
        await fake.wait_for(lambda: not fake.pending_updates)
    assert pauses.seconds == [9]


async def test_refused_token_ends_polling(fake: FakeTelegram, poller: Poller, inbox: Inbox) -> None:
    """A token that is no longer good is not asked about again and again."""
    fake.faults.fail_next("getUpdates", 401)
    with pytest.raises(SendError, match="invalid_token"):
        await poller.run(inbox.receive)
