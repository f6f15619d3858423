"""Answers that go wrong on the way."""

from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send


class HalfResponse(JSONResponse):
    """An answer that breaks off: the length is promised, half of it comes."""

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        start = {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
        await send(start)
        half = bytes(self.body)[: len(self.body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})
