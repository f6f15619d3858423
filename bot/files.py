"""Attachments: fetched after the commit, kept encrypted outside the database, named by a keyed hash of their bytes."""

import asyncio
import contextlib
import os
import tempfile
from collections.abc import Callable, Mapping
from datetime import timedelta
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
AT_ONCE = 4
IDLE_SECONDS = 5.0
#: pauses before the second, third … attempt; after the last one the file counts as lost
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 1800))


class FileStore:
    """Files by the keyed hash of their bytes: the same picture is kept once, and its name tells nothing."""

    def __init__(self, folder: Path, vault: Vault) -> None:
        self._folder = folder
        self._vault = vault

    def save(self, content: bytes) -> str:
        """Keep the bytes, encrypted, and return their name. Raises OSError."""
        digest = self._vault.fingerprint("file", content.hex()).hex()
        path = self._path(digest)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
                file.write(self._vault.seal_bytes(content))
                file.flush()
                os.fsync(file.fileno())
            Path(file.name).replace(path)
        return digest

    def load(self, digest: str) -> bytes:
        """Return the bytes kept under a name. Raises FileNotFoundError, BadKey."""
        return self._vault.unseal_bytes(self._path(digest).read_bytes())

    def _path(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest


class Fetcher:
    """Brings in the files that messages announced; what cannot be had is told to its sender."""

    def __init__(
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
            with contextlib.suppress(StorageUnavailable):  # logged by the writer; due again when the lease ends
                fetched = await self.run_once()
            if not fetched:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), IDLE_SECONDS)

    async def run_once(self) -> int:
        """Try the files that are due and return how many they were."""
        now = self._clock.now()
        names = list(self._channels)
        due = await self._writer.run(
            lambda uow: attachments.lease_attachments(uow, names, AT_ONCE, now, now + LEASE)
        )
        await asyncio.gather(*(self._fetch(one) for one in due))
        return len(due)

    async def _fetch(self, wanted: ToFetch) -> None:
        limit = self._service.deployment.intake.max_attachment_mb * 1_000_000
        try:
            content = await self._channels[ChannelName(wanted.channel)].fetch(wanted.ref, limit)
            digest = await asyncio.to_thread(self._store.save, content)
        except FetchError as error:
            await self._failed(wanted, error.code, is_final=error.is_final)
        except OSError as error:  # our own disk
            await self._failed(wanted, type(error).__name__, is_final=False)
        else:
            now = self._clock.now()
            await self._writer.run(
                lambda uow: files.stored(uow, wanted.id, digest=digest, size=len(content), now=now)
            )
            self._metrics.files.labels("stored").inc()

    async def _failed(self, wanted: ToFetch, code: str, *, is_final: bool) -> None:
        log.warning("fetch_failed", attachment_id=wanted.id, code=code)
        self._metrics.files.labels("failed").inc()
        now = self._clock.now()
        if is_final or wanted.attempts > len(PAUSES):
            await self._writer.run(lambda uow: files.lost(uow, self._service, wanted.id, code, now))
            self._on_commit()
            return
        due_at = now + PAUSES[wanted.attempts - 1]
        await self._writer.run(lambda uow: attachments.settle_later(uow, wanted.id, code, due_at))
