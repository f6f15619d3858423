"""Asking: from a step to the message that asks it and the state that waits for the answer."""

from dataclasses import replace

from handlers.conversation.flows import questions
from handlers.conversation.progress import Draft, Progress, Step
from handlers.conversation.setting import Setting, Turn
from handlers.i18n import Field, Phrase
from handlers.messages import Reply


def say(setting: Setting, phrase: Phrase, **fields: Field) -> Reply:
    return setting.voice.reply(phrase, fields)


def combine(intro: Reply, reply: Reply) -> Reply:
    """Put two replies into one message; an SMS carries the second one alone, as parts cost money."""
    return replace(reply, text=f"{intro.text}\n\n{reply.text}")


def asking(
    at: Progress,
    draft: Draft,
    step: Step,
    setting: Setting,
    *,
    intro: Reply | None = None,
    instead: Reply | None = None,
) -> Turn:
    """Ask a step's question. `intro` goes before it, `instead` takes the place of its usual wording."""
    is_new = step is not at.step
    misses = 0 if is_new else at.misses
    reply = instead or questions.ask(step, draft, setting, misses)
    asked = at.asked + 1
    trail = (*at.trail, at.step) if is_new and at.step and at.step not in _NOT_GONE_BACK_TO else at.trail
    progress = replace(
        at,
        draft=draft,
        step=step,
        trail=tuple(before for before in trail if before is not step)[-10:],
        asked=asked,
        choices=reply.choices,
        misses=misses,
    )
    reply = replace(reply, question=str(asked))
    return Turn(progress, (combine(intro, reply) if intro else reply,))


def again(
    at: Progress, draft: Draft, setting: Setting, *, intro: Reply | None = None, instead: Reply | None = None
) -> Turn:
    """Ask the open question once more."""
    if at.step is None:
        return Turn(replace(at, draft=draft))
    return asking(at, draft, at.step, setting, intro=intro, instead=instead)


#: questions that are about the conversation itself
_NOT_GONE_BACK_TO = frozenset(
    {Step.DISCARD, Step.RESUME, Step.EDIT, Step.SUMMARY, Step.POINT, Step.WHICH_AREA}
)
