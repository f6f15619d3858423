"""Words under a photo: commands and answers count as they do alone, and the photo is kept."""

import pytest

from handlers.conversation.progress import Step
from handlers.conversation.setting import (
    AddToReport,
    Attach,
    Effect,
    EraseData,
    FileReport,
    SetNews,
    ShowNotice,
    ShowStatus,
)
from handlers.messages import Reply
from tests.talk import Talk, a_photo, at

TOLD = "lampu jalan mati depan SD 3 desa mungguk"
OTHER = "got mampet depan masjid desa peniti"


def sent(talk: Talk, text: str, ref: str = "p") -> Talk:
    talk.sends(media=(a_photo(ref),), text=text)
    assert talk.done(Attach), talk.said
    return talk


@pytest.mark.parametrize("told", ["", "jalan rusak"])
def test_report_under_a_photo(told: str) -> None:
    """LAPOR with words tells the problem; beside a draft that holds one, both wait for what becomes of it."""
    talk = Talk()
    assert sent(talk, f"LAPOR {TOLD}").draft.description == TOLD
    assert (talk.step, talk.draft.attachments) == (Step.PHOTOS, 1)
    talk.says(told or "lewati")
    draft = talk.draft
    assert sent(talk, f"lapor: {OTHER}").step is Step.RESUME
    assert len(talk.replies) == 1
    talk.says("baru")
    assert (talk.draft.description, talk.draft.attachments) == (OTHER, 1)
    assert talk.draft.id != draft.id
    assert sent(Talk(), "LAPOR").step is Step.DESCRIPTION


def test_commands_under_a_photo() -> None:
    """They are obeyed, and neither words nor photo become another report's description."""
    talk = sent(at(Step.PLACE), "STATUS 7140666")
    before = talk.draft
    assert [effect.text for effect in talk.done(ShowStatus)] == ["7140666"]
    assert (talk.step, before.attachments) == (Step.PLACE, 1)
    assert "STATUS" not in before.description
    assert talk.said.count("Di mana") == 1
    assert "kami periksa dulu" in talk.said
    sent(talk, "tambah: 2 anak jatuh")
    assert talk.draft.description == f"{before.description}\n2 anak jatuh"
    assert not talk.done(AddToReport)
    assert sent(talk, "STOP").done(SetNews)
    assert talk.said == "Berkasnya sudah masuk, kami periksa dulu."
    assert sent(talk, "batal").step is Step.DISCARD
    assert talk.draft.attachments == 4


@pytest.mark.parametrize(
    ("step", "caption", "following"),
    [
        (Step.PHOTOS, "sudah, itu saja", Step.PRIVACY),
        (Step.PHOTOS, "ada", Step.PHOTOS),
        (Step.PRIVACY, "rahasia", Step.SUMMARY),
        (Step.WHICH_AREA, "2", Step.LANDMARK),
        (Step.LANDMARK, "lewati", Step.PHOTOS),
        (Step.SUMMARY, "ubah", Step.EDIT),
    ],
)
def test_answers_under_a_photo(step: Step, caption: str, following: Step) -> None:
    """They answer the open question."""
    talk = at(step)
    before = talk.draft.description
    sent(talk, caption)
    assert (talk.step, talk.draft.attachments, talk.draft.description) == (following, 1, before)


def test_sent_with_a_photo() -> None:
    """YA under a photo sends the report with it; what is too big is said not to be kept, and the word counts."""
    talk = sent(at(Step.SUMMARY), "ya, kirim")
    assert [effect.draft.attachments for effect in talk.done(FileReport)] == [1]
    talk = at(Step.SUMMARY)
    talk.sends(media=(a_photo(size=10**9),), text="ubah")
    assert (talk.step, talk.draft.attachments) == (Step.EDIT, 0)
    assert "terlalu besar" in talk.said
    talk = at(Step.PHOTOS)
    talk.sends(media=(a_photo(),), text="LAPOR " + "a" * 2001)
    assert talk.step is Step.RESUME
    assert "2001" in talk.said


@pytest.mark.parametrize(
    ("caption", "done"),
    [
        ("HAPUS DATA SAYA", [EraseData(is_sure=False)]),
        ("PRIVASI", [ShowNotice()]),
        ("STOP", [SetNews(is_wanted=False)]),
        ("batal", []),
        ("ya", []),
    ],
)
def test_no_draft_begun(caption: str, done: list[Effect]) -> None:
    """Words that end or ask something begin no report: the file is not kept, which is said once for an album."""
    talk = Talk()
    talk.sends(media=(a_photo("a", group="g"),), text=caption)
    assert [output for output in talk.turn.outputs if not isinstance(output, Reply)] == done
    assert talk.said.count("Berkasnya tidak kami simpan.") == 1
    assert not talk.sends(media=(a_photo("b", group="g"),)).outputs
    assert (talk.step, talk.progress.draft) == (None, None)
    assert sent(talk, "", "c").step is Step.DESCRIPTION


@pytest.mark.parametrize("talk", [Talk(), at(Step.PLACE)])
def test_erased_under_a_photo(talk: Talk) -> None:
    """Where all is erased, the file under which it was asked for is not kept either, and nothing else is said."""
    assert talk.sends(media=(a_photo(),), text="HAPUS DATA SELAMANYA").outputs == (EraseData(is_sure=True),)
