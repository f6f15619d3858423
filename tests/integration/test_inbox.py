"""Messages are taken in once, whatever happens: committed, ended as repeats, or kept as failures."""

import asyncio
import dataclasses
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

import pytest
from sqlalchemy import event, select

from bot.delivery import Delivery
from bot.inbox import Inbox, Reception, retry_failure
from bot.metrics import Metrics
from bot.writer import StorageUnavailable, Writer
from handlers.service import Service
from storage.db import Database
from storage.queries import conversations, inbox, outbox
from storage.queries.inbox import INBOUND, Failure
from storage.vocabulary import Channel, OutboundState
from tests import builders
from tests.fakes import postgresql
from tests.fakes.channel import FakeChannel
from tests.fakes.clock import MONDAY, FakeClock


@dataclass
class Desk:
    """An inbox with all it needs, and what its metrics say."""

    inbox: Inbox
    database: Database
    metrics: Metrics
    wakes: list[int]

    def counted(self, outcome: str) -> float:
        value = self.metrics.registry.get_sample_value(
            "kanal_inbound_total", {"channel": "telegram", "outcome": outcome}
        )
        return value or 0

    def failures(self) -> list[Failure]:
        with self.database.reading() as uow:
            return inbox.list_failures(uow)

    def replies(self) -> int:
        with self.database.reading() as uow:
            return len(outbox.list_waiting(uow, list(OutboundState), 1000))

    def recorded(self) -> list[str]:
        with self.database.reading() as uow:
            return list(
                uow.connection.execute(select(INBOUND.c.external_id).order_by(INBOUND.c.id)).scalars()
            )


@pytest.fixture
def make(loaded: Database, service: Service, clock: FakeClock) -> Iterator[Callable[..., Desk]]:
    """Makes inboxes, each with a writer of its own, as processes have."""
    writers: list[Writer] = []

    def make_one(database: Database = loaded, service: Service = service) -> Desk:
        writers.append(Writer(database))
        writers[-1].start()
        metrics, wakes = Metrics(), list[int]()
        inbox_ = Inbox(writers[-1], service, clock, metrics, lambda: False, lambda **_: wakes.append(1))
        return Desk(inbox_, database, metrics, wakes)

    yield make_one
    for writer in writers:
        writer.stop()


@pytest.fixture
def desk(make: Callable[..., Desk]) -> Desk:
    return make()


def poisoned(service: Service) -> Service:
    """A service whose handlers raise on every message: what they need is not there."""
    return dataclasses.replace(service, knowledge=cast("object", None))  # type: ignore[arg-type]


async def test_a_message_is_recorded_and_answered_in_one_commit(desk: Desk) -> None:
    """Its id, its effects and the reply are there when `receive` returns; delivery is woken."""
    assert await desk.inbox.receive(builders.an_inbound(external_id="u1")) is Reception.HANDLED
    assert desk.recorded() == ["u1"]
    assert desk.replies() >= 1
    assert (desk.wakes, desk.counted("handled")) == ([1], 1)


async def test_a_repeat_ends_silently(desk: Desk) -> None:
    """The provider's second delivery of the same message changes nothing and is acknowledged."""
    await desk.inbox.receive(builders.an_inbound(external_id="u1"))
    before = desk.replies()
    assert await desk.inbox.receive(builders.an_inbound(external_id="u1")) is Reception.REPEATED
    assert (desk.replies(), desk.counted("repeated")) == (before, 1)


async def test_repeats_in_one_batch_are_handled_once(desk: Desk) -> None:
    """Also when all copies wait together."""
    outcomes = await asyncio.gather(
        *(desk.inbox.receive(builders.an_inbound(external_id="u1")) for _ in range(20))
    )
    assert sorted(outcomes) == [Reception.HANDLED] + [Reception.REPEATED] * 19


async def test_the_same_id_on_another_channel_is_another_message(desk: Desk) -> None:
    """Providers number on their own."""
    await desk.inbox.receive(builders.an_inbound(external_id="1"))
    other = builders.an_inbound("+628111", channel=Channel.SMS, external_id="1")
    assert await desk.inbox.receive(other) is Reception.HANDLED


async def test_a_handler_that_raises_leaves_the_message_whole(
    make: Callable[..., Desk], service: Service
) -> None:
    """It is kept with its traceback, the citizen is told once, and a repeat ends silently."""
    desk = make(service=poisoned(service))
    message = builders.an_inbound(text="lampu mati", external_id="u1")
    assert await desk.inbox.receive(message) is Reception.FAILED
    assert await desk.inbox.receive(message) is Reception.REPEATED
    (failure,) = desk.failures()
    assert "lampu mati" in failure.payload
    assert "Traceback" in failure.traceback
    assert (failure.error, failure.attempts) == ("AttributeError", 1)
    assert (desk.replies(), desk.counted("failed")) == (1, 1)


async def test_a_message_that_fails_does_not_stop_others(desk: Desk) -> None:
    """Good and bad ones wait together; each bad one fails alone."""
    with desk.database.writing() as uow:  # a conversation that cannot be read back
        contact = builders.a_contact(uow, "bad")
        conversations.save_progress(uow, contact, "not JSON", draft_touched_at=None, now=MONDAY)
    bad = builders.an_inbound("bad")
    good = [builders.an_inbound(str(number)) for number in range(20)]
    outcomes = await asyncio.gather(*(desk.inbox.receive(one) for one in [*good[:10], bad, *good[10:]]))
    assert outcomes.count(Reception.HANDLED) == 20
    assert outcomes[10] is Reception.FAILED
    assert len(desk.failures()) == 1


async def test_an_apology_that_fails_loses_nothing(make: Callable[..., Desk], service: Service) -> None:
    """What is wrong with the message may be wrong with the apology as well; it is kept all the same."""
    broken = dataclasses.replace(poisoned(service), deployment=cast("object", None))  # type: ignore[arg-type]
    desk = make(service=broken)
    assert await desk.inbox.receive(builders.an_inbound(external_id="u1")) is Reception.FAILED
    assert len(desk.failures()) == 1
    assert (desk.replies(), desk.recorded()) == (0, ["u1"])


@pytest.mark.parametrize("cut", ["\ud83d", "mati \udc00 lagi", "a\x00b"])
async def test_half_a_character_does_not_block_the_channel(desk: Desk, cut: str) -> None:
    """Handled or kept, but never raised to the provider, who would repeat it for ever."""
    outcome = await desk.inbox.receive(builders.an_inbound(text=cut))
    assert outcome in {Reception.HANDLED, Reception.FAILED}


async def test_a_kept_message_with_half_a_character_can_be_retried(
    make: Callable[..., Desk], service: Service
) -> None:
    """It is stored as something that can be read back."""
    desk = make(service=poisoned(service))
    assert await desk.inbox.receive(builders.an_inbound(text="mati \ud83d")) is Reception.FAILED
    (failure,) = desk.failures()
    with desk.database.writing() as uow:
        assert retry_failure(uow, service, failure, MONDAY) is None
    assert desk.failures() == []


async def test_a_retry_runs_the_message_again(make: Callable[..., Desk], service: Service) -> None:
    """Mended, the program handles what it had to put aside, once."""
    desk = make(service=poisoned(service))
    await desk.inbox.receive(builders.an_inbound())
    (failure,) = desk.failures()
    before = desk.replies()
    with desk.database.writing() as uow:
        assert retry_failure(uow, service, failure, MONDAY) is None
        assert retry_failure(uow, service, failure, MONDAY) is None
    assert desk.failures() == []
    assert desk.replies() > before
    after = desk.replies()
    with desk.database.writing() as uow:
        retry_failure(uow, service, failure, MONDAY)
    assert desk.replies() == after


async def test_a_retry_that_fails_again_is_noted(make: Callable[..., Desk], service: Service) -> None:
    """It stays in the list with one more attempt, and nothing of the attempt remains."""
    desk = make(service=poisoned(service))
    await desk.inbox.receive(builders.an_inbound())
    (failure,) = desk.failures()
    before = desk.replies()
    with desk.database.writing() as uow:
        assert retry_failure(uow, poisoned(service), failure, MONDAY + timedelta(days=1)) == "AttributeError"
    (again,) = desk.failures()
    assert (again.attempts, again.failed_at) == (2, MONDAY + timedelta(days=1))
    assert desk.replies() == before


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
async def test_an_outage_is_the_providers_to_repeat(
    make: Callable[..., Desk], loaded: Database, database_url: str, open_database: Callable[[str], Database]
) -> None:
    """Nothing is acknowledged that was not stored; afterwards it is taken in as if it were new."""
    desk = make(open_database(f"{database_url}?timeout=0.1"))
    other = sqlite3.connect(str(loaded.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    message = builders.an_inbound(external_id="u1")
    with pytest.raises(StorageUnavailable):
        await desk.inbox.receive(message)
    assert (desk.recorded(), desk.counted("unavailable"), desk.wakes) == ([], 1, [])
    other.execute("ROLLBACK")
    assert await desk.inbox.receive(message) is Reception.HANDLED
    other.close()


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
async def test_an_outage_while_a_failure_is_being_kept_is_the_providers_to_repeat(
    make: Callable[..., Desk], service: Service, postgresql_server: postgresql.Server
) -> None:
    """Between the failing handler and the note of it the database may go away."""
    desk = make(service=poisoned(service))
    name = str(desk.database.url.database)
    closed: list[int] = []

    def close_once(_connection: object) -> None:
        if not closed:
            closed.append(1)
            postgresql_server.close_to_all(name)

    event.listen(desk.database.engine, "rollback", close_once)
    message = builders.an_inbound(external_id="u1")
    with pytest.raises(StorageUnavailable):
        await desk.inbox.receive(message)
    postgresql_server.reopen(name)
    assert desk.recorded() == []
    assert await desk.inbox.receive(message) is Reception.FAILED
    assert len(desk.failures()) == 1


async def test_two_processes_take_one_message_in_once(
    make: Callable[..., Desk], desk: Desk, database_url: str, open_database: Callable[[str], Database]
) -> None:
    """A repeat may reach the other process while the first is still at it."""
    other = make(open_database(database_url))
    messages = [builders.an_inbound(str(number)) for number in range(30)]
    outcomes = await asyncio.gather(
        *(one.inbox.receive(message) for message in messages for one in (desk, other))
    )
    assert outcomes.count(Reception.HANDLED) == 30
    assert outcomes.count(Reception.REPEATED) == 30


async def test_two_processes_see_each_others_turns(
    make: Callable[..., Desk], desk: Desk, database_url: str, open_database: Callable[[str], Database]
) -> None:
    """Messages of one person that reach both at once are handled one after the other, on the newest state."""
    other = make(open_database(database_url))
    for _ in range(15):
        await asyncio.gather(
            *(
                one.inbox.receive(builders.an_inbound("1", "lampu jalan mati di depan SD 3"))
                for one in (desk, other)
            )
        )
    with desk.database.reading() as uow:
        contact = conversations.find_contact(uow, Channel.TELEGRAM, "1", lock=False)
    assert contact is not None
    assert len(desk.recorded()) == 30
    assert desk.failures() == []


async def test_a_message_needs_few_statements(
    desk: Desk, service: Service, clock: FakeClock, loaded: Database
) -> None:
    """From the provider's id to the settled reply: what is counted here is what each citizen costs."""
    channel = FakeChannel()
    writer = desk.inbox._writer
    delivery = Delivery(
        writer, service, {channel.name: channel}, builders.enclosures(writer), clock, Metrics()
    )
    for text_ in ("halo", "halo"):
        await desk.inbox.receive(builders.an_inbound("1", text_))
        await delivery.drain()
    statements: list[str] = []
    event.listen(
        loaded.engine, "before_cursor_execute", lambda *args: statements.append(str(args[2]).split("\n")[0])
    )
    await desk.inbox.receive(builders.an_inbound("1", "halo"))
    await delivery.run_once()
    # Each transaction, whatever number of messages it holds, begins with a look at who knows which data keys.
    counted = [one for one in statements if not one.startswith("BEGIN") and "check_sealed" not in one]
    assert len(counted) <= (9 if loaded.engine.dialect.name == "postgresql" else 8), "\n".join(counted)
