"""A draft left alone: what its owner is told, and what becomes of it in the end."""

from dataclasses import replace
from datetime import date

from handlers import recall_wording, wording
from handlers.conversation.flows import order, questions
from handlers.conversation.flows.facts import still_known
from handlers.conversation.progress import Draft, Progress, Step
from handlers.conversation.setting import DropFiles, Setting, Turn
from handlers.conversation.talk import asking, cleared, combine, say
from handlers.messages import Reply

#: what each question waits for, in words that stand inside a sentence
MISSING = {
    Step.DESCRIPTION: wording.MISSING_DESCRIPTION,
    Step.CONSENT: wording.MISSING_CONSENT,
    Step.DETAIL: wording.MISSING_DETAIL,
    Step.PLACE: wording.MISSING_PLACE,
    Step.WHICH_AREA: wording.MISSING_PLACE,
    Step.POINT: wording.MISSING_PLACE,
    Step.LANDMARK: wording.MISSING_EXACT_PLACE,
    Step.PHOTOS: wording.MISSING_PHOTOS,
    Step.PRIVACY: wording.MISSING_PRIVACY,
    Step.NAME: wording.MISSING_NAME,
    Step.WHEN: wording.MISSING_WHEN,
    Step.CATEGORY: wording.MISSING_CATEGORY,
}
#: these questions say by themselves that a report is not sent yet
_SAY_SO = frozenset({Step.DISCARD, Step.RESUME})


def recalled(at: Progress, draft: Draft, kept_until: date, setting: Setting, *, is_last: bool) -> Turn:
    """Remind of the draft: name what is missing and ask it once more, as a question whose buttons work.

    A draft that lacks nothing is shown as it would be sent. An SMS holds no more than it must, as parts cost money.
    """
    known = still_known(draft, setting.knowledge.deployment)
    if known != draft:  # the deployment has changed meanwhile: what was open may make no sense any more
        at = replace(at, step=None, trail=(), aside=None)
    step = _to_ask(at, known, setting)
    misses = at.misses if step is at.step and step is not Step.SUMMARY else 0
    question = questions.ask(step, known, setting, misses)
    if step not in _SAY_SO:
        question = _reminding(step, question, kept_until, setting, is_last=is_last)
    return asking(at, known, step, setting, instead=question)


def _to_ask(at: Progress, draft: Draft, setting: Setting) -> Step:
    """Return the open question, unless only a change to a complete draft, or the choice of one, is open."""
    following = order.next_step(draft, setting)
    if at.step in _SAY_SO or (at.step in MISSING and following is not Step.SUMMARY):
        return at.step
    return following


def _reminding(step: Step, question: Reply, kept_until: date, setting: Setting, *, is_last: bool) -> Reply:
    if step is Step.SUMMARY:
        phrase = recall_wording.LAST_RECALL_COMPLETE if is_last else recall_wording.RECALL_COMPLETE
        intro = say(setting, phrase, until=kept_until)
    else:
        missing = setting.voice.text(MISSING[step])
        phrase = recall_wording.LAST_RECALL if is_last else recall_wording.RECALL
        intro = say(setting, phrase, missing=missing, until=kept_until)
    both = combine(intro, question)
    # Answers to a list are the numbers of what it shows.
    is_list = step is not Step.SUMMARY and len(question.choices) > 1
    return both if is_list else replace(both, short=intro.short)


def expired(at: Progress, draft: Draft, setting: Setting) -> Turn:
    """Let a draft go that nobody came back to, with its files."""
    dropped = [one.id for one in (draft, at.next_draft) if one]
    return Turn(cleared(at), (say(setting, recall_wording.EXPIRED), *map(DropFiles, dropped)))
