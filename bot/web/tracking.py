"""GET /lacak, /lacak/{number}: where a report stands, for whoever knows its number; of a secret one, its address too.

What is not there and what is not to be seen get the same answer, after the same look into the database.
"""

import asyncio
from datetime import datetime
from typing import Final
from urllib.parse import quote

from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.clock import Clock
from bot.links import PAGE_PATH, opens_page
from bot.web.pages import Pages, to
from bot.web.throttle import Throttle
from handlers import deep_links, pages_wording, report_wording, tracking
from handlers.cases.numbers import find_number, show
from handlers.tracking import Tracked
from storage.db import Database
from storage.vocabulary import Language

#: longer than a number with everything people put into it
_LONGEST: Final = 40
_NOINDEX: Final = {"X-Robots-Tag": "noindex, nofollow"}


def tracking_routes(database: Database, pages: Pages, clock: Clock) -> list[Route]:
    service, throttle = pages.service, Throttle(clock.monotonic)

    def look_up(number: str, language: Language, now: datetime, *, has_key: bool) -> Tracked | None:
        with database.reading() as uow:
            return tracking.look_up(uow, service, service.voice(language), number, now, has_key=has_key)

    async def ask(request: Request) -> Response:
        return _asked(request, pages)

    async def show_report(request: Request) -> Response:
        typed = request.path_params["number"]
        number = _read(pages, typed)
        if number is None:
            return _form(request, pages, typed=typed, status=404)
        has_key = opens_page(database.vault, number, request.query_params.get("k", ""))
        if not has_key and (seconds := throttle.take(request)):
            raise HTTPException(429, headers={"Retry-After": str(seconds)})
        try:
            language = pages.language_of(request)
            found = await asyncio.to_thread(look_up, number, language, clock.now(), has_key=has_key)
        except SQLAlchemyError:
            raise HTTPException(503, headers={"Retry-After": "60"}) from None
        if found is None:  # stays counted
            return _form(
                request, pages, typed=show(service.deployment.number, number), status=404, is_whole=True
            )
        if not has_key:
            throttle.refund(request)
        return _page(request, pages, found)

    return [Route(PAGE_PATH, ask), Route(f"{PAGE_PATH}/{{number}}", show_report)]


def _root(request: Request) -> str:
    """Return what stands before our paths where they are mounted below another one."""
    return str(request.scope.get("root_path", ""))


def _read(pages: Pages, typed: str) -> str | None:
    """Return the digits of a number that can be one of ours; no database is asked about others."""
    found = find_number(pages.service.deployment.number, typed) if len(typed) <= _LONGEST else None
    return found.number if found and found.is_valid else None


def _asked(request: Request, pages: Pages) -> Response:
    """Return what the form leads to: the page of the number typed, or the form."""
    typed = request.query_params.get("nomor", "").strip()
    if not typed:
        return _form(request, pages)
    number = _read(pages, typed)
    if number is None:
        return _form(request, pages, typed=typed, status=400)
    return RedirectResponse(to(request, f"{_root(request)}{PAGE_PATH}/{number}"), 303)


def _form(
    request: Request, pages: Pages, *, typed: str = "", status: int = 200, is_whole: bool = False
) -> Response:
    """Return the page that asks for a number; `is_whole`: the one typed can be one, but there is nothing to show."""
    return pages.render(
        request,
        "track_form.html",
        status=status,
        headers=_NOINDEX,
        root=_root(request),
        typed=typed[:_LONGEST],
        is_whole=is_whole,
        example=show(pages.service.deployment.number, report_wording.EXAMPLE_NUMBER),
    )


def _page(request: Request, pages: Pages, found: Tracked) -> Response:
    deployment = pages.service.deployment
    voice = pages.service.voice(pages.language_of(request))
    payload = deep_links.payload_of(found.word, found.number) if found.word else ""
    command = voice.text(pages_wording.COMMANDS[found.word], number=found.number) if found.word else ""
    return pages.render(
        request,
        "track.html",
        headers=_NOINDEX,
        root=_root(request),
        report=found,
        shown=show(deployment.number, found.number),
        command=command,
        telegram=deep_links.chat_link(deployment.contact, payload),
        sms=sms_link(pages, command),
    )


def sms_link(pages: Pages, body: str) -> str | None:
    """Return the address that begins an SMS to us (RFC 5724); None: nobody has said our number."""
    number = pages.service.deployment.contact.sms
    return number and f"sms:{number.replace(' ', '').replace('-', '')}?body={quote(body)}"
