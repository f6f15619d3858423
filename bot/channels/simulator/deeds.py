"""What the simulator's people do: a bubble on their screen, and what the program is told of it."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.channels.simulator.screens import Bubble, Draft, Item, Person, Screens
from bot.channels.telegram.keyboard import read_press
from bot.channels.text import well_formed
from handlers.messages import Inbound, Location, Media
from handlers.sms_length import count_parts
from storage.vocabulary import Channel, MediaKind

#: what Telegram makes of a file, by the beginning of its media type; of others documents
_KINDS: Final = {"image": MediaKind.PHOTO, "video": MediaKind.VIDEO, "audio": MediaKind.VOICE}


def write(
    screens: Screens,
    person: Person,
    now: datetime,
    *,
    text: str = "",
    files: Sequence[tuple[str, str, bytes]] = (),
    reply_to: int | None = None,
    key: str | None = None,
) -> None:
    """Send a text, or files with the text under them; several files are an album: a message each, as on Telegram."""
    text = well_formed(text)
    parts = count_parts(text) if person.channel is Channel.SMS else None

    def told(bubble: Bubble) -> list[Inbound]:
        if not bubble.items:
            return [_inbound(person, now, text=text, ref=str(bubble.id), reply_to=_ref(reply_to))]
        group = f"album-{bubble.id}" if len(bubble.items) > 1 else None
        return [
            _inbound(
                person,
                now,
                text="" if index else text,
                ref=f"{bubble.id}-{index}" if index else str(bubble.id),
                reply_to=_ref(reply_to),
                media=_media(item, len(content), group),
            )
            for index, (item, (_, _, content)) in enumerate(zip(bubble.items, files, strict=True))
        ]

    screens.say(person, Draft(text, files, parts=parts, reply_to=reply_to), now, told, key)


def send_point(screens: Screens, person: Person, now: datetime, latitude: float, longitude: float) -> None:
    def told(bubble: Bubble) -> list[Inbound]:
        return [_inbound(person, now, ref=str(bubble.id), location=Location(latitude, longitude))]

    screens.say(person, Draft(point=(latitude, longitude)), now, told)
    screens.set_keyboard(person.id, [])


def send_sticker(screens: Screens, person: Person, now: datetime) -> None:
    """Send something that the program cannot read."""

    def told(bubble: Bubble) -> list[Inbound]:
        return [_inbound(person, now, ref=str(bubble.id), is_unsupported=True)]

    screens.say(person, Draft(is_sticker=True), now, told)


def edit(screens: Screens, person: Person, bubble: Bubble, now: datetime, text: str) -> None:
    """Change one's own message."""
    text = well_formed(text)
    changed = _inbound(
        person, now, text=text, ref=str(bubble.id), reply_to=_ref(bubble.reply_to), is_edit=True
    )
    screens.amend(bubble.id, text, changed)


def press(screens: Screens, person: Person, bubble: Bubble, now: datetime, data: str) -> None:
    """Press a button under one of the bot's bubbles; one that is gone does nothing."""
    if any(button.get("callback_data") == data for row in bubble.keyboard for button in row):
        screens.post(
            Inbound(person.address, uuid.uuid4().hex, now, press=read_press(data), message_ref=str(bubble.id))
        )


def _inbound(
    person: Person,
    now: datetime,
    *,
    ref: str,
    text: str = "",
    media: Sequence[Media] = (),
    location: Location | None = None,
    reply_to: str | None = None,
    is_edit: bool = False,
    is_unsupported: bool = False,
) -> Inbound:
    return Inbound(
        person.address,
        uuid.uuid4().hex,
        now,
        text=text,
        media=tuple(media),
        location=location,
        message_ref=ref,
        reply_to=reply_to,
        is_edit=is_edit,
        unsupported=is_unsupported,
    )


def _media(item: Item, size: int, group: str | None) -> tuple[Media]:
    kind = _KINDS.get(item.media_type.partition("/")[0], MediaKind.DOCUMENT)
    return (Media(kind, str(item.id), size, group, item.media_type),)


def _ref(number: int | None) -> str | None:
    return None if number is None else str(number)
