"""What is read out of a person's words, and how the facts of a draft are worded."""

import re
from dataclasses import replace

from handlers import wording
from handlers.conversation.dates import When, find_impossible, find_when
from handlers.conversation.phrasebook import FOR_ANOTHER
from handlers.conversation.places import Found, Match, has_landmark
from handlers.conversation.progress import Draft, Step
from handlers.conversation.setting import Setting
from handlers.deployment import Deployment
from handlers.deployment_parts import Helpline
from handlers.i18n import Voice
from storage.vocabulary import AreaLevel, ReportType

_FOR_ANOTHER = re.compile(FOR_ANOTHER, re.IGNORECASE)


def absorb(draft: Draft, text: str, setting: Setting) -> Draft:
    """Fill what the text tells and the person has not said otherwise: topic, place, time, protection."""
    reading = setting.knowledge.classifier.read(text)
    place = setting.knowledge.gazetteer.find(text)
    when = find_when(text, setting.today)
    is_recognised = not draft.is_category_chosen and (draft.category is None or reading.is_sure)
    report_type = reading.type if is_recognised else draft.type
    if draft.area_code is None and place.found in (Found.VILLAGE, Found.DISTRICT):
        draft = replace(draft, area_code=place.codes[0])
    elif draft.area_code is None and draft.location is None and place.is_open:
        draft = with_options(draft, place)
    if when and draft.occurred_on is None:
        draft = replace(draft, occurred_on=when.on, is_ongoing=when.is_since)
    elif not when and (impossible := find_impossible(text, setting.today)):
        draft = replace(draft, impossible_day=impossible)
    if reading.is_integrity or reading.asks_protection or reading.helpline:
        draft = replace(draft, is_secret=True, is_anonymous=True, name="", done=draft.done | {Step.PRIVACY})
    return replace(
        draft,
        category=reading.category if is_recognised else draft.category,
        is_pinpointed=draft.is_pinpointed or has_landmark(text),
        is_emergency=draft.is_emergency or reading.is_emergency,
        is_integrity=draft.is_integrity or reading.is_integrity,
        is_on_behalf=draft.is_on_behalf or bool(_FOR_ANOTHER.search(text)),
        type=ReportType.OVERSIGHT if draft.is_integrity or reading.is_integrity else report_type,
        accused_category=draft.accused_category or reading.accused_category,
    )


def helpline_for(text: str, setting: Setting) -> Helpline | None:
    """Return the helpline for who suffers what a text tells."""
    return setting.knowledge.classifier.read(text).helpline


def with_options(draft: Draft, match: Match) -> Draft:
    """Return the draft with the places that may be meant; the person is asked which."""
    is_several = match.found is Found.SEVERAL
    return replace(draft, area_code=None, area_options=match.codes, names_several=is_several)


def with_place_and_day(draft: Draft, match: Match, when: When | None) -> Draft:
    """Return the draft with what is told anew of them; itself if nothing is."""
    if match.found in (Found.VILLAGE, Found.DISTRICT):
        draft = replace(draft, area_code=match.codes[0], area_options=(), location=None)
    elif match.is_open:
        draft = replace(with_options(draft, match), location=None)
    if when is not None:
        draft = replace(draft, occurred_on=when.on, is_ongoing=when.is_since)
    return draft


def still_known(draft: Draft, deployment: Deployment) -> Draft:
    """Return the draft without what the deployment, set up anew since, no longer knows; itself if it knows all."""
    areas, categories = deployment.area_by_code, deployment.category_by_code
    area_code = draft.area_code if draft.area_code in areas else None
    area_options = tuple(code for code in draft.area_options if code in areas)
    category = draft.category if draft.category in categories else None
    if (area_code, area_options, category) == (draft.area_code, draft.area_options, draft.category):
        return draft
    return replace(draft, area_code=area_code, area_options=area_options, category=category)


def area_label(code: str, deployment: Deployment, voice: Voice) -> str:
    """Return "Desa Mungguk, Kec. Sekadau Hilir"."""
    area = deployment.area_by_code[code]
    match area.level:
        case AreaLevel.VILLAGE:
            district = deployment.area_by_code[area.parent_code or ""]
            village = voice.text(wording.AREA_VILLAGE, name=area.name)
            return f"{village}, {voice.text(wording.AREA_DISTRICT, name=district.name)}"
        case AreaLevel.DISTRICT:
            return voice.text(wording.AREA_DISTRICT, name=area.name)
        case AreaLevel.REGENCY:
            return area.name


def area_name(code: str, deployment: Deployment, voice: Voice) -> str:
    """Return "Desa Mungguk": short, where the district is plain."""
    return area_label(code, deployment, voice).split(",", 1)[0]


def noted(draft: Draft, setting: Setting) -> str:
    """Return what was understood, in one line; empty when nothing was."""
    deployment, voice = setting.knowledge.deployment, setting.voice
    facts = []
    if draft.category and draft.category != deployment.other_category:
        facts.append(deployment.category_by_code[draft.category].name[voice.language])
    if draft.area_code:
        facts.append(area_label(draft.area_code, deployment, voice))
    if draft.occurred_on:
        facts.append(when_label(draft, voice))
    return "; ".join(facts)


def noted_anew(before: Draft, after: Draft, setting: Setting) -> str:
    """Return what was understood since, in one line."""
    fresh = Draft(
        after.id,
        category=after.category if after.category != before.category else None,
        area_code=after.area_code if after.area_code != before.area_code else None,
        occurred_on=after.occurred_on if after.occurred_on != before.occurred_on else None,
        is_ongoing=after.is_ongoing,
    )
    words = after.place.removeprefix(before.place).strip("; ")
    return "; ".join(filter(None, (words, noted(fresh, setting))))


def when_label(draft: Draft, voice: Voice) -> str:
    if draft.occurred_on is None:
        is_odd = bool(draft.impossible_day)
        return voice.text(wording.IMPOSSIBLE_DAY if is_odd else wording.NO_DAY, words=draft.impossible_day)
    if draft.is_ongoing:
        return voice.text(wording.SINCE, day=draft.occurred_on)
    return voice.text("{day}", day=draft.occurred_on)


def summary_lines(draft: Draft, setting: Setting) -> str:
    """Return the facts of the whole draft, a line each, as the person will send them."""
    deployment, voice = setting.knowledge.deployment, setting.voice
    category = deployment.category_by_code[draft.category or deployment.other_category]
    lines = [
        (wording.FIELD_DESCRIPTION, draft.description),
        (wording.FIELD_PLACE, _place_line(draft, setting)),
        (wording.FIELD_WHEN, when_label(draft, voice)),
        (wording.FIELD_CATEGORY, category.name[voice.language]),
        (wording.FIELD_PHOTOS, str(draft.attachments) if draft.attachments else voice.text(wording.NO_FILES)),
        (wording.FIELD_PRIVACY, _privacy_line(draft, voice)),
    ]
    if draft.is_on_behalf:
        agreed = wording.FOR_ANOTHER_AGREED if draft.is_agreed else wording.FOR_ANOTHER
        lines.append((wording.FIELD_FOR, voice.text(agreed)))
    return "\n".join(f"{voice.text(label)}: {value}" for label, value in lines)


def in_brief(draft: Draft, setting: Setting) -> str:
    """Return topic, village and day as they were understood, for a text that has to fit one SMS."""
    deployment, voice = setting.knowledge.deployment, setting.voice
    facts = [deployment.category_by_code[draft.category or deployment.other_category].name[voice.language]]
    if draft.area_code:
        facts.append(area_name(draft.area_code, deployment, voice))
    if draft.occurred_on:
        facts.append(voice.sms(wording.SINCE_SHORT if draft.is_ongoing else "{day}", day=draft.occurred_on))
    elif draft.impossible_day:
        facts.append(f'"{draft.impossible_day}"?')
    return "; ".join(facts)


def _place_line(draft: Draft, setting: Setting) -> str:
    parts = [draft.place] if draft.place else []
    if draft.area_code:
        parts.append(area_label(draft.area_code, setting.knowledge.deployment, setting.voice))
    return "; ".join(parts) or setting.voice.text(wording.PLACE_UNKNOWN)


def _privacy_line(draft: Draft, voice: Voice) -> str:
    if draft.name and not draft.is_anonymous:
        return voice.text(wording.PRIVACY_OPEN_NAMED, name=draft.name)
    return voice.text(privacy_words(draft))


def privacy_words(draft: Draft) -> str:
    if draft.is_secret:
        return wording.PRIVACY_HIDDEN
    return wording.PRIVACY_ANONYMOUS if draft.is_anonymous else wording.PRIVACY_OPEN
