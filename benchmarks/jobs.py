"""How long the clock's jobs take while 10,000 people have left a draft alone, on SQLite.

    .venv/bin/python benchmarks/jobs.py

Each line is one run of a job until nothing is left; "a batch" is the longest transaction of it, for so long somebody
who writes at that moment waits.
"""

import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import insert

from bot.deployment_file import read_deployment
from bot.scheduler import JOBS
from handlers.conversation import progress as saved
from handlers.conversation.progress import Draft, Progress, Step
from handlers.loading import load_deployment
from handlers.service import Service
from storage import migrate
from storage.crypto import Vault, new_key
from storage.db import Database, UnitOfWork
from storage.models import Address, Conversation, Inbound, Reporter, table

DRAFTS, MESSAGES = 10_000, 100_000
TEXT = "jalan rusak depan SDN {} desa mungguk sejak kemarin, banyak lubang besar"


def fill(uow: UnitOfWork, touched_at: datetime, zone_now: datetime) -> None:
    """Leave drafts alone, one second after another, and note messages of the last hundred days."""
    vault, ids = uow.vault, range(1, DRAFTS + 1)
    execute = uow.connection.execute
    execute(insert(table(Reporter)), [{"id": n, "language": "id", "created_at": touched_at} for n in ids])
    execute(
        insert(table(Address)),
        [
            {
                "id": n,
                "reporter_id": n,
                "channel": "telegram",
                "identifier_hash": vault.fingerprint("address:telegram", str(n)),
                "identifier_sealed": vault.seal(str(n)),
                "created_at": touched_at,
            }
            for n in ids
        ],
    )
    execute(insert(table(Conversation)), [_conversation(vault, n, touched_at) for n in ids])
    execute(
        insert(table(Inbound)),
        [
            {
                "channel": "telegram",
                "external_id": str(n),
                "received_at": zone_now - timedelta(days=100 * n / MESSAGES),
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
        "draft_touched_at": touched_at + timedelta(seconds=number),
        "updated_at": touched_at,
    }


def main() -> None:
    deployment = read_deployment(Path("deployments/sekadau.yaml"))
    service = Service.of(deployment)
    noon = datetime(2026, 8, 3, 12, tzinfo=deployment.zone)
    works: dict[str, Callable[[UnitOfWork, Service, datetime], int]] = {job.name: job.work for job in JOBS}
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/kanal.db", Vault([new_key()]))
        migrate.upgrade(database)
        with database.writing() as uow:
            load_deployment(uow, deployment, noon)
            fill(uow, noon - timedelta(hours=4), noon)
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
            total, longest, count = 0.0, 0.0, 0
            while True:
                started = time.perf_counter()
                with database.writing() as uow:
                    done = works[name](uow, service, now)
                taken = time.perf_counter() - started
                total, longest, count = total + taken, max(longest, taken), count + done
                if not done:
                    break
            print(
                f"{name:<15} {told:<36} {count:>6} done  {total * 1000:8.1f} ms  a batch {longest * 1000:6.1f} ms"
            )
        database.close()


if __name__ == "__main__":
    main()
