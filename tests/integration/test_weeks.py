"""A six-day office among five-day ones: whose week each clock of a report counts by."""

from datetime import date, datetime, time

import pytest

from handlers import moves
from handlers.deployment import Deployment
from handlers.officers.cards import card
from handlers.service import Service
from handlers.status import upcoming
from storage.db import Database
from storage.queries import handling
from storage.vocabulary import Clock, ReportType
from tests.deployment import sekadau
from tests.office import SOLUTION, THURSDAY, Office

SIX_DAYS = [1, 2, 3, 4, 5, 6]
#: August 2026; the 17th and 25th are holidays
TUESDAY, WED_12, FRI_21, MON_24, THU_27 = (date(2026, 8, day) for day in (4, 12, 21, 24, 27))


@pytest.fixture(scope="module")
def six_days() -> Service:
    """The reference deployment, in which PUPR works on Saturdays."""
    told = sekadau().model_dump()
    for agency in told["agencies"]:
        agency["week"] = SIX_DAYS if agency["code"] == "PUPR" else None
    return Service.of(Deployment.model_validate(told))


@pytest.fixture
def office(loaded: Database, six_days: Service) -> Office:
    office = Office(loaded, six_days).open()
    office.now = THURSDAY
    return office


def at(office: Office, day: date) -> Office:
    office.now = datetime.combine(day, time(9), office.service.deployment.zone)
    return office


def test_first_answer_and_settlement(office: Office) -> None:
    """D2 and D4 count Saturdays at that agency, and at no other; so do the card and what the reporter reads."""
    office.disposed("PUPR")
    case = office.case()
    assert (case.due_on, case.settle_due_on) == (WED_12, MON_24)
    with office.database.writing() as uow:
        shown = card(uow, office.service, office.people["budi"], case, office.now)
    assert "sisa 5 hari kerja" in shown.text
    assert "1 dari 5" in upcoming(office.service, office.service.voice("id"), case, THURSDAY.date()).text
    other = office.files()
    office.disposed("DISHUB", on=other)
    assert (office.case(other).due_on, office.case(other).settle_due_on) == (
        date(2026, 8, 13),
        date(2026, 8, 28),
    )


def test_what_is_not_the_agencys_counts_by_the_deployment(office: Office) -> None:
    """The check before (D1) and the reporter's reply after (D6); opened again it is the agency's once more."""
    assert office.case().due_on == THURSDAY.date()
    office.disposed("PUPR")
    at(office, date(2026, 8, 20)).does("budi", moves.answer, SOLUTION)
    assert office.case().due_on == date(2026, 9, 4)
    office.says(moves.reject, "masih berlubang")
    assert (office.case().clock, office.case().due_on) == (Clock.FIRST_ANSWER, THU_27)


def test_checked_before_it_was_passed_on(office: Office) -> None:
    """The days that are left for settlement are counted anew by the agency's week, back and forth."""
    at(office, TUESDAY).does("rima", moves.verify)
    assert office.case().settle_due_on == date(2026, 8, 26)
    office.now = THURSDAY
    office.disposed("PUPR")
    assert office.case().settle_due_on == FRI_21
    office.does("budi", moves.hand_back, "Ini lampu jalan, bukan jalannya.")
    assert (office.case().week, office.case().due_on) == (None, THURSDAY.date())


def test_a_day_that_was_told_is_not_put_off(office: Office) -> None:
    """Passed on from a six-day office that had told its day, the earlier one stays."""
    office.disposed("PUPR").does("budi", moves.start, "Petugas mengecek lokasi besok pagi.")
    office.disposed("DISHUB")
    assert (office.case().week, office.case().settle_due_on) == (None, MON_24)


def test_suspected_abuse_is_told_its_sixty_days(office: Office) -> None:
    """Reclassified while an agency of six days has it, its sixty days count by that week."""
    office.disposed("PUPR").does("rima", moves.reclassify, type_=ReportType.OVERSIGHT)
    calendar = office.service.calendar_for(Clock.SETTLE, "123456")
    assert office.case().settle_due_on == calendar.due_on(THURSDAY.date(), 60)


def test_a_later_change_rewrites_no_promise(office: Office, service: Service) -> None:
    """The week is kept with the case: a new deployment file holds for what is passed on from then on."""
    office.disposed("PUPR")
    office.service = service
    assert office.case().due_on == WED_12
    at(office, WED_12).does("rima", moves.extend, 3, "Menunggu aspal dari gudang provinsi.")
    assert office.case().due_on == date(2026, 8, 15)
    with office.database.writing() as uow:
        assert handling.get_case(uow, office.report_id).week == "123456"
