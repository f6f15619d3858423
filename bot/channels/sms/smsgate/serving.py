"""SMS by a phone in service: it posts what arrives to our webhook."""

import asyncio
from collections.abc import Sequence
from typing import Self

from starlette.routing import BaseRoute

from bot.channels.base import SendError
from bot.channels.sms.smsgate.channel import SmsGateChannel
from bot.channels.wire import Announce, until_reached
from bot.clock import Clock
from bot.core import Core
from bot.opening import CannotStart
from bot.settings import SmsGateSettings
from bot.web.smsgate import smsgate_route
from handlers.service import Service
from storage.vocabulary import Channel


class SmsGateWire:
    setting = "SMSGATE_USERNAME"

    def __init__(self, channel: SmsGateChannel, settings: SmsGateSettings) -> None:
        self.channel = channel
        self.account = f"smsgate:{settings.url}:{settings.username}"
        self._key = settings.webhook_key

    @classmethod
    def of(cls, settings: SmsGateSettings, public_url: str, clock: Clock) -> Self:
        channel = SmsGateChannel(
            settings.username,
            settings.password,
            public_url,
            clock=clock.now,
            api_url=settings.url,
            sim=settings.sim,
        )
        return cls(channel, settings)

    def routes(self, machine: Core) -> Sequence[BaseRoute]:
        return [
            smsgate_route(
                self._key,
                machine.service.deployment.phone_region,
                receive=machine.inbox.receive,
                on_report=machine.on_report,
                clock=machine.clock,
                metrics=machine.metrics,
            )
        ]

    async def meet(self, service: Service) -> None:
        """Return at once: what is posted to us says all."""

    async def serve(self, machine: Core, announce: Announce) -> None:  # noqa: ARG002 - the phone calls our route
        try:
            await until_reached(self.channel.ensure_webhooks, Channel.SMS)
        except SendError as error:
            raise CannotStart(
                f"SMSGATE_USERNAME, SMSGATE_PASSWORD: the gateway refuses them ({error.code}); "
                "they stand on the app's first screen"
            ) from None
        announce("SMS: serving by SMS Gateway for Android")
        await asyncio.Event().wait()

    async def stop(self) -> None:
        await self.channel.stop()
