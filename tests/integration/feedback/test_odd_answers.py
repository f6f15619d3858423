"""What people send that fits nothing quite: photos under words, wrong numbers, an answer twice."""

from datetime import timedelta

import pytest

from handlers.messages import Media
from storage.models import Attachment, table
from storage.vocabulary import CaseState, Channel, EventKind, MediaKind
from tests.person import NUMBER, Person
from tests.rows import rows_of
from tests.town import OTHER, Town, two

ATTACHMENT = table(Attachment)


def sends_photo(person: Person, caption: str, group: str | None = None) -> str:
    """Return what a photo with these words is answered."""
    person.sends(media=(Media(MediaKind.PHOTO, f"p{caption}{group}", 100, group),), text=caption)
    return person.last


def kept(town: Town, number: str) -> int:
    """Return how many of the reporter's files a report has."""
    report_id = town.case(number).report_id
    rows = rows_of(town.database, ATTACHMENT)
    return sum(row.report_id == report_id and not row.is_from_officer for row in rows)


# --- photos under CABUT, BUKA, BANDING, RAHASIA ---


def test_photo_under_withdraw(town: Town, person: Person) -> None:
    """It belongs to the report named, or the only one open, which is said; YA then takes the report back."""
    number = town.files(person)
    said = sends_photo(person, "CABUT")
    assert f"tambahkan ke laporan {number}" in said
    assert f"{number}" in said.partition("Mengapa")[2]
    assert "Cabut" in sends_photo(person, "sudah beres oleh warga", "album")
    assert "Cabut" not in sends_photo(person, "", "album")
    assert "diarsipkan" in person.says("ya")
    assert kept(town, number) == 3


def test_withdrawn_of_several(town: Town, person: Person) -> None:
    """Without a number it is asked which one is meant; photo and reason wait for that."""
    first, second = two(town, person, town.files)
    said = sends_photo(person, "CABUT salah tempat")
    assert first in said
    assert second in said
    said = person.says("no 2")
    assert f"tambahkan ke laporan {first}" in said
    assert person.says("ya")
    assert [town.case(one).state for one in (first, second)] == [CaseState.ARCHIVED, CaseState.UNVERIFIED]
    assert [kept(town, one) for one in (first, second)] == [1, 0]
    assert town.history(first)[-1] is EventKind.WITHDRAWN


def test_a_reason_that_would_be_yes(town: Town, person: Person) -> None:
    """It is not asked for again."""
    for words in ("CABUT sudah beres", "cabut laporan, sdh selesai pak", "CABUT: sudah"):
        town.files(person)
        assert "alasan" not in person.says(words)
        assert "diarsipkan" in person.says("ya")


def test_photo_under_secrecy(town: Town, person: Person) -> None:
    """It belongs to the report that RAHASIA names, also beside an unfinished one, and others' numbers keep nothing."""
    first, second = two(town, person, town.files)
    said = sends_photo(person, f"RAHASIA {first}")
    assert "rahasia" in said
    assert "tidak kami simpan" not in said
    person.says("lampu jalan mati di desa mungguk")
    assert "tidak kami simpan" not in sends_photo(person, f"rahasiakan {second}")
    assert [kept(town, one) for one in (first, second)] == [1, 1]


@pytest.mark.parametrize(
    "caption", ["CABUT 7140667 salah", "BUKA 7140667 masih mati", "BANDING 7140667 salah"]
)
def test_photo_under_a_wrong_number(town: Town, person: Person, caption: str) -> None:
    """No report is known that it belongs to: that it is not kept is said."""
    number = town.files(person)
    said = sends_photo(person, caption)
    assert "keliru" in said
    assert "tidak kami simpan" in said
    assert kept(town, number) == 0
    assert town.drafts() == 0


def test_photo_under_reopen(town: Town, person: Person) -> None:
    """An album under BUKA is kept whole, and the reason is still asked for; with one it is opened at once."""
    number = town.settled(person)
    assert "belum beres" in sends_photo(person, "BUKA", "a")
    assert sends_photo(person, "", "a") == ""
    assert town.case(number).state is CaseState.SETTLED
    person.says("lampunya mati lagi sejak kemarin")
    assert town.case(number).state is CaseState.REOPENED
    assert kept(town, number) == 2
    assert "belum bisa dibuka" in sends_photo(person, f"BUKA {number} masih mati")
    assert kept(town, number) == 3


@pytest.mark.parametrize(
    "caption", ["BANDING {} tempatnya jelas di foto ini", "BANDING tempatnya jelas di foto ini"]
)
def test_photo_under_appeal(town: Town, person: Person, caption: str) -> None:
    number = town.files(person)
    town.archives(number)
    person.hears()
    assert f"tambahkan ke laporan {number}" in sends_photo(person, caption.format(number))
    assert town.history(number)[-1] is EventKind.APPEALED
    assert kept(town, number) == 1


def test_photo_under_protect(town: Town, person: Person) -> None:
    number = town.files(person)
    said = sends_photo(person, "rahasia")
    assert "dirahasiakan" in said
    assert kept(town, number) == 1


# --- words about a report ---


@pytest.mark.parametrize("text", ["TAMBAH {0}", "tambah: {0}"])
def test_added_to_the_one_named(town: Town, person: Person, text: str) -> None:
    """TAMBAH with a number alone asks for the words; they go to that report, of several as well."""
    first, second = two(town, person, town.files)
    person.says(text.format(first), "tiangnya miring juga")
    assert town.told(first)[-1] == "tiangnya miring juga"
    assert "tiangnya miring juga" not in town.told(second)
    assert town.drafts() == 0


def test_words_with_a_number(town: Town, person: Person) -> None:
    """What names a report and tells something is kept with it; a question about it is none of its words."""
    number = town.files(person)
    assert f"tambahkan ke laporan {number}" in person.says(f"{number} masih mati")
    assert town.told(number)[-1] == "masih mati"
    count = len(town.told(number))
    assert "DITERIMA" in person.says(number)
    person.says(f"kapan {number}?")
    assert len(town.told(number)) == count


@pytest.mark.parametrize(
    ("text", "words"), [("BUKA masih mati", "masih mati"), ("BANDING {} tidak adil", "tidak adil")]
)
def test_refused_words_are_kept(town: Town, person: Person, text: str, words: str) -> None:
    """What comes with BUKA or BANDING where neither can be is kept with the report, and said to be."""
    number = town.files(person)
    said = person.says(text.format(number))
    assert number in said
    assert "DITERIMA" in said
    assert "simpan" in said
    assert town.told(number)[-1] == words


# --- answers that fit nothing quite ---


@pytest.mark.parametrize(("language", "hint"), [("bahasa indonesia", "1 (buruk)"), ("english", "1 (poor)")])
def test_a_mark_out_of_range(town: Town, person: Person, language: str, hint: str) -> None:
    """6, 0 or 10 is met with what can be answered; the mark counts then, and a second one shows how it stands."""
    number = town.settled(person)
    person.says(language)
    for mark in ("6", "0", "10"):
        assert hint in person.says(mark)
    person.says("4")
    assert number in person.says("lima")
    assert town.drafts() == 0


def test_yes_twice(town: Town, person: Person) -> None:
    """A second YA is told how the report stands."""
    number = town.answered(person)
    person.says("ya")
    for again in ("ya", "YA.", "Ya 👍"):
        assert number in person.says(again)
    assert town.history(number).count(EventKind.CONFIRMED) == 1


@pytest.mark.parametrize("text", ["ya", "YA!!", "kirim", "send it"])
def test_sent_twice(town: Town, person: Person, text: str) -> None:
    """YA once more, behind the receipt, is told how the report stands, and that a new one may be written."""
    number = town.files(person)
    assert number in person.says(text)
    assert town.drafts() == 0


@pytest.mark.parametrize("text", ["bohong", "itu bohong pak", "not really"])
def test_blunt_answers(town: Town, person: Person, text: str) -> None:
    """They open the report again that was answered, and begin none."""
    number = town.answered(person)
    assert number in person.says(text)
    assert town.case(number).state is CaseState.REOPENED
    assert town.drafts() == 0


@pytest.mark.parametrize("choice", ["2", "no 2", "yg 2.", "yang lampu", "yg lampu jalan"])
def test_which_is_meant(town: Town, person: Person, choice: str) -> None:
    """It is said by its place, or by what it is about; a number that is none of them asks again, and begins nothing."""
    first, _ = two(town, person, town.answered)
    assert first in person.says("ya")
    asked = person.last
    assert NUMBER.findall(person.says("5")) == NUMBER.findall(asked)
    person.says(choice)
    assert town.case(first).state is CaseState.SETTLED
    assert town.drafts() == 0


def test_what_is_not_a_choice(town: Town, person: Person) -> None:
    """Words on another matter are a report of their own."""
    two(town, person, town.answered)
    person.says("ya", "sampah menumpuk di pasar mungguk")
    assert town.drafts() == 1


@pytest.mark.parametrize("text", ["no photo", "No pictures", "yes please"])
def test_english_in_the_middle(town: Town, text: str) -> None:
    """English answers count in an Indonesian dialogue as well, and are no part of the report."""
    person = town.person(channel=Channel.TELEGRAM)
    person.says(OTHER)
    said = person.says(text)
    assert "tambahkan" not in said
    assert "STATUS" not in said


@pytest.mark.parametrize("text", ["saya mau lapor tapi rahasia ya", "I want to report but secret"])
def test_wish_to_report_protected(town: Town, person: Person, text: str) -> None:
    """It begins a report; "my report secret" is about the one that was sent."""
    number = town.files(person)
    person.now += timedelta(days=5)
    person.says(text)
    assert town.drafts() == 1
    person.says("batal", "ya")
    assert number in person.says("make my report secret")
    assert town.drafts() == 0


@pytest.mark.parametrize("size", [100, 10**9])
def test_words_under_a_refused_file(town: Town, person: Person, size: int) -> None:
    """They count, whatever the file: they begin a report, or go with the one that was sent."""
    word_file = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    files = (Media(MediaKind.DOCUMENT, "d", size, None, word_file if size == 100 else "application/pdf"),)
    refused = "terlalu besar" if size > 100 else "tidak bisa kami terima"
    person.sends(media=files, text="lampu jalan mati depan SD 3 desa mungguk sejak kemarin")
    assert refused in person.heard[0].text
    assert town.drafts() == 1
    person.says("batal", "ya")
    number = town.files(person)
    for text in (f"TAMBAH {number} ini surat kami", f"{number} tiangnya miring"):
        person.sends(media=files, text=text)
        assert refused in person.heard[0].text
    person.sends(media=files)
    assert refused in person.last
    assert town.told(number) == ["ini surat kami", "tiangnya miring"]
    assert kept(town, number) == 0


CAPITALS = (
    "CABUT gigi di puskesmas mungguk dimintai bayaran padahal pakai BPJS",
    "BUKA puskesmas sekadau hilir selalu telat jam 10, warga antri lama",
    "BANDING harga pupuk di desa mungguk mahal sekali",
)


@pytest.mark.parametrize("text", CAPITALS)
def test_capitals_before_a_complaint(town: Town, person: Person, text: str) -> None:
    """It is the first word of the complaint, whether or not another matter was reported before."""
    person.says(text)
    assert town.drafts() == 1
    person.says("batal", "ya")
    number = town.settled(person)
    person.now += timedelta(days=5)
    person.says(text)
    assert town.drafts() == 1
    person.says("batal", "ya", "BUKA lampu di desa mungguk mati")  # is about what was reported
    assert EventKind.REOPENED in town.history(number)


def test_codes_for_one_report(town: Town, chatter: Person) -> None:
    """However many addresses ask for it, its reporter gets five codes a day; who asks cannot tell."""
    number = town.files(chatter)
    chatter.hears()
    told = {town.person(f"51{n:08}").says(f"SAMBUNG {number}") for n in range(7)}
    assert len(told) == 1
    codes = [one.text for one in chatter.hears()]
    assert len(codes) == 5
    assert all("untuk menyambungkan laporan" in one for one in codes)
    late = town.person("5200000000")
    late.now += timedelta(days=1, minutes=1)
    late.says(f"SAMBUNG {number}")
    assert len(chatter.hears()) == 1


def test_kept_whole(town: Town, chatter: Person) -> None:
    """Nothing that waits is lost for what comes after it: an album fits beside words; what does not is refused."""
    number = town.files(chatter)
    chatter.says("teknisinya blm datang")
    heard = [chatter.sends(media=(Media(MediaKind.PHOTO, f"p{n}", group="g"),)) for n in range(12)]
    assert [len(one) for one in heard] == [1, *[0] * 9, 1, 0]
    assert "10 berkas" in heard[10][0].text
    chatter.says("tambahan")
    assert town.told(number) == ["teknisinya blm datang"]
    assert len(rows_of(town.database, ATTACHMENT)) == 10
    for count in range(22):
        chatter.says(f"yang rumah cat biru itu, pintu ke {count}")
    assert "tidak kami simpan" in chatter.last
    chatter.says("tambahan")
    assert len(town.told(number)) == 21


def test_kept_and_edited(town: Town, chatter: Person) -> None:
    """An edit takes the place of what waits."""
    number = town.files(chatter)
    chatter.sends(text="teknisinya blm datang", message_ref="70")
    chatter.sends(text="teknisinya sudah datang", message_ref="70", is_edit=True)
    chatter.says("tambahan")
    assert town.told(number) == ["teknisinya sudah datang"]
