r"""Text as SMS counts it: the GSM-7 alphabet, in parts.

Counted in septets, never in characters or bytes: 160 fit one message, 153 each part of a longer one, and the
characters of the extension table (^ { } \ [ ~ ] | €) take two. Any other character turns the whole text into
UCS-2, 70 or 67 to a part. Sources: 3GPP TS 23.038; Twilio's glossary, "SMS character limit" (November 2026).
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

import gsm0338

#: more parts are not sent: carriers join them unreliably, and each one costs
MAX_PARTS: Final = 3

_CODEC: Final = gsm0338.Codec()
#: after these a sentence may begin
_ENDS: Final = (".", "?", "!", ":", "\n")
_GSM_UNITS: Final = (160, 153)
_UCS2_UNITS: Final = (70, 67)

#: the signs that typography, keyboards and copying bring in → what a plain phone shows
_LOOK_ALIKES: Final = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–—―−⁃•·‣◦▪", "-"),
        **dict.fromkeys("‘’‚‛′´`ʼ＇", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("→⇒➔➜", "->"),
        **dict.fromkeys("←⇐", "<-"),
        "⁄": "/",
        "×": "x",
        "÷": "/",
        "°": " derajat",
        "\t": " ",
        "\r": "",
        "\f": "\n",
        "\u2028": "\n",
        "\u2029": "\n",
    }
)
#: pictures, their modifiers, invisible signs, accents left over: gone without a trace
_DROPPED: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Me", "Mn", "Sk", "So"})


def to_gsm(text: str) -> str:
    """Return `text` in the GSM-7 alphabet: look-alikes step in, emoji go, the rest becomes "?"."""
    composed = unicodedata.normalize("NFC", text).translate(_LOOK_ALIKES)
    plain = "".join(map(_to_gsm, composed))
    return "\n".join(re.sub(" {2,}", " ", line).strip(" ") for line in plain.split("\n")).strip("\n")


def count_parts(text: str) -> int:
    """Return how many messages `text` is sent in, as it stands; 0 if it is empty."""
    if not text:
        return 0
    if all(map(_septets, text)):
        return _count(map(_septets, text), *_GSM_UNITS)
    return _count((2 if char > "\uffff" else 1 for char in text), *_UCS2_UNITS)


def count_septets(text: str) -> int:
    """Return the room that `text` takes once it is in the GSM-7 alphabet."""
    return sum(map(_septets, to_gsm(text)))


def _to_gsm(char: str) -> str:
    if _septets(char):
        return char
    # The letter without its accent, "fi" for its ligature, three dots for the ellipsis, …
    simpler = unicodedata.normalize("NFKD", char).translate(_LOOK_ALIKES)
    if simpler != char:
        return "".join(map(_to_gsm, simpler))
    return "" if unicodedata.category(char) in _DROPPED else "?"


@lru_cache(maxsize=1024)  # each text is counted several times, of much the same letters
def _septets(char: str) -> int:
    """Return how many septets a character takes, 0 if the alphabet lacks it."""
    if char == "\x1b":  # the escape itself, which the codec lets through
        return 0
    try:
        encoded: bytes = _CODEC.encode(char)[0]
    except UnicodeEncodeError:
        return 0
    return len(encoded)


def _count(widths: Iterable[int], single: int, joined: int) -> int:
    """Return the number of parts; no character is split between two."""
    parts, used, total = 1, 0, 0
    for width in widths:
        total += width
        if used + width > joined:
            parts, used = parts + 1, 0
        used += width
    return 1 if total <= single else parts


def sentences(*texts: str) -> str:
    """Return short texts one behind the other; one that ends without a stop, to save a character, gets it here."""
    *before, last = [text for text in texts if text] or [""]
    ended = [text if text.endswith(_ENDS) else f"{text}." for text in before]
    return " ".join([*ended, last])
