"""The programs that are measured, each as a process on a core of its own."""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from benchmarks import citizens, machine
from storage.crypto import new_key

ROOT = Path(__file__).parents[1]
PEERS = Path(__file__).parent / "peers"
#: the environment of the peers (`make bench` makes it)
PEERS_PYTHON = Path(os.environ.get("PEERS_PYTHON", ".venv/peers/bin/python"))
START_SECONDS = 30.0
#: the module that is Kanal without the limits of providers
UNPACED = "benchmarks.unpaced"


@dataclass
class Contestant:
    """A running server; what belongs to it, like its Redis, counts as part of it."""

    port: int
    processes: list[subprocess.Popen[bytes]]
    #: from the start of the process until it could be reached, or said that it is ready
    ready_seconds: float = 0.0

    def cpu_seconds(self) -> float:
        return sum(machine.cpu_seconds(process.pid) for process in self.processes)

    def resident_mib(self) -> float:
        return sum(machine.resident_mib(process.pid) for process in self.processes)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


@asynccontextmanager
async def running(
    port: int, *commands: Sequence[str], env: Mapping[str, str], path: str = "/"
) -> AsyncIterator[Contestant]:
    """Start processes, the server last, and end them afterwards."""
    contestant = Contestant(port, [])
    try:
        for command in commands:
            started = time.perf_counter()
            process = _started(command, env)
            os.sched_setaffinity(process.pid, machine.cores()[0])
            contestant.processes.append(process)
        await _until_ready(contestant.processes[-1], f"http://127.0.0.1:{port}{path}")
        contestant.ready_seconds = time.perf_counter() - started
        yield contestant
    finally:
        for process in reversed(contestant.processes):
            process.kill()
            process.wait()


def _started(command: Sequence[str], env: Mapping[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, cwd=ROOT, env={**os.environ, **env}, stdout=subprocess.DEVNULL)


async def _until_ready(process: subprocess.Popen[bytes], url: str) -> None:
    until = time.perf_counter() + START_SECONDS
    async with httpx.AsyncClient(trust_env=False) as client:
        while time.perf_counter() < until and process.poll() is None:
            try:
                if (await client.get(url)).status_code < 500:
                    return
            except httpx.HTTPError:
                pass
            await asyncio.sleep(0.01)
    raise RuntimeError(f"{process.args!r} does not answer")


@asynccontextmanager
async def kanal(
    folder: Path, port: int, api_port: int, *, is_paced: bool = False
) -> AsyncIterator[Contestant]:
    """Kanal with both channels, on a database of its own."""
    env = settings(folder, port, api_port)
    prepare(env)
    module = "bot" if is_paced else UNPACED
    async with running(
        port, [sys.executable, "-m", module, "run"], env=env, path="/health/ready"
    ) as contestant:
        yield contestant


def settings(folder: Path, port: int, api_port: int) -> dict[str, str]:
    """Return the environment of Kanal with both channels, on SQLite."""
    api = f"http://127.0.0.1:{api_port}"
    return {
        "DATABASE_URL": f"sqlite:///{folder / 'kanal.db'}",
        "DATA_DIR": str(folder),
        "DATA_KEYS": new_key(),
        "DEPLOYMENT": str(ROOT / "deployments" / "sekadau.yaml"),
        "PORT": str(port),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "TELEGRAM_BOT_TOKEN": citizens.TOKEN,
        "TELEGRAM_API_URL": api,
        "TELEGRAM_WEBHOOK_SECRET": citizens.SECRET,
        "SMS_PROVIDER": "twilio",
        "TWILIO_ACCOUNT_SID": citizens.ACCOUNT,
        "TWILIO_AUTH_TOKEN": citizens.AUTH_TOKEN,
        "TWILIO_FROM": citizens.SENDER,
        "TWILIO_API_URL": api,
        "LOG_LEVEL": "WARNING",
        "TMPDIR": str(folder),
    }


def prepare(env: Mapping[str, str]) -> None:
    for command in ("migrate", "setup"):
        assert _started([sys.executable, "-m", "bot", command], env).wait() == 0  # noqa: S101


@asynccontextmanager
async def bare(port: int) -> AsyncIterator[Contestant]:
    async with running(port, [sys.executable, "-m", "benchmarks.bare", str(port)], env={}) as contestant:
        yield contestant


@asynccontextmanager
async def ptb(folder: Path, port: int, api_port: int) -> AsyncIterator[Contestant]:
    async with running(port, _peer("ptb_bot.py", port, api_port, folder), env={}) as contestant:
        yield contestant


@asynccontextmanager
async def aiogram(folder: Path, port: int, api_port: int) -> AsyncIterator[Contestant]:
    redis = ["redis-server", "--port", "0", "--unixsocket", str(folder / "redis.sock"), "--dir", str(folder)]
    redis += ["--loglevel", "warning"]
    bot = _peer("aiogram_bot.py", port, api_port, folder)
    async with running(port, redis, bot, env={}) as contestant:
        yield contestant


def _peer(script: str, port: int, api_port: int, folder: Path) -> list[str]:
    api = f"http://127.0.0.1:{api_port}"
    python, file = str(PEERS_PYTHON), str(PEERS / script)
    return [python, file, str(port), api, str(folder), citizens.TOKEN, citizens.SECRET]


def has_peers() -> bool:
    return PEERS_PYTHON.exists()


def has_redis() -> bool:
    return shutil.which("redis-server") is not None
