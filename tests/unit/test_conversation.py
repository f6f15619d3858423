"""The conversation as a function: a message and a state in, the next state and what is said and done out."""

from dataclasses import replace
from datetime import date

import pytest

from handlers.conversation.progress import Step
from handlers.conversation.setting import (
    AddToReport,
    DropFiles,
    LinkReport,
    SetLanguage,
    SetNews,
    ShowReports,
    ShowStatus,
)
from storage.vocabulary import Channel, Language
from tests.talk import INSIDE, Talk, at

TANJUNG = "61.09.01.2003"
ASIDE = (Step.DISCARD, Step.RESUME)


# --- what each step accepts, and refuses ---


@pytest.mark.parametrize(
    ("step", "answer", "next_step"),
    [
        (Step.DESCRIPTION, "jalan rusak depan SDN 1 desa mungguk", Step.PHOTOS),
        (Step.DETAIL, "loket KTP di kantor camat belitang tutup terus", Step.LANDMARK),
        (Step.PLACE, "desa mungguk, sekadau hilir, depan masjid", Step.PHOTOS),
        (Step.PLACE, "sekadau hilir", Step.LANDMARK),
        (Step.PLACE, "rawak", Step.WHICH_AREA),
        (Step.WHICH_AREA, "hilir", Step.LANDMARK),
        (Step.WHICH_AREA, "2", Step.LANDMARK),
        (Step.WHICH_AREA, "Tidak tahu", Step.LANDMARK),
        (Step.POINT, "ya", Step.PHOTOS),
        (Step.POINT, "bukan", Step.PLACE),
        (Step.POINT, "bukan, itu desa tanjung", Step.PHOTOS),
        (Step.LANDMARK, "dekat masjid", Step.PHOTOS),
        (Step.LANDMARK, "lewati", Step.PHOTOS),
        (Step.PHOTOS, "lewati", Step.PRIVACY),
        (Step.PHOTOS, "gak ada", Step.PRIVACY),
        (Step.PHOTOS, "gk ad foto", Step.PRIVACY),
        (Step.PHOTOS, "ga ada poto pak", Step.PRIVACY),
        (Step.PHOTOS, "terserah aja", Step.PRIVACY),
        (Step.PRIVACY, "1", Step.SUMMARY),
        (Step.PRIVACY, "Anonim", Step.SUMMARY),
        (Step.PRIVACY, "kirim", Step.SUMMARY),
        (Step.PRIVACY, "ya", Step.SUMMARY),
        (Step.PRIVACY, "lewati", Step.SUMMARY),
        (Step.PRIVACY, "terbuka", Step.NAME),
        (Step.NAME, "Budi Santoso", Step.SUMMARY),
        (Step.NAME, "lewati", Step.SUMMARY),
        (Step.EDIT, "tempat", Step.PLACE),
        (Step.EDIT, "3", Step.WHEN),
        (Step.EDIT, "kembali", Step.SUMMARY),
        (Step.WHEN, "sejak 1 feb", Step.SUMMARY),
        (Step.CATEGORY, "sampah", Step.SUMMARY),
        (Step.SUMMARY, "ubah", Step.EDIT),
        (Step.SUMMARY, "tidak", Step.EDIT),
        (Step.SUMMARY, "batal", Step.DISCARD),
        (Step.SUMMARY, "ya", None),
        (Step.DISCARD, "ya", None),
        (Step.RESUME, "1", Step.PRIVACY),
        (Step.RESUME, "2", Step.DESCRIPTION),
    ],
)
def test_accepted(step: Step, answer: str, next_step: Step | None) -> None:
    """An answer that fits leads to the next question that is worth asking."""
    talk = at(step)
    talk.says(answer)
    assert talk.step is next_step, talk.said


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        (Step.DESCRIPTION, "12 / 34"),
        (Step.PLACE, "di situ"),
        (Step.PLACE, "lewati"),
        (Step.PLACE, "di pontianak, dekat terminal"),
        (Step.WHICH_AREA, "yang itu"),
        (Step.POINT, "entah di mana itu"),
        (Step.PHOTOS, "xyzzy"),
        (Step.PRIVACY, "xyzzy"),
        (Step.PRIVACY, "4"),
        (Step.NAME, "0812"),
        (Step.NAME, "x" * 81),
        (Step.EDIT, "warnanya"),
        (Step.WHEN, "entahlah kapan"),
        (Step.WHEN, "besok"),
        (Step.CATEGORY, "xyzzy"),
        (Step.SUMMARY, "xyzzy"),
        (Step.DISCARD, "xyzzy"),
        (Step.RESUME, "xyzzy"),
    ],
)
def test_refused(step: Step, answer: str) -> None:
    """An answer that does not fit is asked for again; nothing told before is lost or filed."""
    talk = at(step)
    before = talk.draft
    talk.says(answer)
    assert talk.step is step
    assert talk.progress.misses == 1
    assert ("RAHASIA, ANONIM, atau TERBUKA" in talk.said) is (step is Step.PRIVACY)
    assert talk.draft.description == before.description
    assert not talk.filed


# --- words at every step ---


@pytest.mark.parametrize("channel", [Channel.TELEGRAM, Channel.SMS])
@pytest.mark.parametrize(
    "text", ["bantuan", "status", "STATUS 7140666", "laporan saya", "7140666", "english", "halo"]
)
@pytest.mark.parametrize("step", Step)
def test_word_in_between(step: Step, text: str, channel: Channel) -> None:
    """What is asked in between is answered, then the same question stands again, and nothing is lost."""
    talk = at(step)
    talk.channel = channel
    before = talk.progress
    if step is Step.NAME and text == "halo":
        return  # a name like any other
    talk.says(text)
    assert (talk.step, talk.draft, talk.progress.trail) == (step, before.draft, before.trail)
    assert talk.replies[-1].question == str(talk.progress.asked)


@pytest.mark.parametrize("answer", ["tidak", "jangan", "kembali", "Jangan"])
@pytest.mark.parametrize("step", [step for step in Step if step not in ASIDE])
def test_discard_thought_better_of(step: Step, answer: str) -> None:
    """BATAL asks first; who says no is asked the same question as before, and nothing is lost."""
    talk = at(step)
    before = talk.draft
    talk.says("batal")
    assert talk.step is Step.DISCARD
    talk.says(answer)
    if answer != "kembali":  # which goes to the question before, not into a question about the talk itself
        assert talk.step is step
    assert replace(talk.draft, done=before.done) == before


@pytest.mark.parametrize("step", Step)
def test_discard(step: Step) -> None:
    """BATAL and YA throw the draft away, with its files."""
    talk = at(step)
    draft = talk.draft
    if step is not Step.DISCARD:
        talk.says("batal")
    talk.says("ya")
    assert talk.progress.draft is None
    assert talk.done(DropFiles) == [DropFiles(draft.id)]
    assert not talk.filed


@pytest.mark.parametrize("channel", [Channel.TELEGRAM, Channel.SMS])
@pytest.mark.parametrize("step", Step)
def test_back(step: Step, channel: Channel) -> None:
    """KEMBALI as often as one likes: a question each time, the text is kept, and the report can still be sent."""
    talk = at(step)
    talk.channel = channel
    before = talk.draft.description
    for _ in range(6):
        talk.says("kembali")
        assert talk.replies[-1].question == str(talk.progress.asked)
        assert talk.draft.description == before


def test_back_to_another_place() -> None:
    """A landmark is not asked for while the place itself is in question again."""
    talk = at(Step.LANDMARK)
    talk.sends(location=INSIDE)
    assert talk.step is Step.POINT
    talk.says("kembali")
    assert talk.step in (Step.WHICH_AREA, Step.DETAIL, Step.POINT)


def test_a_day_that_is_none_is_no_place() -> None:
    """Asked where, a day that no calendar has is told to be none, and the place is asked for again."""
    talk = Talk()
    talk.says("lampu jalan mati di desa mungguk", "tgl 31 februari 2026")
    assert 'Tanggal "31 Februari 2026" tidak ada di kalender.' in talk.said
    assert (talk.step, talk.draft.place) == (Step.LANDMARK, "")


def test_an_edit_too_long_leaves_what_waits() -> None:
    """A problem that waits for its turn is not lost by an edit that no report has room for."""
    talk, waits = Talk(), "lampu jalan di sungai ringin mati sudah tiga minggu"
    talk.says("jembatan kayu ke dusun di tapang semadak papannya lapuk")
    talk.says(waits, ref="m2")
    talk.edits("m2", "x" * 20_000)
    assert talk.progress.waiting == waits


@pytest.mark.parametrize("channel", [Channel.TELEGRAM, Channel.SMS])
def test_back_to_the_problem(channel: Channel) -> None:
    """KEMBALI keeps what was told and adds to it; UBAH MASALAH replaces it, and its topic with it."""
    first, second = (
        "jalan rusak berlubang parah dekat simpang tiga",
        "anjing gila masuk kampung dan menggigit anak",
    )
    talk = Talk(channel)
    talk.says(first, "kembali", second)
    assert (talk.draft.description, talk.draft.category) == (f"{first}\n{second}", "JALAN")
    assert talk.step is Step.PLACE
    talk.says("ubah masalah", second)
    assert (talk.draft.description, talk.draft.category) == (second, "TERTIB")
    assert talk.step is Step.PLACE


@pytest.mark.parametrize("step", Step)
def test_skip(step: Step) -> None:
    """LEWATI passes over what is optional and never throws away or files anything."""
    talk = at(step)
    before = talk.draft
    talk.says("lewati")
    must = {Step.DESCRIPTION, Step.PLACE, Step.SUMMARY, Step.DISCARD, Step.RESUME}
    assert (talk.step is step) is (step in must)
    assert (talk.draft.id, talk.draft.description) == (before.id, before.description)
    assert not talk.filed


@pytest.mark.parametrize("step", Step)
def test_stop_and_start(step: Step) -> None:
    """STOP is obeyed at once at every step; the draft stays."""
    talk = at(step)
    before = talk.progress
    talk.says("stop")
    assert talk.turn.outputs == (SetNews(is_wanted=False),)
    assert talk.progress == before


@pytest.mark.parametrize("text", ["CANCEL", "END", "QUIT", "STOP", "berhenti"])
def test_carriers_stop(text: str) -> None:
    """By SMS a carrier's opt-out word is STOP, in the middle of a report too: the draft is not thrown away."""
    talk = Talk(Channel.SMS)
    talk.says("lampu jalan mati", text)
    assert talk.done(SetNews) == [SetNews(is_wanted=False)]
    assert talk.progress.draft


def test_words_with_nothing_open() -> None:
    """Without a question the same words answer, and none of them begins a draft."""
    talk = Talk()
    for text, effect in [
        ("status", ShowStatus("")),
        ("STATUS SKD-714 0666", ShowStatus("SKD-714 0666")),
        ("714 0666", ShowStatus("714 0666")),
        ("laporan saya", ShowReports()),
        ("TAMBAH 7140666 makin parah", AddToReport("7140666 makin parah")),
        ("SAMBUNG 7140666", LinkReport("7140666")),
        ("LEPAS 7140666", LinkReport("7140666", is_wanted=False)),
        ("stop", SetNews(is_wanted=False)),
    ]:
        assert talk.says(text).outputs == (effect,)
    for text in [
        "ya",
        "belum",
        "tidak",
        "ubah",
        "lewati",
        "kembali",
        "batal",
        "bantuan",
        "lapor",
        "mulai",
        "/start",
    ]:
        talk.says(text)
        assert talk.replies or any(news.otherwise for news in talk.done(SetNews))
        assert talk.progress.draft is None


def test_language() -> None:
    """The other language from the next word on, whichever is named."""
    talk = at(Step.PHOTOS)
    talk.says("english")
    assert talk.done(SetLanguage) == [SetLanguage(Language.ENGLISH)]
    assert "Do you have a photo?" in talk.said
    talk.says("bahasa")
    assert "Ada foto?" in talk.said


# --- misunderstood ---


@pytest.mark.parametrize(
    "step",
    [
        Step.PLACE,
        Step.WHICH_AREA,
        Step.POINT,
        Step.PRIVACY,
        Step.EDIT,
        Step.WHEN,
        Step.CATEGORY,
        Step.SUMMARY,
        *ASIDE,
    ],
)
def test_misunderstood(step: Step) -> None:
    """The second time other words, the third time a person to turn to, and the question stays open."""
    talk = at(step)
    first = talk.said
    talk.says("xyzzy")
    second = talk.said
    talk.says("xyzzy")
    assert "Kominfo" not in talk.said
    talk.says("xyzzy")
    assert second not in first
    assert "Kominfo" in talk.said
    assert talk.step is step
    assert talk.progress.choices == talk.replies[-1].choices


@pytest.mark.parametrize(
    "step", [step for step in Step if step is not Step.LANDMARK and step is not Step.DETAIL]
)
def test_no_dead_end(step: Step) -> None:
    """At every step that can refuse an answer a person is named in the end."""
    talk = at(step)
    talk.says("??", "??", "??", "??")
    assert talk.step is step
    assert "Kominfo" in talk.said


# --- changes ---


@pytest.mark.parametrize(
    ("word", "step"),
    [
        ("masalah", Step.DESCRIPTION),
        ("tempat", Step.PLACE),
        ("waktu", Step.WHEN),
        ("kategori", Step.CATEGORY),
        ("foto", Step.PHOTOS),
        ("identitas", Step.PRIVACY),
    ],
)
def test_change(word: str, step: Step) -> None:
    """UBAH with a field asks for that field, and KEMBALI from there shows the summary again, unchanged."""
    talk = at(Step.SUMMARY)
    before = talk.draft
    talk.says(f"ubah {word}")
    assert talk.step is step
    talk.says("kembali")
    assert talk.step is Step.SUMMARY
    assert talk.draft == before


def test_changed_values() -> None:
    """What is changed is what the summary shows, and what is filed."""
    talk = at(Step.SUMMARY)
    talk.says(
        "ubah waktu", "sejak 1 feb", "ubah tempat", "desa tanjung dekat pasar", "ubah kategori", "sampah"
    )
    talk.says("ubah masalah", "sampah menumpuk di belakang pasar", "ubah identitas", "anonim")
    assert talk.step is Step.SUMMARY
    talk.says("ya")
    (draft,) = talk.filed
    assert draft.description == "sampah menumpuk di belakang pasar"
    assert (draft.area_code, draft.category) == (TANJUNG, "SAMPAH")
    assert (draft.occurred_on, draft.is_ongoing) == (date(2026, 2, 1), True)
    assert (draft.is_anonymous, draft.is_secret) == (True, False)
