"""What is told beside an unfinished draft, about another problem or while its end is decided: kept, and never lost."""

from dataclasses import replace

from handlers.conversation.flows import report
from handlers.conversation.flows.report import Accepted, Answer
from handlers.conversation.places import Found
from handlers.conversation.progress import Draft, Progress, Step
from handlers.conversation.setting import Setting

#: the questions of what becomes of a draft
ASIDE = frozenset({Step.DISCARD, Step.RESUME})
#: a text of so many words is no slip of an answer
_FEWEST_WORDS = 3


def tells(text: str, setting: Setting) -> bool:
    """Tell whether a text that takes none of the choices is about a problem."""
    return len(text.split()) >= _FEWEST_WORDS or setting.knowledge.classifier.read(text).is_sure


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


def joined(at: Progress, draft: Draft, setting: Setting) -> Draft | None:
    """Return the draft with what was told meanwhile; None: that is about something else, or there is no room."""
    more = beside(at, setting)
    fuller = _with_words(at.waiting, draft, setting) if at.waiting else draft
    if fuller is None:
        return None
    fuller = replace(fuller, attachments=fuller.attachments + more.attachments)
    if more.location and more.area_code:  # read back before it counts
        fuller = replace(fuller, location=more.location, area_code=None, area_options=(more.area_code,))
    return fuller


def _with_words(text: str, draft: Draft, setting: Setting) -> Draft | None:
    if not draft.description:
        judged = report.accept(Step.DESCRIPTION, draft, Answer(text), setting)
        return judged.draft if isinstance(judged, Accepted) else None
    return None if _is_about_another(text, draft, setting) else report.with_more(draft, text, setting)


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


def begins_another(at: Progress, text: str, setting: Setting) -> bool:
    """Tell whether a text in the middle of a draft is surely a problem of its own: another topic, in another place."""
    draft = at.draft
    if draft is None or draft.area_code is None or at.step not in _AFTER_PLACE or len(text.split()) < _WHOLE:
        return False
    reading, place = setting.knowledge.classifier.read(text), setting.knowledge.gazetteer.find(text)
    unknown = (None, setting.knowledge.deployment.other_category)
    is_other = reading.is_sure and draft.category not in unknown and reading.category != draft.category
    is_placed = place.found in (Found.VILLAGE, Found.DISTRICT)
    return is_other and is_placed and not _is_there(draft, place.codes[0], setting)


def _is_there(draft: Draft, code: str, setting: Setting) -> bool:
    if draft.area_code is None:
        return True
    area_by_code = setting.knowledge.deployment.area_by_code
    there = {draft.area_code, area_by_code[draft.area_code].parent_code}
    return code in there or area_by_code[code].parent_code == draft.area_code
