"""How fast messages may leave: an even pace (the generic cell rate algorithm), overall and for each address."""

from collections.abc import Callable
from dataclasses import dataclass

#: addresses remembered before idle ones are forgotten
CROWD = 10_000


@dataclass(frozen=True, slots=True)
class Rate:
    """`burst` at once, then `per_second`; in any second at most `burst + per_second`."""

    per_second: float
    #: of a fraction above a whole number nothing leaves, but what left late by as much of an interval is made good
    burst: float = 1

    @property
    def interval(self) -> float:
        return 1 / self.per_second


@dataclass(frozen=True, slots=True)
class Limits:
    """What a provider allows."""

    overall: Rate | None = None
    #: from an address's identifier to its rate
    each: Callable[[str], Rate] | None = None


class Pacer:
    """Remembers when the next message may leave. Times are seconds of a monotonic clock."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        #: theoretical arrival times: when the bucket is empty again
        self._overall = 0.0
        self._each: dict[str, float] = {}
        #: addresses that the provider wants left alone, until when
        self._resting: dict[str, float] = {}
        self._paused_until = 0.0
        #: when others may have sent last: to any address as much as it takes at once
        self._others_until: float | None = None

    def assume_used_up(self, now: float) -> None:
        """Go on as if whoever sent until now had used up every burst."""
        self._others_until = now
        self.assume_all_used_up(now)

    def assume_all_used_up(self, now: float) -> None:
        """The same of the burst that all addresses share."""
        if self._limits.overall:
            self._overall = now + self._limits.overall.burst * self._limits.overall.interval

    def count_earlier(self, identifier: str, times: int, ago: float, now: float) -> None:
        """Count what another sender may have sent to an address, `times` at the most; no more than its burst."""
        if self._limits.each:
            rate = self._limits.each(identifier)
            used = min(times, rate.burst) * rate.interval
            self._each[identifier] = max(self._arrival(identifier, rate), now - ago) + used

    def wait_overall(self, now: float) -> float:
        """Return the seconds until any message may leave."""
        paused = self._paused_until - now
        return max(paused, _wait(self._overall, self._limits.overall, now), 0.0)

    def room(self, now: float, wanted: int) -> int:
        """Return how many of `wanted` messages may leave at once."""
        if self._paused_until > now:
            return 0
        rate = self._limits.overall
        if rate is None:
            return wanted
        used = max(self._overall - now, 0.0) / rate.interval
        return max(0, min(wanted, int(rate.burst - used + 1e-6)))

    def wait_for(self, identifier: str, now: float) -> float:
        """Return the seconds until this address may be written to again."""
        rate = self._limits.each(identifier) if self._limits.each else None
        resting = self._resting.get(identifier, 0.0) - now
        return max(_wait(self._arrival(identifier, rate), rate, now), resting, 0.0)

    def _arrival(self, identifier: str, rate: Rate | None) -> float:
        known = self._each.get(identifier)
        if known is None and rate is not None and self._others_until is not None:
            return self._others_until + rate.burst * rate.interval
        return known or 0.0

    def take(self, identifier: str, now: float) -> None:
        """Count a message to this address."""
        if self._limits.overall:
            self._overall = max(self._overall, now) + self._limits.overall.interval
        if self._limits.each:
            rate = self._limits.each(identifier)
            self._each[identifier] = max(self._arrival(identifier, rate), now) + rate.interval
            if len(self._each) > CROWD:
                self._each = {key: until for key, until in self._each.items() if until > now}

    def throttled(self, identifier: str, seconds: float, now: float) -> None:
        """Note that the provider refused a message to this address and named a time to wait.

        Providers do not say whether they mean the address or all of us. One address alone rests by itself; when
        a second one is refused while it does, everything is paused: going on would be answered with bans.
        """
        self._resting = {key: until for key, until in self._resting.items() if until > now}
        if any(key != identifier for key in self._resting):
            self._paused_until = max(self._paused_until, now + seconds)
        self._resting[identifier] = max(self._resting.get(identifier, 0.0), now + seconds)


def _wait(arrival: float, rate: Rate | None, now: float) -> float:
    return 0.0 if rate is None else arrival - now - (rate.burst - 1) * rate.interval
