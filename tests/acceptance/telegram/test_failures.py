"""What Telegram refuses or does not answer, over HTTP, against the strict fake."""

import logging
from datetime import timedelta
from typing import Any

import pytest
from starlette.responses import JSONResponse

from bot.channels.base import SendError
from bot.channels.telegram.channel import TelegramChannel
from handlers.messages import Address
from storage.vocabulary import Channel, Fault
from tests.acceptance.telegram.saying import a_reply, at, failed_send
from tests.fakes.loopback import serving
from tests.fakes.telegram.citizen import Citizen
from tests.fakes.telegram.server import TOKEN, FakeTelegram


@pytest.mark.parametrize(
    ("status", "description", "fault", "code"),
    [
        (400, "Bad Request: chat not found", Fault.REJECTED, "chat_not_found"),
        (400, "Bad Request: BUTTON_DATA_INVALID for Warga", Fault.REJECTED, "bad_request"),
        (401, "Unauthorized", Fault.MISCONFIGURED, "invalid_token"),
        (403, "Forbidden: user is deactivated", Fault.BLOCKED, "403"),
        (404, "Not Found", Fault.MISCONFIGURED, "invalid_token"),
        (409, None, Fault.MISCONFIGURED, "conflict"),
        (500, None, Fault.UNREACHABLE, "network"),
        (502, "<html>", Fault.UNREACHABLE, "network"),
    ],
)
async def test_refusals(
    *,
    channel: TelegramChannel,
    citizen: Citizen,
    fake: FakeTelegram,
    status: int,
    description: str | None,
    fault: Fault,
    code: str,
) -> None:
    """Each refusal has its fault and a code of ours; the provider's words stay behind."""
    fake.faults.fail_next("sendMessage", status, description=description)
    problem = await failed_send(channel, at(citizen))
    assert (problem.fault, problem.code) == (fault, code)
    assert problem.__cause__ is None
    assert problem.__context__ is None


async def test_throttled(channel: TelegramChannel, citizen: Citizen, fake: FakeTelegram) -> None:
    """A 429 says how long to wait."""
    fake.faults.fail_next("sendMessage", 429, retry_after=17)
    problem = await failed_send(channel, at(citizen))
    assert (problem.fault, problem.retry_after) == (Fault.THROTTLED, timedelta(seconds=17))


async def test_group_moved(channel: TelegramChannel, fake: FakeTelegram) -> None:
    """Under its old number a group that became a supergroup is out of reach, until we are told of the new one."""
    fake.migrate(fake.group(-55), -100_55)
    problem = await failed_send(channel, Address(Channel.TELEGRAM, "-55"))
    assert (problem.fault, problem.code) == (Fault.UNREACHABLE, "chat_migrated")


async def test_blocked(channel: TelegramChannel, citizen: Citizen) -> None:
    """Somebody who blocked us gets nothing."""
    citizen.blocks()
    assert (await failed_send(channel, at(citizen))).fault is Fault.BLOCKED


async def test_never_written(channel: TelegramChannel, fake: FakeTelegram) -> None:
    """Who has never written to us cannot be written to."""
    assert (await failed_send(channel, at(fake.citizen()))).fault is Fault.BLOCKED


async def test_unknown_chat(channel: TelegramChannel) -> None:
    """A chat Telegram does not know is refused for good."""
    problem = await failed_send(channel, Address(Channel.TELEGRAM, "404"))
    assert (problem.fault, problem.code) == (Fault.REJECTED, "chat_not_found")


async def test_address_that_is_none(channel: TelegramChannel) -> None:
    """An address that is no chat id is refused without asking Telegram."""
    problem = await failed_send(channel, Address(Channel.TELEGRAM, "@warga"))
    assert (problem.fault, problem.code) == (Fault.REJECTED, "bad_address")


async def test_lost_answer(channel: TelegramChannel, citizen: Citizen, fake: FakeTelegram) -> None:
    """When the answer is lost the message may have gone out: out of reach, try again."""
    fake.faults.drop_next("sendMessage")
    problem = await failed_send(channel, at(citizen))
    assert (problem.fault, problem.code) == (Fault.UNREACHABLE, "network")
    assert citizen.heard == ["Laporan diterima."]


async def test_timeout(citizen: Citizen, fake: FakeTelegram) -> None:
    """No answer in time reads as "perhaps sent"."""
    channel = TelegramChannel(fake.token, fake.url, read_timeout=0.05)
    gate = fake.faults.hold_next("sendMessage")
    problem = await failed_send(channel, at(citizen))
    assert (problem.fault, problem.code) == (Fault.UNREACHABLE, "timeout")
    gate.open()
    await channel.stop()


async def test_start_may_be_tried_again(fake: FakeTelegram) -> None:
    """A start that fails leaves a channel that can be started later."""
    channel = TelegramChannel(fake.token, fake.url)
    fake.faults.fail_next("getMe", 502)
    with pytest.raises(SendError):
        await channel.start()
    await channel.start()
    assert channel.username == "kanal_test_bot"
    await channel.stop()


@pytest.mark.parametrize("result", [None, {}, [], "x"])
async def test_who_is_not_telegram_is_told_as_out_of_reach(fake: FakeTelegram, result: Any) -> None:
    """Whatever answers under its address."""
    async with serving(JSONResponse({"ok": True, "result": result})) as url:
        channel = TelegramChannel(fake.token, url)
        with pytest.raises(SendError) as caught:
            await channel.start()
        await channel.stop()
    assert (caught.value.fault, caught.value.code) == (Fault.UNREACHABLE, "unreadable")
    assert caught.value.__context__ is None


async def test_wrong_token_is_not_told(fake: FakeTelegram, caplog: pytest.LogCaptureFixture) -> None:
    """A refused token is our misconfiguration, and shows in neither the error nor the log."""
    caplog.set_level(logging.INFO)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    wrong = TOKEN.replace("AA", "BB")
    channel = TelegramChannel(wrong, fake.url)
    with pytest.raises(SendError) as caught:
        await channel.start()
    await channel.stop()
    assert caught.value.fault is Fault.MISCONFIGURED
    assert caught.value.__context__ is None
    assert wrong not in caplog.text


async def test_unreadable_answer_is_not_logged(
    channel: TelegramChannel, citizen: Citizen, fake: FakeTelegram, caplog: pytest.LogCaptureFixture
) -> None:
    """An answer that breaks off is out of reach, and what it held is not logged."""
    fake.faults.drop_next("sendMessage")
    await failed_send(channel, at(citizen), a_reply("rahasia-4711"))
    assert "rahasia-4711" not in caplog.text
