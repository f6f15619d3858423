"""The simulator: when there is one, and the words of its panel."""

from typing import Any

import pytest

from bot.settings import Settings
from handlers.overview_wording import CLOCKS, EVENTS
from handlers.simulator_wording import POSTS
from storage.vocabulary import Clock, EventKind, Role

TOKEN = "123456789:AAFake-token-of-the-tests"


@pytest.mark.parametrize(
    ("given", "has_simulator"),
    [
        ({}, True),
        ({"host": "localhost"}, True),
        ({"host": "::1"}, True),
        ({"host": "127.9.9.9"}, True),
        ({"host": "0.0.0.0"}, False),  # noqa: S104
        ({"host": "192.168.1.5"}, False),
        ({"host": "kanal.example"}, False),
        ({"telegram_bot_token": TOKEN}, False),
        ({"public_url": "https://kanal.example"}, False),
    ],
)
def test_the_simulator_is_for_this_computer_before_anything_is_real(
    given: dict[str, Any], *, has_simulator: bool
) -> None:
    """With a provider, an address for the world or another host there is none."""
    assert Settings(_env_file=None, **given).has_simulator is has_simulator


def test_every_event_clock_and_post_has_its_words() -> None:
    """A new one needs words here as well, or the panel breaks over it."""
    assert set(EVENTS) == set(EventKind)
    assert set(CLOCKS) == set(Clock)
    assert set(POSTS) == set(Role)
