"""How long a citizen waits for the reply at light load, beside what one durable commit takes on this disk.

    .venv/bin/python benchmarks/reply_time.py

Citizens write one after another, 20 a second, through the real inbox, database and delivery; the channel only notes
the time. The figure that counts is the ratio to a bare commit in the same run: disks differ, and change.
"""

import asyncio
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.channels.base import OutFile, SendResult
from bot.clock import SystemClock
from bot.core import core
from bot.deployment_file import read_deployment
from bot.pacing import Limits
from handlers.loading import load_deployment
from handlers.messages import Address, Inbound, Reply
from handlers.service import Service
from storage import migrate
from storage.crypto import Vault, new_key
from storage.db import Database
from storage.vocabulary import Channel

CITIZENS, PER_SECOND = 300, 20
TEXT = "jalan rusak depan SDN {} desa mungguk sejak kemarin, banyak lubang besar"


@dataclass
class Ear:
    """A channel that notes when each citizen is answered."""

    name: Channel = Channel.TELEGRAM
    takes_files: bool = False
    limits: Limits = field(default_factory=Limits)
    heard: dict[str, float] = field(default_factory=dict)

    async def send(
        self,
        to: Address,
        reply: Reply,  # noqa: ARG002
        *,
        key: str | None = None,  # noqa: ARG002
        files: Sequence[OutFile] = (),  # noqa: ARG002
    ) -> SendResult:
        self.heard.setdefault(to.identifier, time.perf_counter())
        return SendResult()

    async def fetch(self, ref: str, max_bytes: int) -> bytes:
        raise NotImplementedError


async def measure(folder: Path) -> list[float]:
    """Return the seconds from a message's arrival to its reply's leaving, one for each citizen."""
    deployment = read_deployment(Path("deployments/sekadau.yaml"))
    database, clock, ear = (
        Database(f"sqlite:///{folder / 'kanal.db'}", Vault([new_key()])),
        SystemClock(),
        Ear(),
    )
    migrate.upgrade(database)
    with database.writing() as uow:
        load_deployment(uow, deployment, clock.now())
    written: dict[str, float] = {}
    with core(database, Service.of(deployment), {Channel.TELEGRAM: ear}, folder, clock) as machine:
        delivery = asyncio.create_task(machine.delivery.run())
        for index in range(CITIZENS):
            who = str(1000 + index)
            written[who] = time.perf_counter()
            message = Inbound(
                Address(Channel.TELEGRAM, who), str(index), clock.now(), text=TEXT.format(index)
            )
            await machine.inbox.receive(message)
            await asyncio.sleep(1 / PER_SECOND)
        delivery.cancel()
        await asyncio.gather(delivery, return_exceptions=True)
    database.close()
    return [ear.heard[who] - at for who, at in written.items()]


def bare_commits(folder: Path) -> list[float]:
    """Return the seconds of durable commits of one small row each."""
    connection = sqlite3.connect(folder / "bare.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE row (id INTEGER PRIMARY KEY, text TEXT)")
    taken = []
    for index in range(CITIZENS):
        started = time.perf_counter()
        connection.execute("INSERT INTO row (text) VALUES (?)", (TEXT.format(index),))
        taken.append(time.perf_counter() - started)
    connection.close()
    return taken


def shown(name: str, seconds: Sequence[float]) -> str:
    ordered = sorted(seconds)
    p99 = ordered[int(len(ordered) * 0.99)]
    return f"{name:<28} median {statistics.median(ordered) * 1000:6.2f} ms   p99 {p99 * 1000:6.2f} ms"


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        bare = bare_commits(Path(name))
        replies = asyncio.run(measure(Path(name)))
    print(shown("one durable commit", bare))
    print(shown("message to reply's leaving", replies))
    print(f"ratio of medians: {statistics.median(replies) / statistics.median(bare):.1f}")


if __name__ == "__main__":
    main()
