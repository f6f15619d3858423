"""Officers at work in groups, by SMS and at a terminal."""

import pytest

from handlers import moves
from handlers.cases.numbers import show
from handlers.dispatch import receive
from handlers.messages import Address, Inbound, Notice
from handlers.service import Service
from storage.db import Database
from storage.queries import conversations, officers
from storage.vocabulary import CaseState, Channel, Role
from tests.desk import ACTION, FINDING, GROUP, Office, button, labels, presses
from tests.person import Person


@pytest.fixture
def office(loaded: Database, service: Service) -> Office:
    return Office(loaded, service).open()


# --- groups ---


@pytest.fixture
def grouped(office: Office) -> Office:
    """The office with a group of PUPR's."""
    (reply,) = office.in_group("budi", "/grup")
    assert reply.menu == "group"
    return office


def test_strangers_leave_no_trace(office: Office) -> None:
    """Somebody who is no officer gets no answer in a group, and no row."""
    office.people["stranger"] = Person(office.database, office.service, "424242")
    assert not office.in_group("stranger", "/daftar")
    with office.database.writing() as uow:  # it locks what it finds
        assert conversations.find_contact(uow, Channel.TELEGRAM, GROUP) is None
        assert conversations.find_contact(uow, Channel.TELEGRAM, "424242") is None


def test_secret_in_group(grouped: Office) -> None:
    """Of a secret report a group sees number, category and due date; the rest opens in the private chat."""
    case = grouped.disposed(is_secret=True, category_code="JALAN")
    (shown,) = grouped.in_group("budi", f"/lihat {case.number}")
    assert "Jalan" in shown.text
    assert "berlubang" not in shown.text
    assert "Ringin" not in shown.text
    assert not shown.files
    grouped.hush()
    assert not grouped.in_group("budi", press=button(shown, "Buka di chat pribadi"))
    budi = grouped.people["budi"]
    budi.hears()
    assert "berlubang" in budi.last
    (line,) = grouped.in_group("budi", f"/proses {case.number} petugas cek lokasi besok")
    assert "chat pribadi" in line.text
    budi.hears()
    presses(budi, "Kirim")
    assert grouped.case(case.report_id).state is CaseState.IN_PROGRESS


def test_open_report_in_group(grouped: Office) -> None:
    """A report that is not secret is worked on in the group; questions there want a reply."""
    case = grouped.disposed()
    (asked,) = grouped.in_group("budi", f"/proses {case.number}", message_ref="55")
    assert asked.wants_reply
    assert asked.answers == "55"
    (shown,) = grouped.in_group("budi", "petugas cek lokasi besok", reply_to="x")
    grouped.in_group("budi", press=button(shown, "Kirim"))
    assert grouped.case(case.report_id).state is CaseState.IN_PROGRESS


def test_anothers_button_in_group(grouped: Office) -> None:
    """A question in the group is answered by whom it was asked."""
    case = grouped.disposed()
    (shown,) = grouped.in_group("budi", f"/proses {case.number} petugas cek lokasi besok")
    assert not grouped.in_group("wati", press=button(shown, "Kirim"))
    assert grouped.case(case.report_id).state is CaseState.DISPOSED


def test_oversight_never_in_group(grouped: Office) -> None:
    """A report of type berkadar is never shown in a group, not even to those who may see it."""
    case = grouped.files(type="oversight", category_code="PUNGLI", is_secret=True)
    for who in ("rima", "joko"):
        assert all(
            case.number[-4:] not in reply.text.replace(f"{case.number}", "")
            for reply in grouped.in_group(who, f"/lihat {case.number}")
        )
    (listed,) = grouped.in_group("rima", "/daftar")
    assert case.number[-4:] not in listed.text


def test_figures_in_a_group_leave_out_what_is_examined(grouped: Office) -> None:
    """Else a group of an agency could tell from them that there is something."""
    grouped.files()
    before = grouped.in_group("rima", "/rekap")[0].text
    alone = grouped.people["rima"].says("/rekap")
    grouped.files(type="oversight", category_code="PUNGLI", is_secret=True)
    assert grouped.in_group("rima", "/rekap")[0].text == before
    assert grouped.people["rima"].says("/rekap") != alone


def test_inspectorates_group(office: Office) -> None:
    """Not even the inspectorate's own group shows one: all of it goes to the private chat."""
    office.in_group("joko", "/grup")
    office.in_group("rima", "/grup INSPEKTORAT")
    case = office.files(type="oversight", category_code="PUNGLI", is_secret=True)
    office.does("rima", moves.dispose, case, "INSPEKTORAT")
    office.hush()
    for said in (f"/lihat {case.number}", f"/ambil {case.number}", f"/proses {case.number} kami periksa"):
        assert not office.in_group("joko", said)
    office.people["joko"].hears()
    assert case.number[-4:] in office.people["joko"].last


def test_taken_in_group(grouped: Office) -> None:
    """Colleagues see in the group who takes a secret report, and no more."""
    case = grouped.disposed(is_secret=True)
    (reply,) = grouped.in_group("budi", f"/ambil {case.number}")
    assert "menangani" in reply.text
    assert labels(reply) == ["Buka di chat pribadi"]


def test_group_shows_its_own_agency_only(grouped: Office) -> None:
    """A group sees no report of another agency, whoever asks."""
    case = grouped.disposed(to="DISHUB")
    (reply,) = grouped.in_group("rima", f"/lihat {case.number}")
    assert "Tidak ada laporan" in reply.text


def test_group_in_private(grouped: Office) -> None:
    """What others need not read is answered in the private chat."""
    (line,) = grouped.in_group("rima", "/petugas")
    assert "chat pribadi" in line.text
    grouped.people["rima"].hears()
    assert "Petugas:" in grouped.people["rima"].last


def test_unknown_group(office: Office) -> None:
    """In a group of no agency nothing is shown."""
    case = office.disposed()
    (reply,) = office.in_group("budi", f"/lihat {case.number}")
    assert "belum menjadi grup dinas" in reply.text


def test_group_moves(grouped: Office) -> None:
    """A group keeps its agency when Telegram gives it another number."""
    address = Address(Channel.TELEGRAM, GROUP)
    moved = Inbound(address, "moved-1", grouped.now, notice=Notice.MOVED, moved_to="-100777")
    with grouped.database.writing() as uow:
        receive(uow, grouped.service, moved, grouped.now)
        (group,) = officers.list_groups(uow, "PUPR")
        contact = conversations.find_contact(uow, Channel.TELEGRAM, "-100777")
    assert contact is not None
    assert group.address_id == contact.address_id


# --- by SMS ---


@pytest.mark.parametrize("channel", [Channel.SMS, Channel.TELEGRAM])
def test_nothing_to_end(office: Office, channel: Channel) -> None:
    """BATAL of who is in the middle of nothing says that; a report of their own, begun, is a citizen's."""
    tuti = office.joins("tuti", Role.LIAISON, "DINKES", channel)
    for text in ("/batal", "batal", "BATAL"):
        assert "tidak ada yang" in tuti.says(text).lower()
        assert "STATUS" not in tuti.last
    assert "LAPOR" in tuti.says("lampu jalan di depan rumah kami mati terus tiap malam")
    tuti.says("LAPOR lampu jalan di depan rumah kami mati terus tiap malam")
    assert "Hapus" in tuti.says("/batal")
    tuti.says("ya")
    assert "BANTUAN" in tuti.says("batal").upper()


def test_the_only_one_by_sms(office: Office) -> None:
    """JAWAB with words alone is about the one report that it fits, which is named before anything is sent."""
    tuti = office.joins("tuti", Role.LIAISON, "DINKES", Channel.SMS)
    case = office.disposed(to="DINKES", by=Channel.SMS)
    tuti.says("JAWAB Obat sudah tersedia lagi di puskesmas hari ini.")
    assert f"Hanya ini yang cocok: {show(office.service.deployment.number, case.number)}" in tuti.last


def test_liaison_by_sms(office: Office) -> None:
    """A liaison without Telegram works by words: DAFTAR, LIHAT, JAWAB, KEMBALI."""
    tuti = office.joins("tuti", Role.LIAISON, "DINKES", Channel.SMS)
    case = office.disposed(to="DINKES", by=Channel.SMS)
    assert case.number in tuti.says("DAFTAR")
    assert "berlubang" in tuti.says(f"lihat {case.number}")
    tuti.says(f"JAWAB {case.number} Obat sudah tersedia lagi di puskesmas hari ini.")
    assert "apa yang ditemukan" in tuti.last
    tuti.says("Stok obat habis dua hari karena kiriman terlambat.")
    assert "1 Kirim" in tuti.last
    assert "2 SMS" in tuti.last
    tuti.says("1")
    assert "Stok obat habis" in office.heard(case)
    other = office.disposed(to="DINKES")
    tuti.says(f"KEMBALI {other.number} bukan urusan kesehatan", "1")
    assert office.case(other.report_id).state is CaseState.RETURNED


def test_sms_officer_is_a_citizen_too(office: Office) -> None:
    """Whoever writes LAPOR, or anything that is no command, reports like anybody."""
    tuti = office.joins("tuti", Role.LIAISON, "DINKES", Channel.SMS)
    assert "desa" in tuti.says("LAPOR lampu jalan mati").lower()
    budi = office.people["budi"]
    assert "tugas" not in budi.says("lampu jalan mati sejak kemarin").lower()


def test_answer_without_picture_by_sms(office: Office) -> None:
    """Physical works need a picture, but not by SMS, which has none."""
    tuti = office.joins("tuti", Role.LIAISON, "PUPR", Channel.SMS)
    case = office.disposed(category_code="JALAN")
    tuti.says(f"JAWAB {case.number} {FINDING} {ACTION}", "1")
    assert office.case(case.report_id).state is CaseState.ANSWERED


def test_terminal(office: Office) -> None:
    """Where buttons cannot be pressed, their numbers are typed."""
    tuti = office.joins("tuti", Role.LIAISON, "DINKES", Channel.CONSOLE)
    case = office.disposed(to="DINKES")
    tuti.says("daftar", "1")
    assert "berlubang" in tuti.last
    number = labels(tuti.heard[-1]).index("Proses") + 1
    tuti.says(str(number), "petugas cek lokasi besok", "1")
    assert office.case(case.report_id).state is CaseState.IN_PROGRESS
