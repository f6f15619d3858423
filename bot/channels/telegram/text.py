"""Text as Telegram counts it: length in UTF-16 code units, long messages in parts."""

import unicodedata
from typing import Final

from telegram.constants import MessageLimit

_ZERO_WIDTH_JOINER: Final = "\u200d"


def utf16_length(text: str) -> int:
    """Return the length of `text` as Telegram counts it: an emoji is two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def split_text(text: str, limit: int = MessageLimit.MAX_TEXT_LENGTH) -> list[str]:
    """Return `text` in parts of at most `limit` UTF-16 units, none of them blank.

    Cut where a reader would: between paragraphs, else lines, else words, and only at need inside a word.
    """
    parts = []
    rest = text
    while utf16_length(rest) > limit:
        cut = _cut(rest, limit)
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    parts.append(rest)
    return [part for part in parts if part.strip()]


def _cut(text: str, limit: int) -> int:
    """Return where the first part ends."""
    end = _fitting(text, limit)
    for boundary in ("\n\n", "\n", " "):
        at = text.rfind(boundary, 0, end + len(boundary))
        if at > end // 2:  # a break too early would make a crumb of a part
            return at
    return _before_cluster(text, end)


def _fitting(text: str, limit: int) -> int:
    """Return how many characters of `text` fit."""
    used = 0
    for index, char in enumerate(text):
        used += 2 if char > "\uffff" else 1
        if used > limit:
            return index
    return len(text)


def _before_cluster(text: str, end: int) -> int:
    """Step back from inside what is drawn as one sign: accents, skin tones, joined emoji."""
    at = end
    while at > 0 and (_leans_on_previous(text[at]) or text[at - 1] == _ZERO_WIDTH_JOINER):
        at -= 1
    return at or end


def _leans_on_previous(char: str) -> bool:
    is_skin_tone = "\U0001f3fb" <= char <= "\U0001f3ff"
    return char == _ZERO_WIDTH_JOINER or is_skin_tone or unicodedata.category(char) in {"Mn", "Me", "Mc"}
