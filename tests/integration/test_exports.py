"""Every report whole, however many there are."""

from datetime import timedelta

from handlers.exports import records
from handlers.messages import Exhibit, Made
from handlers.service import Service
from storage.db import Database
from storage.queries.exports import AT_ONCE
from storage.vocabulary import Language
from tests import builders
from tests.fakes.clock import MONDAY
from tests.person import Person


def test_many_reports(loaded: Database, service: Service) -> None:
    """Each one once and in order, also where a batch ends among those of the same second."""
    count = AT_ONCE + 3
    with loaded.writing() as uow:
        contact = builders.a_contact(uow)
        for number in range(count):
            at = MONDAY + timedelta(seconds=number // 7)
            builders.a_case(uow, contact, now=at, description=f"laporan ke-{number}")
    made = Made(Exhibit.WORKBOOK, None, MONDAY.date(), MONDAY.date(), Language.INDONESIAN, is_oversight=None)
    with loaded.reading() as uow:
        found = list(records(uow, service, made))
    assert [record["description"] for record in found] == [f"laporan ke-{number}" for number in range(count)]
    assert all(len(record["events"]) == 1 for record in found)


def test_a_day_that_was_not_told_is_no_fact(loaded: Database, service: Service) -> None:
    """A report without a day is exported without one; its officers and its reporter read that it is not clear."""
    person = Person(loaded, service)
    person.files("lampu jalan mati di desa mungguk dekat pasar", "lewati", "1", "ya")
    made = Made(Exhibit.WORKBOOK, None, MONDAY.date(), MONDAY.date(), Language.INDONESIAN, is_oversight=None)
    with loaded.reading() as uow:
        (record,) = records(uow, service, made)
    assert (record["occurred_on"], record["is_day_told"]) == (None, False)
    assert "Waktu: belum jelas\n" in person.says("data saya")
