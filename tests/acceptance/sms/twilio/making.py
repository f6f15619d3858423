"""Channels of Twilio's."""

from typing import Any

from bot.channels.sms.twilio.channel import TwilioChannel
from tests.fakes.clock import MONDAY as NOW
from tests.fakes.twilio.server import FakeTwilio

PUBLIC_URL = "https://lapor.example.go.id"


def a_channel(fake: FakeTwilio, **more: Any) -> TwilioChannel:
    settings: dict[str, Any] = {
        "auth_token": fake.auth_token,
        "sender": fake.sender,
        "api_url": fake.url,
        **more,
    }
    return TwilioChannel(fake.account_sid, public_url=PUBLIC_URL, clock=lambda: NOW, **settings)
