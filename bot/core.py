"""The machine without its edges: what `run`, `chat` and the stories share."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.channels.base import Channel
from bot.clock import Clock
from bot.delivery import Delivery
from bot.files import Fetcher, FileStore
from bot.inbox import Inbox
from bot.metrics import Metrics
from bot.scheduler import Scheduler
from bot.writer import StorageUnavailable, Writer
from handlers import receipts
from handlers.messages import DeliveryReport
from handlers.service import Service
from storage.db import Database
from storage.vocabulary import Channel as ChannelName


@dataclass(frozen=True, slots=True)
class Core:
    service: Service
    writer: Writer
    inbox: Inbox
    delivery: Delivery
    fetcher: Fetcher
    scheduler: Scheduler
    metrics: Metrics
    clock: Clock

    async def on_report(self, report: DeliveryReport) -> None:
        """Commit what a provider reports of a message. Raises StorageUnavailable: it must report again."""
        now = self.clock.now()
        is_known = await self.writer.run(lambda uow: receipts.note_delivery(uow, report, now))
        if not is_known:  # it overtook our own note that the message was sent
            raise StorageUnavailable("unknown message")
        self.metrics.reports.labels(report.channel, report.state).inc()
        self.delivery.wake()


@contextmanager
def core(
    database: Database,
    service: Service,
    channels: Mapping[ChannelName, Channel],
    data_dir: Path,
    clock: Clock,
) -> Iterator[Core]:
    """Build inbox, delivery, fetcher and scheduler around one writer thread; ends the thread afterwards."""
    metrics, writer = Metrics(), Writer(database)
    delivery = Delivery(writer, channels, clock, metrics)
    store = FileStore(data_dir / "attachments", database.vault)
    fetcher = Fetcher(writer, service, channels, store, clock, metrics, delivery.wake)

    def committed() -> None:
        delivery.wake()
        fetcher.wake()

    inbox = Inbox(writer, service, clock, metrics, committed)
    scheduler = Scheduler(writer, service, clock, metrics, committed)
    writer.start()
    try:
        yield Core(service, writer, inbox, delivery, fetcher, scheduler, metrics, clock)
    finally:
        writer.stop()
