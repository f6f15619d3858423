"""What every channel offers the machine: send a reply, fetch a file."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from bot.pacing import Limits
from handlers.messages import Address, Reply
from storage.vocabulary import Channel as ChannelName
from storage.vocabulary import Fault


@dataclass(frozen=True, slots=True)
class SendResult:
    """What the provider says of a message it took."""

    #: the provider's id, by which its delivery reports name the message
    provider_id: str | None = None
    #: SMS parts, as the provider counts them if it says so at once, else as we do; None: not counted in parts
    parts: int | None = None


@dataclass(frozen=True, slots=True)
class OutFile:
    """A file that goes out with a message."""

    #: as readers see it, with its ending
    name: str
    #: "image/jpeg"
    media_type: str
    content: bytes = field(repr=False)


class SendError(Exception):
    """A message did not leave, or perhaps did not; `fault` says what to do (bot/retry.py)."""

    def __init__(self, fault: Fault, *, code: str, retry_after: timedelta | None = None) -> None:
        super().__init__(f"{fault} ({code})")
        self.fault = fault
        #: the provider's own code or our short word for it; never the provider's text, which may name people
        self.code = code
        self.retry_after = retry_after


class NotYet(Exception):  # noqa: N818 - it names a state of affairs
    """A message cannot leave at the moment, through nobody's fault: it is tried again soon."""


class FetchError(Exception):
    """A file could not be had. `is_final`: asking again will not help."""

    def __init__(self, code: str, *, is_final: bool) -> None:
        super().__init__(code)
        self.code = code
        self.is_final = is_final


class Channel(Protocol):
    name: ChannelName
    #: how fast the provider lets us send
    limits: Limits

    @property
    def takes_files(self) -> bool:
        """Whether `send` can take files along; where it cannot, their addresses stand in the text."""

    async def send(
        self, to: Address, reply: Reply, *, key: str | None = None, files: Sequence[OutFile] = ()
    ) -> SendResult:
        """Hand one reply to the provider, with what `reply.files` and `reply.made` stand for. Raises SendError, NotYet.

        `key` names the message: another attempt at the same one carries the same key, so that a provider
        which can tell repeats sends it once.
        """

    async def fetch(self, ref: str, max_bytes: int) -> bytes:
        """Return the file the provider holds under `ref`. Raises FetchError."""
