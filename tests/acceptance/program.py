"""The real program as a process: `kanal run` with an environment of its own."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

import httpx
from sqlalchemy import text

from handlers.loading import load_deployment
from storage import migrate
from storage.crypto import Vault
from storage.db import Database
from tests.deployment import sekadau
from tests.fakes.clock import MONDAY
from tests.fakes.telegram.citizen import Citizen
from tests.fakes.telegram.server import TOKEN, FakeTelegram

ROOT = Path(__file__).parents[2]
KANAL = (sys.executable, "-m", "bot")
#: runs commands one after another in one process, and tells after each with which code it ended
SEVERAL = """
import shlex, sys
from bot.cli.app import main
for line in sys.argv[1:]:
    sys.argv = ["kanal", *shlex.split(line)]
    code = 0
    try:
        main()
    except SystemExit as end:
        code = end.code or 0
    sys.stderr.flush()
    print(f"\\0{code}", end="\\0", flush=True)
"""
START_SECONDS = 60.0
#: when there is nothing that has to be finished
STOP_SECONDS = 10.0
#: made for the tests, of no use elsewhere
KEY = "UUFRQVFBUUFRQVFBUUFRQVFBUUFRQVFBUUFRQVFBUUE="


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


class Process(Protocol):
    """What we need of `asyncio.subprocess.Process`."""

    @property
    def pid(self) -> int: ...

    @property
    def returncode(self) -> int | None: ...

    @property
    def stdout(self) -> asyncio.StreamReader | None: ...

    def send_signal(self, signal: int) -> None: ...

    async def wait(self) -> int: ...


class Program:
    """`kanal run`; may be killed and started again on the same data."""

    def __init__(
        self, folder: Path, *, is_prepared: bool = False, role: str | None = None, **settings: str
    ) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.env = environment(folder, PORT=str(self.port), **settings)
        #: everything it wrote to both outputs so far
        self.output = ""
        self._folder = folder
        self._is_prepared = is_prepared
        self._options = ("--role", role) if role else ()
        self._process: Process | None = None
        self._reader: asyncio.Task[None] | None = None
        self._said = asyncio.Event()

    async def __aenter__(self) -> Self:
        for command in () if self._is_prepared else ("migrate", "setup"):
            code, said = await kanal(self.env, self._folder, command)
            assert code == 0, said
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.kill()

    async def start(self) -> None:
        """Start it, and return once it listens."""
        before = len(self.output)
        self._process = await self._launch("run", *self._options)
        self._reader = asyncio.create_task(self._read(self._process))
        await self.says("listening", before)

    async def _launch(self, *arguments: str) -> "Process":
        return await asyncio.create_subprocess_exec(
            *KANAL,
            *arguments,
            cwd=self._folder,
            env=self.env,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )

    async def post(
        self, path: str, body: bytes | AsyncIterator[bytes], headers: Mapping[str, str]
    ) -> httpx.Response:
        """Send it a request, as a provider would; an iterator is sent without telling its length."""
        latin = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        async with httpx.AsyncClient(trust_env=False) as client:
            return await client.post(self.url + path, content=body, headers=latin)

    async def get(self, path: str) -> httpx.Response:
        async with httpx.AsyncClient(trust_env=False) as client:
            return await client.get(self.url + path)

    async def metric(self, name: str) -> float:
        """Return a counter of /metrics, named with its labels; 0 while it has not counted."""
        lines = (line.rpartition(" ") for line in (await self.get("/metrics")).text.splitlines())
        return next((float(value) for found, _, value in lines if found == name), 0.0)

    def rows(self, statement: str, **values: object) -> list[tuple[Any, ...]]:
        """Run a statement on its database, from outside; returns the rows it gives, if any."""
        with database_of(self.env) as database, database.writing() as uow:
            result = uow.connection.execute(text(statement), values)
            return [tuple(row) for row in result] if result.returns_rows else []

    async def says(self, text: str, after: int = 0) -> None:
        """Return once it has written `text`. Raises AssertionError when it ends before."""
        async with asyncio.timeout(START_SECONDS):
            while text not in self.output[after:]:
                assert self._reader is not None
                assert not self._reader.done(), self.output
                self._said.clear()
                await self._said.wait()

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def has_died(self) -> bool:
        """Whether it has ended without our doing."""
        return self._process is not None and self._process.returncode is not None

    async def kill(self) -> None:
        """SIGKILL: no chance to tidy up."""
        await self._end(signal.SIGKILL)

    async def stop(self, seconds: float = STOP_SECONDS) -> int:
        """SIGTERM; returns the exit code. Raises TimeoutError when it takes its time."""
        async with asyncio.timeout(seconds):
            return await self._end(signal.SIGTERM)

    async def _end(self, number: signal.Signals) -> int:
        if self._process is None or self._reader is None:
            return 0
        if self._process.returncode is None:
            self._process.send_signal(number)
        code = await self._process.wait()
        await self._reader
        self._process = self._reader = None
        return code

    async def _read(self, process: Process) -> None:
        assert process.stdout is not None
        try:
            while chunk := await process.stdout.read(4096):
                self.output += chunk.decode(errors="replace")
                self._said.set()
        finally:
            self._said.set()


def environment(folder: Path, **settings: str) -> dict[str, str]:
    """Return the environment of a process that has only these settings."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return {
        **kept,
        "TMPDIR": str(folder),  # where the lock of a bot lies: other tests have the same bot
        "PYTHONPATH": str(ROOT),
        "DATABASE_URL": f"sqlite:///{folder / 'kanal.db'}",
        "DATA_DIR": str(folder),
        "DEPLOYMENT": str(ROOT / "deployments" / "sekadau.yaml"),
        **settings,
    }


@contextmanager
def database_of(env: Mapping[str, str]) -> Iterator[Database]:
    """The database of a program whose environment names the keys."""
    database = Database(env["DATABASE_URL"], Vault(env["DATA_KEYS"].split(",")))
    try:
        yield database
    finally:
        database.close()


def prepared(folder: Path, **settings: str) -> Program:
    """Return a program that needs no other process to get its database ready."""
    program = Program(folder, is_prepared=True, DATA_KEYS=KEY, **settings)
    prepare(program.env)
    return program


def prepare(env: Mapping[str, str]) -> None:
    """Do what `kanal migrate` and `kanal setup` do, without a process for each."""
    with database_of(env) as database:
        migrate.upgrade(database)
        with database.writing() as uow:
            load_deployment(uow, sekadau(), MONDAY)


@dataclass(frozen=True)
class Town:
    """A running program and its Telegram; each test brings citizens of its own."""

    way: str
    fake: FakeTelegram
    program: Program

    async def hears(self, citizen: Citizen, said: str, seconds: float = 15.0) -> str:
        """Return the bot's newest message that holds `said`, once there is one."""
        try:
            await self.fake.wait_for(lambda: any(said in heard for heard in citizen.heard), seconds)
        except TimeoutError:
            raise AssertionError(f"not heard: {said!r}; heard: {citizen.heard}") from None
        return next(heard for heard in reversed(citizen.heard) if said in heard)

    async def all_taken(self) -> None:
        """Return once every update has been acknowledged."""
        await self.fake.wait_for(lambda: not self.fake.pending_updates)


@asynccontextmanager
async def town_of(way: str, folder: Path, **settings: str) -> AsyncIterator[Town]:
    """A program that takes updates by "polling" or by "webhook"; it ends well, and never shows a traceback."""
    async with FakeTelegram() as fake:
        program = prepared(folder, TELEGRAM_BOT_TOKEN=TOKEN, TELEGRAM_API_URL=fake.url, **settings)
        if way == "webhook":
            program.env["PUBLIC_URL"] = program.url
        async with program:
            await program.says("serving @kanal_test_bot")
            yield Town(way, fake, program)
            assert await program.stop() == 0
            assert "Traceback" not in program.output


async def kanal(env: Mapping[str, str], folder: Path, *arguments: str, given: str = "") -> tuple[int, str]:
    """Run a command to its end; returns exit code and everything it wrote."""
    return await _run(env, folder, *KANAL, *arguments, given=given)


async def several(env: Mapping[str, str], folder: Path, *lines: str) -> list[tuple[int, str]]:
    """Run commands, each given as a line, one after another: a process takes long to start."""
    code, said = await _run(env, folder, sys.executable, "-c", SEVERAL, *lines)
    assert code == 0, said
    parts = said.split("\0")
    return [(int(code), text) for text, code in zip(parts[::2], parts[1::2], strict=False)]


async def _run(env: Mapping[str, str], folder: Path, *command: str, given: str = "") -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=folder,
        env=env,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        said, _ = await process.communicate(given.encode())
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode is not None
    return process.returncode, said.decode(errors="replace")
