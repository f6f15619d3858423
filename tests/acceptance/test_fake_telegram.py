"""The fake Bot API keeps Telegram's rules, since the other tests rely on them."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.base import SendError
from bot.channels.telegram.channel import TelegramChannel
from handlers.messages import Address, Reply
from storage.vocabulary import Channel
from tests.fakes.loopback import serving
from tests.fakes.telegram.server import FakeTelegram


@pytest.fixture
async def fake() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as server:
        yield server


@pytest.fixture
async def channel(fake: FakeTelegram) -> AsyncIterator[TelegramChannel]:
    channel = TelegramChannel(fake.token, fake.url)
    yield channel
    await channel.stop()


async def test_limits_of_the_fake() -> None:
    """The fake refuses a burst as Telegram does, and takes messages again when told to."""
    now = [datetime(2026, 3, 2, tzinfo=UTC)]
    async with FakeTelegram(clock=lambda: now[0], has_limits=True) as fake:
        channel = TelegramChannel(fake.token, fake.url)
        citizen = fake.citizen()
        citizen.says("/start")
        to = Address(Channel.TELEGRAM, str(citizen.chat_id))
        for _ in range(13):
            await channel.send(to, Reply("satu", "satu"))
        with pytest.raises(SendError) as caught:
            await channel.send(to, Reply("dua", "dua"))
        assert caught.value.retry_after is not None
        now[0] += caught.value.retry_after
        await channel.send(to, Reply("dua", "dua"))
        await channel.stop()


@pytest.mark.parametrize(
    ("request_body", "fault"),
    [
        ({"chat_id": 1, "txt": "a"}, "unknown field txt"),
        ({"chat_id": 1, "text": "a", "reply_markup": "{}"}, "reply_markup: not of type"),
    ],
)
async def test_the_fake_is_strict(request_body: dict[str, object], fault: str) -> None:
    """A request that the Bot API does not know is refused, and fails the test; JSON is not looked for in JSON."""

    async def misspell() -> None:
        async with FakeTelegram() as fake, httpx.AsyncClient(trust_env=False) as client:
            answer = await client.post(f"{fake.url}/bot{fake.token}/sendMessage", json=request_body)
            assert answer.status_code == 400

    with pytest.raises(AssertionError, match=fault):
        await misspell()


async def test_webhook_of_the_fake(fake: FakeTelegram, channel: TelegramChannel) -> None:
    """The fake posts each update with the secret until it is taken, several at a time."""
    came: list[tuple[int, str]] = []
    answers = iter([503, 200, 500, 200])
    everybody = asyncio.Barrier(2)

    async def take(request: Request) -> Response:
        update = await request.json()
        came.append((update["update_id"], request.headers["x-telegram-bot-api-secret-token"]))
        if len(came) <= 2:
            await everybody.wait()
        return Response(status_code=next(answers))

    app = Starlette(routes=[Route("/telegram/webhook", take, methods=["POST"])])
    async with serving(app) as url:
        await channel.set_webhook(f"{url}/telegram/webhook", "rahasia")
        citizen = fake.citizen()
        citizen.says("satu")
        citizen.says("dua")
        first, second = fake.pending_updates
        await fake.wait_for(lambda: not fake.pending_updates)
        await channel.delete_webhook()
    assert {number for number, _ in came} == {first, second}
    assert len(came) == 4
    assert {secret for _, secret in came} == {"rahasia"}


async def test_unconfirmed_updates_come_again(fake: FakeTelegram, channel: TelegramChannel) -> None:
    """The fake keeps an update until a higher offset, and only hands out kinds that were asked for."""
    citizen = fake.citizen()
    citizen.says("satu")
    citizen.says("dua")
    first, second = [update["update_id"] for update in await channel.get_updates(None, 0)]
    assert [update["update_id"] for update in await channel.get_updates(first, 0)] == [first, second]
    assert [update["update_id"] for update in await channel.get_updates(second, 0)] == [second]
    assert await channel.get_updates(second + 1, 0) == []


async def test_fake_refuses_a_wrong_token(fake: FakeTelegram) -> None:
    """The fake answers nobody without the token."""
    async with httpx.AsyncClient(trust_env=False) as client:
        assert (await client.get(f"{fake.url}/bot1:X/getMe")).status_code == 401
