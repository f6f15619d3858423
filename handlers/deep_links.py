"""What an address that opens a chat with us brings along: words about a report, or the area where a poster hangs. Pure.

"t.me/BOT?start=buka-1234567" stands for the words, "…?start=di-6109012001" for the area. Telegram takes letters,
digits, "_" and "-" there, 64 at the most: https://core.telegram.org/api/links#bot-links (2026).
"""

import re
from typing import Final

from handlers.conversation.phrasebook import Word
from handlers.deployment import Deployment
from handlers.deployment_parts import Contacts

#: words about a report, as people write them before its number
WORDS: Final = {Word.STATUS: "status", Word.REOPEN: "buka", Word.APPEAL: "banding"}
_PAYLOAD: Final = re.compile(rf"/start(?:@\w+)?\s+({'|'.join(WORDS.values())})-(\d{{1,20}})", re.IGNORECASE)


_AREA: Final = "di-"


def chat_link(contact: Contacts, payload: str = "") -> str | None:
    """Return the address that opens a chat with the bot; None: nobody has said how it is called."""
    name = contact.telegram
    return name and f"https://t.me/{name}" + (f"?start={payload}" if payload else "")


def payload_of(word: Word, number: str) -> str:
    """Return what stands behind "?start="."""
    return f"{WORDS[word]}-{number}"


def area_payload_of(area_code: str) -> str:
    """Return what stands there on the poster of an area."""
    return _AREA + area_code.replace(".", "")


def area_of(payload: str, deployment: Deployment) -> str | None:
    """Return the code of the area that was brought along; None: none that is known here."""
    return next((area.code for area in deployment.areas if area_payload_of(area.code) == payload), None)


def unfold(text: str) -> str:
    """Return the words that a text stands for, if it comes from such an address; else the text."""
    found = _PAYLOAD.fullmatch(text.strip())
    return f"{found[1]} {found[2]}" if found else text
