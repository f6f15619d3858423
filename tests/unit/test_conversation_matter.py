"""The conversation as a function: files, points, long and grave texts, and more than one draft."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from handlers.conversation.flows import questions
from handlers.conversation.machine import judge
from handlers.conversation.progress import Draft, Step
from handlers.conversation.setting import Attach, DropFiles, FileReport
from handlers.conversation.waiting import ASIDE
from handlers.messages import Address, Inbound
from storage.vocabulary import Channel, ReportType
from tests.fakes.clock import MONDAY
from tests.talk import INSIDE, OUTSIDE, Talk, a_photo, at

COMPLAINTS = Path(__file__).parents[1] / "data" / "complaints.jsonl"
WHOLE = "LAPOR lampu jln mati dpn sd 3 ds mungguk"
MUNGGUK = "61.09.01.2002"
INTEGRITY = "petugas minta uang 100rb utk cetak kk di desa mungguk dekat pasar"
DANGER = "banjir sdh masuk rumah di selalong dekat gereja tolong"


# --- files and points, in any order ---


def test_photo_first() -> None:
    """A photo before any words is kept for the report; its words follow."""
    talk = Talk()
    talk.sends(media=(a_photo("a"),))
    (attach,) = talk.done(Attach)
    assert attach.media == (a_photo("a"),)
    assert "Apa masalahnya?" in talk.said
    talk.says("lampu jalan mati depan SD 3 desa mungguk")
    assert (talk.draft.attachments, talk.draft.id) == (1, attach.draft_id)


def test_caption() -> None:
    """A photo with words is a report with a photo."""
    talk = Talk()
    talk.sends(media=(a_photo(),), text="lampu jalan mati depan SD 3 desa mungguk")
    assert talk.draft.description == "lampu jalan mati depan SD 3 desa mungguk"
    assert talk.draft.attachments == 1


def test_album() -> None:
    """The parts of an album are kept, and answered once."""
    talk = at(Step.PHOTOS)
    said = 0
    for part in "abc":
        talk.sends(media=(a_photo(part, group="album"),))
        said += len(talk.replies)
    assert said == 1
    assert talk.draft.attachments == 3
    assert talk.step is Step.PHOTOS


def test_album_with_words_on_a_later_part() -> None:
    """Whichever part of an album carries the caption, it is the description."""
    talk = Talk()
    talk.sends(media=(a_photo("a", group="g"),))
    talk.sends(media=(a_photo("b", group="g"),), text="lampu jalan mati depan SD 3 desa mungguk")
    assert talk.draft.attachments == 2
    assert talk.step is Step.PHOTOS


@pytest.mark.parametrize("step", [step for step in Step if step not in ASIDE])
def test_photo_at_every_step(step: Step) -> None:
    """A photo sent at any step is kept, and the same question stays open."""
    talk = at(step)
    before = talk.draft
    talk.sends(media=(a_photo("late"),))
    assert talk.done(Attach) == [Attach(before.id, (a_photo("late"),))]
    assert talk.draft == replace(before, attachments=before.attachments + 1)
    assert talk.step is step


def test_too_many_files() -> None:
    """The eleventh file is refused in words; the ten are kept."""
    talk = at(Step.PHOTOS)
    for number in range(11):
        talk.sends(media=(a_photo(f"{number}"),))
    assert talk.draft.attachments == 10
    assert not talk.done(Attach)
    assert "10" in talk.said


def test_file_too_big() -> None:
    """A file that we could not fetch is refused at once, with the limit."""
    talk = at(Step.PHOTOS)
    talk.sends(media=(a_photo(size=20_000_001),))
    assert not talk.done(Attach)
    assert "20 MB" in talk.said


def test_location_first() -> None:
    """A point before any words is kept for its step: the place is not asked for."""
    talk = Talk()
    talk.sends(location=INSIDE)
    assert "Apa masalahnya?" in talk.said
    talk.says("lampu jalan mati sudah seminggu")
    assert talk.draft.area_code == MUNGGUK
    assert talk.draft.location == INSIDE
    assert talk.step is Step.PHOTOS


@pytest.mark.parametrize("step", [step for step in Step if step not in {Step.DESCRIPTION, *ASIDE}])
def test_location_at_every_step(step: Step) -> None:
    """A point sent later is read back for confirmation before it counts."""
    talk = at(step)
    talk.sends(location=INSIDE)
    assert talk.step is Step.POINT
    assert "Desa Mungguk" in talk.said
    talk.says("ya")
    assert (talk.draft.area_code, talk.draft.location) == (MUNGGUK, INSIDE)


@pytest.mark.parametrize("step", Step)
def test_location_elsewhere(step: Step) -> None:
    """A point outside the regency changes nothing, and is said to be outside."""
    talk = at(step)
    before = talk.draft
    talk.sends(location=OUTSIDE)
    assert (talk.step, talk.draft) == (step, before)
    assert "di luar Kabupaten Sekadau" in talk.said


def test_unsupported() -> None:
    """A sticker is answered, and the question stays."""
    talk = at(Step.PRIVACY)
    talk.sends(unsupported=True)
    assert talk.step is Step.PRIVACY
    assert talk.said.startswith("Maaf, pesan seperti ini")


# --- lengths ---


@pytest.mark.parametrize("step", [None, *Step])
def test_very_long_text(step: Step | None) -> None:
    """5,000 characters are answered with the limit where they are too many, and nothing told before is lost."""
    talk = at(step) if step else Talk()
    before = talk.progress.draft
    talk.says("jalan rusak parah " * 278)
    assert talk.replies
    if before:
        assert talk.draft.description == before.description
    else:
        assert talk.draft.description == ""
        assert "2000" in talk.said


@pytest.mark.parametrize("text", ["", " ", "\n", "\u200b"])
@pytest.mark.parametrize("step", [None, *Step])
def test_empty_text(step: Step | None, text: str) -> None:
    """Nothing at all is answered, and begins, answers and loses nothing."""
    talk = at(step) if step else Talk()
    before = talk.progress.draft
    talk.says(text)
    assert talk.replies
    assert (talk.step, talk.progress.draft) == (step, before)


# --- danger, suspicion, privacy ---


@pytest.mark.parametrize("channel", [Channel.TELEGRAM, Channel.SMS])
def test_emergency_first(channel: Channel) -> None:
    """Danger is answered first, with numbers to call, in a message of its own; then the report goes on."""
    talk = Talk(channel)
    talk.says(DANGER)
    assert "110" in (talk.replies[0].short if channel is Channel.SMS else talk.replies[0].text)
    assert talk.replies[0].question is None
    assert len(talk.replies) == 2
    assert talk.draft.is_emergency


def test_emergency_once() -> None:
    """The numbers are said once, not with every message."""
    talk = Talk()
    talk.says(DANGER, "air naik terus, banjir sepinggang dalam rumah")
    assert not any("110" in reply.text for reply in talk.replies)


def test_suspected_abuse_is_secret() -> None:
    """Suspected abuse is secret at once, who may know is not asked, and the accused field is kept."""
    talk = Talk()
    talk.says(INTEGRITY, "lewati")
    assert talk.step is Step.SUMMARY
    draft = talk.draft
    assert draft.is_integrity
    assert draft.is_secret
    assert draft.is_anonymous
    assert (draft.type, draft.accused_category) == (ReportType.OVERSIGHT, "ADMINDUK")


@pytest.mark.parametrize(
    "deeds", [("ubah identitas",), ("ubah identitas", "anonim"), ("ubah rahasia", "terbuka", "3")]
)
def test_protection_of_abuse_reports_is_not_lowered(deeds: tuple[str, ...]) -> None:
    """No way leads to a report of suspected abuse that others may read."""
    talk = Talk()
    talk.says(INTEGRITY, "lewati", *deeds)
    assert talk.draft.is_secret
    assert talk.draft.is_anonymous


@pytest.mark.parametrize("value", [questions.ANONYMOUS, questions.OPEN])
def test_open_question_does_not_lower_it_either(value: str) -> None:
    """Even a button that was shown before the suspicion was told does not lower the protection."""
    talk = at(Step.PRIVACY)
    talk.says("petugas dishub minta uang 100rb supaya diperbaiki, itu pungli namanya")
    talk.presses(value)
    assert talk.draft.is_secret
    assert talk.draft.is_anonymous


def test_protection_asked_for_later() -> None:
    """Who opened the report and then asks not to be named is not named."""
    talk = at(Step.NAME)
    talk.says("Budi Santoso", "saya takut, tolong jangan sebut nama saya ke siapa pun")
    assert talk.draft.is_anonymous
    assert talk.draft.is_secret
    assert talk.draft.name == ""


def test_hidden_by_default() -> None:
    """Who says nothing about privacy is hidden."""
    talk = Talk(Channel.SMS)
    talk.says(WHOLE, "ya")
    (draft,) = talk.filed
    assert draft.is_anonymous
    assert draft.is_secret


def test_open_asks_for_the_name() -> None:
    """Only who is willing to be known is asked for a name."""
    talk = at(Step.PRIVACY)
    talk.presses(questions.OPEN)
    assert talk.step is Step.NAME
    talk.says("  Budi   Santoso ")
    assert talk.draft.name == "Budi Santoso"
    talk.says("ubah identitas", "rahasia")
    talk.presses(questions.HIDDEN)
    assert talk.draft.name == ""


# --- few questions by SMS ---


def test_whole_report_by_sms() -> None:
    """One SMS with everything in it is asked back once: send it?"""
    talk = Talk(Channel.SMS)
    talk.says(WHOLE)
    assert talk.step is Step.SUMMARY
    assert len(talk.replies) == 1


def _asked_back(text: str) -> list[Step]:
    """The questions that an SMS leads to, each answered at once."""
    talk = Talk(Channel.SMS)
    talk.says(text)
    asked = [step for step in [talk.step] if step]
    while talk.step is not Step.SUMMARY and len(asked) < 6:
        talk.says("1" if talk.step is Step.WHICH_AREA else "desa mungguk dekat pasar")
        asked += [step for step in [talk.step] if step]
    return asked


def test_two_questions_at_most() -> None:
    """A text that tells what and where is asked back twice at most, whatever complaint it is."""
    rows = [json.loads(line) for line in COMPLAINTS.read_text(encoding="utf-8").splitlines()]
    asked = {
        row["text"]: _asked_back(row["text"]) for row in rows if row["desa_code"] or row["kecamatan_code"]
    }
    assert len(asked) > 150
    assert {text: steps for text, steps in asked.items() if len(steps) > 2} == {}


# --- one draft and another ---


@pytest.mark.parametrize(
    "deed", ["/start", "mulai", "lapor", "LAPOR sampah menumpuk di desa tanjung", "/lapor"]
)
@pytest.mark.parametrize("step", [step for step in Step if step not in (Step.RESUME, Step.DESCRIPTION)])
def test_begun_again(step: Step, deed: str) -> None:
    """Who begins again while a draft is open is asked; nothing of either is lost, and going on goes on."""
    talk = at(step)
    before = talk.draft
    talk.says(deed)
    assert (talk.step, talk.draft) == (Step.RESUME, before)
    assert not talk.done(DropFiles)
    talk.says("1")
    assert talk.step is (Step.PRIVACY if step is Step.DISCARD else step)
    assert talk.draft == before


def test_begun_after_a_photo() -> None:
    """LAPOR with the problem is the description of a draft that has none yet."""
    talk = at(Step.DESCRIPTION)
    talk.says(WHOLE)
    assert (talk.step, talk.draft.attachments) == (Step.PHOTOS, 1)


def test_begun_anew() -> None:
    """Who wants the new one gets it, with the words that came with LAPOR; the old one's files go."""
    talk = at(Step.PRIVACY)
    old = talk.draft
    talk.says("LAPOR sampah menumpuk di desa tanjung belakang pasar")
    talk.presses(questions.ANEW)
    assert talk.done(DropFiles) == [DropFiles(old.id)]
    assert talk.draft.id != old.id
    assert talk.draft.description == "sampah menumpuk di desa tanjung belakang pasar"


def test_begun_anew_in_two_messages() -> None:
    """Two messages that begin another report are both kept until it is decided."""
    talk = at(Step.PRIVACY)
    talk.says("LAPOR sampah menumpuk", "LAPOR di desa tanjung belakang pasar", "2")
    assert talk.draft.description == "sampah menumpuk\ndi desa tanjung belakang pasar"


def test_filed_once() -> None:
    """YA files the draft; another YA finds nothing open."""
    talk = at(Step.SUMMARY)
    draft = talk.draft
    talk.says("ya", "ya", "kirim")
    assert talk.filed == [draft]
    assert talk.progress.draft is None


def test_told_in_several_messages() -> None:
    """What is told on while pictures, privacy or the summary are asked about is added to the text."""
    talk = at(Step.SUMMARY)
    talk.says("lupa bilang: tiang lampunya juga miring ke jalan")
    assert talk.draft.description.endswith("\nlupa bilang: tiang lampunya juga miring ke jalan")
    assert talk.step is Step.SUMMARY


# --- the deployment changes ---


def test_deployment_set_up_anew() -> None:
    """A stored draft that refers to what is no longer there goes on without it."""
    talk = at(Step.LANDMARK)
    gone = Draft("x", "jalan rusak di desa hilang", area_code="61.09.99.2001", category="HILANG")
    for step in Step:
        progress = replace(talk.progress, draft=gone, step=step, trail=(Step.LANDMARK,))
        turn = judge(progress, Inbound(Address(Channel.TELEGRAM, "1"), "1", MONDAY, "kembali"), talk.setting)
        assert turn.progress.draft
        assert turn.progress.draft.area_code is None
        assert not any(isinstance(output, FileReport) for output in turn.outputs)


def test_an_album_whose_first_part_is_refused() -> None:
    """The next part is the first that is kept: it is answered, and the question is open."""
    talk = Talk()
    talk.sends(media=(a_photo(group="album", size=10**9),))
    assert talk.progress.draft is None
    talk.sends(media=(a_photo(group="album"),))
    assert talk.step is Step.DESCRIPTION
    assert talk.draft.attachments == 1


def test_the_advised_choice_can_be_typed() -> None:
    """ "rahasia" is the answer, not the word that protects a filed report."""
    talk = at(Step.PRIVACY)
    talk.says("rahasia")
    assert talk.draft.is_secret
    assert Step.PRIVACY in talk.draft.done
