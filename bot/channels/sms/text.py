"""Text as an SMS provider takes it: plain letters, three parts at the most."""

from collections.abc import Sequence

from bot.channels.base import SendError
from handlers.sms_length import MAX_PARTS, count_parts, to_gsm
from storage.vocabulary import Fault


def sendable(text: str) -> str:
    """Return `text` as it goes out. Raises SendError if nothing is left of it or it takes too many parts."""
    plain = to_gsm(text)
    parts = count_parts(plain)
    if not parts:
        raise SendError(Fault.REJECTED, code="empty_text")
    if parts > MAX_PARTS:
        raise SendError(Fault.REJECTED, code="too_long")
    return plain


def with_addresses(text: str, addresses: Sequence[str], label: str) -> str:
    """Return `text` with addresses of pictures behind it, as many of them as can be sent along."""
    end = "" if text.endswith((".", "!", "?")) else "."
    for count in range(len(addresses), 0, -1):
        longer = f"{text}{end} {label}: {' '.join(addresses[:count])}"
        if count_parts(to_gsm(longer)) <= MAX_PARTS:
            return longer
    return text
