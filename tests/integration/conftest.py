"""People whom most tests know."""

import pytest

from handlers.service import Service
from storage.db import Database
from storage.vocabulary import Channel
from tests.person import Person


@pytest.fixture
def person(loaded: Database, service: Service) -> Person:
    return Person(loaded, service)


@pytest.fixture
def stranger(loaded: Database, service: Service) -> Person:
    return Person(loaded, service, identifier="5000000999")


@pytest.fixture
def texter(loaded: Database, service: Service) -> Person:
    return Person(loaded, service, identifier="+6281200000001", channel=Channel.SMS)
