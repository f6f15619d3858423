"""The words for one's rights: how they are written, that they command nothing inside a sentence, and what they do."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.cases.lifecycle import By, Move, states_for
from handlers.conversation.phrasebook import SURE, Word
from handlers.conversation.progress import Progress, Step
from handlers.conversation.setting import (
    Effect,
    EraseData,
    ProtectReport,
    ShowData,
    ShowNotice,
)
from handlers.conversation.words import Command, read_command
from handlers.rights import in_messages, masked
from storage.vocabulary import CaseState, Channel
from tests.talk import Talk, at

ALONE = {
    Word.NOTICE: "PRIVASI|privasi pak|prifasi|PRIVACY|kebijakan privasi|data pribadi|hak saya|/privasi",
    Word.DATA: "DATA SAYA|data saya dong|dataku|minta data saya|lihat data sy|MY DATA|show my data|/data|/data_saya",
    Word.ERASE: "HAPUS DATA|hapus data saya|hapus data saya ya|ya, hapus data|tolong hapus data saya|hapus akun saya|"
    "DELETE MY DATA|erase my data|/hapus_data",
    Word.WITHDRAW: "CABUT|cabut laporan|cabut laporan saya|tarik kembali laporan saya|"
    "WITHDRAW|withdraw my report|/cabut",
    Word.PROTECT: "/rahasia|/secret",
}
WITH_REST = [
    ("HAPUS DATA SELAMANYA", Word.ERASE, SURE),
    ("hapus data saya slamanya pak", Word.ERASE, SURE),
    ("DELETE MY DATA FOREVER", Word.ERASE, SURE),
    ("/hapus_data selamanya", Word.ERASE, SURE),
    ("CABUT 714 0666", Word.WITHDRAW, "714 0666"),
    ("cabut12345", Word.WITHDRAW, "12345"),
    ("CABUT SKD-714 0666 sudah diperbaiki", Word.WITHDRAW, "SKD-714 0666 sudah diperbaiki"),
    ("cabut laporan no 7140666 krn salah tempat", Word.WITHDRAW, "laporan no 7140666 krn salah tempat"),
    ("cabut laporan saya karena sudah beres", Word.WITHDRAW, "laporan saya karena sudah beres"),
    ("WITHDRAW 7140666 it is solved", Word.WITHDRAW, "7140666 it is solved"),
    ("RAHASIA 7140666", Word.PROTECT, "7140666"),
    ("rahasiakan laporan SKD-714 0666 pak", Word.PROTECT, "SKD-714 0666"),
    ("SECRET 714 0666", Word.PROTECT, "714 0666"),
]
NO_COMMANDS = [
    "data saya di dukcapil salah",
    "data pribadi saya dijual petugas",
    "hapus data penerima bansos ganda",
    "jangan hapus data",
    "privasi pasien di puskesmas tidak dijaga",
    "cabut 1000 pohon sawit di tepi jalan",
    "cabut izin toko miras di pasar",
    "cabut laporan polisi susah sekali",
    "rahasia",
    "rahasia umum pungli di pasar",
    "my data at the office is wrong",
]
EFFECTS: dict[str, type[Effect]] = {
    "PRIVASI": ShowNotice,
    "DATA SAYA": ShowData,
    "HAPUS DATA": EraseData,
    "RAHASIA 7140666": ProtectReport,
}


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize(
    ("text", "word"), [(text, word) for word, texts in ALONE.items() for text in texts.split("|")]
)
def test_word_alone(text: str, word: Word, channel: Channel) -> None:
    """A word that stands alone is understood on every channel; YA at its end does not make it sure."""
    assert read_command(text, channel) == Command(word)


@pytest.mark.parametrize(("text", "word", "rest"), WITH_REST)
def test_word_with_rest(text: str, word: Word, rest: str) -> None:
    """Number and reason come as typed; only one word erases."""
    assert read_command(text, Channel.SMS) == Command(word, rest)


@pytest.mark.parametrize("text", NO_COMMANDS)
def test_sentence(text: str) -> None:
    """Such a word inside a sentence, or as an answer, commands nothing."""
    for channel in Channel:
        assert read_command(text, channel) is None


@pytest.mark.parametrize(("text", "step"), list(product(EFFECTS, Step)))
def test_at_every_step(text: str, step: Step) -> None:
    """At every question the word does what it does, and the same question is asked again after it."""
    talk = at(step)
    before = talk.progress
    talk.says(text)
    assert [type(output) for output in talk.turn.outputs[:1]] == [EFFECTS[text]]
    assert (talk.step, talk.progress.draft, talk.progress.aside) == (step, before.draft, before.aside)
    assert len(talk.replies) == 1
    assert talk.replies[0].question == str(talk.progress.asked)


@pytest.mark.parametrize("text", EFFECTS)
def test_with_nothing_open(text: str) -> None:
    """With no question open there is but the effect, and no draft is begun."""
    talk = Talk()
    talk.says(text)
    assert [type(output) for output in talk.turn.outputs] == [EFFECTS[text]]
    assert talk.progress.draft is None


@pytest.mark.parametrize("step", Step)
def test_erased_at_every_step(step: Step) -> None:
    """Whoever is sure is erased with whatever is open; no question is asked afterwards."""
    talk = at(step)
    talk.says("HAPUS DATA SELAMANYA")
    assert talk.turn.outputs == (EraseData(is_sure=True),)
    assert talk.progress == Progress()


def test_may_be_withdrawn() -> None:
    """Whatever is not over can be taken back; what is handled outside cannot."""
    too_late = set(CaseState) - set(states_for(Move.WITHDRAW, By.REPORTER))
    assert too_late == {CaseState.SETTLED, CaseState.ARCHIVED, CaseState.FORWARDED}


@pytest.mark.parametrize(
    ("identifier", "shown"),
    [("+6281200000001", "**********0001"), ("5000000123", "******0123"), ("12", "12")],
)
def test_masked(identifier: str, shown: str) -> None:
    """An identifier is known again by its end."""
    assert masked(identifier) == shown


@given(st.lists(st.text(min_size=1, max_size=60), max_size=12), st.integers(10, 100))
def test_in_messages(blocks: list[str], room: int) -> None:
    """Nothing is lost or reordered, and no message is longer than it must be."""
    messages = in_messages(blocks, room)
    assert "\n\n".join(messages) == "\n\n".join(blocks)
    assert all(len(message) <= room or message in blocks for message in messages)
