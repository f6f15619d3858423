"""Tracking numbers: random digits with a check digit, as they are given out and as people type them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from stdnum import damm

from handlers.deployment_parts import NumberFormat

#: numbers grow by up to so many digits where they get crowded
GROWTH = 3
#: fewer digits are no attempt at a tracking number
FEWEST_DIGITS = 4
#: what people put between the groups
_GAP = r"[\s.\-–—]"


@dataclass(frozen=True, slots=True)
class FoundNumber:
    #: the digits alone
    number: str
    #: it has the right length and its check digit fits
    is_valid: bool
    #: where it stands in the text, prefix included
    start: int
    end: int


def new_number(form: NumberFormat, random_below: Callable[[int], int]) -> str:
    """Return fresh digits, the last one a check digit (Damm: finds every wrong digit and every swap)."""
    length = form.digits - 1
    digits = str(10 ** (length - 1) + random_below(9 * 10 ** (length - 1)))  # no leading zero
    return digits + damm.calc_check_digit(digits)


def show(form: NumberFormat, number: str) -> str:
    """Return "SKD-123 4567": groups that can be read over the telephone and typed on a keypad."""
    head = len(number) % 4
    groups = [number[:head]] if head else []
    groups += [number[at : at + 4] for at in range(head, len(number), 4)]
    return f"{form.prefix}-{' '.join(groups)}"


def find_number(form: NumberFormat, text: str) -> FoundNumber | None:
    """Return the first tracking number in a text, else the first run of digits that may be meant as one."""
    runs = list(_runs(form.prefix).finditer(text))
    found = [_read(form, run) for run in runs]
    valid = next((one for one in found if one.is_valid), None)
    return valid or next(iter(found), None)


@cache
def _runs(prefix: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?<![^\W_])(?:{prefix}{_GAP}*)?(?P<digits>\d(?:{_GAP}?\d){{{FEWEST_DIGITS - 1},}})",
        re.IGNORECASE,
    )


def _read(form: NumberFormat, run: re.Match[str]) -> FoundNumber:
    """Read a run of digits; what follows the number ("… 3 lubang lagi") may have got into it."""
    for length in range(form.digits, form.digits + GROWTH + 1):
        end = _end_of(run["digits"], length)
        number = _digits(run["digits"][:end]) if end else ""
        if damm.is_valid(number):
            return FoundNumber(number, is_valid=True, start=run.start(), end=run.start("digits") + (end or 0))
    return FoundNumber(_digits(run["digits"]), is_valid=False, start=run.start(), end=run.end())


def _end_of(digits: str, length: int) -> int | None:
    """Return where the first `length` digits end, if a gap or the end of the run follows."""
    seen = 0
    for at, character in enumerate(digits, start=1):
        seen += character.isdecimal()
        if seen == length:
            return at if at == len(digits) or not digits[at].isdecimal() else None
    return None


def _digits(text: str) -> str:
    # Other scripts' digits are turned into ours.
    return "".join(str(int(character)) for character in text if character.isdecimal())
