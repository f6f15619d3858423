"""From the webhooks of SMS Gateway for Android to neutral values. Translates only.

Source: https://docs.sms-gate.app/features/webhooks/ (November 2026), and the app's own payload classes.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from bot.channels.sms.numbers import normalise
from bot.channels.sms.smsgate.wire import read_reason
from bot.channels.text import well_formed
from handlers.messages import Address, DeliveryReport, Inbound
from storage.vocabulary import Channel, DeliveryState

RECEIVED: Final = "sms:received"
#: event → what it says of a message of ours, and the field with its time
_REPORTS: Final[Mapping[str, tuple[DeliveryState, str]]] = {
    "sms:sent": (DeliveryState.SENT, "sentAt"),
    "sms:delivered": (DeliveryState.DELIVERED, "deliveredAt"),
    "sms:failed": (DeliveryState.FAILED, "failedAt"),
}


class UnreadableEventError(ValueError):
    """What came is not an event of the gateway's."""


def read_event(event: Mapping[str, Any], *, now: datetime, region: str) -> Inbound | DeliveryReport | None:
    """Return what the JSON of one event says.

    None for events we do not handle (pings, data messages, MMS), and for senders that cannot be answered.
    Raises UnreadableEventError.
    """
    kind, payload = event.get("event"), event.get("payload")
    if not isinstance(kind, str) or not isinstance(payload, Mapping):
        raise UnreadableEventError("no event")
    if kind == RECEIVED:
        return _read_received(payload, now, region)
    if kind in _REPORTS:
        return _read_report(payload, kind, now)
    return None


def _read_received(payload: Mapping[str, Any], now: datetime, region: str) -> Inbound | None:
    # `sender` took the place of `phoneNumber` in version 1.50 of the app; the old name is still sent.
    sender = payload.get("sender") or _text(payload, "phoneNumber")
    message_id, text = _text(payload, "messageId"), _text(payload, "message")
    number = normalise(str(sender), region)
    if number is None:
        return None
    return Inbound(
        address=Address(Channel.SMS, number),
        external_id=_identity(message_id, payload.get("receivedAt")),
        at=_instant(payload.get("receivedAt"), now),
        text=text,
        message_ref=message_id,
    )


def _read_report(payload: Mapping[str, Any], kind: str, now: datetime) -> DeliveryReport:
    state, time_field = _REPORTS[kind]
    code, fault = None, None
    if state is DeliveryState.FAILED:
        code, fault = read_reason(str(payload.get("reason", "")))
    at = _instant(payload.get(time_field), now)
    return DeliveryReport(Channel.SMS, _text(payload, "messageId"), state, code, at, fault)


def _text(payload: Mapping[str, Any], name: str) -> str:
    value = payload.get(name)
    if not isinstance(value, str) or (not value and name != "message"):
        raise UnreadableEventError(name)
    return well_formed(value)


def _identity(message_id: str, received_at: object) -> str:
    """Return what tells a message from every other one, and is the same whenever it is told of again.

    The gateway's id is a hash of 32 bits, and two messages may share it one day: the phone's time goes with it, as it
    was said. Where that is later than our clock has it, or wrong, nothing of our time may go in instead.
    """
    said = _said(received_at)
    return message_id if said is None else f"{message_id}-{int(said.timestamp() * 1000)}"


def _instant(value: object, now: datetime) -> datetime:
    """Return the phone's time, which may be wrong but is not later than now."""
    said = _said(value)
    return min(said.astimezone(UTC), now) if said and said.tzinfo else now


def _said(value: object) -> datetime | None:
    try:
        said = datetime.fromisoformat(str(value))
        said.astimezone(UTC)  # a time at the edge of all time may have none there
    except (ValueError, OverflowError):
        return None
    return said
