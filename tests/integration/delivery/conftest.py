"""A delivery, its outbox, and a channel that does as it is told."""

from collections.abc import Callable

import pytest

from bot.delivery import Delivery
from bot.metrics import Metrics
from bot.writer import Writer
from handlers.service import Service
from storage.db import Database
from storage.queries import outbox
from storage.queries.outbox import Waiting
from storage.vocabulary import OutboundState, Priority
from tests import builders
from tests.fakes.channel import FakeChannel
from tests.fakes.clock import FakeClock

ALL = list(OutboundState)


@pytest.fixture
def channel() -> FakeChannel:
    return FakeChannel()


@pytest.fixture
def make(writer: Writer, service: Service, clock: FakeClock) -> Callable[..., Delivery]:
    """Makes deliveries for these channels, as a start of the process does."""

    def make_one(*channels: FakeChannel, by: Writer = writer) -> Delivery:
        enclosures = builders.enclosures(by)
        return Delivery(by, service, {one.name: one for one in channels}, enclosures, clock, Metrics())

    return make_one


@pytest.fixture
def delivery(make: Callable[..., Delivery], channel: FakeChannel) -> Delivery:
    return make(channel)


@pytest.fixture
def say(database: Database, clock: FakeClock) -> Callable[..., None]:
    """Queues texts to one person."""

    def say_to(identifier: str, *texts: str, priority: Priority = Priority.DIRECT, **more: object) -> None:
        with database.writing() as uow:
            for one in texts:
                builders.queue(uow, identifier, one, priority=priority, now=clock.now(), **more)  # type: ignore[arg-type]

    return say_to


@pytest.fixture
def rows(database: Database) -> Callable[[], list[Waiting]]:
    """All there is in the outbox."""

    def read() -> list[Waiting]:
        with database.reading() as uow:
            return outbox.list_waiting(uow, ALL, 1000)

    return read
