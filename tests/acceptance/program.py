"""The real program as a process: `kanal run` with an environment of its own."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).parents[2]
KANAL = (sys.executable, "-m", "bot")
START_SECONDS = 30.0


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


class Program:
    """`kanal run`; may be killed and started again on the same data."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.env = environment(folder, PORT=str(self.port), **settings)
        #: everything it wrote to both outputs so far
        self.output = ""
        self._folder = folder
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None
        self._said = asyncio.Event()

    async def __aenter__(self) -> Self:
        for command in ("migrate", "setup"):
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
        self._process = await asyncio.create_subprocess_exec(
            *KANAL,
            "run",
            cwd=self._folder,
            env=self.env,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        self._reader = asyncio.create_task(self._read(self._process))
        await self.says("listening", before)

    async def says(self, text: str, after: int = 0) -> None:
        """Return once it has written `text`. Raises AssertionError when it ends before."""
        async with asyncio.timeout(START_SECONDS):
            while text not in self.output[after:]:
                assert self._reader is not None
                assert not self._reader.done(), self.output
                self._said.clear()
                await self._said.wait()

    async def kill(self) -> None:
        """SIGKILL: no chance to tidy up."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> int:
        """SIGTERM; returns the exit code."""
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

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        try:
            while chunk := await process.stdout.read(4096):
                self.output += chunk.decode(errors="replace")
                self._said.set()
        finally:
            self._said.set()


def environment(folder: Path, **settings: str) -> dict[str, str]:
    """Return the environment of a process that has only these settings."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
    return {
        **kept,
        "PYTHONPATH": str(ROOT),
        "DATABASE_URL": f"sqlite:///{folder / 'kanal.db'}",
        "DATA_DIR": str(folder),
        "DEPLOYMENT": str(ROOT / "deployments" / "sekadau.yaml"),
        **settings,
    }


async def kanal(env: Mapping[str, str], folder: Path, *arguments: str, given: str = "") -> tuple[int, str]:
    """Run a command to its end; returns exit code and everything it wrote."""
    process = await asyncio.create_subprocess_exec(
        *KANAL,
        *arguments,
        cwd=folder,
        env=env,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate(given.encode())
    assert process.returncode is not None
    return process.returncode, said.decode(errors="replace")
