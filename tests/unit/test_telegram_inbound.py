"""Payload in, Inbound out."""

import json
from copy import deepcopy
from typing import Any

import pytest
import telegram

from bot.channels.telegram.inbound import Received, UnreadableUpdateError, read_update
from bot.channels.telegram.keyboard import read_press
from bot.channels.telegram.update import Update
from bot.channels.text import well_formed
from handlers.messages import Address, Inbound, Location, Media, Notice, Press
from storage.vocabulary import Channel, MediaKind
from tests.updates import (
    CHANNEL,
    CHAT,
    GIF,
    GROUP,
    NOW,
    PERSON,
    POLL,
    SENT_AT,
    STICKER,
    a_file,
    a_message,
    a_press,
    assert_agreement,
)


def read(username: str = "", **update: Any) -> Inbound | None:
    payload = {"update_id": 873_000_111, **update}
    assert_agreement(Update.model_validate(payload), telegram.Update.de_json(deepcopy(payload), None))
    return read_update(payload, now=NOW, username=username).inbound


def read_message(**content: Any) -> Inbound:
    inbound = read(message=a_message(**content))
    assert inbound is not None
    return inbound


def test_text() -> None:
    """A text carries its address, its numbers, its time and the person's language."""
    assert read_message(text="LAPOR lampu jln mati") == Inbound(
        address=Address(Channel.TELEGRAM, "5000000123"),
        external_id="873000111",
        at=SENT_AT,
        text="LAPOR lampu jln mati",
        message_ref="41",
    )


def test_reply() -> None:
    """A reply names the message it answers."""
    inbound = read_message(text="sudah", reply_to_message=a_message(text="?") | {"message_id": 40})
    assert inbound.reply_to == "40"


def test_edit() -> None:
    """An edited message is an edit, with the number of the message and the time of the edit."""
    inbound = read(edited_message=a_message(text="lampu mati 3 hari", edit_date=int(NOW.timestamp())))
    assert inbound is not None
    assert (inbound.is_edit, inbound.message_ref, inbound.at) == (True, "41", NOW)


def test_forwarded() -> None:
    """A forwarded text is as good as one's own."""
    origin = {"type": "hidden_user", "sender_user_name": "Tetangga", "date": int(SENT_AT.timestamp())}
    assert read_message(text="jembatan putus", forward_origin=origin).text == "jembatan putus"


def test_photo() -> None:
    """Of a photo the largest size is taken, its album kept, its caption is the text."""
    sizes = [
        a_file("large", 90_000, width=1280, height=960),
        a_file("small", 1_200, width=90, height=67),
    ]
    inbound = read_message(photo=sizes, caption="ini fotonya", media_group_id="1357")
    assert inbound.text == "ini fotonya"
    assert inbound.media == (Media(MediaKind.PHOTO, "large", 90_000, "1357"),)


@pytest.mark.parametrize(
    ("field", "content", "kind"),
    [
        ("video", a_file("f", 7, width=640, height=480, duration=3), MediaKind.VIDEO),
        ("video_note", a_file("f", 7, length=240, duration=3), MediaKind.VIDEO),
        ("voice", a_file("f", 7, duration=3), MediaKind.VOICE),
        ("audio", a_file("f", 7, duration=3), MediaKind.VOICE),
        ("document", a_file("f", 7, file_name="surat.pdf"), MediaKind.DOCUMENT),
    ],
)
def test_files(field: str, content: dict[str, Any], kind: MediaKind) -> None:
    """Video, voice and documents come as media with their size."""
    inbound = read_message(**{field: content})
    assert inbound.media == (Media(kind, "f", 7),)
    assert not inbound.unsupported


def test_location() -> None:
    """A place comes as latitude and longitude, live or not."""
    point = {"latitude": 0.0198, "longitude": 110.9013}
    assert read_message(location=point).location == Location(0.0198, 110.9013)
    assert read_message(location=point | {"live_period": 900}).location == Location(0.0198, 110.9013)


def test_live_location_moves() -> None:
    """A live place that moves is an edit with the new place."""
    inbound = read(edited_message=a_message(location={"latitude": 0.02, "longitude": 110.9}))
    assert inbound is not None
    assert (inbound.is_edit, inbound.location) == (True, Location(0.02, 110.9))


def test_venue() -> None:
    """A venue is its place."""
    point = {"latitude": 0.02, "longitude": 110.9}
    inbound = read_message(location=point, venue={"location": point, "title": "Pasar", "address": "Jl. 1"})
    assert inbound.location == Location(0.02, 110.9)
    assert not inbound.unsupported


@pytest.mark.parametrize(
    "content",
    [
        {"contact": {"phone_number": "+62812", "first_name": "Teman"}},
        {"sticker": STICKER},
        {"dice": {"emoji": "🎲", "value": 4}},
        {"poll": POLL},
        {"animation": GIF, "document": GIF},
        {"hologram": {"file_id": "h"}},
    ],
    ids=lambda content: next(iter(content)),
)
def test_unsupported(content: dict[str, Any]) -> None:
    """What we cannot read still comes in, marked, so that the person is told; even what is newer than us."""
    inbound = read_message(**content)
    assert inbound.unsupported
    assert inbound.media == ()


def test_animation_with_caption() -> None:
    """The caption of something unreadable is kept."""
    inbound = read_message(animation=GIF, document=GIF, caption="banjir")
    assert (inbound.unsupported, inbound.text) == (True, "banjir")


def test_message_effect() -> None:
    """A text with an effect is a text."""
    assert not read_message(text="tolong", effect_id="5104841245755180586").unsupported


def test_press() -> None:
    """A press names the question, the value and the pressed message; it happens when it reaches us."""
    inbound = read(callback_query=a_press("confirm:yes"))
    assert inbound is not None
    assert inbound.press == Press("confirm", "yes")
    assert (inbound.message_ref, inbound.at) == ("41", NOW)


def test_press_on_old_message() -> None:
    """A press on a message too old to be shown is a press all the same."""
    press = a_press("confirm:yes")
    press["message"] = {"message_id": 7, "chat": CHAT, "date": 0}
    inbound = read(callback_query=press)
    assert inbound is not None
    assert (inbound.press, inbound.message_ref) == (Press("confirm", "yes"), "7")


@pytest.mark.parametrize(
    ("data", "press"),
    [
        ("lama", Press("", "lama")),
        ("area:6109:2", Press("area", "6109:2")),
        (":x", Press("", "x")),
        ("case::12:a::b", Press("case:12", "a::b")),
    ],
)
def test_press_data_is_read_tolerantly(data: str, press: Press) -> None:
    """Button data of a form that is not ours belongs to no question; values may hold colons."""
    assert read_press(data) == press


def test_every_press_can_be_answered() -> None:
    """A press we don't handle still has its id, so that the button stops spinning."""
    received = read_update({"update_id": 5, "callback_query": a_press("x:y", CHANNEL)}, now=NOW)
    assert received == Received(5, None, "4382")


@pytest.mark.parametrize(
    ("chat", "status", "notice"),
    [
        (CHAT, "kicked", Notice.BLOCKED),
        (CHAT, "member", Notice.UNBLOCKED),
        (CHAT, "left", None),
        (GROUP, "kicked", Notice.BLOCKED),
        (GROUP, "left", Notice.BLOCKED),
        (GROUP, "member", Notice.UNBLOCKED),
        (CHANNEL, "member", None),
    ],
)
def test_blocked(chat: dict[str, Any], status: str, notice: Notice | None) -> None:
    """Blocking and unblocking the bot come as notices; so does a group's removing and adding it."""
    bot = {"id": 1, "is_bot": True, "first_name": "Kanal"}
    change = {
        "chat": chat,
        "from": PERSON,
        "date": int(SENT_AT.timestamp()),
        "old_chat_member": {"status": "member", "user": bot},
        "new_chat_member": {"status": status, "user": bot, "until_date": 0},
    }
    inbound = read(my_chat_member=change)
    assert (inbound and inbound.notice) == notice


def in_group(chat: dict[str, Any] = GROUP, **content: Any) -> Inbound | None:
    return read("Kanal_Bot", message=a_message(**content) | {"chat": chat})


@pytest.mark.parametrize("chat", [GROUP, GROUP | {"type": "group", "id": -5}])
def test_group(chat: dict[str, Any]) -> None:
    """What is said in a group is its member's: the answer goes to the group."""
    inbound = in_group(chat, text="/daftar", reply_to_message=a_message(text="?") | {"message_id": 40})
    assert inbound is not None
    assert inbound.address.identifier == str(chat["id"])
    assert inbound.sender == Address(Channel.TELEGRAM, "5000000123")
    assert (inbound.text, inbound.message_ref, inbound.reply_to) == ("/daftar", "41", "40")


def test_private_chats_have_no_other_sender() -> None:
    """Who writes in a private chat is the chat."""
    assert read_message(text="halo").sender is None


def test_group_edit_and_press() -> None:
    """Edits and presses in a group name their member as well."""
    edit = read(edited_message=a_message(text="a", edit_date=int(NOW.timestamp())) | {"chat": GROUP})
    press = read(callback_query=a_press("card:take", GROUP))
    for inbound in (edit, press):
        assert inbound is not None
        assert inbound.sender == Address(Channel.TELEGRAM, "5000000123")
        assert inbound.address.identifier == "-100200"


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("/daftar@kanal_bot", "/daftar"),
        ("/lihat@Kanal_Bot SKD-123 4567", "/lihat SKD-123 4567"),
        ("/daftar@other_bot", None),
        ("tanya @kanal_bot", "tanya @kanal_bot"),
        ("admin@kanal_bot.id", "admin@kanal_bot.id"),
    ],
)
def test_commands_name_a_bot(text: str, read_as: str | None) -> None:
    """Our name is taken off a command; another bot's command is not ours."""
    inbound = in_group(text=text)
    assert (inbound and inbound.text) == read_as


def test_name_not_known_yet() -> None:
    """Before we know our name, a command counts as meant for us: Telegram sends us hardly any other."""
    inbound = read(message=a_message(text="/daftar@kanal_bot") | {"chat": GROUP})
    assert inbound is not None
    assert inbound.text == "/daftar"


BOT = {"id": 1_087_968_824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}


@pytest.mark.parametrize(
    "content",
    [
        {"text": "/daftar", "from": BOT, "sender_chat": GROUP},
        {"text": "/daftar", "sender_chat": CHANNEL},
        {"text": "/daftar", "from": BOT},
        {"new_chat_members": [PERSON]},
        {"new_chat_title": "Dinas baru"},
        {"sticker": STICKER},
        {"hologram": {"file_id": "h"}},
    ],
    ids=["anonymous admin", "channel", "bot", "joined", "renamed", "sticker", "new kind"],
)
def test_nobody_in_particular(content: dict[str, Any]) -> None:
    """Who cannot be told apart has no say in a group, and what is not words, files or places is not for us."""
    assert in_group(**content) is None


def test_group_moves() -> None:
    """A group that becomes a supergroup tells its new number."""
    inbound = in_group(migrate_to_chat_id=-100_999)
    assert inbound is not None
    assert (inbound.notice, inbound.moved_to) == (Notice.MOVED, "-100999")
    assert inbound.address.identifier == "-100200"
    assert in_group(migrate_from_chat_id=-5) is None


@pytest.mark.parametrize(
    "update",
    [
        {"message": a_message(pinned_message=a_message(text="a"))},
        {"message": a_message(message_auto_delete_timer_changed={"message_auto_delete_time": 60})},
        {"channel_post": a_message(text="a") | {"chat": CHANNEL}},
        {"hologram": {"id": 1}},
        {"message": {"chat": CHAT}},
        {"message": a_message(text="a", date="yesterday")},
        {"message": a_message(text="a", date=10**18)},
        {"message": a_message(text="a", date=-(10**18))},
    ],
    ids=["pinned", "timer", "channel", "new kind", "no number", "broken", "too late", "too early"],
)
def test_not_handled(update: dict[str, Any]) -> None:
    """What we don't handle or cannot read is counted as such, and has its number."""
    assert read_update({"update_id": 9, **update}, now=NOW) == Received(9)


def test_no_update() -> None:
    """Something without a number is no update."""
    with pytest.raises(UnreadableUpdateError):
        read_update({"message": a_message(text="a")}, now=NOW)


def test_text_that_cannot_be_stored() -> None:
    """Half an emoji and NUL, which JSON allows, do not get in."""
    message = json.loads(r'{"text": "jalan \ud83d rusak\u0000"}')
    assert read_message(**message).text == "jalan � rusak"
    assert well_formed("lampu 💡 mati") == "lampu 💡 mati"
