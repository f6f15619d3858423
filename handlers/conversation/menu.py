"""UBAH: what is wrong may be told at once, in one's own words, instead of naming the part that is to be changed."""

import re

from handlers import wording
from handlers.conversation.dates import find_when
from handlers.conversation.flows import questions
from handlers.conversation.flows.facts import noted, noted_anew, with_place_and_day
from handlers.conversation.flows.report import Accepted, Answer, accept, with_more, with_place_words
from handlers.conversation.phrasebook import FIELDS
from handlers.conversation.places import Found, has_landmark
from handlers.conversation.progress import Draft, Step
from handlers.conversation.repair import TAKEN_BACK, Repaired, repaired
from handlers.conversation.setting import Setting
from handlers.conversation.talk import say

_FIELD_OF = {name: field for field, names in FIELDS.items() for name in names.split()}
#: "tempatnya salah, di …"
_NAMED = re.compile(
    rf"(?:the\s+)?(?P<name>{'|'.join(_FIELD_OF)})(?:\s?nya)?\b"
    r"(?:\s+(?:yang|yg|salah|keliru|benar|betul|bukan di situ|adalah|itu|is|was|wrong|should be|it is)\b)*[\s,.:;=-]*"
    r"(?P<rest>.+)",
    re.IGNORECASE | re.DOTALL,
)
#: fields of which the rest is the answer; of others it is more of the story, or a sentence about them
_ANSWERED_AT_ONCE = frozenset({Step.PLACE, Step.WHEN, Step.CATEGORY})
#: more words tell more than a name or a day
_FEW_WORDS = 5


def told(draft: Draft, text: str, setting: Setting) -> Repaired | None:
    """Return what a text at "what do you want to change?" changes; None: it names no part, place or day."""
    meant = TAKEN_BACK.sub(" ", text.strip())
    return _of_field(draft, meant, setting) or _unnamed(draft, meant, setting)


def _of_field(draft: Draft, meant: str, setting: Setting) -> Repaired | None:
    named = _NAMED.match(meant)
    step = questions.FIELDS[_FIELD_OF[named["name"].lower()]][1] if named else None
    if named is None or step not in _ANSWERED_AT_ONCE:
        return None
    judged = accept(step, draft, Answer(named["rest"]), setting)
    return _changed(draft, judged.draft, setting) if isinstance(judged, Accepted) else None


def _unnamed(draft: Draft, meant: str, setting: Setting) -> Repaired | None:
    """Take the newest word on place and day; whatever else is told is kept."""
    reading = setting.knowledge.classifier.read(meant)
    is_long = len(meant.split()) > _FEW_WORDS
    if is_long and reading.is_sure and reading.category != draft.category:
        return None  # another problem, whose place is not this one's
    place, when, fresh = setting.knowledge.gazetteer.find(meant), find_when(meant, setting.today), draft
    if has_landmark(meant):
        fresh = with_place_words(fresh, meant, setting)
    elif is_long and (place.found is not Found.NONE or when):
        fresh = with_more(fresh, meant, setting) or fresh
    fresh = with_place_and_day(fresh, place, when)
    is_told = place.found in (Found.VILLAGE, Found.DISTRICT) or when is not None or fresh != draft
    return _changed(draft, fresh, setting) if is_told else None


def _changed(before: Draft, after: Draft, setting: Setting) -> Repaired:
    if noted_anew(before, after, setting) or after.description != before.description:
        return repaired(wording.CORRECTED, before, after, setting)
    return Repaired(after, say(setting, wording.NOTED, facts=noted(after, setting)))  # as it stood already
