"""The webhooks that Twilio calls: proof, size and form are checked here."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl

from starlette.datastructures import ImmutableMultiDict
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from twilio.request_validator import SIGNATURE_HEADER, RequestValidator

from bot.channels.sms.twilio.channel import INBOUND_PATH, STATUS_PATH
from bot.channels.sms.twilio.inbound import read_inbound, read_status
from bot.clock import Clock
from bot.metrics import Metrics
from bot.web.app import read_body
from bot.web.sms import Edge, OnReport, Receive

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
    root, validator, edge = public_url.rstrip("/"), RequestValidator(auth_token), Edge(metrics)

    async def inbound(request: Request) -> Response:
        params = await _params(request, f"{root}{INBOUND_PATH}", validator, edge)
        if isinstance(params, Response):
            return params
        try:
            message = read_inbound(params, now=clock.now(), region=region)
        except ValueError:
            return edge.malformed()
        done = Response(_EMPTY_TWIML, media_type="text/xml")
        return await edge.taken(receive(message) if message else None, done)

    async def status(request: Request) -> Response:
        params = await _params(request, f"{root}{STATUS_PATH}", validator, edge)
        if isinstance(params, Response):
            return params
        try:
            report = read_status(params, now=clock.now())
        except ValueError:
            return edge.malformed()
        return await edge.taken(on_report(report) if report else None, Response(status_code=204))

    return [Route(INBOUND_PATH, inbound, methods=["POST"]), Route(STATUS_PATH, status, methods=["POST"])]


async def _params(
    request: Request, url: str, validator: RequestValidator, edge: Edge
) -> Mapping[str, str] | Response:
    """Return every parameter, as it came, once the signature over `url` and all of them is proved."""
    signature = request.headers.get(SIGNATURE_HEADER, "")
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
