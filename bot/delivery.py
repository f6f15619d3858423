"""Empties the outbox: leases what is due, sends it within the provider's limits, settles every attempt.

What an attempt came to is settled in the same transaction that leases what is next. When the database is out of
reach it is kept and settled first thing afterwards, so that nothing goes out twice for want of a note.
"""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.channels.base import Channel, NotYet, SendError, SendResult
from bot.clock import Clock
from bot.enclosures import PAUSE, Enclosures
from bot.handover import inherit_pace
from bot.metrics import Metrics
from bot.outcomes import Attempt, Outcomes, settle
from bot.pacing import Pacer
from bot.retry import THROTTLED_DELAY, Again, GiveUp, decide
from bot.writer import StorageUnavailable, Writer
from handlers import codec
from handlers.messages import Address
from handlers.service import Service
from storage.db import UnitOfWork
from storage.queries import departures, outbox
from storage.queries.outbox import Leased, Settlement
from storage.vocabulary import Channel as ChannelName
from storage.vocabulary import Fault, OutboundState, Priority

log = structlog.get_logger()

LEASE = timedelta(seconds=90)
#: what takes longer counts as perhaps sent; well within a lease, so that no two attempts overlap
SEND_SECONDS = 60.0
#: messages on their way at once, for each channel
IN_FLIGHT = 64
#: look at the outbox at least so often: another process may have queued something
IDLE_SECONDS = 2.0
#: after the database was out of reach
BACKOFF_SECONDS = 1.0
#: how long what is on its way, and the note of it, may take when we stop; cut off it counts as not sent
LAST_SECONDS = 5.0
#: before what another sender had leased is sent anew
INHERIT_SECONDS = 3.0
#: code of a message whose address must rest for a moment
PACED = "paced"
#: the shortest rest, so that what is put back is never due at once
SHORTEST_REST = timedelta(milliseconds=10)


@dataclass(slots=True)
class _Lane:
    """One channel, its pace, and what is on its way there."""

    channel: Channel
    pacer: Pacer
    #: by id: what is on its way, with the attempts that its newest lease counts
    under_way: dict[int, int] = field(default_factory=dict)
    #: messages that have left
    passed: int = 0
    #: for a message that keeps failing: failures while others left, and `passed` at the last one
    alone: dict[int, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Turn:
    """What the writer was given to do: to write outcomes down, and to lease what may leave."""

    at: datetime
    outcomes: list[Attempt]
    #: messages that may leave, by channel
    rooms: Mapping[ChannelName, int]
    leased: asyncio.Future[list[Leased]]

    def may_have_left_some(self) -> bool:
        """Tell whether more may be due than there was room for."""
        counts = Counter(message.channel for message in self.leased.result())
        return any(counts[name] >= room for name, room in self.rooms.items())


class Delivery:
    def __init__(  # noqa: PLR0917 - called in one place
        self,
        writer: Writer,
        service: Service,
        channels: Mapping[ChannelName, Channel],
        enclosures: Enclosures,
        clock: Clock,
        metrics: Metrics,
        *,
        only: str | None = None,
    ) -> None:
        """`only`: the one identifier that our channels reach; what is for others is left to who reaches them."""
        self._writer = writer
        self._service = service
        self._enclosures = enclosures
        self._clock = clock
        self._metrics = metrics
        self._only = only
        self._lanes = {name: _Lane(channel, Pacer(channel.limits)) for name, channel in channels.items()}
        self._outcomes = Outcomes(writer, service, clock)
        self._turn: _Turn | None = None
        self._is_running = False
        #: when something that was put off is due, as far as we know
        self._alarm_at: datetime | None = None
        self._wake = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    def wake(self) -> None:
        """Look at the outbox now; called after each commit."""
        self._wake.set()

    def follow(self) -> bool:
        """Lease behind the work that was just given to the writer, which so commits both at once.

        False: we are at it already, or cannot now; look again after the commit.
        """
        if not self._is_running or self._turn is not None:
            return False
        self._turn = self._begin_turn()
        self._wake.set()
        return self._turn is not None

    async def release(self, *, leased_before: datetime | None = None) -> None:
        """Take over what an earlier sender had leased, or had before an instant: for who is the only one now."""
        pacers = {name: lane.pacer for name, lane in self._lanes.items()}
        for pacer in pacers.values():
            pacer.assume_all_used_up(self._clock.monotonic())  # who ended just now has sent something
        if leased_before is None:  # else each address's burst counts as used up already
            await inherit_pace(self._writer, pacers, self._clock)
        now = self._clock.now()
        ours = (leased_before + LEASE, now + LEASE) if leased_before else None
        waking = self._service.next_waking(now)
        await self._writer.run(lambda uow: departures.release_leases(uow, pacers, now, waking, ours))
        self.wake()

    async def inherit(self) -> None:
        """Take over from a sender in another process; never returns.

        What it had leased waits for a moment: it may have lost its seat alone, and be writing down what it sent.
        """
        taken_at = self._clock.now()
        for lane in self._lanes.values():
            lane.pacer.assume_used_up(self._clock.monotonic())
        await asyncio.sleep(INHERIT_SECONDS)
        with contextlib.suppress(StorageUnavailable):  # the leases run out by themselves
            await self.release(leased_before=taken_at)
        await asyncio.Event().wait()

    async def run(self) -> None:
        """Deliver until cancelled; what is on its way then is settled first."""
        self._is_running = True
        try:
            while True:
                self._wake.clear()
                try:
                    await self._finish_turn()
                except StorageUnavailable:  # logged by the writer
                    await asyncio.sleep(BACKOFF_SECONDS)
                except Exception:
                    log.exception("delivery_turn_failed")
                    await asyncio.sleep(BACKOFF_SECONDS)
                else:
                    await self._idle()
        finally:
            self._is_running = False
            await self._finish()

    async def run_once(self) -> int:
        """Send what is due now and settle it; return how many messages were tried. For tests and commands."""
        started = await self._finish_turn()
        if self._tasks:
            await asyncio.gather(*self._tasks)
        await self._outcomes.settle()
        return started

    async def drain(self) -> None:
        """Send until nothing more is due."""
        while await self.run_once():
            pass

    async def _finish_turn(self) -> int:
        """Settle what came back, lease what may leave, start sending it; return how much of it there is."""
        turn = self._turn = self._turn or self._begin_turn()
        if turn is None:
            return 0
        try:
            leased = await self._outcomes.written(turn.outcomes, turn.leased)
        finally:
            self._turn = None
        if turn.may_have_left_some():
            self._wake.set()
        return sum(self._start(message, turn.at) for message in leased)

    def _begin_turn(self) -> _Turn | None:
        now, ticks = self._clock.now(), self._clock.monotonic()
        rooms = {
            name: room
            for name, lane in self._lanes.items()
            if (room := lane.pacer.room(ticks, IN_FLIGHT - len(lane.under_way))) > 0
        }
        if self._alarm_at is not None and self._alarm_at <= now:
            self._alarm_at = None
        if not rooms and not self._outcomes:
            return None
        outcomes = self._outcomes.take()

        def work(uow: UnitOfWork) -> list[Leased]:
            settle(self._service, outcomes, uow)
            return _lease(uow, rooms, now, self._only)

        return _Turn(now, outcomes, rooms, self._writer.submit(work))

    async def _finish(self) -> None:
        """Let what is on its way arrive, and write it down: else the leases run out, and it is sent again."""
        until = self._clock.monotonic() + LAST_SECONDS
        if self._turn:  # what it leased waits until we start again
            self._turn.leased.cancel()
            self._outcomes.give_back(self._turn.outcomes)
            self._turn = None
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=LAST_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        while self._outcomes:
            try:
                await self._outcomes.settle()
            except StorageUnavailable:  # logged by the writer; the server may be restarting
                if self._clock.monotonic() >= until:
                    return
                await asyncio.sleep(BACKOFF_SECONDS)

    async def _idle(self) -> None:
        """Wait until something can happen: we are woken, a pause ends, or it is time to look again."""
        ticks = self._clock.monotonic()
        waits = [lane.pacer.wait_overall(ticks) for lane in self._lanes.values()]
        if self._alarm_at is not None:
            waits.append((self._alarm_at - self._clock.now()).total_seconds())
        seconds = min([IDLE_SECONDS, *(wait for wait in waits if wait > 0)])
        # Not wait_for: in Python 3.11 it swallows a cancellation that comes along with the wake.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._wake.wait()

    def _start(self, message: Leased, now: datetime) -> bool:
        """Start sending a message, unless its address must rest first, or it is on its way; tell which."""
        lane = self._lanes[ChannelName(message.channel)]
        if message.id in lane.under_way:  # the clock jumped past its lease
            lane.under_way[message.id] = message.attempts
            return False
        ticks = self._clock.monotonic()
        rest = lane.pacer.wait_for(message.identifier, ticks)
        if rest > 0:
            due_at = now + max(timedelta(seconds=rest), SHORTEST_REST)
            self._put_off(message, PACED, due_at, was_tried=False)
            self._wake.set()
            return False
        lane.pacer.take(message.identifier, ticks)
        lane.under_way[message.id] = message.attempts
        task = asyncio.create_task(self._deliver(lane, message))
        self._tasks.add(task)
        task.add_done_callback(self._finished)
        return True

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._wake.set()
        if not task.cancelled() and (error := task.exception()):
            log.error("delivery_failed", exc_info=error)

    async def _deliver(self, lane: _Lane, message: Leased) -> None:
        """Send one message and note what came of it."""
        try:
            result = await self._send(lane, message)
        except NotYet:
            self._put_off(message, None, self._clock.now() + PAUSE, was_tried=False)
        except SendError as error:
            self._failed(lane, message, error)
        else:
            self._sent(lane, message, result)
        finally:
            del lane.under_way[message.id]

    async def _send(self, lane: _Lane, message: Leased) -> SendResult:
        """Hand a message to its channel. Raises SendError, whatever the channel raised, and NotYet."""
        try:
            async with asyncio.timeout(SEND_SECONDS):
                to = Address(ChannelName(message.channel), message.identifier)
                prepared = await self._enclosures.prepare(
                    codec.load_reply(message.payload),
                    takes_files=lane.channel.takes_files,
                    created_at=message.created_at,
                    now=self._clock.now(),
                )
                for _ in prepared.files:  # providers count each as a message
                    lane.pacer.take(message.identifier, self._clock.monotonic())
                return await lane.channel.send(to, prepared.reply, key=str(message.id), files=prepared.files)
        except (SendError, NotYet):
            raise
        except StorageUnavailable:  # logged by the writer
            raise SendError(Fault.UNREACHABLE, code="storage") from None
        except TimeoutError:
            raise SendError(Fault.UNREACHABLE, code="timeout") from None
        except Exception as error:  # an edge: a fault of our own rendering must not be tried for ever
            log.exception("send_raised", channel=message.channel)
            raise SendError(Fault.REJECTED, code=f"bug:{type(error).__name__}") from None

    def _sent(self, lane: _Lane, message: Leased, result: SendResult) -> None:
        now = self._clock.now()
        lane.passed += 1
        lane.alone.pop(message.id, None)
        self._note(
            message, OutboundState.SENT, provider_id=result.provider_id, parts=result.parts, sent_at=now
        )
        self._metrics.sent.labels(message.channel, "sent").inc()
        self._metrics.sms_parts.inc(result.parts or 0)
        if message.priority == Priority.DIRECT and message.attempts == 1:
            self._metrics.reply_seconds.observe((now - message.created_at).total_seconds())

    def _failed(self, lane: _Lane, message: Leased, error: SendError) -> None:
        now = self._clock.now()
        self._metrics.sent.labels(message.channel, error.fault).inc()
        log.warning(
            "send_failed", outbound_id=message.id, channel=message.channel, fault=error.fault, code=error.code
        )
        if error.fault is Fault.THROTTLED:
            wait = error.retry_after or THROTTLED_DELAY
            lane.pacer.throttled(message.identifier, wait.total_seconds(), self._clock.monotonic())
        decision = decide(
            error.fault,
            attempts=message.attempts,
            alone=_count_alone(lane, message.id),
            retry_after=error.retry_after,
            created_at=message.created_at,
            now=now,
        )
        match decision:
            case Again(due_at):
                self._put_off(message, error.code, due_at)
            case GiveUp(is_unreachable):
                lane.alone.pop(message.id, None)
                self._note(
                    message,
                    OutboundState.DEAD,
                    code=error.code,
                    unreachable=message.address_id if is_unreachable else None,
                )

    def _put_off(
        self, message: Leased, code: str | None, due_at: datetime, *, was_tried: bool = True
    ) -> None:
        """Queue it for later. Without a code it lets others of its address pass, as one that was meant for later."""
        self._alarm_at = min(due_at, self._alarm_at or due_at)
        self._note(message, OutboundState.PENDING, code=code, due_at=due_at, was_tried=was_tried)

    def _note(
        self,
        message: Leased,
        state: OutboundState,
        *,
        unreachable: int | None = None,
        code: str | None = None,
        due_at: datetime | None = None,
        provider_id: str | None = None,
        parts: int | None = None,
        sent_at: datetime | None = None,
        was_tried: bool = True,
    ) -> None:
        settlement = Settlement(
            id=message.id,
            attempts=self._lanes[ChannelName(message.channel)].under_way.get(message.id, message.attempts),
            state=state,
            due_at=due_at,
            code=code,
            provider_id=provider_id,
            parts=parts,
            sent_at=sent_at,
            was_tried=was_tried,
        )
        self._outcomes.note(settlement, unreachable)


def _count_alone(lane: _Lane, outbound_id: int) -> int:
    """Count one more failure of a message; return how many came while others left."""
    count, passed = lane.alone.get(outbound_id, (0, lane.passed))
    count += lane.passed > passed
    lane.alone[outbound_id] = (count, lane.passed)
    return count


def _lease(
    uow: UnitOfWork, rooms: Mapping[ChannelName, int], now: datetime, only: str | None
) -> list[Leased]:
    leased = (outbox.lease(uow, name, room, now, now + LEASE, only=only) for name, room in rooms.items())
    return [message for some in leased for message in some]
