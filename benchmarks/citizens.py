"""Citizens who report over webhooks, and what the providers would be: they post what is written and take the replies.

New citizens come at an even pace, whatever the server does (an open loop); each writes the next line of the dialogue
once the reply to the last has come.
"""

import asyncio
import itertools
import json
import math
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import parse_qs, parse_qsl, urlencode

from twilio.request_validator import SIGNATURE_HEADER, RequestValidator

from benchmarks.wire import Pool, Served, request

SECRET = "bench-secret"  # noqa: S105 - of no use elsewhere
TOKEN = "123456789:AAF-bench"  # noqa: S105
ACCOUNT, AUTH_TOKEN, SENDER = "AC" + "b" * 32, "b" * 32, "+6281100000000"
#: as many as Telegram opens by default
CONNECTIONS = 40
STORY = "jalan rusak depan SDN {} desa mungguk sejak kemarin, banyak lubang besar"


class Provider(Protocol):
    """How a message is posted, and for whom a call is."""

    @property
    def lines(self) -> Sequence[str]: ...

    def post(self, citizen: int, text: str, number: int) -> bytes: ...


def answer(path: str, body: bytes) -> tuple[bytes, int | None]:
    """Return what either provider says to a call and, where that sends a message, for whom it is."""
    return _of_telegram(path, body) if path.startswith("/bot") else _of_twilio(path, body)


class Telegram:
    lines = (STORY, "lewati", "lewati", "ya")

    def post(self, citizen: int, text: str, number: int) -> bytes:
        person = {"id": citizen, "first_name": "Warga", "language_code": "id", "is_bot": False}
        chat = {"id": citizen, "type": "private", "first_name": "Warga"}
        message = {"message_id": number, "date": int(time.time()), "chat": chat, "from": person, "text": text}
        body = json.dumps({"update_id": number, "message": message}).encode()
        headers = {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": SECRET}
        return request("/telegram/webhook", headers, body)


def _chat_of(body: bytes) -> int:
    """Return for whom a message is, sent as a form, as JSON, or in parts with a line for each name."""
    if body.startswith(b"{"):
        return int(json.loads(body)["chat_id"])
    if body.startswith(b"--"):
        return int(body.partition(b'name="chat_id"')[2].split(b"\r\n", 3)[2])
    return int(parse_qs(body.decode())["chat_id"][0])


class Twilio:
    lines = (f"LAPOR {STORY}", "YA")

    def __init__(self, public_url: str) -> None:
        self._url = f"{public_url}/sms/twilio/inbound"
        self._validator = RequestValidator(AUTH_TOKEN)

    def post(self, citizen: int, text: str, number: int) -> bytes:
        fields = {
            "MessageSid": f"SM{number:032x}",
            "AccountSid": ACCOUNT,
            "From": f"+62812{citizen:08}",
            "To": SENDER,
            "Body": text,
            "NumMedia": "0",
            "NumSegments": "1",
        }
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            SIGNATURE_HEADER: self._validator.compute_signature(self._url, fields),
        }
        return request("/sms/twilio/inbound", headers, urlencode(fields).encode())


def _of_telegram(path: str, body: bytes) -> tuple[bytes, int | None]:
    method = path.rpartition("/")[2]
    if method == "getMe":
        me = {"id": 123456789, "is_bot": True, "first_name": "Kanal", "username": "kanal_bench_bot"}
        return json.dumps({"ok": True, "result": me}).encode(), None
    if method == "getWebhookInfo":
        return (
            b'{"ok":true,"result":{"url":"","has_custom_certificate":false,"pending_update_count":0}}',
            None,
        )
    if method != "sendMessage":
        return b'{"ok":true,"result":true}', None
    chat = _chat_of(body)
    said = b'{"ok":true,"result":{"message_id":%d,"date":1790000000,"chat":{"id":%d,"type":"private"}}}'
    return said % (chat, chat), chat


def _of_twilio(path: str, body: bytes) -> tuple[bytes, int | None]:
    if not path.endswith("/Messages.json"):
        page = {"incoming_phone_numbers": [], "page": 0, "page_size": 1, "next_page_uri": None}
        return json.dumps(page).encode(), None
    to = dict(parse_qsl(body.decode()))["To"]
    said = {"sid": f"SM{time.monotonic_ns():032x}", "status": "queued", "num_segments": "1", "to": to}
    return json.dumps(said).encode(), int(to.removeprefix("+62812"))


@dataclass
class Window:
    """What was seen during a stretch of time."""

    seconds: float = 0.0
    #: messages answered
    replies: int = 0
    #: calls of any kind that came to the provider
    calls: int = 0
    #: answers to our posts, by status
    statuses: Counter[int] = field(default_factory=Counter)
    #: from the moment a message was due to the answer that it is taken, and to its reply
    acknowledged: list[float] = field(default_factory=list)
    replied: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return self.replies / self.seconds


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * share) - 1)] if ordered else math.nan


class Town:
    """The citizens of one provider, and the provider."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._pool = Pool()
        self._numbers = itertools.count(int(time.time()) % 1_000_000 * 1000)
        self._people = itertools.count(1_000_000)
        #: who waits for a reply: to which line, and since when
        self._waiting: dict[int, tuple[int, float]] = {}
        self.window = Window()
        self.port = 0
        self._server: asyncio.Server

    async def open(self) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Served(self._answer), "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def meet(self, port: int) -> None:
        await self._pool.open(port, CONNECTIONS)

    def close(self) -> None:
        self._pool.close()
        self._server.close()

    async def play(self, per_second: float, seconds: float) -> Window:
        """Let citizens come so that `per_second` messages are written; return what was seen of it."""
        self.window = window = Window()
        started = time.perf_counter()
        pause = len(self._provider.lines) / per_second
        due = started
        while due < started + seconds:
            while due <= time.perf_counter():
                self._write(next(self._people), 0, due)
                due += pause
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
        window.seconds = time.perf_counter() - started
        self.window = Window()
        return window

    def _write(self, citizen: int, line: int, due: float) -> None:
        window = self.window
        self._waiting[citizen] = (line, due)

        def done(status: int) -> None:
            window.statuses[status] += 1
            window.acknowledged.append(time.perf_counter() - due)

        text = self._provider.lines[line].format(citizen % 1000)
        self._pool.send(self._provider.post(citizen, text, next(self._numbers)), done)

    def _answer(self, path: str, body: bytes) -> bytes:
        said, citizen = answer(path, body)
        self.window.calls += 1
        if citizen is not None and citizen in self._waiting:
            line, due = self._waiting.pop(citizen)
            now = time.perf_counter()
            self.window.replies += 1
            self.window.replied.append(now - due)
            if line + 1 < len(self._provider.lines):
                self._write(citizen, line + 1, now)
        return said


async def flood(port: int, post: bytes, seconds: float) -> float:
    """Return how many times a second a server takes the same request over as many connections."""
    pool, count = Pool(), 0
    await pool.open(port, CONNECTIONS)
    until = time.perf_counter() + seconds

    def again(status: int) -> None:  # noqa: ARG001
        nonlocal count
        count += 1
        if time.perf_counter() < until:
            pool.send(post, again)

    for _ in range(CONNECTIONS):
        pool.send(post, again)
    await asyncio.sleep(seconds + 0.1)
    pool.close()
    return count / seconds
