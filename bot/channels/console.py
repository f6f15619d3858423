"""A person at the keyboard: replies are printed, files are read from this machine's disk."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from bot.channels.base import FetchError, SendResult
from bot.pacing import Limits
from handlers.messages import Address, Reply
from storage.vocabulary import Channel


class ConsoleChannel:
    """Prints what the bot says by way of `show`."""

    name = Channel.CONSOLE
    limits = Limits()

    def __init__(self, show: Callable[[Reply], None]) -> None:
        self._show = show

    async def send(self, to: Address, reply: Reply, *, key: str | None = None) -> SendResult:  # noqa: ARG002 - one person sits here
        self._show(reply)
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
