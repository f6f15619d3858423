"""From a message to rows: what a person sends, through `receive`, on both databases; state is read again each time."""

from datetime import date, timedelta

import pytest

from handlers import actions, report_wording
from handlers.deep_links import area_payload_of
from handlers.dispatch import apologise, receive
from handlers.messages import Address, Inbound, Location, Media, Notice, Press
from handlers.service import Service
from handlers.sms_length import count_parts
from storage.db import Database
from storage.models import Address as AddressRow
from storage.models import Attachment, Case, CaseEvent, Outbound, Report, Reporter, table
from storage.queries import conversations
from storage.vocabulary import Channel, MediaKind
from tests.fakes.clock import MONDAY
from tests.person import NUMBER, WHOLE, Person
from tests.rows import assert_sound, never_given_out, one_of, rows_of, unsealed

REPORT, CASE, EVENT = table(Report), table(Case), table(CaseEvent)
ATTACHMENT, ADDRESS, REPORTER, OUTBOUND = (
    table(Attachment),
    table(AddressRow),
    table(Reporter),
    table(Outbound),
)


def crash_after_handling(person: Person, inbound: Inbound) -> None:
    with person.database.writing() as uow:
        receive(uow, person.service, inbound, MONDAY)
        raise RuntimeError


# --- filing ---


def test_a_report_and_all_its_rows(person: Person) -> None:
    """A confirmed draft is a report, a case with its agency, deadline and policy, an event, files and a consent."""
    person.sends(media=(Media(MediaKind.PHOTO, "file-1"),))
    person.says("lampu jalan mati depan SD 3 desa mungguk sejak 1 feb", "lewati", "2")
    person.presses("yes")
    database = person.database
    report = one_of(database, REPORT)
    assert (
        unsealed(database, report.description_sealed)
        == "lampu jalan mati depan SD 3 desa mungguk sejak 1 feb"
    )
    assert (report.category_code, report.area_code) == ("LAMPU", "61.09.01.2002")
    assert (report.occurred_on, report.is_day_told, report.is_ongoing) == (date(2026, 2, 1), True, True)
    assert (report.is_anonymous, report.is_secret, report.is_emergency) == (True, False, False)
    assert (report.channel, report.language, report.filed_at) == ("telegram", "id", MONDAY)
    case = one_of(database, CASE)
    assert (case.report_id, case.state, case.agency_code) == (report.id, "unverified", "DISHUB")
    assert case.check_due_on == date(2026, 3, 5)
    assert '"check"' in case.policy
    event = one_of(database, EVENT)
    assert (event.report_id, event.seq, event.kind, event.is_public) == (report.id, 1, "filed", True)
    assert one_of(database, ATTACHMENT).report_id == report.id
    reporter = one_of(database, REPORTER)
    assert (reporter.consent_version, reporter.consented_at) == (
        person.service.deployment.consent_version,
        MONDAY,
    )
    assert reporter.name_sealed is None
    assert_sound(database)


def test_the_receipt(person: Person) -> None:
    """The receipt names the number in groups, and the day of D1 in local time."""
    number = person.files()
    assert number.removeprefix("SKD-").replace(" ", "") == one_of(person.database, REPORT).number
    assert "Kamis, 5 Maret 2026" in person.last


def test_nothing_is_kept_in_clear(person: Person) -> None:
    """Words, name and address stand in no row as they were given."""
    person.files("lampu jalan mati depan SD 3 desa mungguk", "lewati", "3", "Budi Santoso", "ya")
    for of in (REPORT, EVENT, ADDRESS, REPORTER, OUTBOUND, ATTACHMENT):
        text = repr(rows_of(person.database, of))
        assert not any(secret in text for secret in ("SD 3", "Budi", person.identifier))
    assert unsealed(person.database, one_of(person.database, REPORTER).name_sealed) == "Budi Santoso"


def test_a_point_is_kept(person: Person) -> None:
    """The point is stored with the village it lies in, sealed."""
    person.sends(location=Location(-0.01164, 110.91581))
    person.files("lampu jalan mati sudah seminggu", "lewati", "1", "ya")
    report = one_of(person.database, REPORT)
    assert report.area_code == "61.09.01.2002"
    assert unsealed(person.database, report.location_sealed) == "-0.01164,110.91581"


def test_confirmed_twice(person: Person) -> None:
    """A confirmation that arrives again, pressed or typed, files nothing more."""
    person.says(WHOLE, "lewati", "1")
    question = next(reply.question for reply in reversed(person.heard) if reply.question)
    for _ in range(3):
        person.sends(press=Press(question, "yes"))
    person.says("ya", "kirim")
    assert len(rows_of(person.database, REPORT)) == 1
    assert sum("Nomornya" in reply.text for reply in person.all_heard()) == 1


def test_suspected_abuse(person: Person) -> None:
    """Suspected abuse goes to the inspectorate, as of a type that is examined, with the accused agency noted."""
    person.files(
        "petugas minta uang 100rb utk cetak kk, tolong jgn sebut nama saya", "lewati", "lewati", "ya"
    )
    report, case = one_of(person.database, REPORT), one_of(person.database, CASE)
    assert (report.type, report.category_code, report.accused_agency_code) == (
        "oversight",
        "PUNGLI",
        "DUKCAPIL",
    )
    assert (report.is_secret, report.is_anonymous) == (True, True)
    assert case.agency_code == "INSPEKTORAT"


def test_thrown_away(person: Person) -> None:
    """A draft thrown away leaves no report, and its files are forgotten."""
    person.sends(media=(Media(MediaKind.PHOTO, "file-1"),))
    person.says("lampu jalan mati depan SD 3 desa mungguk", "batal", "ya")
    assert rows_of(person.database, ATTACHMENT) == []
    assert rows_of(person.database, REPORT) == []


def test_several_people(person: Person, stranger: Person, texter: Person) -> None:
    """What several people tell in turns is not mixed up."""
    for one in (person, stranger, texter):
        one.says(f"lampu jalan mati depan SD {one.identifier[-1]} desa mungguk")
    person.says("lewati")
    stranger.says("lewati")
    for one in (person, stranger):
        one.says("1", "ya")
    texter.says("ya")
    told = [
        unsealed(person.database, row.description_sealed)[-14:] for row in rows_of(person.database, REPORT)
    ]
    assert told == ["3 desa mungguk", "9 desa mungguk", "1 desa mungguk"]
    assert len({row.number for row in rows_of(person.database, REPORT)}) == 3


# --- status ---


def test_status_for_its_owner(person: Person) -> None:
    """Who filed a report sees its state, what it is about and the next date; without a number as well."""
    number = person.files()
    for text in (f"STATUS {number}", "status", "laporan saya", number.lower().replace(" ", "")):
        person.says(text)
        assert all(
            word in person.last for word in (number, "DITERIMA", "Lampu jalan", "Kamis, 5 Maret 2026")
        ), text


def test_status_for_a_stranger(person: Person, stranger: Person) -> None:
    """Who knows only the number sees state and dates of a report that is not secret, and no more."""
    number = person.files(WHOLE, "lewati", "2", "ya")
    stranger.says(f"STATUS {number}")
    assert all(word in stranger.last for word in (number, "DITERIMA", "5 Maret"))
    assert "Lampu" not in stranger.last
    assert "mungguk" not in stranger.last.lower()


def test_status_of_a_secret_report(person: Person, stranger: Person) -> None:
    """The number of a secret report shows a stranger what a number that was never given out shows."""
    number = person.files(WHOLE, "lewati", "1", "ya")
    secret = stranger.says(f"STATUS {number}")
    unknown = stranger.says(f"STATUS {never_given_out(person.service)}")
    assert NUMBER.sub("N", secret) == NUMBER.sub("N", unknown)
    assert "DITERIMA" not in secret


def test_guessing_numbers_is_slow(person: Person, stranger: Person, texter: Person) -> None:
    """After many numbers that show nothing, from a chat as by SMS, one's own reports alone are shown for an hour."""
    number = person.files(WHOLE, "lewati", "2", "ya")
    own = stranger.files(WHOLE, "lewati", "1", "ya")
    unknown = never_given_out(person.service)
    for guesser in (stranger, texter):
        for guess in range(actions.GUESSES):
            said = guesser.says(f"STATUS {unknown}" if guess % 2 else "STATUS 7140667")
            assert "SAMBUNG" in said if guess % 2 else "keliru" in said
        for one in (number, unknown, "7140667"):
            assert "satu jam lagi" in guesser.says(f"STATUS {one}")
    assert "DITERIMA" in stranger.says(f"STATUS {own}")
    assert "DITERIMA" in person.says(f"STATUS {number}")
    assert "satu jam" not in stranger.says("ABCDE-23456")  # a code of an invitation is another matter
    stranger.now += actions.GUESSES_PAUSE
    assert "DITERIMA" in stranger.says(f"STATUS {number}")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("STATUS 00000", "keliru"),
        ("STATUS 7140667", "keliru"),
        ("setatus", "Belum ada laporan"),
        ("cabut", "Belum ada laporan"),
    ],
)
def test_status_of_nothing(texter: Person, text: str, said: str) -> None:
    """A mistyped number is called one; who has no report is told so, and that a draft is none."""
    assert said in texter.says(text)
    texter.says("lampu jalan mati")
    assert said in (answer := texter.says(text))
    assert ("yang ini belum terkirim" in answer) is ("Belum ada" in said)


def test_carriers_word_in_a_draft(texter: Person) -> None:
    """CANCEL, by which carriers stop all messages, says that the draft is not sent; MULAI or START goes on with it."""
    texter.says("lampu jalan mati")
    said = texter.says("CANCEL")
    assert "belum terkirim" in said
    assert "MULAI" in said
    assert "START" not in said  # one word for one thing
    assert "Balas 1 untuk lanjut" in texter.says("START")


def test_late(person: Person) -> None:
    """After its day the status says that the check is late."""
    number = person.files()
    person.now = MONDAY + timedelta(days=4)
    assert "terlambat" in person.says(f"STATUS {number}").lower()


def test_several_reports(person: Person) -> None:
    """Who has several reports gets a list; by SMS it fits."""
    numbers = [
        person.files("lampu jalan mati depan SD 3 desa mungguk", "lewati", "1", "ya") for _ in range(2)
    ]
    said = person.says("status")
    assert all(number in said for number in numbers)


# --- additions ---


def test_addition(person: Person) -> None:
    """TAMBAH keeps what is added in the history, sealed and not public; the chain holds."""
    number = person.files()
    assert number in person.says(f"TAMBAH {number} tiangnya juga miring")
    event = rows_of(person.database, EVENT)[-1]
    assert (event.seq, event.kind, event.is_public) == (2, "added", False)
    assert "tiangnya juga miring" in unsealed(person.database, event.data_sealed)
    assert_sound(person.database)


def test_addition_without_a_number(person: Person) -> None:
    """With one report there is no doubt which; with two the number is asked for."""
    person.files()
    person.says("TAMBAH tiangnya juga miring")
    assert len(rows_of(person.database, EVENT)) == 2
    person.files("sampah menumpuk di desa tanjung belakang pasar", "lewati", "1", "ya")
    said = person.says("TAMBAH makin bau")
    assert "TAMBAH" in said
    assert len(rows_of(person.database, EVENT)) == 3


@pytest.mark.parametrize(
    "text", ["TAMBAH {} ada kebakaran, orang terjebak", "TAMBAH ada kebakaran, orang terjebak"]
)
def test_addition_of_danger(person: Person, text: str) -> None:
    """Whom to call comes first, then that it is kept; also where it is kept apart, and by an edit."""
    number = person.files()
    person.says(text.format(number))
    assert "113" in person.heard[0].short
    assert "tambahkan" in person.heard[1].text
    person.says(f"TAMBAH {number} pak kades minta uang dan saya diancam akan dibunuh")
    assert "110" in person.heard[0].short
    assert "rahasia" in person.heard[1].text


def test_edit_to_danger(person: Person) -> None:
    """An edit of what was filed is a version of it, and tells of danger as well as first words."""
    person.sends(text="LAPOR lampu jln mati dpn sd 3 ds mungguk", message_ref="7")
    person.files("lewati", "1", "ya")
    text = "LAPOR lampu jln mati dpn sd 3 ds mungguk, ada kebakaran, orang terjebak"
    person.sends(text=text, message_ref="7", is_edit=True)
    assert "113" in person.heard[0].text


def test_addition_by_a_stranger(person: Person, stranger: Person) -> None:
    """Only who sent a report can add to it; whether it exists is not told."""
    number = person.files()
    said = stranger.says(f"TAMBAH {number} bohong itu")
    unknown = stranger.says(f"TAMBAH {never_given_out(person.service)} bohong itu")
    assert NUMBER.sub("N", said) == NUMBER.sub("N", unknown)
    assert len(rows_of(person.database, EVENT)) == 1


# --- news, language, addresses ---


def test_stop_and_start(texter: Person) -> None:
    """STOP is remembered and confirmed once; answers still come; MULAI ends it, as it does what kept news away."""
    assert texter.says("STOP") == texter.service.voice("id").sms(report_wording.STOPPED.sms)
    assert one_of(texter.database, ADDRESS).stopped_at == MONDAY
    assert texter.says("stop") == ""
    assert texter.says("STATUS 00000")
    texter.says("MULAI")
    assert one_of(texter.database, ADDRESS).stopped_at is None
    started = texter.service.voice("id").sms(report_wording.STARTED.sms)
    assert [reply.short for reply in texter.heard] == [started]
    texter.says("MULAI")
    assert "kabar laporan" not in texter.last
    assert len(texter.heard) == 1
    with texter.database.writing() as uow:
        conversations.set_unreachable(uow, one_of(texter.database, ADDRESS).id, MONDAY)
    texter.says("MULAI")
    assert texter.heard[0].short == texter.service.voice("id").sms(report_wording.STARTED.sms)


@pytest.mark.parametrize(
    ("hello", "stop", "start"), [("halo", "STOP", "MULAI"), ("english", "stop", "START")]
)
def test_start_in_the_chat(person: Person, hello: str, stop: str, start: str) -> None:
    """Whom we know hears that news comes again; the welcome comes where nothing was stopped, or a code was scanned."""
    welcome = person.says(hello)
    voice = person.service.voice("en" if hello == "english" else "id")
    person.says(stop)
    assert person.says(start) == voice.say(report_wording.STARTED).text
    assert person.says(start) == welcome
    person.says(stop)
    assert person.says(f"/start {area_payload_of('61.09.01.2002')}").count(welcome) == 1
    assert "Desa Mungguk" in person.last


@pytest.mark.parametrize("told", [WHOLE, "LAPOR kebakaran di pasar ds mungguk"])
def test_a_report_after_stop(texter: Person, told: str) -> None:
    """STOP stays; the receipt, in one SMS, promises no news and says how to have it."""
    texter.says("STOP")
    receipt = texter.says(told, "ya")
    assert NUMBER.search(receipt)
    assert "sedang Anda hentikan. Ingin dikabari? Balas MULAI" in receipt
    assert count_parts(receipt) == 1
    assert one_of(texter.database, ADDRESS).stopped_at == MONDAY
    texter.says("MULAI")
    assert one_of(texter.database, ADDRESS).stopped_at is None


def test_language_is_kept_for_each_person(person: Person, stranger: Person) -> None:
    """The language is remembered with the person; others keep theirs; the report is filed in it."""
    assert "Welcome" in person.says("english")
    assert "Hello" in person.says("hello")
    assert "Selamat datang" in stranger.says("halo")
    person.says("street light out in front of SD 3 desa mungguk", "skip", "1", "yes")
    assert "We have received your report" in person.last
    assert one_of(person.database, REPORT).language == "en"
    assert [row.language for row in rows_of(person.database, REPORTER)] == ["en", "id"]


def test_blocked_and_back(person: Person) -> None:
    """Who blocks us is unreachable until they write again; the draft is still there."""
    person.says("lampu jalan di depan rumah kami mati terus tiap malam")
    assert person.sends(notice=Notice.BLOCKED) == []
    assert one_of(person.database, ADDRESS).unreachable_at == MONDAY
    assert "foto" in person.says("desa mungguk depan masjid")
    assert one_of(person.database, ADDRESS).unreachable_at is None


def test_sms_sent_twice(texter: Person) -> None:
    """The same SMS under another id within ten minutes is one message; after that it is another."""
    assert texter.says(WHOLE)
    assert texter.says(WHOLE) == ""
    texter.says("ya")
    assert len(rows_of(texter.database, REPORT)) == 1
    texter.now += timedelta(minutes=11)
    assert texter.says(WHOLE)


def test_sms_said_again(texter: Person) -> None:
    """The same words after something else are meant: a report that was dropped can be told anew."""
    assert texter.says(WHOLE)
    assert "dihapus" in texter.says("batal", "ya")
    assert texter.says(WHOLE)
    assert texter.says(WHOLE) == ""
    texter.says("ya")
    assert len(rows_of(texter.database, REPORT)) == 1


def test_apology(person: Person) -> None:
    """A message that could not be handled is answered in the person's language, and changes nothing."""
    person.says("english", "lampu jalan mati depan SD 3 desa mungguk")
    inbound = Inbound(Address(person.channel, person.identifier), "u-broken", MONDAY, "x")
    with person.database.writing() as uow:
        apologise(uow, person.service, inbound, MONDAY)
    person.hears()
    assert person.last.startswith("Sorry, something went wrong")
    assert "Who may know" in person.says("skip")


def test_failure_leaves_nothing(person: Person) -> None:
    """What a transaction did that is rolled back never happened: no report, no reply, the same question."""
    person.says(WHOLE, "lewati", "1")
    inbound = Inbound(Address(person.channel, person.identifier), "u-crash", MONDAY, "ya")
    with pytest.raises(RuntimeError):
        crash_after_handling(person, inbound)
    assert rows_of(person.database, REPORT) == []
    assert person.hears() == []
    person.says("ya")
    assert len(rows_of(person.database, REPORT)) == 1


@pytest.mark.parametrize(("answer", "is_moved"), [("lanjut", True), ("yang baru", False)])
def test_a_file_sent_while_a_draft_is_decided_over(person: Person, answer: str, *, is_moved: bool) -> None:
    """It goes with the report that the person decides for, and with no other."""
    person.says(WHOLE, "/start")
    person.sends(media=(Media(MediaKind.PHOTO, "late"),))
    person.says(answer)
    if not is_moved:
        person.says("sampah menumpuk di desa tanjung belakang pasar")
    person.files("lewati", "1", "ya")
    report, attachment = one_of(person.database, REPORT), one_of(person.database, ATTACHMENT)
    assert (attachment.report_id, attachment.draft_id) == (report.id, report.draft_id)
    assert unsealed(person.database, report.description_sealed).startswith("lampu" if is_moved else "sampah")


def test_the_report_that_waited_is_asked_about_after_the_receipt(person: Person) -> None:
    person.says(WHOLE, "/start", "air pdam mati di desa peniti dekat gereja", "lanjut", "lewati", "1", "ya")
    assert NUMBER.search(person.heard[0].text)
    assert person.heard[1].text.startswith("Sekarang laporan Anda yang lain.")


@pytest.mark.parametrize("channel", Channel)
def test_a_receipt_in_danger_names_the_numbers(loaded: Database, service: Service, channel: Channel) -> None:
    """They are repeated in short with the receipt, on both channels."""
    person = Person(loaded, service, identifier="+6281200000001", channel=channel)
    person.files("banjir sdh masuk rumah di selalong dekat gereja tolong", "ya")
    assert "Telepon 110/113/119." in person.last
