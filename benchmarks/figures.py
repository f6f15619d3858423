"""How long figures, tables and queues take with 100,000 reports of two years, on SQLite.

    .venv/bin/python -m benchmarks.figures

One line for each thing an officer or an operator asks for; a third of the reports is still open, so queues are long.
"a peak": what it held in memory at most, measured in a second run of what takes no more than five seconds; of a table
nearly all of it is the table, as here it is written into memory.
"""

import io
import time
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import partial

from benchmarks.filling import DAY, filled
from bot.drawing import draw
from bot.exhibits import write_workbook
from bot.sheets import write_csv
from handlers.exports import records
from handlers.figures import gather, table
from handlers.messages import Exhibit, Made
from handlers.officers.access import Reach
from handlers.service import Service
from storage.db import UnitOfWork
from storage.queries import desks
from storage.queries.desks import Sieve
from storage.vocabulary import Language

REPORTS, DAYS = 100_000, 730


def works(service: Service, noon: datetime) -> Iterator[tuple[str, Callable[[UnitOfWork], object]]]:
    """Yield what is asked for, and how it is done."""
    today = noon.date()
    agency = next(one.code for one in service.deployment.agencies if not one.is_outside)

    def made(since: date, code: str | None = None) -> Made:
        return Made(Exhibit.FIGURES, code, since, today, Language.INDONESIAN, is_oversight=None)

    month, year, ever = made(today - 30 * DAY), made(today - 365 * DAY), made(today - DAYS * DAY)
    of_agency = made(today - 30 * DAY, agency)
    reaches = {
        "all": Reach(),
        "agency": Reach(agency_code=agency, own_agency_code=agency, is_oversight=False, is_disposed=True),
    }
    for name, reach in reaches.items():
        for what, sieve in {"": Sieve(), ", late": Sieve(late_on=today)}.items():
            yield f"/daftar{what}, {name}", partial(desks.list_queue, reach=reach, sieve=sieve, limit=5)
        soon = today + 3 * DAY
        counts = partial(desks.count_queue, reach=reach, sieve=Sieve(), today=today, soon=soon)
        yield f"/daftar, counts, {name}", counts
    yield "/rekap, a month, agency", lambda uow: draw(gather(uow, service, of_agency, noon))
    yield "/rekap, a month, all", lambda uow: draw(gather(uow, service, month, noon))
    yield "/rekap, a year, all", lambda uow: draw(gather(uow, service, year, noon))
    yield "export csv, two years", lambda uow: write_csv(io.BytesIO(), table(uow, service, ever))
    yield "export xlsx, a month", lambda uow: write_workbook(io.BytesIO(), uow, service, month, noon)
    yield "export jsonl, a month", lambda uow: sum(1 for _ in records(uow, service, month))
    yield "export jsonl, two years", lambda uow: sum(1 for _ in records(uow, service, ever))


def _peak(work: Callable[[UnitOfWork], object], uow: UnitOfWork) -> float:
    tracemalloc.start()
    try:
        work(uow)
        return tracemalloc.get_traced_memory()[1] / 2**20
    finally:
        tracemalloc.stop()


def main() -> None:
    with filled(reports=REPORTS, days=DAYS, open_every=3) as (database, filling):
        for name, work in works(filling.service, filling.noon):
            with database.reading() as uow:
                started = time.perf_counter()
                work(uow)
                taken = time.perf_counter() - started
                peak = f"  a peak {_peak(work, uow):6.1f} MiB" if taken < 5 else ""
            print(f"{name:<26} {taken * 1000:9.1f} ms{peak}")


if __name__ == "__main__":
    main()
