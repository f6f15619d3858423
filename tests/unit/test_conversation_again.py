"""The conversation as a function: buttons pressed late or twice, and messages edited afterwards."""

import pytest

from handlers.conversation.progress import Step
from tests.talk import Talk, a_photo, at

DANGER = "banjir sdh masuk rumah di selalong dekat gereja tolong"


# --- presses ---


def test_pressed_twice() -> None:
    """The second press of a button does nothing: not filed again, nothing said."""
    talk = at(Step.SUMMARY)
    question = str(talk.progress.asked)
    talk.presses("yes")
    assert len(talk.filed) == 1
    talk.presses("yes", question)
    assert talk.turn.outputs == ()
    assert len(talk.filed) == 1


def test_first_reply_replaces_the_pressed_message() -> None:
    """No trail of dead keyboards: the reply to a press takes the place of what was pressed."""
    talk = at(Step.PHOTOS)
    talk.presses("skip")
    assert talk.replies[0].replaces == "m-pressed"


def test_stale_press() -> None:
    """A button of an earlier question explains itself, acts on nothing and asks the open question again."""
    talk = at(Step.PRIVACY)
    before = talk.draft
    talk.presses("skip", question="1")
    assert talk.step is Step.PRIVACY
    assert talk.draft == before
    assert talk.said.startswith("Tombol itu untuk pertanyaan sebelumnya.")
    talk.presses("skip", question="1")
    assert not talk.replies, "pressed twice in a row, it is explained once"


def test_two_stale_presses_under_way() -> None:
    """What the first explanation shows is good when the second has come: nobody runs after ever new buttons."""
    talk = at(Step.PRIVACY)
    talk.presses("skip", question="1")
    shown = str(talk.replies[-1].question)
    talk.presses("yes", question="1")
    talk.presses("open", question=shown)
    assert talk.step is not Step.PRIVACY


@pytest.mark.parametrize(("question", "value"), [("", ""), ("99", "yes"), ("x", "y" * 60), ("0", "hidden")])
def test_press_of_nothing(question: str, value: str) -> None:
    """A press that belongs to nothing is answered, and does nothing."""
    talk = Talk()
    talk.presses(value, question)
    assert talk.replies
    assert talk.progress.draft is None


def test_value_that_was_not_offered() -> None:
    """A press with a value that the open question does not offer acts on nothing."""
    talk = at(Step.PRIVACY)
    talk.presses("yes")
    assert talk.step is Step.PRIVACY


# --- edits ---


def test_edited_message() -> None:
    """An edit of the message that described the problem edits the description; the open question stays."""
    talk = Talk()
    talk.says("lampu jalan mati depan SD 3 desa mungguk", ref="7")
    talk.edits("7", "lampu jalan mati depan SD 5 desa mungguk, tiga buah")
    assert talk.draft.description == "lampu jalan mati depan SD 5 desa mungguk, tiga buah"
    assert talk.step is Step.PHOTOS


def test_edit_keeps_what_was_added() -> None:
    """What was told after the edited message stays told."""
    talk = Talk()
    talk.says("lampu jalan mati depan SD 3 desa mungguk", ref="7")
    talk.says("sudah dua minggu tidak ada yang datang", ref="8")
    talk.edits("7", "lampu jalan padam depan SD 3 desa mungguk")
    assert talk.draft.description == (
        "lampu jalan padam depan SD 3 desa mungguk\nsudah dua minggu tidak ada yang datang"
    )


def test_edit_that_answers() -> None:
    """An edit that tells what is being asked answers it."""
    talk = Talk()
    talk.says("lampu jalan mati terus tiap malam", ref="7")
    assert "Di mana tempatnya" in talk.said
    talk.edits("7", "lampu jalan mati terus tiap malam di desa mungguk depan SD 3")
    assert talk.step is Step.PHOTOS


def test_edit_that_tells_of_danger() -> None:
    """Danger told by an edit is answered as any other: first."""
    talk = Talk()
    talk.says("banjir di selalong dekat gereja", ref="7")
    talk.edits("7", DANGER)
    assert "110" in talk.replies[0].text


@pytest.mark.parametrize("text", ["asli", "LAPOR jln"])
def test_edit_that_overtakes(text: str) -> None:
    """An edit may arrive before the message it edits: its text wins, and it is used once."""
    talk = Talk()
    assert talk.edits("7", "LAPOR lampu jalan mati depan SD 5 desa mungguk").outputs == ()
    talk.sends(media=(a_photo(),))
    talk.says(text, ref="7")
    assert talk.draft.description == "lampu jalan mati depan SD 5 desa mungguk"
    assert talk.progress.edits == ()


def test_edits_kept_are_few() -> None:
    """Only the newest edits are kept for messages to come, the newest of each; none once the report is sent."""
    talk = at(Step.SUMMARY)
    for ref in "12334":
        talk.edits(ref, f"teks {ref} {talk.turn.progress.asked}")
    assert [ref for ref, _ in talk.progress.edits] == ["2", "3", "4"]
    talk.says("ya")
    assert talk.progress.edits == ()


@pytest.mark.parametrize(("ref", "text"), [("8", ""), ("7", ""), ("7", "x" * 2001)])
def test_edit_let_be(ref: str, text: str) -> None:
    """An edit to nothing or to too much changes nothing and is not answered."""
    talk = Talk()
    talk.says("lampu jalan mati depan SD 3 desa mungguk", ref="7")
    before = talk.progress
    assert talk.edits(ref, text).outputs == ()
    assert talk.progress == before
