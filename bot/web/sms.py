"""What the webhooks of the SMS providers have in common: an answer of 2xx means committed."""

from collections.abc import Awaitable, Callable

from starlette.responses import PlainTextResponse, Response

from bot.metrics import Metrics
from bot.writer import StorageUnavailable
from handlers.messages import DeliveryReport, Inbound
from storage.vocabulary import Channel

#: Returns once the message is committed. Raises StorageUnavailable.
Receive = Callable[[Inbound], Awaitable[object]]
#: Returns once the report is committed. Raises StorageUnavailable.
OnReport = Callable[[DeliveryReport], Awaitable[object]]


class Edge:
    """The answers that all of them give."""

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
