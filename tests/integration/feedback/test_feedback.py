"""The citizen hears back: YA, BELUM, stars, BUKA, BANDING, as words and as buttons, on both databases."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from handlers import moves
from handlers.conversation.phrasebook import Word
from handlers.deep_links import payload_of
from handlers.messages import Press
from handlers.sms_length import count_parts, to_gsm
from storage.models import Attachment, Outbound, Rating, Reporter, table
from storage.queries import links
from storage.vocabulary import CaseState, Channel, Closing, EventKind, Role
from tests import builders
from tests.fakes.clock import MONDAY
from tests.person import WHOLE, Person
from tests.rows import one_of, rows_of
from tests.town import OTHER, Town, asked_solved, two, values

OUTBOUND, ATTACHMENT, RATING, REPORTER = table(Outbound), table(Attachment), table(Rating), table(Reporter)
LATER = timedelta(hours=2)


def speaks_english(town: Town) -> None:
    with town.database.writing() as uow:
        uow.connection.execute(update(REPORTER).values(language="en"))


# --- is it solved? ---


@pytest.mark.parametrize("word", ["YA", "ya pak", "sudah beres, terima kasih"])
def test_yes(town: Town, person: Person, word: str) -> None:
    """YA settles, and asks for stars."""
    number = town.answered(person)
    assert "1" in person.says(word)
    case = town.case(number)
    assert (case.state, case.closing) == (CaseState.SETTLED, Closing.CONFIRMED)
    assert number in person.last
    assert ("Terima kasih" in person.says("5")) is (person.channel is not Channel.SMS)
    assert one_of(town.database, RATING).stars == 5


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("BELUM masih bocor", "masih bocor"),
        ("blm, airnya keruh", "airnya keruh"),
        ("masih bocor", "masih bocor"),
    ],
)
def test_not_yet_with_reason(town: Town, person: Person, word: str, reason: str) -> None:
    """BELUM opens it again at once, with its reason."""
    number = town.answered(person)
    assert "?" not in person.says(word)
    case = town.case(number)
    assert (case.state, case.asked_at) == (CaseState.REOPENED, None)
    assert town.told(number) == [reason]


def test_but_it_still_is(town: Town, person: Person) -> None:
    """ "tapi masih" means BELUM, also of one of two reports."""
    town.files(person, OTHER)
    number = town.answered(person)
    assert "yang mana" not in person.says("tapi tiangnya masih miring")
    assert town.case(number).state is CaseState.REOPENED
    assert town.told(number) == ["tapi tiangnya masih miring"]


def test_not_yet(town: Town, person: Person) -> None:
    """BELUM without a reason opens it again at once; the next words are the reason."""
    number = town.answered(person)
    assert "Apa yang belum beres?" in person.says("BELUM")
    assert town.case(number).state is CaseState.REOPENED
    person.says("airnya masih keruh kalau pagi")
    assert town.told(number)[-1] == "airnya masih keruh kalau pagi"
    assert town.case(number).asked_at is None
    assert town.history(number)[-2:] == [EventKind.REJECTED, EventKind.REPLIED]
    assert len(rows_of(town.database, RATING)) == 0


def test_in_english(town: Town, person: Person) -> None:
    """The same in English."""
    number = town.answered(person)
    speaks_english(town)
    assert "open again" in person.says("not yet, still leaking")
    assert town.told(number) == ["still leaking"]


def test_buttons(town: Town, chatter: Person) -> None:
    """YA and the stars as buttons; pressed twice they act once, and silently."""
    number = town.answered(chatter)
    question = asked_solved(chatter)
    chatter.presses("yes")
    assert town.case(number).closing is Closing.CONFIRMED
    assert chatter.sends(press=Press(question, "yes")) == []
    chatter.presses("4")
    assert one_of(town.database, RATING).stars == 4
    assert town.history(number).count(EventKind.CONFIRMED) == 1


def test_inward_moves_age_no_button(town: Town, chatter: Person) -> None:
    """An officer who takes a case does not make the reporter's buttons old."""
    number = town.answered(chatter)
    liaison = town.officers[Role.LIAISON]
    town.does(Role.LIAISON, number, moves.take, liaison)
    chatter.presses("yes")
    assert town.case(number).state is CaseState.SETTLED


def test_stale_button(town: Town, chatter: Person) -> None:
    """A button of an older answer says how it stands, and does nothing."""
    number = town.answered(chatter)
    old = asked_solved(chatter)
    chatter.says("belum, masih bocor")
    [heard] = chatter.sends(press=Press(old, "yes"))
    assert "DIPROSES" in heard.text
    town.answers(number)
    chatter.hears()
    [heard] = chatter.sends(press=Press(old, "no"))
    assert "DIJAWAB" in heard.text
    assert town.case(number).state is CaseState.ANSWERED


def test_others_buttons(town: Town, chatter: Person) -> None:
    """Nobody else presses for a reporter; who follows the report does."""
    number = town.answered(chatter)
    question = asked_solved(chatter)
    stranger = town.person("5000000999")
    stranger.says("halo")
    [heard] = stranger.sends(press=Press(question, "yes"))
    assert number not in heard.text
    assert town.case(number).state is CaseState.ANSWERED
    with town.database.writing() as uow:
        follower = builders.a_contact(uow, stranger.identifier)
        links.follow(uow, town.case(number).report_id, follower.address_id, MONDAY)
    stranger.sends(press=Press(question, "no"))
    assert town.case(number).state is CaseState.REOPENED


@pytest.mark.parametrize("press", ["case:", "case:x:y", "case:99:1", "case:1", "case:which", "case:²:1"])
def test_odd_buttons(town: Town, chatter: Person, press: str) -> None:
    """Whatever comes as a press is answered."""
    town.answered(chatter)
    assert len(chatter.sends(press=Press(press, "yes"))) == 1


def test_yes_belongs_to_the_draft(town: Town, chatter: Person) -> None:
    """With a draft's question open YA is the draft's; a reply to the news, or the number, is the report's."""
    number = town.answered(chatter)
    chatter.says(OTHER, "lewati", "1", "ya")
    assert town.case(number).state is CaseState.ANSWERED
    chatter.says("LAPOR sampah menumpuk di pasar mungguk")
    chatter.sends(text="belum, masih bocor", reply_to=town.ref_of(chatter, "Tiga lubang"))
    assert town.case(number).state is CaseState.REOPENED
    town.answers(number)
    chatter.hears()
    chatter.says(f"YA {number}")
    assert town.case(number).state is CaseState.SETTLED
    assert town.drafts() == 1


def test_new_problem(town: Town, person: Person) -> None:
    """A new problem told while an answer waits for YA is a new report."""
    number = town.answered(person)
    person.says("sudah tiga hari sampah menumpuk di pasar mungguk")
    assert town.case(number).state is CaseState.ANSWERED
    assert town.told(number) == []
    assert town.drafts() == 1


def test_reply_without_verdict(town: Town, chatter: Person) -> None:
    """Words that are neither yes nor no are kept, and it is asked again."""
    number = town.answered(chatter)
    chatter.sends(text="petugas datang kemarin sore", reply_to=town.ref_of(chatter, "Tiga lubang"))
    assert town.told(number) == ["petugas datang kemarin sore"]
    assert values(chatter.heard[-1]) == ["yes", "no"]
    chatter.presses("yes")
    assert town.case(number).state is CaseState.SETTLED


def test_praise_is_kept(town: Town, person: Person) -> None:
    """What is said besides YA is not lost."""
    number = town.answered(person)
    person.says("Ya, petugasnya cepat sekali")
    assert town.told(number) == ["petugasnya cepat sekali"]


# --- stars ---


def test_rated_once_per_solution(town: Town, person: Person) -> None:
    """Stars count once for a solution, and again after it was opened again."""
    number = town.settled(person)
    person.says("2")
    person.says("5")
    assert [row.stars for row in rows_of(town.database, RATING)] == [2]
    person.says(f"BUKA {number} bocor lagi")
    town.answers(number)
    person.hears()
    person.says("ya", "nilai 4")
    assert sorted(row.stars for row in rows_of(town.database, RATING)) == [2, 4]


def test_a_straight_life_by_sms_costs_six_parts(town: Town, texter: Person) -> None:
    """What was understood, receipt, to whom it goes, the answer in two, and the rating asked for; thanks are saved."""
    number = texter.files(WHOLE, "ya")
    town.disposes(number)
    town.answers(number)
    texter.says("ya", "5")
    assert one_of(town.database, RATING).stars == 5
    assert [count_parts(to_gsm(reply.short)) for reply in texter.all_heard()] == [1, 1, 1, 2, 1]


def test_stars_pressed_twice(town: Town, chatter: Person) -> None:
    """Another star after the first says how the report stands."""
    number = town.settled(chatter)
    chatter.presses("3")
    [heard] = chatter.presses("5")
    assert number in heard.text
    assert one_of(town.database, RATING).stars == 3


# --- STOP ---


def test_missed(town: Town, person: Person) -> None:
    """After STOP nothing of an answer leaves: MULAI brings it with its question, each once; then YA counts."""
    numbers = [town.files(person), town.files(person, OTHER)]
    person.says("stop")
    for number in numbers:
        town.disposes(number)
        town.answers(number, MONDAY + timedelta(days=1))
    person.now = MONDAY + timedelta(days=3)
    person.says("mulai")
    asked = [reply.text for reply in person.heard if "Ditambal dengan aspal" in reply.text]
    assert [number for text, number in zip(asked, numbers, strict=True) if number in text] == numbers
    assert all("beres?" in text for text in asked)
    assert town.case(numbers[0]).due_on == date(2026, 3, 26)  # anew from today
    assert "Ditambal" not in person.says("/start")
    person.says(f"ya {numbers[1]}")
    assert [town.case(number).state for number in numbers] == [CaseState.ANSWERED, CaseState.SETTLED]


def test_yes_to_what_was_never_asked(town: Town, person: Person) -> None:
    """A stray YA while nothing leaves is no answer: it gets the answer with its question; the next one counts."""
    number = town.files(person)
    person.says("stop")
    town.disposes(number)
    town.answers(number, MONDAY + timedelta(days=1))
    person.now = MONDAY + timedelta(days=1, minutes=5)
    assert "Ditambal dengan aspal" in person.says("ya")
    assert town.case(number).state is CaseState.ANSWERED
    person.says("ya")
    assert town.case(number).state is CaseState.SETTLED


# --- BUKA, BANDING ---


def test_reopen(town: Town, person: Person) -> None:
    """BUKA with number and reason opens a settled report again."""
    number = town.settled(person)
    person.says(f"BUKA {number} karena bocor lagi")
    assert town.case(number).state is CaseState.REOPENED
    assert town.told(number) == ["bocor lagi"]


def test_reopen_by_button(town: Town, chatter: Person) -> None:
    """The button asks why; BATAL leaves it as it is, the next words open it."""
    number = town.settled(chatter)
    [heard] = chatter.presses("reopen")
    assert "belum beres" in heard.text
    chatter.says("batal")
    assert town.case(number).state is CaseState.SETTLED
    chatter.says("buka")
    chatter.says("bocor lagi sejak kemarin")
    assert town.told(number) == ["bocor lagi sejak kemarin"]
    assert town.case(number).state is CaseState.REOPENED


def test_reopen_by_link(town: Town, chatter: Person) -> None:
    """The link on the report's page asks why, as the word does."""
    number = town.settled(chatter)
    assert "belum beres" in chatter.says(f"/start {payload_of(Word.REOPEN, town.case(number).number)}")
    chatter.says("bocor lagi sejak kemarin")
    assert town.told(number) == ["bocor lagi sejak kemarin"]


def test_late_not_yet(town: Town, person: Person) -> None:
    """BELUM after the time for it is over opens the report again, with its reason or once it is told."""
    number = town.settled(person)
    assert "belum beres" in person.says("belum")
    person.says("airnya keruh lagi")
    assert town.case(number).state is CaseState.REOPENED


def test_reopen_limits(town: Town, person: Person) -> None:
    """BUKA goes for thirty days and twice; then it says what to do."""
    number = town.settled(person)
    for _ in range(2):
        person.says(f"BUKA {number} bocor lagi")
        town.answers(number)
        person.says("ya")
    assert "PETUGAS" in person.says(f"BUKA {number} bocor lagi")
    person.now += timedelta(days=40)
    other = town.settled(person, OTHER)
    person.now += timedelta(days=40)
    assert "laporan baru" in person.says(f"BUKA {other}")
    assert town.case(other).state is CaseState.SETTLED


def test_reopen_what_is_open(town: Town, person: Person) -> None:
    """BUKA of a report at work says how it stands; of an answered one it is BELUM; of none it shows how."""
    assert "BUKA" in person.says("BUKA")
    number = town.files(person)
    assert "DITERIMA" in person.says(f"BUKA {number} cepat")
    town.disposes(number)
    town.answers(number)
    person.says("BUKA: masih bocor")
    assert town.case(number).state is CaseState.REOPENED
    assert "SKD-999" in person.says("BUKA SKD-999 9999 bocor lagi")


def test_reopen_which(town: Town, person: Person) -> None:
    """BUKA with two settled reports asks which, and keeps the reason."""
    first, second = two(town, person, town.settled)
    assert second in person.says("BUKA: bocor lagi")
    person.says(first)
    assert town.told(first) == ["bocor lagi"]
    assert town.case(second).state is CaseState.SETTLED


def test_appeal(town: Town, person: Person) -> None:
    """BANDING against archiving: with its reason, once."""
    number = town.files(person)
    assert "DITERIMA" in person.says(f"BANDING {number} ini jalan umum")
    town.archives(number)
    person.hears()
    person.says("BANDING", "ini jalan kabupaten, bukan jalan pribadi")
    assert town.case(number).appealed_at is not None
    assert town.told(number) == ["ini jalan umum", "ini jalan kabupaten, bukan jalan pribadi"]
    assert "sudah" in person.says(f"BANDING {number} sekali lagi")
    assert town.history(number).count(EventKind.APPEALED) == 1


def test_appeal_too_late(town: Town, person: Person) -> None:
    """The time for BANDING ends."""
    number = town.files(person)
    town.archives(number)
    person.now += timedelta(days=30)
    assert "lewat" in person.says(f"BANDING {number} ini jalan umum")
    assert town.case(number).appealed_at is None


def test_contest_beside_a_draft(town: Town, chatter: Person) -> None:
    """BUKA while a draft is open needs number and reason; the draft stays."""
    number = town.settled(chatter)
    chatter.says("LAPOR sampah menumpuk di pasar mungguk")
    assert f"BUKA {number}" in chatter.says("BUKA")
    chatter.says(f"BUKA {number} bocor lagi")
    assert town.case(number).state is CaseState.REOPENED
    assert town.drafts() == 1


# --- at the keyboard of the server ---


def test_console(town: Town) -> None:
    """There the choices bear numbers."""
    person = town.person("me", Channel.CONSOLE)
    number = town.answered(person)
    person.says("2")
    assert town.case(number).state is CaseState.REOPENED
