"""Each message lands in the right report: of several, what was asked for, additions; and what erasure leaves."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from handlers import moves
from handlers.messages import Location, Media, Press
from storage.models import Attachment, Outbound, Rating, Reporter, table
from storage.queries import officers, open_questions, rights
from storage.queries.conversations import Contact
from storage.vocabulary import CaseState, Channel, EventKind, MediaKind, Role
from tests import builders
from tests.fakes.clock import MONDAY
from tests.killed import statements
from tests.person import Person
from tests.rows import one_of, rows_of, unsealed
from tests.town import OTHER, QUESTION, Town, asked_solved, two

OUTBOUND, ATTACHMENT, RATING, REPORTER = table(Outbound), table(Attachment), table(Rating), table(Reporter)
LATER = timedelta(hours=2)


# --- several ---


def test_addition_beside_a_draft(town: Town, chatter: Person) -> None:
    """TAMBAH in reply to what told of a report is that report's, and the draft's otherwise."""
    assert "Belum ada laporan" in chatter.says("TAMBAH makin parah")
    first, second = two(town, chatter, town.answered)
    chatter.says("LAPOR lampu jalan mati")
    chatter.sends(text="TAMBAH makin parah", reply_to=town.ref_of(chatter, first))
    assert (town.told(first), town.told(second)) == (["makin parah"], [])
    assert "tambahkan ke laporan Anda" in chatter.says("TAMBAH sudah 2 minggu")
    assert (town.told(first), town.told(second)) == (["makin parah"], [])


def test_files_under_words(town: Town, chatter: Person) -> None:
    """A photo under TAMBAH or a report's STATUS is that report's, and who has it hears of it: once for an album."""
    first = town.files(chatter)
    town.disposes(first)
    chatter.hears()
    heard = _count_of(town, Role.LIAISON)
    for part, text in enumerate(("TAMBAH tiangnya miring", "", "")):
        chatter.sends(text=text, media=(Media(MediaKind.PHOTO, f"a{part}", group="g"),))
        assert len(chatter.heard) == (part == 0)
    assert town.told(first) == ["tiangnya miring"]
    assert _count_of(town, Role.LIAISON) == heard + 1
    chatter.sends(text=f"STATUS {first}", media=(Media(MediaKind.PHOTO, "b"),))
    assert [first in reply.text for reply in chatter.heard] == [True, True]
    assert _count_of(town, Role.LIAISON) == heard + 2
    second = town.files(chatter, OTHER)
    chatter.sends(text="TAMBAH makin dalam", media=(Media(MediaKind.PHOTO, "c"),))
    assert len(chatter.heard[0].choices) == 2
    chatter.presses(str(town.case(second).report_id))
    chatter.sends(text=f"tambah {first} makin miring", media=(Media(MediaKind.PHOTO, "d"),))
    assert (town.told(first)[-1], town.told(second)) == ("makin miring", ["makin dalam"])
    of = Counter(row.report_id for row in rows_of(town.database, ATTACHMENT))
    assert of == {town.case(first).report_id: 5, town.case(second).report_id: 1}


def test_files_too_many(town: Town, chatter: Person) -> None:
    """Of an album that outgrows a report the rest is said not to be kept: once, also where none of it is."""
    number = town.files(chatter)
    chatter.hears()
    heard = []
    for part in range(12):
        media = (Media(MediaKind.PHOTO, f"a{part}", group="g"),)
        chatter.sends(text="" if part else f"TAMBAH {number} ini", media=media)
        heard.append(["yang ini tidak kami simpan" in reply.text for reply in chatter.heard])
    assert heard == [[False], *[[]] * 9, [True], []]
    for part in range(3):
        chatter.sends(
            text="" if part else f"TAMBAH {number} itu",
            media=(Media(MediaKind.PHOTO, f"b{part}", group="h"),),
        )
        assert ["yang ini tidak kami simpan" in reply.text for reply in chatter.heard] == [True] * (part == 0)
    assert [row.report_id for row in rows_of(town.database, ATTACHMENT)] == [town.case(number).report_id] * 10


def test_files_under_words_of_others(town: Town, chatter: Person) -> None:
    """Of somebody who has no such report the photo begins one."""
    number = town.files(chatter)
    stranger = town.person("5000000999")
    stranger.sends(text=f"TAMBAH {number} bohong", media=(Media(MediaKind.PHOTO, "a"),))
    assert "Hanya pengirim" in stranger.heard[0].text
    assert "Apa masalahnya" in stranger.last
    assert [row.report_id for row in rows_of(town.database, ATTACHMENT)] == [None]
    assert town.told(number) == []


def _count_of(town: Town, role: Role) -> int:
    """Return how many cards an officer was sent that tell of added files."""
    theirs = [
        unsealed(town.database, row.payload_sealed)
        for row in rows_of(town.database, OUTBOUND)
        if row.address_id == town.officers[role].address_id
    ]
    return sum("menambahkan foto atau berkas" in text for text in theirs)


def test_two_answered(town: Town, person: Person) -> None:
    """With two answers open YA asks which, and loses nothing."""
    first, second = two(town, person, town.answered)
    asked = person.says("belum, masih bocor")
    assert first in asked
    assert second in asked
    assert town.case(first).state is town.case(second).state is CaseState.ANSWERED
    person.says("2")
    assert (town.case(first).state, town.case(second).state) == (CaseState.REOPENED, CaseState.ANSWERED)
    assert town.told(first) == ["masih bocor"]
    person.says("YA")
    assert town.case(second).state is CaseState.SETTLED


def test_which_by_button(town: Town, chatter: Person) -> None:
    """A button says which; pressed later it says how that report stands."""
    first, second = two(town, chatter, town.held)
    chatter.says("rumah nomor 12 cat biru")
    chatter.presses(str(town.case(first).report_id))
    assert town.told(first) == ["rumah nomor 12 cat biru"]
    [heard] = chatter.sends(press=Press("case:which", str(town.case(second).report_id)))
    assert second in heard.text
    assert town.told(second) == []


def test_which_by_number(town: Town, texter: Person) -> None:
    """By SMS the number says which as well; further words wait with the first ones."""
    first, second = two(town, texter, town.held)
    texter.says("rumah nomor 12", "yang cat biru", second)
    assert town.told(second) == ["rumah nomor 12", "yang cat biru"]
    assert town.told(first) == []


def test_named(town: Town, person: Person) -> None:
    """A number in the message says which report is meant, whatever else is open."""
    first, second = two(town, person, town.held)
    person.says(f"{first} rumah nomor 12")
    assert town.told(first) == ["rumah nomor 12"]
    person.says(f"yang cat biru, laporan {second}")
    assert town.told(second) == ["yang cat biru, laporan"]


def test_one_of_each(town: Town, person: Person) -> None:
    """An answer waits for YA and a question for words: each gets its own; what fits both is asked."""
    held = town.held(person)
    answered = town.answered(person, OTHER)
    person.says("rumah nomor 12 cat biru")
    assert town.told(held) == ["rumah nomor 12 cat biru"]
    town.holds(held)
    person.hears()
    asked = person.says("sudah")
    assert held in asked
    assert answered in asked


def test_late_digit(town: Town, person: Person) -> None:
    """A digit long after the question which rates, and chooses nothing."""
    two(town, person, town.held)
    person.says("rumah nomor 12")
    settled = town.settled(person, "LAPOR lampu jalan mati dpn gereja ds mungguk")
    person.now += LATER
    assert settled in person.says("1")  # three could be meant
    assert rows_of(town.database, RATING) == []


# --- what was asked for ---


@pytest.mark.parametrize("text", ["rumah nomor 12 cat biru", "12", "tidak ada", "ya", "belum pak"])
def test_data(town: Town, person: Person, text: str) -> None:
    """Free words answer what was asked, also a number or a yes."""
    number = town.held(person)
    person.says(text)
    assert town.told(number) == [text]
    assert town.case(number).state is CaseState.UNVERIFIED
    assert town.drafts() == 0


def test_asked_by_liaison(town: Town, person: Person) -> None:
    """A liaison's question is answered the same way, while the work goes on."""
    number = town.files(person)
    town.disposes(number)
    town.does(Role.LIAISON, number, moves.hold, QUESTION)
    person.hears()
    person.says("rumah nomor 12 cat biru")
    assert town.told(number) == ["rumah nomor 12 cat biru"]
    assert (town.case(number).state, town.case(number).asked_at) == (CaseState.DISPOSED, None)
    told = person.says(f"status {number}")
    assert ("jawaban Anda sudah kami terima" in told, QUESTION in told) == (True, False)


def test_data_files(town: Town, chatter: Person) -> None:
    """Photos and a point answer as well; an album is one answer."""
    number = town.held(chatter)
    for ref in ("a", "b", "c"):
        chatter.sends(media=(Media(MediaKind.PHOTO, ref, 100, "album"),))
    assert [row.kind for row in rows_of(town.database, ATTACHMENT)] == ["photo"] * 3
    assert town.history(number).count(EventKind.REPLIED) == 1
    assert sum("Terima kasih" in reply.text for reply in chatter.all_heard()) == 2  # and the receipt
    town.holds(number)
    chatter.sends(location=Location(-0.01164, 110.91581))
    assert "-0.01164" in town.told(number)[-1]
    assert town.drafts() == 0


@pytest.mark.parametrize(
    "text", ["halo", "terima kasih", "STATUS", "bantuan", "siapa yang baca laporan saya?"]
)
def test_no_data(town: Town, person: Person, text: str) -> None:
    """Small talk, other words and questions asked back are no answer."""
    number = town.held(person)
    person.says(text)
    assert person.heard
    assert town.case(number).state is CaseState.ON_HOLD


def test_report_meanwhile(town: Town, person: Person) -> None:
    """LAPOR begins a new report whatever is asked; so does danger, with the numbers to call."""
    number = town.held(person)
    person.says("LAPOR sampah menumpuk di pasar mungguk")
    assert town.drafts() == 1
    person.says("batal", "ya")
    assert "113" in person.says("tolong kebakaran di pasar mungguk sekarang")
    assert town.case(number).state is CaseState.ON_HOLD


def test_another_matter_in_another_place_is_no_answer(town: Town, chatter: Person) -> None:
    """It becomes a report of its own, which its writer sees before it is sent; the question stays open."""
    number = town.held(chatter)
    chatter.says("sampah menumpuk di desa peniti depan masjid sejak kemarin")
    assert town.drafts() == 1
    assert town.case(number).state is CaseState.ON_HOLD


def test_too_long(town: Town, person: Person) -> None:
    """What is too long is not taken, and the question stays open."""
    number = town.held(person)
    person.says("panjang " * 1000)
    assert town.case(number).state is CaseState.ON_HOLD
    assert person.heard


def test_sent_twice(town: Town, texter: Person) -> None:
    """An SMS that comes twice answers once."""
    number = town.held(texter)
    texter.says("rumah nomor dua belas cat biru", "rumah nomor dua belas cat biru")
    assert town.told(number) == ["rumah nomor dua belas cat biru"]
    assert town.drafts() == 0


# --- Tambah ---


def test_add(town: Town, chatter: Person) -> None:
    """Tambah under the receipt: the next words, or photos, are added to that report, and only those."""
    number = chatter.files()
    [heard] = chatter.presses("add")
    assert number in heard.text
    chatter.says("lampunya dua yang mati")
    assert town.told(number) == ["lampunya dua yang mati"]
    chatter.says("sampah menumpuk di pasar mungguk")
    assert town.drafts() == 1
    assert town.told(number) == ["lampunya dua yang mati"]


def test_bare_addition(town: Town, person: Person) -> None:
    """After TAMBAH alone the next words are the one report's that is at work; of several it is asked which."""
    settled = town.settled(person)
    first = town.files(person, OTHER)
    assert first in person.says("tambah")
    person.says("lubangnya makin dalam")
    assert town.told(first) == ["lubangnya makin dalam"]
    second = town.files(person)
    asked = person.says("tambah")
    assert (first in asked, second in asked, settled in asked) == (True, True, False)
    assert first in person.says("2")
    person.says("motor jatuh semalam")
    assert (town.told(first)[1:], town.told(second)) == (["motor jatuh semalam"], [])
    assert town.drafts() == 0


def test_files_under_status(town: Town, chatter: Person) -> None:
    """A photo under STATUS, LAPORAN SAYA or a number is the one report's there is; of several it is not kept."""
    first = town.files(chatter)
    captions = ["STATUS", "laporan saya", "STATUS SKD-123 4567", "SKD-123 4567", first]
    for text in captions:
        chatter.sends(text=text, media=(Media(MediaKind.PHOTO, "a"),))
        assert [first in reply.text for reply in chatter.heard] == [True, True], text
    assert town.told(first) == []
    town.files(chatter, OTHER)
    for text in captions[:4]:
        chatter.sends(text=text, media=(Media(MediaKind.PHOTO, "b"),))
        assert "Berkasnya tidak kami simpan." in chatter.last
    assert town.drafts() == 0
    assert Counter(row.report_id for row in rows_of(town.database, ATTACHMENT)) == {
        town.case(first).report_id: len(captions)
    }


def test_add_album(town: Town, chatter: Person) -> None:
    """Tambah takes an album whole, with one answer."""
    number = chatter.files()
    chatter.presses("add")
    answers = [chatter.sends(media=(Media(MediaKind.PHOTO, ref, 100, "album"),)) for ref in "abc"]
    assert [len(heard) for heard in answers] == [1, 0, 0]
    assert number in answers[0][0].text
    assert len(rows_of(town.database, ATTACHMENT)) == 3
    assert town.drafts() == 0


def test_add_too_late(town: Town, chatter: Person) -> None:
    """What is told long after Tambah was pressed is a report of its own."""
    number = chatter.files()
    chatter.presses("add")
    chatter.now += LATER
    chatter.says("sampah menumpuk di pasar mungguk")
    assert town.told(number) == []
    assert town.drafts() == 1


def test_add_beside_a_draft(town: Town, chatter: Person) -> None:
    """Tambah while another draft is open says how, as the next words are the draft's."""
    number = chatter.files()
    receipt = chatter.heard[-1]
    chatter.says("LAPOR sampah menumpuk di pasar mungguk")
    [heard] = chatter.sends(press=Press(str(receipt.question), "add"))
    assert f"TAMBAH {number}" in heard.text


# --- rights ---


def test_erased_gets_no_news(town: Town, chatter: Person) -> None:
    """After HAPUS DATA the report goes on without news; what officers sent stays, so do the stars."""
    number = town.settled(chatter)
    chatter.says("5", "HAPUS DATA SELAMANYA")
    queued = len(rows_of(town.database, OUTBOUND))
    town.does(Role.COORDINATOR, number, moves.reopen, "Diperiksa lagi oleh koordinator sendiri.")
    assert town.case(number).state is CaseState.REOPENED
    coordinator = town.officers[Role.COORDINATOR].address_id
    new = rows_of(town.database, OUTBOUND)[queued:]
    assert {row.address_id for row in new} <= {coordinator, town.officers[Role.LIAISON].address_id}
    assert one_of(town.database, RATING).stars == 5
    assert town.history(number)


def test_officers_files_stay(town: Town, chatter: Person) -> None:
    """An officer's photo stays with the report when its reporter's files go."""
    number = chatter.files()
    town.disposes(number)
    town.does(Role.LIAISON, number, moves.answer, town.proven(number))
    chatter.sends(media=(Media(MediaKind.PHOTO, "a", 100),), reply_to=town.ref_of(chatter, "Tiga lubang"))
    chatter.says("HAPUS DATA SELAMANYA")
    states = {row.is_from_officer: row.state for row in rows_of(town.database, ATTACHMENT)}
    assert states == {True: "stored", False: "lost"}


def test_officer_is_not_erased(town: Town, chatter: Person) -> None:
    """Who works reports is not erased until a coordinator has ended the post."""
    chatter.says("halo")
    with town.database.writing() as uow:
        contact = builders.a_contact(uow, chatter.identifier)
        officer_id = _appoint(uow, contact)
    assert "koordinator" in chatter.says("HAPUS DATA SELAMANYA")
    with town.database.writing() as uow:
        officers.save_task(uow, officer_id, "{}", MONDAY)
        officers.set_suspended(uow, officer_id, MONDAY)
    chatter.says("HAPUS DATA SELAMANYA")
    with town.database.reading() as uow:
        assert rights.get_person(uow, contact.reporter_id).is_erased


def _appoint(uow: Any, contact: Contact) -> int:

    return officers.insert_officer(
        uow,
        address_id=contact.address_id,
        name="Budi",
        role=Role.LIAISON,
        agency_code="PUPR",
        is_deputy=False,
        now=MONDAY,
    )


# --- lists ---


def test_my_reports(town: Town, person: Person) -> None:
    """LAPORAN SAYA says which reports wait for their reporter."""
    town.answered(person)
    town.files(person, OTHER)
    listed = person.says("laporan saya")
    assert "DIJAWAB" in listed
    assert "DITERIMA" in listed
    if person.channel is Channel.TELEGRAM:
        assert listed.count("menunggu Anda") == 1


def test_found_by_index(town: Town, chatter: Person, kind: str) -> None:
    """What waits for a person is found without going through all reports."""
    town.answered(chatter)
    with town.database.writing() as uow:
        contact = builders.a_contact(uow, chatter.identifier)
    with statements(town.database) as seen, town.database.reading() as uow:
        assert len(open_questions.list_open(uow, contact, MONDAY)) == 1
    with town.database.writing() as uow:
        if kind == "postgresql":  # with next to no rows it would rather read them all
            uow.connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        explain = "EXPLAIN QUERY PLAN " if kind == "sqlite" else "EXPLAIN "
        query = next(one for one in seen if one[0].startswith("SELECT"))
        plan = str(list(uow.connection.exec_driver_sql(explain + query[0], query[1])))
    assert "ix_report_reporter_id" in plan
    assert "SCAN report" not in plan
    assert "SCAN cases" not in plan
    assert "Seq Scan" not in plan


def test_an_officer_may_report_too(town: Town, chatter: Person) -> None:
    """Who works reports answers for their own as anybody does, by button and by word."""
    with town.database.writing() as uow:
        _appoint(uow, builders.a_contact(uow, chatter.identifier))
    number = town.answered(chatter)
    chatter.sends(press=Press(asked_solved(chatter), "no"))
    assert town.case(number).state is CaseState.REOPENED
    chatter.says("lampunya masih mati")
    assert town.told(number)[-1] == "lampunya masih mati"
    town.answers(number)
    chatter.hears()
    chatter.says("YA")
    assert town.case(number).state is CaseState.SETTLED
