"""What a text tells that comes soon after we told of a report: surely a new problem, or perhaps more of that one."""

import re
from collections.abc import Collection

from handlers.conversation.places import Found, has_landmark
from handlers.conversation.setting import Knowledge
from handlers.conversation.verdicts import STILL_SAID
from handlers.conversation.words import fold, words_of

#: a text that begins so, and says no more than where, is about what was told before
_WHERE = re.compile(
    r"(?:eh |oh |ya |iya |maaf |pak |bu |itu |yg |yang |it s |it is |that is |this is |the |tepatnya |persisnya |"
    r"lokasinya |tempatnya |patokannya |patokan |posisinya |alamatnya |letaknya |ada |exactly |right |just )*"
    r"(?:di|ada di|dkt|dekat|deket|dpn|depan|blkg|belakang|samping|sebelah|seberang|arah|antara|sekitar|rumah|warung|"
    r"near|next to|in front|behind|beside|opposite|across|at|landmark|place|location|by) "
)
#: words on a place are few
_FEW_WORDS = 12


def tells_new(text: str, about: Collection[str], areas: Collection[str | None], knowledge: Knowledge) -> bool:
    """Tell whether a text is surely a problem of its own: danger, another topic, or one told with its place.

    `about`, `areas`: categories and places of the reports that it may be about.
    """
    reading = knowledge.classifier.read(text)
    if reading.is_emergency or reading.is_integrity:
        return True
    if _is_where(text):
        return False
    place = knowledge.gazetteer.find(text)
    if place.found in (Found.VILLAGE, Found.DISTRICT):
        is_elsewhere = place.codes[0] not in areas
        return is_elsewhere or (reading.is_sure and STILL_SAID.isdisjoint(words_of(text)))
    return reading.is_sure and reading.category not in about


def _is_where(text: str) -> bool:
    """Tell whether a text says where, and nothing that is wrong there."""
    return (
        len(text.split()) <= _FEW_WORDS and has_landmark(text) and _WHERE.match(f"{fold(text)} ") is not None
    )
