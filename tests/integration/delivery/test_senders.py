"""Senders that die, take over, are woken, stop, or meet by mistake: nothing is lost, nothing goes twice."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import event, text

from bot.delivery import LEASE, Delivery
from bot.inbox import Inbox
from bot.metrics import Metrics
from bot.pacing import Limits, Rate
from bot.writer import StorageUnavailable, Writer
from handlers.service import Service
from storage.db import Database
from storage.queries import departures, outbox
from storage.queries.outbox import Waiting
from storage.vocabulary import Channel
from tests import builders
from tests.fakes import postgresql
from tests.fakes.channel import FakeChannel
from tests.fakes.clock import FakeClock
from tests.integration.delivery.loops import until


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


async def test_programs_that_end_one_after_another_keep_the_limit(
    make: Callable[..., Delivery], say: Callable[..., None], clock: FakeClock
) -> None:
    """None of them begins with a burst: it does not know what the one before sent in its last second."""
    channel = FakeChannel(Channel.SMS, Limits(overall=Rate(1)))
    for number in range(4):
        say(f"+6281{number}", "a", channel=Channel.SMS)
        one = make(channel)
        await one.release()
        await one.run_once()
        clock.move(timedelta(seconds=0.5))
    assert channel.texts() == []
    await one.run_once()
    clock.move(timedelta(seconds=0.5))
    await one.run_once()
    assert channel.texts() == ["a"]


async def test_an_address_keeps_its_pace_through_kills(
    make: Callable[..., Delivery], say: Callable[..., None], clock: FakeClock, database: Database
) -> None:
    """Neither what was noted as sent nor what may have left begins a burst anew; others are answered at once."""
    channel = FakeChannel(limits=Limits(each=lambda _: Rate(1, burst=3)))
    say("1", "a", "b", "c")
    await make(channel).drain()
    say("2", "A", "B")
    for _ in range(3):  # killed, before it was noted that A had left
        with database.writing() as uow:
            assert len(outbox.lease(uow, Channel.TELEGRAM, 1, clock.now(), clock.now() + LEASE)) == 1
            departures.release_leases(uow, [Channel.TELEGRAM], clock.now(), clock.now())
    say("1", "d")
    say("3", "x")
    delivery = make(channel)
    await delivery.release()
    await delivery.drain()
    assert channel.texts() == ["a", "b", "c", "x"]
    clock.move(1)
    await delivery.drain()
    assert channel.texts()[4:] == ["A", "d"]


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


async def test_what_is_on_its_way_when_the_clock_jumps_is_sent_once(
    delivery: Delivery,
    channel: FakeChannel,
    say: Callable[..., None],
    rows: Callable[[], list[Waiting]],
    clock: FakeClock,
) -> None:
    """Its lease is over, as for a machine that slept; whoever has it under way waits for what comes of it."""
    channel.gate.clear()
    say("1", "a")
    task = asyncio.ensure_future(delivery.run())
    await until(lambda: bool(channel.tried))
    clock.move(LEASE + timedelta(seconds=1))
    say("2", "leased with it")
    delivery.wake()
    await until(lambda: len(channel.tried) == 2)
    channel.gate.set()
    await until(lambda: {row.state for row in rows()} == {"sent"})
    assert channel.tried == [("1", "a"), ("2", "leased with it")]
    task.cancel()
    await asyncio.wait([task])


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


async def test_a_message_and_the_lease_of_its_reply_are_committed_at_once(  # noqa: PLR0917
    loaded: Database,
    delivery: Delivery,
    channel: FakeChannel,
    writer: Writer,
    service: Service,
    clock: FakeClock,
    rows: Callable[[], list[Waiting]],
) -> None:
    """Two commits for each when little is to do, though each lasts on the disk: who writes waits for less."""
    inbox_ = Inbox(writer, service, clock, Metrics(), delivery.follow, lambda **_: None)
    commits: list[object] = []
    event.listen(loaded.engine, "commit", commits.append)
    task = asyncio.ensure_future(delivery.run())
    await until(lambda: bool(commits))
    await writer.run(lambda _uow: None)  # it has looked once, and waits
    commits.clear()
    await inbox_.receive(builders.an_inbound())
    assert len(commits) == 1
    await until(lambda: [row.state for row in rows()] == ["sent"])
    assert len(commits) == 2
    task.cancel()
    await asyncio.wait([task])
    assert len(channel.arrived) == 1


async def test_nobody_leases_behind_a_message_where_nothing_is_sent(delivery: Delivery) -> None:
    """In a process that has no sender, or whose sender has stopped, the one who sends is woken after the commit."""
    assert not delivery.follow()
    task = asyncio.ensure_future(delivery.run())
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    assert not delivery.follow()


async def test_a_sender_that_stops_before_it_hears_of_its_lease_keeps_what_it_noted(
    delivery: Delivery, channel: FakeChannel, say: Callable[..., None], rows: Callable[[], list[Waiting]]
) -> None:
    """What left is written down all the same; what it leased then waits for the next start."""
    say("1", "a", "b")
    task = asyncio.ensure_future(delivery.run())
    await until(lambda: bool(channel.arrived))
    delivery.follow()
    task.cancel()
    await asyncio.wait([task])
    assert [row.state for row in rows()] in (["sent", "leased"], ["sent", "pending"], ["sent", "sent"])
    await delivery.release()
    await delivery.drain()
    assert channel.texts() == ["a", "b"]


async def test_what_was_noted_is_kept_where_the_writer_has_stopped(
    make: Callable[..., Delivery], channel: FakeChannel, say: Callable[..., None], database: Database
) -> None:
    """A sender that outlives its writer loses no note; what became of it shows when it is written after all."""
    writer = Writer(database)
    writer.start()
    delivery = make(channel, by=writer)
    say("1", "a")
    channel.gate.clear()
    task = asyncio.ensure_future(delivery.run_once())
    await until(lambda: bool(channel.tried))
    writer.stop()
    channel.gate.set()
    for again in (task, delivery.run_once()):  # it is still there to be refused
        with pytest.raises(StorageUnavailable):
            await again
