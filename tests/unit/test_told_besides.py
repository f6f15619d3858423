"""What an answer tells besides what was asked: it counts for what it is, in chat and by SMS, in both languages."""

from datetime import date

import pytest

from handlers.conversation.progress import Step
from handlers.conversation.setting import Attach, LinkReport, ProtectReport
from handlers.sms_length import count_parts
from storage.vocabulary import Channel, Language
from tests.talk import Talk, a_photo, at

ID, EN = Language.INDONESIAN, Language.ENGLISH
BOTH = pytest.mark.parametrize("channel", [Channel.TELEGRAM, Channel.SMS])
LAMP = "lampu jalan mati terus tiap malam"
LIGHT = "street light is broken near our house"
YESTERDAY = date(2026, 3, 1)


@BOTH
@pytest.mark.parametrize(
    ("problem", "answer", "place", "is_ongoing"),
    [
        (LAMP, "di depan SDN 2 desa mungguk kemarin malam", "di depan SDN 2 desa mungguk kemarin malam", False),
        (LAMP, "mungguk, sejak kemarin", "", True),
        (f"{LAMP} di mungguk", "di depan SDN 2 kemarin malam", "di depan SDN 2 kemarin malam", False),
        (LIGHT, "in front of SDN 2 mungguk since yesterday", "in front of SDN 2 mungguk since yesterday", True),
    ],
)  # fmt: skip
def test_the_day_told_with_the_place(
    channel: Channel, problem: str, answer: str, place: str, is_ongoing: bool
) -> None:
    """It is read, at the question where and where exactly; over SMS, which asks once, the summary takes it."""
    talk = Talk(channel)
    talk.says(problem, answer)
    assert (talk.draft.occurred_on, talk.draft.is_ongoing) == (YESTERDAY, is_ongoing)
    if channel is Channel.TELEGRAM or "mungguk" not in problem:
        assert (talk.draft.description, talk.draft.place) == (problem, place)


@BOTH
def test_a_day_told_before_stays(channel: Channel) -> None:
    talk = Talk(channel)
    talk.says(f"{LAMP} sejak 27 februari", "di depan SDN 2 desa mungguk kemarin malam")
    assert (talk.draft.occurred_on, talk.draft.is_ongoing) == (date(2026, 2, 27), True)


@BOTH
@pytest.mark.parametrize(
    ("problem", "answer", "story", "place"),
    [
        (LAMP, "lampu mati di depan SDN 2 desa mungguk", "", "di depan SDN 2 desa mungguk"),
        (LAMP, "3 lampu mati, dekat SDN 2 mungguk", "\n3 lampu mati", "dekat SDN 2 mungguk"),
        (LAMP, "lampu jalan pecah di mungguk", "\nlampu jalan pecah", ""),
        (LIGHT, "the street light in front of SDN 2 mungguk", "", "in front of SDN 2 mungguk"),
        ("hole in the road", "wide hole in road near SDN 2 mungguk", "\nwide hole in road", "near SDN 2 mungguk"),
        # of another topic, or a landmark: that is where
        (LAMP, "kebun sawit di belakang SDN 2 mungguk", "", "kebun sawit di belakang SDN 2 mungguk"),
        ("antri lama sekali di loket", "puskesmas mungguk di jalan raya", "", "puskesmas mungguk di jalan raya"),
        ("jalan rusak parah", "jalan merdeka dekat SDN 2 mungguk", "", "jalan merdeka dekat SDN 2 mungguk"),
    ],
)  # fmt: skip
def test_the_problem_told_again_with_the_place(
    channel: Channel, problem: str, answer: str, story: str, place: str
) -> None:
    """The place holds the words on the place; what the rest tells anew goes to the story, and is not said twice."""
    talk = Talk(channel)
    talk.says(problem, answer)
    assert (talk.draft.description, talk.draft.place) == (problem + story, place)
    assert talk.draft.area_code == "61.09.01.2002"


@BOTH
def test_danger_told_with_the_place(channel: Channel) -> None:
    """It is heard as it is in the story."""
    talk = Talk(channel)
    talk.says("asap kebakaran lahan tebal sekali", "rumah terbakar di depan SDN 2 mungguk")
    assert talk.draft.is_emergency
    assert "113" in talk.replies[0].text


@BOTH
@pytest.mark.parametrize(
    ("language", "word", "place", "skip"),
    [
        (ID, "jalan", "di depan SDN 2 desa mungguk", "lewati"),
        (ID, "bau", "di belakang pasar desa mungguk", "lewati"),
        (EN, "road", "in front of SDN 2 mungguk", "skip"),
    ],
)
def test_one_word_is_asked_about_once(
    channel: Channel, language: Language, word: str, place: str, skip: str
) -> None:
    """A topic's name is too little to act on, however well its place is described, on each channel."""
    talk = Talk(channel, language)
    talk.says(word, place)
    assert (talk.draft.description, talk.step) == (word, Step.DETAIL)
    talk.says(skip)
    following = Step.SUMMARY if channel is Channel.SMS else Step.PHOTOS
    assert (talk.draft.description, talk.step) == (word, following)


def test_danger_in_one_word_waits_for_nothing() -> None:
    talk = Talk(Channel.SMS)
    talk.says("kebakaran", "di depan SDN 2 desa mungguk")
    assert talk.step is Step.SUMMARY


@BOTH
@pytest.mark.parametrize(
    ("answer", "is_more"),
    [
        ("kemarin, waktu hujan deras tiang roboh", True),
        ("kemarin malam sekitar jam 7", True),
        ("yesterday, when it rained the pole fell", True),
        ("kemarin malam pak", False),
        ("it happened yesterday", False),
    ],
)
def test_a_sentence_to_when(channel: Channel, answer: str, is_more: bool) -> None:
    """What it tells besides the day is more of the story."""
    talk = Talk(channel)
    talk.says(f"{LAMP} depan SD 3 desa mungguk")
    before = talk.draft.description
    if channel is Channel.TELEGRAM:
        talk.says("lewati", "rahasia")
    talk.says("ubah waktu", answer)
    assert (talk.step, talk.draft.occurred_on) == (Step.SUMMARY, YESTERDAY)
    assert talk.draft.description == (f"{before}\n{answer}" if is_more else before)


def test_a_sentence_to_when_without_a_day() -> None:
    """It is kept, and the day is asked for again."""
    talk = at(Step.WHEN)
    talk.says("waktu itu hujan deras sekali")
    assert talk.step is Step.WHEN
    assert talk.draft.description.endswith("\nwaktu itu hujan deras sekali")


@pytest.mark.parametrize("word", ["rahasia", "rahasiakan pak", "secret"])
def test_protection_under_a_photo(word: str) -> None:
    """It is a wish and no part of the story, before the problem is told as well; and so it is without a photo."""
    talk = at(Step.PHOTOS)
    before = talk.draft.description
    talk.sends(media=(a_photo(),), text=word)
    assert talk.done(Attach)
    assert (talk.draft.description, talk.draft.attachments) == (before, 1)
    assert "Kami rahasiakan." in talk.said
    talk.says("lewati")
    assert talk.step is Step.SUMMARY
    first = Talk()
    first.sends(media=(a_photo(),), text=word)
    assert first.done(Attach)
    assert (first.draft.description, first.step) == ("", Step.DESCRIPTION)
    first.says(LAMP, word)
    assert (first.draft.description, first.draft.place, first.step) == (LAMP, "", Step.PLACE)
    first.says("di depan SDN 2 desa mungguk", "lewati")
    assert (first.draft.place, first.step) == ("di depan SDN 2 desa mungguk", Step.SUMMARY)


@BOTH
@pytest.mark.parametrize("word", ["rahasia", "anonim", "secret"])
def test_protection_with_nothing_open(channel: Channel, word: str) -> None:
    """It is about a report that was sent, and begins none."""
    talk = Talk(channel)
    assert talk.says(word).outputs == (ProtectReport(""),)
    assert talk.progress.draft is None


def test_a_link_is_ended_under_a_photo() -> None:
    """LEPAS takes a number: alone it is a word like others ("sapi lepas")."""
    talk = at(Step.PHOTOS)
    before = talk.draft.description
    talk.sends(media=(a_photo(),), text="LEPAS 7140666")
    assert [effect.is_wanted for effect in talk.done(LinkReport)] == [False]
    assert talk.draft.description == before


@pytest.mark.parametrize(
    ("language", "problem"), [(ID, f"{LAMP} sejak kemarin"), (EN, f"{LIGHT} since yesterday")]
)
def test_an_sms_says_what_was_understood(language: Language, problem: str) -> None:
    """Topic, village and day, before YA sends it, in one part."""
    talk = Talk(Channel.SMS, language)
    talk.says(problem, "depan SDN 2 mungguk")
    assert talk.step is Step.SUMMARY
    assert all(fact in talk.said for fact in ("Desa Mungguk", "01/03"))
    assert count_parts(talk.said) == 1


@pytest.mark.parametrize("channel", Channel)
def test_what_else_is_wrong_is_no_place(channel: Channel) -> None:
    """Nor is it lost: "where?" is asked once more."""
    talk = Talk(channel)
    talk.says("sampah menumpuk dan bau sekali pak", "masih bau", "jalan depan rumah juga berlubang")
    assert (talk.step, talk.draft.place) == (Step.PLACE, "")
    assert talk.draft.description.endswith("masih bau\njalan depan rumah juga berlubang")
    talk.says("di dekat sekolah juga ada, ds mungguk")
    assert "sekolah" in talk.draft.place


def test_what_else_is_wrong_at_which_area() -> None:
    talk = at(Step.WHICH_AREA)
    talk.says("pipa depan rumah juga bocor")
    assert (talk.step, talk.draft.place) == (Step.WHICH_AREA, "")
    assert talk.draft.description.endswith("juga bocor")
