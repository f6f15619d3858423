"""The flow that makes a report: what an answer changes. `order.py` says which question comes next."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from handlers.conversation.dates import besides_days, find_when
from handlers.conversation.flows import questions
from handlers.conversation.flows.facts import absorb, with_options
from handlers.conversation.flows.names import read_name
from handlers.conversation.flows.where import begins_with_place, dated, is_told, parted
from handlers.conversation.phrasebook import Word
from handlers.conversation.places import Found, has_landmark
from handlers.conversation.progress import Draft, Step
from handlers.conversation.setting import Setting
from handlers.conversation.words import read_answer
from handlers.messages import Location
from storage.vocabulary import AreaLevel


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back to the open question."""

    text: str = ""
    #: the value of the choice taken, if one was
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    draft: Draft
    #: the step to go to; None: the first one that is still missing
    step: Step | None = None


@dataclass(frozen=True, slots=True)
class Missed:
    """The answer did not fit; what could be kept of it is in the draft."""

    draft: Draft
    #: the place named lies outside the deployment
    is_outside: bool = False


Judgement = Accepted | Missed


def accept(step: Step, draft: Draft, answer: Answer, setting: Setting) -> Judgement:
    """Judge an answer to a step's question. Total: any answer at any step, never raises."""
    return _ACCEPT[step](draft, answer, setting)


def done(draft: Draft, step: Step) -> Draft:
    """Mark a question as not to be asked (again)."""
    return replace(draft, done=draft.done | {step})


def locate(draft: Draft, location: Location, setting: Setting) -> Judgement:
    """Take a location pin: the village it lies in is read back before it counts."""
    match = setting.knowledge.boundaries.locate(location)
    if match.area_code is None:
        return Missed(draft)
    draft = replace(draft, location=location, area_code=None, area_options=(match.area_code,))
    return Accepted(draft, Step.POINT)


def _description(draft: Draft, answer: Answer, setting: Setting) -> Judgement:
    intake = setting.knowledge.deployment.intake
    text = answer.text.strip()
    if not any(character.isalpha() for character in text) or len(text) > intake.max_chars:
        return Missed(draft)
    if answer.value in (Word.YES, Word.NO):  # to a question nobody asked
        return Missed(draft)
    fresh = replace(
        draft,
        description=text,
        described_chars=len(text),
        impossible_day="",  # that was the old text's, and so is what follows
        category=draft.category if draft.is_category_chosen else None,
        occurred_on=None if find_when(text, setting.today) else draft.occurred_on,
    )
    return Accepted(absorb(fresh, text, setting))


def reworded(draft: Draft, text: str, setting: Setting) -> Draft | None:
    """Return the draft with the message that described it edited; what was added since stays. None: no room."""
    added = draft.description[draft.described_chars or len(draft.description) :]
    text = text.strip()
    if not text or len(text) + len(added) > setting.knowledge.deployment.intake.max_chars:
        return None
    fresh = replace(draft, description=text + added, described_chars=len(text))
    return absorb(fresh, text, setting)


def _consent(draft: Draft, answer: Answer, setting: Setting) -> Judgement:
    """Take whether the person concerned agrees; without that the report goes on as well, but says so."""
    said = answer.value
    if said is None and (read := read_answer(answer.text)):  # "ya, beliau yang minta"
        said = read.word
    if said not in (Word.YES, Word.NO, Word.NOT_YET):
        is_story = not draft.description and len(answer.text.split()) >= _MORE_WELCOME[Step.CONSENT]
        return _description(draft, answer, setting) if is_story else Missed(draft)
    return Accepted(done(replace(draft, is_agreed=said == Word.YES), Step.CONSENT))


def _detail(draft: Draft, answer: Answer, setting: Setting) -> Judgement:
    fuller = with_more(draft, answer.text, setting)
    return Missed(draft) if fuller is None else Accepted(done(fuller, Step.DETAIL))


def with_more(draft: Draft, text: str, setting: Setting) -> Draft | None:
    """Return the draft with a text added to its description; None: there is none, or no room for it."""
    more = text.strip()
    room = setting.knowledge.deployment.intake.max_chars - len(draft.description) - 1
    if not more or len(more) > room:
        return None
    fuller = absorb(replace(draft, description=f"{draft.description}\n{more}"), more, setting)
    is_known = draft.category not in (None, setting.knowledge.deployment.other_category)
    if is_known and not fuller.is_integrity:  # an aside ("near the terminal") does not change the topic
        return replace(fuller, category=draft.category, type=draft.type)
    return fuller


#: steps at which a text that is no answer goes on with the story, and how many words make it one
_MORE_WELCOME = {
    Step.CONSENT: 4,
    Step.PHOTOS: 2,
    Step.PLACE: 5,
    Step.WHICH_AREA: 5,
    Step.PRIVACY: 5,
    Step.WHEN: 5,
    Step.CATEGORY: 5,
    Step.SUMMARY: 5,
    Step.EDIT: 5,
    Step.NAME: 5,
}
#: steps at which one word is more of it, if it is a topic's: "bau"; a place's own may be such a word too ("pasar")
_ONE_WORD_WELCOME = frozenset({Step.WHICH_AREA, Step.PHOTOS, Step.PRIVACY})


def told_more(step: Step, draft: Draft, text: str, setting: Setting) -> Draft | None:
    """Return the draft with what a message adds to it, where it answers nothing but tells more."""
    fewest_words = _MORE_WELCOME.get(step)
    is_story = _is_story(text, setting) or (step is Step.SUMMARY and _is_telling(text))
    if step in _ASKS_ITSELF and text.rstrip().endswith("?"):
        return None
    is_story = is_story or (step is Step.NAME and has_landmark(text))
    if step in _ONE_WORD_WELCOME and setting.knowledge.classifier.topics(text):
        fewest_words = 1
    if fewest_words is None or len(text.split()) < (min(2, fewest_words) if is_story else fewest_words):
        return None
    if step in _ASKS_WHERE and has_landmark(text) and not _is_more(text, setting):
        return None
    return with_more(draft, text, setting)


def _is_story(text: str, setting: Setting) -> bool:
    """Tell whether even a few words go on with the story: "ya sampah numpuk", "sejak musim tanam"."""
    said = text.strip().lower()
    return bool(_SINCE.match(said) or _STILL.match(said)) or setting.knowledge.classifier.read(text).is_sure


def _is_telling(text: str) -> bool:
    """Tell whether a text at the summary may be a fact: neither a question nor half an answer ("iya betul semua")."""
    return not text.rstrip().endswith("?") and read_answer(text) is None


#: at these a question is one, and no more of the story
_ASKS_ITSELF = frozenset({Step.NAME, Step.EDIT})
_SINCE = re.compile(r"(?:sejak|semenjak|sjk|dari|mulai|sudah|sdh|udah|udh|since)\b")
#: "masih bau" goes on, "masih di situ" says where
_STILL = re.compile(r"(?:masih|msh|still)\b(?! (?:di|yg|yang|sama|at|in|the)\b)")
_ASKS_WHERE = frozenset({Step.PLACE, Step.WHICH_AREA})
_ALSO = re.compile(r"\b(?:juga|jg|jga|pula|also|too)\b", re.IGNORECASE)


def _is_more(text: str, setting: Setting) -> bool:
    """Tell whether a text that names no village tells what else is wrong: "jalan depan rumah juga berlubang"."""
    if not _ALSO.search(text) or setting.knowledge.gazetteer.find(text).found is not Found.NONE:
        return False
    return setting.knowledge.classifier.read(text).is_sure and not begins_with_place(text)


def _place(draft: Draft, answer: Answer, setting: Setting) -> Judgement:
    deployment = setting.knowledge.deployment
    if answer.value == questions.DO_NOT_KNOW:
        return Accepted(done(replace(draft, area_code=None, area_options=()), Step.PLACE))
    if answer.value in deployment.area_by_code:
        return Accepted(replace(draft, area_code=answer.value, area_options=()))
    if not answer.text.strip():
        return Missed(draft)
    return _named_place(draft, answer.text, setting)


def _named_place(draft: Draft, text: str, setting: Setting) -> Judgement:
    match = setting.knowledge.gazetteer.find(text)
    if _is_more(text, setting):
        return Missed(draft)
    told, where = draft, text
    if match.found is not Found.NONE or has_landmark(text):  # else it may be a story and no place
        told, where = _told_besides(draft, text, setting)
    told = with_place_words(told, where, setting) if _says_where(where) else told
    if match.found in (Found.VILLAGE, Found.DISTRICT):
        return Accepted(replace(told, area_code=match.codes[0], area_options=(), location=None))
    if match.is_open:
        return Accepted(with_options(told, match), Step.WHICH_AREA)
    return Missed(told, is_outside=match.found is Found.OUTSIDE)


def _told_besides(draft: Draft, text: str, setting: Setting) -> tuple[Draft, str]:
    """Return the draft with what an answer to "where?" tells besides, day and problem; and the words on the place."""
    story, where = parted(draft, text, setting)
    if story and not is_told(draft, story):
        draft = with_more(draft, story, setting) or draft
    return dated(draft, text, setting), where


def _says_where(text: str) -> bool:
    """Tell whether a place is described by more than the name of an area ("desa mungguk, sekadau hilir")."""
    return has_landmark(text) or len(text.split()) > 4


def with_place_words(draft: Draft, text: str, setting: Setting) -> Draft:
    """Keep the person's own words on the place: they are the landmark."""
    words = f"{draft.place}; {text.strip()}" if draft.place else text.strip()
    limit = setting.knowledge.deployment.intake.max_chars
    return replace(draft, place=words[:limit], is_pinpointed=draft.is_pinpointed or _says_where(text))


def _which_area(draft: Draft, answer: Answer, setting: Setting) -> Judgement:
    if answer.value == questions.DO_NOT_KNOW:
        common = _common_area(draft.area_options, setting)
        settled = done(replace(draft, area_code=common, area_options=()), Step.PLACE)
        return Accepted(
            done(settled, Step.LANDMARK) if draft.names_several else settled
        )  # the text names them
    if answer.value in draft.area_options:
        return _which(draft, answer.value, setting)
    match = setting.knowledge.gazetteer.find_within(answer.text, draft.area_options)
    if match.found in (Found.VILLAGE, Found.DISTRICT):
        return _which(draft, match.codes[0], setting)
    elsewhere = setting.knowledge.gazetteer.find(answer.text)
    if elsewhere.found in (Found.VILLAGE, Found.DISTRICT):
        return _which(draft, elsewhere.codes[0], setting)
    return Missed(draft)


def _which(draft: Draft, code: str, setting: Setting) -> Accepted:
    """Take the area; where each message costs money, one question on the place is enough."""
    chosen = replace(draft, area_code=code, area_options=())
    return Accepted(done(chosen, Step.LANDMARK) if setting.is_brief else chosen)


def _common_area(codes: tuple[str, ...], setting: Setting) -> str | None:
    """Return the district that all of these areas are or lie in, if there is one."""
    area_by_code = setting.knowledge.deployment.area_by_code
    areas = [area_by_code[code] for code in codes]
    districts = {area.code if area.level is AreaLevel.DISTRICT else area.parent_code for area in areas}
    return districts.pop() if len(districts) == 1 else None


def _point(draft: Draft, answer: Answer, setting: Setting) -> Judgement:
    if answer.value == Word.YES:
        return Accepted(replace(draft, area_code=draft.area_options[0], area_options=(), is_pinpointed=True))
    refused = replace(draft, area_options=())
    if answer.value == Word.NO:
        return Accepted(refused, Step.PLACE)
    match = setting.knowledge.gazetteer.find(answer.text)
    if match.found is Found.VILLAGE:  # "bukan, itu Desa Tanjung"; the point still tells where exactly
        return Accepted(replace(refused, area_code=match.codes[0], is_pinpointed=True))
    return Missed(draft)


def _landmark(draft: Draft, answer: Answer, setting: Setting) -> Judgement:
    if not answer.text.strip() or draft.area_code is None:
        return Missed(draft)
    told, where = _told_besides(draft, answer.text, setting)
    told = with_place_words(told, where, setting)
    deployment = setting.knowledge.deployment
    if deployment.area_by_code[draft.area_code].level is AreaLevel.DISTRICT:
        within = [area.code for area in deployment.areas if area.parent_code == draft.area_code]
        match = setting.knowledge.gazetteer.find_within(answer.text, within)
        if match.found is Found.VILLAGE:
            told = replace(told, area_code=match.codes[0])
    return Accepted(done(told, Step.LANDMARK))


def _photos(draft: Draft, _answer: Answer, _setting: Setting) -> Judgement:
    return Missed(draft)


def _privacy(draft: Draft, answer: Answer, setting: Setting) -> Judgement:
    settled = done(draft, Step.PRIVACY)
    value = answer.value
    if value is None and setting.knowledge.classifier.read(answer.text).asks_protection:
        value = questions.HIDDEN  # "jgn sebut nama sy"
    match value:
        case questions.HIDDEN:
            return Accepted(replace(settled, is_secret=True, is_anonymous=True, name=""))
        case questions.ANONYMOUS if not draft.is_integrity:
            return Accepted(replace(settled, is_secret=False, is_anonymous=True, name=""))
        case questions.OPEN if not draft.is_integrity:
            return Accepted(replace(settled, is_secret=False, is_anonymous=False))
        case _:
            return Missed(draft)


def _name(draft: Draft, answer: Answer, setting: Setting) -> Judgement:
    if isinstance(protected := _privacy(draft, answer, setting), Accepted):  # thought better of
        return protected
    if answer.value == Word.NO:
        return Accepted(done(draft, Step.NAME))
    if answer.value is not None:  # YA is no name
        return Missed(draft)
    name = read_name(answer.text, setting)
    return Missed(draft) if name is None else Accepted(done(replace(draft, name=name), Step.NAME))


def _when(draft: Draft, answer: Answer, setting: Setting) -> Judgement:
    when = find_when(answer.text, setting.today)
    if when is None:
        return Missed(draft)
    is_story = len(besides_days(answer.text).split()) >= _MORE_THAN_A_DAY
    told = with_more(draft, answer.text, setting) if is_story else None
    return Accepted(replace(told or draft, occurred_on=when.on, is_ongoing=when.is_since))


#: so many words besides the day are more of the story: "sekitar jam 7"
_MORE_THAN_A_DAY = 3


def _category(draft: Draft, answer: Answer, setting: Setting) -> Judgement:
    """Take a topic by its name, or the one that words speak of; a whole sentence is more of the story as well."""
    code = answer.value
    if code not in setting.knowledge.deployment.category_by_code:
        reading = setting.knowledge.classifier.read(answer.text)
        topics = [reading.category] if reading.is_sure else setting.knowledge.classifier.topics(answer.text)
        code = topics[0] if len(topics) == 1 else None
        is_told = len(answer.text.split()) >= _MORE_WELCOME[Step.CATEGORY]
        fuller = with_more(draft, answer.text, setting) if code and is_told else None
        draft = fuller or draft
    if code is None:
        return Missed(draft)
    return Accepted(replace(draft, category=code, is_category_chosen=True))


def _edit(draft: Draft, answer: Answer, _setting: Setting) -> Judgement:
    if answer.value in (Word.YES, Word.NO):  # KIRIM: shown once more, and then sent
        return Accepted(draft)
    if answer.value == "privacy" and draft.is_integrity:
        return Missed(draft)
    if answer.value in questions.FIELDS:
        return Accepted(draft, questions.FIELDS[answer.value][1])
    return Missed(draft)


def _only_choices(draft: Draft, _answer: Answer, _setting: Setting) -> Judgement:
    return Missed(draft)


_ACCEPT: dict[Step, Callable[[Draft, Answer, Setting], Judgement]] = {
    Step.DESCRIPTION: _description,
    Step.CONSENT: _consent,
    Step.DETAIL: _detail,
    Step.PLACE: _place,
    Step.WHICH_AREA: _which_area,
    Step.POINT: _point,
    Step.LANDMARK: _landmark,
    Step.PHOTOS: _photos,
    Step.PRIVACY: _privacy,
    Step.NAME: _name,
    Step.WHEN: _when,
    Step.CATEGORY: _category,
    Step.EDIT: _edit,
    # decided in machine.py, as they do more than change the draft
    Step.SUMMARY: _only_choices,
    Step.DISCARD: _only_choices,
    Step.RESUME: _only_choices,
}
