"""Addresses with a key: of a kept file, for a while, and of a report's page, for good.

Nothing of them is stored. A file's holds its number, the day on which it ends, and a keyed hash of both, 96 bits; a
page's holds such a hash of the report's number. All in letters and digits that every phone's alphabet has. A hash made
before a rotation of the data keys holds as long as the old key is kept.
"""

import hmac
import string
from datetime import datetime, timedelta
from functools import reduce

from storage.crypto import Vault

PATH = "/f/"
PAGE_PATH = "/lacak"
#: how long an address holds
LIFETIME = timedelta(days=30)
_DAY = 86_400
#: bits for the day since 1970, enough until 2149, and for the hash
_DAY_BITS, _MAC_BITS = 16, 96
_DIGITS = string.digits + string.ascii_letters
_LONGEST = 32


def write_token(vault: Vault, attachment_id: int, given_at: datetime) -> str:
    """Return what stands behind PATH; the same for the same instant, so that a repeated message is the same text."""
    day = int((given_at + LIFETIME).timestamp()) // _DAY
    body = attachment_id << _DAY_BITS | day
    return _in_digits(body << _MAC_BITS | _mac(vault.fingerprint("link", str(body))))


def read_token(vault: Vault, token: str, now: datetime) -> int | None:
    """Return the file's number; None: the token is not of ours, or its time is over."""
    if not 0 < len(token) <= _LONGEST or not set(token) <= set(_DIGITS):
        return None
    number = reduce(lambda so_far, digit: so_far * len(_DIGITS) + _DIGITS.index(digit), token, 0)
    body, mac = number >> _MAC_BITS, number % (1 << _MAC_BITS)
    known = [_mac(one) for one in vault.fingerprints("link", str(body))]
    is_ours = any(hmac.compare_digest(_bytes(mac), _bytes(one)) for one in known)
    if not is_ours or int(now.timestamp()) // _DAY > body % (1 << _DAY_BITS):
        return None
    return body >> _DAY_BITS


def page_path(vault: Vault, number: str) -> str:
    """Return where a report's page is, for whoever may see all that it shows."""
    return f"{PAGE_PATH}/{number}?k={_in_digits(_mac(vault.fingerprint('page', number)))}"


def opens_page(vault: Vault, number: str, key: str) -> bool:
    """Tell whether a key belongs to a report's page; takes the same time whether or not there is such a report."""
    known = [_in_digits(_mac(one)) for one in vault.fingerprints("page", number)]
    return any(hmac.compare_digest(key.encode(), one.encode()) for one in known)


def _mac(fingerprint: bytes) -> int:
    return int.from_bytes(fingerprint[: _MAC_BITS // 8])


def _bytes(mac: int) -> bytes:
    return mac.to_bytes(_MAC_BITS // 8)


def _in_digits(number: int) -> str:
    text = ""
    while number:
        number, digit = divmod(number, len(_DIGITS))
        text = _DIGITS[digit] + text
    return text
