"""What the gateway's library makes its calls by."""

import json
from http import HTTPStatus
from typing import Any

from android_sms_gateway.errors import error_from_status

from bot.channels.http import Http


class GatewayHttp:
    """The library's AsyncHttpClient over our connections, as far as we use it.

    The library's own follows redirects, to hosts that texts and numbers are not for, and takes JSON under another
    content type for nothing, so that a message that was taken would seem not to be.
    """

    def __init__(self, http: Http) -> None:
        self._http = http

    async def get(self, url: str, *, headers: dict[str, str] | None = None) -> Any:
        return await self._call("GET", url, headers=headers)

    async def post(self, url: str, payload: Any, *, headers: dict[str, str] | None = None) -> Any:
        return await self._call("POST", url, headers=headers, json=payload)

    async def _call(self, method: str, url: str, **more: Any) -> Any:
        """Return what is answered. Raises the library's APIError, BrokenOff, and ValueError of what is no JSON."""
        async with self._http.request(method, url, **more) as answer:
            status, body = answer.status, await answer.read()
        if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            return json.loads(body) if body else {}
        raise error_from_status("refused", status, _read(body))


def _read(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None
