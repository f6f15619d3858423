"""What an address that opens a chat with us brings along ("t.me/BOT?start=buka-1234567"), as the words it stands for.

Telegram takes letters, digits, "_" and "-" there, 64 at the most: https://core.telegram.org/api/links#bot-links (2026).
"""

import re
from typing import Final

from handlers.conversation.phrasebook import Word
from handlers.deployment_parts import Contacts

#: words about a report, as people write them before its number
WORDS: Final = {Word.STATUS: "status", Word.REOPEN: "buka", Word.APPEAL: "banding"}
_PAYLOAD: Final = re.compile(rf"/start(?:@\w+)?\s+({'|'.join(WORDS.values())})-(\d{{1,20}})", re.IGNORECASE)


def chat_link(contact: Contacts, payload: str = "") -> str | None:
    """Return the address that opens a chat with the bot; None: nobody has said how it is called."""
    name = contact.telegram
    return name and f"https://t.me/{name}" + (f"?start={payload}" if payload else "")


def payload_of(word: Word, number: str) -> str:
    """Return what stands behind "?start="."""
    return f"{WORDS[word]}-{number}"


def unfold(text: str) -> str:
    """Return the words that a text stands for, if it comes from such an address; else the text."""
    found = _PAYLOAD.fullmatch(text.strip())
    return f"{found[1]} {found[2]}" if found else text
