"""The webhook that SMS Gateway for Android calls: proof, size and form are checked here."""

import json
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.sms.smsgate.channel import WEBHOOK_PATH
from bot.channels.sms.smsgate.inbound import read_event
from bot.channels.sms.smsgate.wire import SIGNATURE_HEADER, TIMESTAMP_HEADER, is_proved
from bot.clock import Clock
from bot.metrics import Metrics
from bot.web.app import read_body
from bot.web.sms import Edge, OnReport, Receive
from handlers.messages import DeliveryReport, Inbound


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
    edge = Edge(metrics)

    async def webhook(request: Request) -> Response:
        signature = request.headers.get(SIGNATURE_HEADER, "")
        timestamp = request.headers.get(TIMESTAMP_HEADER, "")
        if not signature:
            return edge.refused()
        body = await read_body(request)
        if body is None:
            return edge.too_large()
        if not is_proved(body, signature, timestamp, webhook_key, clock.now()):
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


def _object(body: bytes) -> Mapping[str, object]:
    value = json.loads(body)
    if not isinstance(value, dict):
        raise ValueError("not an object")  # noqa: TRY004 - malformed, like what is no JSON at all
    return value
