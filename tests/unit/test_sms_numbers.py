"""Phone numbers as they come in."""

import pytest

from bot.channels.sms.numbers import normalise


@pytest.mark.parametrize(
    "raw",
    [
        "081234567890",
        "+6281234567890",
        "6281234567890",
        "62 812-3456-7890",
        "8123456789 0",
        " +6281234567890",
    ],
)
def test_one_number_many_ways(raw: str) -> None:
    """However it is written, it is one number."""
    assert normalise(raw, "ID") == "+6281234567890"


@pytest.mark.parametrize("raw", ["+14155552345", "+60123456789"])
def test_numbers_from_abroad(raw: str) -> None:
    """A number in full stays what it is."""
    assert normalise(raw, "ID") == raw


def test_other_region() -> None:
    """A number without its country is one of the deployment's."""
    assert normalise("0123456789", "MY") == "+60123456789"


def test_new_prefix() -> None:
    """A prefix the library has not heard of is taken in full form: its owner must not go unheard."""
    assert normalise("+6280012345678", "ID") == "+6280012345678"


@pytest.mark.parametrize(
    "raw",
    [
        "TELKOMSEL",
        "3Store",
        "1-800-FLOWERS",
        "whatsapp:+6281234567890",
        "1818",
        "98108",
        "123",
        "+62123",
        "151666",
        "",
        "+",
        "-",
    ],
)
def test_what_cannot_be_answered(raw: str) -> None:
    """Names, short codes and what is no number are nobody's address."""
    assert normalise(raw, "ID") is None
