"""Encryption at rest and keyed hashes."""

import base64
import hashlib
import hmac
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class BadKey(ValueError):  # noqa: N818 - it names a state of affairs
    """A data key is not 32 bytes of URL-safe base64, or does not fit what is stored."""


def new_key() -> str:
    """Return a fresh data key as it stands in DATA_KEYS."""
    return Fernet.generate_key().decode()


class Vault:
    """Seals text with the first key, opens it with any (cryptography's MultiFernet)."""

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys:
            raise BadKey("no data key")
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError as error:
            raise BadKey("a data key is 32 bytes in URL-safe base64") from error
        self._secrets = [base64.urlsafe_b64decode(key) for key in keys]

    def seal(self, text: str) -> bytes:
        """Seal any text, even half of a character, which a phone may send and UTF-8 alone would refuse."""
        return self._fernet.encrypt(text.encode(errors="surrogatepass"))

    def seal_bytes(self, data: bytes) -> bytes:
        return self._fernet.encrypt(data)

    def unseal(self, sealed: bytes) -> str:
        """Raises BadKey when no key fits."""
        return self.unseal_bytes(sealed).decode(errors="surrogatepass")

    def unseal_bytes(self, sealed: bytes) -> bytes:
        """Raises BadKey when no key fits."""
        try:
            return self._fernet.decrypt(sealed)
        except InvalidToken as error:
            raise BadKey("none of the data keys opens what is stored") from error

    def fingerprint(self, purpose: str, value: str) -> bytes:
        """Return the keyed hash by which a sealed value is found; `purpose` keeps hashes apart."""
        return self.derive(0, purpose, value)

    def fingerprints(self, purpose: str, value: str) -> list[bytes]:
        """Return the hash under every key, newest first: rows written before a rotation are found too."""
        return [self.derive(index, purpose, value) for index in range(len(self._secrets))]

    def derive(self, index: int, purpose: str, value: str) -> bytes:
        """Return 32 bytes that depend on key number `index` and both texts."""
        return hmac.new(
            self._secrets[index], f"{purpose}\0{value}".encode(errors="surrogatepass"), hashlib.sha256
        ).digest()
