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
from storage.queries import cases, handling, officers
from storage.vocabulary import CaseState, Clock, Closing, ReportType, Role
from tests import builders
from tests.office import FILED, SOLUTION, THURSDAY, Office, refuses

ATTACHMENT = table(Attachment)


@pytest.fixture
def office(loaded: Database, service: Service) -> Office:
    return Office(loaded, service).open()


# --- the straight way ---


def test_from_check_to_rating(office: Office) -> None:
    """The example of the domain notes: 3 August, passed on 6 August, answered 20 August, each with its date."""
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
    with refuses(Fault.NO_SUCH_AGENCY):
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
    assert "bertanya" in office.heard()[-1].text
    office.says(moves.reply, "sisi kiri")
    assert office.case().asked_at is None
    assert office.case().due_on == case.due_on
    assert "Pelapor sudah menjawab." in office.heard(office.people["budi"])[-1].text
    assert office.history() == ["verified", "disposed", "asked", "replied"]


# --- handing back, forwarding, joining ---


def test_handed_back_twice(office: Office) -> None:
    """The first time a coordinator finds another agency, with D1 of the receipt; the second time the decider does."""
    office.disposed().does("budi", moves.hand_back, "Ini lampu jalan, bukan jalan.")
    case = office.case()
    assert (case.state, case.clock, case.due_on) == (CaseState.RETURNED, Clock.CHECK, date(2026, 8, 6))
    assert (case.agency_code, case.disposed_at, case.returns) == (None, None, 1)
    told = office.heard(office.people["rima"])[-1].text
    assert "Dikembalikan Dinas PUPR: Ini lampu jalan, bukan jalan." in told
    assert office.heard(office.people["sari"]) == []
    assert "Kamis, 6 Agustus 2026" in office.heard()[-1].text
    office.disposed("DISHUB").does("dewi", moves.hand_back, "Bukan tiang milik kami.")
    assert "Pejabat Sekda yang memutuskan" in office.heard(office.people["sari"])[-1].text
    with pytest.raises(NotPermitted):
        office.disposed("PUPR")
    office.does("sari", moves.dispose, "PUPR")
    assert office.case().state is CaseState.DISPOSED


def test_handing_back_is_for_the_first_day(office: Office) -> None:
    """An agency that has had a report for longer than a working day keeps it."""
    office.disposed()
    office.now += timedelta(days=2)
    with refuses(Fault.TOO_LATE):
        office.does("budi", moves.hand_back, "Ini bukan jalan kami.")


def test_late_return_promises_no_past_day(office: Office) -> None:
    """When D1 is over by the time of the return, the reporter reads no date that has passed."""
    office.now = FILED + timedelta(days=7)
    office.disposed().does("budi", moves.hand_back, "Ini bukan jalan kami.")
    assert office.case().due_on == date(2026, 8, 6)
    assert "2026" not in office.heard()[-1].text


def test_forwarded_and_answered_from_outside(office: Office) -> None:
    """A report handled outside is followed: its number there finds it, and its answer reaches the reporter."""
    office.does("rima", moves.forward, "PROVINSI", "Ini jalan provinsi.", outside_number="#1916449")
    case = office.case()
    assert (case.state, case.clock, case.due_on) == (CaseState.FORWARDED, Clock.OUTSIDE, date(2026, 8, 24))
    assert "Pemprov Kalbar" in office.heard()[-1].short
    office.does("rima", moves.set_outside_number, "#191 6450")
    with office.database.reading() as uow:
        found = handling.find_case(uow, "1916450")
        assert found is not None
        assert found.report_id == office.report_id
        standing = cases.find_standing(uow, "1916450", office.citizens[office.report_id])
        assert standing is not None
        assert standing.is_own
    office.does("rima", moves.answer, SOLUTION)
    assert office.case().state is CaseState.ANSWERED
    office.says(moves.reject, "masih berlubang")
    office.does("rima", moves.forward, "PROVINSI", "")
    assert office.case().outside_number == "1916450"


def test_joined_reports_follow(office: Office) -> None:
    """Who reported the same hears all that becomes of it, with their own number, and is asked for no verdict."""
    child = office.files()
    office.disposed()
    office.does("rima", moves.join, office.case(), on=child)
    case = office.case(child)
    assert (case.state, case.clock, case.parent_report_id) == (CaseState.DUPLICATE, None, office.report_id)
    assert "Dinas Pekerjaan Umum" in office.heard(child)[-1].text
    assert "Laporan lain digabungkan" in office.heard(office.people["budi"])[-1].text
    office.does("budi", moves.start, "petugas cek lokasi")
    office.does("budi", moves.answer, SOLUTION)
    number = office.case(child).number
    told = office.heard(child)[-1]
    assert f"{number[:3]} {number[3:]}" in told.text
    assert "Dinas Pekerjaan Umum" in told.text
    assert told.choices == ()
    office.says(moves.confirm)
    assert "dinyatakan selesai" in office.heard(child)[-1].text
    assert office.case(child).state is CaseState.DUPLICATE


def test_what_cannot_be_joined(office: Office) -> None:
    """No report follows itself, one that follows, one that is over, or a milder kind; chains are made flat."""
    first, second, third = office.files(), office.files(), office.files()
    oversight = office.files(type="oversight")
    office.does("rima", moves.join, office.case(second), on=third)
    office.does("rima", moves.join, office.case(first), on=second)
    assert office.case(third).parent_report_id == first
    for report_id, parent in ((first, first), (office.report_id, second), (oversight, first)):
        with refuses(Fault.NO_SUCH_PARENT):
            office.does("rima", moves.join, office.case(parent), on=report_id)
    office.does("rima", moves.archive, "R4", "Sengketa pagar antar tetangga.", on=first)
    assert "tidak dapat kami proses" in office.heard(third)[-1].text
    with refuses(Fault.NO_SUCH_PARENT):
        office.does("rima", moves.join, office.case(first))


def test_withdrawn_report_lets_its_followers_go(office: Office) -> None:
    """Taken back by its reporter, a report leaves those joined with it to be checked by themselves."""
    child = office.files()
    office.does("rima", moves.join, office.case(), on=child)
    office.says(moves.withdraw, "sudah beres")
    assert office.case().closing is Closing.WITHDRAWN
    case = office.case(child)
    assert (case.state, case.clock, case.due_on) == (CaseState.UNVERIFIED, Clock.CHECK, date(2026, 8, 6))
    assert case.parent_report_id is None
    assert "dicabut pelapornya" in office.heard(child)[-1].text
    with pytest.raises(TransitionNotAllowed):
        office.says(moves.appeal, "salah kirim")
    with pytest.raises(TransitionNotAllowed):
        office.does("rima", moves.restore)


# --- archive and appeal ---


def test_archived_contested_heard(office: Office) -> None:
    """The reason is told in plain words with the way to object; heard, it is checked anew with D1."""
    with refuses(Fault.NO_SUCH_REASON):
        office.does("rima", moves.archive, "R99", "Sengketa pagar antar tetangga.")
    office.does("rima", moves.archive, "R4", "Sengketa pagar antar tetangga.")
    case = office.case()
    assert (case.state, case.clock, case.closing, case.closed_at) == (
        CaseState.ARCHIVED,
        None,
        Closing.ARCHIVED,
        FILED,
    )
    assert "bukan soal layanan publik. Sengketa pagar antar tetangga." in office.heard()[-1].short
    assert "18/08" in office.heard()[-1].short
    office.says(moves.appeal, "ini pagar sekolah negeri")
    assert "keberatan" in office.heard(office.people["rima"])[-1].text
    office.now += timedelta(days=1)
    office.does("rima", moves.restore)
    case = office.case()
    assert (case.state, case.due_on, case.closing, case.appealed_at) == (
        CaseState.UNVERIFIED,
        date(2026, 8, 7),
        None,
        None,
    )


def test_an_appeal_is_judged_once(office: Office) -> None:
    """Not heard, an objection is answered for good; without one there is nothing to archive again."""
    office.does("rima", moves.archive, "R4", "Sengketa pagar antar tetangga.")
    with pytest.raises(TransitionNotAllowed):
        office.does("rima", moves.archive, "R4", "Sengketa pagar antar tetangga.")
    office.says(moves.appeal, "ini pagar sekolah negeri")
    with refuses(Fault.TOO_OFTEN):
        office.says(moves.appeal, "tolong")
    office.does("rima", moves.archive, "R4", "Pagar itu milik pribadi.")
    assert "sudah akhir" in office.heard()[-1].text
    with refuses(Fault.TOO_OFTEN):
        office.says(moves.appeal, "tolong")


def test_an_appeal_has_its_days(office: Office) -> None:
    """Ten working days after the archiving it is too late to object."""
    office.does("rima", moves.archive, "R4", "Sengketa pagar antar tetangga.")
    office.now += timedelta(days=16)
    with refuses(Fault.TOO_LATE):
        office.says(moves.appeal, "ini pagar sekolah negeri")


# --- not solved, reopened, rated ---


def test_not_solved(office: Office) -> None:
    """BELUM opens it at once with D2; without a reason the reporter is asked for it, and the reason follows."""
    office.answered().says(moves.reject, "")
    case = office.case()
    assert (case.state, case.clock, case.due_on, case.asked_at) == (
        CaseState.REOPENED,
        Clock.FIRST_ANSWER,
        date(2026, 8, 10),
        FILED,
    )
    assert "Apa yang belum beres?" in office.heard()[-1].text
    assert "belum beres" in office.heard(office.people["budi"])[-1].text
    office.says(moves.reply, "air masih menggenang")
    assert office.case().asked_at is None
    office.does("budi", moves.start, "saluran dibersihkan Rabu 12/08")
    assert office.case().due_on == date(2026, 8, 24)  # what was promised first is no earlier


def test_reopened_so_often_and_so_long(office: Office) -> None:
    """BUKA goes twice and within thirty days; a coordinator may after that; each solution is rated once."""
    office.answered().says(moves.confirm)
    for _ in range(2):
        assert office.says(moves.rate, 3)
        assert not office.says(moves.rate, 3)
        _reopen(office)
        office.does("budi", moves.answer, SOLUTION)
        office.says(moves.confirm)
    assert office.says(moves.rate, 3)
    with refuses(Fault.TOO_OFTEN):
        _reopen(office)
    office.does("rima", moves.reopen, "Warga melapor di kantor.")
    office.does("budi", moves.answer, SOLUTION)
    office.says(moves.lapse)
    assert office.case().closing is Closing.SILENCE


def _reopen(office: Office) -> None:
    office.apply(
        lambda uow, case: moves.reopen(uow, office.service, case, moves.REPORTER, "rusak lagi", office.now), 0
    )


def test_reopening_has_its_days(office: Office) -> None:
    """On the thirtieth day it can be reopened, on the next no more."""
    office.answered().says(moves.confirm)
    office.now = FILED + timedelta(days=31)
    with refuses(Fault.TOO_LATE):
        _reopen(office)
    office.now = FILED + timedelta(days=30)
    _reopen(office)
    assert office.case().state is CaseState.REOPENED


def test_settled_by_silence(office: Office) -> None:
    """Nobody replied: settled, counted apart, with the way to reopen it."""
    office.answered().says(moves.lapse)
    assert "Kami tidak menerima balasan" in office.heard()[-1].text
    assert "BUKA" in office.heard()[-1].short


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
        ("Ada lubang.", "Ditambal.", Fault.TOO_SHORT),
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


def test_second_person_approves(loaded: Database, service: Service) -> None:
    """Where an agency wants it, an answer waits for a second person, who sends it out or back."""
    agencies = tuple(
        one.model_copy(update={"needs_approval": one.code == "PUPR"}) for one in service.deployment.agencies
    )
    deployment = service.deployment.model_copy(update={"agencies": agencies})
    office = Office(
        loaded, replace(service, deployment=Deployment.model_validate(deployment.model_dump()))
    ).open()
    with loaded.writing() as uow:
        office.people["tono"] = builders.an_officer(uow, Role.APPROVER, "PUPR")
    office.disposed()
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
    with loaded.reading() as uow:
        waiting = moves.find_proposed(uow, office.case())
    assert waiting == (office.people["budi"].id, SOLUTION)
    office.does("tono", moves.answer, SOLUTION)
    assert office.case().officer_id == office.people["budi"].id
    with loaded.reading() as uow:
        assert moves.find_proposed(uow, office.case()) is None


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


def test_what_the_decider_decided_is_not_handed_back(office: Office) -> None:
    """The second return is decided for good, so that a report does not wander."""
    office.disposed().does("budi", moves.hand_back, "lampu ini urusan dinas lain")
    office.disposed("DISHUB").does("dewi", moves.hand_back, "lampu ini dipasang dinas lain")
    with pytest.raises(NotPermitted):
        office.disposed()
    office.does("sari", moves.dispose, "PUPR")
    with pytest.raises(NotPermitted):
        office.does("budi", moves.hand_back, "tetap bukan urusan kami")


def test_without_a_decider_the_coordinator_goes_on_routing(office: Office) -> None:
    """A report must not wait for somebody who is not there."""
    with office.database.writing() as uow:
        officers.set_suspended(uow, office.people["sari"].id, office.now)
    office.disposed().does("budi", moves.hand_back, "lampu ini urusan dinas lain")
    office.disposed("DISHUB").does("dewi", moves.hand_back, "lampu ini dipasang dinas lain")
    assert office.disposed().case().agency_code == "PUPR"
