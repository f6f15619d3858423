"""`/ingatkan`: officers let themselves be reminded of a report, each once, on a working day."""

from datetime import date, datetime, time

import pytest

from handlers import moves
from handlers.clock.own import remind_own
from handlers.service import Service
from storage.db import Database
from storage.queries import handling, officers, reminders
from storage.queries.handling import CaseRow
from tests.desk import Office, labels, presses

WANTED = "Pengingat yang Anda minta."


@pytest.fixture
def office(loaded: Database, service: Service) -> Office:
    return Office(loaded, service).open()


def at(office: Office, day: date, clock: time = time(8)) -> int:
    """Run the job at a local time."""
    office.now = datetime.combine(day, clock, office.service.deployment.zone)
    with office.database.writing() as uow:
        return remind_own(uow, office.service, office.now)


def day_of(office: Office, case: CaseRow, who: str = "budi") -> date | None:
    with office.database.reading() as uow:
        return reminders.find_own(uow, case.report_id, office.officer(who).id)


@pytest.mark.parametrize(
    ("given", "day"),
    [
        ("{} 3h", date(2026, 8, 6)),
        ("3 hari {}", date(2026, 8, 6)),
        ("besok {}", date(2026, 8, 4)),
        ("{} 12/8", date(2026, 8, 12)),
        ("12/8 {}", date(2026, 8, 12)),
        ("{} 15/8", date(2026, 8, 18)),  # a Saturday; Monday is a holiday
        ("2026-08-20 {}", date(2026, 8, 20)),
        ("{} 5", date(2026, 8, 10)),
        ("lusa {}", date(2026, 8, 5)),
        ("{} day after tomorrow", date(2026, 8, 5)),
        ("Rabu {}", date(2026, 8, 5)),
        ("{} hari jum'at", date(2026, 8, 7)),
        ("{} next Thursday", date(2026, 8, 6)),
        ("senin {}", date(2026, 8, 10)),  # today is one
        ("{} on Monday", date(2026, 8, 10)),
        ("{} sabtu depan", date(2026, 8, 10)),  # nobody works that day
        ("dua minggu {}", date(2026, 8, 18)),
        ("{} 1 week", date(2026, 8, 10)),
        ("minggu depan {}", date(2026, 8, 10)),
        ("{} rabu minggu depan", date(2026, 8, 12)),
        ("2 minggu lagi, rabu {}", date(2026, 8, 19)),
    ],
)
def test_when(office: Office, given: str, day: date) -> None:
    """Working days ahead or a day, in any order; the card shows it."""
    case, budi = office.disposed(), office.people["budi"]
    assert "saya ingatkan" in budi.says(f"/ingatkan {given.format(case.number)}")
    assert day_of(office, case) == day
    assert "saya ingatkan lagi" in budi.says(f"/lihat {case.number}")
    assert "saya ingatkan lagi" not in office.people["wati"].says(f"/lihat {case.number}")


def test_once_on_its_day(office: Office) -> None:
    """In the morning of that day with the card, never at night, never again; after downtime on the next one."""
    case, budi, rima = office.disposed(), office.people["budi"], office.people["rima"]
    budi.says(f"/ingatkan {case.number} 3h")
    rima.says(f"/remind {case.number} 6/8")
    office.hush()
    assert at(office, date(2026, 8, 5)) == at(office, date(2026, 8, 6), time(6)) == 0
    assert at(office, date(2026, 8, 7)) == 2
    for person in (budi, rima):
        (reply,) = person.hears()
        assert reply.text.startswith(WANTED)
        assert case.number[-4:] in reply.text
        assert "saya ingatkan lagi" not in reply.text
    assert at(office, date(2026, 8, 10)) == 0
    assert day_of(office, case) is None


def test_asked_for_what_is_missing(office: Office) -> None:
    """Without a day it is asked for, with buttons; a day that is over is asked for again."""
    case, budi = office.disposed(), office.people["budi"]
    budi.says(f"/ingatkan {case.number}")
    assert labels(budi.heard[-1]) == ["1 hari", "3 hari", "5 hari"]
    assert "Agustus" in presses(budi, "3 hari").text
    assert day_of(office, case) == date(2026, 8, 6)
    assert "tidak mungkin" in budi.says(f"/ingatkan {case.number} 2/8")
    budi.says("7 hari")
    assert day_of(office, case) == date(2026, 8, 12)


def test_taken_back(office: Office) -> None:
    """`batal` ends it, also where there is none; a new day takes the place of the old one."""
    case, budi = office.disposed(), office.people["budi"]
    budi.says(f"/ingatkan {case.number} 3h", f"/ingatkan {case.number} 10/8")
    assert day_of(office, case) == date(2026, 8, 10)
    for _ in range(2):
        assert "dibatalkan" in budi.says(f"/ingatkan batal {case.number}")
    assert day_of(office, case) is None


def test_not_of_what_is_over_or_theirs_no_more(office: Office) -> None:
    """Settled, handed back, or the officer suspended: nothing is said, and nothing waits any more."""
    settled, returned, kept = office.disposed(), office.disposed(), office.disposed()
    for who, case in (("budi", settled), ("budi", returned), ("wati", kept)):
        office.people[who].says(f"/ingatkan {case.number} 1h")
    office.does("budi", moves.hand_back, returned, "Ini jalan milik provinsi, bukan kami.")
    with office.database.writing() as uow:
        moves.withdraw(uow, office.service, handling.get_case(uow, settled.report_id), "", office.now)
        officers.set_suspended(uow, office.officer("wati").id, office.now)
    office.hush()
    assert at(office, date(2026, 8, 4)) == 3
    assert office.people["budi"].hears() == office.people["wati"].hears() == []
    assert "tidak bisa" in office.people["rima"].says(f"/ingatkan {settled.number} 3h")
