"""Danger and abuse are recognised in a citizen's words, in both languages, and what follows of it."""

import pytest

from handlers.conversation.classify import Classifier
from handlers.conversation.progress import Step
from tests.deployment import sekadau
from tests.talk import Talk

CLASSIFIER = Classifier(sekadau())


@pytest.mark.parametrize(
    "text",
    ["kebakaran di desa mungguk dekat pasar", "ada yang mau bunuh diri di jembatan desa mungguk dekat pasar"],
)
def test_in_danger_no_photo_is_asked_for(text: str) -> None:
    talk = Talk()
    talk.says(text)
    assert "110" in talk.replies[0].text
    assert talk.step is Step.SUMMARY


@pytest.mark.parametrize(
    "text",
    [
        *("there is a fire at the market", "a boy is drowning in the river", "a man wants to commit suicide"),
        *("I want to kill myself", "motorbike accident near the bridge", "someone was stabbed at the market"),
        *(
            "flood water inside the house, we are on the roof",
            "gas leak next to the school",
            "need an ambulance",
        ),
        *(
            "a power line is down on the road",
            "people are trapped under the landslide",
            "the transformer exploded",
        ),
    ],
)
def test_danger_in_english(text: str) -> None:
    assert CLASSIFIER.read(text).is_emergency


@pytest.mark.parametrize(
    "text",
    [
        *(
            "the fire brigade never answers",
            "people are burning garbage every night",
            "the road is accident prone",
        ),
        *(
            "the broken bridge may cause an accident",
            "fish are dying in the river",
            "the street light is broken",
        ),
    ],
)
def test_no_danger_in_english(text: str) -> None:
    assert not CLASSIFIER.read(text).is_emergency


@pytest.mark.parametrize(
    "text",
    [
        *(
            "the officer asked for a bribe",
            "I was asked for money at the office",
            "extortion at the checkpoint",
        ),
        *(
            "a corrupt official in the village",
            "the village head embezzled the village fund",
            "officials take kickbacks",
        ),
        *(
            "pay extra and your permit is faster",
            "they demanded money for a birth certificate",
            "a fictitious project",
        ),
        *("the village fund was used for his own house", "money went into the village head's pocket"),
    ],
)
def test_abuse_in_english(text: str) -> None:
    assert CLASSIFIER.read(text).is_integrity


@pytest.mark.parametrize(
    "text",
    [
        *("the officer was rude", "the money for school books has not come", "a beggar asked for money"),
        *("there is no money left for the road at the village office", "the licence office is closed"),
    ],
)
def test_no_abuse_in_english(text: str) -> None:
    assert not CLASSIFIER.read(text).is_integrity
