"""Words that begin a conversation, or stand in it, and are no problem: a wish to report or to be hidden, an insult."""

import pytest

from handlers.conversation.progress import Step
from handlers.conversation.setting import SetLanguage, ShowStatus
from storage.vocabulary import Channel, Language
from tests.talk import Talk, at

INSULT, STORY = "KALIAN MAKAN GAJI BUTA", "JALAN DI DEPAN RUMAH SAYA HANCUR SUDAH 2 TAHUN KALIAN DIAM SAJA"


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize(
    "text", [INSULT, "pemerintah diam saja", "kalian tidur aja kerjanya", "you are all lazy"]
)
def test_an_insult_without_a_matter_is_asked_what_is_wrong(text: str, channel: Channel) -> None:
    talk = Talk(channel)
    talk.says(text)
    assert (talk.step, talk.progress.draft) == (None, None)
    assert "masalahnya" in talk.said or "problem" in talk.said
    talk.says(STORY)
    assert (talk.draft.description, talk.draft.category, talk.draft.place) == (STORY, "JALAN", "")


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize(
    ("text", "language"),
    [
        *((text, Language.INDONESIAN) for text in ("halo saya mau lapor", "bisa lapor di sini?", "permisi, mau lapor")),
        *((text, Language.ENGLISH) for text in ("hi, I want to report something", "Hello can i report here?",
                                                "good morning, how do I report?", "i would like to complain")),
    ],
)  # fmt: skip
def test_a_wish_to_report_is_welcomed_in_its_language(
    text: str, language: Language, channel: Channel
) -> None:
    talk = Talk(channel)
    talk.says(text)
    assert talk.progress.draft is None
    assert talk.language is language
    assert [effect.language for effect in talk.done(SetLanguage)] == [language] * (
        language is Language.ENGLISH
    )
    assert talk.said.startswith({"id": ("Selamat", "Layanan"), "en": ("We now", "Sekadau")}[language])


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize(
    ("text", "is_secret"),
    [
        *((text, False) for text in ("saya mau lapor tapi anonim ya", "lapor anonim", "I want to report anonymously")),
        *((text, True) for text in ("mau lapor tapi rahasia ya", "lapor rahasia")),
    ],
)  # fmt: skip
def test_a_wish_to_report_and_be_hidden_begins_a_hidden_report(
    text: str, is_secret: bool, channel: Channel
) -> None:
    talk = Talk(channel)
    talk.says(text)
    assert (talk.step, talk.draft.description) == (Step.DESCRIPTION, "")
    talk.says("lampu jalan mati depan SD 3 desa mungguk")
    assert talk.draft.description == "lampu jalan mati depan SD 3 desa mungguk"
    assert (talk.draft.is_anonymous, talk.draft.is_secret) == (True, is_secret)
    assert Step.PRIVACY in talk.draft.done


@pytest.mark.parametrize("step", [Step.DETAIL, Step.PLACE, Step.LANDMARK, Step.PHOTOS])
@pytest.mark.parametrize(
    "text", ["ANONIM", "saya mau anonim aja ya pak tolong", "laporan ini tolong dibuat anonim ya", "tanpa nama ya"]
)  # fmt: skip
def test_a_wish_to_be_anonymous_is_neither_story_nor_place(text: str, step: Step) -> None:
    talk = at(step)
    before = talk.draft
    talk.says(text)
    assert (talk.step, talk.draft.description, talk.draft.place) == (step, before.description, before.place)
    assert Step.PRIVACY in talk.draft.done
    assert not talk.draft.is_secret


def test_to_be_seen_takes_more_than_such_words() -> None:
    talk = at(Step.LANDMARK)
    talk.says("open my report")
    assert talk.draft.is_secret


@pytest.mark.parametrize("text", ["where is my report?", "any news?", "mana laporan saya?"])
def test_asking_for_news_within_a_draft_adds_nothing(text: str) -> None:
    talk = at(Step.LANDMARK)
    before = talk.draft
    talk.says(text)
    assert talk.done(ShowStatus) == [ShowStatus("")]
    assert talk.draft == before


@pytest.mark.parametrize("text", ["send", "kirim"])
def test_send_at_the_photo_goes_on(text: str) -> None:
    talk = at(Step.PHOTOS)
    talk.says(text)
    assert talk.step is Step.PRIVACY
