"""From a Telegram update to an `Inbound`. Translates only: who may do what is decided further in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from telegram.constants import ChatMemberStatus, ChatType

from bot.channels.telegram.keyboard import read_press
from bot.channels.telegram.update import (
    CallbackQuery,
    Chat,
    ChatMemberUpdated,
    Document,
    File,
    Message,
    PhotoSize,
    Update,
    User,
)
from bot.channels.text import well_formed
from handlers.messages import Address, Inbound, Location, Media, Notice
from storage.vocabulary import Channel, MediaKind

_GROUPS: Final = frozenset({ChatType.GROUP, ChatType.SUPERGROUP})
#: what has become of the bot in a chat: a person blocks it, a group removes it
_NOTICES: Final[Mapping[bool, Mapping[str, Notice]]] = {
    False: {ChatMemberStatus.BANNED: Notice.BLOCKED, ChatMemberStatus.MEMBER: Notice.UNBLOCKED},
    True: {
        ChatMemberStatus.BANNED: Notice.BLOCKED,
        ChatMemberStatus.LEFT: Notice.BLOCKED,
        ChatMemberStatus.MEMBER: Notice.UNBLOCKED,
        ChatMemberStatus.ADMINISTRATOR: Notice.UNBLOCKED,
    },
}
#: "/daftar@kanal_bot", as apps write commands in groups
_ADDRESSED: Final = re.compile(r"(/\w+)@(\w+)")


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


def read_update(payload: Mapping[str, Any], *, now: datetime, username: str = "") -> Received:
    """Return what the JSON of one update says. An update we cannot read counts as not handled.

    `username` is ours; while it is unknown every command counts as meant for us. Raises UnreadableUpdateError.
    """
    update_id = payload.get("update_id")
    if not isinstance(update_id, int):
        raise UnreadableUpdateError
    try:
        update = Update.model_validate(payload)
        inbound = _to_inbound(update, now=now, username=username)
    except (ValueError, OverflowError, OSError):  # it does not fit, or tells of a time beyond all clocks
        return Received(update_id)
    return Received(update_id, inbound, update.callback_query.id if update.callback_query else None)


def _to_inbound(update: Update, *, now: datetime, username: str) -> Inbound | None:
    """Return what came in, or None if we don't handle it: from channels, from nobody in particular."""
    if update.callback_query is not None:
        return _from_press(update, update.callback_query, now)
    if update.my_chat_member is not None:
        return _from_membership(update, update.my_chat_member)
    message = update.message or update.edited_message
    if message is None:
        return None
    if message.chat.type in _GROUPS:
        return _from_group(update, message, username)
    return _from_message(update, message) if message.chat.type == ChatType.PRIVATE else None


def _from_press(update: Update, query: CallbackQuery, now: datetime) -> Inbound | None:
    # An old message comes without its text, but still with its chat and number.
    pressed = query.message
    if pressed is None or query.data is None or pressed.chat.type not in {ChatType.PRIVATE, *_GROUPS}:
        return None
    if pressed.chat.type in _GROUPS and query.from_user.is_bot:
        return None
    return Inbound(
        address=_address(pressed.chat.id),
        external_id=str(update.update_id),
        at=now,
        press=read_press(well_formed(query.data)),
        message_ref=str(pressed.message_id),
        sender=_sender(pressed.chat, query.from_user),
    )


def _from_membership(update: Update, change: ChatMemberUpdated) -> Inbound | None:
    is_group = change.chat.type in _GROUPS
    notice = _NOTICES[is_group].get(change.new_chat_member.status)
    if notice is None or not (is_group or change.chat.type == ChatType.PRIVATE):
        return None
    return Inbound(
        address=_address(change.chat.id),
        external_id=str(update.update_id),
        at=_instant(change.date),
        notice=notice,
        sender=_sender(change.chat, change.from_user),
    )


def _from_group(update: Update, message: Message, username: str) -> Inbound | None:
    """Return what a member said. Anonymous admins, channels and other bots are nobody we could let do things."""
    if message.migrate_to_chat_id is not None:
        return Inbound(
            address=_address(message.chat.id),
            external_id=str(update.update_id),
            at=_instant(message.date),
            notice=Notice.MOVED,
            moved_to=str(message.migrate_to_chat_id),
        )
    author = message.from_user
    if author is None or author.is_bot or message.sender_chat is not None:
        return None
    inbound = _from_message(update, message)
    if inbound is None or inbound.unsupported:  # a sticker in a group is not meant for us
        return None
    text = _for_us(inbound.text, username)
    return None if text is None else replace(inbound, text=text, sender=_sender(message.chat, author))


def _for_us(text: str, username: str) -> str | None:
    """Return a text, our name taken off its command; None if that is another bot's."""
    addressed = _ADDRESSED.match(text)
    if addressed is None:
        return text
    command, name = addressed.groups()
    is_ours = not username or name.lower() == username.lower()
    return f"{command}{text[addressed.end() :]}" if is_ours else None


def _from_message(update: Update, message: Message) -> Inbound | None:
    text = well_formed(message.text or message.caption or "")
    media, location = _media(message), _location(message)
    is_unsupported = not media and location is None and _is_beyond_us(message, text)
    if not (text or media or location or is_unsupported):
        return None  # a service message: pinned, a timer changed, …
    return Inbound(
        address=_address(message.chat.id),
        external_id=str(update.update_id),
        at=_instant(message.edit_date or message.date),
        text=text,
        media=media,
        location=location,
        message_ref=str(message.message_id),
        reply_to=str(message.reply_to_message.message_id) if message.reply_to_message else None,
        is_edit=update.edited_message is not None,
        unsupported=is_unsupported,
    )


def _is_beyond_us(message: Message, text: str) -> bool:
    """Whether it holds something a person sent that we cannot read, perhaps newer than the library."""
    return message.animation is not None or message.has_attachment or (not text and message.has_news)


def _media(message: Message) -> tuple[Media, ...]:
    if message.animation is not None:
        return ()  # it comes with a document too, for old bots
    if message.photo:
        largest = max(message.photo, key=_pixels)
        return (_file(MediaKind.PHOTO, largest, message),)
    files = (
        (MediaKind.VIDEO, message.video or message.video_note),
        (MediaKind.VOICE, message.voice or message.audio),
        (MediaKind.DOCUMENT, message.document),
    )
    return tuple(_file(kind, file, message) for kind, file in files if file is not None)


def _file(kind: MediaKind, file: File, message: Message) -> Media:
    media_type = file.mime_type if isinstance(file, Document) else None
    return Media(kind, file.file_id, file.file_size, message.media_group_id, media_type)


def _pixels(size: PhotoSize) -> int:
    return size.width * size.height


def _location(message: Message) -> Location | None:
    point = message.location or (message.venue.location if message.venue else None)
    return Location(point.latitude, point.longitude) if point else None


def _instant(date: int) -> datetime:
    return datetime.fromtimestamp(date, UTC)


def _address(chat_id: int) -> Address:
    return Address(Channel.TELEGRAM, str(chat_id))


def _sender(chat: Chat, user: User) -> Address | None:
    """Return who did something in a group; in a private chat that is the chat itself."""
    return None if chat.type == ChatType.PRIVATE or user.is_bot else _address(user.id)
