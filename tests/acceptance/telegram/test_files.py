"""Files on their way to Telegram over HTTP, against the strict fake."""

from typing import Any

import pytest

from bot.channels.base import OutFile, SendError, SendResult
from bot.channels.telegram.channel import TelegramChannel
from handlers.messages import Address, Choice, Reply
from storage.vocabulary import Channel, Fault
from tests import builders
from tests.fakes.telegram.citizen import Citizen
from tests.fakes.telegram.server import FakeTelegram

CHOICES = (Choice("Jawab", "answer"), Choice("Kembalikan", "return"))
LONG = "kata " * 300


@pytest.fixture
def officer(fake: FakeTelegram) -> Citizen:
    officer = fake.citizen()
    officer.says("/start")
    return officer


def photos(count: int) -> list[OutFile]:
    return [
        OutFile(f"foto-{number}.jpg", "image/jpeg", builders.a_picture(str(number)))
        for number in range(1, count + 1)
    ]


def a_file(media_type: str, name: str) -> OutFile:
    return OutFile(name, media_type, b"bytes\r\nof \xff\x00 any kind\r\n")


async def send(channel: TelegramChannel, to: Citizen, text: str, *files: OutFile, **more: Any) -> SendResult:
    key = more.pop("key", "1")
    address = Address(Channel.TELEGRAM, str(to.chat_id))
    return await channel.send(address, Reply(text, text, **more), key=key, files=files)


def kinds(officer: Citizen) -> list[str]:
    """What each of the bot's messages is, oldest first."""
    known = ("photo", "video", "voice", "document")
    return [next((kind for kind in known if kind in one.extra), "text") for one in officer.messages]


async def test_one_picture_carries_the_text(channel: TelegramChannel, officer: Citizen) -> None:
    """Text and buttons stand under it, and a reply to it is a reply to the message."""
    (photo,) = photos(1)
    result = await send(channel, officer, "Lampu mati", photo, choices=CHOICES, question="q")
    (message,) = officer.messages
    assert (message.said, officer.buttons) == ("Lampu mati", ["Jawab", "Kembalikan"])
    assert message.upload is not None
    assert (message.upload.name, message.upload.content) == ("foto-1.jpg", photo.content)
    assert result.provider_id == str(message.message_id)


async def test_long_text_stands_apart(channel: TelegramChannel, officer: Citizen) -> None:
    """What does not fit under a picture comes after it; an emoji counts twice."""
    await send(channel, officer, LONG, *photos(1))
    await send(channel, officer, "💡" * 512, *photos(1), key="2")
    await send(channel, officer, "💡" * 512 + "a", *photos(1), key="3")
    assert kinds(officer) == ["photo", "text", "photo", "photo", "text"]


async def test_album(channel: TelegramChannel, officer: Citizen) -> None:
    """Several pictures and videos are one album; text and buttons follow, and name the message."""
    video = a_file("video/mp4", "video-4.mp4")
    result = await send(channel, officer, "Lampu mati", *photos(3), video, choices=CHOICES, question="q")
    assert kinds(officer) == ["photo", "photo", "photo", "video", "text"]
    assert len({message.extra.get("media_group_id") for message in officer.messages[:4]}) == 1
    assert officer.buttons == ["Jawab", "Kembalikan"]
    assert result.provider_id == str(officer.messages[-1].message_id)


async def test_many_pictures(channel: TelegramChannel, officer: Citizen, fake: FakeTelegram) -> None:
    """Ten go into an album, the one that is left over alone."""
    await send(channel, officer, "Banyak", *photos(11))
    assert kinds(officer) == ["photo"] * 11 + ["text"]
    assert len(fake.calls_of("sendMediaGroup")) == 1


@pytest.mark.parametrize(
    ("media_type", "kind"),
    [
        ("video/mp4", "video"),
        ("video/webm", "document"),
        ("audio/ogg", "voice"),
        ("audio/amr", "document"),
        ("application/pdf", "document"),
        ("text/csv", "document"),
    ],
)
async def test_each_kind(channel: TelegramChannel, officer: Citizen, media_type: str, kind: str) -> None:
    """Each goes by the method that shows it best, byte for byte and under its name."""
    file = a_file(media_type, "berkas-1.bin")
    await send(channel, officer, "Ini berkasnya", file)
    (message,) = officer.messages
    assert kinds(officer) == [kind]
    assert message.upload is not None
    assert (message.upload.name, message.upload.content) == (file.name, file.content)


async def test_mixed(channel: TelegramChannel, officer: Citizen) -> None:
    """What cannot be in an album follows it, one by one."""
    await send(channel, officer, "Semua", a_file("application/pdf", "a.pdf"), *photos(2))
    assert kinds(officer) == ["photo", "photo", "document", "text"]


@pytest.mark.parametrize("count", [1, 2])
async def test_refused_pictures_do_not_hold_up_the_text(
    channel: TelegramChannel, officer: Citizen, count: int
) -> None:
    """A picture that Telegram cannot read stays behind."""
    broken = [OutFile("foto-1.jpg", "image/jpeg", b"no picture")] * count
    result = await send(channel, officer, "Lampu mati", *broken, choices=CHOICES, question="q")
    assert kinds(officer) == ["text"]
    assert result.provider_id == str(officer.messages[-1].message_id)


@pytest.mark.parametrize(
    ("status", "more", "fault"),
    [(502, {}, Fault.UNREACHABLE), (429, {"retry_after": 1}, Fault.THROTTLED)],
)
async def test_pictures_do_not_come_twice(  # noqa: PLR0917
    channel: TelegramChannel,
    officer: Citizen,
    fake: FakeTelegram,
    status: int,
    more: dict[str, Any],
    fault: Fault,
) -> None:
    """When the text fails after its album, the next attempt sends the text alone; the next message all of its own."""
    fake.faults.fail_next("sendMessage", status, **more)
    with pytest.raises(SendError) as caught:
        await send(channel, officer, "Lampu mati", *photos(2), key="7")
    assert caught.value.fault is fault
    await send(channel, officer, "Lampu mati", *photos(2), key="7")
    assert kinds(officer) == ["photo", "photo", "text"]
    await send(channel, officer, "Lagi", *photos(2), key="8")
    await send(channel, officer, "Lagi", *photos(2), key="7")
    assert kinds(officer).count("photo") == 6


async def test_lost_album_comes_again(channel: TelegramChannel, officer: Citizen, fake: FakeTelegram) -> None:
    """Nobody knows whether an album has left whose answer was lost: at least once is what we promise."""
    fake.faults.drop_next("sendMediaGroup")
    with pytest.raises(SendError):
        await send(channel, officer, "Lampu mati", *photos(2))
    await send(channel, officer, "Lampu mati", *photos(2))
    assert kinds(officer) == ["photo"] * 4 + ["text"]


async def test_text_under_a_picture_is_changed(channel: TelegramChannel, officer: Citizen) -> None:
    """A reply that replaces a picture's text changes it in its place, its buttons too."""
    first = await send(channel, officer, "Lampu mati", *photos(1), choices=CHOICES, question="q")
    for _ in range(2):  # the second time nothing is to be changed
        again = await send(channel, officer, "Sudah dijawab", replaces=first.provider_id)
        assert (officer.heard, officer.buttons) == (["Sudah dijawab"], [])
        assert again == first


async def test_long_text_cannot_take_a_captions_place(channel: TelegramChannel, officer: Citizen) -> None:
    """It is sent anew."""
    first = await send(channel, officer, "Lampu mati", *photos(1), choices=CHOICES, question="q")
    await send(channel, officer, LONG, replaces=first.provider_id)
    assert kinds(officer) == ["photo", "text"]


async def test_files_are_never_an_edit(channel: TelegramChannel, officer: Citizen) -> None:
    """A reply with pictures comes anew, as pictures cannot be put into a text."""
    first = await send(channel, officer, "Benar?", choices=CHOICES, question="q")
    await send(channel, officer, "Ini fotonya", *photos(1), replaces=first.provider_id)
    assert kinds(officer) == ["text", "photo"]
