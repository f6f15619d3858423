"""Words of officers that are about no report, and citizens who ask for a person."""

from datetime import timedelta

import pytest

from handlers import codec
from handlers.officers import joining
from handlers.service import Service
from storage.db import Database
from storage.models import Outbound, table
from storage.vocabulary import Role
from tests import builders
from tests.fakes.clock import MONDAY
from tests.person import WHOLE, Person

OUTBOUND = table(Outbound)


@pytest.fixture
def officer(loaded: Database, service: Service) -> Person:
    """A coordinator in their own chat."""
    with loaded.writing() as uow:
        joining.appoint(
            uow,
            service,
            builders.a_contact(uow, "7000000001"),
            role=Role.COORDINATOR,
            agency_code=None,
            name="Rima",
            is_deputy=False,
            now=MONDAY,
        )
    return Person(loaded, service, "7000000001")


def test_an_officers_stray_words_begin_no_report(officer: Person) -> None:
    """They are asked which report is meant; LAPOR begins one of their own."""
    assert "Awali dengan LAPOR" in officer.says("jalan provinsi, bukan urusan kami")
    assert "Awali dengan LAPOR" not in officer.says(WHOLE)


def test_who_asks_for_a_person_again_is_heard_again(
    officer: Person, loaded: Database, service: Service
) -> None:
    """Once a day; a coordinator who missed the first time hears of the second."""
    citizen = Person(loaded, service, "5000000001")
    asks = "saya mau bicara dengan petugas"
    citizen.says(asks)
    citizen.says(asks)
    assert _calls(loaded) == 1
    citizen.now += timedelta(days=2)
    citizen.says(asks)
    assert _calls(loaded) == 2


def _calls(database: Database) -> int:
    with database.reading() as uow:
        rows = uow.connection.execute(OUTBOUND.select()).all()
        texts = [codec.load_reply(uow.vault.unseal(row.payload_sealed)).text for row in rows]
    return sum("minta bicara dengan petugas" in text for text in texts)
