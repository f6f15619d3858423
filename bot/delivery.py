"""Empties the outbox: leases what is due, sends it within the provider's limits, settles every attempt."""

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from datetime import timedelta

import structlog

from bot.channels.base import Channel, SendError
from bot.clock import Clock
from bot.metrics import Metrics
from bot.pacing import Pacer
from bot.retry import Again, GiveUp, decide
from bot.writer import StorageUnavailable, Writer
from handlers import codec
from handlers.messages import Address
from storage.db import UnitOfWork
from storage.queries import conversations, outbox
from storage.queries.outbox import Leased
from storage.vocabulary import Channel as ChannelName
from storage.vocabulary import Fault, Priority

log = structlog.get_logger()

#: longer than any attempt to send takes
LEASE = timedelta(seconds=90)
#: messages on their way at once
IN_FLIGHT = 64
#: look at the outbox at least so often: another process may have queued something
IDLE_SECONDS = 2.0
#: after the database was out of reach
BACKOFF_SECONDS = 1.0


class Delivery:
    def __init__(
        self, writer: Writer, channels: Mapping[ChannelName, Channel], clock: Clock, metrics: Metrics
    ) -> None:
        self._writer = writer
        self._channels = channels
        self._clock = clock
        self._metrics = metrics
        self._pacers = {name: Pacer(channel.limits) for name, channel in channels.items()}
        self._wake = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    def wake(self) -> None:
        """Look at the outbox now; called after each commit."""
        self._wake.set()

    async def release(self) -> None:
        """Take over what an earlier process had leased: for the start of the only sender."""
        names = list(self._channels)
        await self._writer.run(lambda uow: outbox.release_leases(uow, names, self._clock.now()))

    async def run(self) -> None:
        """Deliver until cancelled; what is on its way then is settled first."""
        try:
            while True:
                self._wake.clear()
                try:
                    started = await self._start_due()
                except StorageUnavailable:
                    await self._pause(BACKOFF_SECONDS)
                    continue
                if not started:
                    await self._pause(self._idle_seconds())
        finally:
            if self._tasks:
                await asyncio.wait(self._tasks)

    async def run_once(self) -> int:
        """Send what is due now and return how many were tried; for tests and commands."""
        started = await self._start_due()
        if self._tasks:
            await asyncio.gather(*self._tasks)
        return started

    async def drain(self) -> None:
        """Send until nothing more is due."""
        while await self.run_once():
            pass

    async def _start_due(self) -> int:
        """Lease what may leave now, one channel's room each, and start sending it."""
        started = 0
        for name in self._channels:
            room = self._pacers[name].room(self._clock.monotonic(), IN_FLIGHT - len(self._tasks))
            if room <= 0:
                continue
            now = self._clock.now()
            leased = await self._writer.run(
                lambda uow, name=name, room=room, now=now: outbox.lease(uow, [name], room, now, now + LEASE)  # type: ignore[misc]
            )
            for message in leased:
                task = asyncio.create_task(self._deliver(message))
                self._tasks.add(task)
                task.add_done_callback(self._finished)
            started += len(leased)
        return started

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._wake.set()
        if not task.cancelled() and (error := task.exception()):
            log.error("delivery_failed", exc_info=error)

    def _idle_seconds(self) -> float:
        """How long nothing can happen unless somebody wakes us."""
        now = self._clock.monotonic()
        waits = [pacer.wait_overall(now) for pacer in self._pacers.values()]
        return min([IDLE_SECONDS, *(wait for wait in waits if wait > 0)])

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), seconds)

    async def _deliver(self, message: Leased) -> None:
        """Send one message and settle it; a settlement that fails leaves the lease to run out."""
        pacer, channel = self._pacers[ChannelName(message.channel)], self._channels[ChannelName(message.channel)]
        rest = pacer.wait_for(message.identifier, self._clock.monotonic())
        if rest > 0:
            due_at = self._clock.now() + timedelta(seconds=rest)
            await self._settle(lambda uow: outbox.put_back(uow, message.id, due_at))
            return
        pacer.take(message.identifier, self._clock.monotonic())
        to = Address(ChannelName(message.channel), message.identifier)
        try:
            result = await channel.send(to, codec.load_reply(message.payload))
        except SendError as error:
            await self._failed(message, error)
        except Exception as error:  # an edge: a fault of our own rendering must not be tried for ever
            log.exception("send_raised", channel=message.channel)
            await self._failed(message, SendError(Fault.REJECTED, code=f"bug:{type(error).__name__}"))
        else:
            now = self._clock.now()
            await self._settle(lambda uow: outbox.settle_sent(uow, message.id, result.provider_id, now))
            self._metrics.sent.labels(message.channel, "sent").inc()
            if message.priority == Priority.DIRECT and message.attempts == 1:
                self._metrics.reply_seconds.observe((now - message.created_at).total_seconds())

    async def _failed(self, message: Leased, error: SendError) -> None:
        now = self._clock.now()
        if error.fault is Fault.THROTTLED and error.retry_after:
            pacer = self._pacers[ChannelName(message.channel)]
            pacer.pause(error.retry_after.total_seconds(), self._clock.monotonic())
        decision = decide(
            error.fault,
            attempts=message.attempts,
            retry_after=error.retry_after,
            created_at=message.created_at,
            now=now,
        )
        self._metrics.sent.labels(message.channel, error.fault).inc()
        log.warning("send_failed", outbound_id=message.id, channel=message.channel, fault=error.fault, code=error.code)

        def settle(uow: UnitOfWork) -> None:
            match decision:
                case Again(due_at):
                    outbox.settle_later(uow, message.id, error.code, due_at)
                case GiveUp(is_unreachable):
                    outbox.settle_dead(uow, message.id, error.code)
                    if is_unreachable:
                        conversations.set_unreachable(uow, message.address_id, now)

        await self._settle(settle)

    async def _settle(self, work: Callable[[UnitOfWork], None]) -> None:
        with contextlib.suppress(StorageUnavailable):  # logged by the writer; the lease runs out and it is sent again
            await self._writer.run(work)
