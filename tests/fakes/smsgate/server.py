"""A strict fake of SMS Gateway for Android, over real HTTP on the loopback address.

    async with FakeSmsGate() as fake:
        ... let the program register its webhooks at fake.url ...
        phone = fake.phone()
        phone.says("LAPOR lampu jalan mati")
        await fake.wait_for(lambda: phone.texts)

It speaks as the project's own server does, where phones in "Cloud" or "Private" mode are connected. Requests that
the API's description does not allow (https://api.sms-gate.app/, November 2026) are refused, and fail the test when
the block ends; so does a text outside of GSM-7.
"""

import hmac
import json
import random
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from types import TracebackType
from typing import Any, Final, Self

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.fakes.answers import HalfResponse
from tests.fakes.loopback import serving
from tests.fakes.phone import Phone, is_gsm, segments
from tests.fakes.telegram.faults import Faults
from tests.fakes.telegram.world import RefusalError, Signal
from tests.fakes.webhooks import PAUSE_SECONDS, Poster

USERNAME: Final = "KANAL1"
PASSWORD: Final = "passwordThatMustNotShowUpInAnyLog"
WEBHOOK_KEY: Final = "signingKey0"

Json = dict[str, Any]

#: field of a message → its type, as the API's description has it
_MESSAGE_FIELDS: Final[Mapping[str, type | tuple[type, ...]]] = {
    "id": str,
    "phoneNumbers": list,
    "textMessage": dict,
    "simNumber": int,
    "withDeliveryReport": bool,
    "isEncrypted": bool,
    "priority": int,
    "ttl": int,
}
_WEBHOOK_FIELDS: Final[Mapping[str, type | tuple[type, ...]]] = {
    "id": (str, type(None)),
    "url": str,
    "event": str,
    "deviceId": str,
}
_EVENTS: Final = frozenset(
    {
        "sms:received",
        "sms:sent",
        "sms:delivered",
        "sms:failed",
        "sms:data-received",
        "mms:received",
        "system:ping",
    }
)
_MAX_ID: Final = 36
_TIMES: Final[Mapping[str, str]] = {
    "sms:sent": "sentAt",
    "sms:delivered": "deliveredAt",
    "sms:failed": "failedAt",
}
_STATES: Final[Mapping[str, str]] = {"sms:sent": "Sent", "sms:delivered": "Delivered", "sms:failed": "Failed"}
#: the app tries fourteen times over two days
_TRIES: Final = 14
#: where the phone is
_ZONE: Final = timezone(timedelta(hours=7))


@dataclass
class Message:
    """One message on its way to a phone."""

    request: Json
    state: str = "Pending"

    @property
    def message_id(self) -> str:
        return str(self.request["id"])

    @property
    def to(self) -> str:
        return str(self.request["phoneNumbers"][0])

    @property
    def text(self) -> str:
        return str(self.request["textMessage"]["text"])

    def as_json(self) -> Json:
        return {
            "id": self.message_id,
            "deviceId": "device-1",
            "state": self.state,
            "recipients": [{"phoneNumber": self.to, "state": self.state, "error": None}],
            "isHashed": False,
            "isEncrypted": False,
            "states": {},
        }


class FakeSmsGate:
    """One account with one phone connected."""

    def __init__(
        self,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        auto_reports: Sequence[str] = (),
        changed: Signal | None = None,
        retry_seconds: float = PAUSE_SECONDS,
        seed: int = 1,
    ) -> None:
        self.username, self.password, self.webhook_key = USERNAME, PASSWORD, WEBHOOK_KEY
        #: SMSGATE_URL; known once the server runs
        self.url = ""
        self.clock = clock
        #: notified of everything; another fake's, where one waits for both
        self.changed = changed or Signal()
        #: misfortunes by operation: send, state, webhooks, create_webhook, devices
        self.faults = Faults()
        self.phones: dict[str, Phone] = {}
        #: messages taken from the program, by id
        self.messages: dict[str, Message] = {}
        #: registered webhooks, by id
        self.webhooks: dict[str, Json] = {}
        self.devices: list[Json] = [{"id": "device-1", "name": "Samsung A05", "lastSeen": _iso(clock())}]
        #: requests that the API's description does not allow; not empty at the end: the test fails
        self.violations: list[str] = []
        self.poster = Poster(self.changed, retry_seconds)
        #: what is told of every message without the test's doing
        self.auto_reports = tuple(auto_reports)
        self._received: dict[str, Json] = {}
        self._random = random.Random(seed)
        self._serving = AsyncExitStack()
        self._next_number = 6_281_300_000_001

    # -- what tests do with it

    def phone(self, number: str | None = None) -> Phone:
        """Return a person with a phone, who has not written yet."""
        if number is None:
            number = f"+{self._next_number}"
            self._next_number += 1
        return self.phones.setdefault(number, Phone(number, self))

    def carry(
        self, number: str, text: str, files: Sequence[tuple[str, bytes]] = (), *, at: datetime | None = None
    ) -> str:
        """Post what somebody sent to the program, as the app does; of an MMS, that there is one."""
        message_id = f"{self._random.randrange(16**8):08x}"
        self._received[message_id] = {
            "messageId": message_id,
            "phoneNumber": number,
            "sender": number,
            "recipient": None,
            "simNumber": 1,
            "receivedAt": _iso(at or self.clock()),
            **({"size": len(files)} if files else {"message": text}),
        }
        self.emit("mms:received" if files else "sms:received", self._received[message_id])
        return message_id

    def deliver_again(self, message_id: str) -> None:
        """Tell of a message that came in once more."""
        self.emit("sms:received", self._received[message_id])

    def report(self, message: Message, event: str, *, reason: str = "", at: datetime | None = None) -> None:
        """Tell the program what became of its message; in any order, any number of times."""
        message.state = _STATES[event]
        payload: Json = {
            "messageId": message.message_id,
            "phoneNumber": message.to,
            "recipient": message.to,
            "sender": None,
            "simNumber": 1,
            _TIMES[event]: _iso(at or self.clock()),
        }
        if event == "sms:failed":
            payload["reason"] = reason
        if event == "sms:sent":
            payload["partsCount"] = segments(message.text)
        self.emit(event, payload)

    def emit(self, event: str, payload: Json) -> None:
        """Post an event to every webhook that is registered for it."""
        for webhook in self.webhooks.values():
            if webhook["event"] == event:
                self._post(webhook, {"event": event, "payload": payload})

    def signed(self, body: bytes, at: datetime | None = None) -> dict[str, str]:
        """Return the headers the app would send along."""
        timestamp = str(int((at or self.clock()).timestamp()))
        signature = hmac.new(self.webhook_key.encode(), body + timestamp.encode(), sha256).hexdigest()
        return {"content-type": "application/json", "x-signature": signature, "x-timestamp": timestamp}

    async def wait_for(self, condition: Callable[[], Any], timeout: float = 5.0) -> None:  # noqa: ASYNC109
        """Return once `condition` holds; it is tried after each request and each delivery."""
        await self.changed.wait_for(condition, timeout)

    # -- the server

    async def __aenter__(self) -> Self:
        self.url = f"{await self._serving.enter_async_context(serving(self._app()))}/3rdparty/v1"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.faults.release_all()
        await self.poster.stop()
        await self._serving.aclose()
        if problem is None and self.violations:
            raise AssertionError("requests the gateway does not know:\n" + "\n".join(self.violations))

    def _app(self) -> Starlette:
        root = "/3rdparty/v1"
        return Starlette(
            routes=[
                Route(f"{root}/messages", self._on_send, methods=["POST"]),
                Route(f"{root}/messages/{{id}}", self._on_state, methods=["GET"]),
                Route(f"{root}/webhooks", self._on_webhooks, methods=["GET"]),
                Route(f"{root}/webhooks", self._on_create_webhook, methods=["POST"]),
                Route(f"{root}/devices", self._on_devices, methods=["GET"]),
            ]
        )

    async def _on_send(self, request: Request) -> Response:
        def send(body: Json) -> Json:
            self._check("send", _MESSAGE_FIELDS, body, required={"phoneNumbers", "textMessage"})
            message = Message(body)
            if message.message_id in self.messages:
                raise RefusalError(409, "Message with the same ID already exists")
            if not self.devices:
                raise RefusalError(400, "No active devices registered")
            self.violations += [] if is_gsm(message.text) else ["send: the text is not GSM-7"]
            self.messages[message.message_id] = message
            if message.to in self.phones:
                self.phones[message.to].receive(message.text)
            answer = message.as_json()
            for event in self.auto_reports:
                self.report(message, event)
            return answer

        return await self._on_call(request, "send", send, status=202)

    async def _on_state(self, request: Request) -> Response:
        def state(_body: Json) -> Json:
            message = self.messages.get(request.path_params["id"])
            if message is None:
                raise RefusalError(404, "Message not found")
            return message.as_json()

        return await self._on_call(request, "state", state)

    async def _on_webhooks(self, request: Request) -> Response:
        return await self._on_call(request, "webhooks", lambda _body: list(self.webhooks.values()))

    async def _on_create_webhook(self, request: Request) -> Response:
        def create(body: Json) -> Json:
            self._check("create_webhook", _WEBHOOK_FIELDS, body, required={"url", "event"})
            if body["event"] not in _EVENTS:
                raise RefusalError(400, "Unsupported event")
            self.webhooks[body["id"]] = body
            return body

        return await self._on_call(request, "create_webhook", create, status=201)

    async def _on_devices(self, request: Request) -> Response:
        return await self._on_call(request, "devices", lambda _body: self.devices)

    async def _on_call(
        self, request: Request, operation: str, work: Callable[[Json], Any], *, status: int = 200
    ) -> Response:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if scheme != "Basic" or b64decode(given).decode() != f"{self.username}:{self.password}":
            return _refused(RefusalError(401, "Unauthorized"))
        fault = self.faults.take(operation)
        try:
            if fault.refusal is not None:
                raise fault.refusal
            body = await request.body()
            answer = work(json.loads(body) if body else {}) if fault.has_effect else {}
            self.changed.notify()
            if fault.gate is not None:
                await fault.gate.pass_through()
            return HalfResponse(answer, status) if fault.is_dropped else JSONResponse(answer, status)
        except RefusalError as problem:
            return _refused(problem)
        finally:
            self.changed.notify()

    def _check(
        self, operation: str, fields: Mapping[str, type | tuple[type, ...]], body: Json, *, required: set[str]
    ) -> None:
        faults = [f"{operation}: {fault}" for fault in _faults(fields, body, required)]
        self.violations += faults
        if faults:
            raise RefusalError(400, faults[0])

    def _post(self, webhook: Json, event: Json) -> None:
        """Post to the program until it answers with 2xx; signed anew each time, the event's id stays."""
        envelope = {
            "id": f"{self._random.randrange(16**16):016x}",
            "webhookId": webhook["id"],
            "deviceId": "device-1",
            **event,
        }
        body = json.dumps(envelope).encode()
        self.poster.post(
            webhook["url"],
            lambda: (body, self.signed(body)),
            tries=_TRIES,
            is_repeated=lambda status: status is None or status // 100 != 2,
        )


def _faults(fields: Mapping[str, type | tuple[type, ...]], body: Json, required: set[str]) -> Iterator[str]:
    for name in sorted(required - body.keys()):
        yield f"{name} is missing"
    for name, value in body.items():
        if name not in fields:
            yield f"unknown field {name}"
        elif not isinstance(value, fields[name]):
            yield f"{name} is of the wrong type"
    if len(body.get("id") or "") > _MAX_ID:
        yield f"id is longer than {_MAX_ID}"


def _iso(at: datetime) -> str:
    return at.astimezone(_ZONE).isoformat(timespec="milliseconds")


def _refused(problem: RefusalError) -> JSONResponse:
    return JSONResponse({"message": problem.description}, problem.status)
