"""Encryption at rest and keyed hashes."""

import base64
import hashlib
import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Self

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class BadKey(ValueError):  # noqa: N818 - it names a state of affairs
    """A data key is not 32 bytes of URL-safe base64, or does not fit what is stored."""


def new_key() -> str:
    """Return a fresh data key as it stands in DATA_KEYS."""
    return Fernet.generate_key().decode()


class StaleKeys(BadKey):
    """Somebody writes with a data key that this process does not know yet: it must not touch the data."""


@dataclass(frozen=True, slots=True)
class _Ring:
    """Data keys, the first of which writes."""

    fernet: MultiFernet
    first: Fernet
    secrets: tuple[bytes, ...]
    #: check values that these keys have opened
    known: set[bytes] = field(default_factory=set)

    @classmethod
    def of(cls, keys: Sequence[str]) -> Self:
        if not keys:
            raise BadKey("no data key")
        try:
            fernets = [Fernet(key) for key in keys]
        except ValueError as error:
            raise BadKey("a data key is 32 bytes in URL-safe base64") from error
        return cls(MultiFernet(fernets), fernets[0], tuple(base64.urlsafe_b64decode(key) for key in keys))


class Vault:
    """Seals text with the first key, opens it with any (cryptography's MultiFernet).

    `read_keys` returns the keys as they stand now, where they may change while the program runs.
    """

    def __init__(self, keys: Sequence[str], read_keys: Callable[[], Sequence[str]] | None = None) -> None:
        self._ring = _Ring.of(keys)
        self._read_keys = read_keys

    def reload(self) -> bool:
        """Read the keys anew; False when there is nowhere to read them from. Raises BadKey, OSError."""
        if self._read_keys is None:
            return False
        self._ring = _Ring.of(self._read_keys())  # at once: other threads see the old keys or the new ones
        return True

    def seal(self, text: str) -> bytes:
        """Seal any text, even half of a character, which a phone may send and UTF-8 alone would refuse."""
        return self._ring.fernet.encrypt(text.encode(errors="surrogatepass"))

    def seal_bytes(self, data: bytes) -> bytes:
        return self._ring.fernet.encrypt(data)

    def unseal(self, sealed: bytes) -> str:
        """Raises BadKey when no key fits."""
        return self.unseal_bytes(sealed).decode(errors="surrogatepass")

    def unseal_bytes(self, sealed: bytes) -> bytes:
        """Raises BadKey when no key fits."""
        try:
            return self._ring.fernet.decrypt(sealed)
        except InvalidToken as error:
            raise BadKey("none of the data keys opens what is stored") from error

    def knows(self, check: bytes) -> bool:
        """Tell whether a key fits a check value; the answer is kept, as each transaction that writes asks for it."""
        ring = self._ring
        if check not in ring.known:
            try:
                ring.fernet.decrypt(check)
            except InvalidToken:
                return False
            ring.known.add(check)
        return True

    def fingerprint(self, purpose: str, value: str) -> bytes:
        """Return the keyed hash by which a sealed value is found; `purpose` keeps hashes apart."""
        return self.derive(0, purpose, value)

    def fingerprints(self, purpose: str, value: str) -> list[bytes]:
        """Return the hash under every key, newest first: rows written before a rotation are found too."""
        return [_derive(secret, purpose, value) for secret in self._ring.secrets]

    def derive(self, index: int, purpose: str, value: str) -> bytes:
        """Return 32 bytes that depend on key number `index` and both texts."""
        return _derive(self._ring.secrets[index], purpose, value)

    def is_current(self, sealed: bytes) -> bool:
        """Tell whether the first key alone opens it: the others may go then."""
        try:
            self._ring.first.decrypt(sealed)
        except InvalidToken:
            return False
        return True

    def reseal(self, sealed: bytes) -> bytes:
        """Seal with the first key what any key opens. Raises BadKey."""
        try:
            return self._ring.fernet.rotate(sealed)
        except InvalidToken as error:
            raise BadKey("none of the data keys opens what is stored") from error


def _derive(secret: bytes, purpose: str, value: str) -> bytes:
    text = f"{purpose}\0{value}".encode(errors="surrogatepass")
    return hmac.new(secret, text, hashlib.sha256).digest()
