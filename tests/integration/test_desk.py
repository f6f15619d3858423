"""Officers at work, through `receive` as on a channel: what they write, press and send, and what citizens get of it."""

import pytest
from sqlalchemy import update

from handlers import files
from handlers.deployment import Deployment
from handlers.service import Service
from storage.db import Database
from storage.models import Case, Report, table
from storage.queries import conversations
from storage.queries.handling import CaseRow
from storage.vocabulary import CaseState, Channel, Language, Role
from tests import builders
from tests.desk import ACTION, FINDING, Office, a_photo, labels, presses

CASE = table(Case)


@pytest.fixture
def office(loaded: Database, service: Service) -> Office:
    return Office(loaded, service).open()


# --- straight on ---


def test_answer_step_by_step(office: Office) -> None:
    """What an answer lacks is asked for one by one; the citizen gets exactly what was shown, once."""
    case, budi = office.disposed(category_code="JALAN"), office.people["budi"]
    budi.says(f"/jawab {case.number}", FINDING, ACTION)
    assert "foto" in budi.last
    budi.sends(media=(a_photo(),))
    shown = budi.heard[-1]
    assert labels(shown) == ["Kirim", "Ubah", "Batal"]
    assert len(shown.files) == 1
    assert office.heard(case) == ""
    presses(budi, "Kirim", shown)
    assert office.case(case.report_id).state is CaseState.ANSWERED
    told = office.heard(case)
    assert told
    assert told in shown.text
    presses(budi, "Kirim", shown)
    assert office.heard(case) == ""
    assert "tidak berlaku" in budi.last


@pytest.mark.parametrize(
    "text",
    [
        f"/jawab {{number}} {FINDING} {ACTION}",
        f"/jawab {FINDING} {ACTION} SKD-{{number}}",
        f"/jawab temuan: {FINDING}\ntindakan: {ACTION} {{number}}",
        f"/answer {FINDING}; {ACTION}; {{number}}",
    ],
)
def test_answer_in_one_text(office: Office, text: str) -> None:
    """Finding, action and day are read out of one text, the number wherever it stands."""
    case, budi = office.disposed(), office.people["budi"]
    budi.says(text.format(number=case.number))
    assert FINDING in budi.last
    assert "3 Agustus 2026" in budi.last
    presses(budi, "Kirim")
    assert office.case(case.report_id).state is CaseState.ANSWERED


#: who, given before, command with its arguments, then the same in another order, what it leads to
ORDERS = [
    ("rima", "/verifikasi {n}", "/verify SKD-{n}", CaseState.UNVERIFIED),
    ("rima", "/disposisi {n} PUPR", "/dispose dinas pupr {n}", CaseState.DISPOSED),
    ("rima", "/tunda {n} di dekat rumah siapa?", "/tunda di dekat rumah siapa? {n}", CaseState.ON_HOLD),
    (
        "rima",
        "/bukanwewenang {n} PLN tiang listrik milik PLN",
        "/bukanwewenang PLN {n} tiang listrik milik PLN",
        CaseState.FORWARDED,
    ),
    ("rima", "/arsip {n} R7 hanya uji coba saja", "/archive hanya uji coba saja r7 {n}", CaseState.ARCHIVED),
    ("rima", "/perpanjang {n} 3h menunggu alat berat", "/perpanjang menunggu alat berat 3 hari {n}", None),
    ("rima", "/catat {n} sudah ditelepon", "/note sudah ditelepon {n}", None),
]
#: the same for whoever works on it
WORK = [
    (
        "budi",
        "/proses {n} petugas cek lokasi besok",
        "/proses petugas cek lokasi besok {n}",
        CaseState.IN_PROGRESS,
    ),
    ("budi", "/tanya {n} lubangnya di sisi mana?", "/tunda lubangnya di sisi mana? {n}", CaseState.DISPOSED),
    (
        "budi",
        "/kembalikan {n} ini jalan provinsi",
        "/bukanwewenang ini jalan provinsi {n}",
        CaseState.RETURNED,
    ),
    ("budi", "/ambil {n}", "/take {n}", CaseState.DISPOSED),
    ("budi", "/alihkan {n} Wati", "/alihkan wati {n}", CaseState.DISPOSED),
]


@pytest.mark.parametrize(
    ("who", "said", "state"),
    [(who, said, state) for who, *both, state in [*ORDERS, *WORK] for said in both],
)
def test_commands_in_any_order(office: Office, who: str, said: str, state: CaseState | None) -> None:
    """A command does the same whatever stands first; what carries words to the citizen is confirmed first."""
    case = office.files() if who == "rima" else office.disposed()
    person = office.people[who]
    office.hush()
    person.says(said.format(n=case.number))
    if "Kirim" in labels(person.heard[-1]):
        assert office.case(case.report_id).version == case.version
        presses(person, "Kirim")
    assert "SKD-" in person.last
    after = office.case(case.report_id)
    assert after.state is (state or case.state)


#: who, command, what is answered to each question, what it leads to
DIALOGUES = [
    ("rima", "/disposisi", ["{n}", "dinas perhubungn"], CaseState.DISPOSED),
    ("rima", "/tunda", ["{n}", "di dekat rumah siapa?", "kirim"], CaseState.ON_HOLD),
    ("rima", "/arsip {n}", ["R7", "hanya uji coba saja", "kirim"], CaseState.ARCHIVED),
    ("rima", "/bukanwewenang {n}", ["1", "kirim"], CaseState.FORWARDED),
    ("budi", "/jawab", ["{n}", FINDING, "Sudah ditambal aspal dingin.", "kemarin", "ya"], CaseState.ANSWERED),
    ("budi", "/proses {n}", ["petugas cek lokasi besok", "kirim"], CaseState.IN_PROGRESS),
    ("budi", "/kembalikan {n}", ["ini jalan provinsi", "kirim"], CaseState.RETURNED),
]


@pytest.mark.parametrize(("who", "command", "answers", "state"), DIALOGUES)
def test_missing_arguments(
    office: Office, who: str, command: str, answers: list[str], state: CaseState
) -> None:
    """What a command lacks is asked for; answers may be typed, misspelt a little, or chosen by number."""
    case = office.files() if who == "rima" else office.disposed()
    _ = office.files() if who == "rima" else office.disposed()
    person = office.people[who]
    for said in (command, *answers):
        person.says(said.format(n=case.number))
    assert office.case(case.report_id).state is state


def test_the_only_report(office: Office) -> None:
    """Where one report alone fits it is taken and named; what would be done unseen is still asked for."""
    case, budi, rima = office.disposed(), office.people["budi"], office.people["rima"]
    number = f"SKD-{case.number[:3]} {case.number[3:]}"
    budi.says("/jawab")
    assert budi.last.startswith(f"Hanya satu laporan yang cocok: {number}.\n\n{number}: ")
    budi.says("batal", f"/jawab {FINDING} {ACTION}")
    assert number in budi.last
    assert FINDING in budi.last
    presses(budi, "Kirim")
    assert office.case(case.report_id).state is CaseState.ANSWERED
    new = office.files()
    rima.says("/disposisi PUPR")
    assert office.case(new.report_id).disposed_at is None
    presses(rima, labels(rima.heard[-1])[0])
    assert office.case(new.report_id).disposed_at is not None
    office.disposed()
    budi.says("/jawab")
    assert budi.last.startswith("Laporan yang mana?")
    assert len(labels(budi.heard[-1])) == 2


def test_more_reports_than_are_looked_at(office: Office) -> None:
    """One that fits among the most urgent is not taken for the only one: others may stand behind them."""
    ids, rima = [office.files().report_id for _ in range(50)], office.people["rima"]
    for passed_on in (49, 50):
        ids.append(office.files().report_id)
        at_agencies = CASE.c.report_id.in_(ids[:passed_on])
        with office.database.writing() as uow:
            uow.connection.execute(update(CASE).where(at_agencies).values(state="disposed"))
        assert rima.says("/arsip").startswith("Laporan yang mana?")


def test_cancel(office: Office) -> None:
    """BATAL ends what one is in the middle of, with its files; nothing reaches the citizen."""
    case, budi = office.disposed(category_code="JALAN"), office.people["budi"]
    budi.says(f"/jawab {case.number} {FINDING} {ACTION}")
    budi.sends(media=(a_photo(),))
    budi.says("batal")
    assert "Dibatalkan" in budi.last
    assert office.heard(case) == ""
    budi.says("kirim")
    assert office.case(case.report_id).state is CaseState.DISPOSED


def test_change_before_sending(office: Office) -> None:
    """UBAH asks for one thing anew and shows all of it again."""
    case, budi = office.disposed(), office.people["budi"]
    budi.says(f"/jawab {case.number} {FINDING} {ACTION}")
    presses(budi, "Ubah")
    presses(budi, "Tindakan")
    budi.says("Ditambal semen oleh regu jalan kemarin.")
    assert "Ditambal semen" in budi.last
    assert FINDING in budi.last
    presses(budi, "Kirim")
    assert "Ditambal semen" in office.heard(case)


def test_reply_to_card_is_an_answer(office: Office) -> None:
    """Whoever replies to a card answers the citizen, after seeing what is sent."""
    case, budi = office.disposed(), office.people["budi"]
    budi.says(f"/lihat {case.number}")
    office.sent(budi, "card-1")
    budi.sends(text=f"{FINDING} {ACTION}", reply_to="card-1")
    assert FINDING in budi.last
    presses(budi, "Kirim")
    assert FINDING in office.heard(case)


def test_template_must_be_filled(office: Office) -> None:
    """A prepared answer is refused while a field is open."""
    case, budi = office.disposed(), office.people["budi"]
    budi.says("/templat")
    presses(budi, "Petugas cek lokasi")
    text = budi.last.split("\n")[0]
    assert "{" in text
    budi.says(f"/proses {case.number} {text}")
    assert "belum diisi" in budi.last
    budi.says("Petugas kami cek lokasi Rabu 5 Agustus.")
    presses(budi, "Kirim")
    assert office.case(case.report_id).state is CaseState.IN_PROGRESS


def test_stock_phrase_is_refused(office: Office) -> None:
    """An empty phrase is refused with advice, before anything else is asked."""
    case, budi = office.disposed(), office.people["budi"]
    budi.says(f"/jawab {case.number} akan kami tindaklanjuti")
    assert "belum menjelaskan" in budi.last


def test_an_album_is_answered_once(office: Office) -> None:
    """Of an album the first picture leads on; the others go along in silence."""
    case, budi = office.disposed(category_code="JALAN"), office.people["budi"]
    budi.says(f"/jawab {case.number} {FINDING} {ACTION}")
    assert budi.sends(media=(a_photo("p1", "album"),))
    assert not budi.sends(media=(a_photo("p2", "album"),))
    budi.says("kirim")
    office.citizens[case.report_id].hears()
    assert len(office.citizens[case.report_id].heard[-1].files) == 2


# --- a second person ---


@pytest.fixture
def careful(loaded: Database, service: Service) -> Office:
    """An office where PUPR's answers are approved first."""
    agencies = tuple(
        one.model_copy(update={"needs_approval": one.code == "PUPR"}) for one in service.deployment.agencies
    )
    fields = {name: getattr(service.deployment, name) for name in Deployment.model_fields}
    deployment = Deployment(**{**fields, "agencies": agencies})
    return Office(loaded, Service.of(deployment)).open()


def test_second_person_approves(careful: Office) -> None:
    """Where an agency wants it, an answer goes out when the approver has seen it."""
    case, budi, agus = careful.disposed(), careful.people["budi"], careful.people["agus"]
    budi.says(f"/jawab {case.number} {FINDING} {ACTION}")
    budi.sends(media=(a_photo(),))
    assert "disetujui" in budi.last
    presses(budi, "Kirim")
    assert "menunggu persetujuan" in budi.last
    assert careful.heard(case) == ""
    agus.hears()
    assert f"{FINDING}\nSudah ditambal aspal dingin hari ini (Senin, 3 Agustus 2026)." in agus.last
    assert len(agus.heard[-1].files) == 1
    presses(agus, "Setujui")
    presses(agus, "Kirim")
    assert FINDING in careful.heard(case)


def test_second_person_does_not_answer_alone(careful: Office) -> None:
    """Told at the command, before anything is written in vain; a reply to the card is no way round it."""
    case, agus = careful.disposed(), careful.people["agus"]
    for said in (f"/jawab {case.number}", f"/jawab {case.number} {FINDING} {ACTION}"):
        assert "dilihat dua orang" in agus.says(said)
        assert "Kirim" not in labels(agus.heard[-1])
    agus.says("kirim")
    careful.sent(agus, "m77")
    agus.sends(text=f"{FINDING} {ACTION}", reply_to="m77")
    agus.says("kirim")
    assert careful.case(case.report_id).state is CaseState.DISPOSED
    assert careful.heard(case) == ""


def test_second_person_declines(careful: Office) -> None:
    """A declined answer comes back to who wrote it, with the reason."""
    case, budi, agus = careful.disposed(), careful.people["budi"], careful.people["agus"]
    budi.says(f"/jawab {case.number} {FINDING} {ACTION}", "kirim")
    agus.hears()
    presses(agus, "Tolak")
    agus.says("sebutkan nama jalannya juga")
    budi.hears()
    assert "sebutkan nama jalannya" in budi.last
    assert careful.case(case.report_id).state is CaseState.DISPOSED


# --- asking for a person ---


def test_human_wanted(office: Office) -> None:
    """Coordinators hear once that somebody asks for a person, and about which report."""
    case, rima = office.files(), office.people["rima"]
    office.hush()
    citizen = office.citizens[case.report_id]
    citizen.says("PETUGAS", "PETUGAS")
    rima.hears()
    assert len(rima.heard) == 1
    assert case.number in rima.last


def test_a_person_is_wanted_of_nobody_accused(office: Office) -> None:
    """A coordinator from the unit that a report is about hears neither its number nor that there is one."""
    vera = office.joins("vera", Role.COORDINATOR, "PUPR")
    case, rima = office.files(type="oversight", accused_agency_code="PUPR"), office.people["rima"]
    office.hush()
    office.citizens[case.report_id].says("PETUGAS")
    rima.hears()
    assert case.number in rima.last
    assert not vera.hears()


# --- one's own report ---


def own_report(office: Office, who: str) -> CaseRow:
    """A report that an officer sent from their own chat, or took down for somebody."""
    case = office.files()
    with office.database.writing() as uow:
        contact = builders.a_contact(uow, office.people[who].identifier)
        report = table(Report)
        uow.connection.execute(
            update(report).where(report.c.id == case.report_id).values(address_id=contact.address_id)
        )
    return office.case(case.report_id)


def test_a_coordinators_own_report(office: Office) -> None:
    """They check it and pass it on, with a note; the rest is another coordinator's, and they are told so."""
    office.joins("vera", Role.COORDINATOR, None)
    case, rima, vera = own_report(office, "rima"), office.people["rima"], office.people["vera"]
    office.hush()
    for said in (
        "arsip {n} R4 hanya uji coba saja",
        "tunda {n} di desa mana persisnya?",
        "perpanjang {n} 3h kami sibuk",
    ):
        answer = rima.says(f"/{said.format(n=case.number)}")
        assert "laporan Anda sendiri, jadi koordinator lain yang memutuskan" in answer
        assert set(labels(rima.heard[-1])) <= {"Periksa", "Teruskan", "Bukan wewenang", "Lihat lengkap"}
    assert office.case(case.report_id).version == case.version
    assert "tidak bisa" not in rima.says(f"/disposisi {case.number} PUPR ini dari warga tanpa HP")
    assert office.case(case.report_id).agency_code == "PUPR"
    vera.says(f"/perpanjang {case.number} 3h alat berat dipakai di tempat lain", "kirim")
    assert "laporan Anda sendiri" not in vera.last
    assert office.case(case.report_id).due_on != office.now.date()


def test_a_lost_file_is_told_to_the_officer(office: Office) -> None:
    """A picture of an officer's that cannot be kept is asked for again, and no citizen's draft is touched."""
    case, budi = office.disposed(category_code="JALAN"), office.people["budi"]
    budi.says(f"/jawab {case.number} {FINDING} {ACTION}")
    budi.sends(media=(a_photo(),))
    with office.database.writing() as uow:
        files.lost(uow, office.service, 1, "type", office.now)
    budi.hears()
    assert "kirim lagi" in budi.last
    budi.says("kirim")
    assert "foto" in budi.last


def test_words_under_the_photo(office: Office) -> None:
    """The command under the photo brings it; what was done is added, what only names the picture is told apart."""
    case, budi = office.disposed(category_code="JALAN"), office.people["budi"]
    budi.says(f"/jawab {case.number}", FINDING, ACTION)
    (shown,) = budi.sends(media=(a_photo(),), text=f"/selesai {case.number} sesudah ditambal")
    assert "/selesai" not in shown.text
    assert '"sesudah ditambal" di bawah foto tidak ikut' in shown.text
    assert len(shown.files) == 1
    (shown,) = budi.sends(media=(a_photo("p2"),), text="sambungan dipasang ulang, air sudah mengalir lagi")
    assert "ikut ditambahkan ke tindakan" in shown.text
    presses(budi, "Kirim", shown)
    told = office.heard(case)
    assert FINDING in told
    assert f"{ACTION} sambungan dipasang ulang, air sudah mengalir lagi" in told
    assert "sesudah" not in told
    other = office.disposed(category_code="JALAN")
    budi.says(f"/jawab {other.number}", FINDING)
    (asked,) = budi.sends(media=(a_photo("p3"),), text="/jawab")
    assert "apa yang sudah" in asked.text


def test_what_is_written_below_what_is_shown(office: Office) -> None:
    """A new text takes the place of the old one and says so; one that does not do changes nothing."""
    case, budi = office.disposed(), office.people["budi"]
    budi.says(f"/proses {case.number} petugas cek lokasi besok")
    shown = budi.heard[-1]
    said = budi.says("akan kami tindaklanjuti")
    assert "belum menjelaskan" in said
    assert "petugas cek lokasi besok" in said
    assert "Belum ada yang terkirim" in presses(budi, "Kirim", shown).text
    assert office.case(case.report_id).state is CaseState.DISPOSED
    said = budi.says("alat berat datang hari Senin")
    assert said.startswith("Isi sudah diganti")
    assert "petugas cek" not in said
    presses(budi, "Kirim")
    assert "alat berat datang hari Senin" in office.heard(case)
    budi.says(f"/jawab {case.number} {FINDING} {ACTION}")
    presses(budi, "Ubah")
    presses(budi, "Tindakan")
    said = budi.says("akan kami tindaklanjuti")
    assert "belum menjelaskan" in said
    assert ACTION.rstrip(".") in said
    presses(budi, "Kirim")
    assert ACTION.rstrip(".") in office.heard(case)


def test_a_note_goes_along(office: Office) -> None:
    """What a coordinator writes behind the agency is a note on the agency's card; the citizen does not get it."""
    case, rima, budi = office.files(), office.people["rima"], office.people["budi"]
    office.hush()
    said = rima.says(f"/disposisi PUPR {case.number} tolong cek sebelum Jumat")
    assert "Catatan Anda untuk dinas: tolong cek sebelum Jumat" in said
    budi.hears()
    assert "Catatan Rima, Senin, 3 Agustus 2026: tolong cek sebelum Jumat" in budi.last
    assert "tolong cek" in budi.says(f"/lihat {case.number}")
    assert "tolong cek" not in office.heard(case)
    other = office.files()
    assert "terlalu panjang" in rima.says(f"/disposisi PUPR {other.number} {'cek ' * 900}").lower()
    assert office.case(other.report_id).state is CaseState.UNVERIFIED


def test_photos_that_go_by_sms(office: Office) -> None:
    """What is shown says that addresses of photos are not counted yet; the reader's language names them."""
    case, budi = office.disposed(category_code="JALAN", by=Channel.SMS), office.people["budi"]
    citizen = office.citizens[case.report_id]
    with office.database.writing() as uow:
        contact = builders.a_contact(uow, citizen.identifier, channel=Channel.SMS, now=office.now)
        conversations.set_language(uow, contact.reporter_id, Language.ENGLISH)
    budi.says(f"/jawab {case.number} {FINDING} {ACTION}")
    (shown,) = budi.sends(media=(a_photo(),))
    assert "alamat 1 berkas; seluruhnya paling banyak 3 bagian SMS" in shown.text
    presses(budi, "Kirim", shown)
    citizen.hears()
    assert citizen.heard[-1].files_label == "Photo"
