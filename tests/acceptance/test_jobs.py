"""The clock as an operator meets it: `kanal jobs`, the scheduler of `kanal run`, what /metrics tells of it."""

import asyncio
import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client import generate_latest

from bot.metrics import Metrics
from bot.scheduler import JOBS, Job, Scheduler
from bot.writer import Writer
from handlers.service import Service
from storage.db import UnitOfWork
from tests import builders
from tests.acceptance.program import KEY, database_of, environment, kanal, prepare
from tests.fakes.clock import MONDAY, FakeClock
from tests.person import Person

TEXT = "jalan rusak depan SDN 2 desa mungguk sejak kemarin"
#: half an hour after MONDAY
LATER = "2026-03-02T09:35:00+07:00"


@pytest.fixture
def env(tmp_path: Path, service: Service) -> dict[str, str]:
    """The settings of an installation where somebody began a report at MONDAY."""
    env = environment(tmp_path, DATA_KEYS=KEY)
    prepare(env)
    with database_of(env) as database:
        Person(database, service).says(TEXT)
    return env


async def run(env: dict[str, str], *arguments: str) -> tuple[int, str]:
    code, said = await kanal(env, Path(env["DATA_DIR"]), "jobs", *arguments)
    assert "Traceback" not in said, said
    return code, said


def heard(env: dict[str, str], service: Service) -> int:
    """How many messages are queued for that person."""
    with database_of(env) as database:
        return len(Person(database, service).all_heard())


# --- the command line ---


async def test_the_jobs_are_listed(env: dict[str, str]) -> None:
    """With how often and what for, to read and for programs."""
    code, said = await run(env, "list")
    assert code == 0
    assert "recall_drafts" in said
    assert "10 min" in said
    code, said = await run(env, "list", "--json")
    assert [row["name"] for row in json.loads(said)] == [job.name for job in JOBS]


async def test_a_job_is_tried_and_run_by_hand(env: dict[str, str], service: Service) -> None:
    """As if it were another time; a dry run changes nothing, and a second run finds nothing left."""
    for arguments, expected, queued in (
        (("--dry-run",), "recall_drafts: 1 to do, nothing changed\n", 1),
        (("--dry-run",), "recall_drafts: 1 to do, nothing changed\n", 1),
        ((), "recall_drafts: 1 done\n", 2),
        ((), "recall_drafts: 0 done\n", 2),
    ):
        assert await run(env, "run", "recall_drafts", "--now", LATER, *arguments) == (0, expected)
        assert heard(env, service) == queued


async def test_a_dry_run_of_the_purge_tells_what_would_go(env: dict[str, str]) -> None:
    """By kind, so that nobody is surprised; so does the doctor, by the file, before it is loaded."""
    with database_of(env) as database, database.writing() as uow:
        builders.an_invitation(uow, now=MONDAY - timedelta(days=3650))
    told = "purge: 0 identities, 0 files, 0 reports' texts, 0 reports' histories, 0 sent messages, "
    told += "1 leftovers to do, nothing changed\n"
    assert await run(env, "run", "purge", "--dry-run") == (0, told)
    _, said = await kanal(env, Path(env["DATA_DIR"]), "doctor", "--json")
    (due,) = (one for one in json.loads(said) if one["check"] == "retention")
    assert due["says"].startswith("due by the deployment file: 1 leftovers;")
    assert await run(env, "run", "purge") == (0, "purge: 1 done\n")


async def test_now_is_the_time_if_none_is_given(env: dict[str, str]) -> None:
    """A draft of long ago expires, or waits for the end of the quiet hours."""
    code, said = await run(env, "run", "forget_inbound")
    assert (code, said) == (0, "forget_inbound: 0 done\n")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            ("recall_drafts", "--now", "2026-04-07"),
            "--now 2026-04-07: expected day, time and zone, such as 2026-04-07T09:00+07:00",
        ),
        (
            ("recall_drafts", "--now", "tomorrow"),
            "--now tomorrow: expected day, time and zone, such as 2026-04-07T09:00+07:00",
        ),
        (
            ("purge", "--now", "2999-04-07T09:00+07:00"),
            "--now 2999-04-07T09:00+07:00: purge erases for good, and that day is to come; add --dry-run to count",
        ),
        (("recall",), f"no job 'recall'; there are {', '.join(job.name for job in JOBS)}"),
    ],
)
async def test_what_cannot_be_run_is_said(env: dict[str, str], arguments: tuple[str, ...], told: str) -> None:
    """In one line."""
    assert await run(env, "run", *arguments) == (1, f"kanal: {told}\n")


# --- the scheduler ---


class Bell:
    """A job's work that counts its runs and has as many batches to do as it is told."""

    def __init__(self, *batches: int, error: Exception | None = None) -> None:
        self.batches = list(batches)
        self.error = error
        self.runs: list[datetime] = []
        self.rang = asyncio.Event()

    def work(self, _uow: UnitOfWork, _service: Service, now: datetime) -> int:
        self.runs.append(now)
        if self.error:
            raise self.error
        done = self.batches.pop(0) if self.batches else 0
        if not done:
            self.loop.call_soon_threadsafe(self.rang.set)
        return done

    def job(self, name: str) -> Job:
        self.loop = asyncio.get_running_loop()
        return Job(name, "rings", timedelta(milliseconds=20), self.work)


def scheduler_of(
    writer: Writer, service: Service, metrics: Metrics, *jobs: Job
) -> tuple[Scheduler, list[str]]:
    woken: list[str] = []
    one = Scheduler(writer, service, FakeClock(), metrics, lambda: woken.append("delivery"), jobs)
    return one, woken


async def test_a_job_runs_until_nothing_is_left(writer: Writer, service: Service) -> None:
    """Batch by batch, all at one time; delivery is woken after each, and the metrics tell of it."""
    bell, metrics = Bell(3, 2), Metrics()
    scheduler, woken = scheduler_of(writer, service, metrics, bell.job("ring"))
    await scheduler.run_all()
    assert bell.runs == [MONDAY] * 3
    assert len(woken) == 2
    told = generate_latest(metrics.registry).decode()
    assert 'kanal_job_runs_total{job="ring",outcome="done"} 1.0' in told
    assert 'kanal_job_items_total{job="ring"} 5.0' in told


async def test_a_job_that_fails_keeps_no_other_from_running(writer: Writer, service: Service) -> None:
    """Nor itself the next time."""
    broken, bell, metrics = Bell(error=ValueError("no")), Bell(1), Metrics()
    scheduler, _ = scheduler_of(writer, service, metrics, broken.job("broken"), bell.job("ring"))
    await scheduler.run_all()
    await scheduler.run_all()
    assert len(broken.runs) == 2
    assert len(bell.runs) == 3
    assert (
        'kanal_job_runs_total{job="broken",outcome="failed"} 2.0'
        in generate_latest(metrics.registry).decode()
    )


async def test_without_a_database_a_job_waits_for_the_next_time(writer: Writer, service: Service) -> None:
    """That is told by the metrics."""
    writer.stop()
    metrics = Metrics()
    scheduler, _ = scheduler_of(writer, service, metrics, Bell().job("ring"))
    await scheduler.run_all()
    assert 'outcome="unavailable"} 1.0' in generate_latest(metrics.registry).decode()


async def test_jobs_run_again_and_again_until_the_end(writer: Writer, service: Service) -> None:
    """First after an interval, not at the start; cancelled, it ends at once."""
    bell = Bell()
    scheduler, _ = scheduler_of(writer, service, Metrics(), bell.job("ring"))
    running = asyncio.create_task(scheduler.run())
    await asyncio.sleep(0)
    assert bell.runs == []
    for _ in range(3):
        bell.rang.clear()
        async with asyncio.timeout(10):
            await bell.rang.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert len(bell.runs) >= 3


def test_jobs_have_names_of_their_own() -> None:
    """The scheduler would put one in place of the other."""
    assert len({job.name for job in JOBS}) == len(JOBS)
