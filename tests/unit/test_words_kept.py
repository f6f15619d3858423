"""Words that are no answer: none is lost, none becomes a report by chance, none takes the place of another."""

import pytest

from handlers.conversation.progress import Step
from handlers.conversation.setting import AddToReport
from storage.vocabulary import Channel
from tests.talk import Talk, at


@pytest.mark.parametrize("found", ["", "sekadau hulu", "mungguk, sekadau hilir"])
def test_back_to_the_place(found: str) -> None:
    """KEMBALI at a place that is asked for again, or just given, asks for it anew: the other place replaces it."""
    talk = Talk()
    talk.says("lampu jalan mati", "depan rumah pak RT", *filter(None, [found]), "KEMBALI")
    assert (talk.step, talk.draft.place, talk.draft.area_code) == (Step.PLACE, "", None)
    assert "Di mana tempatnya?" in talk.said
    talk.says("dekat kantor camat", "simpang tiga gereja", "sekadau hulu", "lewati", "lewati", "rahasia")
    assert (talk.step, talk.draft.description) == (Step.SUMMARY, "lampu jalan mati")
    assert (talk.draft.place, talk.draft.category) == ("dekat kantor camat; simpang tiga gereja", "LAMPU")
    assert "pak RT" not in talk.said
    talk = Talk()
    talk.says("lampu jalan mati", "depan rumah pak RT", "kembali", "kembali")
    assert talk.step is Step.DETAIL


@pytest.mark.parametrize("step", [step for step in Step if step is not Step.DESCRIPTION])
def test_addition_to_a_draft(step: Step) -> None:
    """TAMBAH without a report's number is more of the open draft; the question stays, or is as good as answered."""
    talk = at(step)
    before = talk.draft.description
    talk.says("TAMBAH sudah 2 minggu", "tambah: 2 anak jatuh")
    assert talk.draft.description == f"{before}\nsudah 2 minggu\n2 anak jatuh"
    assert "Kami tambahkan" in talk.said
    assert not talk.done(AddToReport)
    assert talk.step is step or step is Step.DETAIL
    kept = talk.draft
    talk.says("TAMBAH " + "a" * 2000)
    assert talk.draft == kept
    assert "2000" in talk.said
    talk.says("TAMBAH 7140666 makin parah")
    assert talk.done(AddToReport)


@pytest.mark.parametrize(
    ("step", "said", "category", "is_kept"),
    [
        (Step.WHICH_AREA, "bau", "AIR", True),
        (Step.PHOTOS, "becek", "LAMPU", True),
        (Step.PRIVACY, "bau", "LAMPU", True),
        (Step.WHICH_AREA, "hah", "AIR", False),
        (Step.CATEGORY, "bau", "SAMPAH", False),
        (Step.CATEGORY, "ini soal sampah menumpuk di parit", "SAMPAH", True),
        (Step.CATEGORY, "gelap sekali kalau malam di sini", "LAMPU", True),
    ],
)
def test_a_word_beside_the_question(step: Step, said: str, category: str, *, is_kept: bool) -> None:
    """A topic's word tells more, or names the topic where that is asked for; a sentence there is kept as well."""
    talk = at(step)
    before = talk.draft.description
    talk.says(said)
    assert talk.draft.category == category
    assert talk.draft.description == (f"{before}\n{said}" if is_kept else before)
    assert talk.step is (Step.SUMMARY if category == "SAMPAH" else step)


@pytest.mark.parametrize("channel", [Channel.TELEGRAM, Channel.SMS])
@pytest.mark.parametrize(
    ("text", "is_kept"),
    [
        ("korban 2 org", True),
        ("dusun semaok", True),
        ("iya betul semua", False),
        ("gimana pak?", False),
        ("semaok", False),
    ],
)
def test_told_at_the_summary(text: str, channel: Channel, *, is_kept: bool) -> None:
    """What is told instead of YA is kept, or said not to be."""
    talk = at(Step.SUMMARY)
    talk.channel = channel
    before = talk.draft.description
    talk.says(text)
    words = f"{talk.draft.description} {talk.draft.place}"
    assert (text in words) is is_kept
    assert talk.step is Step.SUMMARY
    if not is_kept:
        assert talk.draft.description == before
        assert "elum kami pahami" in talk.said
        assert "tidak" in talk.said


@pytest.mark.parametrize("channel", [Channel.TELEGRAM, Channel.SMS])
def test_a_day_that_is_none_at_the_summary(channel: Channel) -> None:
    """It is said that there is no such day, and the day told before stays."""
    talk = at(Step.SUMMARY)
    talk.channel = channel
    before = talk.draft.occurred_on
    talk.says("31 Februari")
    assert 'Tanggal "31 Februari" tidak ada di kalender.' in talk.said
    assert talk.draft.occurred_on == before


@pytest.mark.parametrize("channel", [Channel.TELEGRAM, Channel.SMS])
@pytest.mark.parametrize("form", ["pak", "Bang", "min", "maaf pak", "mohon maaf bu"])
def test_addressed(form: str, channel: Channel) -> None:
    """A form of address begins no report, and LAPOR at one just begun goes on with it."""
    talk = Talk(channel)
    talk.says(form, "lapor")
    assert talk.progress.draft is None
    talk.says("rusak", form, "lapor")
    assert (talk.step, talk.draft.description) == (Step.DETAIL, "rusak")
    talk.says("sampah numpuk di pasar flamboyan sekadau", "udah sebulan gak diangkut")
    assert talk.step is Step.PLACE
    assert talk.draft.description.splitlines()[-1] == "udah sebulan gak diangkut"
