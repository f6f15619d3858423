"""Several processes on one PostgreSQL, as docs/scaling.md says: two of each role behind a balancer."""

import asyncio
import shutil
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import select

from storage import migrate
from storage.models import Address, Outbound, table
from tests.acceptance.program import KEY, START_SECONDS, Program, database_of, environment, prepare
from tests.fakes import postgresql
from tests.fakes.balancer import balancing
from tests.fakes.telegram.citizen import Citizen
from tests.fakes.telegram.server import TOKEN, FakeTelegram

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(180)]

ROLES = ("web", "delivery", "scheduler")
#: within which a standby must have taken over from one that was killed
TAKE_OVER_SECONDS = 15.0
#: within which a program must have ended that is told to
STOP_SECONDS = 10.0
CROWD = 12
TALK = (
    ("jalan rusak depan SDN {} desa mungguk sejak kemarin, banyak lubang besar", "Ada foto?"),
    ("lewati", "Siapa yang boleh tahu"),
    ("1", "Kirim laporan ini?"),
    ("ya", "Nomornya:"),
)


@dataclass(frozen=True)
class City:
    fake: FakeTelegram
    #: two of each role
    programs: dict[str, list[Program]]

    async def active(self, role: str) -> tuple[Program, Program]:
        """Return the one that works and the one that stands by."""
        one, other = self.programs[role]
        is_one = await one.metric(f'kanal_active{{role="{role}"}}')
        is_other = await other.metric(f'kanal_active{{role="{role}"}}')
        assert is_one + is_other == 1
        return (one, other) if is_one else (other, one)

    async def crowd(self) -> list[Citizen]:
        """Let people report, all at once, each with a question left to answer when the last one has."""
        people = [self.fake.citizen() for _ in range(CROWD)]
        await asyncio.gather(*(self._reports(one, number) for number, one in enumerate(people)))
        return people

    async def _reports(self, citizen: Citizen, number: int) -> None:
        for said, heard in TALK:
            citizen.says(said.format(number))
            await self.fake.wait_for(
                lambda heard=heard: any(heard in one for one in citizen.heard),  # type: ignore[misc]
                timeout=60,
            )

    async def sent(self, count: int) -> None:
        """Return once so many more messages have left."""
        until = len(self.fake.calls_of("sendMessage")) + count
        await self.fake.wait_for(lambda: len(self.fake.calls_of("sendMessage")) >= until, timeout=60)

    def check_books(self, people: Sequence[Citizen], *, perhaps_twice: int = 0) -> None:
        """Every reply has left in the order it was queued, once, but for those that a kill caught on their way."""
        queued = self._provider_ids()
        assert all(len(one.heard) >= len(TALK) for one in people)
        assert self.fake.limits.refused == 0
        repeats = 0
        for one in people:
            seen = [message.message_id for message in one.messages]
            noted = queued[str(one.chat_id)]
            assert noted == sorted(noted)
            assert {*noted} <= {*seen}
            repeats += len(seen) - len(noted)
        assert 0 <= repeats <= perhaps_twice

    def _provider_ids(self) -> dict[str, list[int]]:
        outbound, address = table(Outbound), table(Address)
        query = (
            select(address.c.identifier_sealed, outbound.c.provider_id, outbound.c.state)
            .join(address, address.c.id == outbound.c.address_id)
            .order_by(outbound.c.id)
        )
        found = defaultdict(list)
        with database_of(self.programs["web"][0].env) as database, database.reading() as uow:
            for row in uow.connection.execute(query):
                assert row.state == "sent"
                found[uow.vault.unseal(row.identifier_sealed)].append(int(row.provider_id))
        return found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def city(
    postgresql_server: postgresql.Server, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[City]:
    """Two of each role; nobody shows a traceback, and all end well."""
    folder = tmp_path_factory.mktemp("several")
    name = "kanal_several"
    servers: list[str] = []
    async with AsyncExitStack() as stack:
        url = postgresql_server.create(name)
        stack.callback(postgresql_server.drop, name)
        fake = await stack.enter_async_context(FakeTelegram(has_limits=True, webhook_retry_seconds=0.2))
        shared = {
            "DATABASE_URL": url,
            "DATA_KEYS": KEY,
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": fake.url,
            "PUBLIC_URL": await stack.enter_async_context(balancing(servers)),
        }
        prepare(environment(folder, **shared))
        programs = {
            role: [Program(folder, is_prepared=True, role=role, **shared) for _ in range(2)] for role in ROLES
        }
        servers += [program.url for program in programs["web"]]
        everyone = [program for pair in programs.values() for program in pair]
        await asyncio.gather(*(stack.enter_async_context(program) for program in everyone))
        await fake.wait_for(lambda: fake.webhook, timeout=30)
        yield City(fake, programs)
        assert await asyncio.gather(*(program.stop(START_SECONDS) for program in everyone)) == [0] * 6
        assert not any("Traceback" in program.output for program in everyone)


async def test_who_stands_by_takes_over_from_who_is_killed(city: City) -> None:
    """Delivery and clock are killed while people talk: both go on at once, and no limit is exceeded."""
    (sender, next_sender), (clock, next_clock) = await city.active("delivery"), await city.active("scheduler")
    marks = len(next_sender.output), len(next_clock.output)
    talk = asyncio.create_task(city.crowd())
    await city.sent(CROWD)
    await asyncio.gather(sender.kill(), clock.kill())
    ((under_way,),) = next_sender.rows("SELECT count(*) FROM outbound WHERE state = 'leased'")
    async with asyncio.timeout(TAKE_OVER_SECONDS):
        await asyncio.gather(
            city.sent(1), next_sender.says("active", marks[0]), next_clock.says("active", marks[1])
        )
    people = await talk
    city.check_books(people, perhaps_twice=under_way)
    handled = 'kanal_inbound_total{channel="telegram",outcome="handled"}'
    assert all([await web.metric(handled) > 0 for web in city.programs["web"]])
    assert not city.fake.calls_of("getUpdates")
    await sender.start()


#: what a later release may bring
LATER = """
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "9999", "{head}", None, None


def upgrade() -> None:
    op.add_column("outbound", sa.Column("later", sa.String()))
    op.add_column("conversation", sa.Column("later", sa.Integer(), nullable=False, server_default="0"))
    op.create_index("ix_outbound_later", "outbound", ["later"])
    op.create_table("later", sa.Column("id", sa.Integer(), primary_key=True))
"""


@pytest.fixture
def later_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`migrate` is that of a later release, for this process alone."""
    folder = tmp_path / "migrations"
    shutil.copytree(migrate.FOLDER, folder)
    (folder / "versions" / "9999_later.py").write_text(LATER.format(head=migrate.head()))
    monkeypatch.setattr(migrate, "FOLDER", folder)


@pytest.mark.usefixtures("later_release")
async def test_rolling_upgrade_while_people_talk(city: City) -> None:
    """The schema grows, a web and the sender end by SIGTERM and come again: every reply leaves once.

    But for one: Telegram does not answer, and the sender must not wait for it.
    """
    (sender, _), web = await city.active("delivery"), city.programs["web"][0]
    talk = asyncio.create_task(city.crowd())
    await city.sent(CROWD)
    with database_of(web.env) as database:
        await asyncio.to_thread(migrate.upgrade, database)
    await city.sent(CROWD)
    stuck = city.fake.faults.hold_next("sendMessage")
    await stuck.reached()
    ended = await asyncio.gather(sender.stop(STOP_SECONDS), web.stop(STOP_SECONDS))
    assert [*ended] == [0, 0]
    await asyncio.gather(sender.start(), web.start())
    city.check_books(await talk, perhaps_twice=1)
    assert "database_is_newer" in web.output
