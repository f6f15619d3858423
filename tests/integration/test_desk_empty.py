"""A report for an agency where nobody is: the coordinator hears of it before the citizen is promised a day."""

import pytest

from handlers.service import Service
from storage.db import Database
from storage.vocabulary import CaseState, Channel, Role
from tests.desk import Office, labels, presses


@pytest.fixture
def office(loaded: Database, service: Service) -> Office:
    return Office(loaded, service).open()


def test_nobody_would_hear_of_it(office: Office) -> None:
    """Said on the choice and before it leaves; BATAL keeps it here, a second press sends it, nobody asks twice."""
    case, rima = office.files(category_code="KESEHATAN"), office.people["rima"]
    rima.says(f"/disposisi {case.number}")
    offered, short = rima.last, office.service.deployment.agency_by_code["DINKES"].short_name
    assert f"{short}: " in offered
    assert "belum ada petugas di sana" in offered
    presses(rima, short)
    assert f"Tidak ada petugas {short} yang bisa dihubungi" in rima.last
    assert "Warga akan menerima" in rima.last
    assert labels(rima.heard[-1]) == ["Kirim", "Ubah", "Batal"]
    presses(rima, "Batal")
    assert (office.case(case.report_id).state, office.heard(case)) == (CaseState.UNVERIFIED, "")
    rima.says(f"/disposisi DINKES {case.number}")
    assert f"Tidak ada petugas {short} yang bisa dihubungi" in rima.last
    presses(rima, "Kirim")
    after = office.case(case.report_id)
    assert (after.state, after.agency_code) == (CaseState.DISPOSED, "DINKES")
    assert "sudah kami teruskan" in office.heard(case)


def test_somebody_is_there_or_it_cannot_go(office: Office) -> None:
    """Then nothing is asked: where somebody is, nor where it must not go at all; an SMS is warned in few words."""
    rima = office.people["rima"]
    case, accused = office.files(category_code="KESEHATAN"), office.files(accused_agency_code="DINKES")
    rima.says(f"/disposisi DINKES {accused.number}")
    assert "tidak boleh" in rima.last
    assert "bisa dihubungi" not in rima.last
    rima.says("batal")
    texter = office.joins("tuti", Role.COORDINATOR, None, Channel.SMS)
    texter.says(f"DISPOSISI DINKES {case.number}")
    assert "yang bisa dihubungi." in texter.last
    assert office.case(case.report_id).disposed_at is None
    texter.says("batal")
    office.joins("nina", Role.LIAISON, "DINKES")
    rima.says(f"/disposisi DINKES {case.number}")
    assert office.case(case.report_id).state is CaseState.DISPOSED
