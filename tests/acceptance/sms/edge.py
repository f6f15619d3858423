"""Our SMS routes, served, with a recording inbox behind them: what the tests of both providers share."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from bot.metrics import Metrics
from bot.web.app import build_web
from bot.web.pages import Pages
from bot.web.smsgate import smsgate_route
from bot.web.twilio import twilio_routes
from bot.writer import StorageUnavailable
from handlers.messages import DeliveryReport, Inbound
from handlers.service import Service
from tests.deployment import sekadau
from tests.fakes.clock import FakeClock
from tests.fakes.loopback import serving
from tests.fakes.smsgate.server import WEBHOOK_KEY
from tests.fakes.twilio.server import AUTH_TOKEN


class Inbox:
    """Receives, and remembers what; repeats are dropped, as in the real one."""

    def __init__(self) -> None:
        self.messages: dict[str, Inbound] = {}
        self.reports: list[DeliveryReport] = []
        #: how often the database will be away
        self.outages = 0

    @property
    def texts(self) -> list[str]:
        return [message.text for message in self.messages.values()]

    @property
    def states(self) -> list[str]:
        return [report.state.value for report in self.reports]

    async def receive(self, inbound: Inbound) -> None:
        self._may_fail()
        self.messages.setdefault(inbound.external_id, inbound)

    async def report(self, report: DeliveryReport) -> None:
        self._may_fail()
        self.reports.append(report)

    def _may_fail(self) -> None:
        if self.outages:
            self.outages -= 1
            raise StorageUnavailable


class _LateApp:
    """An app that has to know its own address first."""

    app: Any = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app(scope, receive, send)


@asynccontextmanager
async def sms_edge(inbox: Inbox, metrics: Metrics) -> AsyncIterator[str]:
    """Serve the routes of both providers; gives our address, which is PUBLIC_URL as well."""
    more: dict[str, Any] = {
        "receive": inbox.receive,
        "on_report": inbox.report,
        "clock": FakeClock(),
        "metrics": metrics,
    }
    late = _LateApp()
    async with serving(late) as root:
        late.app = build_web(
            [*twilio_routes(AUTH_TOKEN, root, "ID", **more), smsgate_route(WEBHOOK_KEY, "ID", **more)],
            Pages(Service.of(sekadau())),
        )
        yield root


def count(metrics: Metrics, name: str) -> float:
    """Return what one of the counters stands at."""
    return metrics.registry.get_sample_value(f"kanal_{name}_total", {"channel": "sms"}) or 0.0
