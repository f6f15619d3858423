"""Calls to providers, over aiohttp: one costs a seventh to a fifteenth of what it costs over httpx (0.08 ms of CPU).

It is loaded with the first call: that takes 65 ms, half of them for certificates, and nobody could reach us meanwhile.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any
from urllib.request import getproxies, proxy_bypass

from yarl import URL

if TYPE_CHECKING:
    import aiohttp


class BrokenOff(Exception):  # noqa: N818 - it names a state of affairs
    """The way to a provider broke off; `code` says how. It names no address: that may hold a token.

    `no_connection`: nothing was sent. `timeout`, `broken_off`: it may have been.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Http:
    """Connections to one provider."""

    def __init__(self, connections: int = 256, *, read_timeout: float, connect_timeout: float) -> None:
        self._connections = connections
        self._read_timeout = read_timeout
        self._connect_timeout = connect_timeout
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    @asynccontextmanager
    async def request(
        self, method: str, url: str, *, read_timeout: float | None = None, **more: Any
    ) -> "AsyncIterator[aiohttp.ClientResponse]":
        """Yield the answer, whose body is still to be read. Raises BrokenOff, as does the reading inside.

        `more`: as aiohttp's `request` takes it. Redirects are not followed unless it says so.
        """
        if read_timeout is not None:
            more["timeout"] = self._timeout(read_timeout)
        more.setdefault("allow_redirects", False)
        with _breaking_off():
            async with self._connected(url).request(method, URL(url, encoded=True), **more) as response:
                yield response

    def _connected(self, url: str) -> "aiohttp.ClientSession":
        """Return what aiohttp makes calls by; `url`: of the provider."""
        import aiohttp  # noqa: PLC0415

        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections),
                timeout=self._timeout(self._read_timeout),
                # all calls go to one provider; by itself the library asks at each, in a thread
                proxy=_proxy_for(URL(url)),
            )
        return self._session

    def _timeout(self, read_timeout: float) -> "aiohttp.ClientTimeout":
        import aiohttp  # noqa: PLC0415

        return aiohttp.ClientTimeout(
            total=None, sock_connect=self._connect_timeout, sock_read=read_timeout
        )  # who sends limits the whole


@contextmanager
def _breaking_off() -> Iterator[None]:
    """Raise BrokenOff for what aiohttp raises inside."""
    import aiohttp  # noqa: PLC0415

    try:
        yield
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
        raise BrokenOff("no_connection") from None
    except TimeoutError:
        raise BrokenOff("timeout") from None
    except aiohttp.ClientError:
        raise BrokenOff("broken_off") from None


def _proxy_for(url: URL) -> str | None:
    """Return what HTTPS_PROXY and NO_PROXY say."""
    return None if proxy_bypass(url.host or "") else getproxies().get(url.scheme)
