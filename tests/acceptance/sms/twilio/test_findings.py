"""What a look at the operator's side of Twilio finds."""

from typing import Any

import pytest

from bot.channels.base import SendError
from bot.channels.sms.findings import Finding
from bot.channels.sms.twilio.channel import TwilioChannel
from tests.acceptance.sms.twilio.making import PUBLIC_URL, a_channel
from tests.fakes.twilio.server import NUMBER, SERVICE_SID, FakeTwilio

INBOUND = f"{PUBLIC_URL}/sms/twilio/inbound#rc=5&rp=all"


async def test_all_is_well(channel: TwilioChannel, fake: FakeTwilio) -> None:
    """A set-up as it should be has no findings."""
    fake.settings.inbound_url = INBOUND
    assert await channel.examine() == []
    assert channel.inbound_url == INBOUND


@pytest.mark.parametrize(
    ("settings", "finding"),
    [
        (
            {"account_status": "suspended"},
            Finding("account_not_active", expected="active", found="suspended"),
        ),
        ({"account_type": "Trial"}, Finding("trial_account", is_fault=False)),
        ({"takes_sms": False}, Finding("number_without_sms", found=NUMBER)),
        ({"inbound_url": ""}, Finding("inbound_goes_elsewhere", expected=f"POST {INBOUND}")),
        (
            {"inbound_url": "https://demo.twilio.com/welcome"},
            Finding(
                "inbound_goes_elsewhere",
                expected=f"POST {INBOUND}",
                found="POST https://demo.twilio.com/welcome",
            ),
        ),
        (
            {"inbound_method": "GET"},
            Finding("inbound_goes_elsewhere", expected=f"POST {INBOUND}", found=f"GET {INBOUND}"),
        ),
        (
            {"inbound_url": INBOUND.partition("#")[0]},
            Finding(
                "inbound_without_repeats",
                is_fault=False,
                expected=f"POST {INBOUND}",
                found=f"POST {INBOUND.partition('#')[0]}",
            ),
        ),
    ],
)
async def test_findings(
    channel: TwilioChannel, fake: FakeTwilio, settings: dict[str, Any], finding: Finding
) -> None:
    """What is not as it should be is found, with what was expected."""
    fake.settings.inbound_url = INBOUND
    for name, value in settings.items():
        setattr(fake.settings, name, value)
    assert await channel.examine() == [finding]


@pytest.mark.parametrize(
    ("sender", "finding"),
    [
        ("+14155550199", Finding("number_not_ours", found="+14155550199")),
        ("LAPOR", Finding("sender_cannot_be_answered", found="LAPOR")),
        ("MG" + "0" * 32, Finding("service_not_ours", found="MG" + "0" * 32)),
    ],
)
async def test_senders(fake: FakeTwilio, sender: str, finding: Finding) -> None:
    """A sender that is not ours, or that nobody can answer, is found."""
    channel = a_channel(fake, sender=sender)
    assert await channel.examine() == [finding]
    await channel.stop()


async def test_service_findings() -> None:
    """A Messaging Service has its own address for what arrives, unless its numbers' go first."""
    async with FakeTwilio(SERVICE_SID) as fake:
        channel = a_channel(fake)
        fake.settings.inbound_url = INBOUND
        assert await channel.examine() == []
        fake.settings.defers_to_numbers = True
        assert await channel.examine() == [Finding("service_defers_to_numbers", expected=INBOUND)]
        await channel.stop()


async def test_wrong_credentials(fake: FakeTwilio) -> None:
    """A token that is not good is a finding; Twilio out of reach is not."""
    channel = a_channel(fake, auth_token="wrong")
    assert await channel.examine() == [Finding("credentials_refused", found="20003")]
    await channel.stop()
    channel = a_channel(fake)
    fake.faults.fail_next("FetchAccount", 503)
    with pytest.raises(SendError):
        await channel.examine()
    await channel.stop()


async def test_our_address_is_entered_at_the_number(channel: TwilioChannel, fake: FakeTwilio) -> None:
    """Whatever stood there, what arrives comes to us, and is repeated when we could not take it; once is enough."""
    fake.settings.inbound_url = "https://demo.twilio.com/welcome"
    await channel.register()
    await channel.register()
    assert await channel.examine() == []
    assert fake.calls_of("UpdateIncomingPhoneNumber") == [{"SmsUrl": INBOUND, "SmsMethod": "POST"}]


async def test_our_address_is_entered_at_the_service() -> None:
    """The same for a Messaging Service, even one that defers to its numbers."""
    async with FakeTwilio(SERVICE_SID) as fake:
        fake.settings.defers_to_numbers = True
        channel = a_channel(fake)
        await channel.register()
        assert await channel.examine() == []
        await channel.stop()


async def test_a_number_that_is_not_ours_is_left_alone(fake: FakeTwilio) -> None:
    """There is nothing to enter; `kanal doctor` says so."""
    channel = a_channel(fake, sender="+14155550199")
    await channel.register()
    assert fake.calls_of("UpdateIncomingPhoneNumber") == []
    assert (await channel.examine())[0].code == "number_not_ours"
    await channel.stop()
