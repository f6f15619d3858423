"""What all pages have in common: the reader's language, headers, the stylesheet, and errors that tell nothing."""

from collections.abc import Callable, Coroutine
from typing import Any

import httpx
import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.web.app import build_web
from bot.web.pages import Pages, asset, static_route
from handlers.service import Service

Get = Callable[..., Coroutine[Any, Any, httpx.Response]]
BROWSER = {"Accept": "text/html,*/*;q=0.8"}
SECRET = "rumah Budi di Rawak"


async def breaks(_request: Request) -> Response:
    raise ValueError(SECRET)


async def refuses(request: Request) -> Response:
    raise HTTPException(int(request.path_params["code"]), detail=SECRET, headers={"Retry-After": "60"})


def getter(service: Service, *, is_https: bool) -> Get:
    routes = [static_route(), Route("/breaks", breaks), Route("/refuses/{code}", refuses)]
    web = build_web(routes, Pages(service), is_https=is_https)
    transport = httpx.ASGITransport(web, raise_app_exceptions=False)

    async def get(path: str, **headers: str) -> httpx.Response:
        async with httpx.AsyncClient(transport=transport, base_url="https://kanal.example.id") as client:
            return await client.get(path, headers={**BROWSER, **headers})

    return get


@pytest.fixture
def get(service: Service) -> Get:
    return getter(service, is_https=True)


@pytest.mark.parametrize(("path", "status"), [("/breaks", 500), ("/nothing", 404), ("/refuses/429", 429)])
async def test_errors_tell_nothing(get: Get, path: str, status: int) -> None:
    """A browser gets a page of ours, a program a line, and neither learns what went wrong inside."""
    page, line = await get(path), await get(path, Accept="*/*")
    assert page.status_code == line.status_code == status
    assert page.headers["content-type"].startswith("text/html")
    assert line.headers["content-type"].startswith("text/plain")
    for answer in (page, line):
        said = answer.text + str(answer.headers)
        assert not any(word in said for word in (SECRET, "Budi", "ValueError", "Traceback", ".py"))
    assert (await get("/refuses/429")).headers["retry-after"] == "60"


async def test_headers(get: Get, service: Service) -> None:
    """Every answer, of errors too, forbids scripts and assets of others and frames; HTTPS lasts where it is there."""
    for path in ("/breaks", "/nothing", asset("kanal.css")):
        headers = (await get(path)).headers
        policy = headers["content-security-policy"].split("; ")
        assert {"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"} <= set(policy)
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["strict-transport-security"] == "max-age=31536000"  # of no other name of the region's
    assert "strict-transport-security" not in (await getter(service, is_https=False)("/nothing")).headers


@pytest.mark.parametrize(
    ("path", "accepted", "language"),
    [
        ("/nothing", "", "id"),
        ("/nothing", "de, en;q=0.7, id;q=0.5", "en"),
        ("/nothing", "id;q=0.4,en-GB;q=0.9", "en"),
        ("/nothing", "en;q=much", "id"),
        ("/nothing?lang=id", "en", "id"),
        ("/nothing?lang=xx", "en", "en"),
    ],
)
async def test_language(get: Get, path: str, accepted: str, language: str) -> None:
    """A page is in the language of its address, else of the browser, else of the deployment."""
    page = (await get(path, **{"Accept-Language": accepted})).text
    assert f'<html lang="{language}">' in page
    assert ("Halaman ini tidak ada" in page) == (language == "id")


async def test_language_stays(get: Get) -> None:
    """The links of a page keep the language chosen, and offer the other one at the same place."""
    page = (await get("/nothing?lang=en&k=%22%3Cb")).text
    assert 'href="/?lang=en"' in page
    assert 'href="/nothing?lang=id&amp;k=%22%3Cb"' in page


async def test_static(get: Get) -> None:
    """A stylesheet is kept by browsers as long as it is the same; nothing outside of its folder is given out."""
    kept, asked = await get(asset("kanal.css")), await get("/static/kanal.css")
    assert kept.headers["content-type"].startswith("text/css")
    assert kept.headers["cache-control"].endswith("immutable")
    assert asked.headers["cache-control"] == "no-cache"
    assert (await get("/static/..%2fpages.py")).status_code == 404
