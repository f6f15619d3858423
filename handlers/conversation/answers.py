"""Answers: what came back to the open question, and where the conversation goes from there."""

from dataclasses import replace

from handlers import wording
from handlers.conversation.flows import questions, report
from handlers.conversation.flows.facts import summary_lines
from handlers.conversation.flows.report import Answer, Missed
from handlers.conversation.phrasebook import Word
from handlers.conversation.progress import Draft, Progress, Step
from handlers.conversation.setting import DropFiles, FileReport, Setting, Turn
from handlers.conversation.talk import advance, asking, between, cleared, miss, say
from handlers.messages import Inbound, Reply

#: messages that became reports, of which edits are still taken
FILED_KEPT = 5


def described(at: Progress, inbound: Inbound, setting: Setting) -> Turn:
    """A first message that already holds the problem is the problem."""
    draft = at.draft or Draft(id=setting.new_id)
    draft = replace(draft, description_ref=inbound.message_ref)
    at = replace(at, draft=draft, step=Step.DESCRIPTION)
    return answered(at, Answer(inbound.text.strip()), setting, ref=inbound.message_ref)


def answered(at: Progress, answer: Answer, setting: Setting, ref: str | None = None) -> Turn:
    if at.step is None or at.draft is None:
        return Turn(at, (say(setting, wording.NOTHING_OPEN),))
    if answer.value == Word.BACK:
        return go_back(at, setting)
    if answer.value == Word.SKIP:
        return _skipped(at, at.draft, setting)
    match at.step:
        case Step.SUMMARY:
            return _summary(at, at.draft, answer, setting)
        case Step.DISCARD:
            return _discard(at, at.draft, answer, setting)
        case Step.RESUME:
            return _resume(at, at.draft, answer, setting)
        case _:
            return _step_answered(at, at.step, answer, setting, ref)


def _step_answered(at: Progress, step: Step, answer: Answer, setting: Setting, ref: str | None) -> Turn:
    draft = at.draft or Draft(id=setting.new_id)
    if answer.value == Word.EDIT and draft.description:
        return asking(at, draft, Step.EDIT, setting)
    judgement = report.accept(step, draft, answer, setting)
    if isinstance(judgement, Missed):
        return miss(at, judgement, setting, answer.text)
    fresh = judgement.draft
    if step is Step.DESCRIPTION:
        fresh = replace(fresh, description_ref=ref or fresh.description_ref)
    return advance(at, draft, fresh, judgement.step, setting)


def _skipped(at: Progress, draft: Draft, setting: Setting) -> Turn:
    match at.step:
        case Step.WHEN | Step.CATEGORY | Step.EDIT | Step.POINT:
            return asking(at, replace(draft, area_options=()), report.next_step(draft, setting), setting)
        case Step.WHICH_AREA:
            return _step_answered(at, Step.WHICH_AREA, Answer(value=questions.DO_NOT_KNOW), setting, None)
        case Step.PLACE if not report.is_optional(Step.PLACE, draft):
            return miss(at, Missed(draft), setting, instead=questions.which_district(setting))
        case Step() if report.is_optional(at.step, draft):
            skipped = report.done(draft, at.step)
            return asking(at, skipped, report.next_step(skipped, setting), setting)
        case _:
            return miss(at, Missed(draft), setting)


def _summary(at: Progress, draft: Draft, answer: Answer, setting: Setting) -> Turn:
    if answer.value == Word.YES:
        refs = [(draft.description_ref, draft.id)] if draft.description_ref else []
        bare = replace(cleared(at), is_greeted=True, filed=(*at.filed, *refs)[-FILED_KEPT:])
        sent = say(setting, wording.SUMMARY_SENT, facts=summary_lines(draft, setting))
        shown: tuple[Reply, ...] = (sent,) if at.last_press.endswith(f"{at.asked}:{Word.YES}") else ()
        return Turn(bare, (*shown, FileReport(draft)))
    if answer.value == Word.CANCEL:
        return cancelled(at, setting)
    if answer.value in (Word.EDIT, Word.NO):
        return asking(at, draft, Step.EDIT, setting)
    return miss(at, Missed(draft), setting, answer.text)


def _discard(at: Progress, draft: Draft, answer: Answer, setting: Setting) -> Turn:
    if answer.value == Word.YES:
        return _discarded(at, draft, setting)
    if answer.value == Word.NO:
        return asking(at, draft, at.aside or report.next_step(draft, setting), setting)
    return miss(at, Missed(draft), setting)


def _resume(at: Progress, draft: Draft, answer: Answer, setting: Setting) -> Turn:
    if answer.value in (questions.CONTINUE, Word.YES):
        step = at.aside or report.next_step(draft, setting)
        return asking(replace(at, waiting=""), draft, step, setting)
    if answer.value == questions.ANEW:
        fresh = replace(cleared(at), is_greeted=True)
        if not at.waiting:
            begun = asking(fresh, Draft(id=setting.new_id), Step.DESCRIPTION, setting)
        else:
            new = replace(fresh, draft=Draft(id=setting.new_id), step=Step.DESCRIPTION)
            begun = answered(new, Answer(at.waiting), setting)
        return Turn(begun.progress, (DropFiles(draft.id), *begun.outputs))
    return miss(at, Missed(draft), setting)


def cancelled(at: Progress, setting: Setting) -> Turn:
    if at.draft is None:
        return Turn(at, (say(setting, wording.NOTHING_TO_DISCARD),))
    if at.step is Step.DISCARD:
        return _discarded(at, at.draft, setting)
    return asking(at, at.draft, Step.DISCARD, setting)


def _discarded(at: Progress, draft: Draft, setting: Setting) -> Turn:
    bare = cleared(at)
    return Turn(bare, (say(setting, wording.DISCARDED), DropFiles(draft.id)))


def go_back(at: Progress, setting: Setting) -> Turn:
    if at.draft is None:
        return Turn(at, (say(setting, wording.NOTHING_OPEN),))
    if at.step is not Step.SUMMARY and report.next_step(at.draft, setting) is Step.SUMMARY:
        return asking(at, at.draft, Step.SUMMARY, setting)  # from a change that was thought better of
    trail = at.trail
    if (
        trail and trail[-1] is Step.LANDMARK and at.draft.area_code is None
    ):  # of a place that is in question again
        trail = trail[:-1]
    if not trail:
        return between(at, setting)
    step = trail[-1]
    draft = replace(at.draft, done=at.draft.done - {step})
    return asking(replace(at, trail=trail[:-1], step=None), draft, step, setting)
