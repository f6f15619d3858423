"""A load balancer: each request to the next of several servers that takes it."""

import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from tests.fakes.loopback import serving


@asynccontextmanager
async def balancing(servers: Sequence[str]) -> AsyncIterator[str]:
    """Balance as long as the block lasts; gives the URL. `servers` may change meanwhile."""
    turns = itertools.count()

    async def pass_on(request: Request) -> Response:
        body, headers = await request.body(), request.headers.raw
        for _ in servers:
            server = servers[next(turns) % len(servers)]
            try:
                answer = await client.post(server + request.url.path, content=body, headers=headers)
            except httpx.TransportError:
                continue  # it stops, or is not there: the next one
            return Response(answer.content, answer.status_code)
        return PlainTextResponse("nobody there\n", status_code=502)

    # A connection for each request, so that none is used that a server is about to close.
    limits = httpx.Limits(max_keepalive_connections=0)
    app = Starlette(routes=[Route("/{path:path}", pass_on, methods=["POST"])])
    async with httpx.AsyncClient(trust_env=False, limits=limits) as client, serving(app) as url:
        yield url
