"""What tests of the delivery loop share."""

import asyncio
from collections.abc import Callable

from bot.channels.base import SendError
from storage.vocabulary import Fault

OUT_OF_REACH = SendError(Fault.UNREACHABLE, code="down")


async def until(is_so: Callable[[], bool]) -> None:
    """Let the loop run until something has happened."""
    while not is_so():  # noqa: ASYNC110 - the machine has no events for tests
        await asyncio.sleep(0.001)
