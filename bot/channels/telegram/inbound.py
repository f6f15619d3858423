"""From a Telegram update to an `Inbound`. Translates only: who may do what is decided further in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from telegram import CallbackQuery, ChatMemberUpdated, Message, PhotoSize, Update
from telegram.constants import ChatMemberStatus, ChatType

from bot.channels.telegram.keyboard import read_press
from bot.channels.telegram.wire import UNREADABLE, parse_update
from bot.channels.text import well_formed
from handlers.messages import Address, Inbound, Location, Media, Notice
from storage.vocabulary import Channel, MediaKind


@dataclass(frozen=True, slots=True)
class Received:
    """One update, read."""

    update_id: int
    #: None: nothing for us to handle
    inbound: Inbound | None = None
    #: the press that waits for an answer, whether or not we handle it
    press_id: str | None = None


class UnreadableUpdateError(ValueError):
    """What came is not an update at all: it has no number by which it could be acknowledged."""


def read_update(payload: Mapping[str, Any], *, now: datetime) -> Received:
    """Return what the JSON of one update says. An update the library cannot read counts as not handled.

    Raises UnreadableUpdateError.
    """
    update_id = payload.get("update_id")
    if not isinstance(update_id, int):
        raise UnreadableUpdateError
    update = parse_update(payload)
    if update is None:
        return Received(update_id)
    press_id = update.callback_query.id if update.callback_query else None
    try:
        return Received(update_id, to_inbound(update, now=now), press_id)
    except UNREADABLE:  # the library checks no types; one update must not hold up the others
        return Received(update_id, None, press_id)


def to_inbound(update: Update, *, now: datetime) -> Inbound | None:
    """Return what came in, or None if we don't handle it. Private chats only."""
    if update.callback_query is not None:
        return _from_press(update, update.callback_query, now)
    if update.my_chat_member is not None:
        return _from_membership(update, update.my_chat_member)
    message = update.message or update.edited_message
    if message is None or message.chat.type != ChatType.PRIVATE:
        return None
    return _from_message(update, message)


def _from_press(update: Update, query: CallbackQuery, now: datetime) -> Inbound | None:
    # An old message comes without its text, but still with its chat and number.
    pressed = query.message
    if pressed is None or pressed.chat.type != ChatType.PRIVATE or query.data is None:
        return None
    return Inbound(
        address=_address(pressed.chat.id),
        external_id=str(update.update_id),
        at=now,
        press=read_press(well_formed(query.data)),
        message_ref=str(pressed.message_id),
        language_tag=query.from_user.language_code,
    )


def _from_membership(update: Update, change: ChatMemberUpdated) -> Inbound | None:
    notices = {ChatMemberStatus.BANNED: Notice.BLOCKED, ChatMemberStatus.MEMBER: Notice.UNBLOCKED}
    notice = notices.get(ChatMemberStatus(change.new_chat_member.status))
    if change.chat.type != ChatType.PRIVATE or notice is None:
        return None
    return Inbound(
        address=_address(change.chat.id),
        external_id=str(update.update_id),
        at=change.date,
        notice=notice,
        language_tag=change.from_user.language_code,
    )


def _from_message(update: Update, message: Message) -> Inbound | None:
    text = well_formed(message.text or message.caption or "")
    media, location = _media(message), _location(message)
    is_unsupported = not media and location is None and _is_beyond_us(message, text)
    if not (text or media or location or is_unsupported):
        return None  # a service message: pinned, a timer changed, …
    sender = message.from_user
    return Inbound(
        address=_address(message.chat.id),
        external_id=str(update.update_id),
        at=message.edit_date or message.date,
        text=text,
        media=media,
        location=location,
        message_ref=str(message.message_id),
        reply_to=str(message.reply_to_message.message_id) if message.reply_to_message else None,
        is_edit=update.edited_message is not None,
        unsupported=is_unsupported,
        language_tag=sender.language_code if sender else None,
    )


def _is_beyond_us(message: Message, text: str) -> bool:
    """Whether it holds something a person sent that we cannot read, perhaps newer than the library."""
    if message.effective_attachment is not None or message.checklist is not None:
        return True
    return not text and bool(message.api_kwargs)


def _media(message: Message) -> tuple[Media, ...]:
    if message.animation is not None:
        return ()  # it comes with a document too, for old bots
    if message.photo:
        largest = max(message.photo, key=_pixels)
        return (_file(MediaKind.PHOTO, largest.file_id, largest.file_size, message),)
    files = (
        (MediaKind.VIDEO, message.video or message.video_note),
        (MediaKind.VOICE, message.voice or message.audio),
        (MediaKind.DOCUMENT, message.document),
    )
    return tuple(
        _file(kind, file.file_id, file.file_size, message) for kind, file in files if file is not None
    )


def _file(kind: MediaKind, file_id: str, size: int | None, message: Message) -> Media:
    return Media(kind, file_id, size, message.media_group_id)


def _pixels(size: PhotoSize) -> int:
    return size.width * size.height


def _location(message: Message) -> Location | None:
    point = message.location or (message.venue.location if message.venue else None)
    return Location(point.latitude, point.longitude) if point else None


def _address(chat_id: int) -> Address:
    return Address(Channel.TELEGRAM, str(chat_id))
