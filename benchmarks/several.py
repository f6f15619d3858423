"""Several processes on one PostgreSQL: how soon a standby takes over, how soon one wakes another, what a message costs.

    .venv/bin/python -m benchmarks.several

Real processes, a real PostgreSQL that waits for its disk, a fake Telegram on the loopback address. Times of a shared
machine mean little by themselves: CPU seconds and what is compared within one run mean more. docs/scaling.md has the
figures of the last run.
"""

import asyncio
import os
import platform
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from importlib.metadata import version
from itertools import count
from pathlib import Path

import httpx

from tests.acceptance.program import KEY, Program, environment, prepare
from tests.fakes import postgresql
from tests.fakes.telegram.server import TOKEN, FakeTelegram

KILLS, TALKERS, FLOOD = 7, 150, 2000
SECRET, HEADER = "benchmark", "X-Telegram-Bot-Api-Secret-Token"
WHOLE = "jalan rusak depan SDN {} desa mungguk sejak kemarin, banyak lubang besar"
TICKS = os.sysconf("SC_CLK_TCK")


class Machine:
    """Programs on a database of their own, by role."""

    def __init__(self, server: postgresql.Server, folder: Path, fake: FakeTelegram, name: str) -> None:
        self.fake = fake
        self._folder = folder
        self._stack = AsyncExitStack()
        self._shared = {
            "DATABASE_URL": server.create(name),
            "DATA_KEYS": KEY,
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": fake.url,
            "TELEGRAM_WEBHOOK_SECRET": SECRET,
            "PUBLIC_URL": "http://127.0.0.1:9",  # nobody posts there: the benchmark itself does
        }
        prepare(environment(folder, **self._shared))

    async def start(self, role: str | None) -> Program:
        program = Program(self._folder, is_prepared=True, role=role, **self._shared)
        return await self._stack.enter_async_context(program)

    async def close(self) -> None:
        await self._stack.aclose()


_updates = count(1)


def update(chat_id: int, text: str) -> dict[str, object]:
    person = {"id": chat_id, "is_bot": False, "first_name": "Warga", "language_code": "id"}
    message = {
        "message_id": next(_updates),
        "date": int(time.time()),
        "chat": {"id": chat_id, "type": "private", "first_name": "Warga"},
        "from": person,
        "text": text,
    }
    return {"update_id": next(_updates), "message": message}


async def post(client: httpx.AsyncClient, web: Program, chat_id: int, text: str) -> None:
    answer = await client.post(
        f"{web.url}/telegram/webhook", json=update(chat_id, text), headers={HEADER: SECRET}
    )
    answer.raise_for_status()


async def take_overs(machine: Machine) -> list[float]:
    """Return the seconds from each SIGKILL of the sender until the standby is active."""
    sender = await machine.start("delivery")
    await sender.says("serving")
    taken = []
    for _ in range(KILLS):
        standby = await machine.start("delivery")
        await standby.says("standing_by")
        await sender.kill()
        killed_at = time.perf_counter()
        await standby.says("serving")
        taken.append(time.perf_counter() - killed_at)
        sender = standby
    return taken


async def replies(machine: Machine, web: Program, per_second: float = 10) -> list[float]:
    """Return the seconds from a webhook's being posted until its reply is at Telegram."""
    taken = []

    async def talk(client: httpx.AsyncClient, number: int) -> None:
        citizen = machine.fake.citizen()
        machine.fake.world.chats[citizen.chat_id].is_open = True
        started = time.perf_counter()
        await post(client, web, citizen.chat_id, WHOLE.format(number))
        await machine.fake.wait_for(lambda: citizen.heard, timeout=30)
        taken.append(time.perf_counter() - started)

    async with httpx.AsyncClient(trust_env=False, timeout=30) as client, asyncio.TaskGroup() as group:
        for number in range(TALKERS):
            group.create_task(talk(client, number))
            await asyncio.sleep(1 / per_second)
    return taken


async def flood(webs: Sequence[Program], first_chat: int) -> tuple[float, float]:
    """Return messages a second and CPU milliseconds of the web processes for each, with all they can take."""
    waiting = iter(range(FLOOD))
    pids = [web.pid for web in webs]
    before, started = sum(map(cpu_of, pids)), time.perf_counter()

    async def sender(client: httpx.AsyncClient) -> None:
        for number in waiting:
            await post(client, webs[number % len(webs)], first_chat + number, WHOLE.format(number))

    async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
        await asyncio.gather(*(sender(client) for _ in range(48)))
    seconds = time.perf_counter() - started
    return FLOOD / seconds, (sum(map(cpu_of, pids)) - before) / FLOOD * 1000


def cpu_of(pid: int, *, with_ended_children: bool = False) -> float:
    """Return the CPU seconds that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11 : 15 if with_ended_children else 13])) / TICKS


def cpu_of_postgresql() -> float:
    """Return the CPU seconds of the server, children that have ended included."""
    found = 0.0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if (folder / "comm").read_text().strip() == "postgres":
                found += cpu_of(int(folder.name), with_ended_children=True)
        except OSError:  # gone meanwhile
            continue
    return found


def told(name: str, seconds: Sequence[float]) -> None:
    ordered = sorted(seconds)
    p99 = ordered[int(len(ordered) * 0.99)]
    print(
        f"{name:<44} median {statistics.median(ordered):6.3f} s   p99 {p99:6.3f} s   most {ordered[-1]:6.3f} s",
        flush=True,
    )


@asynccontextmanager
async def machine_of(server: postgresql.Server, name: str) -> AsyncIterator[Machine]:
    with tempfile.TemporaryDirectory() as folder:
        async with FakeTelegram() as fake:
            machine = Machine(server, Path(folder), fake, name)
            try:
                yield machine
            finally:
                await machine.close()


async def main(server: postgresql.Server) -> None:
    async with machine_of(server, "killed") as machine:
        told("sender killed → standby serves", await take_overs(machine))
    async with machine_of(server, "one") as machine:
        program = await machine.start(None)
        await program.says("serving")
        told("reply, one process", await replies(machine, program))
    async with machine_of(server, "split") as machine:
        web, sender = await machine.start("web"), await machine.start("delivery")
        await sender.says("serving")
        told("reply, web and delivery apart", await replies(machine, web))
        await sender.kill()
        for webs in ([web], [web, await machine.start("web")]):
            before = cpu_of_postgresql()
            rate, cost = await flood(webs, 800_000_000 + len(webs) * FLOOD)
            server_cost = (cpu_of_postgresql() - before) / FLOOD * 1000
            print(
                f"flood, {len(webs)} web: {rate:5.0f} messages/s, {cost:.2f} ms CPU each in web, "
                f"{server_cost:.2f} ms in PostgreSQL",
                flush=True,
            )


if __name__ == "__main__":
    print(
        f"{time.strftime('%Y-%m-%d')}, Python {platform.python_version()}, {os.cpu_count()} cores, "
        f"load {os.getloadavg()[0]:.1f}, psycopg {version('psycopg')}, pgserver {version('pgserver')}",
        flush=True,
    )
    postgresql.FAST = ()  # the disk counts here
    with postgresql.serving() as postgres:
        asyncio.run(main(postgres))
