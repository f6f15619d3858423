"""What Telegram remembers: chats, messages, files, updates that wait."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from tests.fakes.telegram.spec import Upload

Json = dict[str, Any]

BOT_ID: Final = 990_001
OTHER_POLLER: Final = (
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
)
#: how long a press may wait for its answer; Telegram gives no number
_PRESS_LIFETIME: Final = timedelta(minutes=1)


class RefusalError(Exception):
    """Telegram says no."""

    def __init__(self, status: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters


class Signal:
    """Wakes those who wait for something to have happened."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def notify(self) -> None:
        self._event.set()
        self._event = asyncio.Event()

    async def wait_for(self, condition: Callable[[], Any], timeout: float | None = 5.0) -> None:  # noqa: ASYNC109
        """Return once `condition` holds; it is tried after each event. Raises TimeoutError."""
        async with asyncio.timeout(timeout):
            while not condition():
                await self._event.wait()


@dataclass
class Message:
    """One message as everybody in the chat sees it now."""

    message_id: int
    sender: Json
    date: int
    text: str = ""
    markup: Json | None = None
    #: photo, location, caption, … as in the Bot API's Message
    extra: Json = field(default_factory=dict)
    edit_date: int | None = None
    reply_to: int | None = None
    #: the file that came with it, when the bot sent one
    upload: Upload | None = None
    #: what stood in it when it was sent, whatever it was edited to
    first_said: str = field(init=False)

    def __post_init__(self) -> None:
        self.first_said = self.said

    @property
    def said(self) -> str:
        """What stands in the message, be it under a picture."""
        return self.text or str(self.extra.get("caption", ""))

    @property
    def is_ours(self) -> bool:
        """Whether the bot wrote it."""
        return bool(self.sender["id"] == BOT_ID)


@dataclass
class Chat:
    """A chat with the bot in it."""

    chat_id: int
    kind: str
    name: str
    messages: dict[int, Message] = field(default_factory=dict)
    #: keyboard in place of the phone's, as it was last set
    keyboard: Json | None = None
    #: whether the person has ever written or the group has let us in
    is_open: bool = False
    has_blocked: bool = False
    #: number of the supergroup that it has become
    moved_to: int | None = None

    def as_json(self) -> Json:
        named = {"first_name": self.name} if self.kind == "private" else {"title": self.name}
        return {"id": self.chat_id, "type": self.kind, **named}


class World:
    """Everything the fake server remembers."""

    def __init__(self, clock: Callable[[], datetime], seed: int) -> None:
        self.clock = clock
        self.changed = Signal()
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, bytes] = {}
        self.presses: dict[str, datetime] = {}
        #: (scope type, for a chat with its number: "chat:5"; language code) → commands
        self.commands: dict[tuple[str, str], list[Json]] = {}
        #: updates not confirmed yet, by number, in the order they came
        self.updates: dict[int, Json] = {}
        #: kinds of update the bot has asked for; None: all
        self.allowed_updates: frozenset[str] | None = None
        #: posts of updates to a webhook that were begun, and that were taken
        self.posted = self.taken = 0
        #: how many of the updates to come are posted twice, both at once
        self.repeats = 0
        self._random = random.Random(seed)
        self._last_message_id = self._random.randrange(100, 1000)
        self._next_update_id = 0
        self.forget_sequence()

    def forget_sequence(self, next_id: int | None = None) -> None:
        """Go on with another update number, as after a week of silence: any, even a lower one."""
        self._next_update_id = next_id if next_id is not None else self._random.randrange(1, 2**30)

    def add_update(self, kind: str, content: Json) -> int:
        """Queue an update, unless the bot wants none of its kind, and wake who waits. Return its number."""
        update_id = self._next_update_id
        if self.allowed_updates is not None and kind not in self.allowed_updates:
            return update_id
        self._next_update_id += 1
        self.updates[update_id] = {"update_id": update_id, kind: content}
        self.changed.notify()
        return update_id

    def confirm_below(self, offset: int) -> None:
        """Forget the updates whose number is lower than `offset`."""
        self.updates = {number: update for number, update in self.updates.items() if number >= offset}

    def add_file(self, content: bytes) -> Json:
        """Keep a file, and return what a message says of it."""
        file_id = f"AgACAgUAAxkBAAI{len(self.files):04d}-{self._random.randrange(16**8):08x}"
        self.files[file_id] = content
        return {"file_id": file_id, "file_unique_id": file_id[-8:], "file_size": len(content)}

    def add_message(self, chat: Chat, sender: Json, **fields: Any) -> Message:
        """Put a message into a chat."""
        self._last_message_id += 1
        message = Message(self._last_message_id, sender, int(self.clock().timestamp()), **fields)
        chat.messages[message.message_id] = message
        return message

    def message_json(self, chat: Chat, message: Message) -> Json:
        """Return a message as the Bot API shows it; the one it replies to without the one before that."""
        shown: Json = {
            "message_id": message.message_id,
            "from": message.sender,
            "chat": chat.as_json(),
            "date": message.date,
            **message.extra,
        }
        if message.text:
            shown["text"] = message.text
        if message.edit_date is not None:
            shown["edit_date"] = message.edit_date
        if message.markup is not None and "inline_keyboard" in message.markup:
            shown["reply_markup"] = message.markup
        if (earlier := chat.messages.get(message.reply_to or 0)) is not None:
            shown["reply_to_message"] = self.message_json(chat, replace(earlier, reply_to=None))
        return shown

    def add_press(self) -> str:
        """Return the id of a new press that waits for its answer."""
        press_id = str(self._random.randrange(10**17, 10**18))
        self.presses[press_id] = self.clock()
        return press_id

    def answer_press(self, press_id: str) -> None:
        """Stop a button's spinning; each press can be answered once, and not too late."""
        pressed_at = self.presses.pop(press_id, None)
        if pressed_at is None or self.clock() - pressed_at > _PRESS_LIFETIME:
            raise RefusalError(
                400,
                "Bad Request: query is too old and response timeout expired or query ID is invalid",
            )

    def reachable(self, chat_id: Any) -> Chat:
        """Return the chat, if the bot may write there."""
        chat = self.chats.get(chat_id)
        if chat is None:
            raise RefusalError(400, "Bad Request: chat not found")
        if chat.moved_to is not None:
            said = "Bad Request: group chat was upgraded to a supergroup chat"
            raise RefusalError(400, said, migrate_to_chat_id=chat.moved_to)
        if chat.has_blocked:
            by_whom = "blocked by the user" if chat.kind == "private" else "kicked from the group chat"
            raise RefusalError(403, f"Forbidden: bot was {by_whom}")
        if not chat.is_open:
            raise RefusalError(403, "Forbidden: bot can't initiate conversation with a user")
        return chat
