"""Lets only this computer's own browser in, and only from the simulator's own pages; nobody by way of a proxy.

The address is loopback, but any page in the same browser could send forms there, and a name of its own that it lets
point to 127.0.0.1 (DNS rebinding) would make it read as well.
"""

from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.web.origin import is_forwarded

_NAMES: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_READS: Final = frozenset({"GET", "HEAD"})


class Guard:
    def __init__(self, app: ASGIApp, host: str) -> None:
        self._app = app
        self._names = _NAMES | {host}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        is_near = _is_loopback(scope) and not is_forwarded(headers) and self._is_ours(headers)
        is_let_in = is_near and (scope["method"] in _READS or _is_own_form(headers))
        answer = self._app if is_let_in else PlainTextResponse("forbidden\n", 403)
        await answer(scope, receive, send)

    def _is_ours(self, headers: Headers) -> bool:
        """Tell whether the browser believes to speak to this computer."""
        try:
            return urlsplit(f"//{headers.get('host', '')}").hostname in self._names
        except ValueError:
            return False


def _is_loopback(scope: Scope) -> bool:
    try:
        return ip_address(scope["client"][0]).is_loopback
    except (TypeError, ValueError):  # nobody knows who asks
        return False


def _is_own_form(headers: Headers) -> bool:
    """Tell whether a page of ours sent it: by Sec-Fetch-Site, in browsers without it by Origin."""
    if site := headers.get("sec-fetch-site"):
        return site == "same-origin"
    return headers.get("origin") == f"http://{headers.get('host')}"
