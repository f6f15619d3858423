"""The library's calls over our connections.

Parameters leave as JSON, which Telegram takes like a form: https://core.telegram.org/bots/api#making-requests.
"""

import json
from collections.abc import Mapping
from typing import Any

from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData
from telegram.request._requestparameter import RequestParameter

from bot.channels.http import BrokenOff, Http


class LeanRequest(BaseRequest):
    """Connections to Telegram. Logs no answer it cannot read: that may hold what people wrote."""

    def __init__(self, connections: int = 256, *, read_timeout: float, connect_timeout: float) -> None:
        self._read_timeout = read_timeout
        self._http = Http(connections, read_timeout=read_timeout, connect_timeout=connect_timeout)

    @property
    def read_timeout(self) -> float:
        return self._read_timeout

    async def initialize(self) -> None:
        """Return at once: the first call opens the connections."""

    async def shutdown(self) -> None:
        await self._http.close()

    async def call(self, url: str, parameters: Mapping[str, Any]) -> Any:
        """Return what a method answers, as JSON; parameters that are None are left out. Raises TelegramError.

        For what is called with every message: objects for the parameters and the answer, as the library's `Bot`
        makes them, cost more than the call itself (0.2 ms of CPU).
        """
        given = [RequestParameter(name, value, None) for name, value in parameters.items()]
        return await self.post(url, RequestData(given))

    async def do_request(  # noqa: PLR0917 - the library's own
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - who sends limits the whole
        connect_timeout: object = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - one for all calls
        pool_timeout: object = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - there are more connections than we use
    ) -> tuple[int, bytes]:
        """Return status and body. Raises TimedOut or NetworkError."""
        own = read_timeout if isinstance(read_timeout, int | float) else None
        body = _body(request_data) if request_data else {}
        headers = {"User-Agent": self.USER_AGENT}
        try:
            async with self._http.request(method, url, read_timeout=own, headers=headers, **body) as response:
                return response.status, await response.read()
        except BrokenOff as problem:
            raise (TimedOut() if problem.code == "timeout" else NetworkError(problem.code)) from None

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        try:
            answer = json.loads(payload.decode(errors="replace"))
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise NetworkError("the answer is not a JSON object") from None
        return answer


def _body(request_data: RequestData) -> dict[str, Any]:
    """Return the parameters as aiohttp takes them: JSON, or a form in parts when there are files."""
    if not request_data.contains_files:
        return {"json": request_data.parameters}
    import aiohttp  # noqa: PLC0415 - see Http

    form = aiohttp.FormData(request_data.json_parameters, quote_fields=False)
    for name, (filename, content, media_type) in request_data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=media_type)
    return {"data": form}
