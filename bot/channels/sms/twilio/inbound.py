"""From the parameters of Twilio's webhooks to neutral values. Translates only.

Source: https://www.twilio.com/docs/messaging/guides/webhook-request (November 2026).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from bot.channels.sms.numbers import normalise
from bot.channels.sms.twilio.wire import fault_of
from bot.channels.text import well_formed
from handlers.messages import Address, DeliveryReport, Inbound, Media
from storage.vocabulary import Channel, DeliveryState, Fault, MediaKind

#: Twilio's states of a message on its way out → ours. `partially_delivered`: some part is missing.
_STATES: Final[Mapping[str, DeliveryState]] = {
    "accepted": DeliveryState.ACCEPTED,
    "scheduled": DeliveryState.ACCEPTED,
    "queued": DeliveryState.ACCEPTED,
    "sending": DeliveryState.ACCEPTED,
    "sent": DeliveryState.SENT,
    "delivered": DeliveryState.DELIVERED,
    "read": DeliveryState.DELIVERED,
    "undelivered": DeliveryState.FAILED,
    "failed": DeliveryState.FAILED,
    "canceled": DeliveryState.FAILED,
    "partially_delivered": DeliveryState.FAILED,
}
#: What Twilio took a message for, by words of the operator's choice; here it counts as the word we know.
_OPT_OUT_WORDS: Final = frozenset({"STOP", "START", "HELP"})
_KINDS: Final[Mapping[str, MediaKind]] = {
    "image": MediaKind.PHOTO,
    "video": MediaKind.VIDEO,
    "audio": MediaKind.VOICE,
}
#: an MMS holds at most ten files
_MAX_MEDIA: Final = 10


class UnreadableMessageError(ValueError):
    """What came lacks what every message has: it has no id by which a repeat could be told."""


def read_inbound(params: Mapping[str, str], *, now: datetime, region: str) -> Inbound | None:
    """Return what a person sent; None if it cannot be answered (a name or a short code in place of a number).

    Twilio says nothing of the time. Raises UnreadableMessageError.
    """
    sid, sender = _required(params, "MessageSid"), _required(params, "From")
    number = normalise(sender, region)
    if number is None:
        return None
    return Inbound(
        address=Address(Channel.SMS, number),
        external_id=sid,
        at=now,
        text=_text(params),
        media=_media(params),
        message_ref=sid,
    )


def read_status(params: Mapping[str, str], *, now: datetime) -> DeliveryReport | None:
    """Return what Twilio says of a message of ours; None for a state we do not know.

    Raises UnreadableMessageError.
    """
    sid, said = _required(params, "MessageSid"), _required(params, "MessageStatus")
    state = _STATES.get(said)
    if state is None:
        return None
    code = params.get("ErrorCode") or None
    fault = None
    if state is DeliveryState.FAILED:
        code = code or said
        fault = fault_of(int(code)) if code.isdecimal() else Fault.UNREACHABLE
    return DeliveryReport(Channel.SMS, sid, state, code, now, fault)


def _text(params: Mapping[str, str]) -> str:
    taken_for = params.get("OptOutType", "")
    return taken_for if taken_for in _OPT_OUT_WORDS else well_formed(params.get("Body", ""))


def _required(params: Mapping[str, str], name: str) -> str:
    value = params.get(name, "")
    if not value:
        raise UnreadableMessageError(name)
    return well_formed(value)


def _media(params: Mapping[str, str]) -> tuple[Media, ...]:
    numbered = range(_MAX_MEDIA)
    files = [
        (params[f"MediaUrl{n}"], params.get(f"MediaContentType{n}", ""))
        for n in numbered
        if f"MediaUrl{n}" in params
    ]
    group = params["MessageSid"] if len(files) > 1 else None
    return tuple(Media(_kind(content_type), url, group=group) for url, content_type in files)


def _kind(content_type: str) -> MediaKind:
    return _KINDS.get(content_type.partition("/")[0], MediaKind.DOCUMENT)
