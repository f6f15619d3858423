"""The machine without its edges: what `run`, `chat` and the stories share."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.channels.base import Channel
from bot.clock import Clock
from bot.delivery import Delivery
from bot.enclosures import Enclosures
from bot.exhibits import Exhibits
from bot.files import LONGEST_WAIT, Fetcher, FileStore
from bot.inbox import Inbox
from bot.metrics import Metrics
from bot.scheduler import Scheduler
from bot.writer import StorageUnavailable, Writer
from handlers import receipts
from handlers.messages import DeliveryReport
from handlers.service import Service
from storage.db import Database, UnitOfWork
from storage.queries import attachments, departures
from storage.vocabulary import Channel as ChannelName


@dataclass(frozen=True, slots=True)
class Core:
    service: Service
    writer: Writer
    inbox: Inbox
    delivery: Delivery
    fetcher: Fetcher
    store: FileStore
    scheduler: Scheduler
    metrics: Metrics
    clock: Clock
    #: to be called after a commit: there may be something to deliver
    committed: Callable[[], None]

    def wake(self) -> None:
        """Look for what another process has queued."""
        self.delivery.wake()
        self.fetcher.wake()

    async def hasten(self, was: datetime) -> bool:
        """Let nothing wait twice as the clock was set back from `was`; False: the database is out of reach."""
        now = self.clock.now()

        def work(uow: UnitOfWork) -> None:
            departures.make_due(uow, was, now, self.service.next_waking(now))
            attachments.make_due(uow, now + LONGEST_WAIT, now)

        try:
            await self.writer.run(work)
        except StorageUnavailable:  # logged by the writer
            return False
        self.wake()
        return True

    async def on_report(self, report: DeliveryReport) -> None:
        """Commit what a provider reports of a message. Raises StorageUnavailable: it must report again."""
        now = self.clock.now()
        is_known = await self.writer.run(lambda uow: receipts.note_delivery(uow, self.service, report, now))
        if not is_known:  # it overtook our own note that the message was sent
            raise StorageUnavailable("unknown message")
        self.metrics.reports.labels(report.channel, report.state).inc()
        self.committed()


@contextmanager
def core(
    database: Database,
    service: Service,
    channels: Mapping[ChannelName, Channel],
    data_dir: Path,
    clock: Clock,
    *,
    public_root: str | None = None,
    only: str | None = None,
    ring: Callable[[], None] = lambda: None,
) -> Iterator[Core]:
    """Build inbox, delivery, fetcher and scheduler around one writer thread; ends the thread afterwards.

    `public_root`: where the world reaches us, for addresses in messages. `only`: the one identifier to deliver to,
    else all. `ring`: wakes other processes.
    """
    metrics, writer = Metrics(), Writer(database)
    store = FileStore(data_dir / "attachments", database.vault)
    make = Exhibits(database, service, clock.now).make
    enclosures = Enclosures(writer, store, database.vault, make, public_root)
    delivery = Delivery(writer, service, channels, enclosures, clock, metrics, only=only)
    fetcher = Fetcher(writer, service, channels, store, clock, metrics, delivery.wake)

    def committed() -> None:
        delivery.wake()
        fetcher.wake()
        ring()

    def received(*, has_files: bool, is_followed: bool) -> None:
        if not is_followed:
            delivery.wake()
        if has_files:
            fetcher.wake()
        ring()

    inbox = Inbox(writer, service, clock, metrics, delivery.follow, received)
    scheduler = Scheduler(writer, service, clock, metrics, committed)
    writer.start()
    try:
        yield Core(service, writer, inbox, delivery, fetcher, store, scheduler, metrics, clock, committed)
    finally:
        writer.stop()
