"""What is told beside an unfinished draft, about another problem or while its end is decided: kept, and never lost."""

import re
from dataclasses import replace

from handlers.conversation.dates import find_when
from handlers.conversation.flows import report
from handlers.conversation.flows.facts import helpline_for
from handlers.conversation.flows.report import Accepted, Answer
from handlers.conversation.flows.where import begins_with_place
from handlers.conversation.places import Found, has_landmark
from handlers.conversation.progress import Draft, Progress, Step
from handlers.conversation.setting import Setting
from handlers.conversation.words import fold

#: the questions of what becomes of a draft
ASIDE = frozenset({Step.DISCARD, Step.RESUME})
#: a text of so many words is no slip of an answer
_FEWEST_WORDS = 3


def tells(text: str, setting: Setting) -> bool:
    """Tell whether a text that takes none of the choices is about a problem."""
    return len(text.split()) >= _FEWEST_WORDS or setting.knowledge.classifier.read(text).is_sure


def is_told(draft: Draft, text: str) -> bool:
    """Tell whether the draft says these very words."""
    return f" {fold(text)} " in f" {fold(draft.description)} "


def keep(at: Progress, text: str, setting: Setting, ref: str | None = None) -> Progress | None:
    """Return the state with a text kept for the report that waits; None: there is no room for it."""
    told = f"{at.waiting}\n{text.strip()}".strip()
    if len(told) > setting.knowledge.deployment.intake.max_chars:
        return None
    draft = replace(beside(at, setting), description_ref=None if at.waiting else ref)
    return replace(at, waiting=told, next_draft=draft)


def beside(at: Progress, setting: Setting) -> Draft:
    """Return what came for the report that waits; its words are `Progress.waiting`."""
    return at.next_draft or Draft(id=setting.new_id)


def joined(at: Progress, draft: Draft, setting: Setting, *, is_said: bool = False) -> Draft | None:
    """Return the draft with what was told meanwhile; None: that is about something else, or there is no room.

    `is_said`: the person says that it belongs to the draft.
    """
    more = beside(at, setting)
    fuller = _with_words(at.waiting, draft, setting, is_said=is_said) if at.waiting else draft
    if fuller is None:
        return None
    fuller = replace(fuller, attachments=fuller.attachments + more.attachments)
    if more.location and more.area_code:  # read back before it counts
        fuller = replace(fuller, location=more.location, area_code=None, area_options=(more.area_code,))
    return fuller


def _with_words(text: str, draft: Draft, setting: Setting, *, is_said: bool) -> Draft | None:
    if not draft.description:
        judged = report.accept(Step.DESCRIPTION, draft, Answer(text), setting)
        return judged.draft if isinstance(judged, Accepted) else None
    is_another = not is_said and _is_about_another(text, draft, setting)
    return None if is_another else report.with_more(draft, text, setting)


def _is_about_another(text: str, draft: Draft, setting: Setting) -> bool:
    """Tell whether a text names another topic or another place than the draft does."""
    reading = setting.knowledge.classifier.read(text)
    place = setting.knowledge.gazetteer.find(text)
    is_elsewhere = place.found in (Found.VILLAGE, Found.DISTRICT) and not _is_there(
        draft, place.codes[0], setting
    )
    return (reading.is_sure and reading.category != draft.category) or is_elsewhere


#: questions at which more of the story is welcome, once it is known what the draft is about and where
_AFTER_PLACE = frozenset({Step.DETAIL, Step.LANDMARK, Step.PHOTOS, Step.PRIVACY, Step.SUMMARY})
#: of so many words, a whole problem
_WHOLE = 5


#: by one of these a text goes on with what was told
_GOES_ON = re.compile(
    r"(?:dan|serta|jadi|lalu|terus|trus|sampai|karena|krn|akibatnya|bahkan|and|so|because|even)\b"
)
#: these as well: who tells there that something else is wrong names no place
_AT_PLACE = frozenset({Step.PLACE, Step.WHICH_AREA})


def begins_another(at: Progress, text: str, setting: Setting) -> bool:
    """Tell whether a text in the middle of a draft seems a problem of its own: another topic, wrong or elsewhere."""
    draft = at.draft
    if draft is None or at.step not in _AFTER_PLACE | _AT_PLACE:
        return False
    if helpline_for(text, setting) and not (draft.is_emergency or helpline_for(draft.description, setting)):
        return True
    if len(text.split()) < _WHOLE:
        return False
    reading, place = setting.knowledge.classifier.read(text), setting.knowledge.gazetteer.find(text)
    is_where = place.found in (Found.VILLAGE, Found.DISTRICT) or has_landmark(text)
    if at.step in _AT_PLACE and is_where and find_when(text, setting.today) is None:
        return False  # "simpang jembatan rusak desa mungguk": of no place it is told since when
    told = (
        None,
        setting.knowledge.deployment.other_category,
        *setting.knowledge.classifier.topics(draft.description),
    )
    if not reading.is_sure or draft.category in told[:2] or reading.category in told:
        return False
    is_placed = draft.area_code is not None and place.found in (Found.VILLAGE, Found.DISTRICT)
    is_elsewhere = is_placed and not _is_there(draft, place.codes[0], setting)
    is_wrong = (
        reading.is_trouble and not reading.is_integrity
    )  # abuse may well be about the draft, and hides it
    goes_on = _GOES_ON.match(text.strip().lower()) or begins_with_place(text)
    return (is_elsewhere and at.step in _AFTER_PLACE) or (is_wrong and not goes_on)


#: what is told there replaces the story, or waits until it is decided what becomes of it
_NO_ADDITION = frozenset({Step.DESCRIPTION, *ASIDE})
#: questions that anything might answer
_ASKS_WHERE = frozenset({Step.PLACE, Step.WHICH_AREA, Step.LANDMARK})


def is_more_danger(draft: Draft, step: Step | None, text: str, setting: Setting) -> bool:
    """Tell whether a text in a draft that tells of danger tells of more, and says no place."""
    if not draft.is_emergency or step in _NO_ADDITION:
        return False
    reading = setting.knowledge.classifier.read(text)
    if reading.helpline or not reading.is_emergency or step not in _ASKS_WHERE:
        return reading.helpline is not None
    return not has_landmark(text) and setting.knowledge.gazetteer.find(text).found is Found.NONE


def is_graver(at: Progress, text: str, setting: Setting) -> bool:
    """Tell whether a text tells of a danger that has its turn before the draft."""
    is_calm = at.draft is not None and bool(at.draft.description) and not at.draft.is_emergency
    return (
        is_calm
        and not at.waiting
        and at.next_draft is None
        and setting.knowledge.classifier.read(text).is_emergency
    )


def _is_there(draft: Draft, code: str, setting: Setting) -> bool:
    if draft.area_code is None:
        return True
    area_by_code = setting.knowledge.deployment.area_by_code
    there = {draft.area_code, area_by_code[draft.area_code].parent_code}
    return code in there or area_by_code[code].parent_code == draft.area_code
