"""A strict fake of Twilio's API and its webhooks, over real HTTP on the loopback address.

    async with FakeTwilio() as fake:
        fake.settings.inbound_url = f"{public_url}/sms/twilio/inbound#rc=5&rp=all"
        phone = fake.phone()
        phone.says("LAPOR lampu jalan mati")
        await fake.wait_for(lambda: phone.texts)

Requests that Twilio's description does not allow are refused, and fail the test when the block ends; so does a text
outside of GSM-7.
"""

import random
from base64 import b64decode
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import parse_qsl, urlencode

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from twilio.request_validator import RequestValidator

from tests.fakes.answers import HalfResponse
from tests.fakes.loopback import serving
from tests.fakes.phone import Phone
from tests.fakes.telegram.faults import Fault, Faults
from tests.fakes.telegram.world import RefusalError
from tests.fakes.twilio.spec import Spec
from tests.fakes.twilio.world import Json, Message, Params, Settings, World, faults_of_text, refusal
from tests.fakes.webhooks import PAUSE_SECONDS, Poster

ACCOUNT_SID: Final = "AC" + "0123456789abcdef" * 2
AUTH_TOKEN: Final = "tokenThatMustNotShowUpInAnyLog00"
NUMBER: Final = "+14155550100"
SERVICE_SID: Final = "MG" + "fedcba9876543210" * 2

_API: Final = "/2010-04-01/Accounts/{account}"
_FORM: Final = "application/x-www-form-urlencoded"


#: of the account's one number
NUMBER_SID: Final = "PN" + "0" * 31 + "1"


class FakeTwilio:
    """One account's Twilio. `sender`: NUMBER or SERVICE_SID."""

    def __init__(
        self,
        sender: str = NUMBER,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        auto_reports: Sequence[str] = (),
        retry_seconds: float = PAUSE_SECONDS,
        seed: int = 1,
    ) -> None:
        self.account_sid, self.auth_token, self.sender = ACCOUNT_SID, AUTH_TOKEN, sender
        #: TWILIO_API_URL; known once the server runs
        self.url = ""
        self.world = World(ACCOUNT_SID, sender, NUMBER, clock, random.Random(seed))
        #: misfortunes by operation: CreateMessage, ListMessage, FetchAccount, …, "media"
        self.faults = Faults()
        #: every request's parameters, by operation, in the order they came
        self.calls: list[tuple[str, Params]] = []
        #: requests that Twilio's description does not allow; not empty at the end: the test fails
        self.violations: list[str] = []
        self.poster = Poster(self.world.changed, retry_seconds)
        #: states that are reported of every message without the test's doing
        self.auto_reports = tuple(auto_reports)
        self._spec = Spec()
        self._validator = RequestValidator(AUTH_TOKEN)
        self._inbound: dict[str, Params] = {}
        self._serving = AsyncExitStack()
        #: the storage that files are fetched from in the end, at another address
        self._storage_url = ""
        self._next_number = 6_281_200_000_001

    # -- what tests do with it

    @property
    def settings(self) -> Settings:
        """What the operator has entered at Twilio."""
        return self.world.settings

    @property
    def messages(self) -> list[Message]:
        """Messages taken from the program, oldest first."""
        return list(self.world.messages.values())

    def phone(self, number: str | None = None) -> Phone:
        """Return a person with a phone, who has not written yet."""
        if number is None:
            number = f"+{self._next_number}"
            self._next_number += 1
        return self.world.phones.setdefault(number, Phone(number, self))

    def carry(self, number: str, text: str, files: Sequence[tuple[str, bytes]] = (), **more: str) -> str:
        """Post what somebody sent to the program, as Twilio does. `more`: further parameters."""
        sid = self.world.new_sid("MM" if files else "SM")
        if number in self.world.phones:
            self.world.obey(self.world.phones[number], text)
        self._inbound[sid] = self._inbound_params(sid, number, text, files) | more
        self.deliver_again(sid)
        return sid

    def deliver_again(self, sid: str) -> None:
        """Post a message that came in once more, as after an answer that got lost."""
        self._post(self.settings.inbound_url, self._inbound[sid])

    def report(self, message: Message, status: str, *, error_code: int | None = None) -> None:
        """Tell the program what became of its message; in any order, any number of times."""
        message.status, message.error_code = status, error_code
        params = {
            "AccountSid": self.account_sid,
            "ApiVersion": "2010-04-01",
            "From": self.world.number,
            "MessageSid": message.sid,
            "MessageStatus": status,
            "SmsSid": message.sid,
            "SmsStatus": status,
            "To": message.to,
            **self._service_params(),
        }
        if error_code:
            params["ErrorCode"] = str(error_code)
        self._post(message.status_callback, params)

    def signature(self, url: str, params: Params) -> str:
        """Return the signature Twilio would send along."""
        return str(self._validator.compute_signature(url, params))

    def calls_of(self, operation: str) -> list[Params]:
        """Return the parameters of every call of an operation so far."""
        return [params for name, params in self.calls if name == operation]

    async def wait_for(self, condition: Callable[[], Any], timeout: float = 5.0) -> None:  # noqa: ASYNC109
        """Return once `condition` holds; it is tried after each request and each delivery."""
        await self.world.changed.wait_for(condition, timeout)

    # -- the server

    async def __aenter__(self) -> Self:
        self.url = await self._serving.enter_async_context(serving(self._app()))
        storage = Starlette(routes=[Route("/{sid}", self._on_storage, methods=["GET"])])
        self._storage_url = await self._serving.enter_async_context(serving(storage))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.faults.release_all()
        await self.poster.stop()
        await self._serving.aclose()
        if problem is None and self.violations:
            raise AssertionError("requests Twilio does not know:\n" + "\n".join(self.violations))

    def _app(self) -> Starlette:
        return Starlette(
            routes=[
                Route(f"{_API}/Messages.json", self._on_create, methods=["POST"]),
                Route(f"{_API}/Messages.json", self._on_list, methods=["GET"]),
                Route(f"{_API}.json", self._on_account, methods=["GET"]),
                Route(f"{_API}/IncomingPhoneNumbers.json", self._on_numbers, methods=["GET"]),
                Route(f"{_API}/IncomingPhoneNumbers/{{sid}}.json", self._on_update_number, methods=["POST"]),
                Route(f"{_API}/Messages/{{message}}/Media/{{sid}}", self._on_media, methods=["GET"]),
                Route("/v1/Services/{sid}", self._on_service, methods=["GET", "POST"]),
            ]
        )

    async def _on_create(self, request: Request) -> Response:
        def create(form: Params) -> Json:
            self.violations += faults_of_text(form.get("Body", ""))
            message = self.world.create(form)
            for status in self.auto_reports:
                self.report(message, status)
            return self.world.message_json(message)

        return await self._on_call(request, "CreateMessage", create, status=201)

    async def _on_list(self, request: Request) -> Response:
        def messages(query: Params) -> Json:
            found = [message for message in self.messages if query.get("To") in {None, message.to}]
            shown = [self.world.message_json(message) for message in reversed(found)]
            return _page("messages", shown[: int(query.get("PageSize", "50"))])

        return await self._on_call(request, "ListMessage", messages)

    async def _on_account(self, request: Request) -> Response:
        known = {
            "sid": self.account_sid,
            "status": self.settings.account_status,
            "type": self.settings.account_type,
        }
        shown = dict.fromkeys(self._spec.fields("account")) | known
        return await self._on_call(request, "FetchAccount", lambda _query: shown)

    async def _on_numbers(self, request: Request) -> Response:
        def numbers(query: Params) -> Json:
            shown = self._number_json()
            return _page("incoming_phone_numbers", [shown] * (query.get("PhoneNumber") == self.world.number))

        return await self._on_call(request, "ListIncomingPhoneNumber", numbers)

    async def _on_update_number(self, request: Request) -> Response:
        def update(form: Params) -> Json:
            if request.path_params["sid"] != NUMBER_SID:
                raise refusal(404, 20404, "The requested resource was not found")
            self.settings.inbound_url = form.get("SmsUrl", self.settings.inbound_url)
            self.settings.inbound_method = form.get("SmsMethod", self.settings.inbound_method)
            return self._number_json()

        return await self._on_call(request, "UpdateIncomingPhoneNumber", update)

    def _number_json(self) -> Json:
        known = {
            "sid": NUMBER_SID,
            "phone_number": self.world.number,
            "sms_url": self.settings.inbound_url,
            "sms_method": self.settings.inbound_method,
            "capabilities": {"voice": True, "sms": self.settings.takes_sms, "mms": False},
        }
        return dict.fromkeys(self._spec.fields("incoming_phone_number")) | known

    async def _on_service(self, request: Request) -> Response:
        """Answer for messaging.twilio.com, which has a description of its own."""
        if not self._is_authenticated(request):
            return _refused(refusal(401, 20003, "Authenticate"))
        if request.path_params["sid"] != self.world.service_sid:
            return _refused(refusal(404, 20404, "The requested resource was not found"))
        settings = self.settings
        if request.method == "POST":
            form = dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
            settings.inbound_url = form.get("InboundRequestUrl", settings.inbound_url)
            settings.inbound_method = form.get("InboundMethod", settings.inbound_method)
            if "UseInboundWebhookOnNumber" in form:
                settings.defers_to_numbers = form["UseInboundWebhookOnNumber"].lower() == "true"
        return JSONResponse(
            {
                "sid": self.world.service_sid,
                "account_sid": self.account_sid,
                "inbound_request_url": settings.inbound_url or None,
                "inbound_method": settings.inbound_method,
                "use_inbound_webhook_on_number": settings.defers_to_numbers,
            }
        )

    async def _on_media(self, request: Request) -> Response:
        """Lead on to the storage, as Twilio does."""
        if not self._is_authenticated(request):
            return _refused(refusal(401, 20003, "Authenticate"))
        sid = request.path_params["sid"]
        if (fault := self.faults.take("media")).refusal is not None:
            return _refused(fault.refusal)
        if sid not in self.world.files:
            return _refused(refusal(404, 20404, "The requested resource was not found"))
        return RedirectResponse(f"{self._storage_url}/{sid}", 307)

    async def _on_storage(self, request: Request) -> Response:
        if "authorization" in request.headers:
            self.violations.append("media: the credentials were sent to the storage as well")
        content_type, content = self.world.files[request.path_params["sid"]]
        return Response(content, media_type=content_type)

    async def _on_call(
        self, request: Request, operation: str, work: Callable[[Params], Json], *, status: int = 200
    ) -> Response:
        if not self._is_authenticated(request) or request.path_params["account"] != self.account_sid:
            return _refused(refusal(401, 20003, "Authenticate"))
        pairs = parse_qsl(request.url.query, keep_blank_values=True)
        if request.method == "POST":
            pairs += parse_qsl((await request.body()).decode(), keep_blank_values=True)
        self.calls.append((operation, dict(pairs)))
        violations = self._spec.faults(operation, pairs)
        self.violations += violations
        try:
            if violations:
                return _refused(refusal(400, 20001, violations[0]))
            return await self._answer(self.faults.take(operation), dict(pairs), work, status)
        except RefusalError as problem:
            return _refused(problem)
        finally:
            self.world.changed.notify()

    async def _answer(
        self, fault: Fault, params: Params, work: Callable[[Params], Json], status: int
    ) -> Response:
        if fault.refusal is not None:
            raise fault.refusal
        answer = work(params) if fault.has_effect else {}
        if fault.is_dropped and fault.has_effect:
            self.faults.lost_at.append(self.world.clock().timestamp())
        self.world.changed.notify()
        if fault.gate is not None:
            await fault.gate.pass_through()
        return HalfResponse(answer, status) if fault.is_dropped else JSONResponse(answer, status)

    def _is_authenticated(self, request: Request) -> bool:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        return scheme == "Basic" and b64decode(given).decode() == f"{self.account_sid}:{self.auth_token}"

    # -- webhooks

    def _post(self, url: str, params: Params) -> None:
        """Post to the program, and again as the address's fragment says; nothing if no address is entered."""
        if not url:
            return
        address, _, fragment = url.partition("#")
        overrides = dict(parse_qsl(fragment))
        body = urlencode(params).encode()
        headers = {"content-type": _FORM, "x-twilio-signature": self.signature(address, params)}
        policy = overrides.get("rp", "ct")
        self.poster.post(
            address,
            lambda: (body, headers),
            tries=1 + int(overrides.get("rc", "1")),
            is_repeated=lambda status: _is_repeated(status, policy),
        )

    def _inbound_params(self, sid: str, number: str, text: str, files: Sequence[tuple[str, bytes]]) -> Params:
        params = {
            "AccountSid": self.account_sid,
            "ApiVersion": "2010-04-01",
            "Body": text,
            "From": number,
            "FromCity": "",
            "FromCountry": "ID",
            "MessageSid": sid,
            "NumMedia": str(len(files)),
            "NumSegments": "1",
            "SmsMessageSid": sid,
            "SmsSid": sid,
            "SmsStatus": "received",
            "To": self.world.number,
            **self._service_params(),
        }
        for index, (content_type, content) in enumerate(files):
            media_sid = self.world.new_sid("ME")
            self.world.files[media_sid] = (content_type, content)
            params[f"MediaContentType{index}"] = content_type
            params[f"MediaUrl{index}"] = (
                f"https://api.twilio.com/2010-04-01/Accounts/{self.account_sid}/Messages/{sid}/Media/{media_sid}"
            )
        return params

    def _service_params(self) -> Params:
        return {"MessagingServiceSid": self.world.service_sid} if self.world.service_sid else {}


def _is_repeated(status: int | None, policy: str) -> bool:
    """Whether Twilio's retry policy covers an answer: ct (no connection), 4xx, 5xx, all."""
    if status is None:
        return policy in {"ct", "all"}
    kind = f"{status // 100}xx"
    return kind in {"4xx", "5xx"} and policy in {kind, "all"}


def _page(name: str, items: list[Json]) -> Json:
    return {name: items, "page": 0, "page_size": 50, "next_page_uri": None, "uri": "", "start": 0, "end": 0}


def _refused(problem: RefusalError) -> JSONResponse:
    code = problem.parameters.get("code", problem.status)
    answer = {
        "code": code,
        "message": problem.description,
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "status": problem.status,
    }
    return JSONResponse(answer, problem.status)
