"""The conversation: one message in, the next state and what is said and done out.

`judge` is a function of values: total, no clock, no database. The rules that hold at every step are here; what a
step asks and accepts is in `flows/`.
"""

from collections.abc import Callable
from dataclasses import replace

from handlers import report_wording, wording
from handlers.cases.numbers import find_number
from handlers.conversation import menu, repair, waiting
from handlers.conversation.answers import (
    answered,
    cancelled,
    described,
    go_back,
    joined_after_all,
    told_another,
    told_more_danger,
)
from handlers.conversation.captions import captioned
from handlers.conversation.choosing import protection_said, typed_choice, wishes_protected_report
from handlers.conversation.flows import order, questions, report
from handlers.conversation.flows.facts import area_label, still_known
from handlers.conversation.flows.report import Answer, Missed
from handlers.conversation.language import language_of
from handlers.conversation.phrasebook import Smalltalk, Word
from handlers.conversation.presses import pressed
from handlers.conversation.progress import Draft, Progress, Step
from handlers.conversation.sent import point_sent
from handlers.conversation.setting import (
    AddToReport,
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
    in_language,
)
from handlers.conversation.spelling import is_gibberish
from handlers.conversation.talk import (
    advance,
    alarmed,
    asking,
    between,
    combine,
    human_contact,
    in_chat_only,
    introduced,
    miss,
    say,
    shielded,
    too_long,
)
from handlers.conversation.words import Command, read_command, read_smalltalk
from handlers.deep_links import area_of
from handlers.messages import Inbound, Reply
from storage.vocabulary import Language


def judge(at: Progress, inbound: Inbound, setting: Setting) -> Turn:
    """Return what an inbound message leads to. Total: any message in any state, never raises."""
    at = _up_to_date(at, setting)
    if inbound.is_edit:
        return _edited(at, inbound, setting)
    if inbound.press:
        return pressed(at, inbound, setting)
    at, inbound = _as_edited(at, inbound)
    language = _written_in(at, inbound, setting)
    if language is not None:
        return _switched(at, inbound, setting, language)
    return _arrived(at, inbound, setting)


def _arrived(at: Progress, inbound: Inbound, setting: Setting) -> Turn:
    if inbound.media:
        return captioned(at, inbound, setting, _text)
    if inbound.location:
        return point_sent(at, inbound, setting)
    if inbound.unsupported:
        return between(at, setting, say(setting, wording.UNSUPPORTED))
    return _text(at, inbound, setting)


def _up_to_date(at: Progress, setting: Setting) -> Progress:
    if at.next_draft is not None:
        at = replace(at, next_draft=still_known(at.next_draft, setting.knowledge.deployment))
    if at.draft is None:
        return at
    draft = still_known(at.draft, setting.knowledge.deployment)
    if draft is at.draft:
        return at
    return replace(at, draft=draft, step=order.next_step(draft, setting), choices=(), trail=(), aside=None)


def _written_in(at: Progress, inbound: Inbound, setting: Setting) -> Language | None:
    """Return the other language that somebody begins to tell in who has chosen none."""
    if at.is_language_chosen or at.step not in (None, Step.DESCRIPTION):
        return None
    language = language_of(inbound.text)
    if language is setting.voice.language or language not in setting.knowledge.deployment.languages:
        return None
    command = read_command(inbound.text, setting.channel)
    return language if command is None or command.word is Word.REPORT else None


def _switched(at: Progress, inbound: Inbound, setting: Setting, language: Language) -> Turn:
    """Answer in the language of the message, and say how to have the other one."""
    setting = in_language(setting, language)
    turn = introduced(_arrived(at, inbound, setting), in_chat_only(say(setting, report_wording.LANGUAGE_SET)))
    return Turn(turn.progress, (SetLanguage(language), *turn.outputs))


# --- what arrives ---


def _edited(at: Progress, inbound: Inbound, setting: Setting) -> Turn:
    """An edit of the message that holds the description edits it, or adds a version once filed; others are let be."""
    filed = dict(at.filed).get(inbound.message_ref or "")
    if filed is not None and inbound.text.strip():
        return alarmed(
            between(at, setting, CorrectReport(filed, inbound.text.strip())), inbound.text, setting
        )
    text = _told(inbound, setting)
    if at.draft is None or inbound.message_ref is None or inbound.message_ref != at.draft.description_ref:
        return Turn(_edited_elsewhere(at, inbound.message_ref, text, setting))
    draft = report.reworded(at.draft, text, setting)
    if draft is None:
        return Turn(at)
    is_in_order = at.step is order.next_step(at.draft, setting)  # then the edit may have answered it
    step = None if is_in_order else at.step
    return advance(at, at.draft, draft, step, setting, note=say(setting, wording.EDITED))


def _told(inbound: Inbound, setting: Setting) -> str:
    """Return what a message tells, without a LAPOR before it."""
    text = inbound.text.strip()
    command = read_command(text, setting.channel)
    return command.rest if command and command.word is Word.REPORT and command.rest else text


#: edits kept of messages that have not come yet
_EDITS_KEPT = 3


def _edited_elsewhere(at: Progress, ref: str | None, text: str, setting: Setting) -> Progress:
    """Take an edit of what waits to become a report; keep any other for the message that it may have overtaken."""
    if ref is None or not text:
        return at
    if at.waiting and at.next_draft and at.next_draft.description_ref == ref:
        has_room = len(text) <= setting.knowledge.deployment.intake.max_chars
        return replace(at, waiting=text) if has_room else at
    others = [(of, kept) for of, kept in at.edits if of != ref]
    return replace(at, edits=(*others, (ref, text))[-_EDITS_KEPT:])


def _as_edited(at: Progress, inbound: Inbound) -> tuple[Progress, Inbound]:
    """Return a message with the text of an edit that came before it."""
    text = dict(at.edits).get(inbound.message_ref or "")
    if text is None:
        return at, inbound
    rest = tuple((of, kept) for of, kept in at.edits if of != inbound.message_ref)
    return replace(at, edits=rest), replace(inbound, text=text)


def _text(at: Progress, inbound: Inbound, setting: Setting) -> Turn:
    text = inbound.text.strip()
    if setting.is_brief and (joined := _joined(at, text, setting)):
        return joined
    value = typed_choice(at, text)
    if value is not None:
        return answered(at, Answer(text, value), setting)
    command = read_command(text, setting.channel)
    if command is not None:
        return _commanded(at, command, inbound, setting)
    if setting.knowledge.is_number(text):
        return between(at, setting, ShowStatus(text))
    if repaired := told_more_danger(at, text, setting) or _repaired(at, text, setting):
        return repaired
    smalltalk = read_smalltalk(text) if at.step is not Step.NAME else None
    if smalltalk is None and at.step is None and is_gibberish(text) and not _has_topic(text, setting):
        smalltalk = Smalltalk.PROBE
    if smalltalk is not None or not text:
        return _small(at, smalltalk, setting)
    if at.step is None:
        return described(at, inbound, setting)
    is_another = at.draft and waiting.begins_another(at, text, setting)
    if at.draft and is_another and (turn := told_another(at, at.draft, inbound, setting)):
        return turn
    return answered(at, Answer(text), setting, ref=inbound.message_ref)


def _joined(at: Progress, text: str, setting: Setting) -> Turn | None:
    """Return what one part of a long SMS leads to: it joins the others, whichever came first."""
    draft = at.draft or Draft(id=setting.new_id)
    joined = repair.join_part(draft, text, setting)
    return None if joined is None else advance(replace(at, draft=joined), draft, joined, None, setting)


def _repaired(at: Progress, text: str, setting: Setting) -> Turn | None:
    """Return what a correction, an early answer, a question asked back or a wish to be hidden leads to."""
    if at.step is None and protection_said(text) in (questions.HIDDEN, questions.ANONYMOUS):
        if not wishes_protected_report(text):
            return between(at, setting, ProtectReport(""))  # of a report that was sent
        at = _with_draft(at, setting)
    if at.step not in (Step.DESCRIPTION, Step.DETAIL) and (answer := repair.answer_question(text, setting)):
        return between(at, setting, answer)
    if at.step is None or at.draft is None:
        return None
    named = repair.named_openly(at.step, at.draft, text, setting)
    at_menu = menu.told(at.draft, text, setting) if at.step is Step.EDIT else None
    repaired = named or at_menu or repair.correct(at.step, at.draft, text, setting)
    repaired = repaired or repair.answer_early(at.step, at.draft, text, setting)
    if repaired is None:
        return None
    is_in_order = named is not None or at.step in (Step.EDIT, order.next_step(at.draft, setting))
    step = None if is_in_order else at.step
    return advance(at, at.draft, repaired.draft, step, setting, note=repaired.note)


def _with_draft(at: Progress, setting: Setting) -> Progress:
    return replace(at, draft=Draft(id=setting.new_id), step=Step.DESCRIPTION)


def _has_topic(text: str, setting: Setting) -> bool:
    return setting.knowledge.classifier.read(text).is_sure  # "KTP", "BPJS"


# --- words understood everywhere ---


def _commanded(at: Progress, command: Command, inbound: Inbound, setting: Setting) -> Turn:
    """Return what a word leads to."""
    if command.word in _ANYTIME:
        return _ANYTIME[command.word](at, command, inbound, setting)
    if at.step is None:
        is_change = command.word is Word.EDIT
        return Turn(at, (say(setting, wording.NOTHING_TO_CHANGE if is_change else wording.NOTHING_OPEN),))
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
    setting, at = in_language(setting, language), replace(at, is_language_chosen=True)
    if at.step is None:
        return Turn(replace(at, is_greeted=True), (SetLanguage(language), _welcome(setting)))
    return between(at, setting, SetLanguage(language), say(setting, report_wording.LANGUAGE_SET))


def _begun(at: Progress, command: Command, inbound: Inbound, setting: Setting) -> Turn:
    """/start and LAPOR: begin, but never throw a draft away unasked."""
    news: tuple[Effect, ...] = (SetNews(is_wanted=True),) if command.word is Word.START else ()
    scanned = area_of(command.rest, setting.knowledge.deployment) if news else None
    at = replace(at, scanned_area=scanned or at.scanned_area)
    text = command.rest if command.word is Word.REPORT else ""
    if text and at.draft is None and protection_said(text):
        at, text = _with_draft(at, setting), ""
        return _repaired(at, command.rest, setting) or between(at, setting)
    if text and (at.draft is None or not at.draft.description):
        return described(at, replace(inbound, text=text), setting)
    if at.draft is None:
        welcome, greeted = _welcome(setting, at.scanned_area), replace(at, is_greeted=True)
        # Whom we greeted before it is enough to tell that news comes again, and what was missed.
        if news and (setting.is_brief or (at.is_greeted and not scanned)):
            return Turn(greeted, (SetNews(is_wanted=True, otherwise=welcome),))
        return Turn(greeted, (*news, welcome))
    if command.word is Word.REPORT and not text and _is_just_begun(at, at.draft, setting):
        return between(at, setting)
    if text and waiting.is_told(at.draft, text):  # sent twice
        return between(at, setting)
    kept = waiting.keep(at, text, setting, inbound.message_ref) if text else at
    intro = too_long(text, setting) if kept is None else None
    turn = asking(kept or at, at.draft, Step.RESUME, setting, intro=intro)
    return alarmed(Turn(turn.progress, (*news, *turn.outputs)), text, setting)


def _is_just_begun(at: Progress, draft: Draft, setting: Setting) -> bool:
    """Tell whether a draft holds so little that LAPOR can only mean to go on with it."""
    fewest = setting.knowledge.deployment.intake.min_chars
    return at.step in (Step.DESCRIPTION, Step.DETAIL) and len(draft.description) < fewest


def _more(at: Progress, command: Command, inbound: Inbound, setting: Setting) -> Turn:
    """TAMBAH: more of the open draft, unless it names a report or tells nothing."""
    draft, text = at.draft, command.rest
    found = find_number(setting.knowledge.deployment.number, text)
    if draft is not None and not text and (turn := joined_after_all(at, draft, setting)):
        return turn
    if draft is None or not text or (found is not None and found.is_valid):
        return between(at, setting, AddToReport(text))
    if not draft.description:
        return described(at, replace(inbound, text=text), setting)
    fuller = report.with_more(draft, text, setting)
    if fuller is None:
        limit = setting.knowledge.deployment.intake.max_chars
        length = len(draft.description) + 1 + len(text)
        return between(at, setting, say(setting, wording.TOO_LONG, length=length, limit=limit))
    step = None if at.step is order.next_step(draft, setting) else at.step
    return advance(at, draft, fuller, step, setting, note=say(setting, wording.ADDED_TO_DRAFT))


def _for_another(at: Progress, command: Command, inbound: Inbound, setting: Setting) -> Turn:
    """WAKIL: what is told, or is to be told, is somebody else's; ask whether they agree."""
    draft = at.draft or Draft(id=setting.new_id)
    draft = replace(draft, is_on_behalf=True, done=draft.done - {Step.CONSENT})
    if command.rest and not draft.description:
        return described(replace(at, draft=draft), replace(inbound, text=command.rest), setting)
    return asking(at, draft, Step.CONSENT, setting)


def _welcome(setting: Setting, scanned_area: str | None = None) -> Reply:
    deployment = setting.knowledge.deployment
    welcome = say(setting, wording.WELCOME, service=deployment.service_name[setting.voice.language])
    if scanned_area is None or scanned_area not in deployment.area_by_code:
        return welcome
    place = area_label(scanned_area, deployment, setting.voice)
    return combine(welcome, say(setting, wording.POSTER_HERE, area=place))


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
        at,
        setting,
        say(
            setting,
            report_wording.HELP_IN_DRAFT if at.draft else wording.HELP,
            contact=human_contact(setting),
        ),
    ),
    Word.HUMAN: lambda at, _command, _inbound, setting: between(
        at, setting, CallHuman(), say(setting, wording.HUMAN_CALLED, contact=human_contact(setting))
    ),
    Word.STATUS: lambda at, command, _inbound, setting: between(at, setting, ShowStatus(command.rest)),
    Word.MINE: lambda at, _command, _inbound, setting: between(at, setting, ShowReports()),
    Word.LANGUAGE: lambda at, command, _inbound, setting: _language(at, command.rest, setting),
    Word.STOP: lambda at, _command, _inbound, _setting: Turn(at, (SetNews(is_wanted=False),)),
    Word.ADD: _more,
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
    Word.PROTECT: lambda at, command, _inbound, setting: between(at, setting, ProtectReport(command.rest)),
    Word.BEHALF: _for_another,
    Word.START: _begun,
    Word.REPORT: _begun,
    Word.CANCEL: lambda at, _command, inbound, setting: cancelled(at, setting, inbound.text),
    Word.BACK: lambda at, _command, _inbound, setting: go_back(at, setting),
}
