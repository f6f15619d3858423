"""What arrives by SMS through Twilio, over HTTP: our routes, called by the fake."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from bot.channels.sms.twilio.channel import TwilioChannel
from bot.metrics import Metrics
from bot.web.app import MAX_BODY_BYTES
from handlers.messages import Address, DeliveryReport, Reply
from storage.vocabulary import Channel, DeliveryState, Fault
from tests.acceptance.sms.edge import Inbox, count
from tests.fakes.clock import MONDAY as NOW
from tests.fakes.phone import Phone
from tests.fakes.twilio.server import AUTH_TOKEN, SERVICE_SID, FakeTwilio

INBOUND, STATUS = "/sms/twilio/inbound", "/sms/twilio/status"
FRAGMENT = "#rc=5&rp=all"
TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


@pytest.fixture
async def twilio(url: str) -> AsyncIterator[FakeTwilio]:
    async with FakeTwilio(clock=lambda: NOW) as server:
        server.settings.inbound_url = f"{url}{INBOUND}{FRAGMENT}"
        yield server


async def a_message(fake: FakeTwilio, url: str, phone: Phone) -> str:
    """Send a text by Twilio and return its id there."""
    channel = TwilioChannel(
        fake.account_sid, fake.auth_token, fake.sender, url, clock=lambda: NOW, api_url=fake.url
    )
    result = await channel.send(Address(Channel.SMS, phone.number), Reply("Diterima.", "Diterima."))
    await channel.stop()
    return str(result.provider_id)


async def test_twilio_text(twilio: FakeTwilio, inbox: Inbox, url: str) -> None:
    """A text comes in as it was typed, and is answered with nothing to say."""
    phone = twilio.phone("+6281234567890")
    sid = phone.says(" LAPOR lampu mati & jalan rusak é 👍 ")
    await twilio.poster.settled()
    (message,) = inbox.messages.values()
    assert (message.address, message.external_id, message.text) == (
        Address(Channel.SMS, "+6281234567890"),
        sid,
        " LAPOR lampu mati & jalan rusak é 👍 ",
    )
    (attempt,) = twilio.poster.attempts
    assert (attempt.url, attempt.status, attempt.body) == (f"{url}{INBOUND}", 200, TWIML)
    assert attempt.content_type.startswith("text/xml")


async def test_twilio_service(url: str, inbox: Inbox) -> None:
    """With a Messaging Service there is one more parameter, and parameters of tomorrow may come too."""
    async with FakeTwilio(SERVICE_SID) as fake:
        fake.settings.inbound_url = f"{url}{INBOUND}{FRAGMENT}"
        phone = fake.phone()
        fake.carry(phone.number, "halo", ChannelMetadata='{"type": "sms"}', Empty="", Neu=" x ")
        await fake.poster.settled()
        assert (inbox.texts, fake.poster.statuses) == (["halo"], [200])


async def test_twilio_repeats(twilio: FakeTwilio, inbox: Inbox) -> None:
    """The same message twice is one; the same text in two messages is two."""
    phone = twilio.phone()
    twilio.deliver_again(phone.says("satu"))
    phone.says("satu")
    await twilio.poster.settled()
    assert inbox.texts == ["satu", "satu"]
    assert twilio.poster.statuses == [200, 200, 200]


async def test_twilio_tries_again(twilio: FakeTwilio, inbox: Inbox) -> None:
    """While the database is away the message is not taken, and comes again: #rc=5&rp=all says so."""
    inbox.outages = 2
    twilio.phone().says("halo")
    await twilio.poster.settled()
    assert (inbox.texts, twilio.poster.statuses) == (["halo"], [503, 503, 200])


async def test_twilio_files(twilio: FakeTwilio, inbox: Inbox) -> None:
    """An MMS comes in with addresses that our channel can fetch."""
    twilio.phone().sends_files(("image/jpeg", b"a picture"), text="fotonya")
    await twilio.poster.settled()
    (message,) = inbox.messages.values()
    channel = TwilioChannel(
        twilio.account_sid,
        AUTH_TOKEN,
        twilio.sender,
        "https://x.example",
        clock=lambda: NOW,
        api_url=twilio.url,
    )
    assert await channel.fetch(message.media[0].ref, 100) == b"a picture"
    await channel.stop()


@pytest.mark.parametrize("sender", ["TELKOMSEL", "98108"])
async def test_twilio_senders_without_number(
    twilio: FakeTwilio, inbox: Inbox, metrics: Metrics, sender: str
) -> None:
    """Advertising is taken from Twilio, so that it does not come again, and counted."""
    twilio.carry(sender, "PROMO")
    await twilio.poster.settled()
    assert (inbox.texts, twilio.poster.statuses, count(metrics, "ignored")) == ([], [200], 1)


RIGHT = "right"


@pytest.mark.parametrize(
    ("signature", "changes"),
    [
        (None, {}),
        ("x" * 28, {}),
        ("\u00ff", {}),
        (RIGHT, {"Body": "lain"}),
        (RIGHT, {"Body": "a"}),  # trimmed
        (RIGHT, {"Extra": "1"}),
        (RIGHT, {"To": None}),
    ],
)
@pytest.mark.parametrize("path", [INBOUND, STATUS])
async def test_twilio_forged(
    *,
    url: str,
    client: httpx.AsyncClient,
    inbox: Inbox,
    metrics: Metrics,
    path: str,
    signature: str | None,
    changes: dict[str, str | None],
) -> None:
    """What is not signed by Twilio, as it came, is refused and leaves no trace but a count."""
    params = {
        "MessageSid": "SM1",
        "From": "+6281234567890",
        "To": "+1",
        "Body": " a ",
        "MessageStatus": "sent",
    }
    if signature == RIGHT:
        signature = FakeTwilio().signature(f"{url}{path}", params)
    headers = [] if signature is None else [(b"x-twilio-signature", signature.encode("latin-1"))]
    sent = {name: value for name, value in {**params, **changes}.items() if value is not None}
    answer = await client.post(f"{url}{path}", data=sent, headers=headers)
    assert (answer.status_code, inbox.messages, inbox.reports) == (403, {}, [])
    assert count(metrics, "refused") == 1


async def test_twilio_signs_the_public_address(url: str, client: httpx.AsyncClient, inbox: Inbox) -> None:
    """The address is the one we know, not the one the request names: a proxy may stand in between."""
    params = {"MessageSid": "SM1", "From": "+6281234567890", "Body": "halo"}
    headers = {
        "x-twilio-signature": FakeTwilio().signature(f"{url}{INBOUND}", params),
        "host": "inside.example",
        "x-forwarded-proto": "https",
    }
    assert (await client.post(f"{url}{INBOUND}", data=params, headers=headers)).status_code == 200
    headers["x-twilio-signature"] = FakeTwilio().signature(f"http://inside.example{INBOUND}", params)
    assert (await client.post(f"{url}{INBOUND}", data=params, headers=headers)).status_code == 403
    assert inbox.texts == ["halo"]


@pytest.mark.parametrize("path", [INBOUND, STATUS])
async def test_twilio_malformed(url: str, client: httpx.AsyncClient, path: str) -> None:
    """A request that Twilio signed, but with nothing in it, is malformed."""
    headers = {"x-twilio-signature": FakeTwilio().signature(f"{url}{path}", {"Body": "x"})}
    assert (await client.post(f"{url}{path}", data={"Body": "x"}, headers=headers)).status_code == 400
    flood = "&".join(f"p{n}=1" for n in range(2000))
    assert (await client.post(f"{url}{path}", content=flood, headers=headers)).status_code == 400


@pytest.mark.parametrize("path", [INBOUND, STATUS])
async def test_twilio_too_large(url: str, client: httpx.AsyncClient, path: str) -> None:
    """A body larger than any message is refused unread."""
    headers = {"x-twilio-signature": "x"}
    answer = await client.post(f"{url}{path}", content=b"x" * (MAX_BODY_BYTES + 1), headers=headers)
    assert answer.status_code == 413


async def test_twilio_reports(twilio: FakeTwilio, inbox: Inbox, url: str) -> None:
    """What becomes of a text is told to us, however late, often or mixed up."""
    sid = await a_message(twilio, url, twilio.phone())
    for status in ("sent", "delivered", "delivered", "queued"):
        twilio.report(twilio.world.messages[sid], status)
        await twilio.poster.settled()
    assert inbox.states == ["sent", "delivered", "delivered", "accepted"]
    assert {report.provider_id for report in inbox.reports} == {sid}
    assert twilio.poster.statuses == [204] * 4


async def test_twilio_failure_report(twilio: FakeTwilio, inbox: Inbox, url: str) -> None:
    """A failure comes with its code and what it means; an outage of ours does not lose it."""
    sid = await a_message(twilio, url, twilio.phone())
    inbox.outages = 1
    twilio.report(twilio.world.messages[sid], "undelivered", error_code=30005)
    await twilio.poster.settled()
    failure = DeliveryReport(Channel.SMS, sid, DeliveryState.FAILED, "30005", NOW, Fault.BLOCKED)
    assert (inbox.reports, twilio.poster.statuses) == ([failure], [503, 204])


async def test_report_before_the_answer(twilio: FakeTwilio, inbox: Inbox, url: str) -> None:
    """A report may overtake the answer to the sending."""
    phone = twilio.phone()
    gate = twilio.faults.hold_next("CreateMessage")
    channel = TwilioChannel(
        twilio.account_sid, AUTH_TOKEN, twilio.sender, url, clock=lambda: NOW, api_url=twilio.url
    )
    to = Address(Channel.SMS, phone.number)
    async with asyncio.TaskGroup() as group:
        sending = group.create_task(channel.send(to, Reply("Ya.", "Ya.")))
        await gate.reached()
        twilio.report(twilio.messages[0], "delivered")
        await twilio.poster.settled()
        assert inbox.states == ["delivered"]
        gate.open()
    assert sending.result().provider_id == inbox.reports[0].provider_id
    await channel.stop()


async def test_reports_without_the_tests_doing(url: str, inbox: Inbox) -> None:
    """The fake can report on its own, as for a demonstration."""
    async with FakeTwilio(clock=lambda: NOW, auto_reports=("sent", "delivered")) as fake:
        await a_message(fake, url, fake.phone())
        await fake.poster.settled()
    assert sorted(inbox.states) == ["delivered", "sent"]
