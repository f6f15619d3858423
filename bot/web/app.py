"""The web server's routes, and what every answer has in common."""

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from bot.web.pages import Pages
from bot.web.security import SecurityHeaders

#: larger than any update; what is larger is refused unread
MAX_BODY_BYTES = 1_000_000

#: what programs are told
_PLAIN = {404: "not found", 413: "too large", 429: "too many requests", 503: "try again"}


def build_web(routes: Sequence[BaseRoute], pages: Pages, *, is_https: bool = False) -> ASGIApp:
    """Return the application; `is_https`: the world reaches it by HTTPS alone."""

    async def failed(request: Request, error: Exception) -> Response:
        status, headers = (
            (error.status_code, error.headers) if isinstance(error, HTTPException) else (500, None)
        )
        if status == 405:  # what only providers use is nobody else's business
            status, headers = 404, None
        if "text/html" not in request.headers.get("accept", ""):  # a provider, a monitor
            text = _PLAIN.get(status, "something went wrong")
            return PlainTextResponse(f"{text}\n", status_code=status, headers=headers)
        return pages.render(request, "error.html", status=status, headers=headers, code=status)

    web = Starlette(routes=list(routes), exception_handlers={HTTPException: failed, 500: failed})
    return SecurityHeaders(web, is_https=is_https)


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
