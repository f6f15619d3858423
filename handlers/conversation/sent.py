"""Files and points, which may come at any question: kept for the draft, or for the report that waits beside it."""

import re
from dataclasses import replace

from handlers import files_wording, wording
from handlers.conversation.answers import described
from handlers.conversation.flows import order, questions, report
from handlers.conversation.flows.facts import area_label
from handlers.conversation.flows.report import Accepted, Missed
from handlers.conversation.progress import Draft, Progress, Step
from handlers.conversation.setting import Attach, Setting, Turn
from handlers.conversation.talk import advance, again, asking, between, in_chat_only, say
from handlers.conversation.waiting import ASIDE, beside, keep
from handlers.messages import Inbound, Reply
from storage.vocabulary import MediaKind

#: what may turn out to be a file that is taken; its content decides
_TAKEN_TYPES = re.compile(
    r"(?:image|video|audio)/|application/(?:pdf|x-pdf|ogg|octet-stream|mp4)\b", re.IGNORECASE
)


def files_sent(at: Progress, inbound: Inbound, setting: Setting) -> Turn:
    """Return what files lead to, with or without words."""
    if (refused := refusal(at, inbound, setting)) is not None:
        return between(replace(at, album=inbound.media[0].group), setting, refused)
    is_aside, draft = at.step in ASIDE, _goes_with(at, setting)
    group = inbound.media[0].group
    is_next_of_album = group is not None and group == at.album and at.draft is not None
    at = replace(at, album=group)
    attach = Attach(draft.id, inbound.media)
    draft = replace(draft, attachments=draft.attachments + len(inbound.media))
    take = _beside if is_aside else _taken
    turn = take(at, draft, inbound, setting, is_answered=is_next_of_album)
    return Turn(turn.progress, (attach, *turn.outputs))


def _goes_with(at: Progress, setting: Setting) -> Draft:
    return beside(at, setting) if at.step in ASIDE else at.draft or Draft(id=setting.new_id)


def refusal(at: Progress, inbound: Inbound, setting: Setting) -> Reply | None:
    """Return why files cannot be taken for the draft, or the report that waits beside it."""
    limit = setting.knowledge.deployment.intake.max_attachments
    if _goes_with(at, setting).attachments + len(inbound.media) > limit:
        return say(setting, wording.TOO_MANY_FILES, limit=limit)
    return unfit(inbound, setting)


def unfit(inbound: Inbound, setting: Setting) -> Reply | None:
    """Return why no report takes such files: one is too big, or of a kind that none is."""
    limit = setting.knowledge.deployment.intake.max_attachment_mb
    if any((media.size or 0) > limit * 1_000_000 for media in inbound.media):
        return say(setting, wording.FILE_TOO_BIG, limit=limit)
    if any(media.type and not _TAKEN_TYPES.match(media.type) for media in inbound.media):
        return say(setting, files_wording.TYPE_REFUSED)
    return None


def _beside(at: Progress, draft: Draft, inbound: Inbound, setting: Setting, *, is_answered: bool) -> Turn:
    at = replace(at, next_draft=draft)
    text = inbound.text.strip()
    kept = keep(at, text, setting, inbound.message_ref) if text else at
    return (
        Turn(at) if is_answered and not text else between(kept or at, setting, say(setting, wording.RECEIVED))
    )


def _taken(at: Progress, draft: Draft, inbound: Inbound, setting: Setting, *, is_answered: bool) -> Turn:
    """Take files for the draft; words that come with them tell the problem, or more of it."""
    text = inbound.text.strip()
    if text and not draft.description:
        return described(replace(at, draft=draft), inbound, setting)
    fuller = report.with_more(draft, text, setting)
    if fuller is not None:
        is_in_order = at.step is order.next_step(draft, setting)
        note = say(setting, wording.ADDED_TO_DRAFT)
        return advance(at, draft, fuller, None if is_in_order else at.step, setting, note=note)
    if is_answered:  # one answer for the whole album
        return Turn(replace(at, draft=draft))
    if inbound.media[0].kind is MediaKind.VOICE and not draft.description:
        return _spoken(at, draft, setting)
    if at.step is None:
        return _first(at, draft, setting)
    received = None if at.step is Step.PHOTOS else say(setting, wording.RECEIVED)  # which counts them
    return again(replace(at, draft=draft), draft, setting, intro=received)


def _first(at: Progress, draft: Draft, setting: Setting) -> Turn:
    first = say(setting, wording.PHOTO_FIRST)
    intro: Reply | None = None if at.is_greeted else in_chat_only(say(setting, wording.HIDDEN_NOTICE))
    at = replace(at, draft=draft, is_greeted=True)
    return asking(at, draft, Step.DESCRIPTION, setting, intro=intro, instead=first)


def _spoken(at: Progress, draft: Draft, setting: Setting) -> Turn:
    """A voice note is the description: who speaks need not write it as well."""
    told = report.done(replace(draft, description=setting.voice.text(wording.VOICE_NOTE)), Step.DETAIL)
    note = say(setting, wording.VOICE_KEPT)
    return advance(replace(at, draft=told), told, told, None, setting, note=note)


def point_sent(at: Progress, inbound: Inbound, setting: Setting) -> Turn:
    """Return what a location leads to: it is read back, at once or with the report that it came early for."""
    assert inbound.location is not None  # noqa: S101 - judge looked
    is_aside, draft = at.step in ASIDE, _goes_with(at, setting)
    match report.locate(draft, inbound.location, setting):
        case Accepted(located, _) if draft.description:
            return asking(at, located, Step.POINT, setting)
        case Accepted(located, _):
            return _early(at, located, setting, is_aside=is_aside)
        case Missed() if at.step is Step.PLACE:
            return again(at, draft, setting, instead=questions.point_outside(setting))
        case Missed():
            return between(at, setting, questions.point_outside(setting))


def _early(at: Progress, located: Draft, setting: Setting, *, is_aside: bool) -> Turn:
    """Keep a point that was sent before the problem for its step."""
    code = located.area_options[0]
    early = replace(located, area_code=code, area_options=(), is_pinpointed=True)
    area = area_label(code, setting.knowledge.deployment, setting.voice)
    received = say(setting, wording.POINT_RECEIVED, area=area)
    if is_aside:
        return between(replace(at, next_draft=early), setting, received)
    return asking(at, early, Step.DESCRIPTION, setting, intro=received)
