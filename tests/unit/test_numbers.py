"""Tracking numbers as they are given out and as people type them."""

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.cases.numbers import find_number, new_number, show
from handlers.deployment_parts import NumberFormat

FORM = NumberFormat(prefix="SKD")
NUMBER = "7140666"


def test_new_numbers_are_valid_and_do_not_begin_with_zero() -> None:
    """Every number given out is found again as valid."""
    for _ in range(200):
        number = new_number(FORM, secrets.randbelow)
        found = find_number(FORM, number)
        assert found is not None
        assert (found.number, found.is_valid, len(number), number[0] != "0") == (number, True, 7, True)


@pytest.mark.parametrize(
    "typed",
    [
        "SKD-714 0666",
        "skd-7140666",
        "skd 714 0666",
        "SKD7140666",
        "7140666",
        "714-0666",
        "714.0666",
        "no. 714 0666 ya pak",
        "SKD-714 0666 3 lubang lagi",
        "tolong cek 7140666, sudah 20 hari",
    ],
)
def test_numbers_are_found_as_people_type_them(typed: str) -> None:
    """Prefix, spaces and hyphens are optional; what follows the number is not part of it."""
    found = find_number(FORM, typed)
    assert found is not None
    assert (found.number, found.is_valid) == (NUMBER, True)
    assert "666" in typed[found.start : found.end]
    assert "lubang" not in typed[found.start : found.end]


@pytest.mark.parametrize("typed", ["00000", "7140667", "081234567890", "SKD-71406"])
def test_a_wrong_digit_is_told_from_an_unknown_number(typed: str) -> None:
    """What is meant as a number but cannot be one is found, and not valid."""
    found = find_number(FORM, typed)
    assert found is not None
    assert not found.is_valid


@pytest.mark.parametrize("typed", ["", "jam 10", "RT 03", "12 hari", "jalan rusak"])
def test_small_numbers_in_sentences_are_none(typed: str) -> None:
    """Hours, house numbers and days are no tracking numbers."""
    assert find_number(FORM, typed) is None


@given(st.integers(0, 9), st.integers(0, 6), st.integers(0, 9 * 10**5 - 1))
def test_every_single_wrong_digit_is_noticed(digit: int, at: int, drawn: int) -> None:
    """The check digit finds any one digit typed wrong."""
    number = new_number(FORM, lambda _limit: drawn)
    wrong = number[:at] + str(digit) + number[at + 1 :]
    found = find_number(FORM, wrong)
    assert found is not None
    assert found.is_valid == (wrong == number)


def test_numbers_are_shown_in_groups() -> None:
    """Four digits at the end, the rest before."""
    assert show(FORM, NUMBER) == "SKD-714 0666"
    assert show(FORM, "12345678") == "SKD-1234 5678"


def test_numbers_that_grew_are_found() -> None:
    """Where numbers got crowded they have a digit more, and are found as well."""
    number = new_number(NumberFormat(prefix="SKD", digits=8), secrets.randbelow)
    found = find_number(FORM, show(FORM, number))
    assert found is not None
    assert (found.number, found.is_valid) == (number, True)
