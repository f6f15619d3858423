"""The webhooks of the SMS providers: proof, size and form are checked here; an answer of 2xx means committed."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Final
from urllib.parse import parse_qsl

from starlette.datastructures import ImmutableMultiDict
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from twilio.request_validator import SIGNATURE_HEADER as TWILIO_SIGNATURE_HEADER
from twilio.request_validator import RequestValidator

from bot.channels.sms.smsgate import wire as smsgate
from bot.channels.sms.smsgate.channel import WEBHOOK_PATH
from bot.channels.sms.smsgate.inbound import read_event
from bot.channels.sms.twilio.channel import INBOUND_PATH, STATUS_PATH
from bot.channels.sms.twilio.inbound import read_inbound, read_status
from bot.clock import Clock
from bot.metrics import Metrics
from bot.web.app import read_body
from bot.writer import StorageUnavailable
from handlers.messages import DeliveryReport, Inbound
from storage.vocabulary import Channel

#: Returns once the message is committed. Raises StorageUnavailable.
Receive = Callable[[Inbound], Awaitable[object]]
#: Returns once the report is committed. Raises StorageUnavailable.
OnReport = Callable[[DeliveryReport], Awaitable[object]]

#: Nothing is said in the answer: the reply goes out by the outbox, with an id, a report and repeats.
_EMPTY_TWIML: Final = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
_MAX_FIELDS: Final = 1000


def twilio_routes(
    auth_token: str,
    public_url: str,
    region: str,
    *,
    receive: Receive,
    on_report: OnReport,
    clock: Clock,
    metrics: Metrics,
) -> list[Route]:
    """Return the routes that Twilio calls. `public_url`: the one entered there, by which it signs."""
    root, validator, edge = public_url.rstrip("/"), RequestValidator(auth_token), _Edge(metrics)

    async def inbound(request: Request) -> Response:
        params = await _twilio_params(request, f"{root}{INBOUND_PATH}", validator, edge)
        if isinstance(params, Response):
            return params
        try:
            message = read_inbound(params, now=clock.now(), region=region)
        except ValueError:
            return edge.malformed()
        done = Response(_EMPTY_TWIML, media_type="text/xml")
        return await edge.taken(receive(message) if message else None, done)

    async def status(request: Request) -> Response:
        params = await _twilio_params(request, f"{root}{STATUS_PATH}", validator, edge)
        if isinstance(params, Response):
            return params
        try:
            report = read_status(params, now=clock.now())
        except ValueError:
            return edge.malformed()
        return await edge.taken(on_report(report) if report else None, Response(status_code=204))

    return [Route(INBOUND_PATH, inbound, methods=["POST"]), Route(STATUS_PATH, status, methods=["POST"])]


def smsgate_route(
    webhook_key: str,
    region: str,
    *,
    receive: Receive,
    on_report: OnReport,
    clock: Clock,
    metrics: Metrics,
) -> Route:
    """Return the route that the phone calls. `webhook_key`: the signing key set in the app."""
    edge = _Edge(metrics)

    async def webhook(request: Request) -> Response:
        signature = request.headers.get(smsgate.SIGNATURE_HEADER, "")
        timestamp = request.headers.get(smsgate.TIMESTAMP_HEADER, "")
        if not signature:
            return edge.refused()
        body = await read_body(request)
        if body is None:
            return edge.too_large()
        if not smsgate.is_proved(body, signature, timestamp, webhook_key, clock.now()):
            return edge.refused()
        try:
            event = read_event(_object(body), now=clock.now(), region=region)
        except (ValueError, RecursionError):
            return edge.malformed()
        match event:
            case Inbound():
                return await edge.taken(receive(event), Response())
            case DeliveryReport():
                return await edge.taken(on_report(event), Response())
            case None:
                return await edge.taken(None, Response())

    return Route(WEBHOOK_PATH, webhook, methods=["POST"])


class _Edge:
    """The answers that all three have in common."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def refused(self) -> Response:
        self._metrics.refused.labels(Channel.SMS).inc()
        return PlainTextResponse("forbidden\n", status_code=403)

    def too_large(self) -> Response:
        return PlainTextResponse("too large\n", status_code=413)

    def malformed(self) -> Response:
        return PlainTextResponse("malformed\n", status_code=400)

    async def taken(self, work: Awaitable[object] | None, done: Response) -> Response:
        """Answer `done` once `work` is committed; without work there is nothing for us in it."""
        if work is None:
            self._metrics.ignored.labels(Channel.SMS).inc()
            return done
        try:
            await work
        except StorageUnavailable:
            return PlainTextResponse("try again\n", status_code=503)
        return done


async def _twilio_params(
    request: Request, url: str, validator: RequestValidator, edge: _Edge
) -> Mapping[str, str] | Response:
    """Return every parameter, as it came, once the signature over `url` and all of them is proved."""
    signature = request.headers.get(TWILIO_SIGNATURE_HEADER, "")
    if not signature:
        return edge.refused()
    body = await read_body(request)
    if body is None:
        return edge.too_large()
    try:
        pairs = parse_qsl(body.decode(errors="replace"), keep_blank_values=True, max_num_fields=_MAX_FIELDS)
    except ValueError:
        return edge.malformed()
    params = ImmutableMultiDict(pairs)
    return params if validator.validate(url, params, signature) else edge.refused()


def _object(body: bytes) -> Mapping[str, object]:
    value = json.loads(body)
    if not isinstance(value, dict):
        raise ValueError("not an object")  # noqa: TRY004 - malformed, like what is no JSON at all
    return value
