"""What tests of the SMS channels say, and to whom."""

from typing import Any

import pytest

from bot.channels import base
from handlers.messages import Address, Reply
from storage.vocabulary import Channel
from tests.fakes.phone import Phone


def at(phone: Phone) -> Address:
    return Address(Channel.SMS, phone.number)


def a_reply(short: str = "Laporan diterima.") -> Reply:
    return Reply("Laporan Anda kami terima. 👍", short)


async def failed_send(channel: base.Channel, to: Address, **more: Any) -> base.SendError:
    with pytest.raises(base.SendError) as caught:
        await channel.send(to, a_reply(), **more)
    return caught.value
