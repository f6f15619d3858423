"""Telegram's strict fake, our channel to it, and somebody who has written to us."""

from collections.abc import AsyncIterator

import pytest

from bot.channels.telegram.channel import TelegramChannel
from tests.fakes.telegram.citizen import Citizen
from tests.fakes.telegram.server import FakeTelegram


@pytest.fixture
async def fake() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as server:
        yield server


@pytest.fixture
async def channel(fake: FakeTelegram) -> AsyncIterator[TelegramChannel]:
    channel = TelegramChannel(fake.token, fake.url)
    await channel.start()
    yield channel
    await channel.stop()


@pytest.fixture
def citizen(fake: FakeTelegram) -> Citizen:
    """Return somebody who has written to us."""
    citizen = fake.citizen()
    citizen.says("/start")
    return citizen
