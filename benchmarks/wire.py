"""HTTP/1.1 as small as it goes, so that who measures costs little beside what is measured."""

import asyncio
from collections import deque
from collections.abc import Callable

#: takes path and body, returns the body of the answer (JSON)
Answer = Callable[[str, bytes], bytes]
#: is told the status of an answer
Done = Callable[[int], None]


class _Messages(asyncio.Protocol):
    """Cuts a stream into messages that tell their length."""

    def __init__(self) -> None:
        self._buffer = b""
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[:end]
            size = _length(head)
            if len(self._buffer) < end + 4 + size:
                return
            body, self._buffer = self._buffer[end + 4 : end + 4 + size], self._buffer[end + 4 + size :]
            self.got(head, body)

    def got(self, head: bytes, body: bytes) -> None:
        raise NotImplementedError


def _length(head: bytes) -> int:
    at = head.lower().find(b"\r\ncontent-length:")
    return 0 if at < 0 else int(head[at + 17 :].partition(b"\r\n")[0])


class Served(_Messages):
    """One connection of somebody who calls us."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self._answer = answer

    def got(self, head: bytes, body: bytes) -> None:
        said = self._answer(head.split(b" ", 2)[1].decode(), body)
        self.transport.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
            % (len(said), said)
        )


class _Caller(_Messages):
    def __init__(self, pool: "Pool") -> None:
        super().__init__()
        self._pool = pool
        self.done: Done | None = None

    def got(self, head: bytes, body: bytes) -> None:  # noqa: ARG002 - nobody asks what it says
        done, self.done = self.done, None
        self._pool.is_free(self)
        if done:
            done(int(head[9:12]))

    def connection_lost(self, error: Exception | None) -> None:  # noqa: ARG002
        if self.done:
            self.done(0)


class Pool:
    """So many connections to one server, each with one request at a time; others wait for one."""

    def __init__(self) -> None:
        self._free: deque[_Caller] = deque()
        self._waiting: deque[tuple[bytes, Done]] = deque()

    async def open(self, port: int, connections: int) -> None:
        loop = asyncio.get_running_loop()
        for _ in range(connections):
            _, caller = await loop.create_connection(lambda: _Caller(self), "127.0.0.1", port)
            self._free.append(caller)

    def send(self, request: bytes, done: Done) -> None:
        if self._free:
            caller = self._free.popleft()
            caller.done = done
            caller.transport.write(request)
        else:
            self._waiting.append((request, done))

    def is_free(self, caller: _Caller) -> None:
        self._free.append(caller)
        if self._waiting:
            self.send(*self._waiting.popleft())

    def close(self) -> None:
        for caller in self._free:
            caller.transport.close()


def request(path: str, headers: dict[str, str], body: bytes) -> bytes:
    """Return a POST as it goes over the wire."""
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body
