"""GET /health/live, /health/ready and /metrics; the last for who asks straight, not through the proxy of the public."""

import asyncio
import contextlib

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.metrics import Metrics
from bot.web.origin import is_forwarded
from storage.db import Database
from storage.queries import inbox, outbox


def health_routes(database: Database, metrics: Metrics) -> list[Route]:
    async def live(_request: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def ready(_request: Request) -> Response:
        try:
            await asyncio.to_thread(_ping, database)
        except SQLAlchemyError:
            return PlainTextResponse("database out of reach\n", status_code=503)
        return PlainTextResponse("ok\n")

    async def show_metrics(request: Request) -> Response:
        if is_forwarded(request.headers):
            raise HTTPException(404)
        with contextlib.suppress(SQLAlchemyError):  # the counters are worth having all the more
            await asyncio.to_thread(_refresh, database, metrics)
        return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)

    return [
        Route("/health/live", live),
        Route("/health/ready", ready),
        Route("/metrics", show_metrics),
    ]


def _ping(database: Database) -> None:
    with database.reading() as uow:
        uow.connection.execute(text("SELECT 1 FROM deployment"))


def _refresh(database: Database, metrics: Metrics) -> None:
    with database.reading() as uow:
        metrics.waiting.clear()
        for channel, count in outbox.count_open(uow).items():
            metrics.waiting.labels(channel).set(count)
        metrics.failures.set(inbox.count_failures(uow))
