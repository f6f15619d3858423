"""How long figures, tables and queues take with 100,000 reports of two years, on SQLite.

    .venv/bin/python benchmarks/figures.py

One line for each thing an officer or an operator asks for; a third of the reports is still open, so queues are long.
"a peak": what it held in memory at most, measured in a second run of what takes no more than five seconds; of a table
nearly all of it is the table, as here it is written into memory.
"""

import io
import json
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import insert

from bot.deployment_file import read_deployment
from bot.exhibits import draw, write_workbook
from bot.sheets import write_csv
from handlers.cases.deadlines import policy_of
from handlers.deployment import Deployment
from handlers.exports import records
from handlers.figures import gather, table
from handlers.loading import load_deployment
from handlers.messages import Exhibit, Made
from handlers.officers.access import Reach
from handlers.service import Service
from storage import migrate
from storage.crypto import Vault, new_key
from storage.db import Database, UnitOfWork
from storage.models import Address, Case, CaseEvent, Rating, Report, Reporter
from storage.models import table as rows_of
from storage.queries import desks
from storage.queries.desks import Sieve
from storage.vocabulary import CaseState, Clock, Closing, Language

REPORTS, DAYS, AT_ONCE = 100_000, 730, 10_000
TEXT = "jalan rusak depan SDN 5 desa mungguk sejak kemarin, banyak lubang besar"
DAY = timedelta(days=1)


def fill(uow: UnitOfWork, deployment: Deployment, noon: datetime) -> None:
    """File the same number of reports each day; two of three are settled or archived by now."""
    execute, vault = uow.connection.execute, uow.vault
    execute(insert(rows_of(Reporter)), {"id": 1, "language": "id", "created_at": noon})
    address = {
        "id": 1,
        "reporter_id": 1,
        "channel": "telegram",
        "identifier_hash": vault.fingerprint("address:telegram", "1"),
        "identifier_sealed": vault.seal("1"),
        "created_at": noon,
    }
    execute(insert(rows_of(Address)), address)
    text, data = vault.seal(TEXT), vault.seal(json.dumps({"text": TEXT}))
    for first in range(1, REPORTS + 1, AT_ONCE):
        ids = range(first, first + AT_ONCE)
        execute(insert(rows_of(Report)), [_report(deployment, n, noon, text) for n in ids])
        execute(insert(rows_of(Case)), [_case(deployment, n, noon) for n in ids])
        execute(insert(rows_of(CaseEvent)), [event for n in ids for event in _events(n, noon, data)])
        ratings = [
            {"report_id": n, "round": 0, "stars": n % 5 + 1, "created_at": noon} for n in ids if not n % 4
        ]
        execute(insert(rows_of(Rating)), ratings)


def _filed_at(number: int, noon: datetime) -> datetime:
    return noon - DAYS * DAY * (1 - number / REPORTS)


def _report(deployment: Deployment, number: int, noon: datetime, text: bytes) -> dict[str, object]:
    filed_at = _filed_at(number, noon)
    return {
        "id": number,
        "number": f"{number:07}",
        "draft_id": f"{number:032}",
        "reporter_id": 1,
        "address_id": 1,
        "channel": ("telegram", "sms")[number % 2],
        "language": "id",
        "type": "complaint",
        "category_code": deployment.categories[number % len(deployment.categories)].code,
        "area_code": deployment.areas[number % len(deployment.areas)].code,
        "description_sealed": text,
        "place_sealed": text,
        "occurred_on": filed_at.date(),
        "is_ongoing": True,
        "is_anonymous": True,
        "is_secret": True,
        "is_emergency": False,
        "consent_version": "1",
        "filed_at": filed_at,
    }


def _case(deployment: Deployment, number: int, noon: datetime) -> dict[str, object]:
    filed_at = _filed_at(number, noon)
    own = [agency.code for agency in deployment.agencies if not agency.is_outside]
    is_open = number % 3 == 0
    closing = Closing.SILENCE if number % 2 else Closing.CONFIRMED
    return {
        "report_id": number,
        "state": CaseState.IN_PROGRESS.value if is_open else CaseState.SETTLED.value,
        "agency_code": own[number % len(own)],
        "check_due_on": (filed_at + 3 * DAY).date(),
        "policy": policy_of(deployment.deadlines),
        "clock": Clock.SETTLE.value if is_open else None,
        "due_on": (filed_at + 20 * DAY).date() if is_open else None,
        "checked_at": filed_at + number % 5 * DAY,
        "disposed_at": filed_at + number % 5 * DAY,
        "first_answer_at": filed_at + number % 13 * DAY,
        "closed_at": None if is_open else filed_at + number % 31 * DAY,
        "closing": None if is_open else closing.value,
        "returns": 0,
        "reopenings": 0,
        "version": 1,
        "last_seq": 3,
        "last_hash": bytes(32),
        "updated_at": filed_at,
    }


def _events(number: int, noon: datetime, data: bytes) -> Iterator[dict[str, object]]:
    for seq, kind in enumerate(("filed", "disposed", "started"), start=1):
        yield {
            "report_id": number,
            "seq": seq,
            "at": _filed_at(number, noon),
            "kind": kind,
            "actor_kind": "officer",
            "is_public": True,
            "data_sealed": data,
            "data_digest": bytes(32),
            "previous_hash": bytes(32),
            "hash": bytes(32),
        }


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
    deployment = read_deployment(Path("deployments/sekadau.yaml"))
    service = Service.of(deployment)
    noon = datetime(2026, 8, 3, 12, tzinfo=deployment.zone)
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/kanal.db", Vault([new_key()]))
        migrate.upgrade(database)
        with database.writing() as uow:
            load_deployment(uow, deployment, noon)
            fill(uow, deployment, noon)
        print(f"{REPORTS} reports, {Path(folder, 'kanal.db').stat().st_size / 2**20:.0f} MiB")
        for name, work in works(service, noon):
            with database.reading() as uow:
                started = time.perf_counter()
                work(uow)
                taken = time.perf_counter() - started
                peak = f"  a peak {_peak(work, uow):6.1f} MiB" if taken < 5 else ""
            print(f"{name:<26} {taken * 1000:9.1f} ms{peak}")
        database.close()


if __name__ == "__main__":
    main()
