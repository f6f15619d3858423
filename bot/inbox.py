"""Takes messages in: each is committed, or was before, or is kept as a failure, when `receive` returns."""

import traceback
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

import structlog

from bot.clock import Clock
from bot.metrics import Metrics
from bot.writer import StorageUnavailable, Writer
from handlers import codec, dispatch
from handlers.messages import Inbound
from handlers.service import Service
from storage.db import UnitOfWork
from storage.queries import inbox as queries

log = structlog.get_logger()


class Outcome(StrEnum):
    HANDLED = "handled"
    #: the provider's repeat of what is committed already
    REPEATED = "repeated"
    #: the handler raised; the message is kept for `kanal inbox retry`
    FAILED = "failed"


class Inbox:
    def __init__(
        self, writer: Writer, service: Service, clock: Clock, metrics: Metrics, on_commit: Callable[[], None]
    ) -> None:
        self._writer = writer
        self._service = service
        self._clock = clock
        self._metrics = metrics
        #: called after a commit: there may be something to deliver
        self._on_commit = on_commit

    async def receive(self, inbound: Inbound) -> Outcome:
        """Commit a message and what follows from it. Raises StorageUnavailable: the provider must repeat."""
        now = self._clock.now()
        try:
            outcome = await self._writer.run(lambda uow: self._handle(uow, inbound, now))
        except StorageUnavailable:
            self._metrics.inbound.labels(inbound.address.channel, "unavailable").inc()
            raise
        except Exception as error:  # an edge: whatever a handler raises must not block the channel
            log.exception("inbound_failed", channel=inbound.address.channel)
            told = "".join(traceback.format_exception(error))
            outcome = await self._writer.run(lambda uow: self._keep(uow, inbound, type(error).__name__, told, now))
        self._metrics.inbound.labels(inbound.address.channel, outcome).inc()
        self._on_commit()
        return outcome

    def _handle(self, uow: UnitOfWork, inbound: Inbound, now: datetime) -> Outcome:
        if not queries.record_inbound(uow, inbound.address.channel, inbound.external_id, now):
            return Outcome.REPEATED
        dispatch.receive(uow, self._service, inbound, now)
        return Outcome.HANDLED

    def _keep(self, uow: UnitOfWork, inbound: Inbound, error: str, told: str, now: datetime) -> Outcome:
        if not queries.record_inbound(uow, inbound.address.channel, inbound.external_id, now):
            return Outcome.REPEATED
        queries.record_failure(
            uow,
            inbound.address.channel,
            inbound.external_id,
            payload=codec.dump_inbound(inbound),
            error=error,
            traceback=told,
            now=now,
        )
        dispatch.apologise(uow, self._service, inbound, now)
        return Outcome.FAILED


def retry_failure(uow: UnitOfWork, service: Service, failure: queries.Failure, now: datetime) -> str | None:
    """Run a kept message again, in a savepoint; returns the error's name when it fails again."""
    try:
        with uow.connection.begin_nested():
            dispatch.receive(uow, service, codec.load_inbound(failure.payload), now)
    except Exception as error:  # an edge, as above
        told = "".join(traceback.format_exception(error))
        queries.note_failed_retry(uow, failure.id, error=type(error).__name__, traceback=told, now=now)
        return type(error).__name__
    queries.resolve_failure(uow, failure.id, now)
    return None
