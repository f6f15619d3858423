"""The web server's routes, and what every answer has in common."""

from collections.abc import Awaitable, Callable, Sequence

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute

#: larger than any update; what is larger is refused unread
MAX_BODY_BYTES = 1_000_000

Endpoint = Callable[[Request], Awaitable[Response]]


def build_web(routes: Sequence[BaseRoute]) -> Starlette:
    return Starlette(routes=list(routes), exception_handlers={404: _not_found, 405: _not_found, 500: _broken})


async def _not_found(_request: Request, _error: Exception) -> Response:
    return PlainTextResponse("not found\n", status_code=404)


async def _broken(_request: Request, _error: Exception) -> Response:
    return PlainTextResponse("something went wrong\n", status_code=500)


async def read_body(request: Request) -> bytes | None:
    """Return the body, or None when it is larger than we take; never reads more than that."""
    announced = request.headers.get("content-length", "0")
    if announced.isdecimal() and int(announced) > MAX_BODY_BYTES:
        return None
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            return None
    return bytes(body)
