"""A town with real programs, its providers, and the people in it."""

import asyncio
import random
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path

import pytest

from bot.deployment_file import read_deployment
from bot.files import LEASE
from handlers.loading import load_deployment
from handlers.service import Service
from storage import migrate
from tests.acceptance.program import KEY, Process, Program, database_of, environment
from tests.deployment import SEKADAU
from tests.fakes import postgresql
from tests.fakes.balancer import balancing
from tests.fakes.clock import MONDAY
from tests.fakes.smsgate.server import FakeSmsGate
from tests.fakes.telegram.citizen import Citizen
from tests.fakes.telegram.server import TOKEN, FakeTelegram
from tests.fakes.twilio.server import FakeTwilio
from tests.person import Person as Draft
from tests.torture.nursery import Nursery, nursery
from tests.torture.people import GUESSES, Person, by_sms, on_telegram, story_of
from tests.torture.plan import Way
from tests.torture.traps import Point, Trap
from tests.torture.watch import Watch

#: of each role, where there are several
ROLES = {"web": 3, "delivery": 2, "scheduler": 2}
#: the machine may have others to serve
PATIENCE_SECONDS = 300.0
#: a provider goes on for longer than a program takes to start again
RETRY_SECONDS = 6.0
DISK_BYTES = 16 * 1024 * 1024
QUIET = "quiet_hours: {start: 20:00, end: 07:00}"
#: long enough ago to be recalled, and how many there are
LEFT_ALONE, SLEEPERS = timedelta(minutes=40), 3
#: how many of those on Telegram have a picture
PHOTOS = 0.3
#: one of so many cannot wait for answers
HASTY = 12
REPORTS = ("sms:sent", "sms:delivered"), ("sent", "delivered")
DATABASE = "kanal_torture"
#: what a command says that found the database locked for seconds, as on a busy machine, and how often it is run
TRY_AGAIN, TRIES = "stop that, or try again", 3


class Resident(Program):
    """`kanal run`, which starts in a moment."""

    def __init__(self, nursery: Nursery, folder: Path, role: str | None, **settings: str) -> None:
        super().__init__(folder, is_prepared=True, role=role, **settings)
        self._nursery = nursery

    async def _launch(self, *arguments: str) -> Process:
        return await self._nursery.start(arguments, self.env, self._folder)


@dataclass
class Town:
    way: Way
    folder: Path
    nursery: Nursery
    watch: Watch
    trap: Trap
    telegram: FakeTelegram
    sms: FakeTwilio | FakeSmsGate | None
    server: postgresql.Server | None
    env: dict[str, str]
    #: by role; one alone does everything
    programs: dict[str, list[Program]]
    people: list[Person] = field(default_factory=list)
    #: those of this round
    present: list[Person] = field(default_factory=list)
    #: who began a report long ago and left it
    sleepers: list[Citizen] = field(default_factory=list)
    #: when something was killed, as the providers' clocks have it
    killed_at: list[float] = field(default_factory=list)
    #: where traps sprang
    sprung: list[Point] = field(default_factory=list)
    #: whether those who left a report must have been reminded of it
    is_recall_due: bool = False

    @property
    def everyone(self) -> list[Program]:
        return [*chain.from_iterable(self.programs.values())]

    @property
    def dead(self) -> list[Program]:
        return [program for program in self.everyone if program.has_died]

    @property
    def is_served(self) -> bool:
        return all(person.is_served for person in self.present)

    @property
    def requests(self) -> int:
        """How many requests there were, to Telegram and from it."""
        return len(self.telegram.calls) + self.telegram.world.posted

    async def until(self, condition: Callable[[], object]) -> None:
        """Return once `condition` holds; meanwhile people do what they have to do."""

        def goes_on() -> bool:
            for person in self.present:
                person.act()
            return bool(condition())

        await self.telegram.wait_for(goes_on, PATIENCE_SECONDS)

    def begin(self) -> None:
        """Begin a round: whoever came before has gone home."""
        self.present = []
        self.is_recall_due = False

    def arrive(self, draw: random.Random) -> None:
        """Let two more people come: at times one has a picture, or no Telegram."""
        self.arrive_one(draw, has_photo=draw.random() < PHOTOS)
        self.arrive_one(draw, is_by_sms=self.sms is not None and draw.random() < 0.5)

    def arrive_one(self, draw: random.Random, *, has_photo: bool = False, is_by_sms: bool = False) -> Person:
        index = len(self.people)
        if is_by_sms and self.sms is not None:
            person = by_sms(self.sms.phone(), index)
        else:
            citizen = self.telegram.citizen()
            person = on_telegram(
                citizen,
                self.telegram.world,
                index,
                draw,
                has_photo=has_photo,
                guesses=GUESSES if index % HASTY == HASTY // 2 else (),
            )
        self.people.append(person)
        self.present.append(person)
        return person

    async def until_kept(self) -> None:
        """Return once all pictures have been fetched and kept, or somebody has died of it."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not self.dead and self._open_files():
                self.watch.skip(LEASE)  # it may be of somebody who was killed
                await asyncio.sleep(1)

    def _open_files(self) -> int:
        ((count,),) = self.everyone[0].rows("SELECT count(*) FROM attachment WHERE due_at IS NOT NULL")
        return int(count)

    def leave_alone(self) -> None:
        """Let some have begun a report a while ago, with nothing heard of it since."""
        service = Service.of(read_deployment(Path(self.env["DEPLOYMENT"])))
        before = self.watch.now() - LEFT_ALONE
        with database_of(self.env) as database:
            for _ in range(SLEEPERS):
                citizen = self.telegram.citizen()
                self.telegram.world.chats[citizen.chat_id].is_open = True
                self.sleepers.append(citizen)
                left = Draft(database, service, str(citizen.chat_id), now=before)
                left.says(story_of(9000 + len(self.sleepers)))

    async def kanal(self, *arguments: str) -> tuple[int, str]:
        """Run a command beside the programs, again where it says so; returns exit code and what it wrote."""
        for _ in range(TRIES):
            code, said = await self.nursery.kanal(arguments, self.env, self.folder)
            if TRY_AGAIN not in said:
                break
        return code, said

    async def kill(self, *programs: Program) -> None:
        """Kill, and start again."""
        self.killed_at.append(self.watch.now().timestamp())
        await asyncio.gather(*(program.kill() for program in programs))
        await asyncio.gather(*(program.start() for program in programs))

    async def revive(self) -> None:
        """Start again who has died."""
        await self.until(lambda: self.dead)
        await self.kill(*self.dead)

    def of_role(self, role: str) -> list[Program]:
        """Return those that do what this role does."""
        return self.programs.get(role) or self.everyone


@asynccontextmanager
async def town_of(
    way: Way, folder: Path, server: Callable[[], postgresql.Server] | None = None
) -> AsyncIterator[Town]:
    """A town as long as the block lasts; at the end all programs stop well, and none has shown a traceback."""
    async with AsyncExitStack() as stack:
        clock = Watch(folder / "watch")
        telegram = await stack.enter_async_context(
            FakeTelegram(has_limits=True, webhook_retry_seconds=0.2, clock=clock.now)
        )
        env = environment(
            folder,
            DATA_KEYS=KEY,
            DEPLOYMENT=str(_deployment(folder)),
            TELEGRAM_BOT_TOKEN=TOKEN,
            TELEGRAM_API_URL=telegram.url,
        )
        sms = await _sms(stack, way, telegram, clock, env)
        if way is Way.SMALL_DISK:
            env["DATABASE_URL"] = f"sqlite:///{stack.enter_context(small_disk(folder))}/kanal.db"
        postgres = server() if server and way in {Way.POSTGRESQL, Way.SEVERAL} else None
        if postgres is not None:
            env["DATABASE_URL"] = postgres.create(DATABASE)
            stack.callback(postgres.drop, DATABASE)
        _prepare(env)
        servers: list[str] = []
        if way is Way.SEVERAL:
            env["PUBLIC_URL"] = await stack.enter_async_context(balancing(servers))
        trap = Trap(folder / "trap")
        children = await stack.enter_async_context(
            nursery(folder / "trap", folder / "watch", telegram.world.changed.notify)
        )
        programs = _programs(way, folder, children, env)
        servers += [program.url for program in programs.get("web", [])]
        town = Town(way, folder, children, clock, trap, telegram, sms, postgres, env, programs)
        await asyncio.gather(*(stack.enter_async_context(program) for program in town.everyone))
        if way is not Way.POLLING:
            await telegram.wait_for(lambda: telegram.webhook, PATIENCE_SECONDS)
        yield town
        assert not any("Traceback" in program.output for program in town.everyone)


def _programs(way: Way, folder: Path, children: Nursery, env: dict[str, str]) -> dict[str, list[Program]]:
    if way is Way.SEVERAL:
        return {
            role: [Resident(children, folder, role, **env) for _ in range(count)]
            for role, count in ROLES.items()
        }
    program = Resident(children, folder, None, **env)
    if way is not Way.POLLING:
        env["PUBLIC_URL"] = program.env["PUBLIC_URL"] = program.url
    return {"": [program]}


async def _sms(
    stack: AsyncExitStack, way: Way, telegram: FakeTelegram, clock: Watch, env: dict[str, str]
) -> FakeTwilio | FakeSmsGate | None:
    """Start the SMS provider, if there is one, and set it in the environment."""
    if way is Way.TWILIO:
        twilio = await stack.enter_async_context(
            FakeTwilio(clock=clock.now, auto_reports=REPORTS[1], retry_seconds=RETRY_SECONDS)
        )
        telegram.world.changed = twilio.world.changed  # one waits for both
        env |= {
            "SMS_PROVIDER": "twilio",
            "TWILIO_ACCOUNT_SID": twilio.account_sid,
            "TWILIO_AUTH_TOKEN": twilio.auth_token,
            "TWILIO_FROM": twilio.sender,
            "TWILIO_API_URL": twilio.url,
        }
        return twilio
    if way is Way.GATEWAY:
        gate = await stack.enter_async_context(
            FakeSmsGate(
                clock=clock.now,
                changed=telegram.world.changed,
                retry_seconds=RETRY_SECONDS,
                auto_reports=REPORTS[0],
            )
        )
        env |= {
            "SMS_PROVIDER": "smsgate",
            "SMSGATE_URL": gate.url,
            "SMSGATE_USERNAME": gate.username,
            "SMSGATE_PASSWORD": gate.password,
            "SMSGATE_WEBHOOK_KEY": gate.webhook_key,
        }
        return gate
    return None


def _deployment(folder: Path) -> Path:
    """Write the reference deployment with quiet hours far from now: reminders leave at whatever hour this runs."""
    file = folder / "town.yaml"
    far = datetime.now(UTC) + timedelta(hours=7 + 12)  # there it is WIB
    if far.hour in {7, 8}:  # near the digest's time, which must not be a quiet one
        far += timedelta(hours=2)
    quiet = f"quiet_hours: {{start: {far:%H:%M}, end: {far + timedelta(minutes=5):%H:%M}}}"
    whole = SEKADAU.read_text(encoding="utf-8")
    assert QUIET in whole
    file.write_text(whole.replace(QUIET, quiet), encoding="utf-8")
    (folder / "sekadau").symlink_to(SEKADAU.with_suffix(""))  # the tables it names
    return file


def _prepare(env: dict[str, str]) -> None:
    """Do what `kanal migrate` and `kanal setup` do, without a process for each."""
    with database_of(env) as database:
        migrate.upgrade(database)
        with database.writing() as uow:
            load_deployment(uow, read_deployment(Path(env["DEPLOYMENT"])), MONDAY)


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A file system of a few megabytes. Skips where this user may not mount one."""
    place = folder / "disk"
    place.mkdir()
    mounting = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(place)],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounting.returncode:
        pytest.skip(f"a small disk needs the right to mount: {mounting.stderr.strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)
