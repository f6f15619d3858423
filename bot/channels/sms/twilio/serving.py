"""SMS by Twilio in service: it posts what arrives to our webhooks."""

import asyncio
from collections.abc import Sequence
from typing import Self

from starlette.routing import BaseRoute

from bot.channels.base import SendError
from bot.channels.sms.twilio.channel import TwilioChannel
from bot.channels.wire import Announce, until_reached
from bot.clock import Clock
from bot.core import Core
from bot.opening import CannotStart
from bot.settings import TwilioSettings
from bot.web.twilio import twilio_routes
from handlers.service import Service
from storage.vocabulary import Channel


class TwilioWire:
    setting = "TWILIO_ACCOUNT_SID"

    def __init__(self, channel: TwilioChannel, settings: TwilioSettings, public_url: str) -> None:
        self.channel = channel
        self.account = f"twilio:{settings.account_sid}:{settings.sender}"
        self._token = settings.auth_token
        self._public_url = public_url

    @classmethod
    def of(cls, settings: TwilioSettings, public_url: str, clock: Clock) -> Self:
        channel = TwilioChannel(
            settings.account_sid,
            settings.auth_token,
            settings.sender,
            public_url,
            clock=clock.now,
            api_url=settings.api_url,
        )
        return cls(channel, settings, public_url)

    def routes(self, machine: Core) -> Sequence[BaseRoute]:
        return twilio_routes(
            self._token,
            self._public_url,
            machine.service.deployment.phone_region,
            receive=machine.inbox.receive,
            on_report=machine.on_report,
            clock=machine.clock,
            metrics=machine.metrics,
        )

    async def meet(self, service: Service) -> None:
        """Return at once: what is posted to us says all."""

    async def serve(self, machine: Core, announce: Announce) -> None:  # noqa: ARG002 - Twilio calls our routes
        try:
            await until_reached(self.channel.register, Channel.SMS)
        except SendError as error:
            raise CannotStart(
                f"TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN: Twilio refuses them ({error.code}); "
                "they stand on the first page of its console"
            ) from None
        announce(f"SMS: serving by Twilio, which posts what arrives to {self.channel.inbound_url}")
        await asyncio.Event().wait()

    async def stop(self) -> None:
        await self.channel.stop()
