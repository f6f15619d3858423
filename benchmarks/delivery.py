"""How evenly news leaves, on a clock that is moved by hand: as fast as the provider allows, and never faster."""

import statistics
import tempfile
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.channels.base import OutFile, SendResult
from bot.channels.sms.twilio.channel import PER_SECOND
from bot.channels.telegram.channel import TelegramChannel
from bot.core import core
from bot.deployment_file import read_deployment
from bot.pacing import Limits, Rate
from handlers import codec
from handlers.loading import load_deployment
from handlers.messages import Address, Reply
from handlers.service import Service
from storage import migrate
from storage.crypto import Vault, new_key
from storage.db import Database, UnitOfWork
from storage.queries import conversations, outbox
from storage.vocabulary import Channel, Language, Priority

#: so much later than they may, messages leave at most: a commit takes some milliseconds
STEP = timedelta(milliseconds=5)
START = datetime(2026, 8, 3, 5, tzinfo=UTC)
#: a citizen is answered so often meanwhile
DIRECT_EVERY = timedelta(seconds=5)


class HandClock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self._now = START

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return (self._now - START).total_seconds()

    def move(self) -> None:
        self._now += STEP


@dataclass
class Gate:
    """A provider that notes when what arrives."""

    name: Channel
    limits: Limits
    clock: HandClock
    takes_files: bool = False
    news: list[float] = field(default_factory=list)
    direct: list[float] = field(default_factory=list)

    async def send(
        self,
        to: Address,  # noqa: ARG002
        reply: Reply,
        *,
        key: str | None = None,  # noqa: ARG002
        files: Sequence[OutFile] = (),  # noqa: ARG002
    ) -> SendResult:
        (self.direct if reply.text == Priority.DIRECT else self.news).append(self.clock.monotonic())
        return SendResult()

    async def fetch(self, ref: str, max_bytes: int) -> bytes:
        raise NotImplementedError

    def most_in_a_second(self) -> int:
        """Return how many came within any second."""
        all_of_it, first, most = sorted([*self.news, *self.direct]), 0, 0
        for last, at in enumerate(all_of_it):
            while at - all_of_it[first] >= 1:
                first += 1
            most = max(most, last - first + 1)
        return most


def _queue(uow: UnitOfWork, channel: Channel, who: str, priority: Priority, now: datetime) -> None:
    contact = conversations.get_or_create_contact(uow, channel, who, Language.INDONESIAN, now)
    outbox.queue(
        uow,
        outbox.Message(
            address_id=contact.address_id,
            channel=channel,
            payload=codec.dump_reply(Reply(priority.value, priority.value)),
            priority=priority,
        ),
        now=now,
    )


async def deliver(gate: Gate, messages: int) -> list[float]:
    """Send news to so many people, each alone, and replies in between; return how long the replies waited."""
    clock = gate.clock
    waited: list[float] = []
    deployment = read_deployment(Path("deployments/sekadau.yaml"))
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/kanal.db", Vault([new_key()]))
        migrate.upgrade(database)
        with database.writing() as uow:
            load_deployment(uow, deployment, clock.now())
            for number in range(messages):
                _queue(uow, gate.name, f"+62812{number:07}", Priority.NEWS, clock.now())
        with core(database, Service.of(deployment), {gate.name: gate}, Path(folder), clock) as machine:
            asked_at = clock.now()
            while len(gate.news) < messages:
                if clock.now() >= asked_at + DIRECT_EVERY:
                    asked_at = clock.now()
                    who = f"+62813{len(waited):07}"
                    with database.writing() as uow:
                        _queue(uow, gate.name, who, Priority.DIRECT, asked_at)
                    waited.append(clock.monotonic())
                await machine.delivery.run_once()
                clock.move()
        database.close()
    return [left - due for left, due in zip(gate.direct, waited, strict=False)]


async def measure() -> AsyncIterator[str]:
    """Yield the lines of the section."""
    yield "| | messages | took | as the limit allows | most in a second | replies in between waited, median / most |"
    yield "|---|--:|--:|--:|--:|--:|"
    telegram = Gate(Channel.TELEGRAM, TelegramChannel.limits, HandClock())
    yield _line("Telegram, 30 a second", telegram, 10_000, 30, await deliver(telegram, 10_000))
    sms = Gate(Channel.SMS, Limits(overall=Rate(PER_SECOND)), HandClock())
    yield _line("SMS by Twilio, 1 a second", sms, 300, 1, await deliver(sms, 300))


def _line(name: str, gate: Gate, messages: int, limit: int, waited: Sequence[float]) -> str:
    took, total = max(gate.news), len(gate.news) + len(gate.direct)
    return (
        f"| {name} | {messages:,} and {len(gate.direct)} | {took:.0f} s | {total / limit:.0f} s "
        f"| {gate.most_in_a_second()} | {statistics.median(waited):.2f} s / {max(waited):.2f} s |"
    )
