"""Figures told apart: by agency, category, district and channel; by command, and what stands out in them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from handlers import moves
from handlers.breakdown import breakdown
from handlers.figures import gather
from handlers.messages import Exhibit, Made
from handlers.moves import Solution
from handlers.service import Service
from storage.db import Database
from storage.queries import handling
from storage.queries.handling import CaseRow
from storage.vocabulary import Channel, Language, Role
from tests.desk import ACTION, FINDING, NOW, Office

DONE = Solution(FINDING, ACTION, date(2026, 8, 3))
AUGUST = Made(Exhibit.FIGURES, None, date(2026, 8, 1), date(2026, 8, 31), Language.ENGLISH, is_oversight=None)
DAY = timedelta(days=1)


@pytest.fixture
def office(loaded: Database, service: Service) -> Office:
    """PUPR answered one report, which was not accepted, and handed another back, which DISHUB has now."""
    office = Office(loaded, service).open()
    answered = office.disposed(category_code="ADMINDUK", area_code="61.09.02")
    office.does("budi", moves.answer, answered, DONE)
    rejected(office, answered)
    office.does("budi", moves.answer, office.case(answered.report_id), DONE)
    settled(office, answered)
    returned = office.disposed(by=Channel.SMS)
    office.does("budi", moves.hand_back, returned, "Ini lampu jalan, bukan jalan.")
    office.does("rima", moves.dispose, office.case(returned.report_id), "DISHUB")
    held = office.files()
    office.does("rima", moves.hold, held, "Di desa mana, dan apa patokannya?")
    for code in ("R7", "R5"):
        office.does("rima", moves.archive, office.files(), code, "hanya uji coba saja")
    office.hush()
    return office


def rejected(office: Office, case: CaseRow) -> None:
    with office.database.writing() as uow:
        moves.reject(uow, office.service, handling.get_case(uow, case.report_id), "masih rusak", office.now)


def settled(office: Office, case: CaseRow) -> None:
    with office.database.writing() as uow:
        moves.confirm(uow, office.service, handling.get_case(uow, case.report_id), office.now)


def test_what_went_wrong(office: Office) -> None:
    """How many were held, archived and why, and how many answers were not accepted."""
    with office.database.reading() as uow:
        figures = gather(uow, office.service, AUGUST, NOW + DAY)
    shares = {label: (percent, parts) for label, percent, parts in figures.shares}
    assert shares["Reporter asked for missing data"] == ("20%", "1 of 5")
    assert shares["Archived"] == ("40%", "2 of 5")
    reasons = office.service.deployment.reason_by_code
    assert shares[f"Archived: R7 {reasons['R7'].name.en}"] == ("20%", "1 of 5")
    assert shares["Answers the reporter did not accept"] == ("50%", "1 of 2")
    assert figures.reach == "0.2 reports per 10,000 people"


def test_more_than_usual(office: Office) -> None:
    """From so many reports on it is said, to those who see all of them; a limit reached is not passed."""
    deployment = office.service.deployment

    def warnings(made: Made, **changed: float) -> tuple[str, ...]:
        alerts = deployment.alerts.model_copy(update=changed)
        service = replace(office.service, deployment=deployment.model_copy(update={"alerts": alerts}))
        with office.database.reading() as uow:
            return gather(uow, service, made, NOW + DAY).warnings

    assert warnings(AUGUST) == ()
    held, archived = warnings(AUGUST, from_reports=5)
    assert held == "Attention: 20% were held for missing data; usual are up to 12%."
    assert archived == "Attention: 40% were archived; usual are up to 1%."
    assert warnings(AUGUST, from_reports=5, held_percent=20, archived_percent=40) == ()
    assert warnings(replace(AUGUST, agency_code="PUPR"), from_reports=1) == ()


def test_who_handed_it_back(office: Office) -> None:
    """It counts for the agency that did, not for the one that has it now, in its own figures as in those of all."""
    rows = cells(office, AUGUST)
    handed_back = "Handed back by an agency (%)"
    pupr, dishub = (office.service.deployment.agency_by_code[code].name for code in ("PUPR", "DISHUB"))
    assert rows["All", "All"][handed_back] == 50
    assert (rows["Agency", pupr][handed_back], rows["Agency", dishub][handed_back]) == (50, 0)
    assert (rows["Agency", pupr]["Came in"], rows["Agency", dishub]["Came in"]) == (1, 1)
    for code, parts in (("PUPR", "1 of 2"), ("DISHUB", "0 of 1")):
        own = replace(AUGUST, agency_code=code, is_oversight=False)
        with office.database.reading() as uow:
            shares = {label: told for label, _, told in gather(uow, office.service, own, NOW + DAY).shares}
        assert shares["Handed back by an agency"] == parts


def cells(office: Office, made: Made) -> dict[tuple[object, object], dict[object, object]]:
    """The rows of the table by kind and name, their cells by head."""
    with office.database.reading() as uow:
        head, *rows = breakdown(uow, office.service, made, NOW + DAY)
    return {(row[0], row[1]): dict(zip(head, row, strict=True)) for row in rows}


def test_reach(office: Office) -> None:
    """Where the number of people is known: of all, of a district, of a channel; nowhere else, and of no agency."""
    per_people = "Reports per 10,000 people"
    rows = cells(office, AUGUST)
    assert {kind for (kind, _), row in rows.items() if row[per_people] != ""} == {"All", "Channel"}
    deployment = office.service.deployment.model_copy(
        update={"population": {"61.09": 50_000, "61.09.02": 4_000}}
    )
    office.service = replace(office.service, deployment=deployment)
    rows = cells(office, AUGUST)
    assert rows["Channel", "sms"][per_people] == 0.2
    district = office.service.deployment.area_by_code["61.09.02"].name
    assert rows["District", district][per_people] == 2.5
    others = [row for (kind, name), row in rows.items() if kind == "District" and name != district]
    assert {row[per_people] for row in others} == {""}
    own = cells(office, replace(AUGUST, agency_code="PUPR"))
    assert {row[per_people] for row in own.values()} == {""}


def test_by_command(office: Office) -> None:
    """Each way to tell them apart, of any agency and time; a liaison's own alone."""
    rima, budi = office.people["rima"], office.people["budi"]
    topic, district, channel = (rima.says(f"/rekap {word}") for word in ("kategori", "kecamatan", "kanal"))
    admin = office.service.deployment.category_by_code["ADMINDUK"].name.id
    assert (
        f"{admin}: 1 masuk\nTanggapan pertama tepat waktu 100%, median 0 hari kerja (9 dari 10: 0)" in topic
    )
    assert "Beres 100%, tanpa balasan 0%, median 0 hari kerja (9 dari 10: 0)" in topic
    assert "Sekadau Hilir: 4 masuk" in district
    assert channel.index("telegram: 4 masuk") < channel.index("sms: 1 masuk")
    assert "0,2 laporan per 10.000 penduduk" in channel
    agencies = rima.says("/rekap instansi agustus")
    assert "Dinas Pekerjaan Umum dan Penataan Ruang: 1 masuk" in agencies
    assert "Dikembalikan 50%" in agencies
    said = rima.says("/rekap PUPR juli")
    assert "Dinas Pekerjaan Umum dan Penataan Ruang\nRabu, 1 Juli 2026 sampai Jumat, 31 Juli 2026" in said
    assert "Masuk: 0" in said
    july = {"since": date(2026, 7, 1), "until": date(2026, 7, 31), "language": Language.INDONESIAN}
    assert rima.heard[-1].made == replace(AUGUST, agency_code="PUPR", **july)  # type: ignore[arg-type]
    assert "instansi Anda sendiri" in budi.says("/rekap DISHUB")
    assert "instansi Anda sendiri" in budi.says("/ekspor DISHUB")
    assert "1 masuk" in budi.says("/rekap PUPR kategori minggu ini")
    assert "Tidak ada laporan" in budi.says("/rekap kanal 2025")


def test_a_table_by_sms(office: Office) -> None:
    """No table goes by SMS: it says what to do, and figures come as text."""
    texter = office.joins("tini", Role.COORDINATOR, None, Channel.SMS)
    assert "balas REKAP" in texter.says("EKSPOR")
    assert texter.heard[-1].made is None
    assert "telegram 4, sms 1" in texter.says("REKAP KANAL")
