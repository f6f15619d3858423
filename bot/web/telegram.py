"""POST /telegram/webhook: proof, size and form are checked here; 200 means committed."""

import hmac
import json

import structlog
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.inbound import UnreadableUpdateError, read_update
from bot.clock import Clock
from bot.inbox import Inbox
from bot.metrics import Metrics
from bot.settings import TELEGRAM_PATH
from bot.web.app import read_body
from bot.writer import StorageUnavailable
from storage.vocabulary import Channel

log = structlog.get_logger()

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name


def telegram_route(
    channel: TelegramChannel, secret: str, inbox: Inbox, clock: Clock, metrics: Metrics
) -> Route:
    async def webhook(request: Request) -> Response:
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), secret.encode()):
            metrics.refused.labels(Channel.TELEGRAM).inc()
            return PlainTextResponse("forbidden\n", status_code=403)
        body = await read_body(request)
        if body is None:
            return PlainTextResponse("too large\n", status_code=413)
        try:
            update = read_update(json.loads(body), now=clock.now(), username=channel.username)
        except (ValueError, UnreadableUpdateError, AttributeError, RecursionError):
            return PlainTextResponse("malformed\n", status_code=400)
        if update.press_id is not None:
            channel.answer_press_soon(update.press_id)
        if update.inbound is None:
            metrics.ignored.labels(Channel.TELEGRAM).inc()
            return Response(status_code=200)
        try:
            await inbox.receive(update.inbound)
        except StorageUnavailable:
            return PlainTextResponse("try again\n", status_code=503)
        return Response(status_code=200)

    return Route(TELEGRAM_PATH, webhook, methods=["POST"])
