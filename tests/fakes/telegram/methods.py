"""What each method of the Bot API does, with the limits it keeps."""

import re
from collections.abc import Callable
from typing import Any, Final

from tests.fakes.telegram.world import BOT_ID, Chat, Json, Message, RefusalError, World

BOT: Final[Json] = {"id": BOT_ID, "is_bot": True, "first_name": "Kanal", "username": "kanal_test_bot"}

_MAX_TEXT: Final = 4096
_MAX_CAPTION: Final = 1024
_MAX_BUTTONS: Final = 100
_MAX_IN_ROW: Final = 8
_MAX_DATA_BYTES: Final = 64
_MAX_FILE_BYTES: Final = 20 * 1024 * 1024
_COMMAND: Final = re.compile(r"[a-z0-9_]{1,32}")


def get_me(_world: World, _params: Json) -> Json:
    return {
        **BOT,
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
    }


def send_message(world: World, params: Json) -> Json:
    return post(world, params, text=_checked_text(params["text"]))


def post(world: World, params: Json, **fields: Any) -> Json:
    """Put a message of the bot's into a chat, as far as that may be."""
    markup = params.get("reply_markup")
    _check_markup(markup)
    chat = world.reachable(params["chat_id"])
    if chat.kind != "private" and _asks_location(markup):
        raise RefusalError(400, "Bad Request: location can be requested in private chats only")
    reply_to = _replied_to(chat, params.get("reply_parameters"))
    message = world.add_message(chat, BOT, markup=markup, reply_to=reply_to, **fields)
    _set_keyboard(chat, markup)
    return world.message_json(chat, message)


def edit_message_text(world: World, params: Json) -> Json:
    text = _checked_text(params.get("text", ""))
    message, answer = _edit(world, params)
    if message.upload is not None:
        raise RefusalError(400, "Bad Request: there is no text in the message to edit")
    _must_differ((text, params.get("reply_markup")), (message.text, message.markup))
    message.text = text
    return answer()


def edit_message_caption(world: World, params: Json) -> Json:
    caption = checked_caption(params)
    message, answer = _edit(world, params)
    if message.upload is None:
        raise RefusalError(400, "Bad Request: there is no caption in the message to edit")
    _must_differ((caption, params.get("reply_markup")), (message.said, message.markup))
    message.extra["caption"] = caption
    return answer()


def edit_message_reply_markup(world: World, params: Json) -> Json:
    message, answer = _edit(world, params)
    _must_differ(params.get("reply_markup"), message.markup)
    return answer()


def answer_callback_query(world: World, params: Json) -> bool:
    if len(params.get("text", "")) > 200:
        raise RefusalError(400, "Bad Request: MESSAGE_TOO_LONG")
    world.answer_press(params["callback_query_id"])
    return True


def get_file(world: World, params: Json) -> Json:
    file_id = params["file_id"]
    content = world.files.get(file_id)
    if content is None:
        raise RefusalError(400, "Bad Request: invalid file_id")
    if len(content) > _MAX_FILE_BYTES:
        raise RefusalError(400, "Bad Request: file is too big")
    return {
        "file_id": file_id,
        "file_unique_id": file_id[-8:],
        "file_size": len(content),
        "file_path": f"files/{file_id}",
    }


def set_my_commands(world: World, params: Json) -> bool:
    commands = params["commands"]
    for command in commands:
        if not _COMMAND.fullmatch(command["command"]) or not 1 <= len(command["description"]) <= 256:
            raise RefusalError(400, "Bad Request: BOT_COMMAND_INVALID")
    if len(commands) > 100:
        raise RefusalError(400, "Bad Request: BOT_COMMANDS_TOO_MUCH")
    world.commands[_menu_key(world, params)] = commands
    return True


def delete_my_commands(world: World, params: Json) -> bool:
    world.commands.pop(_menu_key(world, params), None)
    return True


#: all methods but those that receive updates and those that take files
METHODS: Final[dict[str, Callable[[World, Json], Any]]] = {
    "answerCallbackQuery": answer_callback_query,
    "deleteMyCommands": delete_my_commands,
    "editMessageCaption": edit_message_caption,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "editMessageText": edit_message_text,
    "getFile": get_file,
    "getMe": get_me,
    "sendMessage": send_message,
    "setMyCommands": set_my_commands,
}


def utf16_length(text: str) -> int:
    """Return the length of a text as Telegram counts it."""
    return len(text.encode("utf-16-le")) // 2


def checked_caption(params: Json) -> str:
    caption = str(params.get("caption", "")).strip()
    if utf16_length(caption) > _MAX_CAPTION:
        raise RefusalError(400, "Bad Request: message caption is too long")
    return caption


def _checked_text(text: str) -> str:
    shown = text.strip()
    if not shown:
        raise RefusalError(400, "Bad Request: message text is empty")
    if utf16_length(shown) > _MAX_TEXT:
        raise RefusalError(400, "Bad Request: message is too long")
    return shown


def _check_markup(markup: Json | None) -> None:
    if not markup or "inline_keyboard" not in markup:
        return
    rows = markup["inline_keyboard"]
    if sum(map(len, rows)) > _MAX_BUTTONS or any(len(row) > _MAX_IN_ROW for row in rows):
        raise RefusalError(400, "Bad Request: reply markup is too long")
    for button in (button for row in rows for button in row):
        if not button["text"].strip():
            raise RefusalError(400, "Bad Request: text buttons are unallowed in the inline keyboard")
        if not 1 <= len(button.get("callback_data", "-").encode()) <= _MAX_DATA_BYTES:
            raise RefusalError(400, "Bad Request: BUTTON_DATA_INVALID")


def _asks_location(markup: Json | None) -> bool:
    rows = (markup or {}).get("keyboard", [])
    return any(isinstance(button, dict) and button.get("request_location") for row in rows for button in row)


def _set_keyboard(chat: Chat, markup: Json | None) -> None:
    if markup and "keyboard" in markup:
        chat.keyboard = markup
    elif markup and markup.get("remove_keyboard"):
        chat.keyboard = None


def _edit(world: World, params: Json) -> tuple[Message, Callable[[], Json]]:
    """Return the message that is to be changed, and what changes its buttons and answers."""
    markup = params.get("reply_markup")
    _check_markup(markup)
    chat = world.reachable(params.get("chat_id"))
    message = _own_message(chat, params.get("message_id"))

    def answer() -> Json:
        message.markup = markup
        message.edit_date = int(world.clock().timestamp())
        return world.message_json(chat, message)

    return message, answer


def _must_differ(new: object, old: object) -> None:
    if new == old:
        raise RefusalError(
            400,
            "Bad Request: message is not modified: specified new message content and reply markup are "
            "exactly the same as a current content and reply markup of the message",
        )


def _own_message(chat: Chat, message_id: Any) -> Message:
    message = chat.messages.get(message_id)
    if message is None:
        raise RefusalError(400, "Bad Request: message to edit not found")
    if not message.is_ours or (message.markup is not None and "inline_keyboard" not in message.markup):
        raise RefusalError(400, "Bad Request: message can't be edited")
    return message


def _replied_to(chat: Chat, wanted: Json | None) -> int | None:
    if wanted is None:
        return None
    if wanted["message_id"] in chat.messages:
        return int(wanted["message_id"])
    if wanted.get("allow_sending_without_reply"):
        return None
    raise RefusalError(400, "Bad Request: message to be replied not found")


def _menu_key(world: World, params: Json) -> tuple[str, str]:
    scope = params.get("scope", {"type": "default"})
    kind = scope["type"]
    if "chat_id" in scope:
        kind = f"{kind}:{world.reachable(scope['chat_id']).chat_id}"
    return kind, params.get("language_code", "")
