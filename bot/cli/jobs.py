"""`kanal jobs`: what the clock does, and doing it by hand."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Annotated

import typer

from bot.cli.common import YEARS, AsJson, database, print_rows, writing
from bot.clock import SystemClock
from bot.opening import CannotStart, require_service
from bot.scheduler import JOBS, Job
from handlers.service import Service
from storage.db import Database

jobs_app = typer.Typer(help="What the clock does.", no_args_is_help=True)
EXAMPLE = "2026-04-07T09:00+07:00"


@jobs_app.command("list")
def list_jobs(as_json: AsJson = False) -> None:
    """List the jobs of `kanal run`: what each does, and how often it looks for work."""
    rows = [{"name": job.name, "every": _in_words(job.every), "does": job.does} for job in JOBS]
    print_rows(rows, as_json=as_json, empty="no jobs")


@jobs_app.command("run")
def run_job(
    name: Annotated[str, typer.Argument(help="As listed by `kanal jobs list`.")],
    now: Annotated[
        str | None, typer.Option(help=f"Do what is due at this time, such as {EXAMPLE}; now if left out.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count; change and send nothing.")] = False,
) -> None:
    """Run one job by hand, and print how many it did; what it has to say is sent by `kanal run`."""
    job, at = _job(name), _instant(now) if now else SystemClock().now()
    if job.is_erasing and not dry_run and at > SystemClock().now():
        raise CannotStart(
            f"--now {now}: {job.name} erases for good, and that day is to come; add --dry-run to count"
        )
    with database() as one:
        service = require_service(one)
        if dry_run:
            print(f"{job.name}: {_tried(one, service, job, at)} to do, nothing changed")
        else:
            print(f"{job.name}: {_do(one, service, job, at)} done")


def _do(database: Database, service: Service, job: Job, now: datetime) -> int:
    total = 0
    while True:
        with writing(database) as uow:
            done = job.work(uow, service, now)
        if not done:
            return total
        total += done


def _tried(database: Database, service: Service, job: Job, now: datetime) -> str:
    """Return how much a job would do, by kind where it tells them apart."""
    if job.count is None:
        return str(_try(database, service, job, now))
    with database.reading() as uow:
        return ", ".join(f"{count} {kind}" for kind, count in job.count(uow, service, now).items())


class _Undo(Exception):  # noqa: N818
    """Rolls a transaction back without being a fault of it."""


def _try(database: Database, service: Service, job: Job, now: datetime) -> int:
    """Do it all in one transaction that is not kept."""
    total = 0
    with suppress(_Undo), writing(database) as uow:
        while done := job.work(uow, service, now):
            total += done
        raise _Undo
    return total


def _job(name: str) -> Job:
    job = next((job for job in JOBS if job.name == name), None)
    if job is None:
        raise CannotStart(f"no job {name!r}; there are {', '.join(job.name for job in JOBS)}")
    return job


def _instant(text: str) -> datetime:
    """Return the instant; a time without its zone could be any of 24."""
    with suppress(ValueError):
        instant = datetime.fromisoformat(text)
        if instant.tzinfo is not None and instant.year in YEARS:
            return instant
    raise CannotStart(f"--now {text}: expected day, time and zone, such as {EXAMPLE}")


def _in_words(span: timedelta) -> str:
    minutes = round(span.total_seconds() / 60)
    return f"{minutes // 60} h" if minutes % 60 == 0 else f"{minutes} min"
