"""Takes messages in: each is committed, or was before, or is kept as a failure, when `receive` returns."""

import traceback
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Protocol

import structlog

from bot.clock import Clock
from bot.metrics import Metrics
from bot.writer import StorageUnavailable, Writer
from handlers import codec, dispatch
from handlers.messages import Inbound
from handlers.service import Service
from storage.db import UnitOfWork
from storage.faults import Meaning, meaning_of
from storage.queries import inbox as queries

log = structlog.get_logger()


class Reception(StrEnum):
    HANDLED = "handled"
    #: the provider's repeat of what is committed already
    REPEATED = "repeated"
    #: the handler raised; the message is kept for `kanal inbox retry`
    FAILED = "failed"


class OnCommit(Protocol):
    """Called after a commit: there may be something to fetch or to deliver, unless a sender has seen to it."""

    def __call__(self, *, has_files: bool, is_followed: bool) -> None: ...


class Inbox:
    def __init__(  # noqa: PLR0917 - called in one place
        self,
        writer: Writer,
        service: Service,
        clock: Clock,
        metrics: Metrics,
        follow: Callable[[], bool],
        on_commit: OnCommit,
    ) -> None:
        self._writer = writer
        self._service = service
        self._clock = clock
        self._metrics = metrics
        #: called when a message was given to the writer: tells whether a sender takes up what it leads to
        self._follow = follow
        self._on_commit = on_commit

    async def receive(self, inbound: Inbound) -> Reception:
        """Commit a message and what follows from it. Raises StorageUnavailable: the provider must repeat."""
        counted = partial(self._metrics.inbound.labels, inbound.address.channel)
        try:
            outcome, is_followed = await self._commit(inbound, self._clock.now())
        except StorageUnavailable:
            counted("unavailable").inc()
            raise
        counted(outcome).inc()
        self._on_commit(has_files=bool(inbound.media), is_followed=is_followed)
        return outcome

    async def _commit(self, inbound: Inbound, now: datetime) -> tuple[Reception, bool]:
        """Return what became of a message, and whether a sender takes up what it leads to."""
        try:
            work = self._writer.submit(lambda uow: self._handle(uow, inbound, now))
            is_followed = self._follow()
            return await work, is_followed
        except StorageUnavailable:
            raise
        except Exception as error:  # an edge: whatever a handler raises must not block the channel
            log.exception("inbound_failed", channel=inbound.address.channel)
            name, told = type(error).__name__, "".join(traceback.format_exception(error))
        return await self._writer.run(lambda uow: self._keep(uow, inbound, name, told, now)), False

    def _handle(self, uow: UnitOfWork, inbound: Inbound, now: datetime) -> Reception:
        if not queries.record_inbound(uow, inbound.address.channel, inbound.external_id, now):
            return Reception.REPEATED
        dispatch.receive(uow, self._service, inbound, now)
        return Reception.HANDLED

    def _keep(self, uow: UnitOfWork, inbound: Inbound, error: str, told: str, now: datetime) -> Reception:
        """Store a message that could not be handled, and an apology if that much can be done."""
        if not queries.record_inbound(uow, inbound.address.channel, inbound.external_id, now):
            return Reception.REPEATED
        queries.record_failure(
            uow,
            inbound.address.channel,
            inbound.external_id,
            payload=_payload(inbound),
            error=error,
            traceback=told,
            now=now,
        )
        self._apologise(uow, inbound, now)
        return Reception.FAILED

    def _apologise(self, uow: UnitOfWork, inbound: Inbound, now: datetime) -> None:
        """Queue an apology; what is wrong with the message may be wrong with that, too."""
        try:
            with uow.savepoint():
                dispatch.apologise(uow, self._service, inbound, now)
        except Exception as error:
            if meaning_of(error) is not Meaning.OWN_FAULT:
                raise
            log.exception("apology_failed", channel=inbound.address.channel)


def _payload(inbound: Inbound) -> str:
    """Return the message as JSON; halves of characters, which JSON cannot hold, are replaced."""
    try:
        return codec.dump_inbound(inbound)
    except ValueError:
        return codec.dump_inbound(replace(inbound, text=inbound.text.encode(errors="replace").decode()))


def retry_failure(uow: UnitOfWork, service: Service, failure: queries.Failure, now: datetime) -> str | None:
    """Run a kept message again, in a savepoint; return the error's name when it fails again.

    Somebody who retries at the same time waits, and finds nothing left to do.
    """
    if not queries.claim_failure(uow, failure.id):
        return None
    try:
        with uow.savepoint():
            dispatch.receive(uow, service, codec.load_inbound(failure.payload), now)
    except Exception as error:  # an edge, as above
        if meaning_of(error) is not Meaning.OWN_FAULT:
            raise
        told = "".join(traceback.format_exception(error))
        queries.note_failed_retry(uow, failure.id, error=type(error).__name__, traceback=told, now=now)
        return type(error).__name__
    queries.resolve_failure(uow, failure.id, now)
    return None
