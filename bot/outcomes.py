"""What attempts to send came to, kept until it is written down: nothing goes out twice for want of a note."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeVar

import structlog

from bot.clock import Clock
from bot.writer import StorageUnavailable, Writer
from handlers import receipts
from handlers.service import Service
from storage.db import UnitOfWork
from storage.queries import outbox
from storage.queries.outbox import Settlement
from storage.vocabulary import OutboundState

T = TypeVar("T")
log = structlog.get_logger()

#: code of a message given up as what came of it could not be written down
NOT_SETTLED = "not_settled"


@dataclass(frozen=True, slots=True)
class Attempt:
    """What an attempt came to, not yet written down."""

    settlement: Settlement
    #: the address it shows to be out of reach
    unreachable: int | None
    at: datetime


class Outcomes:
    def __init__(self, writer: Writer, service: Service, clock: Clock) -> None:
        self._writer = writer
        self._service = service
        self._clock = clock
        self._kept: list[Attempt] = []

    def __bool__(self) -> bool:
        return bool(self._kept)

    def note(self, settlement: Settlement, unreachable: int | None = None) -> None:
        self._kept.append(Attempt(settlement, unreachable, self._clock.now()))

    def take(self) -> list[Attempt]:
        """Return what is to be written down; who does not manage gives it back."""
        taken, self._kept = self._kept, []
        return taken

    def give_back(self, outcomes: list[Attempt]) -> None:
        self._kept = outcomes + self._kept

    async def settle(self) -> None:
        """Write down what there is. Raises StorageUnavailable, and keeps it."""
        if outcomes := self.take():
            await self.written(outcomes, self._writer.submit(partial(settle, self._service, outcomes)))

    async def written(self, outcomes: list[Attempt], work: asyncio.Future[T]) -> T:
        """Return what `work` comes to, which writes `outcomes` down among other things; keeps them if it fails."""
        try:
            return await work
        except (StorageUnavailable, asyncio.CancelledError):
            self.give_back(outcomes)
            raise
        except Exception:
            await self._settle_singly(outcomes)
            raise

    async def _settle_singly(self, outcomes: Sequence[Attempt]) -> None:
        """Find the outcome that cannot be written down; its message is given up rather than sent for ever."""
        for at, outcome in enumerate(outcomes):
            try:
                await self._writer.run(partial(settle, self._service, [outcome]))
            except asyncio.CancelledError:
                self._kept += outcomes[at:]
                raise
            except StorageUnavailable:
                self._kept.append(outcome)
            except Exception:
                log.exception("not_settled", outbound_id=outcome.settlement.id)
                one = outcome.settlement
                self.note(Settlement(one.id, one.attempts, OutboundState.DEAD, code=NOT_SETTLED))


def settle(service: Service, outcomes: Sequence[Attempt], uow: UnitOfWork) -> None:
    """Write outcomes down, and what follows from them; to do it again changes nothing."""
    outbox.settle(uow, [outcome.settlement for outcome in outcomes])
    for outcome in outcomes:
        one = outcome.settlement
        if one.state is OutboundState.DEAD and one.code != NOT_SETTLED:
            receipts.redirect(uow, service, one.id, outcome.at)
        if outcome.unreachable is not None:
            receipts.lose_address(uow, service, outcome.unreachable, outcome.at)
