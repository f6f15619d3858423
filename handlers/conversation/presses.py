"""Buttons that are pressed: of the open question, of an earlier one, or twice."""

from dataclasses import replace

from handlers import wording
from handlers.conversation.answers import answered
from handlers.conversation.flows.report import Answer
from handlers.conversation.progress import Progress
from handlers.conversation.setting import Setting, Turn
from handlers.conversation.talk import between, combine, say
from handlers.messages import Inbound, Reply


def pressed(at: Progress, inbound: Inbound, setting: Setting) -> Turn:
    """Return what a press leads to: it answers the open question, or explains itself and answers nothing."""
    press = inbound.press
    assert press is not None  # noqa: S101 - judge looked
    this = f"{press.question}:{press.value}"
    if this == at.last_press:
        return Turn(at)  # pressed twice acts once, or is explained once
    at = replace(at, last_press=this)
    is_current = at.step is not None and press.question == str(at.asked)
    if not is_current or press.value not in {choice.value for choice in at.choices}:
        stale = say(setting, wording.STALE)
        if at.step is None:
            return Turn(at, (combine(stale, say(setting, wording.NOTHING_OPEN)),))
        return _same_question(at, between(at, setting, stale))
    turn = answered(at, Answer(value=press.value), setting)
    return _in_place_of(turn, inbound.message_ref)


def _same_question(at: Progress, turn: Turn) -> Turn:
    """Keep the number of a question that is asked as it was, so that the buttons shown before are good as well.

    Else who presses two old buttons is shown new ones that are old once pressed, and so on.
    """
    if turn.progress.choices != at.choices:
        return turn
    outputs = [
        replace(one, question=str(at.asked)) if isinstance(one, Reply) else one for one in turn.outputs
    ]
    return Turn(replace(turn.progress, asked=at.asked), tuple(outputs))


def _in_place_of(turn: Turn, pressed_ref: str | None) -> Turn:
    """Let the first reply take the place of the pressed message: no trail of dead keyboards."""
    if turn.outputs and isinstance(turn.outputs[0], Reply):
        return replace(turn, outputs=(replace(turn.outputs[0], replaces=pressed_ref), *turn.outputs[1:]))
    return turn
