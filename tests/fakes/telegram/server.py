"""A strict fake of the Bot API, over real HTTP on the loopback address.

    async with FakeTelegram() as fake:
        citizen = fake.citizen()
        citizen.says("/start")
        ... point the program at fake.url with fake.token ...
        await fake.wait_for(lambda: "Selamat datang" in citizen.chat[-1])

Requests the Bot API's description does not allow are refused, and fail the test when the block ends.
"""

import json
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.fakes.answers import HalfResponse
from tests.fakes.loopback import serving
from tests.fakes.telegram.citizen import Citizen
from tests.fakes.telegram.faults import Faults, Limits
from tests.fakes.telegram.methods import METHODS
from tests.fakes.telegram.spec import Spec
from tests.fakes.telegram.updates import Polls, Webhook
from tests.fakes.telegram.uploads import UPLOADS, read_form
from tests.fakes.telegram.world import Chat, Json, RefusalError, World

TOKEN: Final = "990001:AAFakeTokenThatMustNotShowUpInAnyLog00"
#: what counts against the send limits
_SENDING: Final = frozenset(
    {"sendMessage", "editMessageCaption", "editMessageText", "editMessageReplyMarkup", *UPLOADS}
)


@dataclass(frozen=True)
class Call:
    """One request as it came in."""

    method: str
    params: Json


class FakeTelegram:
    """One bot's Telegram."""

    def __init__(
        self,
        token: str = TOKEN,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        has_limits: bool = False,
        webhook_retry_seconds: float = 0.05,
        seed: int = 1,
    ) -> None:
        self.token = token
        #: TELEGRAM_API_URL; known once the server runs
        self.url = ""
        self.world = World(clock, seed)
        self.faults = Faults()
        self.limits = Limits(clock)
        self.has_limits = has_limits
        #: every request, in the order they came
        self.calls: list[Call] = []
        #: requests that the Bot API's description does not allow; not empty at the end: the test fails
        self.violations: list[str] = []
        self.webhook: Webhook | None = None
        self._webhook_retry_seconds = webhook_retry_seconds
        self._spec = Spec()
        self._polls = Polls(self.world)
        self._serving = AsyncExitStack()
        self._is_closing = False
        self._next_chat_id = 700_000_001

    # -- what tests do with it

    def citizen(self, chat_id: int | None = None, *, name: str = "Warga", language: str = "id") -> Citizen:
        """Return a person with a phone, who has not written yet."""
        if chat_id is None:
            chat_id = self._next_chat_id
            self._next_chat_id += 1
        return Citizen(self.world, self._chat(chat_id, "private", name), language)

    def group(self, chat_id: int, title: str = "Grup instansi") -> Chat:
        """Return a group that has let the bot in."""
        chat = self._chat(chat_id, "group", title)
        chat.is_open = True
        return chat

    def migrate(self, group: Chat, chat_id: int) -> Chat:
        """Turn a group into a supergroup, and return that."""
        now = int(self.world.clock().timestamp())
        said = {"message_id": 1, "date": now, "chat": group.as_json(), "migrate_to_chat_id": chat_id}
        self.world.add_update("message", said)
        group.moved_to = chat_id
        new = self._chat(chat_id, "supergroup", group.name)
        new.is_open = True
        return new

    def calls_of(self, method: str) -> list[Json]:
        """Return the parameters of every call of a method so far."""
        return [call.params for call in self.calls if call.method == method]

    @property
    def pending_updates(self) -> list[int]:
        """Numbers of the updates nobody has confirmed."""
        return list(self.world.updates)

    def forget_sequence(self, next_id: int | None = None) -> None:
        """Number the next update anew, as after a week of silence."""
        self.world.forget_sequence(next_id)

    def end_polls(self) -> None:
        """Let the long poll that waits end as if its time were up."""
        self._polls.end()

    async def wait_for(self, condition: Callable[[], Any], timeout: float = 5.0) -> None:  # noqa: ASYNC109
        """Return once `condition` holds; it is tried after each request and each delivery."""
        await self.world.changed.wait_for(condition, timeout)

    # -- the server

    async def __aenter__(self) -> Self:
        self.url = await self._serving.enter_async_context(serving(self._app()))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_closing = True
        self.faults.release_all()
        self.world.changed.notify()
        await self._set_webhook(None)
        await self._serving.aclose()
        if problem is None and self.violations:
            raise AssertionError("requests the Bot API does not know:\n" + "\n".join(self.violations))

    def _app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/bot{token}/{method}", self._on_call, methods=["GET", "POST"]),
                Route("/file/bot{token}/files/{file_id}", self._on_download, methods=["GET"]),
            ]
        )

    async def _on_call(self, request: Request) -> Response:
        if request.path_params["token"] != self.token:
            return _refused(RefusalError(401, "Unauthorized"))
        method = request.path_params["method"]
        is_json = request.headers.get("content-type", "").startswith("application/json")
        params, violations = self._spec.read(method, await _raw_params(request), is_json=is_json)
        self.calls.append(Call(method, params))
        self.violations += violations
        if violations:
            self.world.changed.notify()
            return _refused(RefusalError(400, "Bad Request: " + violations[0]))
        try:
            return await self._answer(method, params)
        except RefusalError as refusal:
            return _refused(refusal)
        finally:
            self.world.changed.notify()

    async def _answer(self, method: str, params: Json) -> Response:
        fault = self.faults.take(method)
        if fault.refusal is not None:
            if "chat_id" in params:
                self.limits.rest(params["chat_id"], fault.refusal.parameters.get("retry_after", 0.0))
            raise fault.refusal
        result = await self._result(method, params) if fault.has_effect else None
        if fault.is_dropped and fault.has_effect:
            self.faults.lost_at.append(self.world.clock().timestamp())
        self.world.changed.notify()
        if fault.gate is not None:
            await fault.gate.pass_through()
        answer = {"ok": True, "result": result}
        return HalfResponse(answer) if fault.is_dropped else JSONResponse(answer)

    async def _result(self, method: str, params: Json) -> Any:
        match method:
            case "getUpdates":
                return await self._get_updates(params)
            case "setWebhook":
                await self._set_webhook(params)
                return True
            case "deleteWebhook":
                self._drop_if_asked(params)
                await self._set_webhook(None)
                return True
            case "getWebhookInfo":
                return self._webhook_info()
        if self.has_limits and method in _SENDING:
            for _ in params.get("media", [None]):
                self.limits.take(params["chat_id"])
        return (METHODS | UPLOADS)[method](self.world, params)

    async def _get_updates(self, params: Json) -> list[Json]:
        if self.webhook is not None:
            raise RefusalError(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        self._keep_only(params)
        return await self._polls.get_updates(params, lambda: self._is_closing)

    async def _set_webhook(self, params: Json | None) -> None:
        if self.webhook is not None:
            await self.webhook.stop()
            self.webhook = None
        if not params or not params["url"]:
            return
        self._drop_if_asked(params)
        self._keep_only(params)
        self._polls.interrupt()
        connections = params.get("max_connections", 40)
        if not 1 <= connections <= 100:
            raise RefusalError(400, "Bad Request: wrong max_connections")
        self.webhook = Webhook(
            self.world,
            params["url"],
            params.get("secret_token", ""),
            connections,
            self._webhook_retry_seconds,
        )

    def _webhook_info(self) -> Json:
        info: Json = {
            "url": "",
            "has_custom_certificate": False,
            "pending_update_count": len(self.world.updates),
        }
        if self.webhook is not None:
            info["url"] = self.webhook.url
            if self.webhook.last_error:
                info["last_error_date"] = int(self.world.clock().timestamp())
                info["last_error_message"] = self.webhook.last_error
        return info

    def _drop_if_asked(self, params: Json) -> None:
        if params.get("drop_pending_updates"):
            self.world.updates.clear()

    def _keep_only(self, params: Json) -> None:
        if "allowed_updates" in params:
            self.world.allowed_updates = frozenset(params["allowed_updates"]) or None

    async def _on_download(self, request: Request) -> Response:
        content = self.world.files.get(request.path_params["file_id"])
        fault = self.faults.take("download")
        if fault.refusal is not None:
            return _refused(fault.refusal)
        if request.path_params["token"] != self.token or content is None:
            return _refused(RefusalError(404, "Not Found"))
        return Response(content, media_type="application/octet-stream")

    def _chat(self, chat_id: int, kind: str, name: str) -> Chat:
        return self.world.chats.setdefault(chat_id, Chat(chat_id, kind, name))


def _refused(refusal: RefusalError) -> JSONResponse:
    answer: Json = {"ok": False, "error_code": refusal.status, "description": refusal.description}
    if refusal.parameters:
        answer["parameters"] = refusal.parameters
    return JSONResponse(answer, refusal.status)


async def _raw_params(request: Request) -> Mapping[str, Any]:
    """Return the parameters of the address, a form or a JSON body: the Bot API takes them all."""
    params: Json = dict(request.query_params)
    body = await request.body()
    content_type = request.headers.get("content-type", "")
    if content_type.startswith("multipart/form-data"):
        params.update(read_form(content_type, body))
    elif content_type.startswith("application/json"):
        params.update(json.loads(body))
    else:
        params.update(parse_qsl(body.decode(), keep_blank_values=True))
    return params
