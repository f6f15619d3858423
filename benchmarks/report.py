"""Runs what is measured and writes docs/performance.md.

.venv/bin/python -m benchmarks.report [--rounds 5] [--messages 200000]
"""

import argparse
import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

from benchmarks import delivery, intake, life, machine, starting

PAGE = Path("docs/performance.md")
INTRODUCTION = """# How fast it is

Written by `make bench`; machines differ and are busy, so what counts is what stands beside it in the same run.

- **When and where**: {date}; {machine}

## Intake

Citizens who play the guided flow over real webhooks, new ones at an even pace (an open loop), until replies no longer
keep up. A message counts once it is accepted, committed with `synchronous=FULL` and its reply has reached the provider.
Each server has one core; the providers' own limits (30 messages a second and the like) are lifted. The other bots play
the same dialogue (`benchmarks/peers`), understand nothing of what is written, and keep what they know in memory
(python-telegram-bot writes it to a pickle once a minute) or in Redis.

"""
START = """
## Start and memory

From the start of the process, the files in the system's cache, until `/health/ready` answers; memory is what is
resident, libraries that other processes share included.

"""
LIFE = """
## A report's life, and growth

On SQLite, each act a durable transaction of its own; open every third, of two years.

"""
DELIVERY = """
## Delivery

On a clock moved by hand: news to distinct chats waits all at once, somebody is answered every five seconds meanwhile.

"""


async def _lines(rounds: int, messages: int) -> AsyncIterator[str]:
    yield INTRODUCTION.format(date=time.strftime("%-d %B %Y"), machine=machine.described())
    async for line in intake.measure(rounds, messages):
        yield f"{line}\n"
    yield START
    async for line in starting.measure():
        yield f"{line}\n"
    for title, lines in ((LIFE, life.measure()), (DELIVERY, delivery.measure())):
        yield title
        for line in lines:
            yield f"{line}\n"


async def _page(rounds: int, messages: int) -> str:
    return "".join([line async for line in _lines(rounds, messages)])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--messages", type=int, default=200_000)
    wanted = parser.parse_args()
    PAGE.write_text(asyncio.run(_page(wanted.rounds, wanted.messages)), encoding="utf-8")


if __name__ == "__main__":
    main()
