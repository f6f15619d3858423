"""An answer to "where?": the words on the place, and what a sentence tells besides."""

import re
from dataclasses import replace
from itertools import islice

from handlers.conversation.dates import find_when
from handlers.conversation.places import has_landmark
from handlers.conversation.progress import Draft
from handlers.conversation.setting import Setting
from handlers.conversation.words import fold

#: with one of these the words on the place may begin
_BEGINS = re.compile(
    r"\b(?:di|dekat|dkt|deket|depan|dpn|belakang|blkg|samping|sebelah|seberang|desa|ds|dusun"
    r"|at|in|on|near|behind|next to|opposite)\b",
    re.IGNORECASE,
)
#: of so many such words one stands behind the problem, if any does: a long text costs no more
_TRIED = 5
#: a shorter word that was not told yet tells nothing new, unless it counts
_SHORTEST_NEW = 4


def begins_with_place(text: str) -> bool:
    """Tell whether a text says first of all where ("di jembatan rusak dekat SD")."""
    return _BEGINS.match(text.strip()) is not None


def parted(draft: Draft, text: str, setting: Setting) -> tuple[str, str]:
    """Return what an answer tells of the draft's problem ("lampu mati"), perhaps nothing, and where ("di depan SD")."""
    for match in islice(_BEGINS.finditer(text), _TRIED):
        head = text[: match.start()].strip(" ,.;:-\n")
        if head and _is_problem(draft, head, setting):
            return head, text[match.start() :].strip()
    is_whole = _is_unknown(draft, setting) and _is_sentence(text, setting)
    return text.strip() if is_whole else "", text.strip()


def _is_unknown(draft: Draft, setting: Setting) -> bool:
    return draft.category in (None, setting.knowledge.deployment.other_category)


def _is_sentence(text: str, setting: Setting) -> bool:
    """Tell whether an answer is a problem as a whole ("jalan di depan rumah saya hancur"): it is story and place."""
    reading = setting.knowledge.classifier.read(text)
    return reading.is_sure and reading.is_trouble and not begins_with_place(text)


def _is_problem(draft: Draft, head: str, setting: Setting) -> bool:
    """Tell whether words speak of what the draft is about: those of another topic are a place ("kebun sawit")."""
    reading = setting.knowledge.classifier.read(head)
    topics = (None, setting.knowledge.deployment.other_category, reading.category)
    return reading.is_sure and draft.category in topics and not has_landmark(head)


def is_told(draft: Draft, story: str) -> bool:
    """Tell whether a story says no more than the description does."""
    known = set(fold(draft.description).split())
    return all(
        word in known or (len(word) < _SHORTEST_NEW and not word.isdigit()) for word in fold(story).split()
    )


def dated(draft: Draft, text: str, setting: Setting) -> Draft:
    """Return the draft with the day that an answer to another question names, where none is known yet."""
    when = find_when(text, setting.today)
    if when is None or draft.occurred_on is not None:
        return draft
    return replace(draft, occurred_on=when.on, is_ongoing=when.is_since)
