"""Words under a file: a command or an answer means what it means by itself; any others tell the problem."""

from collections.abc import Callable
from dataclasses import replace

from handlers import wording
from handlers.conversation.choosing import typed_choice
from handlers.conversation.phrasebook import Word
from handlers.conversation.progress import Progress, Step
from handlers.conversation.sent import files_sent
from handlers.conversation.setting import Attach, Setting, Turn
from handlers.conversation.talk import introduced, say
from handlers.conversation.words import read_command
from handlers.messages import Inbound, Reply


def captioned(
    at: Progress, inbound: Inbound, setting: Setting, said: Callable[[Progress, Inbound, Setting], Turn]
) -> Turn:
    """Return what files and the words under them lead to; `said`: what words alone lead to."""
    text = inbound.text.strip()
    command, value = read_command(text, setting.channel), typed_choice(at, text)
    if command is None and value is None:
        return files_sent(at, inbound, setting)
    if at.step is Step.PHOTOS and value == Word.YES:  # "ada": here it is
        return files_sent(at, replace(inbound, text=""), setting)
    if command is not None and command.word is Word.REPORT and command.rest:
        if at.draft is not None and at.draft.description:
            return _of_another(at, inbound, setting, said)
        return files_sent(at, replace(inbound, text=command.rest), setting)
    kept = files_sent(at, replace(inbound, text=""), setting)
    turn = said(kept.progress, replace(inbound, media=()), setting)
    if not any(isinstance(output, Attach) for output in kept.outputs):  # and why not
        return Turn(turn.progress, (*kept.outputs, *turn.outputs))
    effects = [output for output in kept.outputs if not isinstance(output, Reply)]
    turn = introduced(turn, say(setting, wording.RECEIVED))
    return Turn(turn.progress, (*effects, *turn.outputs))


def _of_another(
    at: Progress, inbound: Inbound, setting: Setting, said: Callable[[Progress, Inbound, Setting], Turn]
) -> Turn:
    """Keep LAPOR with words and files for the report that waits; what becomes of the draft is asked once."""
    turn = said(at, replace(inbound, media=()), setting)
    kept = files_sent(turn.progress, replace(inbound, text=""), setting)
    is_kept = kept.progress.waiting != at.waiting  # else it says that there is no room
    return Turn(kept.progress, (*turn.outputs[: -1 if is_kept else None], *kept.outputs))
