"""When jobs run: triggers only. What a job does is in `handlers/jobs.py`, what there is to do in the database."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.clock import Clock, set_back
from bot.metrics import Metrics
from bot.writer import StorageUnavailable, Writer
from handlers.clock.deadlines import remind, remind_idle
from handlers.clock.holidays import warn_of_holidays
from handlers.clock.morning import send_mornings
from handlers.clock.ombudsman import offer_ombudsman
from handlers.clock.own import remind_own
from handlers.clock.reviews import send_months, send_weeks
from handlers.clock.silence import lapse_answers, lapse_questions
from handlers.jobs import expire_drafts, forget_inbound, recall_drafts
from handlers.retention import count_due, purge
from handlers.rights import finish_erasures
from handlers.service import Service
from storage.db import UnitOfWork

log = structlog.get_logger()

Work = Callable[[UnitOfWork, Service, datetime], int]


@dataclass(frozen=True, slots=True)
class Job:
    #: fixed: command line, scheduler and metrics know the job by it
    name: str
    #: for `kanal jobs list`
    does: str
    #: between two looks at the database; that a time of day has come is found there, too
    every: timedelta
    #: does one batch and returns how many it did; 0: nothing is left
    work: Work
    #: counts what there is to do, by kind, where its own number would not tell enough
    count: Callable[[UnitOfWork, Service, datetime], Mapping[str, int]] | None = None
    #: what it does cannot be undone: never by hand as of a day that has not come
    is_erasing: bool = False


JOBS = (
    Job(
        "recall_drafts",
        "reminds people of reports they began and did not send",
        timedelta(minutes=1),
        recall_drafts,
    ),
    Job(
        "expire_drafts",
        "drops reports that nobody came back to",
        timedelta(minutes=10),
        expire_drafts,
        is_erasing=True,
    ),
    Job(
        "forget_inbound",
        "forgets message ids that no provider repeats any more",
        timedelta(hours=1),
        forget_inbound,
        is_erasing=True,
    ),
    Job(
        "finish_erasures",
        "deletes what it took to tell people that they are erased",
        timedelta(hours=1),
        finish_erasures,
        is_erasing=True,
    ),
    Job(
        "lapse_answers",
        "closes reports whose reporters did not say whether they are solved",
        timedelta(minutes=10),
        lapse_answers,
    ),
    Job(
        "lapse_questions",
        "archives reports whose reporters did not say what was missing",
        timedelta(minutes=10),
        lapse_questions,
    ),
    Job(
        "offer_ombudsman",
        "tells reporters of what is unsettled for so long that the Ombudsman may take it over",
        timedelta(minutes=30),
        offer_ombudsman,
    ),
    Job(
        "remind",
        "speaks up before deadlines and, louder, after them",
        timedelta(minutes=5),
        remind,
    ),
    Job(
        "warn_of_holidays",
        "tells coordinators that next year's joint leave is missing",
        timedelta(hours=1),
        warn_of_holidays,
    ),
    Job(
        "remind_own",
        "reminds officers of what they wanted to be reminded of",
        timedelta(minutes=5),
        remind_own,
    ),
    Job(
        "remind_idle",
        "reminds officers when half of the time is gone and nothing was done",
        timedelta(minutes=30),
        remind_idle,
    ),
    Job(
        "purge",
        "erases what has been kept for as long as the deployment says",
        timedelta(hours=1),
        purge,
        count_due,
        is_erasing=True,
    ),
    Job(
        "morning",
        "tells officers in the morning what waits for them today",
        timedelta(minutes=5),
        send_mornings,
    ),
    Job(
        "week",
        "tells heads of agencies and coordinators how last week went",
        timedelta(minutes=30),
        send_weeks,
    ),
    Job(
        "month",
        "sends the letter on last month to those above all agencies",
        timedelta(minutes=30),
        send_months,
    ),
)


class Scheduler:
    """Runs the jobs, each in transactions of one batch, among the messages that come in."""

    def __init__(  # noqa: PLR0917 - called in one place
        self,
        writer: Writer,
        service: Service,
        clock: Clock,
        metrics: Metrics,
        on_commit: Callable[[], None],
        jobs: Sequence[Job] = JOBS,
    ) -> None:
        self._writer = writer
        self._service = service
        self._clock = clock
        self._metrics = metrics
        self._on_commit = on_commit
        self._jobs = jobs

    async def run(self) -> None:
        """Run jobs when it is time, until cancelled.

        The first time is one interval after the start: what people wrote while we were down comes in before.
        """
        from apscheduler.schedulers.asyncio import AsyncIOScheduler  # noqa: PLC0415 - not every role has a clock
        from apscheduler.triggers.interval import IntervalTrigger  # noqa: PLC0415

        scheduler = AsyncIOScheduler(timezone=self._service.deployment.zone)
        for job in self._jobs:
            scheduler.add_job(
                self.run_job,
                IntervalTrigger(seconds=job.every.total_seconds()),
                args=[job],
                id=job.name,
                replace_existing=True,
                misfire_grace_time=None,  # late is better than never
                coalesce=True,
                max_instances=1,
            )
        scheduler.start()
        try:
            soonest = min(job.every for job in self._jobs)
            async for was in set_back(self._clock):
                if (
                    was - (now := self._clock.now()) < soonest
                ):  # nothing waits much longer than it does anyway
                    continue
                for timed in scheduler.get_jobs():  # else they would wait until the time comes round again
                    timed.modify(next_run_time=now)
        finally:
            scheduler.shutdown(wait=False)

    async def run_all(self, *, at_least_every: timedelta = timedelta.max) -> None:
        """Run every job once; or only those that run as often."""
        for job in self._jobs:
            if job.every <= at_least_every:
                await self.run_job(job)

    async def run_job(self, job: Job) -> None:
        """Run a job to its end; what it could not do, the next run finds."""
        try:
            await self._do(job, self._clock.now())
        except StorageUnavailable:  # logged by the writer
            outcome = "unavailable"
        except Exception:  # an edge: the other jobs go on
            log.exception("job_failed", job=job.name)
            outcome = "failed"
        else:
            outcome = "done"
        self._metrics.job_runs.labels(job.name, outcome).inc()

    async def _do(self, job: Job, now: datetime) -> None:
        while done := await self._writer.run(lambda uow: job.work(uow, self._service, now)):
            self._metrics.job_items.labels(job.name).inc(done)
            self._on_commit()
