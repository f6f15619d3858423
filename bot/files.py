"""Attachments: fetched after the commit, kept encrypted outside the database, named by a keyed hash of their bytes."""

import asyncio
import contextlib
import os
import tempfile
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from errno import errorcode
from hashlib import sha256
from math import inf
from pathlib import Path

import structlog

from bot import media
from bot.channels.base import Channel, FetchError
from bot.clock import Clock
from bot.metrics import Metrics
from bot.writer import StorageUnavailable, Writer
from handlers import files
from handlers.service import Service
from storage.crypto import Vault
from storage.db import UnitOfWork
from storage.queries import attachments
from storage.queries.attachments import Kept, ToFetch
from storage.vocabulary import Channel as ChannelName

log = structlog.get_logger()

LEASE = timedelta(minutes=3)
#: well within a lease, so that no two attempts overlap
FETCH_SECONDS = 120.0
AT_ONCE = 4
SWEPT_AT_ONCE = 500
IDLE_SECONDS = 5.0
#: how often files that no row refers to are removed, and how long they are left alone first
SWEEP_SECONDS = 3600.0
BACKOFF_SECONDS = 1.0
#: pauses before the second, third … attempt; the last one is repeated
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 1800))
#: until a file is tried again
LONGEST_WAIT = max(LEASE, *PAUSES)
#: a file that could not be had for so long counts as lost: its sender should rather know
MAX_AGE = timedelta(days=1)


class FileStore:
    """Files by the keyed hash of their bytes: the same picture is kept once, and its name tells nothing."""

    def __init__(self, folder: Path, vault: Vault) -> None:
        self._folder = folder
        self._vault = vault

    def save(self, content: bytes) -> str:
        """Keep the bytes, encrypted, and return their name. Raises OSError."""
        name = self._name(content)
        self.save_as(name, content)
        return name

    def save_as(self, name: str, content: bytes) -> None:
        """Keep the bytes under a name that `save` returned, unless they are there. Raises OSError."""
        path = self._path(name)
        try:
            os.utime(path)  # what is in use is not swept away
        except FileNotFoundError:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.parent.mkdir(mode=0o700, exist_ok=True)
            write_whole(path, self._vault.seal_bytes(content))

    def load(self, name: str) -> bytes:
        """Return the bytes kept under a name. Raises FileNotFoundError, BadKey."""
        return self._vault.unseal_bytes(self._path(name).read_bytes())

    def renew(self, name: str) -> str:
        """Keep a file under the first key as well, and return its name there, the same if it is.

        Raises FileNotFoundError, BadKey, OSError.
        """
        content = self.load(name)
        current = self._name(content)
        if current != name:
            self.save_as(current, content)
        return current

    def is_current(self, name: str) -> bool:
        """Tell whether a file is kept under the first key. Raises FileNotFoundError, BadKey."""
        return self._name(self.load(name)) == name

    def list_untouched(self, before: datetime) -> list[str]:
        """Return the names of files that were last saved before an instant."""
        found = self._folder.glob("[0-9a-f][0-9a-f]/[0-9a-f]*")
        return [path.name for path in found if _touched_at(path) < before.timestamp()]

    def remove(self, name: str) -> None:
        self._path(name).unlink(missing_ok=True)

    def _name(self, content: bytes) -> str:
        return self._vault.fingerprint("file", sha256(content).hexdigest()).hex()

    def _path(self, name: str) -> Path:
        return self._folder / name[:2] / name


def _touched_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # gone meanwhile
        return inf


def write_whole(path: Path, content: bytes) -> None:
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


def remove_unreferred(uow: UnitOfWork, store: FileStore, names: Collection[str]) -> int:
    """Remove those of the files that no row refers to, and return how many they were.

    No row comes to refer to one meanwhile; who was about to (`Fetcher`) notices afterwards and saves it anew.
    """
    attachments.hold_names(uow)
    idle = set(names) - attachments.list_referred(uow, names)
    for name in idle:
        store.remove(name)
    return len(idle)


async def sweep_files(writer: Writer, store: FileStore, before: datetime) -> int:
    """Remove files without a row that were last saved before an instant: of dropped drafts, of erased people.

    Meant for a job, with an hour ago or so. Raises StorageUnavailable, OSError.
    """
    names = await asyncio.to_thread(store.list_untouched, before)
    removed = 0
    for start in range(0, len(names), SWEPT_AT_ONCE):
        some = names[start : start + SWEPT_AT_ONCE]
        removed += await writer.run(lambda uow, some=some: remove_unreferred(uow, store, some))  # type: ignore[misc]
    return removed


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
        self._swept_at = clock.monotonic()
        #: an unpacked picture takes much memory
        self._examining = asyncio.Lock()

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
                await self._sweep_if_due()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(IDLE_SECONDS):
                        await self._wake.wait()

    async def _sweep_if_due(self) -> None:
        """Now and then remove what no row refers to any more."""
        if self._clock.monotonic() < self._swept_at + SWEEP_SECONDS:
            return
        self._swept_at = self._clock.monotonic()
        try:
            await sweep_files(self._writer, self._store, self._clock.now() - timedelta(seconds=SWEEP_SECONDS))
        except (StorageUnavailable, OSError) as error:  # in an hour again
            log.warning("sweep_failed", error=type(error).__name__)

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
            kept, copies = await self._keep(content)
        except media.Refused as refusal:
            await self._failed(wanted, refusal.code, is_final=True)
            return
        except OSError as error:  # our own disk: no reason to give the file up
            log.error("file_not_kept", attachment_id=wanted.id, code=errorcode.get(error.errno or 0))  # noqa: TRY400
            await self._failed(wanted, "disk", is_final=False)
            return
        now = self._clock.now()
        if await self._writer.run(lambda uow: files.stored(uow, wanted.id, kept, now)):
            await asyncio.to_thread(self._save_again, copies)
        self._metrics.files.labels("stored").inc()

    async def _keep(self, content: bytes) -> tuple[Kept, Mapping[str, bytes]]:
        """Save a file and what others see of it; also returns all of these by name. Raises Refused, OSError."""
        limit = self._service.deployment.intake.max_megapixels
        async with self._examining:
            return await asyncio.to_thread(_examine_and_save, self._store, content, limit)

    def _save_again(self, copies: Mapping[str, bytes]) -> None:
        """Put back what was swept away just before its row was committed."""
        for name, content in copies.items():
            try:
                self._store.save_as(name, content)
            except OSError as error:
                log.error("file_not_checked", code=errorcode.get(error.errno or 0))  # noqa: TRY400

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


def _examine_and_save(
    store: FileStore, content: bytes, max_megapixels: int
) -> tuple[Kept, Mapping[str, bytes]]:
    found = media.examine(content, max_megapixels)
    digest, shown_digest = store.save(content), store.save(found.shown)
    copies = {digest: content, shown_digest: found.shown}
    thumbnail_digest = None
    if found.thumbnail is not None:
        thumbnail_digest = store.save(found.thumbnail)
        copies[thumbnail_digest] = found.thumbnail
    kept = Kept(
        digest=digest,
        size=len(content),
        media_type=found.media_type,
        shown_digest=shown_digest,
        shown_size=len(found.shown),
        thumbnail_digest=thumbnail_digest,
    )
    return kept, copies
