"""GET /f/…: a file that was announced in an SMS, for those who have its address, until that ends."""

import asyncio
from collections.abc import Mapping
from typing import Final

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.clock import Clock
from bot.files import FileStore
from bot.links import PATH, read_token
from handlers.files import shown_type
from storage.crypto import BadKey
from storage.db import Database
from storage.queries import attachments
from storage.vocabulary import AttachmentState

#: no script; but browsers fit a picture to the screen by styles of their own, and play or show the rest inside a page
_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; media-src 'self'; object-src 'self'; "
    "frame-ancestors 'none'"
)
_HEADERS: Final[Mapping[str, str]] = {
    "Cache-Control": "private, no-store",
    "Content-Disposition": "inline",
    "Content-Security-Policy": _POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
_GONE: Final = """\
Berkas ini tidak ada atau sudah tidak dapat dibuka.
This file does not exist or can no longer be opened.
"""


def file_route(database: Database, store: FileStore, clock: Clock) -> Route:
    def find(token: str) -> tuple[str, bytes] | None:
        """Return media type and bytes; None alike for what is forged, over, erased or not kept."""
        attachment_id = read_token(database.vault, token, clock.now())
        if attachment_id is None:
            return None
        with database.reading() as uow:
            found = attachments.list_shown(uow, [attachment_id])
        if not found or found[0].state != AttachmentState.STORED:
            return None
        try:
            return shown_type(found[0].media_type), store.load(found[0].digest)
        except (OSError, BadKey):
            return None

    async def show(request: Request) -> Response:
        try:
            found = await asyncio.to_thread(find, request.path_params["token"])
        except SQLAlchemyError:
            return PlainTextResponse("try again\n", 503, _HEADERS)
        if found is None:
            return PlainTextResponse(_GONE, 404, _HEADERS)
        media_type, content = found
        return Response(content, media_type=media_type, headers=dict(_HEADERS))

    return Route(f"{PATH}{{token}}", show)
