"""The outbox is emptied: in order for each address, at the provider's pace, whatever fails on the way."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select, text, update

from bot.channels.base import SendError
from bot.delivery import LEASE, Delivery
from bot.metrics import Metrics
from bot.pacing import Limits, Rate
from bot.retry import MAX_AGE, MAX_ALONE
from bot.writer import Writer
from handlers.service import Service
from storage.crypto import Vault, new_key
from storage.db import Database
from storage.queries import conversations, outbox
from storage.queries.outbox import OUTBOUND, Waiting
from storage.vocabulary import Channel, Fault, OutboundState, Priority
from tests import builders
from tests.fakes import postgresql
from tests.fakes.channel import FakeChannel
from tests.fakes.clock import MONDAY, FakeClock

ALL = list(OutboundState)
OUT_OF_REACH = SendError(Fault.UNREACHABLE, code="down")


@pytest.fixture
def channel() -> FakeChannel:
    return FakeChannel()


@pytest.fixture
def make(writer: Writer, service: Service, clock: FakeClock) -> Callable[..., Delivery]:
    """Makes deliveries for these channels, as a start of the process does."""

    def make_one(*channels: FakeChannel, by: Writer = writer) -> Delivery:
        enclosures = builders.enclosures(by)
        return Delivery(by, service, {one.name: one for one in channels}, enclosures, clock, Metrics())

    return make_one


@pytest.fixture
def delivery(make: Callable[..., Delivery], channel: FakeChannel) -> Delivery:
    return make(channel)


@pytest.fixture
def say(database: Database, clock: FakeClock) -> Callable[..., None]:
    """Queues texts to one person."""

    def say_to(identifier: str, *texts: str, priority: Priority = Priority.DIRECT, **more: object) -> None:
        with database.writing() as uow:
            for one in texts:
                builders.queue(uow, identifier, one, priority=priority, now=clock.now(), **more)  # type: ignore[arg-type]

    return say_to


@pytest.fixture
def rows(database: Database) -> Callable[[], list[Waiting]]:
    """All there is in the outbox."""

    def read() -> list[Waiting]:
        with database.reading() as uow:
            return outbox.list_waiting(uow, ALL, 1000)

    return read


async def until(is_so: Callable[[], bool]) -> None:
    """Let the loop run until something has happened."""
    while not is_so():  # noqa: ASYNC110 - the machine has no events for tests
        await asyncio.sleep(0.001)


async def test_what_was_sent_is_settled(
    delivery: Delivery, channel: FakeChannel, say: Callable[..., None], database: Database
) -> None:
    """The provider's id, the parts and the time are kept; nothing is sent twice."""
    say("1", "a")
    await delivery.drain()
    assert channel.arrived == [("1", "a")]
    with database.reading() as uow:
        row = uow.connection.execute(select(OUTBOUND)).one()
    assert (row.state, row.due_at, row.provider_id, row.parts) == ("sent", None, "1", 1)
    assert (row.sent_at, row.attempts, row.code) == (MONDAY, 1, None)
    assert channel.keys == [str(row.id)]


async def test_one_address_gets_its_messages_in_order(
    delivery: Delivery, channel: FakeChannel, say: Callable[..., None]
) -> None:
    """Never two at once for one address, while others are not kept waiting."""
    for text_ in ("a", "b", "c"):
        say("1", text_)
        say("2", text_.upper())
    await delivery.drain()
    assert channel.texts("1") == ["a", "b", "c"]
    assert channel.texts("2") == ["A", "B", "C"]
    assert channel.most_for_one == 1


async def test_a_direct_reply_overtakes_news_and_bulk(
    delivery: Delivery, channel: FakeChannel, say: Callable[..., None]
) -> None:
    """Who has just written waits the least, also behind one's own news."""
    say("1", "bulk", priority=Priority.BULK)
    say("1", "news", priority=Priority.NEWS)
    say("1", "direct")
    await delivery.drain()
    assert channel.texts() == ["direct", "news", "bulk"]


async def test_direct_replies_leave_first_when_the_pace_is_slow(
    make: Callable[..., Delivery], say: Callable[..., None], clock: FakeClock
) -> None:
    """A broadcast to many does not keep a conversation waiting."""
    channel = FakeChannel(limits=Limits(overall=Rate(1, burst=2)))
    for number in range(20):
        say(f"9{number}", "bulk", priority=Priority.BULK)
    delivery = make(channel)
    await delivery.run_once()
    say("1", "direct")
    clock.move(1)
    await delivery.run_once()
    assert channel.texts() == ["bulk", "bulk", "direct"]


async def test_no_more_leaves_than_the_pace_allows(
    make: Callable[..., Delivery], say: Callable[..., None], clock: FakeClock
) -> None:
    """However often the outbox is looked at."""
    channel = FakeChannel(limits=Limits(overall=Rate(10, burst=3)))
    for number in range(20):
        say(str(number), "x")
    delivery = make(channel)
    await delivery.drain()
    assert len(channel.arrived) == 3
    clock.move(0.1)
    await delivery.run_once()
    assert len(channel.arrived) == 4


async def test_an_address_that_must_rest_waits_without_spinning(
    make: Callable[..., Delivery],
    say: Callable[..., None],
    clock: FakeClock,
    rows: Callable[[], list[Waiting]],
) -> None:
    """It is put back for as long as it must rest, is not counted as tried, and keeps its order."""
    channel = FakeChannel(limits=Limits(each=lambda _identifier: Rate(1)))
    say("1", "a", "b")
    delivery = make(channel)
    await delivery.drain()
    assert channel.texts() == ["a"]
    (waiting,) = (row for row in rows() if row.due_at)
    assert (waiting.state, waiting.code, waiting.attempts) == ("pending", "paced", 0)
    assert waiting.due_at == clock.now() + timedelta(seconds=1)
    say("1", "c")
    assert await delivery.run_once() == 0
    clock.move(1)
    await delivery.drain()
    clock.move(1)
    await delivery.drain()
    assert channel.texts() == ["a", "b", "c"]


async def test_a_failure_holds_back_what_comes_after_it(
    delivery: Delivery, channel: FakeChannel, say: Callable[..., None], clock: FakeClock
) -> None:
    """Answers out of order would mislead; other people are not affected."""
    channel.fail(OUT_OF_REACH, OUT_OF_REACH, identifier="1")
    say("1", "a", "b")
    say("2", "A")
    await delivery.drain()
    assert channel.texts() == ["A"]
    clock.move(2)
    await delivery.drain()
    assert channel.texts() == ["A"]
    clock.move(4)
    await delivery.drain()
    assert channel.texts("1") == ["a", "b"]
    assert channel.keys[0] == channel.keys[2]


async def test_what_is_meant_for_later_holds_back_nothing(
    delivery: Delivery, channel: FakeChannel, say: Callable[..., None], clock: FakeClock
) -> None:
    """A reminder for tomorrow does not keep today's news waiting."""
    say("1", "tomorrow", priority=Priority.NEWS, due_at=clock.now() + timedelta(days=1))
    say("1", "today", priority=Priority.NEWS)
    await delivery.drain()
    assert channel.texts() == ["today"]
    clock.move(timedelta(days=1))
    await delivery.drain()
    assert channel.texts() == ["today", "tomorrow"]


async def test_the_providers_pause_is_obeyed(
    delivery: Delivery, channel: FakeChannel, say: Callable[..., None], clock: FakeClock
) -> None:
    """One address rests alone; with a second one refused, all do."""
    channel.fail(SendError(Fault.THROTTLED, code="429", retry_after=timedelta(seconds=30)), identifier="1")
    say("1", "a")
    say("2", "b")
    await delivery.drain()
    assert channel.texts() == ["b"]
    channel.fail(SendError(Fault.THROTTLED, code="429", retry_after=timedelta(seconds=20)), identifier="3")
    say("3", "c")
    await delivery.drain()
    say("4", "d")
    await delivery.drain()
    assert channel.texts() == ["b"]
    clock.move(20)
    await delivery.drain()
    assert channel.texts() == ["b", "d", "c"]
    clock.move(10)
    await delivery.drain()
    assert channel.texts() == ["b", "d", "c", "a"]


async def test_who_blocked_us_gets_no_more_news(
    delivery: Delivery,
    channel: FakeChannel,
    say: Callable[..., None],
    database: Database,
    rows: Callable[[], list[Waiting]],
) -> None:
    """The address is marked, news for it die at once, a direct reply is still tried: its reader has just written."""
    channel.fail(SendError(Fault.BLOCKED, code="403"), identifier="1")
    say("1", "a")
    say("1", "n", priority=Priority.NEWS)
    await delivery.drain()
    assert [(row.state, row.code) for row in rows()] == [("dead", "403"), ("dead", "unreachable")]
    with database.reading() as uow:
        contact = conversations.find_contact(uow, Channel.TELEGRAM, "1", lock=False)
        assert contact is not None
        assert contact.is_unreachable
    say("1", "later news", priority=Priority.NEWS)
    say("1", "reply")
    await delivery.drain()
    assert channel.texts("1") == ["reply"]


async def test_who_said_stop_gets_no_more_news(
    delivery: Delivery,
    channel: FakeChannel,
    say: Callable[..., None],
    database: Database,
    rows: Callable[[], list[Waiting]],
) -> None:
    """Also not what was queued before; answers to one's own messages still come."""
    say("1", "n", priority=Priority.NEWS)
    with database.writing() as uow:
        conversations.set_stopped(uow, builders.a_contact(uow, "1").address_id, MONDAY)
    say("1", "reply")
    await delivery.drain()
    assert channel.texts() == ["reply"]
    assert [(row.state, row.code) for row in rows()] == [("dead", "stopped"), ("sent", None)]


async def test_the_dead_do_not_take_the_places_of_the_living(
    make: Callable[..., Delivery], say: Callable[..., None], database: Database
) -> None:
    """However many are given up for one address, others leave in the same turn."""
    channel = FakeChannel(limits=Limits(overall=Rate(1, burst=2)))
    with database.writing() as uow:
        conversations.set_stopped(uow, builders.a_contact(uow, "1").address_id, MONDAY)
    say("1", *"abcdefgh", priority=Priority.NEWS)
    say("2", "x", priority=Priority.NEWS)
    await make(channel).run_once()
    assert channel.texts() == ["x"]


async def test_a_refused_message_is_dead_and_the_next_one_goes(
    delivery: Delivery, channel: FakeChannel, say: Callable[..., None], rows: Callable[[], list[Waiting]]
) -> None:
    """What the provider will never take must not hold up the conversation."""
    channel.fail(SendError(Fault.REJECTED, code="400"))
    say("1", "a", "b")
    await delivery.drain()
    assert channel.texts() == ["b"]
    assert [(row.state, row.code) for row in rows()] == [("dead", "400"), ("sent", None)]


async def test_a_bug_in_a_channel_kills_one_message(
    delivery: Delivery, channel: FakeChannel, say: Callable[..., None], rows: Callable[[], list[Waiting]]
) -> None:
    """An exception nobody foresaw is not tried for ever."""
    channel.fail(ZeroDivisionError("secret"))
    say("1", "a", "b")
    await delivery.drain()
    assert channel.texts() == ["b"]
    assert [(row.state, row.code) for row in rows()] == [("dead", "bug:ZeroDivisionError"), ("sent", None)]


async def test_a_message_no_key_opens_kills_itself_only(
    delivery: Delivery,
    channel: FakeChannel,
    say: Callable[..., None],
    database: Database,
    rows: Callable[[], list[Waiting]],
) -> None:
    """A row of another key must not stop delivery for everybody."""
    say("1", "a", "b")
    with database.writing() as uow:
        sealed = Vault([new_key()]).seal("x")
        uow.connection.execute(update(OUTBOUND).where(OUTBOUND.c.id == 1).values(payload_sealed=sealed))
    await delivery.drain()
    assert channel.texts() == ["b"]
    assert [(row.state, row.code) for row in rows()] == [("dead", "unreadable"), ("sent", None)]


async def test_a_message_that_fails_alone_makes_way(
    delivery: Delivery, channel: FakeChannel, say: Callable[..., None], clock: FakeClock
) -> None:
    """While others leave, one that does not is given up after some minutes, not after days."""
    channel.fail(*[OUT_OF_REACH] * 50, identifier="1")
    say("1", "a")
    for number in range(MAX_ALONE + 1):
        say("2", str(number))
        clock.move(timedelta(minutes=10))
        await delivery.drain()
    channel._faults.clear()
    say("1", "b")
    await delivery.drain()
    assert channel.texts("1") == ["b"]


async def test_an_outage_is_waited_out_in_order(
    delivery: Delivery, channel: FakeChannel, say: Callable[..., None], clock: FakeClock
) -> None:
    """While nothing leaves, nothing is given up, for up to three days."""
    channel.fail(*[OUT_OF_REACH] * 1000)
    say("1", "a", "b")
    say("2", "A")
    for _ in range(60):
        clock.move(timedelta(hours=1))
        await delivery.drain()
    channel._faults.clear()
    clock.move(timedelta(minutes=10))
    await delivery.drain()
    assert channel.texts("1") == ["a", "b"]
    assert channel.texts("2") == ["A"]


async def test_what_is_too_old_dies(
    delivery: Delivery,
    channel: FakeChannel,
    say: Callable[..., None],
    clock: FakeClock,
    rows: Callable[[], list[Waiting]],
) -> None:
    """After three days a message answers nothing any more; `kanal outbox retry` still can."""
    channel.fail(OUT_OF_REACH)
    say("1", "a")
    clock.move(MAX_AGE)
    await delivery.drain()
    assert [(row.state, row.code) for row in rows()] == [("dead", "down")]


async def test_a_dead_message_is_sent_when_retried(
    delivery: Delivery, channel: FakeChannel, say: Callable[..., None], database: Database, clock: FakeClock
) -> None:
    """`kanal outbox retry` gives it a fresh start."""
    channel.fail(SendError(Fault.REJECTED, code="400"))
    say("1", "a")
    await delivery.drain()
    with database.writing() as uow:
        assert outbox.retry_dead(uow, None, clock.now()) == 1
    await delivery.drain()
    assert channel.texts() == ["a"]


async def test_the_lease_of_a_killed_process_runs_out(
    delivery: Delivery,
    channel: FakeChannel,
    say: Callable[..., None],
    clock: FakeClock,
    database: Database,
) -> None:
    """What another process took and never settled is sent after its lease, and in order."""
    say("1", "a", "b")
    with database.writing() as uow:
        assert len(outbox.lease(uow, Channel.TELEGRAM, 10, clock.now(), clock.now() + LEASE)) == 1
    await delivery.drain()
    assert channel.texts() == []
    clock.move(LEASE)
    await delivery.drain()
    assert channel.texts() == ["a", "b"]


async def test_the_only_sender_takes_over_at_once(
    delivery: Delivery, channel: FakeChannel, say: Callable[..., None], clock: FakeClock, database: Database
) -> None:
    """After a restart nobody waits for the leases of the process before."""
    say("1", "a")
    with database.writing() as uow:
        outbox.lease(uow, Channel.TELEGRAM, 10, clock.now(), clock.now() + LEASE)
    await delivery.release()
    await delivery.drain()
    assert channel.texts() == ["a"]


async def test_a_new_sender_keeps_its_own_leases(
    delivery: Delivery, channel: FakeChannel, say: Callable[..., None], clock: FakeClock, database: Database
) -> None:
    """What was leased before it began is released, what was leased since is not."""
    say("1", "a")
    say("2", "b")
    with database.writing() as uow:
        outbox.lease(uow, Channel.TELEGRAM, 1, clock.now(), clock.now() + LEASE)
    began_at = clock.now()
    clock.move(timedelta(seconds=1))
    with database.writing() as uow:
        outbox.lease(uow, Channel.TELEGRAM, 1, clock.now(), clock.now() + LEASE)
    await delivery.release(leased_before=began_at)
    await delivery.drain()
    assert channel.texts() == ["a"]


async def test_one_slow_provider_does_not_hold_up_another(
    make: Callable[..., Delivery], say: Callable[..., None]
) -> None:
    """Each channel has its own room for what is on its way."""
    telegram, sms = FakeChannel(), FakeChannel(Channel.SMS)
    telegram.gate.clear()
    for number in range(100):
        say(str(number), "stuck")
    say("+62811", "sms", channel=Channel.SMS)
    delivery = make(telegram, sms)
    task = asyncio.ensure_future(delivery.run_once())
    await until(lambda: len(sms.arrived) == 1)
    assert telegram.arrived == []
    assert telegram.most_at_once == 64
    telegram.gate.set()
    await task


async def test_a_row_of_a_channel_that_is_off_waits(
    delivery: Delivery, say: Callable[..., None], rows: Callable[[], list[Waiting]]
) -> None:
    """Turned on again, the channel finds it."""
    say("+62811", "sms", channel=Channel.SMS)
    await delivery.drain()
    assert [row.state for row in rows()] == ["pending"]


async def test_the_loop_survives_what_nobody_foresaw(
    delivery: Delivery, channel: FakeChannel, say: Callable[..., None], database: Database
) -> None:
    """A turn that fails is logged and tried again; it recovers by itself."""
    with database.writing() as uow:
        uow.connection.execute(text("ALTER TABLE outbound RENAME TO hidden"))
    task = asyncio.ensure_future(delivery.run())
    with pytest.raises(Exception, match=r"(?i)outbound"):
        await delivery.run_once()
    with database.writing() as uow:
        uow.connection.execute(text("ALTER TABLE hidden RENAME TO outbound"))
    say("1", "a")
    await until(lambda: bool(channel.arrived))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert channel.texts() == ["a"]


async def test_stopping_settles_what_is_on_its_way(
    delivery: Delivery, channel: FakeChannel, say: Callable[..., None], rows: Callable[[], list[Waiting]]
) -> None:
    """A clean stop sends nothing a second time after the next start."""
    channel.gate.clear()
    say("1", "a")
    task = asyncio.ensure_future(delivery.run())
    await until(lambda: bool(channel.tried))
    task.cancel()
    await asyncio.sleep(0)
    channel.gate.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert [row.state for row in rows()] == ["sent"]


async def test_the_loop_sends_when_woken(
    delivery: Delivery, channel: FakeChannel, say: Callable[..., None]
) -> None:
    """A commit wakes it; it does not wait for the next look at the outbox."""
    task = asyncio.ensure_future(delivery.run())
    await asyncio.sleep(0.05)
    say("1", "a", "b")
    delivery.wake()
    async with asyncio.timeout(1.5):
        await until(lambda: len(channel.arrived) == 2)
    task.cancel()
    await asyncio.wait([task])


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
async def test_what_was_sent_during_an_outage_is_not_sent_again(  # noqa: PLR0917
    delivery: Delivery,
    channel: FakeChannel,
    say: Callable[..., None],
    database: Database,
    postgresql_server: postgresql.Server,
    clock: FakeClock,
) -> None:
    """The note of it waits for the database, however long that is away."""
    name = str(database.url.database)
    channel.gate.clear()
    say("1", "a", "b")
    sending = asyncio.ensure_future(delivery.run_once())
    await until(lambda: bool(channel.tried))
    postgresql_server.close_to_all(name)
    channel.gate.set()
    with pytest.raises(Exception, match="OperationalError"):
        await sending
    clock.move(timedelta(hours=1))  # the lease is long over
    postgresql_server.reopen(name)
    await delivery.drain()
    assert channel.tried == [("1", "a"), ("1", "b")]


@pytest.fixture
def second_writer(database_url: str, open_database: Callable[[str], Database]) -> Iterator[Writer]:
    """Another process on the same database."""
    one = Writer(open_database(database_url))
    one.start()
    yield one
    one.stop()


async def test_two_senders_by_mistake_send_nothing_twice(
    make: Callable[..., Delivery], channel: FakeChannel, say: Callable[..., None], second_writer: Writer
) -> None:
    """The design has one sender for each channel; where two run after all, a lease is one's alone."""
    for number in range(60):
        say(str(number), "a", "b")
    one, two = make(channel), make(channel, by=second_writer)
    await asyncio.gather(one.drain(), two.drain())
    await one.drain()
    assert sorted(channel.arrived) == sorted((str(n), t) for n in range(60) for t in "ab")
