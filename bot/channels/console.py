"""A person at the keyboard: replies are printed, files are read from this machine's disk."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.channels.base import FetchError, NotYet, OutFile, SendResult
from bot.pacing import Limits
from handlers.messages import Address, Reply
from storage.vocabulary import Channel


class ConsoleChannel:
    """Prints what the bot says to `me` by way of `show`; what is for others waits for their terminals."""

    name = Channel.CONSOLE
    takes_files = True
    limits = Limits()

    def __init__(self, me: Address, show: Callable[[Reply, Sequence[OutFile]], None]) -> None:
        self._me = me
        self._show = show

    async def send(
        self,
        to: Address,
        reply: Reply,
        *,
        key: str | None = None,  # noqa: ARG002
        files: Sequence[OutFile] = (),
    ) -> SendResult:
        if to != self._me:
            raise NotYet
        self._show(reply, files)
        return SendResult()

    async def fetch(self, ref: str, max_bytes: int) -> bytes:
        """Read the file at the path `ref`."""
        try:
            content = await asyncio.to_thread(Path(ref).read_bytes)
        except OSError as error:
            raise FetchError(type(error).__name__, is_final=True) from None
        if len(content) > max_bytes:
            raise FetchError("too_big", is_final=True)
        return content
