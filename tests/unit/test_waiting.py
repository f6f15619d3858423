"""What is told while the person decides over a draft: nothing of it is lost or put with the wrong report."""

from dataclasses import replace

import pytest

from handlers.conversation.flows.questions import ANEW, CONTINUE
from handlers.conversation.progress import Step
from handlers.conversation.recall import expired
from handlers.conversation.setting import Attach, DropFiles, FileReport, MoveFiles
from handlers.conversation.waiting import ASIDE
from storage.vocabulary import Channel
from tests.talk import INSIDE, OUTSIDE, Talk, a_photo, at

MUNGGUK, PENITI = "61.09.01.2002", "61.09.01.2011"
OTHER = "air pdam mati di desa peniti dekat gereja sejak kemarin"
MORE = "tiangnya juga miring sekali ke jalan"


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize("step", sorted(ASIDE))
def test_another_problem_changes_nothing_of_the_draft(step: Step, channel: Channel) -> None:
    """A whole new problem typed at the question is kept, and the question is asked again."""
    talk = at(step, channel)
    before = talk.draft
    talk.says(OTHER)
    assert (talk.step, talk.draft, talk.progress.waiting) == (step, before, OTHER)
    assert talk.said.startswith("Pesan Anda")


@pytest.mark.parametrize(("step", "answer"), [(Step.RESUME, "yang baru"), (Step.DISCARD, "hapus")])
def test_begins_the_new_report(step: Step, answer: str) -> None:
    """Who gives the old one up goes on with what was told."""
    talk = at(step)
    old = talk.draft
    talk.says(OTHER, answer)
    assert DropFiles(old.id) in talk.turn.outputs
    assert (talk.draft.description, talk.draft.area_code) == (OTHER, PENITI)


def test_has_its_turn_after_the_draft() -> None:
    """Who goes on with the old one sends it unchanged, and is then asked about the other."""
    talk = at(Step.RESUME)
    old = talk.draft
    talk.says(OTHER, "lanjut", "1", "ya")
    assert [draft.description for draft in talk.filed] == [old.description]
    assert isinstance(talk.turn.outputs[0], FileReport)
    assert talk.said.startswith("Sekarang laporan Anda yang lain.")
    assert (talk.draft.description, talk.progress.waiting) == (OTHER, "")


@pytest.mark.parametrize("step", [Step.PHOTOS, Step.PRIVACY, Step.SUMMARY])
def test_another_problem_in_the_middle_has_its_turn_after_the_draft(step: Step) -> None:
    """Another topic is kept for a report of its own, and the question asked again; more of the same is added."""
    talk = at(step)
    old = talk.draft
    talk.says(OTHER)
    assert (talk.step, talk.draft, talk.progress.waiting) == (step, old, OTHER)
    assert talk.said.startswith("Masalah lain")
    talk.says("dan air pdam juga mati di sini sejak kemarin", f"{MORE} sampai desa peniti")
    assert (
        talk.draft.description
        == f"{old.description}\ndan air pdam juga mati di sini sejak kemarin\n{MORE} sampai desa peniti"
    )
    talk.says("lewati", "1", "ya", "ya")
    assert [draft.id for draft in talk.filed] == [old.id]
    assert talk.draft.description == OTHER


def test_more_of_the_same_is_added() -> None:
    """What tells more of the same problem belongs to the draft that is gone on with."""
    talk = at(Step.RESUME)
    talk.says(MORE, "lanjut")
    assert talk.draft.description.endswith(f"\n{MORE}")
    assert (talk.step, talk.progress.waiting) == (Step.PRIVACY, "")


def test_words_for_a_draft_without_any() -> None:
    """A draft of photos alone gets the words that came meanwhile."""
    talk = at(Step.DESCRIPTION)
    talk.says("/start", OTHER, "lanjut")
    assert (talk.draft.description, talk.draft.attachments) == (OTHER, 1)


@pytest.mark.parametrize("step", sorted(ASIDE))
def test_a_photo_goes_with_the_new_report(step: Step) -> None:
    """A file sent at the question is kept apart from the old draft, and goes where the person decides."""
    talk = at(step)
    old = talk.draft
    talk.sends(media=(a_photo(),), text=OTHER)
    (attach,) = talk.done(Attach)
    assert attach.draft_id != old.id
    assert talk.draft == old
    talk.presses(ANEW if step is Step.RESUME else "yes")
    assert (talk.draft.id, talk.draft.attachments, talk.draft.description) == (attach.draft_id, 1, OTHER)


def test_a_photo_alone_goes_with_the_draft_gone_on_with() -> None:
    talk = at(Step.RESUME)
    talk.sends(media=(a_photo(),))
    (attach,) = talk.done(Attach)
    talk.presses(CONTINUE)
    assert talk.done(MoveFiles) == [MoveFiles(attach.draft_id, talk.draft.id)]
    assert talk.draft.attachments == 1


def test_a_point_does_not_move_the_old_report() -> None:
    """A point sent at the question is the new report's, or read back before it becomes the old one's."""
    talk = at(Step.RESUME)
    talk.sends(location=INSIDE)
    assert (talk.step, talk.draft.location) == (Step.RESUME, None)
    talk.presses(CONTINUE)
    assert (talk.step, talk.draft.location) == (Step.POINT, INSIDE)
    talk = at(Step.RESUME)
    talk.sends(location=INSIDE)
    talk.says("yang baru", "air pdam mati sejak kemarin")
    assert (talk.draft.area_code, talk.draft.location) == (MUNGGUK, INSIDE)


def test_a_point_outside() -> None:
    talk = at(Step.RESUME)
    talk.sends(location=OUTSIDE)
    assert talk.progress.next_draft is None
    assert "di luar Kabupaten Sekadau" in talk.said


def test_danger_is_answered_first() -> None:
    """A text that waits tells of danger: the numbers do not wait."""
    for talk in (at(Step.RESUME), at(Step.PRIVACY)):
        talk.says("LAPOR kebakaran di rumah tetangga desa tanjung, tolong")
        assert "113" in talk.replies[0].text
        assert talk.step is Step.RESUME
    talk = at(Step.DISCARD)
    talk.says("kebakaran di rumah tetangga desa tanjung, tolong")
    assert "113" in talk.replies[0].text


def test_edited_while_it_waits() -> None:
    """An edit of the message that waits edits it, and later the report it became."""
    talk = at(Step.RESUME)
    talk.says("air pdam mati di desa peniti", ref="7")
    talk.edits("7", OTHER)
    assert talk.progress.waiting == OTHER
    talk.says("2")
    talk.edits("7", f"{OTHER} pagi")
    assert talk.draft.description == f"{OTHER} pagi"


def test_too_long_to_wait() -> None:
    """What is too long is said to be too long; what waits already is kept."""
    talk = at(Step.RESUME)
    talk.says(OTHER, "jalan rusak parah " * 278)
    assert talk.progress.waiting == OTHER
    assert "2000" in talk.said


def test_goes_with_the_draft_at_last() -> None:
    """Nobody came back: what waited goes as well, with its files."""
    talk = at(Step.RESUME)
    talk.sends(media=(a_photo(),), text=OTHER)
    beside = talk.progress.next_draft
    assert beside is not None
    gone = expired(talk.progress, talk.draft, talk.setting)
    assert DropFiles(beside.id) in gone.outputs
    assert (gone.progress.waiting, gone.progress.next_draft) == ("", None)


@pytest.mark.parametrize(
    ("step", "answer", "following"),
    [
        *((Step.DISCARD, text, Step.PRIVACY) for text in ("jangan", "eh jadi", "lanjut", "jangan hapus", "keep it")),
        *((Step.DISCARD, text, None) for text in ("hapus", "hapus saja", "ya hapus", "buang", "ya")),
        *((Step.RESUME, text, Step.PRIVACY) for text in ("lanjut", "lanjutkan", "yang lama", "yang tadi", "go on")),
        *((Step.RESUME, text, Step.DESCRIPTION) for text in ("yang baru", "buat yang baru", "laporan baru", "new one")),
    ],
)  # fmt: skip
def test_typed(step: Step, answer: str, following: Step | None) -> None:
    """What people type for the buttons."""
    talk = at(step)
    talk.says(answer)
    assert talk.step is following


def test_buttons_say_what_they_do() -> None:
    assert [choice.label for choice in at(Step.DISCARD).progress.choices] == ["Hapus", "Jangan hapus"]


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize(
    ("first", "text"),
    [
        ("saya mau tanya cara bikin ktp", "listrik padam dari semalam di ds tapang pulau"),
        ("lampu jalan mati depan SD 3 desa mungguk", "air pdam juga mati di sini sejak kemarin"),
        ("gaji karyawan perusahaan belum dibayar", "jalan di depan rumah saya hancur sudah 2 tahun"),
        ("street light broken in front of the market", "the pipe is broken and leaking since friday"),
    ],
)
def test_another_topic_is_not_joined_unasked(first: str, text: str, channel: Channel) -> None:
    """It is asked whether it belongs to the draft: TAMBAH adds it, and without that it becomes a report of its own."""
    talk = Talk(channel)
    talk.says(first, text)
    step = talk.step
    assert (talk.draft.description, talk.progress.waiting) == (first, text)
    assert "TAMBAH" in talk.said or "ADD" in talk.said
    talk.says("tambah" if "TAMBAH" in talk.said else "add")
    assert (talk.draft.description, talk.progress.waiting) == (f"{first}\n{text}", "")
    assert talk.step in (step, Step.SUMMARY, Step.LANDMARK)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "dan bau busuk sampai ke rumah kami",
            "di jembatan rusak dekat SD 3 mungguk",
            "tiangnya juga miring sekali",
        ),
        "petugas dishub minta uang 100rb supaya diperbaiki",
    ],
)
def test_more_of_the_same_problem_does_not_wait(text: str) -> None:
    talk = at(Step.PLACE)
    talk.says(text)
    assert talk.progress.waiting == ""


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize(
    "place",
    [
        "simpang jembatan rusak desa mungguk",
        "pertigaan yang jalannya rusak parah itu, ds mungguk",
        "rumah saya di jalan yang rusak parah itu ds mungguk",
        "tikungan rawan banjir desa mungguk",
    ],
)
def test_a_place_told_by_what_is_wrong_there_is_the_place(place: str, channel: Channel) -> None:
    talk = Talk(channel)
    talk.says("lampu jalan mati", place)
    assert (talk.draft.area_code, talk.draft.place) == (MUNGGUK, place)
    assert (talk.draft.description, talk.progress.waiting) == ("lampu jalan mati", "")


@pytest.mark.parametrize("channel", Channel)
def test_danger_has_its_turn_before_the_draft(channel: Channel) -> None:
    """The numbers, then the danger's own report, then the draft with all that was told and sent."""
    talk = Talk(channel)
    talk.sends(media=(a_photo(),), text="lampu jalan mati depan SD 3 desa mungguk", message_ref="1")
    old, fire = talk.draft, "ada kebakaran di pasar sekadau tolong"
    talk.says(fire)
    assert "113" in talk.replies[0].short
    assert (talk.draft.description, talk.draft.attachments, talk.draft.is_emergency) == (fire, 0, True)
    assert "kami simpan" in talk.said
    talk.says("sungai ringin", "ya")
    assert [draft.description for draft in talk.filed] == [fire]
    assert replace(talk.draft, done=old.done) == old
    assert not talk.draft.is_emergency


@pytest.mark.parametrize("channel", Channel)
def test_a_whole_problem_told_at_where_is_story_and_place(channel: Channel) -> None:
    """After first words that told no topic."""
    talk = Talk(channel)
    talk.says("pemerintah di sini sungguh tidak ada perhatian buat rakyat kecil")
    assert talk.step is Step.PLACE
    talk.says("JALAN DI DEPAN RUMAH SAYA HANCUR SUDAH 2 TAHUN", "ds nanga taman")
    assert talk.draft.description.endswith("\nJALAN DI DEPAN RUMAH SAYA HANCUR SUDAH 2 TAHUN")
    assert (talk.draft.category, talk.draft.area_code) == ("JALAN", "61.09.03.2001")


@pytest.mark.parametrize(
    ("text", "others"),
    [
        (
            "lampu jln mati dan jln berlubang di ds sungay ringin, sampah jg numpuk",
            "Jalan, jembatan, drainase",
        ),
        ("jalan rusak dan lampu mati di mungguk", "Lampu jalan dan perhubungan"),
        ("jalan rusak parah dan licin di mungguk", None),
        ("kebakaran dan listrik padam di mungguk", None),
    ],
)
def test_of_several_problems_told_at_once_it_is_said_which_one_was_noted(
    text: str, others: str | None
) -> None:
    """In chat, where words cost nothing."""
    talk = Talk()
    talk.says(text)
    assert talk.said.startswith("Kami catat") or "113" in talk.said
    assert ("laporkan sendiri" in talk.said) is bool(others)
    assert others is None or f"setelah ini: {others}" in talk.said
    talk = Talk(Channel.SMS)
    talk.says(text)
    assert "laporkan sendiri" not in talk.said
