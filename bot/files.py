"""Attachments: fetched after the commit, kept encrypted outside the database, named by a keyed hash of their bytes."""

import asyncio
import contextlib
import os
import tempfile
from collections.abc import Callable, Mapping
from datetime import timedelta
from errno import errorcode
from hashlib import sha256
from pathlib import Path

import structlog

from bot.channels.base import Channel, FetchError
from bot.clock import Clock
from bot.metrics import Metrics
from bot.writer import StorageUnavailable, Writer
from handlers import files
from handlers.service import Service
from storage.crypto import Vault
from storage.queries import attachments
from storage.queries.attachments import ToFetch
from storage.vocabulary import Channel as ChannelName

log = structlog.get_logger()

LEASE = timedelta(minutes=3)
#: well within a lease, so that no two attempts overlap
FETCH_SECONDS = 120.0
AT_ONCE = 4
IDLE_SECONDS = 5.0
BACKOFF_SECONDS = 1.0
#: pauses before the second, third … attempt; the last one is repeated
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 1800))
#: a file that could not be had for so long counts as lost: its sender should rather know
MAX_AGE = timedelta(days=1)


class FileStore:
    """Files by the keyed hash of their bytes: the same picture is kept once, and its name tells nothing."""

    def __init__(self, folder: Path, vault: Vault) -> None:
        self._folder = folder
        self._vault = vault

    def save(self, content: bytes) -> str:
        """Keep the bytes, encrypted, and return their name. Raises OSError."""
        digest = self._vault.fingerprint("file", sha256(content).hexdigest()).hex()
        path = self._path(digest)
        if not path.exists():
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.parent.mkdir(mode=0o700, exist_ok=True)
            _write(path, self._vault.seal_bytes(content))
        return digest

    def load(self, digest: str) -> bytes:
        """Return the bytes kept under a name. Raises FileNotFoundError, BadKey."""
        return self._vault.unseal_bytes(self._path(digest).read_bytes())

    def _path(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest


def _write(path: Path, content: bytes) -> None:
    """Write a file that is there whole or not at all, whatever happens; it lasts when we return."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # the name must last as well
    finally:
        os.close(folder)


class Fetcher:
    """Brings in the files that messages announced; what cannot be had is told to its sender."""

    def __init__(  # noqa: PLR0917 - called in one place
        self,
        writer: Writer,
        service: Service,
        channels: Mapping[ChannelName, Channel],
        store: FileStore,
        clock: Clock,
        metrics: Metrics,
        on_commit: Callable[[], None],
    ) -> None:
        self._writer = writer
        self._service = service
        self._channels = channels
        self._store = store
        self._clock = clock
        self._metrics = metrics
        self._on_commit = on_commit
        self._wake = asyncio.Event()

    def wake(self) -> None:
        self._wake.set()

    async def run(self) -> None:
        """Fetch until cancelled."""
        while True:
            self._wake.clear()
            fetched = 0
            try:
                fetched = await self.run_once()
            except StorageUnavailable:  # logged by the writer; due again when the lease ends
                await asyncio.sleep(BACKOFF_SECONDS)
            except Exception:
                log.exception("fetcher_turn_failed")
                await asyncio.sleep(BACKOFF_SECONDS)
            if not fetched:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(IDLE_SECONDS):
                        await self._wake.wait()

    async def run_once(self) -> int:
        """Try the files that are due and return how many they were."""
        now = self._clock.now()
        names = list(self._channels)
        due = await self._writer.run(
            lambda uow: attachments.lease_attachments(uow, names, AT_ONCE, now, now + LEASE)
        )
        results = await asyncio.gather(*(self._bring(one) for one in due), return_exceptions=True)
        for error in results:
            if isinstance(error, BaseException):  # one file's trouble is not the others'
                raise error
        return len(due)

    async def _bring(self, wanted: ToFetch) -> None:
        """Fetch a file and keep it, or note that it could not be had."""
        try:
            content = await self._fetch(wanted)
        except FetchError as error:
            await self._failed(wanted, error.code, is_final=error.is_final)
            return
        try:
            digest = await asyncio.to_thread(self._store.save, content)
        except OSError as error:  # our own disk: no reason to give the file up
            log.error("file_not_kept", attachment_id=wanted.id, code=errorcode.get(error.errno or 0))  # noqa: TRY400
            await self._failed(wanted, "disk", is_final=False)
            return
        now = self._clock.now()
        await self._writer.run(
            lambda uow: files.stored(uow, wanted.id, digest=digest, size=len(content), now=now)
        )
        self._metrics.files.labels("stored").inc()

    async def _fetch(self, wanted: ToFetch) -> bytes:
        """Return the bytes. Raises FetchError, whatever the channel raised."""
        limit = self._service.deployment.intake.max_attachment_mb * 1_000_000
        try:
            async with asyncio.timeout(FETCH_SECONDS):
                return await self._channels[ChannelName(wanted.channel)].fetch(wanted.ref, limit)
        except FetchError:
            raise
        except TimeoutError:
            raise FetchError("timeout", is_final=False) from None
        except Exception as error:  # an edge, as in delivery
            log.exception("fetch_raised", channel=wanted.channel, attachment_id=wanted.id)
            is_final = wanted.attempts > len(PAUSES)
            raise FetchError(f"bug:{type(error).__name__}", is_final=is_final) from None

    async def _failed(self, wanted: ToFetch, code: str, *, is_final: bool) -> None:
        log.warning("fetch_failed", attachment_id=wanted.id, code=code)
        self._metrics.files.labels("failed").inc()
        now = self._clock.now()
        due_at = now + PAUSES[min(wanted.attempts, len(PAUSES)) - 1]
        if is_final or due_at - wanted.created_at > MAX_AGE:
            await self._writer.run(lambda uow: files.lost(uow, self._service, wanted.id, code, now))
            self._on_commit()
        else:
            await self._writer.run(lambda uow: attachments.settle_later(uow, wanted.id, code, due_at))
