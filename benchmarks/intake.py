"""How many messages a second are taken in, stored and answered, beside other bots, on one core each.

Citizens play the guided flow over real webhooks; the load offered rises until replies no longer keep up. In each round
all are measured in turn, the server on one core, citizens and providers on the others. The providers' limits are
lifted (benchmarks/unpaced.py).
"""

import os
import statistics
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import contestants, machine
from benchmarks.chart import draw
from benchmarks.citizens import Provider, Telegram, Town, Twilio, Window, flood, percentile
from benchmarks.contestants import Contestant

#: messages a second that are offered, one after another
LOADS = (100, 150, 200, 250, 300, 400, 500, 600, 700, 800, 1000, 1250, 1500, 2000)
#: what is light: there it says most how long people wait
LIGHT = 100
WARM_SECONDS, SECONDS, LIGHT_SECONDS, FLOOD_SECONDS = 1.0, 3.0, 6.0, 2.0
#: below this share of what is offered it does not keep up
KEEPS_UP = 0.95
ROUNDS = 5
OURS = "Kanal, Telegram"
CHART = Path("docs/pictures/intake.png")

#: takes a folder, the port to listen on, and that of the providers
Start = Callable[[Path, int, int], AbstractAsyncContextManager[Contestant]]
Provide = Callable[[str], Provider]


@dataclass
class Climb:
    """One way up the loads."""

    ready_seconds: float = 0.0
    #: replies a second, the most that came
    capacity: float = 0.0
    #: of the server, for each message, where most came and where they were few
    cpu_ms: float = 0.0
    light_cpu_ms: float = 0.0
    #: by the load offered
    rates: dict[int, float] = field(default_factory=dict)
    light: Window = field(default_factory=Window)
    calls: int = 0
    replies: int = 0
    refused: int = 0
    mib: float = 0.0


async def climb(start: Start, provide: Provide) -> Climb:
    """Raise the load until replies no longer keep up."""
    seen, port = Climb(), contestants.free_port()
    town = Town(provide(f"http://127.0.0.1:{port}"))
    with tempfile.TemporaryDirectory() as folder:
        await town.open()
        async with start(Path(folder), port, town.port) as server:
            seen.ready_seconds = server.ready_seconds
            await town.meet(port)
            await town.play(LIGHT, WARM_SECONDS)
            for load in LOADS:
                window = await _offered(town, server, load, seen)
                if window.rate < KEEPS_UP * load:
                    break
            seen.mib = server.resident_mib()
        town.close()
    return seen


async def _offered(town: Town, server: Contestant, load: int, seen: Climb) -> Window:
    """Offer a load for a while, and note what comes of it."""
    await town.play(load, WARM_SECONDS)
    used = server.cpu_seconds()
    window = await town.play(load, LIGHT_SECONDS if load == LIGHT else SECONDS)
    used = server.cpu_seconds() - used
    cpu_ms = used / max(1, window.replies) * 1000
    seen.rates[load] = window.rate
    if load == LIGHT:
        seen.light, seen.light_cpu_ms = window, cpu_ms
    if window.rate > seen.capacity:
        seen.capacity, seen.cpu_ms = window.rate, cpu_ms
    seen.calls, seen.replies = seen.calls + window.calls, seen.replies + window.replies
    seen.refused += sum(count for status, count in window.statuses.items() if status // 100 != 2)
    return window


async def bare_posts() -> float:
    """Return how many updates a second a web server takes that does nothing with them."""
    port = contestants.free_port()
    async with contestants.bare(port):
        return await flood(port, Telegram().post(1, "lewati", 1), FLOOD_SECONDS)


def bare_commits() -> float:
    with tempfile.TemporaryDirectory() as folder:
        return 1 / machine.commit_seconds(Path(folder))


def entrants() -> Iterator[tuple[str, Start, Provide]]:
    """Yield who takes part, as far as it is installed."""

    def telegram(_url: str) -> Provider:
        return Telegram()

    def twilio(url: str) -> Provider:
        return Twilio(url)

    yield OURS, contestants.kanal, telegram
    yield "Kanal, SMS by Twilio", contestants.kanal, twilio
    if contestants.has_peers():
        yield "python-telegram-bot, pickle", contestants.ptb, telegram
    if contestants.has_peers() and contestants.has_redis():
        yield "aiogram, Redis", contestants.aiogram, telegram


def table(climbs: Mapping[str, Sequence[Climb]]) -> Iterator[str]:
    """Yield the lines of a Markdown table of medians."""
    columns: Mapping[str, Callable[[Climb], float]] = {
        "messages/s": lambda one: one.capacity,
        "CPU ms a message": lambda one: one.cpu_ms,
        f"at {LIGHT}/s: CPU ms": lambda one: one.light_cpu_ms,
        "taken, p50 ms": lambda one: _ms(one.light.acknowledged, 0.5),
        "p99 ms": lambda one: _ms(one.light.acknowledged, 0.99),
        "answered, p50 ms": lambda one: _ms(one.light.replied, 0.5),
        " p99 ms": lambda one: _ms(one.light.replied, 0.99),
        "calls a reply": lambda one: one.calls / one.replies,
        "memory MiB": lambda one: one.mib,
        "ready s": lambda one: one.ready_seconds,
    }
    yield f"| | {' | '.join(columns)} |"
    yield "|---" * (1 + len(columns)) + "|"
    for name, seen in climbs.items():
        yield f"| {name} | {' | '.join(_shown(_median(map(of, seen))) for of in columns.values())} |"
    for name, seen in climbs.items():
        if refused := sum(one.refused for one in seen):
            yield f"\n{name} refused {refused} posts."


def _shown(value: float) -> str:
    return f"{value:,.0f}" if value >= 30 else f"{value:.1f}" if value >= 3 else f"{value:.2f}"


def _ms(values: Sequence[float], share: float) -> float:
    return percentile(values, share) * 1000


def _median(values: Iterable[float]) -> float:
    return statistics.median(values)


async def measure(rounds: int = ROUNDS) -> AsyncIterator[str]:
    """Yield the lines of the section, and draw the chart."""
    os.sched_setaffinity(0, machine.cores()[1])
    posts, commits = [], []
    climbs: dict[str, list[Climb]] = {}
    for number in range(1, rounds + 1):
        commits.append(bare_commits())
        posts.append(await bare_posts())
        for name, start, provide in entrants():
            seen = await climb(start, provide)
            climbs.setdefault(name, []).append(seen)
            line = f"  round {number}: {name:<28} {seen.capacity:7.0f}/s {seen.cpu_ms:.2f} ms"
            print(line, file=sys.stderr, flush=True)
    yield (
        f"Medians of {rounds} rounds. In the same rounds: {_median(commits):,.0f} durable commits a second of one "
        f"small row each ({1000 / _median(commits):.2f} ms), {_median(posts):,.0f} posts to a web server that does "
        "nothing.\n"
    )
    for line in table(climbs):
        yield line
    rates = {
        name: {load: _median(one.rates[load] for one in seen if load in one.rates) for load in _loads(seen)}
        for name, seen in climbs.items()
    }
    draw(rates, CHART)
    yield f"\n![Messages answered a second, by messages written a second]({CHART.relative_to('docs')})"


def _loads(seen: Sequence[Climb]) -> Sequence[int]:
    """Return the loads that at least half of the rounds came to."""
    return [load for load in LOADS if 2 * sum(load in one.rates for one in seen) >= len(seen)]
