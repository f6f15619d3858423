"""A town, and people in it who have reported."""

import pytest

from handlers.service import Service
from storage.db import Database
from storage.vocabulary import Channel
from tests.person import Person
from tests.town import Town


@pytest.fixture
def town(loaded: Database, service: Service) -> Town:
    return Town(loaded, service).open()


@pytest.fixture(params=[Channel.TELEGRAM, Channel.SMS], ids=str)
def person(town: Town, request: pytest.FixtureRequest) -> Person:
    return town.person(channel=request.param)


@pytest.fixture
def chatter(town: Town) -> Person:
    return town.person()


@pytest.fixture
def texter(town: Town) -> Person:
    return town.person(channel=Channel.SMS)
