"""A provider's payload in, neutral values out."""

import hmac
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.channels.sms.smsgate.inbound import UnreadableEventError, read_event
from bot.channels.sms.smsgate.wire import is_proved, read_reason
from bot.channels.sms.twilio.inbound import UnreadableMessageError, read_inbound, read_status
from bot.channels.sms.twilio.wire import FAULTS
from handlers.messages import Address, DeliveryReport, Inbound, Media
from storage.vocabulary import Channel, DeliveryState, Fault, MediaKind
from tests.fakes.clock import MONDAY as NOW

HERE = Address(Channel.SMS, "+6281234567890")
SID = "SM0123456789abcdef0123456789abcdef"
MEDIA = "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME"


def from_twilio(**params: str) -> Inbound | None:
    return read_inbound({"MessageSid": SID, "From": "+6281234567890", **params}, now=NOW, region="ID")


def twilio_says(status: str, **params: str) -> DeliveryReport | None:
    return read_status({"MessageSid": SID, "MessageStatus": status, **params}, now=NOW)


def test_twilio_text() -> None:
    """A text carries its number, Twilio's id and the words as they were typed."""
    assert from_twilio(Body=" LAPOR lampu mati ") == Inbound(
        address=HERE, external_id=SID, at=NOW, text=" LAPOR lampu mati ", message_ref=SID
    )


def test_twilio_nul() -> None:
    """A text that no database takes is mended."""
    inbound = from_twilio(Body="a\x00b")
    assert inbound is not None
    assert inbound.text == "ab"


def test_twilio_files() -> None:
    """An MMS brings its files, of which it is the album."""
    inbound = from_twilio(
        Body="ini fotonya",
        NumMedia="3",
        MediaUrl0=f"{MEDIA}0",
        MediaContentType0="image/jpeg",
        MediaUrl1=f"{MEDIA}1",
        MediaContentType1="audio/amr",
        MediaUrl2=f"{MEDIA}2",
        MediaContentType2="text/vcard",
    )
    assert inbound is not None
    assert inbound.media == (
        Media(MediaKind.PHOTO, f"{MEDIA}0", group=SID),
        Media(MediaKind.VOICE, f"{MEDIA}1", group=SID),
        Media(MediaKind.DOCUMENT, f"{MEDIA}2", group=SID),
    )


def test_twilio_one_file() -> None:
    """A single file is no album."""
    inbound = from_twilio(MediaUrl0=f"{MEDIA}0", MediaContentType0="video/mp4")
    assert inbound is not None
    assert inbound.media == (Media(MediaKind.VIDEO, f"{MEDIA}0"),)


def test_twilio_opt_out() -> None:
    """A word the operator taught Twilio counts as the one we know."""
    inbound = from_twilio(Body="jangan kirim lagi", OptOutType="STOP")
    assert inbound is not None
    assert inbound.text == "STOP"


@pytest.mark.parametrize("sender", ["TELKOMSEL", "98108", "whatsapp:+6281234567890"])
def test_twilio_sender_without_number(sender: str) -> None:
    """Who cannot be answered is not handled."""
    assert from_twilio(From=sender, Body="PROMO") is None


@pytest.mark.parametrize("missing", ["MessageSid", "From"])
def test_twilio_malformed(missing: str) -> None:
    """A message without its id or sender is none."""
    with pytest.raises(UnreadableMessageError):
        from_twilio(**{missing: "", "Body": "halo"})


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("accepted", DeliveryState.ACCEPTED),
        ("queued", DeliveryState.ACCEPTED),
        ("sending", DeliveryState.ACCEPTED),
        ("sent", DeliveryState.SENT),
        ("delivered", DeliveryState.DELIVERED),
    ],
)
def test_twilio_states(status: str, state: DeliveryState) -> None:
    """Twilio's states are ours."""
    assert twilio_says(status) == DeliveryReport(Channel.SMS, SID, state, None, NOW)


@pytest.mark.parametrize(
    ("status", "code", "said", "fault"),
    [
        ("undelivered", "30003", "30003", Fault.UNREACHABLE),
        ("failed", "30004", "30004", Fault.BLOCKED),
        ("failed", "30005", "30005", Fault.BLOCKED),
        ("undelivered", "30007", "30007", Fault.REJECTED),
        ("failed", "39999", "39999", Fault.REJECTED),
        ("undelivered", "", "undelivered", Fault.UNREACHABLE),
        ("canceled", "", "canceled", Fault.UNREACHABLE),
        ("partially_delivered", "", "partially_delivered", Fault.UNREACHABLE),
    ],
)
def test_twilio_failures(status: str, code: str, said: str, fault: Fault) -> None:
    """A failure has its code, and what the code means."""
    report = DeliveryReport(Channel.SMS, SID, DeliveryState.FAILED, said, NOW, fault)
    assert twilio_says(status, ErrorCode=code) == report


def test_twilio_unknown_state() -> None:
    """A state of tomorrow is not handled."""
    assert twilio_says("teleported") is None


def test_twilio_codes() -> None:
    """Every code of the platform notes has its meaning."""
    assert {
        21211, 21408, 21610, 21611, 21612, 21614, 21617,
        30001, 30002, 30003, 30004, 30005, 30006, 30007, 30008, 30017, 20429,
    } <= FAULTS.keys()  # fmt: skip


RECEIVED = {
    "messageId": "abc123",
    "message": "LAPOR lampu mati",
    "phoneNumber": "081234567890",
    "simNumber": 1,
    "receivedAt": "2026-03-02T09:04:59.500+07:00",
}
RECEIVED_AT = datetime(2026, 3, 2, 2, 4, 59, 500_000, tzinfo=UTC)


def from_gateway(event: str, **payload: Any) -> Inbound | DeliveryReport | None:
    envelope = {"id": "Ey6", "webhookId": "w", "deviceId": "d", "event": event, "payload": payload}
    return read_event(envelope, now=NOW, region="ID")


def test_gateway_text() -> None:
    """A text carries its number, its time, and an id that no other message will have."""
    assert from_gateway("sms:received", **RECEIVED) == Inbound(
        address=HERE,
        external_id="abc123-1772417099500",
        at=RECEIVED_AT,
        text="LAPOR lampu mati",
        message_ref="abc123",
    )


def test_gateway_newer_app() -> None:
    """Newer versions of the app name the sender in another field."""
    inbound = from_gateway("sms:received", **{**RECEIVED, "phoneNumber": "", "sender": "+6281234567890"})
    assert isinstance(inbound, Inbound)
    assert inbound.address == HERE


def test_gateway_same_text_later() -> None:
    """The gateway's id may come again with another message; the time tells them apart."""
    later = from_gateway("sms:received", **{**RECEIVED, "receivedAt": "2026-03-02T09:04:59.600+07:00"})
    assert isinstance(later, Inbound)
    assert later.external_id == "abc123-1772417099600"


@pytest.mark.parametrize(
    "received_at",
    [
        "2030-01-01T00:00:00+07:00",
        "2026-03-02T09:00:00",
        "0001-01-01T00:00:00",
        "0001-01-01T00:00:00+05:00",
        "9999-12-31T23:59:59-05:00",
        "kemarin",
        None,
    ],
)
def test_gateway_wrong_clock(received_at: str | None) -> None:
    """A time from the future, without its zone, off the calendar, or none: it came now, and is the same told again."""
    event = {"event": "sms:received", "payload": {**RECEIVED, "receivedAt": received_at}}
    told = [read_event(event, now=NOW + late * timedelta(seconds=6), region="ID") for late in range(2)]
    first, again = (one for one in told if isinstance(one, Inbound))
    assert first.at == NOW
    assert again.external_id == first.external_id


@pytest.mark.parametrize(
    ("event", "field", "state"),
    [("sms:sent", "sentAt", DeliveryState.SENT), ("sms:delivered", "deliveredAt", DeliveryState.DELIVERED)],
)
def test_gateway_reports(event: str, field: str, state: DeliveryState) -> None:
    """What became of a message, and when."""
    report = from_gateway(event, messageId="m1", phoneNumber="+62", **{field: RECEIVED["receivedAt"]})
    assert report == DeliveryReport(Channel.SMS, "m1", state, None, RECEIVED_AT)


def test_gateway_failure() -> None:
    """A failure has a word of ours; the gateway's own words may hold the number."""
    reason = "Can't send to +6281234567890: RESULT_ERROR_NO_SERVICE"
    report = from_gateway("sms:failed", messageId="m1", reason=reason)
    assert report == DeliveryReport(
        Channel.SMS, "m1", DeliveryState.FAILED, "RESULT_ERROR_NO_SERVICE", NOW, Fault.UNREACHABLE
    )


@pytest.mark.parametrize(
    ("reason", "code", "fault"),
    [
        ("RESULT_ERROR_LIMIT_EXCEEDED", "RESULT_ERROR_LIMIT_EXCEEDED", Fault.THROTTLED),
        ("RESULT_SOMETHING_NEW", "RESULT_SOMETHING_NEW", Fault.UNREACHABLE),
        ("TTL expired", "expired", Fault.UNREACHABLE),
        ("Invalid phone number", "bad_number", Fault.BLOCKED),
        ("", "failed", Fault.UNREACHABLE),
    ],
)
def test_gateway_reasons(reason: str, code: str, fault: Fault) -> None:
    """Why a text did not leave is read from what Android says."""
    assert read_reason(reason) == (code, fault)


@pytest.mark.parametrize("event", ["system:ping", "sms:data-received", "mms:received", "app:started"])
def test_gateway_events_we_do_not_handle(event: str) -> None:
    """Other events are passed over."""
    assert from_gateway(event, health={}) is None


def test_gateway_sender_without_number() -> None:
    """Who cannot be answered is not handled."""
    assert from_gateway("sms:received", **{**RECEIVED, "phoneNumber": "TELKOMSEL"}) is None


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"event": "sms:received"},
        {"event": 7, "payload": {}},
        {"event": "sms:received", "payload": []},
        {"event": "sms:received", "payload": {**RECEIVED, "messageId": None}},
        {"event": "sms:received", "payload": {**RECEIVED, "message": 5}},
        {"event": "sms:sent", "payload": {}},
    ],
)
def test_gateway_malformed(event: dict[str, Any]) -> None:
    """What is no event is said to be none."""
    with pytest.raises(UnreadableEventError):
        read_event(event, now=NOW, region="ID")


#: computed with openssl: printf '{}1772417100' | openssl dgst -sha256 -hmac kunci
SIGNATURE = "64f869f802f7f93da57345115eaa325a3376ec4dfc20181d535322116fb80740"


@pytest.mark.parametrize("late", [timedelta(0), timedelta(minutes=5), timedelta(minutes=-5)])
def test_gateway_proof(late: timedelta) -> None:
    """A signature is good for five minutes, by either clock; its letters may be large."""
    assert is_proved(b"{}", SIGNATURE, "1772417100", "kunci", NOW + late)
    assert is_proved(b"{}", SIGNATURE.upper(), "1772417100", "kunci", NOW + late)


@pytest.mark.parametrize(
    ("body", "signature", "timestamp", "key", "late"),
    [
        (b"{ }", SIGNATURE, "1772417100", "kunci", 0),
        (b"{}", "", "1772417100", "kunci", 0),
        (b"{}", "ß", "1772417100", "kunci", 0),
        (b"{}", SIGNATURE, "1772417101", "kunci", 0),
        (b"{}", SIGNATURE, "1772417100", "lain", 0),
        (b"{}", SIGNATURE, "1772417100", "kunci", 301),
        (b"{}", SIGNATURE, "1772417100", "kunci", -301),
    ],
)
def test_gateway_proof_fails(body: bytes, signature: str, timestamp: str, key: str, late: int) -> None:
    """Another body, time or key, or a request from long ago, proves nothing."""
    assert not is_proved(body, signature, timestamp, key, NOW + timedelta(seconds=late))


@pytest.mark.parametrize("timestamp", ["", "now", "-1", "9" * 30, "9" * 5000, "١"])
def test_gateway_strange_time(timestamp: str) -> None:
    """A timestamp that is no time proves nothing, even signed."""

    signature = hmac.new(b"kunci", b"{}" + timestamp.encode(), "sha256").hexdigest()
    assert not is_proved(b"{}", signature, timestamp, "kunci", NOW)
