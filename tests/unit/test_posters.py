"""A poster's code tells the conversation where it hangs."""

import re

import pytest

from handlers import poster_wording
from handlers.conversation.flows.facts import area_name
from handlers.conversation.progress import Step
from handlers.deep_links import area_of, area_payload_of
from handlers.i18n import Voice
from storage.vocabulary import Channel, Language
from tests.deployment import sekadau
from tests.talk import Talk

MUNGGUK, TANJUNG = "61.09.01.2002", "61.09.01.2003"
TOLD = "sampah menumpuk tidak diangkut sudah seminggu, baunya sampai ke rumah"


def scanned(area: str = MUNGGUK) -> Talk:
    talk = Talk()
    talk.says(f"/start {area_payload_of(area)}")
    return talk


def test_every_area_has_a_payload() -> None:
    """Each fits a deep link, and leads back to its area; others lead nowhere."""
    deployment = sekadau()
    for area in deployment.areas:
        assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", area_payload_of(area.code))
        assert area_of(area_payload_of(area.code), deployment) == area.code
    assert area_of("di-999", deployment) is None


def test_place_is_known() -> None:
    """Who scans it is told so, and is not asked for the place of what they tell; where exactly is asked still."""
    talk = scanned()
    assert "kami catat Desa Mungguk, Kec. Sekadau Hilir" in talk.said
    assert talk.progress.draft is None  # nobody is reminded of a scan
    talk.says(TOLD)
    assert (talk.draft.area_code, talk.step) == (MUNGGUK, Step.LANDMARK)


@pytest.mark.parametrize(
    ("place", "area"),
    [("desa tanjung", TANJUNG), ("di sanggau", None), ("desa tinting boyok atau desa tanjung", None)],
)
def test_words_win(place: str, area: str | None) -> None:
    """Whoever names another place is taken at their word, or asked."""
    talk = scanned()
    talk.says(f"{TOLD}, {place}")
    assert talk.draft.area_code == area


def test_once() -> None:
    """It counts for one report: the next one may be from anywhere."""
    talk = scanned()
    talk.says(TOLD, "batal", "ya", TOLD)
    assert talk.step is Step.PLACE


@pytest.mark.parametrize("language", Language)
def test_the_example_is_a_report(language: Language) -> None:
    """What the poster tells people to write by SMS holds all that a report needs, wherever it hangs."""
    voice = Voice(language, sekadau().zone, sekadau().time_zone_label)
    for area in (sekadau().area_by_code[MUNGGUK], sekadau().areas[1]):
        talk = Talk(Channel.SMS, language)
        talk.says(voice.text(poster_wording.EXAMPLE, area=area_name(area.code, sekadau(), voice)))
        assert (talk.draft.area_code, talk.draft.category) == (area.code, "JALAN")
        assert talk.draft.occurred_on
