"""Runs what is measured, and writes docs/measurements.md: all of it, or the sections that are named.

.venv/bin/python -m benchmarks.report [intake start memory life postgresql delivery]
"""

import argparse
import asyncio
import os
import re
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from pathlib import Path

from benchmarks import delivery, intake, life, machine, memory, starting
from tests.fakes import postgresql

PAGE = Path("docs/measurements.md")
TITLE = """# What was measured

Written by `make bench`; what it means stands in [performance.md](performance.md). Machines differ and are busy, so what
counts is what stands beside it in the same run.
"""
INTAKE = """\
Citizens who play the guided flow over real webhooks, new ones at an even pace (an open loop), until replies no longer
keep up. A message counts once it is accepted, committed with `synchronous=FULL` and its reply has reached the provider.
Each server has one core; the providers' own limits (30 messages a second and the like) are lifted. The other bots play
the same dialogue (`benchmarks/peers`), understand nothing of what is written, and keep what they know in memory
(python-telegram-bot writes it to a pickle once a minute) or in Redis."""
START = """\
From the start of the process, the files in the system's cache, until `/health/ready` answers; memory is what is
resident, libraries that other processes share included."""
LIFE = """Each act a durable transaction of its own, open every third report, of two years."""
DELIVERY = """\
On a clock moved by hand: news to distinct chats waits all at once, and somebody is answered every five seconds."""


async def _over(lines: Iterable[str]) -> AsyncIterator[str]:
    for line in lines:
        yield line


def _on_postgresql() -> Iterator[str]:
    postgresql.FAST = ()  # the disk counts here
    with postgresql.serving() as server:
        yield from life.measure(server=server)


#: title, what it is, and its lines, by name
SECTIONS: dict[str, tuple[str, str, Callable[[], AsyncIterator[str]]]] = {
    "intake": ("Intake", INTAKE, intake.measure),
    "start": ("Start", START, starting.measure),
    "memory": ("Memory", "", memory.measure),
    "life": ("A report's life, and growth: SQLite", LIFE, lambda: _over(life.measure())),
    "postgresql": (
        "A report's life, and growth: PostgreSQL, two processes",
        LIFE,
        lambda: _over(_on_postgresql()),
    ),
    "delivery": ("Delivery", DELIVERY, delivery.measure),
}


async def _section(name: str) -> str:
    title, told, lines = SECTIONS[name]
    at = f"{time.strftime('%-d %B %Y')}, at a load of {os.getloadavg()[0]:.1f} when it began; {machine.described()}."
    found = [line async for line in lines()]
    return "\n".join([f"## {title}", "", *([told, ""] if told else []), at, "", *found, ""])


def _known() -> dict[str, str]:
    """Return the sections as they are on the page, by title."""
    text = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    return {
        one.partition("\n")[0]: f"## {one.rstrip()}\n"
        for one in re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("sections", nargs="*", metavar="|".join(SECTIONS))
    wanted = parser.parse_args().sections or SECTIONS
    if unknown := set(wanted) - SECTIONS.keys():
        parser.error(f"no such section: {', '.join(sorted(unknown))}")
    for name in wanted:
        os.sched_setaffinity(0, machine.CORES)
        try:
            section = asyncio.run(_section(name))
        except postgresql.NoPostgresqlError as error:
            mended_by = f"install requirements-dev.txt, or set {postgresql.URL_VARIABLE}"
            parser.exit(1, f"{name} needs a PostgreSQL: {mended_by}. {error}\n")
        known = _known() | {SECTIONS[name][0]: section}
        pages = [known[title] for title, _, _ in SECTIONS.values() if title in known]
        PAGE.write_text("\n".join([TITLE, *pages]), encoding="utf-8")
        print(section)


if __name__ == "__main__":
    main()
