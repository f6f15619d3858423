"""The conversation: one message in, the next state and what is said and done out.

`judge` is a function of values: total, no clock, no database. The rules that hold at every step are here; what a
step asks and accepts is in `flows/`.
"""

from collections.abc import Callable
from dataclasses import replace

from handlers import report_wording, wording
from handlers.conversation import repair
from handlers.conversation.answers import answered, cancelled, described, go_back
from handlers.conversation.flows import questions, report
from handlers.conversation.flows.facts import noted, privacy_words, still_known
from handlers.conversation.flows.report import Accepted, Answer, Missed
from handlers.conversation.phrasebook import Smalltalk, Word
from handlers.conversation.progress import Draft, Progress, Step
from handlers.conversation.setting import (
    AddToReport,
    Attach,
    CallHuman,
    CorrectReport,
    Effect,
    EraseData,
    LinkReport,
    ProtectReport,
    SetLanguage,
    SetNews,
    Setting,
    ShowData,
    ShowNotice,
    ShowReports,
    ShowStatus,
    Turn,
    WithdrawReport,
)
from handlers.conversation.talk import (
    advance,
    again,
    asking,
    between,
    combine,
    human_contact,
    in_chat_only,
    miss,
    say,
    shielded,
)
from handlers.conversation.words import Command, fold, read_command, read_smalltalk
from handlers.messages import Inbound, Reply
from storage.vocabulary import Language, MediaKind


def judge(at: Progress, inbound: Inbound, setting: Setting) -> Turn:
    """Return what an inbound message leads to. Total: any message in any state, never raises."""
    at = _up_to_date(at, setting)
    if inbound.is_edit:
        return _edited(at, inbound, setting)
    if inbound.press:
        return _pressed(at, inbound, setting)
    if inbound.media:
        return _files(at, inbound, setting)
    if inbound.location:
        return _location(at, inbound, setting)
    if inbound.unsupported:
        return between(at, setting, say(setting, wording.UNSUPPORTED))
    return _text(at, inbound, setting)


def _up_to_date(at: Progress, setting: Setting) -> Progress:
    if at.draft is None:
        return at
    draft = still_known(at.draft, setting.knowledge.deployment)
    if draft == at.draft:
        return at
    return replace(at, draft=draft, step=report.next_step(draft, setting), choices=(), trail=(), aside=None)


# --- what arrives ---


def _pressed(at: Progress, inbound: Inbound, setting: Setting) -> Turn:
    press = inbound.press
    assert press is not None  # noqa: S101 - judge looked
    if f"{press.question}:{press.value}" == at.last_press:
        return Turn(at)  # pressed twice acts once
    is_current = at.step is not None and press.question == str(at.asked)
    if not is_current or press.value not in {choice.value for choice in at.choices}:
        stale = say(setting, wording.STALE)
        if at.step is None:
            return Turn(at, (combine(stale, say(setting, wording.NOTHING_OPEN)),))
        return between(at, setting, stale)
    turn = answered(
        replace(at, last_press=f"{press.question}:{press.value}"), Answer(value=press.value), setting
    )
    return _in_place_of(turn, inbound.message_ref)


def _in_place_of(turn: Turn, pressed_ref: str | None) -> Turn:
    """Let the first reply take the place of the pressed message: no trail of dead keyboards."""
    if turn.outputs and isinstance(turn.outputs[0], Reply):
        return replace(turn, outputs=(replace(turn.outputs[0], replaces=pressed_ref), *turn.outputs[1:]))
    return turn


def _edited(at: Progress, inbound: Inbound, setting: Setting) -> Turn:
    """An edit of the message that holds the description edits it, or adds a version once filed; others are let be."""
    filed = dict(at.filed).get(inbound.message_ref or "")
    if filed is not None and inbound.text.strip():
        return between(at, setting, CorrectReport(filed, inbound.text.strip()))
    if at.draft is None or inbound.message_ref is None or inbound.message_ref != at.draft.description_ref:
        return Turn(at)
    draft = report.reworded(at.draft, inbound.text, setting)
    if draft is None:
        return Turn(at)
    is_in_order = at.step is report.next_step(at.draft, setting)  # then the edit may have answered it
    step = None if is_in_order else at.step
    return advance(at, at.draft, draft, step, setting, note=say(setting, wording.EDITED))


def _files(at: Progress, inbound: Inbound, setting: Setting) -> Turn:
    intake = setting.knowledge.deployment.intake
    draft = at.draft or Draft(id=setting.new_id)
    group = inbound.media[0].group
    is_next_of_album = group is not None and group == at.album and at.draft is not None
    at = replace(at, album=group)
    if draft.attachments + len(inbound.media) > intake.max_attachments:
        return between(at, setting, say(setting, wording.TOO_MANY_FILES, limit=intake.max_attachments))
    if any((media.size or 0) > intake.max_attachment_mb * 1_000_000 for media in inbound.media):
        return between(at, setting, say(setting, wording.FILE_TOO_BIG, limit=intake.max_attachment_mb))
    attach = Attach(draft.id, inbound.media)
    draft = replace(draft, attachments=draft.attachments + len(inbound.media))
    if inbound.text.strip() and not draft.description:
        turn = described(replace(at, draft=draft), inbound, setting)
    elif is_next_of_album:  # one answer for the whole album
        turn = Turn(replace(at, draft=draft))
    elif inbound.media[0].kind is MediaKind.VOICE and not draft.description:
        turn = _spoken(at, draft, setting)
    elif at.step is None:
        first = say(setting, wording.PHOTO_FIRST)
        intro = None if at.is_greeted else in_chat_only(say(setting, wording.HIDDEN_NOTICE))
        at = replace(at, draft=draft, is_greeted=True)
        turn = asking(at, draft, Step.DESCRIPTION, setting, intro=intro, instead=first)
    else:
        turn = again(replace(at, draft=draft), draft, setting)
    return Turn(turn.progress, (attach, *turn.outputs))


def _spoken(at: Progress, draft: Draft, setting: Setting) -> Turn:
    """A voice note is the description: who speaks need not write it as well."""
    told = report.done(replace(draft, description=setting.voice.text(wording.VOICE_NOTE)), Step.DETAIL)
    note = say(setting, wording.VOICE_KEPT)
    return advance(replace(at, draft=told), told, told, None, setting, note=note)


def _location(at: Progress, inbound: Inbound, setting: Setting) -> Turn:
    assert inbound.location is not None  # noqa: S101 - judge looked
    draft = at.draft or Draft(id=setting.new_id)
    match report.locate(draft, inbound.location, setting):
        case Accepted(located, _) if draft.description:
            return asking(at, located, Step.POINT, setting)
        case Accepted(located, _):  # sent before the problem: kept for its step
            area = located.area_options[0]
            early = replace(located, area_code=area, area_options=(), is_pinpointed=True)
            return asking(at, early, Step.DESCRIPTION, setting)
        case Missed() if at.step is Step.PLACE:
            return again(at, draft, setting, instead=questions.point_outside(setting))
        case Missed():
            return between(at, setting, questions.point_outside(setting))


def _text(at: Progress, inbound: Inbound, setting: Setting) -> Turn:
    text = inbound.text.strip()
    if setting.is_brief and (joined := _joined(at, text, setting)):
        return joined
    value = _typed_choice(at, text)
    if value is not None:
        return answered(at, Answer(text, value), setting)
    command = read_command(text, setting.channel)
    if command is not None:
        return _commanded(at, command, inbound, setting)
    if setting.knowledge.is_number(text):
        return between(at, setting, ShowStatus(text))
    if (repaired := _repaired(at, text, setting)) is not None:
        return repaired
    smalltalk = read_smalltalk(text) if at.step is not Step.NAME else None
    if smalltalk is not None or not text:
        return _small(at, smalltalk, setting)
    if at.step is None:
        return described(at, inbound, setting)
    return answered(at, Answer(text), setting, ref=inbound.message_ref)


def _joined(at: Progress, text: str, setting: Setting) -> Turn | None:
    """Return what one part of a long SMS leads to: it joins the others, whichever came first."""
    draft = at.draft or Draft(id=setting.new_id)
    joined = repair.join_part(draft, text, setting)
    return None if joined is None else advance(replace(at, draft=joined), draft, joined, None, setting)


def _repaired(at: Progress, text: str, setting: Setting) -> Turn | None:
    """Return what a correction, an early answer or a question asked back leads to."""
    if at.step not in (Step.DESCRIPTION, Step.DETAIL) and (answer := repair.answer_question(text, setting)):
        return between(at, setting, answer)
    if at.step is None or at.draft is None:
        return None
    fresh = repair.correct(at.step, at.draft, text, setting)
    phrase = wording.CORRECTED
    if fresh is None:
        fresh, phrase = repair.answer_early(at.step, at.draft, text, setting), wording.NOTED_TOO
    if fresh is None:
        return None
    is_in_order = at.step is report.next_step(at.draft, setting)
    is_about_privacy = (fresh.is_secret, fresh.is_anonymous) != (at.draft.is_secret, at.draft.is_anonymous)
    facts = setting.voice.text(privacy_words(fresh)) if is_about_privacy else noted(fresh, setting)
    note = say(setting, phrase, facts=facts)
    return advance(at, at.draft, fresh, None if is_in_order else at.step, setting, note=note)


def _typed_choice(at: Progress, text: str) -> str | None:
    """Return the value of the choice that a typed number or label names."""
    folded = fold(text)
    for number, choice in enumerate(at.choices, start=1):
        if folded in (str(number), fold(choice.label), fold(choice.label.partition("(")[0])):
            return choice.value
    return None


# --- words understood everywhere ---


def _commanded(at: Progress, command: Command, inbound: Inbound, setting: Setting) -> Turn:
    """Return what a word leads to."""
    if command.word in _ANYTIME:
        return _ANYTIME[command.word](at, command, inbound, setting)
    if at.step is None:
        return Turn(at, (say(setting, wording.NOTHING_OPEN),))
    if command.word is Word.SKIP:
        return answered(at, Answer(value=Word.SKIP), setting)
    if command.word is Word.EDIT and command.rest and at.draft and at.draft.description:
        step = questions.FIELDS[command.rest][1]
        if step is Step.PRIVACY and at.draft.is_integrity:
            return between(at, setting, shielded(setting))
        return asking(at, at.draft, step, setting)
    value = Word.NO if command.word is Word.NOT_YET else command.word
    return answered(at, Answer(inbound.text.strip(), value), setting)


def _language(at: Progress, wanted: str, setting: Setting) -> Turn:
    """Switch; the word alone changes to the other language."""
    known = setting.knowledge.deployment.languages
    others = [language for language in known if language is not setting.voice.language]
    language = Language(wanted) if wanted in set(known) else next(iter(others), setting.voice.language)
    setting = replace(setting, voice=replace(setting.voice, language=language))
    return between(at, setting, SetLanguage(language), say(setting, report_wording.LANGUAGE_SET))


def _begun(at: Progress, command: Command, inbound: Inbound, setting: Setting) -> Turn:
    """/start and LAPOR: begin, but never throw a draft away unasked."""
    news: tuple[Effect, ...] = (SetNews(is_wanted=True),) if command.word is Word.START else ()
    text = command.rest if command.word is Word.REPORT else ""
    if at.draft is not None:
        told = f"{at.waiting}\n{text}" if at.step is Step.RESUME else text
        turn = asking(replace(at, waiting=told.strip()), at.draft, Step.RESUME, setting)
        return Turn(turn.progress, (*news, *turn.outputs))
    if text:
        return described(at, replace(inbound, text=text), setting)
    return Turn(replace(at, is_greeted=True), (*news, _welcome(setting)))


def _for_another(at: Progress, command: Command, inbound: Inbound, setting: Setting) -> Turn:
    """WAKIL: what is told, or is to be told, is somebody else's; ask whether they agree."""
    draft = at.draft or Draft(id=setting.new_id)
    draft = replace(draft, is_on_behalf=True, done=draft.done - {Step.CONSENT})
    if command.rest and not draft.description:
        return described(replace(at, draft=draft), replace(inbound, text=command.rest), setting)
    return asking(at, draft, Step.CONSENT, setting)


def _welcome(setting: Setting) -> Reply:
    service = setting.knowledge.deployment.service_name[setting.voice.language]
    return say(setting, wording.WELCOME, service=service)


def _small(at: Progress, smalltalk: Smalltalk | None, setting: Setting) -> Turn:
    """Greetings, thanks, tries and insults: a fitting answer, and no draft is begun."""
    match smalltalk:
        case Smalltalk.GREETING if at.step is None:
            phrase = say(setting, wording.GREETING) if at.is_greeted else _welcome(setting)
            return Turn(replace(at, is_greeted=True), (phrase,))
        case Smalltalk.THANKS | Smalltalk.GOODBYE:
            return between(at, setting, say(setting, wording.THANKS))
        case Smalltalk.INSULT if at.was_rude:  # met politely once
            return between(at, setting) if at.step else Turn(at, (say(setting, wording.NO_WORDS),))
        case Smalltalk.INSULT:
            return between(replace(at, was_rude=True), setting, say(setting, wording.RUDE))
        case _ if at.step is None:
            phrase = say(setting, wording.NO_WORDS) if at.is_greeted else _welcome(setting)
            return Turn(replace(at, is_greeted=True), (phrase,))
        case Smalltalk.GREETING:
            return between(at, setting)
        case _:
            return miss(at, Missed(at.draft or Draft(id=setting.new_id)), setting)


#: words that mean the same whether or not a question is open
_ANYTIME: dict[Word, Callable[[Progress, Command, Inbound, Setting], Turn]] = {
    Word.HELP: lambda at, _command, _inbound, setting: between(
        at, setting, say(setting, wording.HELP, contact=human_contact(setting))
    ),
    Word.HUMAN: lambda at, _command, _inbound, setting: between(
        at, setting, CallHuman(), say(setting, wording.HUMAN_CALLED, contact=human_contact(setting))
    ),
    Word.STATUS: lambda at, command, _inbound, setting: between(at, setting, ShowStatus(command.rest)),
    Word.MINE: lambda at, _command, _inbound, setting: between(at, setting, ShowReports()),
    Word.LANGUAGE: lambda at, command, _inbound, setting: _language(at, command.rest, setting),
    Word.STOP: lambda at, _command, _inbound, _setting: Turn(at, (SetNews(is_wanted=False),)),
    Word.ADD: lambda at, command, _inbound, setting: between(at, setting, AddToReport(command.rest)),
    Word.LINK: lambda at, command, _inbound, setting: between(at, setting, LinkReport(command.rest)),
    Word.UNLINK: lambda at, command, _inbound, setting: between(
        at, setting, LinkReport(command.rest, is_wanted=False)
    ),
    Word.NOTICE: lambda at, _command, _inbound, setting: between(at, setting, ShowNotice()),
    Word.DATA: lambda at, _command, _inbound, setting: between(at, setting, ShowData()),
    Word.ERASE: lambda at, command, _inbound, setting: (
        Turn(Progress(), (EraseData(is_sure=True),))
        if command.rest
        else between(at, setting, EraseData(is_sure=False))
    ),
    Word.WITHDRAW: lambda at, command, _inbound, setting: between(at, setting, WithdrawReport(command.rest)),
    Word.PROTECT: lambda at, command, _inbound, setting: between(at, setting, ProtectReport(command.rest)),
    Word.BEHALF: _for_another,
    Word.START: _begun,
    Word.REPORT: _begun,
    Word.CANCEL: lambda at, _command, _inbound, setting: cancelled(at, setting),
    Word.BACK: lambda at, _command, _inbound, setting: go_back(at, setting),
}
