"""Pages for browsers: templates, the reader's language, and the files of our own that pages load.

`/static/…` is asked for with a hash of what it holds, so that a browser may keep it for good.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from handlers import pages_wording
from handlers.service import Service
from storage.vocabulary import Language

if TYPE_CHECKING:
    from jinja2 import Environment

STATIC_PATH: Final = "/static"
_STATIC_FOLDER: Final = Path(__file__).parent / "static"
#: pages are made for their reader
_NOT_KEPT: Final = "no-store"
#: how each language calls itself
_NAMES: Final = {Language.INDONESIAN: "Bahasa Indonesia", Language.ENGLISH: "English"}


@cache
def templates() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - until the first page is asked for

    return Environment(
        loader=PackageLoader("bot.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@dataclass(frozen=True, slots=True)
class Pages:
    """Makes pages of the deployment. `simulator`: where it is, if it is on."""

    service: Service
    simulator: str | None = None

    def render(
        self,
        request: Request,
        template: str,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        **values: object,
    ) -> HTMLResponse:
        """Return a page in the reader's language. In templates: `say(words.TITLE, name=…)`, `asset`, `to`."""
        text = self.piece(request, template, **values)
        given = {"Cache-Control": _NOT_KEPT, "Vary": "Accept-Language", **(headers or {})}
        return HTMLResponse(text, status, given)

    def piece(self, request: Request, template: str, **values: object) -> str:
        """Return a page, or a part of one, as HTML."""
        language = self.language_of(request)
        deployment = self.service.deployment
        return (
            templates()
            .get_template(template)
            .render(
                language=language,
                say=self.service.voice(language).text,
                words=pages_wording,
                deployment=deployment,
                service_name=deployment.service_name[language],
                other_languages=[
                    (one, _NAMES[one], _in_language(request, one))
                    for one in deployment.languages
                    if one is not language
                ],
                simulator=self.simulator,
                asset=asset,
                to=lambda path: to(request, path),
                asked_language=request.query_params.get("lang"),
                **values,
            )
        )

    def language_of(self, request: Request) -> Language:
        """Return the language asked for in the address, else by the browser, else the deployment's first."""
        spoken = self.service.deployment.languages
        wanted = [request.query_params.get("lang", ""), *_accepted(request)]
        return next((Language(one) for one in wanted if one in spoken), spoken[0])


def _accepted(request: Request) -> list[str]:
    """Return the codes of the languages the browser asks for, the dearest first ("id-ID;q=0.9" is "id")."""
    found = []
    for part in request.headers.get("accept-language", "").split(","):
        tag, _, weight = part.strip().partition(";q=")
        try:
            found.append((float(weight or 1), tag.split("-")[0].lower()))
        except ValueError:
            continue
    return [code for _, code in sorted(found, key=lambda one: -one[0])]


def to(request: Request, path: str) -> str:
    """Return the address of another page, in the language that was asked for in this one's."""
    asked = request.query_params.get("lang")
    return f"{path}?{urlencode({'lang': asked})}" if asked else path


def _in_language(request: Request, language: Language) -> str:
    """Return this page's address in another language."""
    return f"{request.url.path}?{urlencode({**request.query_params, 'lang': language.value})}"


def asset(name: str) -> str:
    """Return the address of a file of our own; another one once the file changes."""
    return f"{STATIC_PATH}/{name}?v={_version(name)}"


@cache
def _version(name: str) -> str:
    return sha256((_STATIC_FOLDER / name).read_bytes()).hexdigest()[:12]


class _Static(StaticFiles):
    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        is_named_whole = scope["query_string"].startswith(b"v=")
        response.headers["Cache-Control"] = (
            "public, max-age=31536000, immutable" if is_named_whole else "no-cache"
        )
        return response


def static_route() -> Mount:
    return Mount(STATIC_PATH, _Static(directory=_STATIC_FOLDER))
