"""How long a report's page takes with 100,000 reports of two years, on SQLite, beside a page that asks no database.

    .venv/bin/python -m benchmarks.tracking

Through the whole web application, one request after another. The figure that counts is the ratio to the form in the
same run: machines differ, and are busy. `benchmarks/filling.py` says what the reports are.
"""

import asyncio
import statistics
import time
from collections.abc import Mapping, Sequence

import httpx
from sqlalchemy import update
from stdnum import damm

from benchmarks.filling import filled
from bot.clock import SystemClock
from bot.links import page_path
from bot.web.app import build_web
from bot.web.pages import Pages
from bot.web.throttle import MISSES
from bot.web.tracking import tracking_routes
from handlers.service import Service
from storage.db import Database
from storage.models import Report, table

REPORTS, DAYS, REQUESTS, LIMIT_MS = 100_000, 730, 300, 50
REPORT = table(Report)


async def measure(database: Database, service: Service, paths: Mapping[str, Sequence[str]]) -> None:
    form = 0.0
    for name, asked in paths.items():
        pages = Pages(service)  # with a throttle that has seen nobody yet
        web = build_web(tracking_routes(database, pages, SystemClock()), pages)
        taken = []
        async with httpx.AsyncClient(transport=httpx.ASGITransport(web), base_url="http://kanal") as client:
            for path in asked:
                started = time.perf_counter()
                await client.get(path)
                taken.append((time.perf_counter() - started) * 1000)
        ordered = sorted(taken)
        median, p99 = statistics.median(ordered), ordered[int(len(ordered) * 0.99)]
        form = form or median
        verdict = "" if p99 < LIMIT_MS else f"  OVER {LIMIT_MS} ms"
        print(f"{name:<32} median {median:6.2f} ms   p99 {p99:6.2f} ms   ratio {median / form:4.1f}{verdict}")


def main() -> None:
    valid = [number for n in range(1, 2 * REPORTS) if damm.is_valid(number := f"{n:07}")]
    valid, unknown = valid[: len(valid) // 2 - 1], valid[len(valid) // 2 + 1 :]
    step = len(valid) // REQUESTS
    secret, open_ones = valid[::step][:REQUESTS], valid[1::step][:REQUESTS]
    with filled(reports=REPORTS, days=DAYS, open_every=3) as (database, filling):
        with database.writing() as uow:
            shown = update(REPORT).where(REPORT.c.number.in_(open_ones)).values(is_secret=False)
            uow.connection.execute(shown)
        paths = {
            "the form": ["/lacak"] * REQUESTS,
            "an open report": [f"/lacak/{number}" for number in open_ones],
            "a secret one, with its key": [page_path(database.vault, number) for number in secret],
            "a secret one, without": [f"/lacak/{number}" for number in secret[:MISSES]],
            "none": [f"/lacak/{number}" for number in unknown[:MISSES]],
        }
        asyncio.run(measure(database, filling.service, paths))


if __name__ == "__main__":
    main()
