"""However a person's messages arrive, the report that is filed is the same."""

import asyncio
import itertools
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from bot.clock import Clock
from bot.inbox import Inbox
from bot.metrics import Metrics
from bot.writer import Writer
from handlers.conversation import progress as saved
from handlers.conversation.progress import Progress, Step
from handlers.loading import load_deployment
from handlers.messages import Address, Inbound, Location, Media
from handlers.service import Service
from storage import migrate
from storage.crypto import Vault, new_key
from storage.db import Database, UnitOfWork
from storage.models import Attachment, Report, table
from storage.queries import conversations
from storage.vocabulary import Channel, MediaKind
from tests.deployment import sekadau
from tests.fakes.clock import MONDAY, FakeClock

REPORT, ATTACHMENT = table(Report), table(Attachment)
T = TypeVar("T")
_people = itertools.count(7_000_000_001)

FIRST = "lampu jalan mati depan pasar sejak kemarin"
FINAL = f"{FIRST}, gelap sekali"
IN_MUNGGUK = Location(-0.01164, 110.91581)
#: what each question is answered with, once everything else has arrived
ANSWERS = {
    Step.POINT: "ya",
    Step.LANDMARK: "lewati",
    Step.PHOTOS: "lanjut",
    Step.PRIVACY: "1",
    Step.SUMMARY: "kirim",
}


class World:
    """The real inbox on a real database; one loop for all that is awaited."""

    def __init__(self, folder: Path) -> None:
        self.clock: Clock = FakeClock()
        self.database = Database(f"sqlite:///{folder / 'kanal.db'}", Vault([new_key()]))
        migrate.upgrade(self.database)
        with self.database.writing() as uow:
            load_deployment(uow, sekadau(), MONDAY)
        self.writer = Writer(self.database)
        self.writer.start()
        self.inbox = Inbox(
            self.writer, Service.of(sekadau()), self.clock, Metrics(), lambda: False, lambda **_: None
        )
        self.loop = asyncio.new_event_loop()

    def receive(self, inbound: Inbound) -> None:
        self.loop.run_until_complete(self.inbox.receive(inbound))

    def read(self, query: Callable[[UnitOfWork], T]) -> T:
        with self.database.reading() as uow:
            return query(uow)

    def close(self) -> None:
        self.writer.stop()
        self.loop.close()
        self.database.close()


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder))
        yield world
        world.close()


def a_message(who: str, number: int, **what: object) -> Inbound:
    plain = Inbound(Address(Channel.TELEGRAM, who), f"{who}-{number}", MONDAY, message_ref=f"m{number}")
    return replace(plain, **what)  # type: ignore[arg-type]


def told_by(who: str) -> list[Inbound]:
    """Everything a person sends: words, an album, a point, and a correction of the words."""
    photos = [(Media(MediaKind.PHOTO, f"photo-{n}", 1000, "album"),) for n in (1, 2)]
    return [
        a_message(who, 1, text=FIRST),
        a_message(who, 2, media=photos[0]),
        a_message(who, 3, media=photos[1]),
        a_message(who, 4, location=IN_MUNGGUK),
        a_message(who, 5, text=FINAL, is_edit=True, message_ref="m1"),
    ]


def progress_of(world: World, who: str) -> Progress:
    found = world.read(lambda uow: conversations.find_contact(uow, Channel.TELEGRAM, who, lock=False))
    assert found is not None
    return saved.load(found.progress or "{}")


def finish(world: World, who: str) -> None:
    """Answer what is still asked, until nothing is."""
    for number in range(100, 120):
        step = progress_of(world, who).step
        if step is None:
            return
        world.receive(a_message(who, number, text=ANSWERS[step]))
    raise AssertionError(f"never done: {progress_of(world, who)}")


def filed_by(world: World, who: str) -> list[tuple[object, ...]]:
    """Return what the reports of a person say: words, village, topic, day, files."""

    def query(uow: UnitOfWork) -> list[tuple[object, ...]]:
        contact = conversations.find_contact(uow, Channel.TELEGRAM, who, lock=False)
        assert contact is not None
        files = (
            select(func.count())
            .where(ATTACHMENT.c.report_id == REPORT.c.id)
            .correlate(REPORT)
            .scalar_subquery()
        )
        rows = uow.connection.execute(
            select(REPORT, files.label("files")).where(REPORT.c.reporter_id == contact.reporter_id)
        )
        return [
            (
                uow.vault.unseal(row.description_sealed),
                row.area_code,
                row.category_code,
                row.occurred_on,
                row.is_ongoing,
                row.files,
            )
            for row in rows
        ]

    return world.read(query)


@st.composite
def arrivals(draw: st.DrawFn) -> list[int]:
    """Positions of the messages in any order, some of them twice; even a correction may overtake what it corrects."""
    order = draw(st.permutations(range(5)))
    repeats = draw(st.lists(st.sampled_from(range(5)), max_size=4))
    for message in repeats:
        at = draw(st.integers(order.index(message) + 1, len(order)))
        order.insert(at, message)
    return order


@given(arrivals())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_filed_report_is_the_same(world: World, order: list[int]) -> None:
    """In whatever order messages arrive, however late or often, one report is filed, and always the same."""
    who = str(next(_people))
    told = told_by(who)
    for position in order:
        world.receive(told[position])
    finish(world, who)
    world.receive(told[order[-1]])  # once more, after everything is done
    expected = (FINAL, "61.09.01.2002", "LAMPU", MONDAY.date().replace(day=1), True, 2)
    assert filed_by(world, who) == [expected]
