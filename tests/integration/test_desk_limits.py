"""Officers at work: two at once, numbers that are wrong, and what somebody may not."""

import pytest
from sqlalchemy import update

from handlers import moves
from handlers.messages import Press
from handlers.service import Service
from storage.db import Database
from storage.models import Report, table
from storage.queries import cases, dossiers, handling, officers
from storage.vocabulary import ActorKind, CaseState, EventKind, Role
from tests.desk import ACTION, FINDING, Office, a_photo, labels, presses
from tests.fakes.clock import MONDAY


@pytest.fixture
def office(loaded: Database, service: Service) -> Office:
    return Office(loaded, service).open()


# --- two at once ---


def test_two_at_once(office: Office) -> None:
    """Who is slower learns what the other did, and keeps what they wrote."""
    case, budi, wati = office.disposed(), office.people["budi"], office.people["wati"]
    budi.says(f"/jawab {case.number} {FINDING} {ACTION}")
    wati.says(f"/proses {case.number} petugas cek lokasi besok", "kirim")
    office.heard(case)
    presses(budi, "Kirim")
    assert "Wati" in budi.last
    assert "mengabarkan pengerjaannya" in budi.last
    assert FINDING in budi.last
    assert office.heard(case) == ""
    presses(budi, "Kirim")
    assert office.case(case.report_id).state is CaseState.ANSWERED


def test_too_late(office: Office) -> None:
    """Where the case has gone elsewhere, the text is handed back and what is possible is said."""
    case, budi = office.disposed(), office.people["budi"]
    budi.says(f"/jawab {case.number} {FINDING} {ACTION}")
    office.does("rima", moves.dispose, case, "DISHUB")
    budi.hears()
    shown = next(one for one in reversed(budi.all_heard()) if "Kirim" in labels(one))
    presses(budi, "Kirim", shown)
    assert office.case(case.report_id).state is CaseState.DISPOSED


def test_stale_button(office: Office) -> None:
    """A button of an old card says what happened meanwhile, and shows the card anew."""
    case, rima = office.files(), office.people["rima"]
    rima.says(f"/lihat {case.number}")
    card = rima.heard[-1]
    with office.database.writing() as uow:
        row = handling.get_case(uow, case.report_id)
        moves.withdraw(uow, office.service, row, "", office.now)
    reply = presses(rima, "Teruskan", card)
    assert "warga sudah mencabutnya" in reply.text
    assert reply.replaces == "m1"
    assert "Teruskan" not in labels(reply)


def test_button_of_an_older_dialogue(office: Office) -> None:
    """ "Kirim" under what was shown before does not send what is shown now."""
    first, second, budi = office.disposed(), office.disposed(), office.people["budi"]
    budi.says(f"/proses {first.number} petugas cek lokasi besok")
    shown = budi.heard[-1]
    budi.says(f"/proses {second.number} alat berat datang Senin")
    assert "tidak berlaku" in presses(budi, "Kirim", shown).text
    for case in (first, second):
        assert office.case(case.report_id).state is CaseState.DISPOSED


def test_own_doings_make_no_button_stale(office: Office) -> None:
    """Who changed the case oneself goes on with the old card."""
    case, rima = office.files(), office.people["rima"]
    rima.says(f"/lihat {case.number}")
    card = rima.heard[-1]
    presses(rima, "Periksa", card)
    assert "ke dinas mana" in presses(rima, "Teruskan", card).text


def test_two_coordinators(office: Office) -> None:
    """What one tap does is not done again by a second one: they are told."""
    case, rima = office.files(), office.people["rima"]
    lina = office.joins("lina", Role.COORDINATOR, None)
    office.joins("dian", Role.LIAISON, "DLH")
    rima.says(f"/disposisi {case.number}")
    shown = rima.heard[-1]
    lina.says(f"/disposisi {case.number} DLH")
    rima.hears()
    assert "Lina sudah meneruskannya" in presses(rima, labels(shown)[0], shown).text
    assert office.case(case.report_id).agency_code == "DLH"


# --- numbers and permissions ---


def test_wrong_number(office: Office) -> None:
    """A slip of one digit is found among the officer's own open reports, by a button."""
    case, budi = office.disposed(), office.people["budi"]
    wrong = f"{case.number[:-1]}{(int(case.number[-1]) + 1) % 10}"
    budi.says(f"/proses {wrong} petugas cek lokasi besok")
    assert "Mungkin" in budi.last
    budi.sends(press=Press(str(budi.heard[-1].question), budi.heard[-1].choices[0].value))
    presses(budi, "Kirim")
    assert office.case(case.report_id).state is CaseState.IN_PROGRESS


def test_wrong_number_tells_nothing_of_others(office: Office) -> None:
    """A report of another agency is not there for this one, not even as what may be meant."""
    case, dewi = office.disposed(), office.people["dewi"]
    dewi.says(f"/lihat {case.number}")
    assert "Tidak ada laporan" in dewi.last
    assert not dewi.heard[-1].choices


def test_both_numbers_find_it(office: Office) -> None:
    """The number a body outside gave it finds it as ours does."""
    case, rima = office.files(), office.people["rima"]
    rima.says(f"/bukanwewenang {case.number} PLN", "kirim", f"/nomorluar {case.number} LP 77-12")
    assert office.case(case.report_id).outside_number == "LP7712"
    for words in ("/lihat LP7712", "/cari lp 77 12"):
        rima.says(words)
        assert f"SKD-{case.number[:3]}" in rima.last


@pytest.mark.parametrize(
    ("who", "text"), [("budi", "/arsip {n} R5 x"), ("tono", "/daftar"), ("dewi", "/identitas {n}")]
)
def test_not_ones_task(office: Office, who: str, text: str) -> None:
    """A command of another post is refused in words."""
    case = office.disposed()
    assert "bukan tugas Anda" in office.people[who].says(text.format(n=case.number))


def test_not_now(office: Office) -> None:
    """What the state does not allow is refused, with what it does."""
    case, budi = office.disposed(), office.people["budi"]
    budi.says(f"/jawab {case.number} {FINDING} {ACTION}", "kirim", f"/proses {case.number} lagi dikerjakan")
    assert "sekarang tidak bisa" in budi.last


def test_accused_unit_sees_nothing(office: Office) -> None:
    """The unit a report accuses neither lists, finds nor opens it, whoever holds it."""
    case = office.files(type="oversight", category_code="PUNGLI", accused_agency_code="PUPR", is_secret=True)
    office.does("rima", moves.dispose, case, "INSPEKTORAT")
    budi = office.people["budi"]
    for said in (f"/lihat {case.number}", "/cari jalan", "/daftar"):
        budi.says(said)
        assert case.number[:3] not in budi.last.replace(case.number, "")


def test_secrets_of_the_reporter(office: Office) -> None:
    """What names a person is hidden in a text; a coordinator sees it, marked, after giving a reason, which is noted."""
    case, rima = office.disposed(text="lubang di depan rumah, hubungi 0812 3456 7890"), office.people["rima"]
    for who in ("budi", "rima"):
        assert "hubungi [nomor HP]" in office.people[who].says(f"/lihat {case.number}")
        assert ("minta admin koordinator" in office.people[who].last) == (who == "budi")
    assert case.number[:3] not in rima.says("/cari hubungi 0812")
    assert "bukan tugas Anda" in office.people["budi"].says(f"/lengkap {case.number} ingin tahu")
    assert "untuk apa" in rima.says(f"/lengkap {case.number}")
    assert "[[0812 3456 7890]]" in rima.says("memastikan nomor saksi")
    with office.database.reading() as uow:
        (line,) = dossiers.list_lines(uow, case.report_id, (EventKind.IDENTITY_SEEN,), 9)
    assert (line.data["what"], line.data["reason"]) == ("text", "memastikan nomor saksi")
    assert "[nomor HP]" in rima.says(f"/lihat {case.number}")


def test_all_of_a_long_text(office: Office) -> None:
    """A number is hidden where the card cuts it, too; the whole is read for a reason, noted if anything is hidden."""
    long, rima = "jalan berlubang " * 74, office.people["rima"]
    case = office.disposed(text=f"{long}hubungi 0812 3456 7890 {'lalu ' * 50}begitu")
    for who in ("budi", "rima"):
        assert "0812" not in office.people[who].says(f"/lihat {case.number}")
        assert "begitu" not in office.people[who].last
    assert "/lengkap" in rima.last
    said = rima.says(f"/lengkap {case.number} membaca sampai akhir")
    assert "[[0812 3456 7890]] lalu" in said
    assert "begitu" in said
    assert "[[ ]]" in said
    plain = office.disposed(text=f"{long}{'lalu ' * 50}begitu")
    said = rima.says(f"/lengkap {plain.number} membaca sampai akhir")
    assert "begitu" in said
    assert "Tidak ada yang ditutup" in said
    assert "[[" not in said
    with office.database.reading() as uow:
        seen = [
            dossiers.list_lines(uow, one.report_id, (EventKind.IDENTITY_SEEN,), 9) for one in (case, plain)
        ]
    assert [len(lines) for lines in seen] == [1, 0]


def test_identity_with_a_reason(office: Office) -> None:
    """Who the reporter is, only a coordinator sees, and only after giving a reason."""
    case, rima = office.files(), office.people["rima"]
    rima.says(f"/identitas {case.number}")
    assert "untuk apa" in rima.last
    rima.says("perlu dihubungi lewat telepon")
    assert office.citizens[case.report_id].identifier in rima.last


def test_suspended_officers_buttons_are_dead(office: Office) -> None:
    """Whoever is suspended gets nothing more by cards and commands, and may report like anybody."""
    case, budi = office.disposed(), office.people["budi"]
    budi.says(f"/lihat {case.number}")
    card = budi.heard[-1]
    with office.database.writing() as uow:
        officers.set_suspended(uow, office.officer("budi").id, office.now)
    assert "dinonaktifkan" in presses(budi, "Ambil", card).text
    assert "dinonaktifkan" in budi.says(f"/lihat {case.number}")
    assert "dinonaktifkan" not in budi.says("lampu jalan mati depan pasar")


def test_a_command_that_is_none_is_answered_with_those_there_are(office: Office) -> None:
    """A slip of the thumb begins no report."""
    budi = office.people["budi"]
    assert "/daftar" in budi.says("/dafter")
    assert "/daftar" in budi.says("/tutup 1234567")


def test_nobody_works_their_own_report(office: Office) -> None:
    """An officer is a citizen too; somebody else judges what they report."""
    own, case, report = office.officer("budi").address_id, office.disposed(), table(Report)
    with office.database.writing() as uow:
        uow.connection.execute(update(report).where(report.c.id == case.report_id).values(address_id=own))
    budi = office.people["budi"]
    budi.says(f"/proses {case.number} petugas cek lokasi besok pagi")
    assert "Warga akan menerima" not in budi.last


def test_a_command_never_becomes_the_answer(office: Office) -> None:
    """A word alone is obeyed, or refused where it is a citizen's; what was asked stays open, what was typed stays."""
    case, budi, rima = office.disposed(), office.people["budi"], office.people["rima"]
    assert "apa yang ditemukan" in budi.says(f"/jawab {case.number} {ACTION}")
    assert "adalah perintah" in budi.says("PRIVASI")
    assert "Tugas Anda: 1 baru" in budi.says("daftar")
    assert FINDING in budi.says(FINDING)
    shown = budi.heard[-1]
    assert "adalah perintah" in budi.says("JAWAB sudah")
    presses(budi, "Kirim", shown)
    told = office.heard(case)
    assert FINDING in told
    assert "JAWAB" not in told
    other = office.disposed()
    budi.says(f"/proses {other.number}", "Proses lelang", "kirim")
    assert "Proses lelang" in office.heard(other)
    other = office.files("iseng saja")
    rima.says(f"/arsip {other.number}", "R4 ini hanya iseng", "daftar", "kirim")
    assert "ini hanya iseng" in office.heard(other)


def test_what_is_lacking_is_said_at_once(office: Office) -> None:
    """An empty desk before a number is asked for; that an answer is too short before its day and photo are."""
    budi = office.people["budi"]
    said = budi.says("/jawab")
    assert "Belum ada laporan di meja Anda" in said
    assert "pilih" not in said
    case = office.disposed(category_code="JALAN")
    said = budi.says(f"/jawab {case.number}", "Lubang.")
    assert "paling sedikit 12 huruf" in said
    assert "apa yang ditemukan" in said
    assert "Paling sedikit 23 huruf. Contoh" in budi.says("Ada tiga lubang.")
    assert "Terlalu pendek: paling sedikit 23 huruf" in budi.says("Sudah ditambal.")
    assert "Terlalu pendek: paling sedikit 23 huruf" in budi.says("Diperbaiki.")
    assert "kapan" in budi.says("Sudah kami tambal dengan aspal dingin sampai rata.")


def test_one_part_after_the_other(office: Office) -> None:
    """Finding, action, day, photo: each is judged when it comes; a photo that comes early is kept, and told so."""
    case, budi = office.disposed(category_code="JALAN"), office.people["budi"]
    said = budi.says(f"/jawab {case.number} akan ditindaklanjuti")
    assert said.startswith("Itu belum menjelaskan apa-apa.")
    assert "apa yang ditemukan di lapangan?" in said
    said = "\n".join(reply.text for reply in budi.sends(media=(a_photo("p1", "album"),)))
    assert said.startswith("Fotonya sudah disimpan untuk jawaban ini.\n\nSKD-410 0007: apa yang ditemukan")
    assert not budi.sends(media=(a_photo("p2", "album"),))
    assert "Paling sedikit 25 huruf" in budi.says("Lubang 2 meter")
    assert "kapan dikerjakan?" in budi.says("Lubang ditambal aspal dingin oleh regu.")
    assert len(presses(budi, "Kemarin").files) == 2


def test_work_to_come_is_news(office: Office) -> None:
    """Before an answer for a day to come is sent it is said what that asks, and that news is the other way."""
    case, budi = office.disposed(category_code="JALAN"), office.people["budi"]
    said = budi.says(f"/jawab {case.number}", FINDING, "Regu jalan menambalnya dengan aspal.", "besok")
    assert said.startswith("Tanggalnya belum tiba")
    assert "foto" in said
    shown = presses(budi, "Sebagai kabar")
    assert "Regu jalan menambalnya dengan aspal (Selasa, 4 Agustus 2026)." in shown.text
    presses(budi, "Kirim")
    assert office.case(case.report_id).state is CaseState.IN_PROGRESS
    assert "beres" not in office.heard(case)
    other = office.disposed()
    budi.says(f"/jawab {other.number} {FINDING} Regu jalan menambalnya besok.")
    assert labels(budi.heard[-1]) == ["Kirim", "Sebagai kabar", "Ubah", "Batal"]
    assert budi.last.startswith("Tanggalnya belum tiba")
    assert "Sudah beres?" not in budi.says("kabar")
    other = office.disposed()
    budi.says(f"/jawab {other.number} {FINDING} Regu jalan menambalnya besok.", "kirim")
    assert "Sudah beres?" in office.heard(other)


def test_news_without_words_is_no_line(office: Office) -> None:
    """A card has no line of news that ends behind its colon."""
    case, rima = office.files(), office.people["rima"]
    with office.database.writing() as uow:
        event = cases.NewEvent(
            case.report_id, EventKind.ARCHIVED, ActorKind.SYSTEM, {"reason": "R1"}, is_public=True
        )
        cases.append_events(uow, [event], office.now)
    assert "Kabar terakhir" not in rima.says(f"/lihat {case.number}")


def test_who_asks_for_a_person_is_heard_where_all_coordinators_are_accused(office: Office) -> None:
    """Of the secret report they hear nothing: by an older one, else by none."""
    with office.database.writing() as uow:
        officers.set_suspended(uow, office.officer("rima").id, MONDAY)
    vera = office.joins("vera", Role.COORDINATOR, "PUPR")
    secret = office.files(type="oversight", accused_agency_code="PUPR")
    office.hush()
    citizen = office.citizens[secret.report_id]
    citizen.says("PETUGAS")
    vera.hears()
    assert "minta" in vera.last
    assert secret.number not in vera.last
