"""Helper mode: somebody files for somebody else, and whether that person agrees is noted."""

import pytest

from handlers.conversation.phrasebook import Word
from handlers.conversation.progress import Step
from handlers.conversation.words import Command, read_command
from storage.vocabulary import Channel
from tests.talk import Talk, at

TOLD = "kartu bpjs tetangga tidak aktif sejak juli, desa mungguk"


@pytest.mark.parametrize(
    "text", ["WAKIL", "wakil pak", "mewakili orang lain", "untuk orang lain", "/wakil", "on behalf"]
)
def test_word(text: str) -> None:
    """WAKIL stands alone, or is set off from what it tells."""
    assert read_command(text, Channel.SMS) == Command(Word.BEHALF)
    assert read_command(f"WAKIL: {TOLD}", Channel.SMS) == Command(Word.BEHALF, TOLD)
    assert read_command("wakil rakyat tidak pernah turun", Channel.SMS) is None


@pytest.mark.parametrize(
    "text",
    [
        f"saya mewakili nenek saya, {TOLD}",
        f"mau lapor untuk tetangga: {TOLD}",
        "i report for my neighbour, no water in desa mungguk for 3 days",
    ],
)
def test_told_in_passing(text: str) -> None:
    """Who says that it is somebody else's is asked whether they agree."""
    talk = Talk()
    talk.says(text)
    assert talk.step is Step.CONSENT


@pytest.mark.parametrize(
    "text", ["kami mewakili warga RT 3, jalan rusak di desa mungguk", "atas nama desa mungguk, jalan rusak"]
)
def test_told_for_many(text: str) -> None:
    """Who speaks for many is not asked for one."""
    talk = Talk()
    talk.says(text)
    assert not talk.draft.is_on_behalf


@pytest.mark.parametrize(
    ("answer", "is_agreed"),
    [
        ("ya", True),
        ("ya, beliau yang minta", True),
        ("tidak", False),
        ("belum sempat tanya", False),
        ("lewati", False),
    ],
)
def test_consent(answer: str, *, is_agreed: bool) -> None:
    """Whatever the answer, the report goes on; only a yes is one."""
    talk = Talk()
    talk.says(f"WAKIL: {TOLD}", answer)
    assert talk.step is Step.LANDMARK
    assert (talk.draft.is_on_behalf, talk.draft.is_agreed) == (True, is_agreed)


def test_told_instead_of_an_answer() -> None:
    """Who tells the problem at once is not misunderstood; the question is asked again."""
    talk = Talk()
    talk.says("WAKIL", TOLD)
    assert (talk.step, talk.draft.description) == (Step.CONSENT, TOLD)


@pytest.mark.parametrize("step", [step for step in Step if step is not Step.CONSENT])
def test_at_every_step(step: Step) -> None:
    """WAKIL marks what is open, whatever the question; nothing told is lost."""
    talk = at(step)
    before = talk.draft.description
    talk.says("WAKIL")
    assert (talk.step, talk.draft.description) == (Step.CONSENT, before)
