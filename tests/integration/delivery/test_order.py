"""The outbox is emptied: in order for each address, at the provider's pace."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select

from bot.delivery import Delivery
from bot.pacing import Limits, Rate
from storage.db import Database
from storage.queries.outbox import OUTBOUND, Waiting
from storage.vocabulary import Priority
from tests.fakes.channel import FakeChannel
from tests.fakes.clock import MONDAY, FakeClock
from tests.integration.delivery.loops import OUT_OF_REACH


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
