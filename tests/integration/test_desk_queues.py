"""Officers at work: queues, searches, proposals, and what officers do about officers."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from handlers import moves
from handlers.officers.access import Reach
from handlers.service import Service
from storage.db import Database
from storage.queries import conversations, handling
from storage.queries.desks import Sieve, queue_query
from storage.vocabulary import CaseState, Channel, Clock, Role
from tests import builders
from tests.desk import ACTION, FINDING, Office, a_photo, labels, presses
from tests.person import Person


@pytest.fixture
def office(loaded: Database, service: Service) -> Office:
    return Office(loaded, service).open()


# --- queues and searches ---


def test_queue(office: Office) -> None:
    """The first line counts, the most urgent comes first, eight to a page."""
    for _ in range(9):
        office.disposed()
    late = office.disposed()
    with office.database.writing() as uow:
        builders.update_case(uow, late.report_id, office.now, due_on=office.now.date() - timedelta(days=3))
    budi = office.people["budi"]
    budi.says("/daftar")
    lines = budi.last.split("\n")
    assert "10 baru" in lines[0]
    assert "1 terlambat" in lines[0]
    assert late.number[-4:] in lines[2]
    assert "Halaman 1 dari 2" in budi.last
    second = presses(budi, "Berikutnya")
    assert second.replaces == "m1"
    assert "Halaman 2 dari 2" in second.text
    only = presses(budi, "Terlambat", second)
    assert len([label for label in labels(only) if label.startswith("SKD")]) == 1
    assert late.number[-4:] in presses(budi, labels(only)[0], only).text


def test_danger_is_named(office: Office) -> None:
    """Danger to life, also by SMS; in a group no secret's."""
    others = [office.disposed() for _ in range(2)]
    danger, secret = office.disposed(is_emergency=True), office.disposed(is_emergency=True, is_secret=True)
    with office.database.writing() as uow:
        for days, case in enumerate((*others, danger, secret)):
            builders.update_case(uow, case.report_id, office.now, due_on=office.now.date() + timedelta(days))
    budi = office.people["budi"]
    budi.says("/daftar")
    lines = budi.last.split("\n")[2:]
    assert [
        line.startswith(f"SKD-{one.number[:3]} {one.number[3:]}")
        for line, one in zip(lines, (*others, danger, secret), strict=True)
    ] == [True] * 4
    assert ["BAHAYA JIWA, " in line for line in lines] == [False] * 2 + [True] * 2
    by_sms = office.joins("yanto", Role.LIAISON, "PUPR", Channel.SMS).says("DAFTAR")
    assert f"{danger.number} BAHAYA JIWA, " in by_sms
    office.in_group("rima", "/grup PUPR")
    (shown,) = office.in_group("budi", "/daftar")
    assert shown.text.count("BAHAYA JIWA") == 1


def test_coordinators_queue(office: Office) -> None:
    """A coordinator's queue is what is to be checked; all agencies' on demand; objections come first."""
    at_agency, new = office.disposed(), office.files()
    archived = office.files()
    office.does("rima", moves.archive, archived, "R7", "hanya uji coba saja")
    with office.database.writing() as uow:
        moves.appeal(
            uow, office.service, handling.get_case(uow, archived.report_id), "jalannya rusak", office.now
        )
    office.hush()
    rima = office.people["rima"]
    rima.says("/daftar")
    assert new.number[-4:] in rima.last
    assert at_agency.number[-4:] not in rima.last
    assert "keberatan" in rima.last.split("\n")[2]
    assert at_agency.number[-4:] in presses(rima, "Semua instansi").text


def test_queue_follows_an_index(loaded: Database, service: Service) -> None:
    """Neither queue nor search walks over the table of cases."""
    reaches = [
        (Reach(agency_code="PUPR", own_agency_code="PUPR", is_oversight=False, is_disposed=True), Sieve()),
        (Reach(), Sieve(clocks=(Clock.CHECK,))),
    ]
    with loaded.writing() as uow:
        if uow.locks_rows:
            uow.connection.execute(text("SET LOCAL enable_seqscan = off"))
        for reach, sieve in reaches:
            query = (
                queue_query(reach, sieve)
                .limit(8)
                .compile(uow.connection.engine, compile_kwargs={"literal_binds": True})
            )
            prefix = "EXPLAIN " if uow.locks_rows else "EXPLAIN QUERY PLAN "
            plan = "\n".join(str(row) for row in uow.connection.exec_driver_sql(prefix + str(query)))
            assert "ix_cases_" in plan, plan
            assert "Seq Scan" not in plan
            assert "SCAN cases\n" not in plan


@pytest.mark.parametrize(
    ("words", "is_found"),
    [
        ("lubang depan sekolah", False),
        ("berlubang SD", True),
        ("berlubng", True),
        ("sungai ringin", True),
        ("LAIN", True),
        ("Sekadau Hilir", True),
        ("desa mungguk", False),
    ],
)
def test_search(office: Office, words: str, is_found: bool) -> None:
    """Reports are found by place, topic or words of the text, slips of a letter aside."""
    case, budi = office.disposed(), office.people["budi"]
    budi.says(f"/cari {words}")
    assert (case.number[-4:] in budi.last) is is_found


def test_agencies_proposed(office: Office) -> None:
    """Where a report goes is proposed with the reasons: the table, what was done before, the words, the district."""
    for _ in range(2):
        office.disposed(to="DLH", category_code="JALAN")
    case, rima = office.files("sampah menumpuk di drainase", category_code="JALAN"), office.people["rima"]
    rima.says(f"/disposisi {case.number}")
    assert labels(rima.heard[-1]) == ["Dinas PUPR", "DLH", "Kec. Sekadau Hilir"]
    assert "2 laporan serupa" in rima.last
    presses(rima, "DLH")
    presses(rima, "Kirim")
    assert office.case(case.report_id).agency_code == "DLH"


def test_body_outside_proposed(office: Office) -> None:
    """What is not of this government is passed on outside, also by who wanted to pass it to an agency."""
    case, rima = office.files("listrik padam", category_code="LISTRIK"), office.people["rima"]
    rima.says(f"/disposisi {case.number}")
    presses(rima, "PLN (luar)")
    presses(rima, "Kirim")
    after = office.case(case.report_id)
    assert (after.state, after.outside_code) == (CaseState.FORWARDED, "PLN")


@pytest.mark.parametrize(
    ("said", "agency", "outside"),
    [
        ("teruskan {n} ke dishub", "DISHUB", None),
        ("Teruskan {n} ke PUPR", "PUPR", None),
        ("/forward {n} to dinas perhubungan", "DISHUB", None),
        ("/teruskan {n} ke PLN tiang di depan Dinas PUPR milik mereka", None, "PLN"),
    ],
)
def test_passed_on_by_the_word_of_the_button(
    office: Office, said: str, agency: str | None, outside: str | None
) -> None:
    """ "Teruskan" typed goes where its button goes: to the agency named, and outside only where that is named."""
    case, rima = office.files(), office.people["rima"]
    rima.says(said.format(n=case.number))
    if outside:
        presses(rima, "Kirim")
        assert "tiang di depan Dinas PUPR" in office.heard(case)
    after = office.case(case.report_id)
    assert (after.agency_code if after.disposed_at else None, after.outside_code) == (agency, outside)


def test_duplicates_proposed(office: Office) -> None:
    """Reports of the same place and topic are proposed, the one most alike first."""
    office.files("kambing masuk kebun warga")
    first = office.files("jalan berlubang dekat SD 3")
    second, rima = office.files("lubang di jalan depan sd 3"), office.people["rima"]
    rima.says(f"/gabung {second.number}")
    assert first.number[-4:] in labels(rima.heard[-1])[0]
    presses(rima, labels(rima.heard[-1])[0])
    presses(rima, "Kirim")
    assert office.case(second.report_id).parent_report_id == first.report_id


def test_what_is_hardly_the_same_is_doubted(office: Office) -> None:
    """A report of another category or village can be joined, but not by a slip unseen."""
    first = office.files("jalan berlubang dekat SD 3", category_code="JALAN")
    second, rima = office.files("lampu jalan mati", category_code="LAMPU"), office.people["rima"]
    said = rima.says(f"/gabung {second.number} {first.number}")
    assert said.startswith("Mohon dicek lagi: ")
    assert "tentang Jalan, jembatan, drainase, Desa " in said
    presses(rima, "Kirim")
    assert office.case(second.report_id).parent_report_id == first.report_id


def test_what_was_not_understood_is_said(office: Office) -> None:
    """Words that are no agency are answered as such, and the question comes; a slip in a name is understood."""
    case, rima = office.files("jalan berlubang"), office.people["rima"]
    assert rima.says(f"/disposisi {case.number} dinas jalan raya").startswith("Tidak ada yang bernama itu")
    rima.says("batal")
    assert rima.says(f"/disposisi {case.number}").startswith("SKD-")
    rima.says("batal")
    rima.says(f"/disposisi {case.number} inspektorrat")
    presses(rima, "Kirim")
    assert office.case(case.report_id).agency_code == "INSPEKTORAT"


def test_unreachable_reporter_shows(office: Office) -> None:
    """Where nobody can be told, the card says so, the preview too, and what was done; nobody is asked anything."""
    case, budi = office.disposed(), office.people["budi"]
    with office.database.writing() as uow:
        contact = builders.a_contact(uow, office.citizens[case.report_id].identifier)
        conversations.set_unreachable(uow, contact.address_id, office.now)
    assert "tidak dapat dihubungi" in budi.says(f"/lihat {case.number}")
    assert "pertanyaan itu tidak akan sampai" in budi.says(f"/tanya {case.number} Lubangnya di sisi mana?")
    assert office.case(case.report_id).asked_at is None
    budi.says(f"/proses {case.number} petugas cek lokasi besok")
    assert "hanya laporannya yang berubah" in budi.last
    assert "Isi: petugas cek lokasi besok" in budi.last
    assert "jadi tidak dikabari" in budi.says("kirim")
    assert "belum sampai ke warga: petugas cek lokasi besok" in budi.says(f"/lihat {case.number}")
    budi.says(f"/jawab {case.number} {FINDING} {ACTION}")
    (shown,) = budi.sends(media=(a_photo(),))
    for line in (f"Temuan: {FINDING}", f"Tindakan: {ACTION.rstrip('.')}", "3 Agustus 2026", "Foto: 1"):
        assert line in shown.text
    assert len(shown.files) == 1


# --- officers about officers ---


def test_leave_names_the_deputy(office: Office) -> None:
    """Whoever goes on leave hears who gets the news, and what is open."""
    office.joins("dian", Role.LIAISON, "PUPR", is_deputy=True)
    case, budi = office.disposed(), office.people["budi"]
    office.does("budi", moves.take, case, office.officer("budi"))
    for command in ("/cuti 31 Feb - 3 Mar", "/rekap 31/2 1/3"):
        assert budi.says(command).startswith("Tanggal 31")
        assert "tidak ada di kalender" in budi.last
    budi.says("/cuti 3 Agt - 7 Agt")
    assert "Dian" in budi.last
    assert case.number[-4:] in budi.last
    assert "Selamat datang kembali" in budi.says("/cuti selesai")
    assert "tidak sedang cuti" in budi.says("/cuti selesai")


def test_invitation_in_the_chat(office: Office) -> None:
    """A coordinator invites somebody in words; who types the code is shown the post."""
    rima = office.people["rima"]
    rima.says("/undang penghubung", "dinas kesehatan", "Siti Aminah")
    code = re.search(r"[A-Z0-9]{5}-[A-Z0-9]{5}", rima.last)
    assert code
    newcomer = Person(office.database, office.service, "9990001", now=office.now)
    assert "Siti Aminah" in newcomer.says(code[0])


def test_suspension_by_name(office: Office) -> None:
    """A coordinator suspends somebody by name, at once; an unknown name asks who is meant."""
    rima, budi = office.people["rima"], office.people["budi"]
    assert "Tidak ada petugas" in rima.says("/nonaktif Zulkarnaen")
    rima.says("Budi")
    assert "nonaktif" in rima.last
    assert office.officer("budi").is_suspended
    assert "bisa bekerja lagi" in rima.says("/aktifkan Budi")
    office.hush()
    assert budi.says("/daftar").startswith("Tugas")
