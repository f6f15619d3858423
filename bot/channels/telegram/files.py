"""Files on their way to one chat: which method takes what, and what goes together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from telegram import Bot, InputMediaPhoto, InputMediaVideo
from telegram.constants import MediaGroupLimit, MessageLimit

from bot.channels.base import OutFile
from bot.channels.telegram.keyboard import Markup
from bot.channels.telegram.text import utf16_length

#: https://core.telegram.org/bots/api#sendvideo and #sendvoice (November 2026); others go as documents
_VIDEO: Final = "video/mp4"
_VOICES: Final = frozenset({"audio/ogg", "audio/mpeg", "audio/mp4"})


def is_caption(text: str) -> bool:
    """Tell whether a text fits under a picture."""
    return utf16_length(text) <= MessageLimit.CAPTION_LENGTH


def batches_of(files: Sequence[OutFile]) -> list[list[OutFile]]:
    """Return files as they are sent: pictures and videos in albums, all others one by one after them."""
    seen = [one for one in files if _is_seen(one)]
    size = int(MediaGroupLimit.MAX_MEDIA_LENGTH)
    albums = [seen[start : start + size] for start in range(0, len(seen), size)]
    return albums + [[one] for one in files if not _is_seen(one)]


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends to one chat; each method returns the number of the (first) message it made."""

    bot: Bot
    chat_id: int
    #: Telegram's `reply_parameters`
    answers: Mapping[str, Any] | None

    async def single(self, file: OutFile, caption: str | None = None, markup: Markup | None = None) -> str:
        """Send one file, the text under it."""
        more: dict[str, Any] = {
            "caption": caption,
            "filename": file.name,
            "api_kwargs": {"reply_markup": markup, "reply_parameters": self.answers},
        }
        if _is_photo(file):
            message = await self.bot.send_photo(self.chat_id, file.content, **more)
        elif file.media_type == _VIDEO:
            message = await self.bot.send_video(self.chat_id, file.content, supports_streaming=True, **more)
        elif file.media_type in _VOICES:
            message = await self.bot.send_voice(self.chat_id, file.content, **more)
        else:
            message = await self.bot.send_document(self.chat_id, file.content, **more)
        return str(message.message_id)

    async def batch(self, files: Sequence[OutFile]) -> str:
        """Send a file or an album."""
        if len(files) == 1:
            return await self.single(files[0])
        media = [
            InputMediaPhoto(one.content, filename=one.name)
            if _is_photo(one)
            else InputMediaVideo(one.content, filename=one.name, supports_streaming=True)
            for one in files
        ]
        answers = {"reply_parameters": self.answers}
        messages = await self.bot.send_media_group(self.chat_id, media, api_kwargs=answers)
        return str(messages[0].message_id)


def _is_photo(file: OutFile) -> bool:
    return file.media_type.startswith("image/")


def _is_seen(file: OutFile) -> bool:
    return _is_photo(file) or file.media_type == _VIDEO
