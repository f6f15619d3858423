"""What goes with a message besides its text: kept files, files made as it leaves, addresses to see them at."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.channels.base import NotYet, OutFile
from bot.channels.sms.text import with_addresses
from bot.files import FileStore
from bot.links import PATH, page_path, write_token
from bot.writer import Writer
from handlers.files import shown_type
from handlers.messages import Made, Reply
from storage.crypto import BadKey, Vault
from storage.queries import attachments
from storage.queries.attachments import Shown
from storage.vocabulary import AttachmentState

log = structlog.get_logger()

#: how long a message waits for files that are still being fetched, and how often it looks
PATIENCE: Final = timedelta(minutes=5)
PAUSE: Final = timedelta(seconds=3)

#: media type → what its reader calls it, and the ending
_NAMES: Final = {
    "image/jpeg": ("foto", "jpg"),
    "video/mp4": ("video", "mp4"),
    "video/3gpp": ("video", "3gp"),
    "video/quicktime": ("video", "mov"),
    "video/webm": ("video", "webm"),
    "audio/ogg": ("suara", "ogg"),
    "audio/mpeg": ("suara", "mp3"),
    "audio/mp4": ("suara", "m4a"),
    "audio/amr": ("suara", "amr"),
    "audio/amr-wb": ("suara", "awb"),
    "application/pdf": ("berkas", "pdf"),
}


@dataclass(frozen=True, slots=True)
class Prepared:
    """A reply as its channel takes it."""

    reply: Reply
    files: tuple[OutFile, ...] = ()


class Enclosures:
    """`make` makes a file; `public_root`: where the world reaches us, if it does."""

    def __init__(
        self,
        writer: Writer,
        store: FileStore,
        vault: Vault,
        make: Callable[[Made], OutFile],
        public_root: str | None,
    ) -> None:
        self._writer = writer
        self._store = store
        self._vault = vault
        self._make = make
        self._public_root = public_root

    async def prepare(
        self, reply: Reply, *, takes_files: bool, created_at: datetime, now: datetime
    ) -> Prepared:
        """Return what is to be sent, without what is lost. Raises NotYet, StorageUnavailable.

        `takes_files`: whether the channel takes them along; else their addresses follow the short wording.
        """
        reply = self._with_page(reply)
        if not reply.files and (reply.made is None or not takes_files):
            return Prepared(reply)
        wanted = await self._writer.run(lambda uow: attachments.list_shown(uow, reply.files))
        if any(one.state == AttachmentState.PENDING for one in wanted) and now < created_at + PATIENCE:
            raise NotYet
        ready = [one for one in wanted if one.state == AttachmentState.STORED]
        if not takes_files:
            return Prepared(self._with_addresses(reply, ready, created_at))
        return Prepared(reply, tuple(await asyncio.to_thread(self._files_of, ready, reply.made)))

    def _with_page(self, reply: Reply) -> Reply:
        if reply.page is None or self._public_root is None:
            return reply
        path = page_path(self._vault, reply.page.number)
        address = f"{self._public_root}{path}&lang={reply.page.language}"
        return replace(reply, text=f"{reply.text}\n\n{reply.page.lead}\n{address}")

    def _with_addresses(self, reply: Reply, ready: Sequence[Shown], created_at: datetime) -> Reply:
        if self._public_root is None:
            return reply
        addresses = [
            f"{self._public_root}{PATH}{write_token(self._vault, one.id, created_at)}" for one in ready
        ]
        return replace(reply, short=with_addresses(reply.short, addresses, reply.files_label))

    def _files_of(self, ready: Sequence[Shown], made: Made | None) -> list[OutFile]:
        """Return the files that can be had; the text must get through without the others."""
        files = [file for number, one in enumerate(ready, start=1) if (file := self._load(one, number))]
        try:
            return files if made is None else [*files, self._make(made)]
        except Exception:  # an edge: drawing is ours, and no text must wait for it to be mended
            log.exception("file_not_made", exhibit=made and made.exhibit)
            return files

    def _load(self, one: Shown, number: int) -> OutFile | None:
        try:
            content = self._store.load(one.digest)
        except (OSError, BadKey) as error:
            log.error("file_not_loaded", attachment_id=one.id, error=type(error).__name__)  # noqa: TRY400
            return None
        media_type = shown_type(one.media_type)
        word, ending = _NAMES.get(media_type, ("berkas", "bin"))
        return OutFile(f"{word}-{number}.{ending}", media_type, content)
