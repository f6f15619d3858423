"""What a sender counts on that another one has sent before it."""

from collections.abc import Mapping
from datetime import timedelta

from bot.clock import Clock
from bot.pacing import Pacer
from bot.writer import Writer
from storage.queries import departures
from storage.vocabulary import Channel

#: what was sent before plays no part in any address's limit any more
RECENT = timedelta(seconds=10)


async def inherit_pace(writer: Writer, pacers: Mapping[Channel, Pacer], clock: Clock) -> None:
    """Have each address's pace count what it may just have got: programs that end one after another keep it, too.

    By the outbox alone, so that nobody else waits for the first reply.
    """
    now, names = clock.now(), list(pacers)
    for one in await writer.run(lambda uow: departures.list_tried(uow, names, now - RECENT)):
        ago = max((now - (one.sent_at or now)).total_seconds(), 0.0)  # the clock may have been set
        pacers[Channel(one.channel)].count_earlier(one.identifier, one.attempts, ago, clock.monotonic())
