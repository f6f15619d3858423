"""The part of `kanal doctor` that looks at the SMS provider."""

import asyncio
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bot.channels.base import SendError
from bot.channels.sms.findings import Finding as Seen
from bot.cli.findings import Finding, State
from bot.clock import SystemClock
from bot.settings import Settings, SmsProvider

if TYPE_CHECKING:
    from bot.channels.sms.smsgate.serving import SmsGateWire
    from bot.channels.sms.twilio.serving import TwilioWire

OFF = (
    "off: set SMS_PROVIDER=smsgate (an Android phone as gateway) or twilio (no two-way SMS in Indonesia); "
    "the README has both set-ups in steps"
)
#: what was seen at the provider → what to do; {expected} and {found} as the provider has them
_SAYS = {
    "credentials_refused": "the provider refuses account or password ({found}): check them in .env",
    "account_not_active": "the Twilio account is {found}: settle that in Twilio's console",
    "trial_account": "a Twilio trial account reaches verified numbers only",
    "sender_cannot_be_answered": "{found} is no number: nobody can answer it; TWILIO_FROM must be one in E.164",
    "number_not_ours": "{found} does not belong to this Twilio account: check TWILIO_FROM",
    "number_without_sms": "{found} cannot send or receive SMS: buy one that can",
    "service_not_ours": "no Messaging Service {found} in this account: check TWILIO_MESSAGING_SERVICE_SID",
    "service_defers_to_numbers": "the Messaging Service defers to its numbers: `kanal run` lets it post to {expected}",
    "inbound_goes_elsewhere": "what arrives goes to {found}: `kanal run` enters {expected} at Twilio",
    "inbound_without_repeats": "failed webhooks are not repeated: `kanal run` enters {expected} at Twilio",
    "webhook_missing": "not told of {expected} yet: `kanal run` registers it",
    "no_phone": "no phone is connected: open SMS Gateway on it, switch on its server and go online",
    "phone_silent": "the phone was last heard of at {found}: is it on, charged and online?",
}
#: faults that the next start mends by itself
_MENDED_BY_RUN = frozenset(
    {"webhook_missing", "inbound_goes_elsewhere", "inbound_without_repeats", "service_defers_to_numbers"}
)


def examine_sms(settings: Settings) -> Iterator[Finding]:
    """Yield what is so at the provider."""
    if settings.sms_provider is None:
        yield Finding("sms", State.NOTE, OFF)
        return
    try:
        seen = asyncio.run(_ask_provider(settings))
    except SendError as error:
        name = "TWILIO_API_URL" if settings.sms_provider is SmsProvider.TWILIO else "SMSGATE_URL"
        says = f"the provider cannot be reached ({error.code}): check the network and {name}"
        yield Finding("sms", State.FAULT, says)
        return
    for one in seen:
        is_fault = one.is_fault and one.code not in _MENDED_BY_RUN
        says = _SAYS[one.code].format(expected=one.expected, found=one.found or "nobody")
        yield Finding("sms", State.FAULT if is_fault else State.NOTE, says)
    if not seen:
        yield Finding("sms", State.OK, f"{settings.sms_provider}: account, sender and webhooks are in order")


async def _ask_provider(settings: Settings) -> list[Seen]:
    wire = _wire(settings)
    if wire is None:
        return []
    try:
        return await wire.channel.examine()
    finally:
        await wire.stop()


def _wire(settings: Settings) -> "TwilioWire | SmsGateWire | None":
    public_url, clock = settings.public_root or "", SystemClock()
    if settings.twilio:
        from bot.channels.sms.twilio.serving import TwilioWire  # noqa: PLC0415 - slow to load

        return TwilioWire.of(settings.twilio, public_url, clock)
    if settings.smsgate:
        from bot.channels.sms.smsgate.serving import SmsGateWire  # noqa: PLC0415 - slow to load

        return SmsGateWire.of(settings.smsgate, public_url, clock)
    return None
