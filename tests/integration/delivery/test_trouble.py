"""What a provider refuses, what nobody foresaw, and what waits too long: tried again, or given up."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.channels.base import SendError
from bot.clock import set_back
from bot.delivery import Delivery
from bot.pacing import Limits, Rate
from bot.retry import MAX_AGE, MAX_ALONE
from handlers.service import Service
from storage.crypto import Vault, new_key
from storage.db import Database
from storage.queries import conversations, departures, outbox
from storage.queries.outbox import OUTBOUND, Waiting
from storage.vocabulary import Channel, Fault, Priority
from tests import builders
from tests.fakes.channel import FakeChannel
from tests.fakes.clock import MONDAY, FakeClock
from tests.integration.delivery.loops import OUT_OF_REACH


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


@pytest.mark.parametrize("is_running", [True, False])
async def test_a_clock_set_back_keeps_nobody_waiting(  # noqa: PLR0917
    delivery: Delivery,
    channel: FakeChannel,
    say: Callable[..., None],
    clock: FakeClock,
    database: Database,
    is_running: bool,
) -> None:
    """What was due, or put off for a moment, leaves at once and in order; what is meant for tomorrow does not.

    So it is where the clock was set back while nobody ran.
    """
    channel.fail(OUT_OF_REACH, identifier="1")
    say("1", "refused")
    await delivery.drain()
    say("1", "before")
    say("2", "tomorrow", due_at=clock.now() + timedelta(hours=12))
    was = clock.now()
    clock.set_back(timedelta(hours=5))
    say("1", "after")
    await delivery.drain()
    assert channel.texts() == []
    if is_running:
        with database.writing() as uow:
            departures.make_due(uow, was, clock.now(), clock.now())
    else:
        await delivery.release()
    await delivery.drain()
    assert channel.texts() == ["refused", "before", "after"]


@pytest.mark.parametrize("is_running", [True, False])
async def test_a_clock_set_back_into_the_night_wakes_nobody(  # noqa: PLR0917
    delivery: Delivery,
    channel: FakeChannel,
    say: Callable[..., None],
    clock: FakeClock,
    database: Database,
    service: Service,
    is_running: bool,
) -> None:
    """What was meant for the morning waits for it, though the clock had shown it; what was due before leaves."""
    say("1", "for the morning", due_at=clock.now() + timedelta(minutes=5), priority=Priority.NEWS)
    clock.move(600)
    say("2", "news", priority=Priority.NEWS)
    was = clock.now()
    clock.set_back(timedelta(hours=6))
    waking = service.next_waking(clock.now())
    assert waking > clock.now()
    if is_running:
        with database.writing() as uow:
            departures.make_due(uow, was, clock.now(), waking)
    else:
        await delivery.release()
    await delivery.drain()
    assert channel.texts() == ["news"]
    clock.move((waking - clock.now()).total_seconds())
    await delivery.drain()
    assert channel.texts() == ["news", "for the morning"]


async def test_a_clock_that_is_corrected_undoes_no_pause(
    delivery: Delivery, channel: FakeChannel, say: Callable[..., None], clock: FakeClock, database: Database
) -> None:
    """Where time is kept by small steps back, what failed is not tried at each of them."""
    channel.fail(OUT_OF_REACH)
    say("1", "a")
    await delivery.drain()
    for _ in range(9):
        was = clock.now()
        clock.set_back(timedelta(milliseconds=60))
        with database.writing() as uow:
            departures.make_due(uow, was, clock.now(), clock.now())
        await delivery.drain()
    assert len(channel.tried) == 1


async def test_that_the_clock_was_set_back_is_noticed(clock: FakeClock) -> None:
    """Not that time passes, or that it was set forward."""
    noticing = asyncio.ensure_future(anext(set_back(clock, every=0)))
    for _ in range(3):
        clock.move(60)
        await asyncio.sleep(0)
    was = clock.now()
    clock.set_back(timedelta(hours=5))
    assert await noticing == was
