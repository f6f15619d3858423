"""The Twilio channel over HTTP, against the strict fake."""

import asyncio
import logging
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.channels.base import FetchError, SendError
from bot.channels.sms.twilio.channel import TwilioChannel
from bot.pacing import Rate
from handlers.messages import Address
from storage.vocabulary import Channel, Fault
from tests.acceptance.sms.saying import a_reply, at, failed_send
from tests.acceptance.sms.twilio.making import PUBLIC_URL, a_channel
from tests.fakes.clock import MONDAY as NOW
from tests.fakes.loopback import serving
from tests.fakes.phone import Phone
from tests.fakes.twilio.server import AUTH_TOKEN, NUMBER, SERVICE_SID, FakeTwilio


async def test_short_wording_is_sent(channel: TwilioChannel, phone: Phone, fake: FakeTwilio) -> None:
    """The SMS wording goes out, valid for hours and not days, and its fate is asked for."""
    result = await channel.send(at(phone), a_reply())
    assert phone.texts == ["Laporan diterima."]
    assert (result.provider_id, result.parts) == (fake.messages[0].sid, 1)
    assert fake.calls_of("CreateMessage") == [
        {
            "To": phone.number,
            "From": NUMBER,
            "Body": "Laporan diterima.",
            "StatusCallback": f"{PUBLIC_URL}/sms/twilio/status#rc=5&rp=all",
            "ValidityPeriod": "14400",
        }
    ]


async def test_messaging_service() -> None:
    """With a Messaging Service the sender is its business; parts are counted by us until it has chosen one."""
    async with FakeTwilio(SERVICE_SID) as fake:
        channel, phone = a_channel(fake), fake.phone()
        result = await channel.send(at(phone), a_reply("a" * 161))
        (params,) = fake.calls_of("CreateMessage")
        assert (params["MessagingServiceSid"], "From" in params, result.parts) == (SERVICE_SID, False, 2)
        await channel.stop()


async def test_typography_costs_nothing(channel: TwilioChannel, phone: Phone) -> None:
    """A text that was typeset is one part, not three."""
    await channel.send(at(phone), a_reply("“Status” – " + "a" * 140 + "… 👍"))
    assert (phone.parts, phone.in_ucs2) == (1, [])


@pytest.mark.parametrize(
    ("short", "code"), [("", "empty_text"), ("👍", "empty_text"), ("a" * 460, "too_long")]
)
async def test_what_is_never_sent(
    channel: TwilioChannel, phone: Phone, fake: FakeTwilio, short: str, code: str
) -> None:
    """What is empty or too long fails before it reaches Twilio."""
    with pytest.raises(SendError) as caught:
        await channel.send(at(phone), a_reply(short))
    assert (caught.value.fault, caught.value.code) == (Fault.REJECTED, code)
    assert fake.calls == []


@pytest.mark.parametrize("identifier", ["TELKOMSEL", "08123", "+", "+٦٢٨"])
async def test_address_that_is_none(channel: TwilioChannel, identifier: str) -> None:
    """An address that is no number is refused without asking Twilio."""
    problem = await failed_send(channel, Address(Channel.SMS, identifier))
    assert (problem.fault, problem.code) == (Fault.REJECTED, "bad_address")


@pytest.mark.parametrize(
    ("status", "code", "fault"),
    [
        (400, 21211, Fault.BLOCKED),
        (400, 21614, Fault.BLOCKED),
        (400, 21408, Fault.MISCONFIGURED),
        (400, 21610, Fault.BLOCKED),
        (400, 21611, Fault.THROTTLED),
        (400, 21612, Fault.MISCONFIGURED),
        (400, 21617, Fault.REJECTED),
        (400, 30001, Fault.THROTTLED),
        (400, 30002, Fault.MISCONFIGURED),
        (400, 30003, Fault.UNREACHABLE),
        (400, 30004, Fault.BLOCKED),
        (400, 30005, Fault.BLOCKED),
        (400, 30006, Fault.BLOCKED),
        (400, 30007, Fault.REJECTED),
        (400, 30008, Fault.UNREACHABLE),
        (400, 30017, Fault.THROTTLED),
        (429, 20429, Fault.THROTTLED),
        (429, 99999, Fault.THROTTLED),
        (401, 20003, Fault.MISCONFIGURED),
        (404, 20404, Fault.MISCONFIGURED),
        (400, 99999, Fault.REJECTED),
    ],
)
async def test_refusals(
    *, channel: TwilioChannel, phone: Phone, fake: FakeTwilio, status: int, code: int, fault: Fault
) -> None:
    """Each refusal has its fault and Twilio's code; Twilio's words, which name numbers, stay behind."""
    fake.faults.fail_next("CreateMessage", status, description=f"The number {phone.number}", code=code)
    problem = await failed_send(channel, at(phone))
    assert (problem.fault, problem.code) == (fault, str(code))
    assert problem.__cause__ is None
    assert problem.__context__ is None
    assert len(fake.calls) == 1


async def test_opted_out(channel: TwilioChannel, phone: Phone) -> None:
    """Who told Twilio STOP gets nothing, until they say START."""
    phone.says("stop")
    assert (await failed_send(channel, at(phone))).code == "21610"
    phone.says("START")
    await channel.send(at(phone), a_reply())
    assert phone.texts == ["Laporan diterima."]


async def test_landline(channel: TwilioChannel, phone: Phone) -> None:
    """A landline is out of reach for good."""
    phone.is_landline = True
    assert (await failed_send(channel, at(phone))).fault is Fault.BLOCKED


@pytest.mark.parametrize("status", [500, 503])
async def test_server_error(channel: TwilioChannel, phone: Phone, fake: FakeTwilio, status: int) -> None:
    """After a fault of Twilio's nothing was sent, as a look tells: try again."""
    fake.faults.fail_next("CreateMessage", status)
    problem = await failed_send(channel, at(phone))
    assert (problem.fault, problem.code) == (Fault.UNREACHABLE, "server")
    assert len(fake.calls_of("ListMessage")) == 1


async def test_answer_breaks_off(channel: TwilioChannel, phone: Phone, fake: FakeTwilio) -> None:
    """If the answer is lost the message is found at Twilio, and not sent twice."""
    fake.faults.drop_next("CreateMessage")
    result = await channel.send(at(phone), a_reply(), key="1")
    assert result.provider_id == fake.messages[0].sid
    assert phone.texts == ["Laporan diterima."]
    (query,) = fake.calls_of("ListMessage")
    assert query["To"] == phone.number


async def test_request_breaks_off(channel: TwilioChannel, phone: Phone, fake: FakeTwilio) -> None:
    """If nothing was sent, that is found out as well: try again."""
    fake.faults.drop_next("CreateMessage", has_effect=False)
    problem = await failed_send(channel, at(phone), key="1")
    assert (problem.fault, problem.code) == (Fault.UNREACHABLE, "broken_off")
    await channel.send(at(phone), a_reply(), key="1")
    assert phone.texts == ["Laporan diterima."]


async def test_timeout(fake: FakeTwilio, phone: Phone) -> None:
    """A slow answer reads as "perhaps sent", and is looked up."""
    channel = a_channel(fake, read_timeout=0.2)
    gate = fake.faults.hold_next("CreateMessage")
    result = await channel.send(at(phone), a_reply())
    assert result.provider_id == fake.messages[0].sid
    gate.open()
    await channel.stop()


async def test_same_text_twice(channel: TwilioChannel, phone: Phone, fake: FakeTwilio) -> None:
    """An earlier message with the same text is not taken for the one whose answer was lost."""
    await channel.send(at(phone), a_reply(), key="1")
    fake.faults.drop_next("CreateMessage", has_effect=False)
    assert (await failed_send(channel, at(phone), key="2")).code == "broken_off"
    fake.faults.drop_next("CreateMessage")
    await channel.send(at(phone), a_reply(), key="2")
    assert phone.texts == ["Laporan diterima."] * 2


async def test_old_text_of_another_process(channel: TwilioChannel, phone: Phone, fake: FakeTwilio) -> None:
    """A message from before the attempt is another one, even if we do not know it."""
    other = a_channel(fake)
    await other.send(at(phone), a_reply())
    await other.stop()
    fake.messages[0].created_at = NOW - timedelta(minutes=2)
    fake.faults.drop_next("CreateMessage", has_effect=False)
    assert (await failed_send(channel, at(phone))).code == "broken_off"


async def test_doubt_outlives_the_attempt(channel: TwilioChannel, phone: Phone, fake: FakeTwilio) -> None:
    """If even the look-up fails, the next attempt at the message looks first."""
    fake.faults.drop_next("CreateMessage")
    fake.faults.fail_next("ListMessage", 500)
    assert (await failed_send(channel, at(phone), key="7")).code == "broken_off"
    result = await channel.send(at(phone), a_reply(), key="7")
    assert result.provider_id == fake.messages[0].sid
    assert phone.texts == ["Laporan diterima."]


async def test_doubt_that_cannot_be_cleared(channel: TwilioChannel, phone: Phone, fake: FakeTwilio) -> None:
    """As long as nobody can tell whether it was sent, it is not sent again."""
    fake.faults.drop_next("CreateMessage")
    fake.faults.fail_next("ListMessage", 503, times=2)
    await failed_send(channel, at(phone), key="7")
    assert (await failed_send(channel, at(phone), key="7")).fault is Fault.UNREACHABLE
    assert len(fake.calls_of("CreateMessage")) == 1


def saying(*answers: Any) -> ASGIApp:
    """Return a Twilio that says one thing after another, whatever it is asked."""
    left = iter(answers)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await JSONResponse(next(left))(scope, receive, send)

    return app


async def test_answers_of_another_form(phone: Phone, fake: FakeTwilio) -> None:
    """A message without a SID is in doubt, and looked for among what has one and a time that is known."""
    body = "Laporan diterima."
    lacking: list[Any] = [None, 7, [], {"body": body, "date_created": format_datetime(NOW)}, {"sid": "SM0"}]
    dates = ("Mon, 02 Mar 2026 02:05:00 -0000", "soon", 7)
    lacking += [{"sid": "SM1", "body": body, "date_created": date} for date in dates]
    found = {"sid": "SM2", "body": body, "date_created": format_datetime(NOW)}
    twilio = saying(
        {}, {"messages": lacking}, {"messages": [*lacking, found]}, {"sid": None}, {"messages": {}}
    )
    async with serving(twilio) as url:
        channel = TwilioChannel(
            fake.account_sid, AUTH_TOKEN, NUMBER, PUBLIC_URL, clock=lambda: NOW, api_url=url
        )
        assert (await failed_send(channel, at(phone), key="7")).code == "unreadable"
        assert (await channel.send(at(phone), a_reply(), key="7")).provider_id == "SM2"
        assert (await failed_send(channel, at(phone), key="8")).code == "unreadable"
        await channel.stop()


async def test_parts_that_are_none(phone: Phone, fake: FakeTwilio) -> None:
    """However Twilio counts a message that it took, it was sent: we count its parts ourselves."""
    odd: list[Any] = [None, "", "many", "-1", "9" * 30, [], {}, 1.5]
    async with serving(saying({"sid": "SM1"}, *({"sid": "SM1", "num_segments": one} for one in odd))) as url:
        channel = a_channel(fake, api_url=url)
        for _ in range(1 + len(odd)):
            assert (await channel.send(at(phone), a_reply())).parts == 1
        await channel.stop()


async def test_stopped_in_the_middle(channel: TwilioChannel, phone: Phone, fake: FakeTwilio) -> None:
    """An attempt that was cut off leaves the same doubt."""
    gate = fake.faults.hold_next("CreateMessage")
    task = asyncio.create_task(channel.send(at(phone), a_reply(), key="7"))
    await gate.reached()
    task.cancel()
    gate.open()
    await asyncio.wait([task])
    await channel.send(at(phone), a_reply(), key="7")
    assert phone.texts == ["Laporan diterima."]


async def test_nobody_there(fake: FakeTwilio, phone: Phone) -> None:
    """Without a connection nothing can have been sent, and nothing is looked up."""
    channel = a_channel(fake)
    channel_elsewhere = TwilioChannel(
        fake.account_sid, AUTH_TOKEN, NUMBER, PUBLIC_URL, clock=lambda: NOW, api_url="http://127.0.0.1:9"
    )
    problem = await failed_send(channel_elsewhere, at(phone))
    assert (problem.fault, problem.code) == (Fault.UNREACHABLE, "no_connection")
    await channel.stop()
    await channel_elsewhere.stop()


async def test_pace(channel: TwilioChannel) -> None:
    """A long code sends one message a second."""
    assert channel.limits.overall == Rate(1.0)


async def test_secrets_are_not_told(fake: FakeTwilio, phone: Phone, caplog: pytest.LogCaptureFixture) -> None:
    """Neither token nor number nor text shows in errors or in the log."""
    caplog.set_level(logging.DEBUG, "twilio")
    channel = a_channel(fake, auth_token="another token")
    problem = await failed_send(channel, at(phone))
    assert problem.fault is Fault.MISCONFIGURED
    for secret in ("another token", phone.number, "diterima"):
        assert secret not in caplog.text + str(problem)
    await channel.stop()


# -- files


async def a_file(fake: FakeTwilio, phone: Phone, content: bytes = b"a picture") -> str:
    """Return the address Twilio gives of a picture sent to us."""
    phone.sends_files(("image/jpeg", content))
    await fake.poster.settled()
    sid = next(iter(fake.world.files))
    return f"https://api.twilio.com/2010-04-01/Accounts/{fake.account_sid}/Messages/MM1/Media/{sid}"


async def test_fetch(channel: TwilioChannel, fake: FakeTwilio, phone: Phone) -> None:
    """A file is fetched with our credentials, which do not go on to the storage it lies in."""
    ref = await a_file(fake, phone)
    assert await channel.fetch(ref, 9) == b"a picture"
    with pytest.raises(FetchError) as caught:
        await channel.fetch(ref, 8)
    assert (caught.value.code, caught.value.is_final) == ("too_big", True)


@pytest.mark.parametrize(
    "ref",
    [
        "https://evil.example/2010-04-01/x",
        "http://api.twilio.com/x",
        "https://api.twilio.com@evil.example/",
        "x",
    ],
)
async def test_fetch_from_elsewhere(channel: TwilioChannel, ref: str) -> None:
    """Credentials are sent to Twilio only."""
    with pytest.raises(FetchError) as caught:
        await channel.fetch(ref, 1000)
    assert (caught.value.code, caught.value.is_final) == ("foreign_address", True)


@pytest.mark.parametrize(("status", "is_final"), [(404, False), (500, False), (400, True), (410, True)])
async def test_fetch_fails(
    channel: TwilioChannel, fake: FakeTwilio, phone: Phone, *, status: int, is_final: bool
) -> None:
    """A file that cannot be had says whether to ask again."""
    ref = await a_file(fake, phone)
    fake.faults.fail_next("media", status)
    with pytest.raises(FetchError) as caught:
        await channel.fetch(ref, 1000)
    assert (caught.value.code, caught.value.is_final) == (str(status), is_final)
    assert caught.value.__context__ is None
