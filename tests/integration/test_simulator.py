"""The simulator's world: what stands on its screens, its clock, and what becomes of it between two starts."""

import html
import itertools
import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from starlette.requests import Request

from bot.channels.base import FetchError, OutFile, SendError
from bot.channels.simulator import deeds
from bot.channels.simulator.channel import SimulatedSms, SimulatedTelegram
from bot.channels.simulator.clock import next_deadline, next_working_morning, stops
from bot.channels.simulator.screens import Bubble, Person, Screens
from bot.channels.simulator.world import RENEWED, Simulator
from bot.opening import CannotStart
from bot.web.pages import Pages
from bot.web.simulator.views import View
from handlers.messages import Address, Choice, Reply
from handlers.service import Service
from storage.vocabulary import Channel
from tests.deployment import sekadau
from tests.fakes.clock import FakeClock

WHOLE = "jalan berlubang besar depan SDN 1 ds mungguk sejak kemarin, anak2 sering jatuh"
ROOT = "http://127.0.0.1:8080/simulator"


@pytest.fixture(scope="module")
def service() -> Service:
    return Service.of(sekadau())


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def made(tmp_path_factory: pytest.TempPathFactory, service: Service) -> Path:
    """The folder of a simulator that nobody has played with."""
    folder = tmp_path_factory.mktemp("template") / "simulator"
    one = Simulator(folder, service, ROOT)
    await one.world()
    await one.stop()
    return folder


@pytest_asyncio.fixture
async def opened(tmp_path: Path, made: Path, service: Service) -> AsyncIterator[Callable[[], Simulator]]:
    """Opens the simulator of one folder, again and again."""
    shutil.copytree(made, tmp_path / "simulator")
    opened_so_far: list[Simulator] = []

    def open_one() -> Simulator:
        opened_so_far.append(Simulator(tmp_path / "simulator", service, ROOT))
        return opened_so_far[-1]

    yield open_one
    for one in opened_so_far:
        await one.stop()


@pytest.fixture
def screens(tmp_path: Path) -> Iterator[Screens]:
    with Screens.opened(tmp_path / "screens.db") as one:
        yield one


@pytest.fixture
def person(screens: Screens) -> Person:
    return screens.add_person(Channel.TELEGRAM)


def shown(screens: Screens, person: Person) -> list[Bubble]:
    return screens.list_bubbles(person.id, 50)


# --- the rules of the wires ---


async def test_a_repeat_of_an_attempt_shows_nothing_new(
    screens: Screens, person: Person, clock: FakeClock
) -> None:
    """A message that left before we could note it leaves once: its key says that it is the same."""
    channel = SimulatedTelegram(screens, clock)
    first = await channel.send(person.address, Reply("Halo", "Halo"), key="7")
    again = await channel.send(person.address, Reply("Halo", "Halo"), key="7")
    assert first == again
    assert [one.text for one in shown(screens, person)] == ["Halo"]


async def test_lengths_captions_and_albums_are_telegrams(
    screens: Screens, person: Person, clock: FakeClock
) -> None:
    """A long text comes in parts, its buttons under the last; one picture has its text under it, two are an album."""
    channel = SimulatedTelegram(screens, clock)
    picture = OutFile("foto-1.jpg", "image/jpeg", b"x")
    long = Reply("kata " * 1000, "-", choices=(Choice("Ya", "yes"),), question="1")
    await channel.send(person.address, long)
    first, second = shown(screens, person)
    assert len(first.text) <= 4096
    assert not first.keyboard
    assert second.keyboard == [[{"text": "Ya", "callback_data": "1:yes"}]]
    await channel.send(person.address, Reply("satu", "-"), files=[picture])
    await channel.send(person.address, Reply("dua", "-"), files=[picture, picture])
    assert [(one.text, len(one.items)) for one in shown(screens, person)[2:]] == [
        ("satu", 1),
        ("", 2),
        ("dua", 0),
    ]


async def test_a_reply_takes_the_place_of_an_earlier_one_where_telegram_lets_it(
    screens: Screens, person: Person, clock: FakeClock
) -> None:
    """In the same chat, one of ours, without a keyboard in place of the phone's."""
    channel = SimulatedTelegram(screens, clock)
    other = screens.add_person(Channel.TELEGRAM)
    number = (await channel.send(person.address, Reply("satu", "-"))).provider_id
    assert (await channel.send(person.address, Reply("dua", "-", replaces=number))).provider_id == number
    await channel.send(person.address, Reply("tiga", "-", replaces=number, location_label="Lokasi saya"))
    await channel.send(other.address, Reply("empat", "-", replaces=number))
    assert [(one.text, one.is_edited) for one in shown(screens, person)] == [("dua", True), ("tiga", False)]
    assert [one.text for one in shown(screens, other)] == ["empat"]
    asked = screens.find_person(person.id)
    assert asked is not None
    assert asked.keyboard == [[{"text": "Lokasi saya", "request_location": True}]]
    await channel.send(person.address, Reply("lima", "-"))
    answered = screens.find_person(person.id)
    assert answered is not None
    assert not answered.keyboard


async def test_an_sms_is_plain_and_counted(screens: Screens, clock: FakeClock) -> None:
    """GSM-7 in at most three parts, as it leaves on the real wire."""
    person, channel = screens.add_person(Channel.SMS), SimulatedSms(screens, clock)
    sent = await channel.send(person.address, Reply("-", "“Sudah” – 🙂 " + "x" * 160))
    (bubble,) = shown(screens, person)
    assert (sent.parts, bubble.parts) == (2, 2)
    assert bubble.text.startswith('"Sudah" - x')
    with pytest.raises(SendError):
        await channel.send(person.address, Reply("-", "x" * 500))
    with pytest.raises(SendError):
        await channel.send(Address(Channel.SMS, "+62812"), Reply("-", "Halo"))


async def test_files_are_fetched_by_their_number(screens: Screens, person: Person, clock: FakeClock) -> None:
    """Too large ones are refused as the real wires refuse them."""
    deeds.write(screens, person, clock.now(), files=[("a.jpg", "image/jpeg", b"abc")])
    ((_, inbound),) = screens.list_waiting()
    ref, channel = inbound.media[0].ref, SimulatedTelegram(screens, clock)
    assert await channel.fetch(ref, 3) == b"abc"
    for wanted, limit in ((ref, 2), ("99", 9)):
        with pytest.raises(FetchError):
            await channel.fetch(wanted, limit)


# --- between two starts ---


async def test_what_was_sent_while_the_program_went_down_is_handled_at_the_next_start(
    opened: Callable[[], Simulator],
) -> None:
    """As Telegram keeps updates until they are acknowledged; one that comes twice acts once."""
    first = opened()
    world = await first.world()
    citizen = world.screens.people()[0]
    deeds.write(world.screens, citizen, world.clock.now(), text=WHOLE)
    ((_, inbound),) = world.screens.list_waiting()
    await world.machine.inbox.receive(inbound)  # and before the acknowledgement we are killed
    await first.stop()
    world = await opened().world()
    assert [one.is_own for one in shown(world.screens, citizen)] == [True, False]
    assert not world.screens.list_waiting()


async def test_the_clock_stays_where_it_was_moved_to(
    opened: Callable[[], Simulator], service: Service
) -> None:
    """Also over a restart; starting over takes it back to now."""
    first = opened()
    world = await first.world()
    morning = next_working_morning(service.calendar, world.local_now)
    await world.move(morning)
    await first.stop()
    second = opened()
    world = await second.world()
    assert timedelta() <= world.local_now - morning < timedelta(minutes=5)
    await second.begin_anew()
    world = await second.world()
    assert world.local_now < morning
    assert world.screens.fact(RENEWED) is None


@pytest.mark.parametrize(
    ("file", "statement"),
    [
        ("kanal.db", "UPDATE alembic_version SET version_num = '9999'"),
        ("screens.db", "PRAGMA user_version = 99"),
        ("screens.db", "DELETE FROM fact WHERE name = 'seeded'"),
        ("kanal.db", ""),
        ("screens.db", ""),
        ("data_keys", ""),
    ],
)
async def test_what_does_not_fit_any_more_is_begun_anew_and_the_page_says_so(
    opened: Callable[[], Simulator], tmp_path: Path, file: str, statement: str
) -> None:
    """A newer database, another form, halves, files that are none, a lost key."""
    path = tmp_path / "simulator" / file
    if statement:
        with sqlite3.connect(path) as connection:
            connection.execute(statement)
        connection.close()
    elif file == "data_keys":
        path.unlink()
    else:
        path.write_bytes(b"no database at all, " * 100)
    world = await opened().world()
    assert world.screens.fact(RENEWED)
    assert len(world.screens.people()) == 5


async def test_two_programs_never_share_a_simulator(opened: Callable[[], Simulator]) -> None:
    """The second one says why it cannot; the first goes on."""
    await opened().world()
    with pytest.raises(CannotStart, match="stop it first"):
        await opened().world()


# --- the clock ---


async def test_at_night_the_page_says_when_officers_hear_of_it(
    opened: Callable[[], Simulator], service: Service
) -> None:
    """Their news waits for the morning, so an empty column is no fault; by day nothing is said."""
    world = await opened().world()
    request = Request(
        {"type": "http", "method": "GET", "path": "/", "query_string": b"lang=id", "headers": []}
    )
    view = View(Pages(service, "/simulator"), request, world)
    world.clock.jump(next_working_morning(service.calendar, world.local_now))
    assert "night" not in view.clock()
    world.clock.jump(world.local_now.replace(hour=2, minute=9) + timedelta(days=1))
    morning = world.local_now.replace(hour=8, minute=0)
    assert f"Malam: petugas dikabari {view._when(morning)}." in html.unescape(view.clock())


def test_the_clock_stops_each_half_hour_of_a_day_and_each_morning_of_a_month(service: Service) -> None:
    """However far it goes it stops a bounded number of times, and at eight every day."""
    since = datetime(2026, 3, 2, 9, 5, tzinfo=service.deployment.zone)
    day = list(stops(since, since + timedelta(hours=20)))
    assert day[0].minute == 30
    assert {b - a for a, b in itertools.pairwise(day[:-1])} == {timedelta(minutes=30)}
    month = list(stops(since, since + timedelta(days=20)))
    assert len(month) < 130
    assert sum(one.hour == 8 and one.minute == 0 for one in month) == 20
    assert list(stops(since, since)) == []


def test_the_next_deadline_is_the_last_day_and_then_the_morning_after(service: Service) -> None:
    """So that one press shows the reminder and another what comes of missing it; weekends lie between."""
    zone = service.deployment.zone
    friday = datetime(2026, 3, 6, 9, 5, tzinfo=zone)
    assert next_deadline(service.calendar, [friday.date()], friday) == datetime(2026, 3, 9, 8, 5, tzinfo=zone)
    thursday = friday - timedelta(days=1)
    assert next_deadline(service.calendar, [friday.date()], thursday) == friday - timedelta(hours=1)
    assert next_deadline(service.calendar, [], friday) is None
