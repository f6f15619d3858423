"""Whoever does not say whether it is solved was warned before it is closed: what can go wrong with the warning."""

from datetime import date, time

import pytest
from sqlalchemy import select, update

from handlers import moves
from handlers.service import Service
from storage.db import Database
from storage.models import Address, CaseEvent, Outbound, Report, Reporter, table
from storage.queries import cases, outbox
from storage.vocabulary import CaseState, Channel, Clock, Closing, EventKind
from tests.days import THU_6, Town
from tests.office import SOLUTION

ADDRESS, OUTBOUND, EVENT = table(Address), table(Outbound), table(CaseEvent)
REPORT, REPORTER = table(Report), table(Reporter)
QUESTION = "Di desa mana, dan apa patokannya?"
#: asked for a word until Friday 4 September, warned on Wednesday
WARNED, LAST, AFTER = date(2026, 9, 2), date(2026, 9, 4), date(2026, 9, 5)


@pytest.fixture
def town(loaded: Database, service: Service) -> Town:
    """A town in which one report is answered."""
    town = Town(loaded, service).open()
    town.at(THU_6, time(9)).disposed()
    town.at(date(2026, 8, 20), time(10)).does("budi", moves.answer, SOLUTION)
    assert town.case().due_on == LAST
    town.sent()
    town.told()
    return town


def ending(town: Town) -> dict[str, object]:
    """Return what the history tells of the end."""
    with town.database.reading() as uow:
        found = cases.find_event(uow, town.report_id, {EventKind.LAPSED})
    assert found is not None
    return {key: value for key, value in found.data.items() if key == "warned"}


def dies(town: Town, code: str) -> None:
    """Let the newest message to the reporter be given up."""
    with town.database.writing() as uow:
        (newest,) = uow.connection.execute(
            select(OUTBOUND.c.id).order_by(OUTBOUND.c.id.desc()).limit(1)
        ).scalars()
        uow.connection.execute(
            update(OUTBOUND).where(OUTBOUND.c.id == newest).values(state="dead", due_at=None, code=code)
        )


def test_warned_and_closed(town: Town) -> None:
    """The warning left: closed after the day it told, and nothing else to say of it."""
    town.passes(AFTER)
    assert (town.case().closing, ending(town)) == (Closing.SILENCE, {})


def test_down_until_after_the_day(town: Town) -> None:
    """Nobody was warned: they get two working days from now on, are warned of those, and then it is closed."""
    town.at(date(2026, 9, 7), time(9)).run()
    assert (town.case().state, town.case().due_on) == (CaseState.ANSWERED, date(2026, 9, 9))
    (line,) = town.told()["warga"]
    assert "Rabu, 9 September 2026" in line
    town.sent()
    assert town.passes(date(2026, 9, 9)).told() == {}
    town.passes(date(2026, 9, 10))
    assert (town.case().closing, ending(town)) == (Closing.SILENCE, {})


def test_delivery_was_down(town: Town) -> None:
    """The warning waits, or waited too long to be of use: it is said anew with another day."""
    town.at(WARNED).run()
    town.at(AFTER).run()
    assert town.case().state is CaseState.ANSWERED
    with town.database.writing() as uow:
        outbox.lease(uow, Channel.TELEGRAM, 99, town.now, town.now)
    town.at(date(2026, 9, 7)).run()
    assert town.case().due_on == date(2026, 9, 8)
    assert [line for line in town.told()["warga"] if "8 September" in line]


def test_a_warning_that_came_too_late_to_leave(town: Town) -> None:
    """Given up as late is as good as never said."""
    town.at(WARNED).run()
    dies(town, "late")
    town.at(AFTER).run()
    assert town.case().state is CaseState.ANSWERED


def test_a_warning_that_reaches_nobody(town: Town) -> None:
    """Refused for good: it closes on its day, and the history tells that no warning reached them."""
    town.at(WARNED).run()
    dies(town, "blocked")
    town.at(AFTER).run()
    assert (town.case().closing, ending(town)) == (Closing.SILENCE, {"warned": False})


def test_whoever_wants_no_news(town: Town) -> None:
    """STOP: nothing can be sent, the day counts all the same."""
    stops(town)
    town.passes(AFTER)
    assert (town.case().closing, ending(town)) == (Closing.SILENCE, {"warned": False})


@pytest.fixture
def unasked(loaded: Database, service: Service) -> Town:
    """A town whose reporter said STOP before their report was answered."""
    town = Town(loaded, service).open()
    town.at(THU_6, time(9)).disposed()
    town.sent()
    stops(town)
    town.at(date(2026, 8, 20), time(10)).does("budi", moves.answer, SOLUTION)
    town.told()
    return town


def test_never_asked(unasked: Town) -> None:
    """STOP before the answer: nobody was asked, so silence closes nothing; the days begin anew at their end."""
    unasked.passes(AFTER)
    assert (unasked.case().state, unasked.case().due_on) == (CaseState.ANSWERED, date(2026, 9, 18))
    with unasked.database.writing() as uow:
        person = uow.connection.execute(select(REPORT.c.reporter_id)).scalar_one()
        uow.connection.execute(update(REPORTER).where(REPORTER.c.id == person).values(erased_at=unasked.now))
    unasked.passes(date(2026, 9, 19))  # who is erased will never be asked
    assert (unasked.case().closing, ending(unasked)) == (Closing.SILENCE, {"warned": False})


# --- the same of a question ---


def stops(town: Town) -> None:
    """The reporter wants no news any more."""
    with town.database.writing() as uow:
        address_id = town.citizens[town.report_id].address_id
        uow.connection.execute(update(ADDRESS).where(ADDRESS.c.id == address_id).values(stopped_at=town.now))


@pytest.fixture
def asked(loaded: Database, service: Service) -> Town:
    """A town in which a reporter is asked, until Wednesday 19 August, what is missing."""
    town = Town(loaded, service).open()
    town.at(date(2026, 8, 4), time(9)).does("rima", moves.hold, QUESTION)
    town.told()
    return town


def test_a_question_that_reached_nobody(asked: Town) -> None:
    """Nothing is archived for want of an answer that nobody was asked for: it is checked with what is known."""
    dies(asked, "blocked")
    stops(asked)
    asked.at(date(2026, 8, 20)).run()
    case = asked.case()
    assert (case.state, case.clock, case.closing) == (CaseState.UNVERIFIED, Clock.CHECK, None)
    assert any("tidak pernah sampai" in line for line in asked.told()["rima"])
    with pytest.raises(moves.Unfit) as refused:
        asked.does("rima", moves.hold, QUESTION)
    assert refused.value.fault is moves.Fault.UNREACHABLE


def test_a_question_that_waits_to_be_sent(asked: Town) -> None:
    """Delivery was down all the time: it is asked again, with another day, and archived after that."""
    asked.at(date(2026, 8, 20)).run()
    assert (asked.case().state, asked.case().due_on) == (CaseState.ON_HOLD, date(2026, 8, 26))
    assert "26 Agustus" in asked.heard()[-1].text
    asked.sent()
    asked.passes(date(2026, 8, 27))
    assert asked.case().closing is Closing.ARCHIVED
