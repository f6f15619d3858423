"""The library's calls over aiohttp: one costs a seventh of what it costs over httpx (0.1 ms of CPU, not 0.7).

Parameters leave as JSON, which Telegram takes like a form: https://core.telegram.org/bots/api#making-requests.

It is loaded with the first call: that takes 65 ms, half of them for certificates, and nobody could reach us meanwhile.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast
from urllib.request import getproxies, proxy_bypass

from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData
from yarl import URL

if TYPE_CHECKING:
    import aiohttp


@dataclass(frozen=True, slots=True)
class _Plain:
    """Parameters that are JSON already, in the form of the library's RequestData."""

    parameters: Mapping[str, Any]
    contains_files = False


class LeanRequest(BaseRequest):
    """Connections to Telegram. Logs no answer it cannot read: that may hold what people wrote."""

    def __init__(self, connections: int = 256, *, read_timeout: float, connect_timeout: float) -> None:
        self._connections = connections
        self._read_timeout = read_timeout
        self._connect_timeout = connect_timeout
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return self._read_timeout

    async def initialize(self) -> None:
        """Return at once: the first call opens the connections."""

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def call(self, url: str, parameters: Mapping[str, Any]) -> Any:
        """Return what a method answers, as JSON; parameters that are None are left out. Raises TelegramError.

        For what is called with every message: objects for the parameters and the answer, as the library's `Bot`
        makes them, cost more than the call itself (0.2 ms of CPU).
        """
        given = {name: value for name, value in parameters.items() if value is not None}
        return await self.post(url, cast("RequestData", _Plain(given)))

    async def do_request(  # noqa: PLR0917 - the library's own
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - who sends limits the whole
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - there are more connections than we use
    ) -> tuple[int, bytes]:
        """Return status and body. Raises TimedOut or NetworkError."""
        import aiohttp  # noqa: PLC0415

        timeout = aiohttp.ClientTimeout(
            total=None,
            sock_connect=_given(connect_timeout, self._connect_timeout),
            sock_read=_given(read_timeout, self._read_timeout),
        )
        body, to = _body(request_data) if request_data else {}, URL(url, encoded=True)
        try:
            async with self._opened(to).request(
                method, to, timeout=timeout, allow_redirects=False, **body
            ) as response:
                return response.status, await response.read()
        except TimeoutError as problem:
            raise TimedOut from problem
        except aiohttp.ClientError as problem:
            raise NetworkError(type(problem).__name__) from problem

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        try:
            answer = json.loads(payload.decode(errors="replace"))
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise NetworkError("the answer is not a JSON object") from None
        return answer

    def _opened(self, to: URL) -> "aiohttp.ClientSession":
        import aiohttp  # noqa: PLC0415

        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections),
                headers={"User-Agent": self.USER_AGENT},
                proxy=_proxy_for(
                    to
                ),  # all calls go to one server; by itself the library asks at each, in a thread
            )
        return self._session


def _proxy_for(url: URL) -> str | None:
    """Return what HTTPS_PROXY and NO_PROXY say."""
    return None if proxy_bypass(url.host or "") else getproxies().get(url.scheme)


def _given(timeout: object, otherwise: float) -> float | None:
    """Return a call's own limit where it has one; None is none at all."""
    return timeout if timeout is None or isinstance(timeout, int | float) else otherwise


def _body(request_data: RequestData) -> dict[str, Any]:
    """Return the parameters as aiohttp takes them: JSON, or a form in parts when there are files."""
    import aiohttp  # noqa: PLC0415

    if not request_data.contains_files:
        return {"json": request_data.parameters}
    form = aiohttp.FormData(request_data.json_parameters, quote_fields=False)
    for name, (filename, content, media_type) in request_data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=media_type)
    return {"data": form}
