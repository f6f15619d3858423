"""How each step asks: one question per message, other words and easier choices after a miss."""

from collections.abc import Callable, Iterable

from handlers import danger_wording, report_wording, wording
from handlers.conversation.flows.facts import area_label, area_name, helpline_for, in_brief, summary_lines
from handlers.conversation.phrasebook import Word
from handlers.conversation.progress import Draft, Step
from handlers.conversation.setting import Setting
from handlers.i18n import Phrase, Voice
from handlers.messages import Choice, Reply
from storage.vocabulary import AreaLevel

# Values of choices that are not words of their own.
DO_NOT_KNOW = "unknown"
HIDDEN, ANONYMOUS, OPEN = "hidden", "anonymous", "open"
CONTINUE, ANEW = "continue", "new"
#: fields that UBAH offers, and the step that asks for each
FIELDS: dict[str, tuple[str, Step]] = {
    "description": (wording.FIELD_DESCRIPTION, Step.DESCRIPTION),
    "place": (wording.FIELD_PLACE, Step.PLACE),
    "when": (wording.FIELD_WHEN, Step.WHEN),
    "category": (wording.FIELD_CATEGORY, Step.CATEGORY),
    "photos": (wording.FIELD_PHOTOS, Step.PHOTOS),
    "privacy": (wording.FIELD_PRIVACY, Step.PRIVACY),
}


def ask(step: Step, draft: Draft, setting: Setting, misses: int) -> Reply:
    """Return the step's question; after a miss in other words."""
    return _ASK[step](draft, setting, misses)


def choices(voice: Voice, pairs: Iterable[tuple[str, str]]) -> tuple[Choice, ...]:
    """Return choices from (message id of the label, value)."""
    return tuple(Choice(voice.text(label), value) for label, value in pairs)


def _ask_description(draft: Draft, setting: Setting, misses: int) -> Reply:
    if draft.description and not misses:
        skip = choices(setting.voice, [(wording.KEEP_TEXT, Word.SKIP)])
        return setting.voice.say(wording.ASK_DESCRIPTION_ANEW, text=draft.description, choices=skip)
    return setting.voice.say(wording.ASK_DESCRIPTION_AGAIN if misses else wording.ASK_DESCRIPTION)


def _plain(first: Phrase, again: Phrase | None = None) -> Callable[[Draft, Setting, int], Reply]:
    def ask_it(_draft: Draft, setting: Setting, misses: int) -> Reply:
        return setting.voice.say(again if again and misses else first)

    return ask_it


def _ask_consent(_draft: Draft, setting: Setting, _misses: int) -> Reply:
    offered = choices(setting.voice, [(wording.YES, Word.YES), (wording.NO, Word.NO)])
    return setting.voice.say(wording.ASK_CONSENT, choices=offered)


def _skippable(first: Phrase, again: Phrase | None = None) -> Callable[[Draft, Setting, int], Reply]:
    def ask_it(_draft: Draft, setting: Setting, misses: int) -> Reply:
        phrase = again if again and misses else first
        return setting.voice.say(phrase, choices=choices(setting.voice, [(wording.SKIP, Word.SKIP)]))

    return ask_it


def _ask_place(draft: Draft, setting: Setting, misses: int) -> Reply:
    if misses:
        return _with_districts(wording.ASK_PLACE_AGAIN, setting)
    if helpline_for(draft.description, setting):
        return setting.voice.say(danger_wording.ASK_PLACE_GENTLY)
    return where(setting)


def where(setting: Setting) -> Reply:
    """Ask for the place."""
    return setting.voice.say(wording.ASK_PLACE, location_label=setting.voice.text(wording.SEND_LOCATION))


def _with_districts(phrase: Phrase, setting: Setting) -> Reply:
    deployment = setting.knowledge.deployment
    offered = [Choice(area.name, area.code) for area in deployment.areas if area.level is AreaLevel.DISTRICT]
    unknown = choices(setting.voice, [(wording.DO_NOT_KNOW, DO_NOT_KNOW)])
    return setting.voice.say(phrase, regency=deployment.name, choices=(*offered, *unknown))


def point_outside(setting: Setting) -> Reply:
    """Say that a point lies elsewhere, and take another one."""
    return setting.voice.say(
        wording.POINT_OUTSIDE,
        regency=setting.knowledge.deployment.name,
        location_label=setting.voice.text(wording.SEND_LOCATION),
    )


def which_district(setting: Setting) -> Reply:
    """Ask for the district at least, where a place was not given."""
    return _with_districts(wording.ASK_DISTRICT, setting)


def outside(setting: Setting) -> Reply:
    """Say that a place lies elsewhere, and ask for the district."""
    return _with_districts(wording.OUTSIDE, setting)


def _ask_which_area(draft: Draft, setting: Setting, _misses: int) -> Reply:
    deployment, voice = setting.knowledge.deployment, setting.voice
    offered = tuple(Choice(area_label(code, deployment, voice), code) for code in draft.area_options)
    unknown = choices(voice, [(wording.DO_NOT_KNOW, DO_NOT_KNOW)])
    phrase = wording.ASK_WHICH_OF_PLACES if draft.names_several else wording.ASK_WHICH_AREA
    return voice.say(phrase, choices=(*offered, *unknown))


def _ask_point(draft: Draft, setting: Setting, _misses: int) -> Reply:
    voice = setting.voice
    label = area_label(draft.area_options[0], setting.knowledge.deployment, voice)
    return voice.say(
        wording.ASK_POINT,
        area=label,
        choices=choices(voice, [(wording.YES, Word.YES), (wording.NO, Word.NO)]),
    )


def _ask_landmark(draft: Draft, setting: Setting, _misses: int) -> Reply:
    deployment, voice = setting.knowledge.deployment, setting.voice
    assert draft.area_code is not None  # noqa: S101 - the step is only asked with an area
    is_village = deployment.area_by_code[draft.area_code].level is AreaLevel.VILLAGE
    return voice.say(
        wording.ASK_LANDMARK if is_village else wording.ASK_VILLAGE,
        area=area_name(draft.area_code, deployment, voice),
        choices=choices(voice, [(wording.SKIP, Word.SKIP)]),
    )


def _ask_photos(draft: Draft, setting: Setting, _misses: int) -> Reply:
    voice = setting.voice
    if not draft.attachments:
        return voice.say(wording.ASK_PHOTOS, choices=choices(voice, [(wording.SKIP, Word.SKIP)]))
    go_on = choices(voice, [(wording.GO_ON, Word.SKIP)])
    return voice.say(wording.PHOTO_KEPT, count=draft.attachments, choices=go_on)


def send_photos(setting: Setting) -> Reply:
    """Ask to send what somebody says they have."""
    return setting.voice.say(wording.SEND_PHOTOS, choices=choices(setting.voice, [(wording.SKIP, Word.SKIP)]))


def tell_more(draft: Draft, setting: Setting) -> Reply:
    """Show what was told, and take more of it."""
    keep = choices(setting.voice, [(wording.KEEP_TEXT, Word.SKIP)])
    return setting.voice.say(report_wording.ASK_MORE, text=draft.description, choices=keep)


def _ask_privacy(_draft: Draft, setting: Setting, _misses: int) -> Reply:
    offered = [(wording.HIDDEN, HIDDEN), (wording.ANONYMOUS, ANONYMOUS), (wording.OPEN, OPEN)]
    return setting.voice.say(wording.ASK_PRIVACY, choices=choices(setting.voice, offered))


def _ask_category(_draft: Draft, setting: Setting, _misses: int) -> Reply:
    voice = setting.voice
    offered = tuple(
        Choice(category.name[voice.language], category.code)
        for category in setting.knowledge.deployment.categories
    )
    return voice.say(wording.ASK_CATEGORY, choices=offered)


def _ask_edit(draft: Draft, setting: Setting, _misses: int) -> Reply:
    offered = [
        (label, value)
        for value, (label, _step) in FIELDS.items()
        if not (draft.is_integrity and value == "privacy") and not (setting.is_brief and value == "photos")
    ]
    return setting.voice.say(
        wording.ASK_EDIT, choices=choices(setting.voice, [*offered, (wording.BACK, Word.BACK)])
    )


def _ask_summary(draft: Draft, setting: Setting, misses: int) -> Reply:
    offered = choices(
        setting.voice,
        [(wording.SEND, Word.YES), (wording.CHANGE, Word.EDIT), (wording.DISCARD, Word.CANCEL)],
    )
    phrase = wording.SUMMARY_AGAIN if misses else _summary_of(draft, setting)
    return setting.voice.say(
        phrase, facts=summary_lines(draft, setting), brief=in_brief(draft, setting), choices=offered
    )


def _summary_of(draft: Draft, setting: Setting) -> Phrase:
    """Return the wording: an SMS says what was understood, unless the person has to fear that it is read."""
    if setting.is_brief and draft.is_secret and (draft.is_integrity or Step.PRIVACY in draft.done):
        return wording.SUMMARY_SHIELDED
    return wording.SUMMARY if draft.is_anonymous else wording.SUMMARY_OPEN


def _discarding(phrase: Phrase, setting: Setting) -> Reply:
    offered = [(wording.THROW_AWAY, Word.YES), (wording.KEEP, Word.NO)]
    return setting.voice.say(phrase, choices=choices(setting.voice, offered))


def _ask_discard(_draft: Draft, setting: Setting, _misses: int) -> Reply:
    return _discarding(wording.ASK_DISCARD, setting)


def discard_or_not(setting: Setting) -> Reply:
    """Ask which of the two is meant, in words that cannot be taken for each other."""
    return _discarding(report_wording.ASK_DISCARD_OR_NOT, setting)


def _ask_resume(draft: Draft, setting: Setting, _misses: int) -> Reply:
    category = setting.knowledge.deployment.category_by_code[
        draft.category or setting.knowledge.deployment.other_category
    ]
    offered = [(wording.GO_ON, CONTINUE), (wording.START_NEW, ANEW)]
    return setting.voice.say(
        wording.ASK_RESUME,
        about=category.name[setting.voice.language],
        choices=choices(setting.voice, offered),
    )


_ASK: dict[Step, Callable[[Draft, Setting, int], Reply]] = {
    Step.DESCRIPTION: _ask_description,
    Step.CONSENT: _ask_consent,
    Step.DETAIL: _skippable(wording.ASK_DETAIL),
    Step.PLACE: _ask_place,
    Step.WHICH_AREA: _ask_which_area,
    Step.POINT: _ask_point,
    Step.LANDMARK: _ask_landmark,
    Step.PHOTOS: _ask_photos,
    Step.PRIVACY: _ask_privacy,
    Step.NAME: _skippable(wording.ASK_NAME, report_wording.ASK_NAME_AGAIN),
    Step.SUMMARY: _ask_summary,
    Step.EDIT: _ask_edit,
    Step.WHEN: _plain(wording.ASK_WHEN, wording.ASK_WHEN_AGAIN),
    Step.CATEGORY: _ask_category,
    Step.DISCARD: _ask_discard,
    Step.RESUME: _ask_resume,
}
