"""What it means for a message that the way to a provider breaks off."""

import httpx

from bot.channels.base import SendError
from storage.vocabulary import Fault


def broken_off(problem: httpx.HTTPError) -> SendError:
    """Return what `problem` means for a message."""
    match problem:
        case httpx.ConnectError() | httpx.ConnectTimeout() | httpx.PoolTimeout():
            code = "no_connection"
        case httpx.TimeoutException():
            code = "timeout"
        case _:
            code = "broken_off"
    return SendError(Fault.UNREACHABLE, code=code)
