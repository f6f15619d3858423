"""Where providers post to, and who posts."""

from collections.abc import AsyncIterator

import httpx
import pytest

from bot.metrics import Metrics
from tests.acceptance.sms.edge import Inbox, sms_edge


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
async def url(inbox: Inbox, metrics: Metrics) -> AsyncIterator[str]:
    async with sms_edge(inbox, metrics) as root:
        yield root


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False) as client:
        yield client
