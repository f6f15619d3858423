"""Writers that are stopped with their test."""

from collections.abc import Callable, Iterator

import pytest

from bot.writer import Writer
from storage.db import Database


@pytest.fixture
def start(database: Database) -> Iterator[Callable[..., Writer]]:
    """Starts writers, and stops them after the test."""
    started: list[Writer] = []

    def start_one(on: Database = database) -> Writer:
        started.append(Writer(on))
        started[-1].start()
        return started[-1]

    yield start_one
    for writer in started:
        writer.stop()


@pytest.fixture
def writer(start: Callable[..., Writer]) -> Writer:
    return start()
