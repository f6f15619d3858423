"""Addresses of files: short, for a while, and for nobody who was not given one."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.sms.text import with_addresses
from bot.links import LIFETIME, read_token, write_token
from handlers.sms_length import MAX_PARTS, count_parts, to_gsm
from storage.crypto import Vault, new_key
from tests.builders import KEY
from tests.fakes.clock import MONDAY

VAULT = Vault([KEY])
TOKEN = write_token(VAULT, 4711, MONDAY)


def test_token_names_a_file() -> None:
    """It comes back as the number it was made of; the same message has the same address again."""
    assert read_token(VAULT, TOKEN, MONDAY) == 4711
    assert write_token(VAULT, 4711, MONDAY) == TOKEN


def test_token_is_short_and_plain() -> None:
    """It takes about twenty letters and digits, also after ten years of pictures."""
    assert len(TOKEN) <= 22
    assert len(write_token(VAULT, 10**9, MONDAY + timedelta(days=3650))) <= 26
    assert TOKEN.isascii()
    assert TOKEN.isalnum()


def test_token_ends() -> None:
    """It holds for thirty days and not for ever."""
    assert read_token(VAULT, TOKEN, MONDAY + LIFETIME) == 4711
    assert read_token(VAULT, TOKEN, MONDAY + LIFETIME + timedelta(days=1)) is None


def test_token_survives_a_new_key() -> None:
    """Under a new key it holds as long as the old one is kept."""
    fresh = new_key()
    assert read_token(Vault([fresh, KEY]), TOKEN, MONDAY) == 4711
    assert read_token(Vault([fresh]), TOKEN, MONDAY) is None


@pytest.mark.parametrize("at", range(len(TOKEN)))
def test_any_change_breaks_it(at: int) -> None:
    """No other file and no other day can be had by changing a sign."""
    for sign in "0aZ":
        if TOKEN[at] != sign:
            assert read_token(VAULT, f"{TOKEN[:at]}{sign}{TOKEN[at + 1 :]}", MONDAY) is None


@given(st.text(max_size=40) | st.text("0123456789abcXYZ", max_size=40))
def test_forged(token: str) -> None:
    """What is made up opens nothing and harms nothing."""
    assert read_token(VAULT, token, MONDAY) is None


def test_addresses_follow_the_text() -> None:
    """They stand behind it, as many as three parts hold, and never push the text out."""
    address = f"https://kanal.sekadaukab.go.id/f/{TOKEN}"
    assert with_addresses("Sudah diperbaiki.", [], "Foto") == "Sudah diperbaiki."
    assert with_addresses("Balas YA atau BELUM", [address], "Foto") == f"Balas YA atau BELUM. Foto: {address}"
    many = with_addresses("Sudah diperbaiki.", [address] * 20, "Photo")
    assert 1 < many.count(address) < 20
    assert count_parts(to_gsm(many)) == MAX_PARTS
    assert with_addresses("a" * 459, [address], "Foto") == "a" * 459
