"""Day 60: who may turn to the Ombudsman is told so once, and SETUJU is understood as long as that stands."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from handlers import moves
from handlers.clock.ombudsman import offer_ombudsman
from handlers.messages import Press
from handlers.service import Service
from storage.db import Database
from storage.models import CaseEvent, table
from storage.queries import handling
from storage.queries.handling import CaseRow
from storage.vocabulary import CaseState, Channel, EventKind, ReportType
from tests.desk import NOW, Office
from tests.fakes.clock import MONDAY
from tests.killed import statements
from tests.office import SOLUTION
from tests.person import Person
from tests.town import OTHER, Town

EVENT = table(CaseEvent)
OFFERED, SIXTY = "Anda berhak melapor ke Ombudsman Kalbar", timedelta(days=60)


@pytest.fixture
def office(loaded: Database, service: Service) -> Office:
    return Office(loaded, service).open()


def run(office: Office, after: timedelta = SIXTY) -> int:
    """Run the job so long after the reports were filed; everybody is there then."""
    office.hush()
    office.now = NOW + after
    with office.database.writing() as uow:
        done = offer_ombudsman(uow, office.service, office.now)
    for person in (*office.people.values(), *office.citizens.values()):
        person.now = office.now
    return done


def offered(office: Office, **changed: Any) -> tuple[CaseRow, Person]:
    """A report whose reporter was told."""
    case = office.disposed(**changed)
    assert run(office) == 1
    citizen = office.citizens[case.report_id]
    citizen.hears()
    return case, citizen


def kinds(office: Office, case: CaseRow) -> list[str]:
    with office.database.reading() as uow:
        query = select(EVENT.c.kind).where(EVENT.c.report_id == case.report_id).order_by(EVENT.c.seq)
        return list(uow.connection.execute(query).scalars())


# --- who is told ---


@pytest.mark.parametrize("by", [Channel.TELEGRAM, Channel.SMS])
def test_day_sixty(office: Office, by: Channel) -> None:
    """On the sixtieth day after receipt, in waking hours, whoever waits still is told, once."""
    case = office.disposed(by=by)
    assert run(office, timedelta(days=59, hours=10)) == 0
    assert run(office, SIXTY - timedelta(hours=4)) == 0  # 05.05
    assert run(office) == 1
    heard = office.heard(case)
    assert OFFERED in heard
    assert "60 hari" in heard
    assert run(office, timedelta(days=61)) == run(office, timedelta(days=200)) == 0
    assert [choice.label for choice in office.citizens[case.report_id].all_heard()[-1].choices] == (
        ["Setuju", "Tidak"]
    )


def test_secret_and_suspected_abuse_too(office: Office) -> None:
    """Their reporters have the same right; nothing of what they wrote is said."""
    case = office.files(type=ReportType.OVERSIGHT, is_secret=True, accused_agency_code="PUPR")
    assert run(office) == 1
    assert OFFERED in office.heard(case)
    assert "berlubang" not in office.citizens[case.report_id].last


def test_not_while_the_word_is_the_reporters(office: Office) -> None:
    """Asked whether it is solved they are not told, after BELUM they are; what is over is never spoken of."""
    asked, over = office.disposed(), office.disposed()
    for case in (asked, over):
        office.does("budi", moves.answer, case, SOLUTION)
    with office.database.writing() as uow:
        moves.confirm(uow, office.service, handling.get_case(uow, over.report_id), office.now)
    assert run(office) == 0
    citizen = office.citizens[asked.report_id]
    citizen.says("BELUM, masih berlubang")
    assert run(office, timedelta(days=61)) == 1
    assert OFFERED in office.heard(asked)
    assert OFFERED not in office.heard(over)


def test_whose_report_follows_another_hears_it_too(office: Office) -> None:
    """And agrees for their own report."""
    parent, child = office.disposed(), office.files()
    office.does("rima", moves.join, child, office.case(parent.report_id))
    assert run(office) == 1
    assert OFFERED in office.heard(parent)
    assert OFFERED in office.heard(child)
    assert "kami teruskan" in office.citizens[child.report_id].says("setuju")
    assert office.case(child.report_id).consented_at == office.now
    assert office.case(parent.report_id).consented_at is None


# --- what they say ---


@pytest.mark.parametrize("by", [Channel.TELEGRAM, Channel.SMS])
def test_they_agree(office: Office, by: Channel) -> None:
    """Coordinators are told how to pass it on, the card shows it; the case goes on as it was."""
    case, citizen = offered(office, by=by)
    assert "kami teruskan ke Ombudsman Kalbar" in citizen.says("SETUJU")
    after = office.case(case.report_id)
    assert (after.consented_at, after.state) == (office.now, CaseState.DISPOSED)
    assert kinds(office, case)[-1] == EventKind.CONSENTED
    (told,) = office.people["rima"].hears()
    assert f"/catat {case.number}" in told.text
    assert office.people["budi"].hears() == []
    assert "Warga setuju" in office.people["budi"].says(f"/lihat {case.number}")
    assert "sudah setuju" in citizen.says("SETUJU")
    assert kinds(office, case).count(EventKind.CONSENTED) == 1


def test_by_button_and_once_more(office: Office) -> None:
    """The button is good as long as the report is open, also pressed twice."""
    case, citizen = offered(office)
    (question,) = {one.question for one in citizen.all_heard() if OFFERED in one.text}
    assert question is not None
    citizen.sends(press=Press(question, "refuse"))
    assert "tetap" in citizen.last
    citizen.sends(press=Press(question, "agree"))
    assert "kami teruskan" in citizen.last
    assert citizen.sends(press=Press(question, "agree")) == []
    assert kinds(office, case).count(EventKind.CONSENTED) == 1
    with office.database.writing() as uow:
        moves.withdraw(uow, office.service, handling.get_case(uow, case.report_id), "", office.now)
    citizen.hears()
    citizen.sends(press=Press(question, "refuse"))
    assert "tetap" not in citizen.last


def test_a_refusal_and_a_doubtful_word(office: Office) -> None:
    """TIDAK is answered and changes nothing; a mere YA is asked about again."""
    case, citizen = offered(office)
    assert "bila Anda menulis SETUJU" in citizen.says("ya")
    assert "tetap" in citizen.says("tidak")
    assert office.case(case.report_id).consented_at is None
    assert "kami teruskan" in citizen.says(f"SETUJU {case.number}")


def test_with_no_offer_nothing_breaks(office: Office) -> None:
    """SETUJU out of the blue, alone or with a number, moves no report and begins none."""
    case = office.disposed()
    citizen = office.citizens[case.report_id]
    for text in ("SETUJU", f"SETUJU {case.number}", "AGREE"):
        assert citizen.says(text)
    assert office.case(case.report_id) == case
    assert EventKind.CONSENTED not in kinds(office, case)


# --- what was meant for something else ---


def test_an_officers_question_comes_first(office: Office) -> None:
    """A "setuju" answers the officer who asked since; then it is the offer's again."""
    case, citizen = offered(office)
    office.does("budi", moves.hold, case, "Apakah Anda setuju kami datang besok pagi?")
    citizen.hears()
    citizen.says("setuju")
    assert kinds(office, case)[-1] == EventKind.REPLIED
    citizen.says("setuju")
    assert kinds(office, case)[-1] == EventKind.CONSENTED


def test_whether_it_is_solved_comes_first(office: Office) -> None:
    """After an answer YA and BELUM are said of it; SETUJU may mean either, so it is asked for."""
    case, citizen = offered(office)
    office.does("budi", moves.answer, case, SOLUTION)
    citizen.hears()
    assert "sudah beres?" in citizen.says("setuju")
    citizen.says("tidak")
    assert kinds(office, case)[-1] == EventKind.REJECTED


def test_a_draft_keeps_its_own_words(office: Office) -> None:
    """Under a summary "setuju" files the report; with the number it is about the offer even then."""
    case, citizen = offered(office)
    citizen.says("LAPOR lampu jalan mati di depan SD 3 desa mungguk", "lewati", "1")
    assert "kami teruskan" in citizen.says(f"setuju {case.number}")
    assert "Terima kasih. Laporan Anda kami terima" in citizen.says("setuju")


def test_of_two_that_wait_it_is_asked_which(loaded: Database, service: Service) -> None:
    """One is offered, of the other it is asked whether it is solved: "setuju" may mean either."""
    town = Town(loaded, service).open()
    person = town.person()
    first, second = town.files(person), town.files(person, OTHER)
    town.disposes(first)
    town.disposes(second)
    town.answers(second)
    with loaded.writing() as uow:
        assert offer_ombudsman(uow, service, MONDAY + SIXTY) == 1
    person.hears()
    assert first in person.says("setuju")
    assert second in person.last
    assert "kami teruskan" in person.says("2")
    assert town.history(first)[-1] is EventKind.CONSENTED
    assert town.case(second).state is CaseState.ANSWERED


def test_the_query_reads_no_whole_table(office: Office, kind: str) -> None:
    """What there is to do is found by an index."""
    with statements(office.database) as seen:
        run(office)
    queries = [one for one in seen if one[0].startswith("SELECT") and "ombudsman_on" in one[0]]
    with office.database.writing() as uow:
        if kind == "postgresql":
            uow.connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        explain = "EXPLAIN QUERY PLAN " if kind == "sqlite" else "EXPLAIN "
        for statement, parameters in queries:
            plan = str(list(uow.connection.exec_driver_sql(explain + statement, parameters)))
            assert "ix_cases_ombudsman" in plan, plan
