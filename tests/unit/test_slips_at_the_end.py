"""The last questions – delete it? change what? in which name? – take people's own words, and never do the opposite."""

from dataclasses import replace

import pytest

from handlers.conversation.flows.names import read_name
from handlers.conversation.progress import Step
from handlers.conversation.setting import Attach
from storage.vocabulary import Channel
from tests.talk import INSIDE, Talk, a_photo, at

BOTH = pytest.mark.parametrize("channel", [Channel.TELEGRAM, Channel.SMS])
LAMP = "LAPOR lampu jalan mati depan SD 3 desa mungguk sejak kemarin"


@BOTH
@pytest.mark.parametrize(
    "no",
    [
        *("tidak jadi", "gak jadi deh", "TIDAK, jadi kirim", "tdk jadi lapor", "tidak usah dihapus", "tidak"),
        *("jangan dihapus", "no, don't", "do not delete", "don't delete", "not now", "tidak ya"),
    ],
)
def test_who_says_no_keeps_the_draft(no: str, channel: Channel) -> None:
    """Whatever begins with a no deletes nothing; what may mean either is asked in words that may not."""
    talk = at(Step.DISCARD, channel)
    draft = talk.draft
    talk.says(no)
    assert talk.progress.draft == draft
    if "jadi" in no:
        assert "HAPUS atau LANJUT" in talk.said
        assert talk.says("lanjut").progress.draft == draft
        talk.says("batal", "tidak jadi", "hapus")
        assert talk.progress.draft is None


@BOTH
def test_send_never_deletes(channel: Channel) -> None:
    """KIRIM at "delete it?" keeps the report and shows it; UBAH changes it; who changes nothing after all is back."""
    for no in ("tidak jadi", "tdk jadi", "batal"):
        talk = at(Step.SUMMARY)
        talk.channel = channel
        assert talk.says(no).progress.step is Step.DISCARD
        talk.says("kirim")
        assert (talk.step, talk.filed) == (Step.SUMMARY, [])
        assert talk.says(no, "ubah").progress.step is Step.EDIT
        assert talk.says("batal", "tdk jd diubah", "tdk jd diubah").progress.step is Step.SUMMARY
    for begun in (("ubah",), ("ubah", "tempat"), ("ubah", "waktu"), ("ubah", "masalah")):
        for unchanged in ("tidak jadi", "tdk jd"):
            talk = at(Step.SUMMARY)
            talk.channel, draft = channel, talk.draft
            talk.says(*begun, unchanged)
            assert (talk.step, talk.draft) == (Step.SUMMARY, draft), (begun, unchanged)
    for unchanged in ("tdk jd diubah", "jgn diubah"):
        assert at(Step.EDIT).says(unchanged).progress.step is Step.SUMMARY
    talk.says("kirim")
    assert len(talk.filed) == 1


@BOTH
@pytest.mark.parametrize("step", [Step.EDIT, Step.SUMMARY, Step.PRIVACY, Step.NAME])
@pytest.mark.parametrize(
    "said", ["nama saya Budi, terbuka aja", "terbuka saja, atas nama Budi", "nama saya Budi terbuka"]
)
def test_a_name_with_the_wish_to_be_known(said: str, step: Step, channel: Channel) -> None:
    """Both are taken at once, and nothing is added to the story; suspected abuse stays secret."""
    talk = at(step)
    talk.channel, told = channel, talk.draft.description
    talk.says(said)
    assert (talk.step, talk.draft.name, talk.draft.is_anonymous) == (Step.SUMMARY, "Budi", False)
    assert talk.draft.description == told
    assert ("Budi" in talk.said) is (channel is Channel.TELEGRAM)


@pytest.mark.parametrize("said", ["jangan terbuka, nama saya Budi", "lubangnya terbuka"])
def test_what_is_no_wish_to_be_known(said: str) -> None:
    """No name without the wish, and no wish without the name."""
    talk = at(Step.EDIT)
    talk.says(said)
    assert (talk.draft.name, talk.draft.is_anonymous) == ("", True)


@pytest.mark.parametrize(
    ("said", "area", "place"),
    [
        ("tempatnya salah, di ds sungai ringin", "61.09.01.2001", ""),
        ("sungai ringin", "61.09.01.2001", ""),
        ("eh bukan mungguk, sungai ringin", "61.09.01.2001", ""),
        ("Bukan Mungguk tapi Sungai Ringin", "61.09.01.2001", ""),
        ("di sungai ringin dekat gereja katolik", "61.09.01.2001", "di sungai ringin dekat gereja katolik"),
        ("the place is wrong, it is sungai ringin", "61.09.01.2001", ""),
        ("patokan dekat gereja", "61.09.01.2002", "dekat gereja"),
        ("tempatnya salah, di ds mungguk", "61.09.01.2002", ""),
    ],
)
@BOTH
def test_a_place_told_at_the_menu(said: str, area: str, place: str, channel: Channel) -> None:
    """What is wrong need not be named first; the summary comes back with it."""
    talk = Talk(channel)
    talk.says(LAMP, *(() if channel is Channel.SMS else ("lewati", "1")), "ubah", said)
    assert (talk.step, talk.draft.area_code) == (Step.SUMMARY, area)
    assert place in talk.draft.place
    talk.says("ya")
    assert [draft.area_code for draft in talk.filed] == [area]


@BOTH
def test_all_else_told_at_the_menu(channel: Channel) -> None:
    """A day counts and is shown; more of the story is added; another problem's place is not this one's."""
    for said, day in (
        ("sudah 3 hari", 27),
        ("waktunya salah, 3 hari lalu", 27),
        ("bukan kemarin, 2 hari lalu", 28),
    ):
        talk = Talk(channel)
        talk.says(LAMP, *(() if channel is Channel.SMS else ("lewati", "1")), "ubah", said)
        assert talk.draft.occurred_on is not None
        assert (talk.step, talk.draft.occurred_on.day) == (Step.SUMMARY, day)
        assert f"{day}" in talk.said
    talk = Talk(channel)
    talk.says(LAMP, *(() if channel is Channel.SMS else ("lewati", "1")))
    told = "sampah juga menumpuk di sungai ringin dan bau sekali"
    talk.says("ubah", told, "ubah", "lampunya kadang hidup tapi redup sekali")
    assert told in talk.draft.description
    assert "redup sekali" in talk.draft.description
    assert (talk.step, talk.draft.area_code, talk.draft.category) == (Step.SUMMARY, "61.09.01.2002", "LAMPU")
    for said, step in (
        *(("tempatnya", Step.PLACE), ("tempatnya salah", Step.PLACE), ("mau ganti waktu", Step.WHEN)),
        *(("jenisnya", Step.CATEGORY), ("masalahnya", Step.DESCRIPTION), ("what?", Step.EDIT)),
        *(
            ("kirim", Step.SUMMARY),
            ("ya", Step.SUMMARY),
            ("tidak", Step.SUMMARY),
            ("tidak ada", Step.SUMMARY),
        ),
    ):
        menu = at(Step.EDIT)
        menu.channel = channel
        menu.says(said)
        assert (menu.step, menu.filed) == (step, []), said


@pytest.mark.parametrize(
    ("said", "name"),
    [
        *(
            (name, name)
            for name in ("rina", "Budi Santoso", "Ahmad Pasaribu", "Maria Rawak", "H. Abd. Karim", "O'Neil")
        ),
        ("Pak Haji Abdul Karim bin Usman", "Pak Haji Abdul Karim bin Usman"),
        ("nama saya Budi.", "Budi"),
        ("a.n. Siti Aminah", "Siti Aminah"),
        ("my name is Ann", "Ann"),
        *(
            (said, None)
            for said in ("pasar yg sebelah barat ya", "lampu jalan mati", "di mungguk", "kenapa harus nama?")
        ),
        *(
            (said, None)
            for said in ("0812 3456 7890", "saya sudah tulis tadi", "a b c d e f g", "...", "who are you")
        ),
    ],
)
def test_a_name_is_told_from_a_sentence(said: str, name: str | None) -> None:
    """Letters and few words make a name; what tells a place, a problem or asks does not."""
    assert read_name(said, Talk().setting) == name


def test_the_name_is_shown_before_it_is_sent() -> None:
    """What is no name is asked again, and kept where it tells something; an SMS shows none, as phones are shared."""
    talk = at(Step.NAME)
    talk.says("pasar yg sebelah barat ya")
    assert (talk.step, talk.draft.name) == (Step.NAME, "")
    assert "pasar yg sebelah barat ya" in talk.draft.description
    talk.says("kenapa?")
    assert "Tulis namanya saja" in talk.said
    talk.says("Rina")
    assert (talk.step, "terbuka, atas nama Rina" in talk.said) == (Step.SUMMARY, True)
    talk = Talk(Channel.SMS)
    talk.says(LAMP, "ubah", "5", "terbuka", "Rina")
    assert (talk.step, talk.draft.name, "Rina" in talk.said) == (Step.SUMMARY, "Rina", False)


@BOTH
def test_the_same_words_twice_are_one_report(channel: Channel) -> None:
    """LAPOR with what the draft says already asks what is open, and YA doubles nothing."""
    talk = Talk(channel)
    told = "LAPOR lampu jalan mati dekat pasar, gelap"
    assert talk.says(told, "Lapor lampu jalan mati dekat pasar gelap!").progress.step is Step.PLACE
    talk.says("desa mungguk")
    talk.says("LAPOR sampah menumpuk dekat pasar")
    assert talk.step is Step.RESUME
    assert talk.draft.description == "lampu jalan mati dekat pasar, gelap"


@BOTH
def test_a_place_alone_is_no_problem(channel: Channel) -> None:
    """Behind a point alone, RAHASIA hides the draft, YA says nothing, and the problem is still asked for."""
    talk = Talk(channel)
    talk.sends(location=INSIDE)
    for said in ("rahasia", "ya", "tidak"):
        talk.says(said)
        assert (talk.step, talk.draft.description, talk.draft.is_secret) == (Step.DESCRIPTION, "", True)


@pytest.mark.parametrize("kind", ["application/x-msdownload", "text/csv", "application/vnd.ms-excel"])
@BOTH
def test_a_file_of_a_kind_that_is_never_taken(channel: Channel, kind: str) -> None:
    """It is refused by what the provider says; where that says little, the content decides."""
    talk = at(Step.PHOTOS)
    talk.channel = channel
    talk.sends(
        media=(
            replace(a_photo("a"), type="application/octet-stream"),
            replace(a_photo("b"), type="image/heic"),
        )
    )
    assert talk.draft.attachments == 2
    talk.sends(media=(replace(a_photo("virus"), type=kind),))
    assert (talk.draft.attachments, "Jenis berkas ini tidak bisa" in talk.said) == (2, True)
    assert not any(media.ref == "virus" for done in talk.done(Attach) for media in done.media)


@BOTH
def test_too_late_to_discard(channel: Channel) -> None:
    """TIDAK JADI behind a receipt says how a report is taken back."""
    talk = Talk(channel)
    talk.says("tidak jadi")
    assert "CABUT" in talk.said


def test_help_names_what_can_be_done_now() -> None:
    """In the middle of a report its own words, else those of reports that were sent."""
    sent, unsent = ("TAMBAH", "BUKA", "CABUT"), ("UBAH", "KEMBALI", "LEWATI", "BATAL")
    talk = Talk()
    for expected, not_now in ((sent, unsent), (unsent, sent)):
        talk.says("bantuan")
        assert [word in talk.said for word in (*expected, *not_now)] == [True] * len(expected) + [
            False
        ] * len(not_now)
        talk.says("lampu jalan mati dekat pasar")
