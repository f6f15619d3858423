"""The part of an update that we read: https://core.telegram.org/bots/api#update (June 2026).

Not the library's Update: it makes objects of all there is, which takes ten times as long (80 µs of CPU). A test holds
what we read against it.
"""

from collections.abc import Mapping
from inspect import signature
from typing import Any, Final

import telegram
from pydantic import BaseModel, ConfigDict, Field
from telegram.constants import MessageAttachmentType

#: what shows in a message as something sent
_ATTACHMENTS: Final = frozenset({"checklist", *(kind.value for kind in MessageAttachmentType)})
#: all that a message can hold, as far as the library knows
_KNOWN: Final = frozenset(signature(telegram.Message).parameters)


class _Read(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True)


class User(_Read):
    id: int
    is_bot: bool


class Chat(_Read):
    id: int
    type: str


class File(_Read):
    file_id: str
    file_size: int | None = None


class Document(File):
    mime_type: str | None = None


class PhotoSize(File):
    width: int
    height: int


class Point(_Read):
    latitude: float
    longitude: float


class Venue(_Read):
    location: Point


class Earlier(_Read):
    """A message that another one answers."""

    message_id: int


class Pressed(_Read):
    """The message under which a button was pressed: an old one comes with its chat and number alone."""

    message_id: int
    chat: Chat


class Message(Pressed):
    model_config = ConfigDict(extra="allow")

    date: int
    edit_date: int | None = None
    from_user: User | None = Field(None, alias="from")
    sender_chat: Chat | None = None
    text: str | None = None
    caption: str | None = None
    photo: list[PhotoSize] | None = None
    video: File | None = None
    video_note: File | None = None
    voice: File | None = None
    audio: File | None = None
    document: Document | None = None
    animation: File | None = None
    location: Point | None = None
    venue: Venue | None = None
    media_group_id: str | None = None
    reply_to_message: Earlier | None = None
    migrate_to_chat_id: int | None = None

    @property
    def has_attachment(self) -> bool:
        """Whether it holds something besides text that a person sent; for what we read, see its field."""
        return not _ATTACHMENTS.isdisjoint(self._more)

    @property
    def has_news(self) -> bool:
        """Whether it holds something newer than the library."""
        return not self._more.keys() <= _KNOWN

    @property
    def _more(self) -> Mapping[str, Any]:
        return self.model_extra or {}


class CallbackQuery(_Read):
    id: str
    from_user: User = Field(alias="from")
    message: Pressed | None = None
    data: str | None = None


class Membership(_Read):
    status: str


class ChatMemberUpdated(_Read):
    chat: Chat
    from_user: User = Field(alias="from")
    date: int
    new_chat_member: Membership


class Update(_Read):
    update_id: int
    message: Message | None = None
    edited_message: Message | None = None
    callback_query: CallbackQuery | None = None
    my_chat_member: ChatMemberUpdated | None = None
