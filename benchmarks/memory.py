"""How much memory Kanal holds as messages pass, over real webhooks at an even pace."""

import os
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

from benchmarks import contestants, machine
from benchmarks.citizens import Telegram, Town

MESSAGES, PER_SECOND, SECONDS = 200_000, 200, 10
#: lines of the table
SHOWN = 10


async def measure(messages: int = MESSAGES) -> AsyncIterator[str]:
    """Yield the lines of the section."""
    os.sched_setaffinity(0, machine.cores()[1])
    port, seen, passed = contestants.free_port(), [], 0
    town = Town(Telegram())
    with tempfile.TemporaryDirectory() as folder:
        await town.open()
        async with contestants.kanal(Path(folder), port, town.port) as server:
            await town.meet(port)
            seen.append((0, server.resident_mib()))
            while passed < messages:
                passed += (await town.play(PER_SECOND, SECONDS)).replies
                seen.append((passed, server.resident_mib()))
        town.close()
    yield f"| messages, {PER_SECOND} a second | resident MiB |"
    yield "|--:|--:|"
    for count, mib in [*seen[: -1 : max(1, len(seen) // SHOWN)], seen[-1]]:
        yield f"| {count:,} | {mib:.0f} |"
