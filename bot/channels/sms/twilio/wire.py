"""How the Twilio library reaches Twilio, and what its errors mean to us."""

import json
from base64 import b64encode
from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import urlencode, urlsplit, urlunsplit

from twilio.http import AsyncHttpClient
from twilio.http.response import Response

from bot.channels.base import FetchError, SendError
from bot.channels.http import Http
from storage.vocabulary import Fault

Json = dict[str, Any]

#: Where files are fetched from with our credentials; they lead nowhere else.
_MEDIA_HOST: Final = "api.twilio.com"

#: Twilio's codes → what they mean for a message, when it is sent and when it is reported on.
#: Source: https://www.twilio.com/docs/api/errors, one page for each number (November 2026).
FAULTS: Final[Mapping[int, Fault]] = MappingProxyType(
    {
        20003: Fault.MISCONFIGURED,  # account number or token wrong
        20005: Fault.MISCONFIGURED,  # account not active
        20429: Fault.THROTTLED,  # too many requests
        21211: Fault.BLOCKED,  # not a number
        21408: Fault.MISCONFIGURED,  # region not switched on in the account
        21603: Fault.MISCONFIGURED,  # no sender
        21606: Fault.MISCONFIGURED,  # the sender is not ours, or not for SMS
        21609: Fault.MISCONFIGURED,  # the address for reports is refused
        21610: Fault.BLOCKED,  # opted out
        21611: Fault.THROTTLED,  # the sender's queue is full
        21612: Fault.MISCONFIGURED,  # no route from this sender
        21614: Fault.BLOCKED,  # not a mobile number
        21617: Fault.REJECTED,  # too long: a fault of ours
        21703: Fault.MISCONFIGURED,  # the Messaging Service has no sender
        30001: Fault.THROTTLED,  # queue full
        30002: Fault.MISCONFIGURED,  # account suspended
        30003: Fault.UNREACHABLE,  # phone off or out of reach
        30004: Fault.BLOCKED,  # blocked
        30005: Fault.BLOCKED,  # unknown number
        30006: Fault.BLOCKED,  # landline, or a carrier out of reach
        30007: Fault.REJECTED,  # the carrier's filter: the wording has to be looked at
        30008: Fault.UNREACHABLE,  # unknown
        30017: Fault.THROTTLED,  # carrier congested
    }
)
#: Codes after which the message may have been taken all the same.
UNCERTAIN: Final = frozenset({"timeout", "broken_off", "unreadable", "server"})


class QuietHttpClient(AsyncHttpClient):  # type: ignore[misc] # the library has no types
    """The library's HTTP over our connections: any host for Twilio's, no request logged."""

    def __init__(self, api_root: str | None, *, connect_timeout: float, read_timeout: float) -> None:
        super().__init__(logger=None, is_async=True, timeout=read_timeout)
        self._root = urlsplit(api_root) if api_root else None
        self._http = Http(read_timeout=read_timeout, connect_timeout=connect_timeout)

    async def close(self) -> None:
        await self._http.close()

    async def request(  # noqa: PLR0917 - the library's signature
        self,
        method: str,
        uri: str,
        params: Mapping[str, object] | None = None,
        data: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109 - one for all calls
        allow_redirects: bool = False,  # noqa: FBT001, FBT002
    ) -> Response:
        """Make one request. Raises BrokenOff."""
        url = f"{uri}?{urlencode(params)}" if params else uri
        async with self._http.request(
            method,
            self._placed(url),
            data=urlencode(data) if data else None,
            headers={**(headers or {}), **(_basic(auth) if auth else {})},
            allow_redirects=allow_redirects,
        ) as answer:
            text = (await answer.read()).decode(errors="replace")
            return Response(answer.status, text, answer.headers)

    async def download(self, url: str, max_bytes: int, auth: tuple[str, str]) -> bytes:
        """Return the file at one of Twilio's media addresses. Raises FetchError, BrokenOff.

        Twilio leads on to a storage of another host, which the credentials are not sent to.
        """
        if not self._is_ours(url):
            raise FetchError("foreign_address", is_final=True)
        content = bytearray()
        async with self._http.request(
            "GET", self._placed(url), headers=_basic(auth), allow_redirects=True
        ) as answer:
            _check_download(answer.status)
            async for chunk in answer.content.iter_any():
                content += chunk
                if len(content) > max_bytes:
                    raise FetchError("too_big", is_final=True)
        return bytes(content)

    def _placed(self, url: str) -> str:
        """Return the address with the host that stands for Twilio's."""
        if self._root is None:
            return url
        return urlunsplit(urlsplit(url)._replace(scheme=self._root.scheme, netloc=self._root.netloc))

    def _is_ours(self, url: str) -> bool:
        parts = urlsplit(url)
        if (parts.scheme, parts.netloc) == ("https", _MEDIA_HOST):
            return True
        return self._root is not None and parts.netloc == self._root.netloc


def _basic(auth: tuple[str, str]) -> dict[str, str]:
    return {"Authorization": f"Basic {b64encode(':'.join(auth).encode()).decode()}"}


def _check_download(status: int) -> None:
    """Raise FetchError unless the file comes. What is not there yet, or not ours to see, may be so later."""
    if status != HTTPStatus.OK:
        raise FetchError(str(status), is_final=status in {HTTPStatus.BAD_REQUEST, HTTPStatus.GONE})


def read_answer(status: int, text: str) -> Json:
    """Return what Twilio answers. Raises SendError; Twilio's own words stay behind: they name numbers."""
    try:
        said = json.loads(text)
    except ValueError:
        said = None
    if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        code = said.get("code") if isinstance(said, dict) else None
        raise _refused(status, code if isinstance(code, int) and code else status)
    if not isinstance(said, dict):
        raise unreadable()
    return said


def unreadable() -> SendError:
    """Return what it means that an answer is not what Twilio answers."""
    return SendError(Fault.UNREACHABLE, code="unreadable")


def fault_of(code: int) -> Fault:
    """Return what one of Twilio's codes means; most of those not in the table concern the message."""
    return FAULTS.get(code, Fault.REJECTED)


def _refused(status: int, code: int) -> SendError:
    if code in FAULTS:
        return SendError(FAULTS[code], code=str(code))
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return SendError(Fault.THROTTLED, code=str(code))
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return SendError(Fault.UNREACHABLE, code="server")
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}:
        return SendError(Fault.MISCONFIGURED, code=str(code))
    return SendError(Fault.REJECTED, code=str(code))
