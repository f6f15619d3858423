"""A channel in service: where its messages come in, and what keeps it going."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, Protocol

import structlog
from starlette.routing import BaseRoute

from bot.channels.base import Channel, SendError
from bot.core import Core
from handlers.service import Service
from storage.vocabulary import Fault

log: structlog.stdlib.BoundLogger = structlog.get_logger()

#: how long a provider may be out of reach before our start there is tried again
RETRY_SECONDS: Final = 10

#: Tells the operator a line.
Announce = Callable[[str], None]


class Wire(Protocol):
    @property
    def channel(self) -> Channel: ...

    @property
    def account(self) -> str:
        """What only one process at a time may send for; told to nobody, as it may hold secrets."""

    @property
    def setting(self) -> str:
        """The variable that names the account."""

    def routes(self, machine: Core) -> Sequence[BaseRoute]:
        """Return where the provider reaches us."""

    async def meet(self, service: Service) -> None:
        """Learn from the provider what we need to read what it posts. Raises CannotStart."""

    async def serve(self, machine: Core, announce: Announce) -> None:
        """Make ourselves known to the provider and fetch what comes, until cancelled. Raises CannotStart.

        For the one process that holds the account.
        """

    async def stop(self) -> None:
        """Close the connections."""


async def until_reached(step: Callable[[], Awaitable[object]], provider: str) -> None:
    """Repeat a step until the provider is reached; meanwhile messages wait. Raises SendError when refused."""
    while True:
        try:
            await step()
        except SendError as error:
            if error.fault is Fault.MISCONFIGURED:
                raise
            log.warning("provider_out_of_reach", channel=provider, code=error.code)
            await asyncio.sleep(RETRY_SECONDS)
        else:
            return
