"""Starts `kanal` in a moment: forks a process that has loaded the program and done nothing else yet.

A round kills the program several times, and loading it takes longer than all the rest. What runs is the program as it
is, from its `main` on, in a process of its own; only that it steps on a trap here and there (traps.py) and reads the
town's clock (watch.py).
"""

import asyncio
import gc
import importlib
import json
import os
import selectors
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from tests.torture.traps import Trap, lay
from tests.torture.watch import Watch, wear

ROOT: Final = Path(__file__).parents[2]
#: what `kanal run` loads, be it only with some settings
LOADED: Final = (
    *("bot.__main__", "bot.cli.run", "bot.channels.telegram.serving"),
    *("bot.channels.sms.twilio.serving", "bot.channels.sms.smsgate.serving"),
    *(
        "psycopg",
        "shapely.geometry",
        "uvicorn.lifespan.off",
        "uvicorn.loops.auto",
        "uvicorn.protocols.http.auto",
    ),
)
#: an order: arguments, environment, folder
MOST_BYTES: Final = 65_536


class Child:
    """A process from the nursery, as asyncio shows one of its own."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.stdout = asyncio.StreamReader()
        self.returncode: int | None = None
        self._ended = asyncio.Event()

    def end(self, code: int) -> None:
        self.returncode = code
        self._ended.set()

    def send_signal(self, number: int) -> None:
        if self.returncode is None:
            os.kill(self.pid, number)

    async def wait(self) -> int:
        await self._ended.wait()
        assert self.returncode is not None
        return self.returncode


class Nursery:
    """The side of those who order."""

    def __init__(self, orders: socket.socket, on_end: Callable[[], None]) -> None:
        self._orders = orders
        self._on_end = on_end
        self._ordering = asyncio.Lock()
        self._born: asyncio.Queue[Child] = asyncio.Queue()

    async def start(self, arguments: Sequence[str], env: Mapping[str, str], folder: Path) -> Child:
        """Start `kanal` with these arguments and this environment."""
        order = json.dumps([arguments, {**env}, str(folder)]).encode()
        source, output = os.pipe()
        async with self._ordering:
            socket.send_fds(self._orders, [order], [output])
            os.close(output)
            child = await self._born.get()
        await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(child.stdout), os.fdopen(source, "rb", buffering=0)
        )
        return child

    async def kanal(self, arguments: Sequence[str], env: Mapping[str, str], folder: Path) -> tuple[int, str]:
        """Run a command to its end; returns exit code and everything it wrote."""
        child = await self.start(arguments, env, folder)
        said = await child.stdout.read()
        return await child.wait(), said.decode(errors="replace")

    async def listen(self, news: asyncio.StreamReader) -> None:
        """Hear who is born and who has died, until cancelled."""
        children: dict[int, Child] = {}
        while line := await news.readline():
            pid, *codes = map(int, line.split())
            if codes:
                children.pop(pid).end(codes[0])
                self._on_end()
            else:
                self._born.put_nowait(children.setdefault(pid, Child(pid)))


@asynccontextmanager
async def nursery(trap: Path, watch: Path, on_end: Callable[[], None]) -> AsyncIterator[Nursery]:
    """A nursery as long as the block lasts; none of its processes outlives it.

    `trap`, `watch`: files of what they have in common. `on_end`: called when one has ended.
    """
    ours, theirs = socket.socketpair()
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    with ours, theirs:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", __name__, str(theirs.fileno()), str(trap), str(watch)),
            env=env,
            pass_fds=[theirs.fileno()],
        )
        theirs.close()
        news, writer = await asyncio.open_connection(sock=ours.dup())
        there = Nursery(ours, on_end)
        listening = asyncio.create_task(there.listen(news))
        try:
            yield there
        finally:
            ours.shutdown(socket.SHUT_RDWR)
            await process.wait()
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
            writer.close()


# --- the process ---


def tend(orders: socket.socket) -> tuple[bytes, int] | None:
    """Start what is ordered and tell who ended, until nobody orders any more.

    Returns in each process that is started, too, and there the order and where to write to.
    """
    bell, clapper = socket.socketpair()
    clapper.setblocking(False)
    signal.set_wakeup_fd(clapper.fileno())
    signal.signal(signal.SIGCHLD, lambda *_: None)
    children: set[int] = set()
    with selectors.DefaultSelector() as selector:
        selector.register(orders, selectors.EVENT_READ)
        selector.register(bell, selectors.EVENT_READ)
        while True:
            ready = [key.fileobj for key, _ in selector.select()]
            if bell in ready:
                bell.recv(MOST_BYTES)
                _tell_ended(orders, children)
            if orders not in ready:
                continue
            order, outputs, *_ = socket.recv_fds(orders, MOST_BYTES, 1)
            if not order:
                break
            if (pid := os.fork()) == 0:
                return order, outputs[0]
            os.close(outputs[0])
            children.add(pid)
            orders.sendall(f"{pid}\n".encode())
    for pid in children:
        os.kill(pid, signal.SIGKILL)
    return None


def _tell_ended(orders: socket.socket, children: set[int]) -> None:
    while children:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if not pid:
            return
        children.remove(pid)
        orders.sendall(f"{pid} {os.waitstatus_to_exitcode(status)}\n".encode())


def become(order: bytes, output: int) -> None:
    """Be a `kanal` that was just started."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    arguments, env, folder = json.loads(order)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.closerange(3, MOST_BYTES)
    os.environ.clear()
    os.environ.update(env)
    os.chdir(folder)
    sys.argv = ["kanal", *arguments]
    sys.modules["bot.__main__"].main()


if __name__ == "__main__":
    for name in LOADED:
        importlib.import_module(name)
    lay(Trap(Path(sys.argv[2])))
    wear(Watch(Path(sys.argv[3])))
    gc.freeze()  # what is loaded is shared as long as nobody writes to it, as the collector would
    if (ordered := tend(socket.socket(fileno=int(sys.argv[1])))) is not None:
        become(*ordered)
