"""Next year's joint leave is missing: coordinators hear of it from November on, now and then."""

from datetime import date, datetime, time

from handlers.clock.holidays import warn_of_holidays
from handlers.service import Service
from storage.db import Database
from storage.vocabulary import Channel, Role
from tests.desk import Office


def test_joint_leave_is_missing(loaded: Database, service: Service) -> None:
    """From 1 November on a working day, in the morning, once in five working days; nobody else is told."""
    office = Office(loaded, service).open()
    office.joins("ani", Role.COORDINATOR, None, Channel.SMS)

    def told(day: date, clock: time = time(8)) -> set[str]:
        office.hush()
        now = datetime.combine(day, clock, service.deployment.zone)
        for _ in range(2):
            with loaded.writing() as uow:
                warn_of_holidays(uow, service, now)
        return {name for name, person in office.people.items() if person.hears()}

    assert told(date(2027, 10, 29)) == set()
    assert told(date(2027, 10, 31)) == set()  # a Sunday
    assert told(date(2027, 11, 1), time(7)) == set()
    assert told(date(2027, 11, 1)) == {"rima", "ani"}
    assert "Cuti bersama 2028" in office.people["ani"].last
    assert told(date(2027, 11, 5)) == set()
    assert told(date(2027, 11, 9)) == {"rima", "ani"}
    assert told(date(2027, 11, 10)) == set()
