"""Several processes on one PostgreSQL: who does what only one may do, and how they wake each other.

A seat is a set of advisory locks of one database session. The server frees them the moment the session ends, so a
process that dies leaves its seat to whoever stands by; a process whose connection breaks no longer holds it and stops
at once. The times below are such that it has stopped before the server gives the seat away (docs/scaling.md).
Connections here are beside the pool and last: DATABASE_URL must not lead through a pooler that shares sessions.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from hashlib import sha256
from typing import TYPE_CHECKING

import structlog

from bot.metrics import Metrics
from bot.roles import Role
from bot.tasks import first_to_end
from storage.db import BUSY_TIMEOUT, Database

if TYPE_CHECKING:
    from psycopg import AsyncConnection

log = structlog.get_logger()

#: of NOTIFY; there is nothing to say but "look again"
CHANNEL = "kanal"
#: between two attempts at a seat, or at the server
TRY_SECONDS = 1.0
#: how often who sits asks the server whether the session is alive
PING_SECONDS = 1.0
#: who takes over leaves whoever sat before so long: a session that the server ended is noticed by the next ping
GRACE_SECONDS = 2 * PING_SECONDS
#: the server may leave a ping so long unanswered: after PING_SECONDS and this we have stopped, …
CLIENT_PATIENCE_MS = 4000
#: … and so long after our last packet, at the earliest, it ends the session
SERVER_PATIENCE = {
    "tcp_keepalives_idle": 4,
    "tcp_keepalives_interval": 2,
    "tcp_keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}


class SessionBroken(Exception):  # noqa: N818 - it names a state of affairs
    """The server is out of reach, or has ended the session and freed its locks."""


class Seat:
    """What one process at a time may do."""

    def __init__(self, database: Database, role: Role, names: Sequence[str], metrics: Metrics) -> None:
        self._database = database
        self._role = role
        #: sorted, so that of two who want the same locks one gets them all
        self._keys = sorted(_key(name) for name in names)
        self._gauge = metrics.seat.labels(role)
        self._gauge.set(0)

    async def occupy(self, work: Callable[[], Awaitable[None]], on_notice: Callable[[], None]) -> None:
        """Do `work` whenever the seat is ours, until cancelled; it is cancelled when the seat is lost.

        `on_notice` is called when another process rings the bell. Raises what `work` raises.
        """
        while True:
            try:
                async with _connected(self._database) as session:
                    await self._take(session)
                    await self._sit(work(), _watch(session, on_notice))
            except SessionBroken:
                log.warning("session_broken", role=self._role)
                await asyncio.sleep(TRY_SECONDS)

    async def _take(self, session: "AsyncConnection") -> None:
        """Return once the seat is ours.

        By asking again and again: a session that waits within a statement keeps old rows from being cleared away.
        """
        is_told = False
        while not await _lock(session, self._keys):
            if not is_told:
                log.info("standing_by", role=self._role)
                is_told = True
            await asyncio.sleep(TRY_SECONDS)
        if is_told:
            await asyncio.sleep(GRACE_SECONDS)

    async def _sit(self, *work: Awaitable[None]) -> None:
        log.info("active", role=self._role)
        self._gauge.set(1)
        try:
            await first_to_end(*work)
        finally:
            self._gauge.set(0)
            log.info("no_longer_active", role=self._role)


class Bell:
    """Wakes the other processes after a commit; a ring that gets lost costs until they look by themselves."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._pulled = asyncio.Event()
        self._is_muted = False

    def ring(self) -> None:
        if not self._is_muted:
            self._pulled.set()

    @contextmanager
    def muted(self) -> Iterator[None]:
        """Let nothing be heard: for as long as what we queue is delivered by ourselves."""
        self._is_muted = True
        try:
            yield
        finally:
            self._is_muted = False
            self.ring()

    async def run(self) -> None:
        """Ring until cancelled. What is rung for meanwhile is rung for once.

        In a transaction of its own: at its commit NOTIFY takes a lock that all of the server's share, which must not
        be held while the disk is written to.
        """
        while True:
            try:
                async with _connected(self._database) as session:
                    while True:
                        await self._pulled.wait()
                        self._pulled.clear()
                        await session.execute(f"NOTIFY {CHANNEL}")
            except SessionBroken:
                await asyncio.sleep(TRY_SECONDS)


@asynccontextmanager
async def _connected(database: Database) -> "AsyncIterator[AsyncConnection]":
    """Open a session for the body. Raises SessionBroken, there too."""
    from psycopg import AsyncConnection, OperationalError  # noqa: PLC0415 - takes 0.2 s, which SQLite can do without

    options = {**SERVER_PATIENCE, "synchronous_commit": "off"}
    try:
        session = await AsyncConnection.connect(
            database.conninfo,
            autocommit=True,
            connect_timeout=BUSY_TIMEOUT,
            tcp_user_timeout=CLIENT_PATIENCE_MS,
            options=" ".join(f"-c {name}={value}" for name, value in options.items()),
        )
        try:
            yield session
        finally:
            await session.close()
    except OperationalError:
        raise SessionBroken from None


async def _lock(session: "AsyncConnection", keys: Sequence[int]) -> bool:
    """Take all of the locks, or none; tell which."""
    for key in keys:
        row = await (await session.execute("SELECT pg_try_advisory_lock(%s)", (key,))).fetchone()
        if row is None or not row[0]:
            await session.execute("SELECT pg_advisory_unlock_all()")
            return False
    return True


async def _watch(session: "AsyncConnection", on_notice: Callable[[], None]) -> None:
    """Pass notices on until the session breaks. Raises OperationalError then."""
    await session.execute(f"LISTEN {CHANNEL}")
    on_notice()  # for what came before we listened
    while True:
        async for _ in session.notifies(timeout=PING_SECONDS):
            on_notice()
        await session.execute("SELECT 1")


def _key(name: str) -> int:
    """Return a lock's number; the name may hold a token, of which nothing must show in the server's tables."""
    return int.from_bytes(sha256(f"kanal:{name}".encode()).digest()[:8], signed=True)
