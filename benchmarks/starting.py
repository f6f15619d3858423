"""How long it takes to start, and how much memory is held then and after many messages.

    .venv/bin/python -m benchmarks.starting

From the start of the process until /health/ready answers, the files in the system's cache. Memory is what is resident,
libraries that other processes share included.
"""

import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from subprocess import DEVNULL, run

from benchmarks import contestants, machine
from benchmarks.citizens import Telegram, Town
from bot.roles import Role
from storage.crypto import new_key
from tests.fakes import postgresql

STARTS = 5
#: several processes on one database
KEYS = {"DATA_KEYS": new_key()}
#: how many are written, and a second
MESSAGES, PER_SECOND = 10_000, 100
#: by then all is done that is done at a start
SETTLED_SECONDS = 2.0
#: what an operator waits for
COMMANDS = ("--help", "outbox list", "jobs list")


async def measure() -> AsyncIterator[str]:
    """Yield the lines of the section."""
    os.sched_setaffinity(0, machine.cores()[1])
    yield f"Medians of {STARTS}; load of the machine before: {os.getloadavg()[0]:.1f}.\n"
    yield "| | ready s | CPU s | MiB then | after messages |"
    yield "|---|--:|--:|--:|--:|"
    with tempfile.TemporaryDirectory() as name, postgresql.serving() as server:
        folder = Path(name)
        yield await _row("`kanal run`, SQLite, Telegram", folder, {"SMS_PROVIDER": ""}, messages=MESSAGES)
        yield await _row("the same and Twilio", folder, {}, messages=MESSAGES)
        for command in COMMANDS:
            yield _command(command, folder)
        on_server = {"DATABASE_URL": server.create("starting")}
        yield await _row("the same on PostgreSQL", folder, on_server, messages=MESSAGES)
        for role in Role:
            yield await _row(f"of it `--role {role}`", folder, on_server, f"--role={role}")


async def _row(
    title: str, folder: Path, settings: Mapping[str, str], *options: str, messages: int = 0
) -> str:
    """Start it a few times, with Telegram and Twilio; the last time let `messages` be written."""
    town, port = Town(Telegram()), contestants.free_port()
    await town.open()
    env = {**contestants.settings(folder, port, town.port), **KEYS, **settings}
    contestants.prepare(env)
    ready, used, held, after = [], [], [], ""
    for number in range(1, STARTS + 1):
        command = [sys.executable, "-m", contestants.UNPACED, "run", *options]
        async with contestants.running(port, command, env=env, path="/health/ready") as server:
            ready.append(server.ready_seconds)
            used.append(server.cpu_seconds())
            await asyncio.sleep(SETTLED_SECONDS)
            held.append(server.resident_mib())
            if messages and number == STARTS:
                await town.meet(port)
                after = await _after(messages, town, server)
    town.close()
    figures = (
        f"{statistics.median(ready):.2f}",
        f"{statistics.median(used):.2f}",
        f"{statistics.median(held):.0f}",
    )
    return f"| {title} | {' | '.join(figures)} | {after} |"


async def _after(messages: int, town: Town, server: contestants.Contestant) -> str:
    passed = 0
    while passed < messages:
        passed += (await town.play(PER_SECOND, 10)).replies
    return f"{passed:,}: {server.resident_mib():.0f}"


def _command(command: str, folder: Path) -> str:
    env, taken = {**os.environ, **contestants.settings(folder, contestants.free_port(), 1), **KEYS}, []
    for _ in range(STARTS):
        started = time.perf_counter()
        run([sys.executable, "-m", "bot", *command.split()], env=env, check=True, stdout=DEVNULL)
        taken.append(time.perf_counter() - started)
    return f"| `kanal {command}` | {statistics.median(taken):.2f} | | | |"


async def main() -> None:
    async for line in measure():
        print(line, flush=True)


if __name__ == "__main__":
    asyncio.run(main())
