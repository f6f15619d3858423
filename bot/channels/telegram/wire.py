"""How python-telegram-bot is set up, and what its errors mean to us."""

import os
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from telegram import error

from bot.channels.base import FetchError, SendError
from storage.vocabulary import Fault

# The library's own switch for time spans; without it every 429, among others, is a deprecation warning too.
os.environ.setdefault("PTB_TIMEDELTA", "true")

#: Part of what Telegram says of a bad request → our word for it. There are no codes but these sentences,
#: "subject to change": https://core.telegram.org/bots/api#making-requests (June 2026). Others: `bad_request`.
_BAD_REQUESTS: Final[Mapping[str, str]] = {
    "chat not found": "chat_not_found",
    "peer_id_invalid": "chat_not_found",
    "message is not modified": "not_modified",
    "message to edit not found": "cannot_edit",
    "message to be edited not found": "cannot_edit",
    "message can't be edited": "cannot_edit",
    "message_id_invalid": "cannot_edit",
    "no text in the message to edit": "has_caption",
    "no caption in the message to edit": "cannot_edit",
    "not enough rights": "no_rights",
    "have no rights": "no_rights",
    "message is too long": "too_long",
    "message text is empty": "empty_text",
    "file is too big": "too_big",
    "temporarily unavailable": "unavailable",
    "file_id": "bad_file_id",
}


def to_send_error(problem: error.TelegramError) -> SendError:
    """Return what `problem` means for a message. Its text is only looked at, never passed on."""
    match problem:
        case error.RetryAfter():
            return SendError(Fault.THROTTLED, code="429", retry_after=_span(problem.retry_after))
        case error.BadRequest():  # before NetworkError, its base class
            return SendError(Fault.REJECTED, code=_bad_request(problem))
        case error.TimedOut():
            return SendError(Fault.UNREACHABLE, code="timeout")
        case error.Forbidden():
            return SendError(Fault.BLOCKED, code="403")
        case error.ChatMigrated():
            # The group itself tells us its new number (Notice.MOVED); meanwhile the message waits.
            return SendError(Fault.UNREACHABLE, code="chat_migrated")
        case error.InvalidToken():
            return SendError(Fault.MISCONFIGURED, code="invalid_token")
        case error.Conflict():
            code = "webhook_active" if "webhook is active" in str(problem) else "conflict"
            return SendError(Fault.MISCONFIGURED, code=code)
        case error.NetworkError():
            return SendError(Fault.UNREACHABLE, code="network")
        case _:
            return SendError(Fault.UNREACHABLE, code="unknown")


def to_fetch_error(problem: error.TelegramError) -> FetchError:
    """Return what `problem` means for a file we asked for."""
    failure = to_send_error(problem)
    is_final = failure.fault in {Fault.REJECTED, Fault.BLOCKED} and failure.code != "unavailable"
    return FetchError(failure.code, is_final=is_final)


def _bad_request(problem: error.BadRequest) -> str:
    said = str(problem).lower()
    return next((code for part, code in _BAD_REQUESTS.items() if part in said), "bad_request")


def _span(value: float | timedelta) -> timedelta:
    return value if isinstance(value, timedelta) else timedelta(seconds=value)
