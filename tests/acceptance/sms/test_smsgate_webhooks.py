"""What arrives by SMS through an Android phone, over HTTP: our route, called by the fake."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import httpx
import pytest

from bot.channels.sms.smsgate.channel import SmsGateChannel
from bot.metrics import Metrics
from bot.web.app import MAX_BODY_BYTES
from handlers.messages import Address, Reply
from storage.vocabulary import Channel
from tests.acceptance.sms.edge import Inbox, count
from tests.fakes.clock import MONDAY as NOW
from tests.fakes.smsgate.server import FakeSmsGate

GATEWAY = "/sms/smsgate/webhook"


@pytest.fixture
async def gateway(url: str) -> AsyncIterator[FakeSmsGate]:
    async with FakeSmsGate(clock=lambda: NOW) as server:
        channel = SmsGateChannel(server.username, server.password, url, clock=lambda: NOW, api_url=server.url)
        await channel.ensure_webhooks()
        await channel.stop()
        yield server


async def test_gateway_text(gateway: FakeSmsGate, inbox: Inbox) -> None:
    """A text comes in with the number as the world knows it, and the phone's time."""
    gateway.carry("081234567890", "LAPOR lampu mati 👍", at=NOW - timedelta(seconds=30))
    await gateway.poster.settled()
    (message,) = inbox.messages.values()
    assert message.address == Address(Channel.SMS, "+6281234567890")
    assert (message.text, message.at) == ("LAPOR lampu mati 👍", NOW - timedelta(seconds=30))
    assert gateway.poster.statuses == [200]


async def test_gateway_repeats(gateway: FakeSmsGate, inbox: Inbox) -> None:
    """The same message twice is one."""
    phone = gateway.phone()
    gateway.deliver_again(phone.says("satu"))
    phone.says("satu")
    await gateway.poster.settled()
    assert inbox.texts == ["satu", "satu"]
    assert len(gateway.poster.attempts) == 3


async def test_gateway_tries_again(gateway: FakeSmsGate, inbox: Inbox) -> None:
    """While the database is away the phone keeps the message and tells us again."""
    inbox.outages = 3
    gateway.phone().says("halo")
    await gateway.poster.settled()
    assert (inbox.texts, gateway.poster.statuses) == (["halo"], [503, 503, 503, 200])


async def test_gateway_reports(gateway: FakeSmsGate, inbox: Inbox, url: str) -> None:
    """What becomes of a text is told to us."""
    channel = SmsGateChannel(gateway.username, gateway.password, url, clock=lambda: NOW, api_url=gateway.url)
    to = Address(Channel.SMS, gateway.phone().number)
    result = await channel.send(to, Reply("Ya.", "Ya."), key="1")
    await channel.stop()
    (message,) = gateway.messages.values()
    for event in ("sms:delivered", "sms:sent", "sms:delivered"):
        gateway.report(message, event)
        await gateway.poster.settled()
    gateway.report(message, "sms:failed", reason="RESULT_ERROR_RADIO_OFF")
    await gateway.poster.settled()
    assert inbox.states == ["delivered", "sent", "delivered", "failed"]
    assert {report.provider_id for report in inbox.reports} == {result.provider_id}
    assert inbox.reports[-1].code == "RESULT_ERROR_RADIO_OFF"


async def test_gateway_events_we_do_not_handle(
    gateway: FakeSmsGate, client: httpx.AsyncClient, inbox: Inbox, metrics: Metrics, url: str
) -> None:
    """Pings, pictures and advertising are taken, so that they do not come again, and counted."""
    bodies = [
        b'{"event": "system:ping", "payload": {"health": {}}}',
        b'{"event": "mms:received", "payload": {"messageId": "m"}}',
        b'{"event": "sms:data-received", "payload": {"data": "AA=="}}',
    ]
    for body in bodies:
        answer = await client.post(f"{url}{GATEWAY}", content=body, headers=gateway.signed(body))
        assert answer.status_code == 200
    gateway.carry("TELKOMSEL", "PROMO")
    await gateway.poster.settled()
    assert (inbox.texts, count(metrics, "ignored")) == ([], 4)


BODY = b'{"event": "sms:received", "payload": {"messageId": "m", "message": "x", "phoneNumber": "+6281234567890"}}'


@pytest.mark.parametrize(
    "spoil",
    [
        lambda headers: headers.pop("x-signature"),
        lambda headers: headers.pop("x-timestamp"),
        lambda headers: headers.update({"x-signature": "0" * 64}),
        lambda headers: headers.update(FakeSmsGate().signed(b"other", NOW)),
        lambda headers: headers.update(FakeSmsGate().signed(BODY, NOW - timedelta(minutes=6))),
        lambda headers: headers.update(FakeSmsGate().signed(BODY, NOW + timedelta(minutes=6))),
        lambda headers: headers.update({"x-timestamp": "now"}),
    ],
)
async def test_gateway_forged(
    *,
    url: str,
    gateway: FakeSmsGate,
    client: httpx.AsyncClient,
    inbox: Inbox,
    metrics: Metrics,
    spoil: Callable[[dict[str, str]], object],
) -> None:
    """What the phone did not sign, just now, is refused and leaves no trace but a count."""
    headers = gateway.signed(BODY)
    assert (await client.post(f"{url}{GATEWAY}", content=BODY, headers=headers)).status_code == 200
    inbox.messages.clear()
    spoil(headers)
    answer = await client.post(f"{url}{GATEWAY}", content=BODY, headers=headers)
    assert (answer.status_code, inbox.messages, count(metrics, "refused")) == (403, {}, 1)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'"x"', b"{}", b'{"event": "sms:received", "payload": 1}', b"\xff"]
)
async def test_gateway_malformed(
    url: str, gateway: FakeSmsGate, client: httpx.AsyncClient, body: bytes
) -> None:
    """What is signed but no event is malformed."""
    answer = await client.post(f"{url}{GATEWAY}", content=body, headers=gateway.signed(body))
    assert answer.status_code == 400


async def test_gateway_deep_json(url: str, gateway: FakeSmsGate, client: httpx.AsyncClient) -> None:
    """A body that would exhaust the reader is malformed too."""
    body = b"[" * 100_000
    answer = await client.post(f"{url}{GATEWAY}", content=body, headers=gateway.signed(body))
    assert answer.status_code == 400


async def test_gateway_too_large(url: str, client: httpx.AsyncClient) -> None:
    """A body larger than any message is refused unread."""
    headers = {"x-signature": "x", "x-timestamp": "1"}
    answer = await client.post(f"{url}{GATEWAY}", content=b"x" * (MAX_BODY_BYTES + 1), headers=headers)
    assert answer.status_code == 413


@pytest.mark.parametrize("path", ["/sms/twilio/inbound", "/sms/twilio/status", GATEWAY])
async def test_only_posts(url: str, client: httpx.AsyncClient, path: str) -> None:
    """Nothing is to be seen here."""
    assert (await client.get(f"{url}{path}")).status_code == 404
