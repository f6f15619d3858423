"""What tests of the channel say, and to whom."""

from typing import Any

import pytest

from bot.channels.base import SendError
from bot.channels.telegram.channel import TelegramChannel
from handlers.messages import Address, Reply
from storage.vocabulary import Channel
from tests.fakes.telegram.citizen import Citizen


def at(citizen: Citizen) -> Address:
    return Address(Channel.TELEGRAM, str(citizen.chat_id))


def a_reply(text: str = "Laporan diterima.", **more: Any) -> Reply:
    return Reply(text, text, **more)


async def failed_send(channel: TelegramChannel, to: Address, reply: Reply | None = None) -> SendError:
    with pytest.raises(SendError) as caught:
        await channel.send(to, reply or a_reply())
    return caught.value
