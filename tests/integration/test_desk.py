"""Officers at work, through `receive` as on a channel: what they write, press and send, and what citizens get of it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text, update
from stdnum import damm

from handlers import files, moves
from handlers.deployment import Deployment
from handlers.dispatch import receive
from handlers.messages import Address, Inbound, Media, Notice, Press, Reply
from handlers.moves import Actor
from handlers.officers.access import Reach
from handlers.service import Service
from storage.db import Database
from storage.models import Outbound, Report, table
from storage.queries import conversations, handling, officers
from storage.queries.desks import Sieve, queue_query
from storage.queries.handling import CaseRow
from storage.queries.officers import OfficerRow
from storage.vocabulary import ActorKind, CaseState, Channel, Clock, MediaKind, Role
from tests import builders
from tests.fakes.clock import MONDAY
from tests.person import Person

#: Monday 3 August 2026, 09.05 WIB
OUTBOUND = table(Outbound)
NOW = datetime(2026, 8, 3, 2, 5, tzinfo=MONDAY.tzinfo)
FINDING, ACTION = "Ada tiga lubang sedalam 20 cm di depan SD.", "Sudah ditambal aspal dingin hari ini."
GROUP = "-1009"
POSTS = {
    "rima": (Role.COORDINATOR, None),
    "budi": (Role.LIAISON, "PUPR"),
    "wati": (Role.LIAISON, "PUPR"),
    "dewi": (Role.LIAISON, "DISHUB"),
    "agus": (Role.APPROVER, "PUPR"),
    "joko": (Role.INSPECTORATE, "INSPEKTORAT"),
    "sari": (Role.DECIDER, None),
    "tono": (Role.AUDITOR, None),
}


@dataclass
class Office:
    """A government at work: officers by name, a citizen for each report."""

    database: Database
    service: Service
    now: datetime = NOW
    people: dict[str, Person] = field(default_factory=dict)
    citizens: dict[int, Person] = field(default_factory=dict)

    def open(self) -> "Office":
        for name, (role, agency) in POSTS.items():
            self.joins(name, role, agency)
        return self

    def joins(
        self, name: str, role: Role, agency: str | None, channel: Channel = Channel.TELEGRAM, **more: Any
    ) -> Person:
        identifier = f"+62811{len(self.people):07}" if channel is Channel.SMS else f"7{len(self.people):09}"
        with self.database.writing() as uow:
            contact = builders.a_contact(uow, identifier, channel=channel, now=self.now)
            officers.insert_officer(
                uow,
                address_id=contact.address_id,
                name=name.title(),
                role=role,
                agency_code=agency,
                is_deputy=bool(more.get("is_deputy")),
                now=self.now,
            )
        self.people[name] = Person(self.database, self.service, identifier, channel, self.now)
        return self.people[name]

    def files(self, text: str = "jalan berlubang di depan SD 3", **changed: Any) -> CaseRow:
        """File a report, from an address of its own."""
        channel = changed.pop("by", Channel.TELEGRAM)
        number = len(self.citizens)
        identifier = f"+62812{number:07}" if channel is Channel.SMS else f"5{number:09}"
        with self.database.writing() as uow:
            contact = builders.a_contact(uow, identifier, channel=channel, now=self.now)
            conversations.save_progress(uow, contact, "{}", draft_touched_at=None, now=self.now)
            values = {
                "category_code": "LAIN",
                "is_secret": False,
                "number": self._number(number),
                "description": text,
            }
            report_id = builders.a_case(uow, contact, now=self.now, **{**values, **changed})
            due_on = self.service.calendar.due_on(self.service.local_day(self.now), 3)
            handling.update_case(uow, report_id, self.now, check_due_on=due_on, due_on=due_on)
        self.citizens[report_id] = Person(self.database, self.service, identifier, channel, self.now)
        return self.case(report_id)

    def _number(self, n: int) -> str:
        digits = f"{410000 + 137 * n}"
        return digits + damm.calc_check_digit(digits)

    def disposed(self, to: str = "PUPR", **changed: Any) -> CaseRow:
        case = self.files(**changed)
        self.does("rima", moves.dispose, case, to)
        self.hush()
        return self.case(case.report_id)

    def does(self, who: str, move: Callable[..., Any], case: CaseRow, *given: Any) -> Any:
        """Make a move without the desk."""
        with self.database.writing() as uow:
            actor = Actor(ActorKind.OFFICER, self.officer(who))
            return move(uow, self.service, handling.get_case(uow, case.report_id), actor, *given, self.now)

    def officer(self, who: str) -> OfficerRow:
        person = self.people[who]
        with self.database.reading() as uow:
            found = officers.find_officer_at(uow, person.channel, person.identifier)
        assert found is not None
        return found

    def case(self, report_id: int) -> CaseRow:
        with self.database.reading() as uow:
            return handling.get_case(uow, report_id)

    def hush(self) -> None:
        """Pass over what was said so far."""
        for person in (*self.people.values(), *self.citizens.values()):
            person.now = self.now
            person.hears()

    def sent(self, person: Person, provider_id: str) -> None:
        """Let what a person was told last have an id at the provider, as after delivery."""
        with self.database.writing() as uow:
            contact = builders.a_contact(uow, person.identifier, channel=person.channel)
            newest = uow.connection.execute(
                select(OUTBOUND.c.id)
                .where(OUTBOUND.c.address_id == contact.address_id)
                .order_by(OUTBOUND.c.id.desc())
                .limit(1)
            ).scalar_one()
            uow.connection.execute(
                update(OUTBOUND)
                .where(OUTBOUND.c.id == newest)
                .values(provider_id=provider_id, state="sent", due_at=None)
            )

    def heard(self, case: CaseRow) -> str:
        """Return what the reporter of a case was told since."""
        citizen = self.citizens[case.report_id]
        citizen.hears()
        return citizen.last

    def in_group(self, who: str, text: str = "", press: Press | None = None, **more: Any) -> list[Reply]:
        """Write in the group, and return what the group hears."""
        group = Person(self.database, self.service, GROUP, now=self.now)
        group.hears()
        return group.sends(
            text=text, press=press, sender=Address(Channel.TELEGRAM, self.people[who].identifier), **more
        )


@pytest.fixture
def office(loaded: Database, service: Service) -> Office:
    return Office(loaded, service).open()


def button(reply: Reply, label: str) -> Press:
    """Return the press of a button, by what stands on it."""
    (value,) = (choice.value for choice in reply.choices if choice.label == label)
    return Press(str(reply.question), value)


def labels(reply: Reply) -> list[str]:
    return [choice.label for choice in reply.choices]


def presses(person: Person, label: str, reply: Reply | None = None) -> Reply:
    """Press a button of what was said last, and return what is said then."""
    return person.sends(press=button(reply or person.heard[-1], label), message_ref="m1")[-1]


def a_photo(ref: str = "p1", group: str | None = None) -> Media:
    return Media(MediaKind.PHOTO, ref, 1000, group)


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
    person = office.people[who]
    for said in (command, *answers):
        person.says(said.format(n=case.number))
    assert office.case(case.report_id).state is state


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
    assert "disetujui" in budi.last
    presses(budi, "Kirim")
    assert "menunggu persetujuan" in budi.last
    assert careful.heard(case) == ""
    agus.hears()
    assert FINDING in agus.last
    presses(agus, "Setujui")
    presses(agus, "Kirim")
    assert FINDING in careful.heard(case)


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
    """An agency reads the text without what names a person; a coordinator all of it, marked."""
    case = office.disposed(text="lubang di depan rumah, hubungi 0812 3456 7890")
    assert "[nomor HP]" in office.people["budi"].says(f"/lihat {case.number}")
    assert "[[0812 3456 7890]]" in office.people["rima"].says(f"/lihat {case.number}")


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


# --- queues and searches ---


def test_queue(office: Office) -> None:
    """The first line counts, the most urgent comes first, eight to a page."""
    for _ in range(9):
        office.disposed()
    late = office.disposed()
    with office.database.writing() as uow:
        handling.update_case(uow, late.report_id, office.now, due_on=office.now.date() - timedelta(days=3))
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
    assert office.case(case.report_id).agency_code == "DLH"


def test_body_outside_proposed(office: Office) -> None:
    """What is not of this government is passed on outside, also by who wanted to pass it to an agency."""
    case, rima = office.files("listrik padam", category_code="LISTRIK"), office.people["rima"]
    rima.says(f"/disposisi {case.number}")
    presses(rima, "PLN (luar)")
    presses(rima, "Kirim")
    after = office.case(case.report_id)
    assert (after.state, after.outside_code) == (CaseState.FORWARDED, "PLN")


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


def test_unreachable_reporter_shows(office: Office) -> None:
    """Where nobody can be told, the card says so, and the preview too."""
    case, budi = office.disposed(), office.people["budi"]
    with office.database.writing() as uow:
        contact = builders.a_contact(uow, office.citizens[case.report_id].identifier)
        conversations.set_unreachable(uow, contact.address_id, office.now)
    assert "tidak dapat dihubungi" in budi.says(f"/lihat {case.number}")
    budi.says(f"/proses {case.number} petugas cek lokasi besok")
    assert "hanya laporannya yang berubah" in budi.last


# --- officers about officers ---


def test_leave_names_the_deputy(office: Office) -> None:
    """Whoever goes on leave hears who gets the news, and what is open."""
    office.joins("dian", Role.LIAISON, "PUPR", is_deputy=True)
    case, budi = office.disposed(), office.people["budi"]
    office.does("budi", moves.take, case, office.officer("budi"))
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
    with office.database.reading() as uow:
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
