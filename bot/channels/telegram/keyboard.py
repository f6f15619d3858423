"""Keyboards under a message, as the JSON that Telegram takes, and what a press on one brings back.

Not as the library's objects: to make and unfold those takes nearly as long as the call that sends them.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from telegram.constants import InlineKeyboardButtonLimit

from handlers.messages import Choice, Press, Reply

#: InlineKeyboardMarkup, ReplyKeyboardMarkup, ReplyKeyboardRemove or ForceReply:
#: https://core.telegram.org/bots/api#sendmessage (June 2026)
Markup = Mapping[str, Any]

_Button = dict[str, Any]
_REMOVE: Final[Markup] = {"remove_keyboard": True}

#: Longest label (characters) → buttons in a row: a small phone shows about 30 characters across.
_ROWS: Final = ((8, 3), (16, 2))
#: a question, whose own colons are doubled, and a value
_DATA: Final = re.compile(r"((?:[^:]|::)*):(.*)", re.DOTALL)


def markup_for(reply: Reply, *, is_private: bool) -> Markup | None:
    """Return the keyboard of `reply`.

    Telegram takes either buttons under the message or a keyboard in place of the phone's. Only the latter can
    ask for a location, and only in private chats; there the choices become plain buttons, whose label comes
    back as text. A message with neither takes such a keyboard away again: that does no harm where there is
    none, and needs no memory. In a group, where we hear replies and commands only, one that wants an answer
    opens the reply to it: for whom it answers, else for all.
    """
    if reply.location_label and is_private:
        return _location_keyboard(reply)
    if reply.choices:
        buttons = [_button(reply, choice) for choice in reply.choices]
        return {"inline_keyboard": _rows(buttons, reply.choices)}
    if is_private:
        return _REMOVE
    return {"force_reply": True, "selective": reply.answers is not None} if reply.wants_reply else None


def edits_in_place(reply: Reply) -> bool:
    """Tell whether a reply can take the place of an earlier message: only keyboards under one can be changed."""
    return str(reply.replaces).isdecimal() and not (reply.location_label or reply.wants_reply)


def press_data(question: str | None, value: str) -> str:
    """Return the `callback_data` that `read_press` turns back. Raises ValueError if it does not fit."""
    data = f"{(question or '').replace(':', '::')}:{value}"
    size = len(data.encode())
    if value.startswith(":") or size > InlineKeyboardButtonLimit.MAX_CALLBACK_DATA:
        raise ValueError(f"button data of question {question!r} cannot be sent ({size} bytes)")
    return data


def read_press(data: str) -> Press:
    """Return what was pressed. Data of a form that is not ours belongs to no question."""
    match = _DATA.fullmatch(data)
    return Press(match[1].replace("::", ":"), match[2]) if match else Press("", data)


def _button(reply: Reply, choice: Choice) -> _Button:
    return {"text": choice.label, "callback_data": press_data(reply.question, choice.value)}


def _location_keyboard(reply: Reply) -> Markup:
    labels: list[_Button] = [{"text": choice.label} for choice in reply.choices]
    share = [{"text": reply.location_label, "request_location": True}]
    rows = [share, *_rows(labels, reply.choices)]
    return {"keyboard": rows, "one_time_keyboard": True, "resize_keyboard": True}


def _rows(buttons: Sequence[_Button], choices: Sequence[Choice]) -> list[list[_Button]]:
    """Return `buttons` in rows as wide as the longest label lets them be; four go two and two."""
    longest = max((len(choice.label) for choice in choices), default=0)
    width = next((width for limit, width in _ROWS if longest <= limit), 1)
    if len(buttons) == 4:
        width = min(width, 2)
    return [list(buttons[start : start + width]) for start in range(0, len(buttons), width)]
