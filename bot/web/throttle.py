"""Slows down who guesses: so many misses in a while for each client, counted in this process alone.

It need not survive: who guesses begins anew at once. A crowd behind one address (mobile networks in Indonesia put many
people there) is not slowed by looking up what is there.
"""

from collections import OrderedDict
from collections.abc import Callable
from ipaddress import ip_address
from math import ceil
from typing import Final

from starlette.requests import Request

MISSES: Final = 20
SECONDS: Final = 60.0
#: clients remembered; of more, the one that began first is forgotten
CLIENTS: Final = 10_000
#: a household has so much of IPv6 to itself
_IPV6_PREFIX: Final = 64


class Throttle:
    """A look-up is counted before it is made, so that many at once are counted too; `refund` takes a hit out again."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        #: by client: when its while began, and the misses since
        self._misses: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def take(self, request: Request) -> int:
        """Count a look-up as a miss and return 0; where there were too many, return the seconds to wait."""
        client, now = _client(request), self._monotonic()
        began_at, misses = self._misses.get(client, (now, 0))
        if now >= began_at + SECONDS:
            self._misses.pop(client, None)
            began_at, misses = now, 0
        if misses >= MISSES:
            return ceil(began_at + SECONDS - now)
        self._misses[client] = (began_at, misses + 1)
        if len(self._misses) > CLIENTS:
            self._misses.popitem(last=False)
        return 0

    def refund(self, request: Request) -> None:
        client = _client(request)
        if client in self._misses:
            began_at, misses = self._misses[client]
            self._misses[client] = (began_at, max(misses - 1, 0))


def _client(request: Request) -> str:
    """Return the address asked from, as the server or the proxy before it sees it (README, "Web pages")."""
    host = request.client.host if request.client else ""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    return host if address.version == 4 else f"{int(address) >> (128 - _IPV6_PREFIX):x}"
