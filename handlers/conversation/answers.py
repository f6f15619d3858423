"""Answers: what came back to the open question, and where the conversation goes from there."""

from dataclasses import replace

from handlers import danger_wording, wording
from handlers.conversation import waiting
from handlers.conversation.flows import order, questions, report
from handlers.conversation.flows.facts import helpline_for, summary_lines
from handlers.conversation.flows.report import Answer, Missed
from handlers.conversation.phrasebook import UNRECORDED, Word
from handlers.conversation.places import has_landmark
from handlers.conversation.posters import placed
from handlers.conversation.progress import Draft, Progress, Step
from handlers.conversation.setting import DropFiles, Effect, FileReport, MoveFiles, Setting, Turn
from handlers.conversation.talk import (
    advance,
    again,
    alarmed,
    asking,
    between,
    cleared,
    in_chat_only,
    introduced,
    is_alarming,
    miss,
    say,
)
from handlers.conversation.words import phrase_table, read_answer, read_phrase
from handlers.messages import Inbound, Reply

#: messages that became reports, of which edits are still taken
FILED_KEPT = 5
_UNRECORDED = phrase_table({Word.NO: UNRECORDED})


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
            return _discard(at, at.draft, answer, setting, ref)
        case Step.RESUME:
            return _resume(at, at.draft, answer, setting, ref)
        case _:
            return _step_answered(at, at.step, answer, setting, ref)


def _step_answered(at: Progress, step: Step, answer: Answer, setting: Setting, ref: str | None) -> Turn:
    draft = at.draft or Draft(id=setting.new_id)
    if answer.value == Word.EDIT and draft.description:
        return asking(at, draft, Step.EDIT, setting)
    if step is Step.PHOTOS and answer.value == Word.YES:
        return miss(at, Missed(draft), setting, instead=questions.send_photos(setting))
    if (
        step is Step.PLACE
        and answer.value in (Word.YES, Word.NO)
        and helpline_for(draft.description, setting)
    ):
        is_wanted = answer.value == Word.YES  # which was asked along with the place
        where = questions.where(setting)
        return (
            asking(at, draft, step, setting, instead=where) if is_wanted else _discarded(at, draft, setting)
        )
    judgement = report.accept(step, draft, answer, setting)
    if isinstance(judgement, Missed):
        return miss(at, judgement, setting, answer.text)
    fresh = judgement.draft
    if step is Step.DESCRIPTION:
        fresh = replace(fresh, description_ref=ref) if ref and ref != fresh.description_ref else fresh
        fresh = placed(fresh, at.scanned_area, setting)
    return advance(at, draft, fresh, judgement.step, setting)


def _skipped(at: Progress, draft: Draft, setting: Setting) -> Turn:
    match at.step:
        case Step.WHEN | Step.CATEGORY | Step.EDIT | Step.POINT:
            return asking(at, replace(draft, area_options=()), order.next_step(draft, setting), setting)
        case Step.WHICH_AREA:
            return _step_answered(at, Step.WHICH_AREA, Answer(value=questions.DO_NOT_KNOW), setting, None)
        case Step.PLACE if helpline_for(draft.description, setting):  # who is hurt is not pressed
            return _step_answered(at, Step.PLACE, Answer(value=questions.DO_NOT_KNOW), setting, None)
        case Step.PLACE if not order.is_optional(Step.PLACE, draft):
            return miss(at, Missed(draft), setting, instead=questions.which_district(setting))
        case Step() if order.is_optional(at.step, draft):
            skipped = report.done(draft, at.step)
            return asking(at, skipped, order.next_step(skipped, setting), setting)
        case _:
            return miss(at, Missed(draft), setting)


def _summary(at: Progress, draft: Draft, answer: Answer, setting: Setting) -> Turn:
    if answer.value == Word.YES:
        refs = [(draft.description_ref, draft.id)] if draft.description_ref else []
        bare = replace(cleared(at), is_greeted=True, filed=(*at.filed, *refs)[-FILED_KEPT:])
        sent = say(setting, wording.SUMMARY_SENT, facts=summary_lines(draft, setting))
        shown: tuple[Reply, ...] = (sent,) if at.last_press.endswith(f"{at.asked}:{Word.YES}") else ()
        return _after(at, bare, setting, *shown, FileReport(draft))
    if answer.value == Word.CANCEL:
        return cancelled(at, setting)
    if answer.value in (Word.EDIT, Word.NO):
        return asking(at, draft, Step.EDIT, setting)
    return miss(at, Missed(draft), setting, answer.text)


def _discard(at: Progress, draft: Draft, answer: Answer, setting: Setting, ref: str | None) -> Turn:
    if answer.value == Word.YES:
        return _discarded(at, draft, setting)
    if answer.value == Word.EDIT and draft.description and not (at.waiting or at.next_draft):
        return asking(at, draft, Step.EDIT, setting)
    if answer.value in (Word.NO, Word.EDIT):
        return _gone_on(at, draft, setting)
    return _told_meanwhile(at, draft, answer, setting, ref)


def _resume(at: Progress, draft: Draft, answer: Answer, setting: Setting, ref: str | None) -> Turn:
    if answer.value in (questions.CONTINUE, Word.YES):
        return _gone_on(at, draft, setting)
    if answer.value == questions.ANEW:
        bare = replace(cleared(at), is_greeted=True)
        begun = _waited(at, bare, setting) or asking(
            bare, Draft(id=setting.new_id), Step.DESCRIPTION, setting
        )
        return Turn(begun.progress, (DropFiles(draft.id), *begun.outputs))
    return _told_meanwhile(at, draft, answer, setting, ref)


def _told_meanwhile(at: Progress, draft: Draft, answer: Answer, setting: Setting, ref: str | None) -> Turn:
    """Keep what takes neither choice and tells something, and ask again."""
    if answer.value is None and waiting.tells(answer.text, setting):
        kept = waiting.keep(at, answer.text, setting, ref)
        if kept is not None:
            turn = again(kept, draft, setting, intro=say(setting, wording.WORDS_KEPT))
            return alarmed(turn, answer.text, setting)
    return miss(at, Missed(draft), setting, answer.text)


def _gone_on(at: Progress, draft: Draft, setting: Setting) -> Turn:
    """Go back to the draft. What was told meanwhile is added to it; about something else, it waits its turn."""
    following = order.next_step(draft, setting)
    step = at.aside or following
    if not at.waiting and at.next_draft is None:
        return asking(at, draft, step, setting)
    fuller = waiting.joined(at, draft, setting)
    if fuller is None:
        return asking(at, draft, step, setting, intro=say(setting, wording.OTHER_WAITS))
    return _taken_in(at, draft, fuller, None if step is following else step, setting)


def _taken_in(at: Progress, draft: Draft, fuller: Draft, step: Step | None, setting: Setting) -> Turn:
    """Go on with a draft that what waited was added to."""
    more, at = waiting.beside(at, setting), replace(at, waiting="", next_draft=None)
    moved = (MoveFiles(more.id, draft.id),) if more.attachments else ()
    if more.location:
        step = Step.POINT
    note = say(setting, wording.ADDED_TO_DRAFT)
    turn = advance(at, draft, fuller, step, setting, note=note)
    return Turn(turn.progress, (*moved, *turn.outputs))


def joined_after_all(at: Progress, draft: Draft, setting: Setting) -> Turn | None:
    """TAMBAH: what waits belongs to the draft. None: nothing waits, or there is no room for it."""
    fuller = waiting.joined(at, draft, setting, is_said=True) if at.waiting else None
    step = None if at.step is order.next_step(draft, setting) else at.step
    return None if fuller is None else _taken_in(at, draft, fuller, step, setting)


def told_another(at: Progress, draft: Draft, inbound: Inbound, setting: Setting) -> Turn | None:
    """Keep another problem that is told in the middle of a draft; danger has its turn first. None: no room for it."""
    text, ref = inbound.text.strip(), inbound.message_ref
    if waiting.is_graver(at, text, setting):
        waits = replace(draft, description="", described_chars=0, parts=())
        bare = replace(cleared(at), waiting=draft.description, next_draft=waits)
        begun = replace(bare, draft=Draft(id=setting.new_id), step=Step.DESCRIPTION)
        turn = answered(begun, Answer(text), setting, ref)
        return introduced(turn, say(setting, danger_wording.DANGER_FIRST))
    kept = waiting.keep(at, text, setting, ref)
    if kept is None:
        return None
    return alarmed(between(kept, setting, say(setting, wording.OTHER_WAITS)), text, setting)


def told_more_danger(at: Progress, text: str, setting: Setting) -> Turn | None:
    """Take more danger as story, and as no place, and name its helpline. None: it is not that, or there is no room."""
    draft = at.draft
    if draft is None or not waiting.is_more_danger(draft, at.step, text, setting):
        return None
    fuller = report.with_more(draft, text, setting)
    if fuller is None:
        return None
    if waiting.is_told(draft, text):  # sent twice
        return between(at, setting)
    note = None if is_alarming(draft, fuller, setting) else say(setting, wording.ADDED_TO_DRAFT)
    is_in_order = at.step in (Step.EDIT, order.next_step(draft, setting))
    return advance(at, draft, fuller, None if is_in_order else at.step, setting, note=note)


def _waited(at: Progress, bare: Progress, setting: Setting) -> Turn | None:
    """Begin the report that waited, with its words, files and point; None: none did."""
    draft = waiting.beside(at, setting)
    if at.waiting:
        begun = replace(bare, draft=draft, step=Step.DESCRIPTION)
        return answered(begun, Answer(at.waiting), setting, draft.description_ref)
    if at.next_draft is None:
        return None
    first = say(setting, wording.PHOTO_FIRST) if draft.attachments else None
    return asking(bare, draft, Step.DESCRIPTION, setting, instead=first)


def _after(at: Progress, bare: Progress, setting: Setting, *outputs: Reply | Effect) -> Turn:
    """Be done with the draft, and go on with the report that waited, if one did."""
    turn = _waited(at, bare, setting)
    if turn is None:
        return Turn(bare, outputs)
    turn = introduced(turn, in_chat_only(say(setting, wording.NOW_THE_OTHER)))
    return Turn(turn.progress, (*outputs, *turn.outputs))


#: what UBAH leads to
_CHANGED = frozenset(step for _label, step in questions.FIELDS.values())


def cancelled(at: Progress, setting: Setting, text: str = "") -> Turn:
    """BATAL: ask whether it is to be deleted; said again, delete it. TIDAK JADI may mean either, and never does."""
    if at.draft is None:
        return Turn(at, (say(setting, wording.NOTHING_TO_DISCARD),))
    is_change = at.step in _CHANGED and order.next_step(at.draft, setting) is Step.SUMMARY
    if is_change and read_answer(text) is not None:  # said of the change
        return asking(at, at.draft, Step.SUMMARY, setting)
    if (
        at.step is Step.PLACE
        and helpline_for(at.draft.description, setting)
        and read_phrase(text, _UNRECORDED)
    ):
        return _discarded(at, at.draft, setting)  # what was asked along with the place
    if at.step is Step.DISCARD and read_answer(text) is not None:
        return again(at, at.draft, setting, instead=questions.discard_or_not(setting))
    if at.step is Step.DISCARD:
        return _discarded(at, at.draft, setting)
    return asking(at, at.draft, Step.DISCARD, setting)


def _discarded(at: Progress, draft: Draft, setting: Setting) -> Turn:
    return _after(at, cleared(at), setting, say(setting, wording.DISCARDED), DropFiles(draft.id))


def go_back(at: Progress, setting: Setting) -> Turn:
    draft = at.draft
    if draft is None:
        return Turn(at, (say(setting, wording.NOTHING_OPEN),))
    if at.step is not Step.SUMMARY and order.next_step(draft, setting) is Step.SUMMARY:
        return asking(at, draft, Step.SUMMARY, setting)  # from a change that was thought better of
    trail = at.trail
    if at.step is Step.PLACE and at.misses:  # in other words it is still the same question
        trail = (*trail, Step.PLACE)
    if (
        trail and trail[-1] is Step.LANDMARK and draft.area_code is None
    ):  # of a place that is in question again
        trail = trail[:-1]
    if not trail:
        return between(at, setting)
    step, is_anew = trail[-1], trail[-1] is Step.PLACE and at.step not in waiting.ASIDE
    at = replace(at, trail=trail[:-1], step=None)
    if step is Step.DESCRIPTION and draft.description:  # what was told stays; UBAH MASALAH replaces it
        return asking(at, draft, Step.DETAIL, setting, instead=questions.tell_more(draft, setting))
    draft = _without_place(draft) if is_anew else draft
    return asking(at, replace(draft, done=draft.done - {step}), step, setting)


def _without_place(draft: Draft) -> Draft:
    """Return the draft without the place that was told when asked: another one takes its place."""
    is_pinpointed = has_landmark(draft.description)
    return replace(
        draft, place="", area_code=None, area_options=(), location=None, is_pinpointed=is_pinpointed
    )
