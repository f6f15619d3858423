"""What comes soon after our news: an answer, an addition or a new report; where two are possible it is asked."""

from datetime import timedelta

import pytest

from handlers.messages import Media
from storage.models import Attachment, table
from storage.vocabulary import CaseState, Channel, EventKind, MediaKind
from tests.clockwork import DAY, HALF_AN_HOUR, MORNING, Clockwork
from tests.fakes.clock import MONDAY
from tests.person import Person
from tests.rows import rows_of
from tests.talk import INSIDE
from tests.town import OTHER, Town, two, values

ATTACHMENT = table(Attachment)
#: as long after the news as words may be about it, by the deployment file
LATE = MONDAY + timedelta(hours=48)


def taken_for_new(person: Person, *texts: str) -> list[str]:
    """Return those texts that begin a report, each told in a moment of its own."""
    begun = []
    for text in texts:
        heard = person.sends(text=text)
        if not any("other" in values(reply) for reply in heard):
            begun.append(text)
            person.says("batal", "ya")
        else:
            assert "tidak ada yang berubah" in person.says("batal")
    return begun


def test_perhaps_an_addition(town: Town, person: Person) -> None:
    """Words without a clear new problem are offered as an addition, and kept; either choice is one word."""
    number = town.files(person)
    more = (
        "patokannya dekat warung bu siti",
        "depan pos kamling persis, yg dekat jembatan",
        "teknisinya blm datang",
    )
    for text, choice in zip(more, ("1", "tambahan", "Tambahan"), strict=True):
        asked = person.says(text)
        assert number in asked
        assert "laporan baru" in asked
        assert town.drafts() == 0
        assert "tambahkan" in person.says(choice)
    assert town.told(number) == list(more)
    person.says("lampunya masih mati pak, bohong aja kerjaannya")
    assert "laporan baru?" in person.says("ya")  # which of the two?
    assert "laporan baru?" in person.says("7")
    person.says("laporan baru")
    assert town.drafts() == 1
    assert town.told(number) == list(more)
    person.says("batal", "ya")
    assert "Sama-sama" in person.says("oke ditunggu")
    assert "DITERIMA" in person.says("kok lama sekali tidak ada kabar")
    assert town.drafts() == 0


def test_surely_new(town: Town, person: Person) -> None:
    """Another topic, a problem told with its place, danger, LAPOR, and what comes days later begin a report."""
    town.files(person)
    new = (
        "sampah menumpuk di belakang rumah saya tidak diangkut",
        "lampu jalan mati di desa peniti depan balai",
        "lampu jalan mati depan SD 3 desa mungguk",
        "wakil rakyat tidak pernah turun ke desa tanjung",
        "LAPOR lampu mati",
        "ada kebakaran di sebelah rumah saya",
    )
    old = (
        "lampunya di sebelah kiri",
        "nomor tiangnya 45",
        "masih gelap juga",
        "it is near the health center",
    )
    assert taken_for_new(person, *new, *old) == list(new)
    person.now = LATE
    assert taken_for_new(person, "depan pos kamling persis, yg dekat jembatan") != []


def test_of_several(town: Town, person: Person) -> None:
    """With several at work each is offered, the one told of last first; a topic told of one is no new problem."""
    first, second = two(town, person, town.files)
    [asked] = person.sends(text="yang rumah cat biru itu")
    ids = [str(town.case(number).report_id) for number in (second, first)]
    assert values(asked) == [*ids, "other"]
    person.says("2")
    assert (town.told(first), town.told(second)) == (["yang rumah cat biru itu"], [])
    assert taken_for_new(person, "lampunya masih mati juga") == []


def test_english(town: Town, person: Person) -> None:
    """The same in English."""
    number = town.files(person)
    person.says("english")
    assert "a new report?" in person.says("the landmark is next to the school")
    assert "added" in person.says("addition")
    person.says("it has a blue roof")
    person.says("new report")
    assert town.told(number) == ["the landmark is next to the school"]
    assert town.drafts() == 1


def test_late_files(town: Town, chatter: Person) -> None:
    """A late album is asked about once and added whole; so is a point; pressed again for the next, it counts again."""
    number = town.files(chatter)
    town.disposes(number)
    chatter.hears()
    report = str(town.case(number).report_id)
    for part in range(3):
        heard = chatter.sends(media=(Media(MediaKind.PHOTO, f"a{part}", group="g"),))
        assert len(heard) == (part == 0)
    assert len(chatter.presses(report)) == 1
    assert chatter.sends(media=(Media(MediaKind.PHOTO, "a3", group="g"),)) == []
    chatter.sends(location=INSIDE)
    chatter.presses(report)
    assert chatter.presses(report) == []
    chatter.sends(media=(Media(MediaKind.VOICE, "v"),))
    chatter.presses(report)
    of = [row.report_id for row in rows_of(town.database, ATTACHMENT)]
    assert of == [int(report)] * 5
    assert [told[:6] for told in town.told(number)] == ["Lokasi"]
    chatter.sends(media=(Media(MediaKind.PHOTO, "b"),))
    chatter.presses("other")
    assert "Apa masalahnya" in chatter.last
    assert town.drafts() == 1


def test_archived(town: Town, person: Person) -> None:
    """Protest after an archiving is offered as BANDING, with its words as the reason."""
    number = town.files(person)
    town.archives(number)
    person.hears()
    asked = person.says("kok diarsipkan? lampu mati itu!!")
    assert "BANDING" in asked
    assert "BANDING" in person.says("tetap harus diperbaiki")
    person.says("banding")
    assert EventKind.APPEALED in town.history(number)
    assert town.drafts() == 0


def test_reply_to_archiving(town: Town, chatter: Person) -> None:
    """Words in reply to the news that it is archived are kept, and BANDING is named."""
    number = town.files(chatter)
    town.archives(number)
    chatter.hears()
    chatter.sends(text="jalan itu milik umum pak", reply_to=town.ref_of(chatter, number))
    assert f"BANDING {number}" in chatter.last
    assert town.told(number) == ["jalan itu milik umum pak"]


def test_answer_beside_a_draft(town: Town, person: Person) -> None:
    """What sounds like an answer goes to the news that came after the draft's last question."""
    number = town.files(person)
    town.disposes(number)
    person.says("sampah menumpuk di pasar desa mungguk sudah 3 hari bau sekali")
    town.answers(number)
    person.hears()
    person.says("udah bagus pak makasih")
    assert town.case(number).state is CaseState.SETTLED
    person.says("bintang 3")
    assert EventKind.RATED in town.history(number)
    person.says("eh rusak lagi")
    assert EventKind.REOPENED in town.history(number)
    assert town.drafts() == 1
    person.says("baunya sampai ke sekolah")  # is the draft's
    assert town.told(number) == ["eh rusak lagi"]


def test_answer_or_draft(town: Town, person: Person) -> None:
    """A number that both may mean is asked about, and given to the one that is chosen."""
    number = town.files(person)
    town.disposes(number)
    person.says("sampah menumpuk di pinggir jalan sudah 3 hari bau sekali", "tidak tahu", "entah dimana")
    town.answers(number)
    person.hears()
    person.says("iya sudah nyala")
    assert town.case(number).state is CaseState.SETTLED
    assert "sedang Anda tulis" in person.says("3")
    person.says("2")
    assert EventKind.RATED not in town.history(number)
    assert "Nanga Taman" in person.last  # the third district


def test_rating_chosen(town: Town, chatter: Person) -> None:
    """The same number is the rating, where that is chosen by a press; then the draft goes on."""
    number = town.files(chatter)
    town.disposes(number)
    chatter.says("sampah menumpuk di pinggir jalan sudah 3 hari bau sekali", "tidak tahu", "entah dimana")
    town.answers(number)
    chatter.hears()
    chatter.says("iya sudah nyala", "3")
    chatter.presses(str(town.case(number).report_id))
    assert EventKind.RATED in town.history(number)
    assert "Kec. Sekadau Hulu" in chatter.says("2")


@pytest.mark.parametrize("praise", ["ok sip mantap", "ok mantap", "mantap pak, terima kasih", "bagus"])
def test_praise(town: Town, person: Person, praise: str) -> None:
    """Praise answers "is it solved?", and stars after it are understood."""
    number = town.answered(person)
    person.hears()
    person.says(praise)
    assert town.case(number).state is CaseState.SETTLED
    person.says("2")
    assert EventKind.RATED in town.history(number)
    assert "Sama-sama" in person.says("mantap")


def test_praise_of_something_else(town: Town, person: Person) -> None:
    """Praise after the receipt of another report closes none."""
    number = town.answered(person)
    town.files(person, OTHER)
    assert "Sama-sama" in person.says("ok mantap")
    assert town.case(number).state is CaseState.ANSWERED


def test_again_of_another_topic(town: Town, person: Person) -> None:
    """ "Lampu mati lagi" does not reopen the road's report: it begins one."""
    number = town.answered(person, OTHER)
    for text in ("lampu mati lagi", "sampah bau lagi pak"):
        person.says(text)
        assert (town.case(number).state, town.drafts()) == (CaseState.ANSWERED, 1), text
        person.says("batal", "ya")
    person.says("jalannya rusak lagi")
    assert EventKind.REJECTED in town.history(number)


def test_thanks(town: Town, person: Person) -> None:
    """Thanks and stars say nothing of whether it is solved: that is asked again."""
    number = town.answered(person)
    person.hears()
    for text in ("terima kasih", "4"):
        assert "beres" in person.says(text), text
        assert values(person.heard[0]) == ["yes", "no"]
    assert town.case(number).state is CaseState.ANSWERED
    person.says("ya")
    assert town.case(number).state is CaseState.SETTLED


def test_old_choice(town: Town, person: Person) -> None:
    """A number after later news is about that news; what was kept can still be chosen in words."""
    number = town.files(person)
    person.says("yang rumah cat biru itu")
    town.disposes(number)
    town.answers(number)
    person.hears()
    assert "beres" in person.says("2")
    assert town.drafts() == 0
    person.says("tambahan")
    assert town.told(number) == ["yang rumah cat biru itu"]


def test_reason_to_withdraw(town: Town, person: Person) -> None:
    """CABUT waits for its reason; TIDAK ends it. Of what was taken back nothing more is asked."""
    number = town.files(person)
    assert "Mengapa" in person.says("cabut")
    assert "tidak ada yang berubah" in person.says("tidak")
    person.says("cabut")
    assert "Cabut" in person.says("sudah diperbaiki warga sendiri")
    person.says("ya")
    assert town.history(number)[-1] is EventKind.WITHDRAWN
    assert town.drafts() == 0
    assert taken_for_new(person, "depan pos kamling persis") == ["depan pos kamling persis"]


def test_never_said_which(town: Town, person: Person) -> None:
    """Words kept for the question are reminded of as a draft is, by SMS in the morning; its choices work then."""
    number = town.files(person)
    clockwork = Clockwork(town.database, town.service)
    told = "lampu teras rumah saya juga mati sejak kemarin"
    person.says(told)
    is_chat = person.channel is Channel.TELEGRAM
    assert clockwork.recalls(person.now + HALF_AN_HOUR) == is_chat
    person.hears()
    assert clockwork.recalls(MORNING) == 1
    [asked] = person.hears()
    assert person.last.startswith("Pesan Anda belum kami teruskan")
    assert values(asked)[-1] == "other"
    assert len(asked.short) <= 160
    person.now = MORNING + timedelta(hours=3)
    person.says("2")
    draft = clockwork.progress(person).draft
    assert draft is not None
    assert draft.description == told
    assert town.told(number) == []


def test_given_up(town: Town, person: Person) -> None:
    """What nobody comes back to is not joined with what is told days later, and deleted with a word in the chat."""
    number = town.files(person)
    clockwork = Clockwork(town.database, town.service)
    person.says("teknisinya blm datang")
    person.now += timedelta(hours=30)
    person.says("tiangnya juga miring sebelah kiri itu", "tambahan")
    assert town.told(number) == ["tiangnya juga miring sebelah kiri itu"]
    person.says("kabelnya sebelah kanan itu")
    assert clockwork.expires(MONDAY + 6 * DAY) == 1
    person.hears()
    assert ("sudah kami hapus" in person.last) is (person.channel is Channel.TELEGRAM)
    assert clockwork.expires(MONDAY + 9 * DAY) == clockwork.recalls(MORNING + 6 * DAY) == 0
