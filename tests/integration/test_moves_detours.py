"""Ways off the straight one: handed back, forwarded, joined, archived, contested, not solved, reopened."""

from datetime import date, timedelta

import pytest

from handlers import moves
from handlers.cases.lifecycle import TransitionNotAllowed
from handlers.moves import Fault
from handlers.officers.access import NotPermitted
from handlers.service import Service
from storage.db import Database
from storage.queries import cases, handling, officers
from storage.vocabulary import CaseState, Clock, Closing, ReportType
from tests.office import FILED, SOLUTION, Office, refuses


@pytest.fixture
def office(loaded: Database, service: Service) -> Office:
    return Office(loaded, service).open()


# --- handing back, forwarding, joining ---


def test_handed_back_twice(office: Office) -> None:
    """The first time a coordinator finds another agency, with D1 of the receipt; the second time the decider does.

    Who reported the same hears nothing of the return.
    """
    child = office.disposed().files()
    office.does("rima", moves.join, office.case(), on=child)
    joined = office.heard(child)
    office.does("budi", moves.hand_back, "Ini lampu jalan, bukan jalan.")
    assert office.heard(child) == joined
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
    # One number for two, whichever came last: each citizen finds their own.
    office.does("rima", moves.forward, "PLN", "", on=office.files(), outside_number="1916450")
    with office.database.reading() as uow:
        standing = cases.find_standing(uow, "1916450", office.citizens[office.report_id])
        assert standing is not None
        assert (standing.report_id, standing.is_own) == (office.report_id, True)
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
    """No report follows itself, one that follows, one that is over, or one that is examined; chains are made flat."""
    first, second, third = office.files(), office.files(), office.files()
    oversight = office.files(type="oversight")
    office.does("rima", moves.join, office.case(second), on=third)
    office.does("rima", moves.join, office.case(first), on=second)
    assert office.case(third).parent_report_id == first
    for report_id, parent in ((first, first), (office.report_id, second)):
        with refuses(Fault.NO_SUCH_PARENT):
            office.does("rima", moves.join, office.case(parent), on=report_id)
    for report_id, parent in ((oversight, first), (first, oversight)):  # or it tells what is examined
        with refuses(Fault.OTHER_PROTECTION):
            office.does("rima", moves.join, office.case(parent), on=report_id)
    office.disposed("PUPR", on=first)
    accusing = office.files(accused_agency_code="PUPR")
    with refuses(Fault.ACCUSED):
        office.does("rima", moves.join, office.case(first), on=accusing)
    office.does("budi", moves.hand_back, "lampu ini urusan dinas lain", on=first)
    office.does("rima", moves.archive, "R4", "Sengketa pagar antar tetangga.", on=first)
    assert "tidak dapat kami proses" in office.heard(third)[-1].text
    with refuses(Fault.NO_SUCH_PARENT):
        office.does("rima", moves.join, office.case(first))


def test_examined_report_lets_its_followers_go(office: Office) -> None:
    """Set right as one to be examined, a report tells those that followed it no more."""
    child = office.files()
    office.does("rima", moves.join, office.case(), on=child)
    office.does("rima", moves.reclassify, type_=ReportType.OVERSIGHT)
    assert (office.case(child).state, office.case(child).parent_report_id) == (CaseState.UNVERIFIED, None)
    assert "kami tangani tersendiri" in office.heard(child)[-1].text
    heard = office.heard(child)
    office.disposed("INSPEKTORAT")
    office.does("joko", moves.start, "Pegawai bidang jalan sedang kami periksa.")
    assert office.heard(child) == heard
    assert "Perlu diperiksa lagi" in office.heard(office.people["rima"])[0].text


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
