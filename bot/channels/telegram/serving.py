"""Telegram in service: by webhook where PUBLIC_URL is set, else by long polling."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Self
from urllib.parse import urlsplit

from starlette.routing import BaseRoute

from bot.channels.base import SendError
from bot.channels.telegram.channel import Menu, TelegramChannel
from bot.channels.telegram.poller import PollConflict, Poller
from bot.channels.wire import Announce, until_reached
from bot.core import Core
from bot.opening import CannotStart
from bot.settings import Settings
from bot.web.telegram import telegram_route
from handlers import report_wording
from handlers.messages import Inbound
from handlers.service import Service
from storage.crypto import Vault
from storage.vocabulary import Channel, Language

#: command menus by the names that `Reply.menu` gives them: (command, explanation as a message id)
Menus = Mapping[str, Sequence[tuple[str, str]]]


class TelegramWire:
    setting = "TELEGRAM_BOT_TOKEN"

    def __init__(
        self, channel: TelegramChannel, token: str, webhook_url: str | None, secret: str, menus: Menus
    ) -> None:
        self.channel = channel
        self.account = f"telegram:{token}"
        self._webhook_url = webhook_url
        self._secret = secret
        self._menus = menus
        self._meeting = asyncio.Lock()

    @classmethod
    def of(cls, settings: Settings, vault: Vault, token: str, menus: Menus) -> Self:
        """Build it from the settings; the webhook's secret is derived from the keys unless it is set."""
        channel = TelegramChannel(token, settings.telegram_root)
        given = settings.telegram_webhook_secret
        secret = given.get_secret_value() if given else vault.fingerprint("telegram-webhook", token).hex()
        return cls(channel, token, settings.webhook_url, secret, menus)

    def routes(self, machine: Core) -> Sequence[BaseRoute]:
        if self._webhook_url is None:
            return []
        return [telegram_route(self.channel, self._secret, machine.inbox, machine.clock, machine.metrics)]

    async def meet(self, service: Service) -> None:
        with self._refusals():
            await until_reached(lambda: self._start(service), Channel.TELEGRAM)

    async def serve(self, machine: Core, announce: Announce) -> None:
        with self._refusals():
            await until_reached(lambda: self._introduce(machine.service, announce), Channel.TELEGRAM)
            how = "webhook" if self._webhook_url else "long polling"
            announce(f"Telegram: serving @{self.channel.username} by {how}")
            await (asyncio.Event().wait() if self._webhook_url else self._poll(machine))

    async def stop(self) -> None:
        await self.channel.stop()

    @contextmanager
    def _refusals(self) -> Iterator[None]:
        try:
            yield
        except SendError as error:
            raise CannotStart(
                f"{self.setting}: Telegram refuses it ({error.code}); ask @BotFather for the right one"
            ) from None

    async def _start(self, service: Service) -> None:
        """Learn our name, for commands in groups and for links, unless we know it."""
        async with self._meeting:
            await self.channel.start()
        self.channel.set_menus({name: _menu(service, entries) for name, entries in self._menus.items()})

    async def _introduce(self, service: Service, announce: Announce) -> None:
        await self._start(service)
        await self.channel.set_menu(_menu(service, tuple(report_wording.MENU.items())))
        before = (await self.channel.webhook_info()).url
        if before not in {"", self._webhook_url}:  # Telegram lets the last one win, and tells nobody
            where = urlsplit(before).hostname  # the rest may hold a token
            announce(
                f"Telegram: this bot's updates went to {where} until now; "
                "if another program serves the bot there, give one of them a bot of its own"
            )
        if self._webhook_url:
            await self.channel.set_webhook(self._webhook_url, self._secret)
        else:
            await self.channel.delete_webhook()

    async def _poll(self, machine: Core) -> None:
        async def receive(inbound: Inbound) -> None:
            await machine.inbox.receive(inbound)

        ignored = machine.metrics.ignored.labels(Channel.TELEGRAM)
        try:
            await Poller(self.channel, clock=machine.clock.now).run(receive, on_ignored=ignored.inc)
        except PollConflict:
            raise CannotStart(
                "Telegram: another program receives this bot's updates; stop it (or its webhook), then start again"
            ) from None


def _menu(service: Service, entries: Sequence[tuple[str, str]]) -> Menu:
    """Return the entries in each language of the deployment, and in the default one for all others."""
    menu: dict[Language | None, list[tuple[str, str]]] = {
        language: [(name, service.voice(language).text(label)) for name, label in entries]
        for language in service.deployment.languages
    }
    menu[None] = menu[service.deployment.default_language]
    return menu
