"""How long jobs and queues take with 100,000 open reports, and with 10,000 drafts left alone, on SQLite.

    .venv/bin/python -m benchmarks.jobs

Each line is one run of a job until nothing is left; "a batch" is the longest transaction of it, for so long somebody
who writes at that moment waits. "commits" is the batch in bare commits of the same run, one row each: disks differ.
"""

import statistics
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import insert

from benchmarks.filling import Filling, address_of, appoint, filled
from bot.scheduler import JOBS
from handlers.conversation import progress as saved
from handlers.conversation.progress import Draft, Progress, Step
from handlers.dispatch import receive
from handlers.messages import Address, Inbound
from handlers.service import Service
from storage.crypto import Vault
from storage.db import Database, UnitOfWork
from storage.models import Address as AddressRow
from storage.models import Conversation, Reporter, table
from storage.models import Inbound as InboundRow
from storage.queries import inbox
from storage.vocabulary import Channel

REPORTS, DAYS, DRAFTS, MESSAGES = 100_000, 365, 10_000, 100_000
#: of the drafts' people, behind those who reported
FIRST = 1_000_000
TEXT = "jalan rusak depan SDN {} desa mungguk sejak kemarin, banyak lubang besar"
Work = Callable[[UnitOfWork, Service, datetime], int]


class Bench:
    """Runs jobs and commands, and prints how long they took."""

    def __init__(self, database: Database, service: Service) -> None:
        self._database, self._service = database, service
        self._commit = self._bare_commit()
        self._sent = 0
        print(f"a bare commit: {self._commit * 1000:.2f} ms")

    def _bare_commit(self) -> float:
        taken = []
        for number in range(101):
            started = time.perf_counter()
            with self._database.writing() as uow:
                inbox.record_inbound(
                    uow, Channel.CONSOLE, str(number), datetime.now(self._service.deployment.zone)
                )
            taken.append(time.perf_counter() - started)
        return statistics.median(taken)

    def runs(self, name: str, what: str, now: datetime) -> None:
        work: Work = next(job.work for job in JOBS if job.name == name)
        total, longest, count = 0.0, 0.0, 0
        while True:
            started = time.perf_counter()
            with self._database.writing() as uow:
                done = work(uow, self._service, now)
            taken = time.perf_counter() - started
            total, longest, count = total + taken, max(longest, taken), count + done
            if not done:
                break
        self._print(name, what, f"{count:>6} done {total * 1000:8.0f} ms  a batch", longest)

    def asks(self, who: str, text: str, now: datetime) -> None:
        """Let an officer write something."""
        self._sent += 1
        inbound = Inbound(Address(Channel.TELEGRAM, who), f"b{self._sent}", now, text)
        started = time.perf_counter()
        with self._database.writing() as uow:
            receive(uow, self._service, inbound, now)
        self._print(text, who, " " * 23 + "in", time.perf_counter() - started)

    def _print(self, name: str, what: str, how: str, taken: float) -> None:
        print(f"{name:<18} {what:<36} {how} {taken * 1000:7.1f} ms  {taken / self._commit:6.0f} commits")


def leave_drafts(uow: UnitOfWork, touched_at: datetime, noon: datetime) -> None:
    """Leave drafts alone, one second after another, and note messages of the last hundred days."""
    execute, ids = uow.connection.execute, range(FIRST + 1, FIRST + DRAFTS + 1)
    execute(insert(table(Reporter)), [{"id": n, "language": "id", "created_at": touched_at} for n in ids])
    execute(insert(table(AddressRow)), [address_of(uow.vault, n, touched_at) for n in ids])
    execute(insert(table(Conversation)), [_conversation(uow.vault, n, touched_at) for n in ids])
    execute(
        insert(table(InboundRow)),
        [
            {
                "channel": "telegram",
                "external_id": str(n),
                "received_at": noon - timedelta(days=100 * n / MESSAGES),
            }
            for n in range(MESSAGES)
        ],
    )


def _conversation(vault: Vault, number: int, touched_at: datetime) -> dict[str, object]:
    draft = Draft(f"{number:032}", TEXT.format(number), area_code="61.09.01.2001", category="JALAN")
    return {
        "address_id": number,
        "progress_sealed": vault.seal(saved.dump(Progress(draft=draft, step=Step.PHOTOS, asked=3))),
        "version": 1,
        "draft_touched_at": touched_at + timedelta(seconds=number - FIRST),
        "updated_at": touched_at,
    }


def measure_reports(bench: Bench, filling: Filling) -> None:
    """Run every job when nothing is due, and on the mornings after; ask for queues."""
    noon = filling.noon
    morning = noon.replace(hour=8, minute=0)
    for job in JOBS:
        bench.runs(job.name, "nothing new is due", noon)
    for what, now in (
        ("the next working day", morning + timedelta(days=1)),
        ("after a week of downtime", morning + timedelta(days=8)),
    ):
        for job in JOBS:
            bench.runs(job.name, what, now)
    agency = next(one.code for one in filling.service.deployment.agencies if not one.is_outside)
    for who in ("coordinator", f"liaison {agency}", "inspectorate"):
        for text in ("/daftar", "/daftar terlambat", "/daftar semua", "/daftar semua 200"):
            bench.asks(who, text, noon)


def measure_drafts(bench: Bench, noon: datetime) -> None:
    for name, told, now in [
        ("recall_drafts", "nobody left theirs for long enough", noon - timedelta(hours=3, minutes=45)),
        ("recall_drafts", "first recall of all", noon),
        ("recall_drafts", "nobody is to be told", noon + timedelta(minutes=1)),
        ("recall_drafts", "the morning after", noon + timedelta(hours=20)),
        ("recall_drafts", "nobody is to be told any more", noon + timedelta(hours=21)),
        ("expire_drafts", "none is too old", noon + timedelta(hours=20)),
        ("expire_drafts", "all are", noon + timedelta(days=4)),
        ("forget_inbound", "of the last hundred days", noon),
    ]:
        bench.runs(name, told, now)


def main() -> None:
    with filled(reports=REPORTS, days=DAYS, open_every=1) as (database, filling):
        with database.writing() as uow:
            appoint(uow, filling.service, filling.noon)
        bench = Bench(database, filling.service)
        measure_reports(bench, filling)
        with database.writing() as uow:
            leave_drafts(uow, filling.noon - timedelta(hours=4), filling.noon)
        measure_drafts(bench, filling.noon)


if __name__ == "__main__":
    main()
