"""A person with an ordinary phone: what they send by SMS, and what they read."""

from collections.abc import Sequence
from typing import Final, Protocol

#: GSM-7 as in 3GPP TS 23.038, table 6.2.1; written out, so that the program's counting is not checked by itself
_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION: Final = frozenset("\f^{}\\[~]|€")


class Carrier(Protocol):
    """Takes what a phone sends."""

    def carry(self, number: str, text: str, files: Sequence[tuple[str, bytes]]) -> str:
        """Bring a message to the program. Return the provider's id of it."""


class Phone:
    """Writes to the program and reads what it says; at once, no waiting."""

    def __init__(self, number: str, carrier: Carrier) -> None:
        self.number = number
        #: texts received, oldest first
        self.texts: list[str] = []
        #: messages in which they came, as the network counts
        self.parts = 0
        #: texts in an alphabet that halves what fits
        self.in_ucs2: list[str] = []
        self.is_landline = False
        #: asked the provider not to be written to
        self.has_opted_out = False
        self._carrier = carrier

    def says(self, text: str) -> str:
        """Send a text. Return the provider's id of it."""
        return self._carrier.carry(self.number, text, ())

    def sends_files(self, *files: tuple[str, bytes], text: str = "") -> str:
        """Send an MMS: content types and contents."""
        return self._carrier.carry(self.number, text, files)

    def receive(self, text: str) -> None:
        self.texts.append(text)
        self.parts += segments(text)
        if not is_gsm(text):
            self.in_ucs2.append(text)


def is_gsm(text: str) -> bool:
    return all(char in _BASIC or char in _EXTENSION for char in text)


def segments(text: str) -> int:
    """Return in how many messages the network carries a text."""
    if is_gsm(text):
        units = [2 if char in _EXTENSION else 1 for char in text]
        single, joined = 160, 153
    else:
        units = [len(char.encode("utf-16-le")) // 2 for char in text]
        single, joined = 70, 67
    if sum(units) <= single:
        return 1
    count, room = 1, joined
    for unit in units:
        if unit > room:
            count, room = count + 1, joined
        room -= unit
    return count
