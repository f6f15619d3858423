"""What the errors of SMS Gateway for Android mean to us, and how its webhooks are proved."""

import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http import HTTPStatus
from types import MappingProxyType
from typing import Final

from android_sms_gateway.errors import APIError

from bot.channels.base import SendError
from bot.channels.http import BrokenOff
from storage.vocabulary import Fault

SIGNATURE_HEADER: Final = "X-Signature"
TIMESTAMP_HEADER: Final = "X-Timestamp"
#: A request older or newer than this is taken for somebody's replay.
WINDOW: Final = timedelta(minutes=5)

#: Android's word for why a text did not leave → what it means. Generic failure is most often an empty balance or
#: no signal; both pass. Source: Android's SmsManager, RESULT_… constants (API level 36).
FAULTS: Final[Mapping[str, Fault]] = MappingProxyType(
    {
        "RESULT_ERROR_FDN_CHECK_FAILURE": Fault.MISCONFIGURED,
        "RESULT_ERROR_GENERIC_FAILURE": Fault.UNREACHABLE,
        "RESULT_ERROR_LIMIT_EXCEEDED": Fault.THROTTLED,
        "RESULT_ERROR_NO_SERVICE": Fault.UNREACHABLE,
        "RESULT_ERROR_NULL_PDU": Fault.REJECTED,
        "RESULT_ERROR_RADIO_OFF": Fault.UNREACHABLE,
        "RESULT_ERROR_SHORT_CODE_NEVER_ALLOWED": Fault.BLOCKED,
        "RESULT_ERROR_SHORT_CODE_NOT_ALLOWED": Fault.BLOCKED,
        "RESULT_INVALID_SMS_FORMAT": Fault.REJECTED,
        "RESULT_NETWORK_REJECT": Fault.UNREACHABLE,
        "RESULT_NO_DEFAULT_SMS_APP": Fault.MISCONFIGURED,
    }
)
_ANDROID_WORD: Final = re.compile(r"\bRESULT_[A-Z_]+\b")


def is_proved(body: bytes, signature: str, timestamp: str, key: str, now: datetime) -> bool:
    """Whether the gateway signed `body` with `key`, just now.

    HMAC-SHA256 over body and timestamp, in hexadecimal; the timestamp in whole seconds of Unix time.
    Source: https://docs.sms-gate.app/features/webhooks/, "Payload Signing" (November 2026).
    """
    expected = hmac.new(key.encode(), body + timestamp.encode(), sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), signature.lower().encode()):
        return False
    return timestamp.isdecimal() and abs(now - _instant(timestamp)) <= WINDOW


def to_send_error(problem: APIError | BrokenOff) -> SendError:
    """Return what `problem` means for a message. The gateway's words stay behind: they name numbers."""
    if isinstance(problem, BrokenOff):
        return SendError(Fault.UNREACHABLE, code=problem.code)
    return _refused(problem.status_code or 0, problem.response)


def read_reason(reason: str) -> tuple[str, Fault]:
    """Return our word for why a text did not leave the phone, and what it means."""
    word = _ANDROID_WORD.search(reason)
    if word:
        return word.group(), FAULTS.get(word.group(), Fault.UNREACHABLE)
    if "expired" in reason.lower() or "ttl" in reason.lower():
        return "expired", Fault.UNREACHABLE
    if "number" in reason.lower():
        return "bad_number", Fault.BLOCKED
    return "failed", Fault.UNREACHABLE


def _instant(timestamp: str) -> datetime:
    try:
        return datetime.fromtimestamp(int(timestamp), UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.min.replace(tzinfo=UTC)


def _refused(status: int, answer: object) -> SendError:
    code = str(status)
    if status == HTTPStatus.BAD_REQUEST:
        # A 400 is about the message, unless no phone is connected to the account.
        said = str(answer.get("message", "")) if isinstance(answer, dict) else ""
        is_about_phone = "device" in said.lower()
        return SendError(Fault.MISCONFIGURED if is_about_phone else Fault.REJECTED, code=code)
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}:
        return SendError(Fault.MISCONFIGURED, code=code)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return SendError(Fault.THROTTLED, code=code)
    return SendError(Fault.UNREACHABLE, code=code)
