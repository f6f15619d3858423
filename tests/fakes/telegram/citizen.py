"""A person with a phone: what they do, and what they see."""

from collections.abc import Iterator
from typing import Any, Final

from tests.fakes.telegram.methods import BOT
from tests.fakes.telegram.world import Chat, Json, Message, World

#: smaller picture that Telegram makes of each photo
_THUMBNAIL: Final = b"small"


class Citizen:
    """Writes to the bot and reads what it says; everything at once, no waiting."""

    def __init__(self, world: World, chat: Chat, language: str) -> None:
        self._world = world
        self._chat = chat
        self.chat_id = chat.chat_id
        self.person: Json = {
            "id": chat.chat_id,
            "is_bot": False,
            "first_name": chat.name,
            "language_code": language,
        }

    # -- what they see

    @property
    def chat(self) -> list[str]:
        """Texts of both sides as they stand now, oldest first."""
        return [message.said for message in self._chat.messages.values()]

    @property
    def heard(self) -> list[str]:
        """The bot's texts as they stand now, oldest first."""
        return [message.said for message in self.messages]

    @property
    def messages(self) -> list[Message]:
        """The bot's messages as they stand now, oldest first."""
        return [message for message in self._chat.messages.values() if message.is_ours]

    @property
    def files(self) -> dict[str, bytes]:
        """Files sent to the bot by anybody, by file id, oldest first."""
        return self._world.files

    @property
    def buttons(self) -> list[str]:
        """Labels that can be pressed: on the bot's last message, then in place of the phone's keyboard."""
        last = self.messages[-1:]
        on_message = [
            button["text"] for message in last for button in _buttons(message.markup, "inline_keyboard")
        ]
        return on_message + [button["text"] for button in _buttons(self._chat.keyboard, "keyboard")]

    # -- what they do

    def says(self, text: str, *, reply_to: int | None = None, where: Chat | None = None) -> int:
        """Write a text, here or in a group. Return the message's number."""
        entities = {}
        if text.startswith("/"):
            length = len(text.split(maxsplit=1)[0])
            entities = {"entities": [{"type": "bot_command", "offset": 0, "length": length}]}
        return self._post(where=where, text=text, reply_to=reply_to, extra=entities)

    def edits(self, message_id: int, text: str) -> None:
        """Change an earlier message."""
        message = self._chat.messages[message_id]
        message.text = text
        message.edit_date = int(self._world.clock().timestamp())
        self._world.add_update("edited_message", self._world.message_json(self._chat, message))

    def presses(self, label: str) -> None:
        """Press the button with this label: the newest message that has it, or the keyboard."""
        for message in reversed(self.messages):
            for button in _buttons(message.markup, "inline_keyboard"):
                if button["text"] == label:
                    self.presses_data(message.message_id, button["callback_data"])
                    return
        for button in _buttons(self._chat.keyboard, "keyboard"):
            if button["text"] == label:
                if button.get("request_location"):
                    raise LookupError(f"{label!r} sends a place: use sends_location")
                self._hide_keyboard()
                self.says(label)
                return
        raise LookupError(f"no button {label!r}; there are {self.buttons}")

    def presses_data(self, message_id: int, data: str, *, where: Chat | None = None) -> str:
        """Press a button that carries `data`, even one that is no longer there. Return the press's id."""
        chat = where or self._chat
        press_id = self._world.add_press()
        press = {
            "id": press_id,
            "from": self.person,
            "chat_instance": str(chat.chat_id),
            "message": self._world.message_json(chat, chat.messages[message_id]),
            "data": data,
        }
        self._world.add_update("callback_query", press)
        return press_id

    def sends_photo(self, content: bytes, *, caption: str = "", album: str | None = None) -> int:
        """Send a picture; those of one album share its name."""
        small = {**self._world.add_file(_THUMBNAIL), "width": 90, "height": 67}
        large = {**self._world.add_file(content), "width": 1280, "height": 960}
        return self._send({"photo": [small, large]}, caption, album)

    def sends_video(self, content: bytes, *, caption: str = "", album: str | None = None) -> int:
        video = {**self._world.add_file(content), "width": 640, "height": 480, "duration": 9}
        return self._send({"video": video}, caption, album)

    def sends_voice(self, content: bytes) -> int:
        return self._send(
            {"voice": {**self._world.add_file(content), "duration": 7, "mime_type": "audio/ogg"}}
        )

    def sends_document(self, content: bytes, *, file_name: str = "surat.pdf", caption: str = "") -> int:
        document = {**self._world.add_file(content), "file_name": file_name, "mime_type": "application/pdf"}
        return self._send({"document": document}, caption)

    def sends_location(self, lat: float, lon: float) -> int:
        """Send a place, by the keyboard's button if there is one."""
        self._hide_keyboard()
        return self._send({"location": {"latitude": lat, "longitude": lon}})

    def sends_sticker(self) -> int:
        sticker = {
            **self._world.add_file(b"sticker"),
            "type": "regular",
            "width": 512,
            "height": 512,
            "is_animated": False,
            "is_video": False,
        }
        return self._send({"sticker": sticker})

    def sends_contact(self, phone_number: str) -> int:
        return self._send({"contact": {"phone_number": phone_number, "first_name": self._chat.name}})

    def blocks(self) -> None:
        """Block the bot."""
        self._change_membership(self._chat, "member", "kicked")

    def unblocks(self) -> None:
        """Take the block back."""
        self._change_membership(self._chat, "kicked", "member")

    def removes_bot(self, group: Chat) -> None:
        self._change_membership(group, "member", "kicked")

    def adds_bot(self, group: Chat) -> None:
        self._change_membership(group, "left", "member")

    def _send(self, content: Json, caption: str = "", album: str | None = None) -> int:
        extra = dict(content)
        if caption:
            extra["caption"] = caption
        if album:
            extra["media_group_id"] = album
        return self._post(extra=extra)

    def _post(self, *, where: Chat | None = None, **fields: Any) -> int:
        chat = where or self._chat
        chat.is_open = True
        message = self._world.add_message(chat, self.person, **fields)
        self._world.add_update("message", self._world.message_json(chat, message))
        return message.message_id

    def _hide_keyboard(self) -> None:
        if self._chat.keyboard and self._chat.keyboard.get("one_time_keyboard"):
            self._chat.keyboard = None

    def _change_membership(self, chat: Chat, old: str, new: str) -> None:
        chat.has_blocked = new == "kicked"
        change = {
            "chat": chat.as_json(),
            "from": self.person,
            "date": int(self._world.clock().timestamp()),
            "old_chat_member": _member(old),
            "new_chat_member": _member(new),
        }
        self._world.add_update("my_chat_member", change)


def _member(status: str) -> Json:
    until = {"until_date": 0} if status == "kicked" else {}
    return {"status": status, "user": BOT, **until}


def _buttons(markup: Json | None, kind: str) -> Iterator[Json]:
    for row in (markup or {}).get(kind, []):
        for button in row:
            yield button if isinstance(button, dict) else {"text": button}
