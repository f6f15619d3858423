"""What moves a case: rule, permission, rows and history, on both databases."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from handlers import moves
from handlers.cases.lifecycle import TransitionNotAllowed
from handlers.deployment import Deployment
from handlers.moves import Fault, Solution
from handlers.officers.access import NotPermitted
from handlers.service import Service
from storage.db import Database
from storage.models import Attachment, table
from storage.vocabulary import CaseState, Clock, Closing, ReportType, Role
from tests import builders
from tests.office import FILED, SOLUTION, THURSDAY, Office, refuses

ATTACHMENT = table(Attachment)


@pytest.fixture
def office(loaded: Database, service: Service) -> Office:
    return Office(loaded, service).open()


# --- the straight way ---


def test_from_check_to_rating(office: Office) -> None:
    """The example of docs/rules.md, Deadlines: 3 August, passed on 6 August, answered 20 August, each with its date."""
    assert (office.case().clock, office.case().due_on) == (Clock.CHECK, date(2026, 8, 6))
    office.now = THURSDAY
    office.does("rima", moves.verify)
    office.disposed()
    case = office.case()
    assert (case.state, case.clock, case.due_on) == (
        CaseState.DISPOSED,
        Clock.FIRST_ANSWER,
        date(2026, 8, 13),
    )
    assert case.settle_due_on == date(2026, 8, 28)
    assert "Kamis, 13 Agustus 2026" in office.heard()[-1].text
    assert "Dinas PUPR" in office.heard()[-1].short
    assert "Laporan baru untuk instansi Anda." in office.heard(office.people["budi"])[-1].text
    assert office.heard(office.people["dewi"]) == []
    office.does("budi", moves.start, "petugas cek lokasi Rab 12/08")
    case = office.case()
    assert (case.clock, case.due_on, case.officer_id) == (
        Clock.SETTLE,
        date(2026, 8, 28),
        office.people["budi"].id,
    )
    office.now = FILED + timedelta(days=17)
    office.does("budi", moves.answer, SOLUTION)
    asked = office.heard()[-1]
    assert (office.case().state, office.case().due_on) == (CaseState.ANSWERED, date(2026, 9, 4))
    assert [choice.value for choice in asked.choices] == ["yes", "no"]
    assert asked.question == f"case:{office.report_id}:{office.case().version}"
    assert (
        "Tiga lubang sedalam 20 cm di depan SD.\nDitambal dengan aspal (Kamis, 20 Agustus 2026)."
        in asked.text
    )
    office.says(moves.confirm)
    case = office.case()
    assert (case.state, case.clock, case.due_on, case.closing) == (
        CaseState.SETTLED,
        None,
        None,
        Closing.CONFIRMED,
    )
    assert [choice.value for choice in office.heard()[-1].choices] == ["1", "2", "3", "4", "5", "reopen"]
    assert "sudah beres" in office.heard(office.people["budi"])[-1].text
    assert office.says(moves.rate, 4)
    assert not office.says(moves.rate, 5)
    assert office.history() == ["verified", "disposed", "started", "answered", "confirmed", "rated"]


def test_passing_on_implies_the_check(office: Office) -> None:
    """A report passed on without a check of its own counts as checked at that moment."""
    office.disposed()
    assert office.case().checked_at == FILED
    assert office.history() == ["verified", "disposed"]


def test_oversight_is_told_as_secret(office: Office) -> None:
    """A report of suspected abuse goes to the inspectorate alone, with D5, and its reporter hears that it is secret."""
    report_id = office.files(type="oversight", accused_agency_code="PUPR")
    with refuses(Fault.ACCUSED):
        office.does("rima", moves.dispose, "PUPR", on=report_id)
    with refuses(Fault.NO_SUCH_AGENCY):
        office.does("rima", moves.dispose, "DISHUB", on=report_id)
    office.disposed("INSPEKTORAT", on=report_id)
    case = office.case(report_id)
    assert (
        office.service.calendar.working_days_between(FILED.date(), case.settle_due_on or FILED.date()) == 60
    )
    assert "60 hari kerja" in office.heard(report_id)[-1].text
    assert "Identitas Anda tidak kami buka" in office.heard(report_id)[-1].short
    assert office.heard(office.people["joko"])
    assert office.heard(office.people["budi"]) == []
    with pytest.raises(NotPermitted):
        office.does("budi", moves.start, "petugas cek lokasi", on=report_id)


@pytest.mark.parametrize("code", ["NIEMAND", "PLN"])
def test_no_such_agency(office: Office, code: str) -> None:
    """A report is passed on to agencies of this government only, and forwarded to others only."""
    with refuses(Fault.NO_SUCH_AGENCY):
        office.disposed(code)
    with refuses(Fault.NO_SUCH_AGENCY):
        office.does("rima", moves.forward, "PUPR", "")


def test_moving_on_to_another_agency(office: Office) -> None:
    """A coordinator can give a report to another agency, never anew to the same one: that would restart its clock."""
    office.disposed().does("budi", moves.start, "petugas cek lokasi")
    settle = office.case().settle_due_on
    office.now += timedelta(days=1)
    with refuses(Fault.SAME_AGENCY):
        office.disposed()
    office.disposed("DISHUB")
    case = office.case()
    assert (case.agency_code, case.officer_id, case.settle_due_on) == ("DISHUB", None, settle)
    with pytest.raises(NotPermitted):
        office.does("budi", moves.start, "petugas cek lokasi lagi")


# --- asking ---


def test_clock_stands_still_while_the_reporter_is_asked(office: Office) -> None:
    """D1 goes on after the answer with the days that were left; settlement is later by the days that were waited."""
    office.does("rima", moves.verify)
    office.now = FILED + timedelta(days=1)  # 2 of 3 days are left
    office.does("rima", moves.hold, "Di desa mana persisnya?")
    case = office.case()
    assert (case.state, case.clock, case.days_left) == (CaseState.ON_HOLD, Clock.CITIZEN_DATA, 2)
    assert case.due_on == date(2026, 8, 19)  # ten working days, 17 August is none
    assert "Di desa mana persisnya?" in office.heard()[-1].text
    office.now = FILED + timedelta(days=4)
    office.says(moves.reply, "Desa Mungguk, dekat SD")
    case = office.case()
    assert (case.state, case.clock, case.due_on) == (CaseState.UNVERIFIED, Clock.CHECK, date(2026, 8, 11))
    assert case.settle_due_on == date(2026, 8, 28)
    assert case.asked_at is None
    assert "Pelapor sudah menjawab." in office.heard(office.people["rima"])[-1].text
    assert "Selasa, 11 Agustus 2026" in office.heard()[-1].text


def test_late_check_has_one_day_after_an_answer(office: Office) -> None:
    """When the check was late already, there is one working day for it once the reporter has answered."""
    office.now = FILED + timedelta(days=10)
    office.does("rima", moves.hold, "Di desa mana persisnya?")
    office.says(moves.reply, "Desa Mungguk")
    assert office.case().due_on == date(2026, 8, 14)


def test_who_works_asks_without_stopping_the_clock(office: Office) -> None:
    """A liaison's question leaves state and clock alone; the answer reaches the liaison."""
    office.disposed().does("budi", moves.hold, "Lubangnya di sisi mana?")
    case = office.case()
    assert (case.state, case.clock, case.asked_at) == (CaseState.DISPOSED, Clock.FIRST_ANSWER, FILED)
    assert case.days_left is None  # that is kept of a clock that stands still
    assert "bertanya" in office.heard()[-1].text
    office.says(moves.reply, "sisi kiri")
    assert office.case().asked_at is None
    assert office.case().due_on == case.due_on
    assert "Pelapor sudah menjawab." in office.heard(office.people["budi"])[-1].text
    assert office.history() == ["verified", "disposed", "asked", "replied"]


# --- substance ---


@pytest.mark.parametrize(
    ("finding", "action", "fault"),
    [
        (
            "Sudah kami terima.",
            "Akan segera ditindaklanjuti sesuai ketentuan yang berlaku.",
            Fault.STOCK_PHRASE,
        ),
        ("Lubang di depan SD.", "Akan kami tindaklanjuti, terima kasih atas laporannya.", Fault.STOCK_PHRASE),
        ("ok", "Ditambal dengan aspal panas pada hari Kamis.", Fault.TOO_SHORT),
        ("Ada tiga lubang.", "Sudah ditambal.", Fault.TOO_SHORT),
        ("Lubang.", "Ditambal dengan aspal panas pada hari Kamis pagi.", Fault.TOO_SHORT),
        ("Tiga lubang sedalam 20 cm di depan SD 3 Mungguk.", "Diperbaiki.", Fault.TOO_SHORT),
        ("Kami temukan {jumlah} lubang di jalan.", "Ditambal dengan aspal.", Fault.UNFILLED),
        ("Lubang " * 20, "Ditambal " * 20, Fault.TOO_LONG),
    ],
)
def test_answers_without_substance(office: Office, finding: str, action: str, fault: Fault) -> None:
    """An answer that says nothing, too little, too much, or was left unfilled is refused with the reason."""
    office.disposed()
    with refuses(fault):
        office.does("budi", moves.answer, Solution(finding, action, date(2026, 8, 5)))


@pytest.mark.parametrize("day", [date(2026, 5, 1), date(2028, 1, 1)])
def test_days_that_cannot_be_meant(office: Office, day: date) -> None:
    """A day long before the report or years ahead is a slip."""
    office.disposed()
    with refuses(Fault.BAD_DAY):
        office.does("budi", moves.answer, Solution(SOLUTION.finding, SOLUTION.action, day))


def test_physical_works_need_evidence(office: Office) -> None:
    """An answer about a road goes with a photo, which reaches the reporter and belongs to the report from then on."""
    report_id = office.files(category_code="JALAN")
    office.disposed(on=report_id)
    with refuses(Fault.NO_EVIDENCE):
        office.does("budi", moves.answer, SOLUTION, on=report_id)
    with office.database.writing() as uow:
        builders.an_attachment(uow, builders.a_contact(uow, "7"), draft_id="desk-1")
        uow.connection.execute(update(ATTACHMENT).values(is_from_officer=True))
        file_id = uow.connection.execute(select(ATTACHMENT.c.id)).scalar_one()
    proved = Solution(SOLUTION.finding, SOLUTION.action, SOLUTION.done_on, (file_id,))
    office.does("budi", moves.answer, proved, on=report_id)
    assert office.heard(report_id)[-1].files == (file_id,)
    with office.database.reading() as uow:
        assert uow.connection.execute(select(ATTACHMENT.c.report_id)).scalar_one() == report_id


# --- a second person ---


@pytest.fixture
def careful(loaded: Database, service: Service) -> Office:
    """An office where answers of PUPR and DISHUB wait for a second person, with a report at PUPR."""
    agencies = tuple(
        one.model_copy(update={"needs_approval": one.code in {"PUPR", "DISHUB"}})
        for one in service.deployment.agencies
    )
    deployment = service.deployment.model_copy(update={"agencies": agencies})
    office = Office(
        loaded, replace(service, deployment=Deployment.model_validate(deployment.model_dump()))
    ).open()
    with loaded.writing() as uow:
        office.people["tono"] = builders.an_officer(uow, Role.APPROVER, "PUPR")
        office.people["anna"] = builders.an_officer(uow, Role.APPROVER, "DISHUB")
    return office.disposed()


def proposed(office: Office) -> tuple[int, Solution] | None:
    with office.database.reading() as uow:
        return moves.find_proposed(uow, office.case())


def test_four_eyes(careful: Office) -> None:
    """Nobody sends alone: neither an approver their own words, nor others than were proposed, nor who wrote them."""
    with refuses(Fault.UNPROPOSED):
        careful.does("tono", moves.answer, SOLUTION)
    careful.does("budi", moves.propose, SOLUTION)
    with refuses(Fault.UNPROPOSED):
        careful.does("tono", moves.answer, replace(SOLUTION, action="Ditambal dengan beton."))
    careful.people["budi"] = replace(careful.people["budi"], role=Role.APPROVER)
    with refuses(Fault.UNPROPOSED):
        careful.does("budi", moves.answer, SOLUTION)
    assert careful.case().state is CaseState.DISPOSED
    careful.does("tono", moves.answer, SOLUTION)
    assert careful.case().state is CaseState.ANSWERED
    assert all("tidak jadi dikirim" not in one.text for one in careful.heard(careful.people["budi"]))


def leaves(office: Office, way: str) -> None:
    """Let the report leave its agency in one of the ways there are."""
    match way:
        case "another agency":
            office.does("rima", moves.dispose, "DISHUB")
        case "handed back":
            office.does("budi", moves.hand_back, "Jalan ini milik provinsi, bukan kabupaten.")
        case "a body outside":
            office.does("rima", moves.forward, "PLN", "")
        case "another report":
            office.does("rima", moves.join, office.case(office.files()))
        case _:
            office.does("rima", moves.reclassify, type_=ReportType.OVERSIGHT)


@pytest.mark.parametrize(
    "way", ["another agency", "handed back", "a body outside", "another report", "suspected abuse"]
)
def test_a_proposed_answer_stays_with_its_agency(careful: Office, way: str) -> None:
    """Whatever takes the report elsewhere drops it and tells who wrote it; what leaves it there does not."""
    careful.does("budi", moves.propose, SOLUTION)
    careful.does("rima", moves.extend, 2, "Menunggu aspal dari Pontianak.")
    careful.does("rima", moves.reclassify, type_=ReportType.INFORMATION)
    assert proposed(careful) == (careful.people["budi"].id, SOLUTION)
    leaves(careful, way)
    assert proposed(careful) is None
    told = [one for one in careful.heard(careful.people["budi"]) if "tidak jadi dikirim" in one.text]
    assert len(told) == 1
    assert SOLUTION.action not in told[0].text
    if way == "another agency":
        with refuses(Fault.UNPROPOSED):
            careful.does("anna", moves.answer, SOLUTION)


def test_second_person_approves(careful: Office) -> None:
    """Where an agency wants it, an answer waits for a second person, who sends it out or back."""
    office = careful
    with pytest.raises(NotPermitted):
        office.does("budi", moves.answer, SOLUTION)
    office.does("budi", moves.propose, SOLUTION)
    assert office.case().state is CaseState.DISPOSED
    assert "menunggu persetujuan" in office.heard(office.people["tono"])[-1].text
    office.does("tono", moves.decline, "Sebutkan panjang jalan yang ditambal.")
    assert "Sebutkan panjang jalan" in office.heard(office.people["budi"])[-1].text
    with pytest.raises(TransitionNotAllowed):
        office.does("tono", moves.decline, "Sebutkan panjang jalan yang ditambal.")
    office.does("budi", moves.propose, SOLUTION)
    assert proposed(office) == (office.people["budi"].id, SOLUTION)
    office.does("tono", moves.answer, SOLUTION)
    assert office.case().officer_id == office.people["budi"].id
    assert proposed(office) is None


# --- dates, kinds, identity ---


def test_a_date_moves_with_its_reason(office: Office) -> None:
    """The reporter learns why it takes longer; a date in the past moves from today; none falls on a day off."""
    office.disposed().does("budi", moves.start, "petugas cek lokasi")
    office.now = FILED + timedelta(days=40)
    with refuses(Fault.BAD_DAY):
        office.does("rima", moves.extend, 0, "Menunggu aspal dari Pontianak.")
    office.does("rima", moves.extend, 2, "Menunggu aspal dari Pontianak.")
    case = office.case()
    assert case.due_on == case.settle_due_on == date(2026, 9, 15)
    assert "Menunggu aspal dari Pontianak." in office.heard()[-1].text
    with pytest.raises(NotPermitted):
        office.does("budi", moves.extend, 2, "Menunggu aspal dari Pontianak.")


def test_a_date_moves_so_far_and_no_further(office: Office) -> None:
    """Each clock by the deployment's days in all, in one go or several; settlement is never due before."""
    limit, why = office.service.deployment.handling.extend_days, "Menunggu aspal dari Pontianak."
    office.disposed()
    office.does("rima", moves.extend, limit - 1, why)
    case = office.case()
    assert case.due_on == case.settle_due_on
    with refuses(Fault.TOO_FAR):
        office.does("rima", moves.extend, 2, why)
    office.does("rima", moves.extend, 1, why)
    with refuses(Fault.TOO_FAR):
        office.does("rima", moves.extend, 1, why)
    promised, office.now = office.case().due_on, FILED + timedelta(days=40)
    office.does("budi", moves.start, "petugas cek lokasi Rabu")
    case = office.case()
    assert (case.clock, case.due_on) == (Clock.SETTLE, promised)
    office.does("rima", moves.extend, limit, why)  # another clock has its own
    with refuses(Fault.TOO_FAR):
        office.does("rima", moves.extend, 1, why)


def test_another_kind_of_report(office: Office) -> None:
    """A new kind has its own day of settlement, told when it is running; suspected abuse is hidden at once."""
    office.disposed().does("budi", moves.start, "petugas cek lokasi")
    office.does("rima", moves.reclassify, type_=ReportType.INFORMATION)
    assert office.case().due_on == date(2026, 8, 10)
    assert "jenis laporan lain" in office.heard()[-1].text
    office.does("rima", moves.reclassify, type_=ReportType.OVERSIGHT)
    case = office.case()
    assert (case.is_secret, case.accused_agency_code, case.officer_id) == (True, "PUPR", None)
    with pytest.raises(NotPermitted):
        office.does("budi", moves.start, "petugas cek lokasi")
    with pytest.raises(NotPermitted):
        office.does("rima", moves.reclassify, is_secret=False)
    office.disposed("INSPEKTORAT")


def test_identity_is_seen_with_a_reason(office: Office) -> None:
    """Who looks at who the reporter is says why, and it is noted; agencies never may."""
    with refuses(Fault.TOO_SHORT):
        office.does("rima", moves.see_identity, " ")
    _, addresses = office.does("rima", moves.see_identity, "Perlu saksi untuk pemeriksaan.")
    assert addresses == ["telegram 5000000000"]
    assert office.history() == ["identity_seen"]
    office.disposed()
    with pytest.raises(NotPermitted):
        office.does("budi", moves.see_identity, "ingin tahu")


def test_taken_and_passed_on(office: Office) -> None:
    """An officer takes a case or gives it to a colleague of the same agency, who is told."""
    with office.database.writing() as uow:
        office.people["agus"] = builders.an_officer(uow, Role.LIAISON, "PUPR", is_deputy=True)
    office.disposed().does("budi", moves.take, office.people["budi"])
    with pytest.raises(NotPermitted):
        office.does("budi", moves.take, office.people["dewi"])
    office.does("budi", moves.take, office.people["agus"])
    assert office.case().officer_id == office.people["agus"].id
    assert "sekarang Anda pegang" in office.heard(office.people["agus"])[-1].text
