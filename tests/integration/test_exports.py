"""Every report whole, however many there are."""

from dataclasses import replace
from datetime import timedelta

from handlers.exports import records
from handlers.figures import table
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


def test_an_agency_that_is_only_proposed_is_none(loaded: Database, service: Service) -> None:
    """Who would get a report by its category is not named before it was passed on, and is not filtered by."""
    with loaded.writing() as uow:
        contact = builders.a_contact(uow)
        new, passed = (builders.a_case(uow, contact, now=MONDAY) for _ in range(2))
        builders.update_case(uow, new, MONDAY, agency_code="PUPR")
        builders.update_case(uow, passed, MONDAY, agency_code="PUPR", disposed_at=MONDAY)
    made = Made(Exhibit.WORKBOOK, None, MONDAY.date(), MONDAY.date(), Language.INDONESIAN, is_oversight=None)
    theirs = replace(made, agency_code="PUPR")
    with loaded.reading() as uow:
        codes = [one["agency_code"] for one in records(uow, service, made)]
        names = [one["agency_name"] for one in records(uow, service, made)]
        cells = [row[4] for row in table(uow, service, made)]
        kept = len(list(records(uow, service, theirs))), len(list(table(uow, service, theirs)))
    name = service.deployment.agency_by_code["PUPR"].name
    assert (codes, names) == ([None, "PUPR"], [None, name])
    assert cells == ["Instansi", "", name]
    assert kept == (1, 2)


def test_a_day_that_was_not_told_is_no_fact(loaded: Database, service: Service) -> None:
    """A report without a day is exported without one; its officers and its reporter read that it is not clear."""
    person = Person(loaded, service)
    person.files("lampu jalan mati di desa mungguk dekat pasar", "lewati", "1", "ya")
    made = Made(Exhibit.WORKBOOK, None, MONDAY.date(), MONDAY.date(), Language.INDONESIAN, is_oversight=None)
    with loaded.reading() as uow:
        (record,) = records(uow, service, made)
    assert (record["occurred_on"], record["is_day_told"]) == (None, False)
    assert "Waktu: belum jelas\n" in person.says("data saya")
