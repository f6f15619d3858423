"""Twilio's strict fake, our channel to it, and a phone."""

from collections.abc import AsyncIterator

import pytest

from bot.channels.sms.twilio.channel import TwilioChannel
from tests.acceptance.sms.twilio.making import a_channel
from tests.fakes.clock import MONDAY as NOW
from tests.fakes.phone import Phone
from tests.fakes.twilio.server import FakeTwilio


@pytest.fixture
async def fake() -> AsyncIterator[FakeTwilio]:
    async with FakeTwilio(clock=lambda: NOW) as server:
        yield server


@pytest.fixture
async def channel(fake: FakeTwilio) -> AsyncIterator[TwilioChannel]:
    channel = a_channel(fake)
    yield channel
    await channel.stop()


@pytest.fixture
def phone(fake: FakeTwilio) -> Phone:
    return fake.phone()
