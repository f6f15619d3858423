"""The channel of SMS Gateway for Android over HTTP, against the strict fake."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.channels.base import FetchError, SendError
from bot.channels.sms.findings import Finding
from bot.channels.sms.smsgate.channel import SmsGateChannel
from bot.pacing import Rate
from handlers.messages import Address
from storage.vocabulary import Channel, Fault
from tests.acceptance.sms.saying import a_reply, at, failed_send
from tests.fakes.clock import MONDAY as NOW
from tests.fakes.loopback import serving
from tests.fakes.phone import Phone
from tests.fakes.smsgate.server import FakeSmsGate, Message

PUBLIC_URL = "https://lapor.example.go.id"
WEBHOOK = f"{PUBLIC_URL}/sms/smsgate/webhook"
EVENTS = ["sms:received", "sms:sent", "sms:delivered", "sms:failed"]


@pytest.fixture
async def fake() -> AsyncIterator[FakeSmsGate]:
    async with FakeSmsGate(clock=lambda: NOW) as server:
        yield server


@pytest.fixture
async def channel(fake: FakeSmsGate) -> AsyncIterator[SmsGateChannel]:
    channel = a_channel(fake)
    yield channel
    await channel.stop()


def a_channel(fake: FakeSmsGate, **more: Any) -> SmsGateChannel:
    settings: dict[str, Any] = {
        "password": fake.password,
        "public_url": PUBLIC_URL,
        "api_url": fake.url,
        **more,
    }
    return SmsGateChannel(fake.username, clock=lambda: NOW, **settings)


@pytest.fixture
def phone(fake: FakeSmsGate) -> Phone:
    return fake.phone()


async def test_short_wording_is_sent(channel: SmsGateChannel, phone: Phone, fake: FakeSmsGate) -> None:
    """The SMS wording goes out, valid for hours and not days, and its fate is asked for."""
    result = await channel.send(at(phone), a_reply("“Diterima” " + "a" * 160), key="1")
    (message,) = fake.messages.values()
    assert phone.texts == ['"Diterima" ' + "a" * 160]
    assert (result.provider_id, result.parts) == (message.message_id, 2)
    assert message.request == {
        "id": message.message_id,
        "phoneNumbers": [phone.number],
        "textMessage": {"text": phone.texts[0]},
        "priority": 0,
        "ttl": 14_400,
        "withDeliveryReport": True,
        "isEncrypted": False,
    }


async def test_chosen_sim(fake: FakeSmsGate, phone: Phone) -> None:
    """A phone with two cards sends from the one that is set."""
    channel = a_channel(fake, sim=2)
    await channel.send(at(phone), a_reply())
    assert [message.request["simNumber"] for message in fake.messages.values()] == [2]
    await channel.stop()


async def test_pace(channel: SmsGateChannel) -> None:
    """A phone sends about one message a second."""
    assert channel.limits.overall == Rate(1.0)


async def test_id_tells_nothing(channel: SmsGateChannel, phone: Phone) -> None:
    """The id does not show the number, and another password makes another id."""
    result = await channel.send(at(phone), a_reply(), key="1")
    assert result.provider_id is not None
    assert phone.number.removeprefix("+") not in result.provider_id


async def test_repeat_is_sent_once(channel: SmsGateChannel, phone: Phone, fake: FakeSmsGate) -> None:
    """A message whose answer was lost is handed over again, and known already."""
    fake.faults.drop_next("send")
    problem = await failed_send(channel, at(phone), key="1")
    assert (problem.fault, problem.code) == (Fault.UNREACHABLE, "broken_off")
    result = await channel.send(at(phone), a_reply(), key="1")
    assert [result.provider_id] == list(fake.messages)
    assert phone.texts == ["Laporan diterima."]


async def test_repeat_to_an_older_app(channel: SmsGateChannel, phone: Phone, fake: FakeSmsGate) -> None:
    """Older versions answer 500 to an id they know; so the message is looked for."""
    await channel.send(at(phone), a_reply(), key="1")
    fake.faults.fail_next("send", 500)
    assert (await channel.send(at(phone), a_reply(), key="1")).provider_id in fake.messages
    assert phone.texts == ["Laporan diterima."]


async def test_server_error(channel: SmsGateChannel, phone: Phone, fake: FakeSmsGate) -> None:
    """A 500 about a message that is not there is a fault of the gateway's: try again."""
    fake.faults.fail_next("send", 500)
    problem = await failed_send(channel, at(phone), key="1")
    assert (problem.fault, problem.code) == (Fault.UNREACHABLE, "500")
    assert fake.messages == {}


async def test_failed_message_is_sent_anew(channel: SmsGateChannel, phone: Phone, fake: FakeSmsGate) -> None:
    """A message that the phone gave up goes out under a new id when it is tried again."""
    first = await channel.send(at(phone), a_reply(), key="1")
    fake.report(next(iter(fake.messages.values())), "sms:failed")
    second = await channel.send(at(phone), a_reply(), key="1")
    assert second.provider_id != first.provider_id
    assert len(phone.texts) == 2


async def test_keys_that_begin_anew(channel: SmsGateChannel, fake: FakeSmsGate) -> None:
    """The same key with another number or text, as after a new database, is another message."""
    one, two = fake.phone(), fake.phone()
    await channel.send(at(one), a_reply(), key="1")
    await channel.send(at(two), a_reply(), key="1")
    await channel.send(at(two), a_reply("Lain."), key="1")
    assert len(fake.messages) == 3


async def test_without_key(channel: SmsGateChannel, phone: Phone) -> None:
    """Without a key each message is one of its own."""
    await channel.send(at(phone), a_reply())
    await channel.send(at(phone), a_reply())
    assert len(phone.texts) == 2


@pytest.mark.parametrize(
    ("status", "description", "fault"),
    [
        (400, "invalid phone number", Fault.REJECTED),
        (400, "No active devices registered", Fault.MISCONFIGURED),
        (401, "Unauthorized", Fault.MISCONFIGURED),
        (403, "Forbidden", Fault.MISCONFIGURED),
        (404, "Not found", Fault.MISCONFIGURED),
        (429, "Too many requests", Fault.THROTTLED),
        (502, "Bad gateway", Fault.UNREACHABLE),
        (503, "Unavailable", Fault.UNREACHABLE),
    ],
)
async def test_refusals(
    *, channel: SmsGateChannel, phone: Phone, fake: FakeSmsGate, status: int, description: str, fault: Fault
) -> None:
    """Each refusal has its fault; the gateway's words stay behind."""
    fake.faults.fail_next("send", status, description=description)
    problem = await failed_send(channel, at(phone))
    assert (problem.fault, problem.code) == (fault, str(status))
    assert problem.__cause__ is None
    assert problem.__context__ is None


async def test_no_phone_connected(channel: SmsGateChannel, phone: Phone, fake: FakeSmsGate) -> None:
    """An account without a phone is not set up."""
    fake.devices.clear()
    assert (await failed_send(channel, at(phone))).fault is Fault.MISCONFIGURED


async def test_timeout(fake: FakeSmsGate, phone: Phone) -> None:
    """No answer in time reads as "perhaps sent"."""
    channel = a_channel(fake, read_timeout=0.1)
    gate = fake.faults.hold_next("send")
    problem = await failed_send(channel, at(phone))
    assert (problem.fault, problem.code) == (Fault.UNREACHABLE, "timeout")
    gate.open()
    await channel.stop()


def answering(answer: ASGIApp, asked: list[str]) -> ASGIApp:
    """Return a gateway that gives one answer to all, and notes what it was asked."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        asked.append(f"{scope['method']} {scope['path']}")
        await answer(scope, receive, send)

    return app


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_no_text_follows_a_redirect(fake: FakeSmsGate, phone: Phone, status: int) -> None:
    """A gateway that sends us on to another host has not taken the message, and the other host hears nothing."""
    there: list[str] = []
    here: list[str] = []
    async with serving(answering(PlainTextResponse("{}"), there)) as elsewhere:
        redirect = RedirectResponse(f"{elsewhere}/messages", status)
        async with serving(answering(redirect, here)) as url:
            channel = a_channel(fake, api_url=url)
            problem = await failed_send(channel, at(phone))
            await channel.stop()
    assert (problem.fault, problem.code) == (Fault.UNREACHABLE, str(status))
    assert (here, there) == (["POST /messages"], [])


async def test_json_by_another_name(fake: FakeSmsGate, phone: Phone) -> None:
    """What was taken is taken, whatever content type the gateway gives to its answer; what is no JSON is not."""
    taken = Message({"id": "1", "phoneNumbers": [phone.number]}).as_json()
    asked: list[str] = []
    for body, is_read in ((json.dumps(taken), True), ("", False), ("<p>OK", False), ("[1]", False)):
        async with serving(answering(PlainTextResponse(body, 202), asked)) as url:
            channel = a_channel(fake, api_url=url)
            if is_read:
                assert (await channel.send(at(phone), a_reply())).provider_id
            else:
                assert (await failed_send(channel, at(phone))).code == "unreadable"
            await channel.stop()
    assert asked == ["POST /messages"] * 4


async def test_send_after_stop(channel: SmsGateChannel, phone: Phone) -> None:
    """What is sent as the program stops opens a connection of its own."""
    for _ in range(2):
        await channel.send(at(phone), a_reply())
        await channel.stop()
    assert len(phone.texts) == 2


async def test_nobody_there(fake: FakeSmsGate, phone: Phone) -> None:
    """A phone that is switched off is out of reach."""
    channel = a_channel(fake, api_url="http://127.0.0.1:9")
    assert (await failed_send(channel, at(phone))).code == "no_connection"
    await channel.stop()


@pytest.mark.parametrize("identifier", ["TELKOMSEL", "08123"])
async def test_address_that_is_none(channel: SmsGateChannel, identifier: str) -> None:
    """An address that is no number is refused without asking the gateway."""
    problem = await failed_send(channel, Address(Channel.SMS, identifier))
    assert (problem.fault, problem.code) == (Fault.REJECTED, "bad_address")


async def test_too_long(channel: SmsGateChannel, phone: Phone, fake: FakeSmsGate) -> None:
    """More than three parts never reach the phone."""
    with pytest.raises(SendError, match="too_long"):
        await channel.send(at(phone), a_reply("a" * 460))
    assert fake.messages == {}


async def test_no_files(channel: SmsGateChannel) -> None:
    """The gateway holds no files for us."""
    with pytest.raises(FetchError) as caught:
        await channel.fetch("x", 1000)
    assert caught.value.is_final


async def test_webhooks_are_registered_once(channel: SmsGateChannel, fake: FakeSmsGate) -> None:
    """A start registers what is missing; the next one changes nothing, so that the phone's owner is not alarmed."""
    await channel.ensure_webhooks()
    assert [(webhook["event"], webhook["url"]) for webhook in fake.webhooks.values()] == [
        (event, WEBHOOK) for event in EVENTS
    ]
    fake.faults.fail_next("create_webhook", 500)
    await channel.ensure_webhooks()


async def test_webhooks_move(channel: SmsGateChannel, fake: FakeSmsGate) -> None:
    """A new address takes the place of the old one; what others registered is left alone."""
    fake.webhooks["other"] = {"id": "other", "url": "https://other.example/", "event": "sms:received"}
    old = a_channel(fake, public_url="https://old.example")
    await old.ensure_webhooks()
    await old.stop()
    await channel.ensure_webhooks()
    assert [webhook["url"] for webhook in fake.webhooks.values()] == [
        "https://other.example/",
        *[WEBHOOK] * 4,
    ]


async def test_webhook_by_hand(channel: SmsGateChannel, fake: FakeSmsGate) -> None:
    """A webhook somebody registered for us by hand is not doubled."""
    fake.webhooks["hand"] = {"id": "hand", "url": WEBHOOK, "event": "sms:received"}
    await channel.ensure_webhooks()
    assert len(fake.webhooks) == 4


async def test_all_is_well(channel: SmsGateChannel) -> None:
    """A set-up as it should be has no findings."""
    await channel.ensure_webhooks()
    assert await channel.examine() == []


async def test_findings(channel: SmsGateChannel, fake: FakeSmsGate) -> None:
    """A phone that is silent and a webhook that is missing are found."""
    await channel.ensure_webhooks()
    del fake.webhooks["kanal-sms-failed"]
    fake.devices[0]["lastSeen"] = (NOW - timedelta(hours=3)).isoformat()
    assert await channel.examine() == [
        Finding("webhook_missing", expected=f"sms:failed {WEBHOOK}"),
        Finding("phone_silent", found="2026-03-01T23:05:00+00:00"),
    ]
    fake.devices.clear()
    assert (await channel.examine())[-1] == Finding("no_phone")


async def test_phone_that_answers_itself(channel: SmsGateChannel, fake: FakeSmsGate) -> None:
    """In "Local" mode the phone has no list of phones: it is there, since it answers."""
    await channel.ensure_webhooks()
    fake.faults.fail_next("devices", 404)
    assert await channel.examine() == []


async def test_wrong_credentials(fake: FakeSmsGate) -> None:
    """A password that is not good is a finding; a gateway out of reach is not."""
    channel = a_channel(fake, password="wrong")
    assert await channel.examine() == [Finding("credentials_refused", found="401")]
    await channel.stop()
    channel = a_channel(fake)
    fake.faults.fail_next("webhooks", 503)
    with pytest.raises(SendError):
        await channel.examine()
    await channel.stop()


async def test_unreadable_answer(channel: SmsGateChannel, fake: FakeSmsGate) -> None:
    """An answer the library cannot read counts as none."""
    fake.webhooks["odd"] = {"id": "odd", "url": WEBHOOK, "event": "sms:telepathy"}
    with pytest.raises(SendError, match="unreadable"):
        await channel.examine()


async def test_messages_at_once(channel: SmsGateChannel, fake: FakeSmsGate) -> None:
    """Several messages may be on their way at a time."""
    phones = [fake.phone() for _ in range(5)]
    await asyncio.gather(*(channel.send(at(phone), a_reply()) for phone in phones))
    assert [phone.texts for phone in phones] == [["Laporan diterima."]] * 5
