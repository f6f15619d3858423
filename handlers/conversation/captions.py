"""Words under a file: a command or an answer means what it means by itself; any others tell the problem."""

from collections.abc import Callable
from dataclasses import replace

from handlers import wording
from handlers.conversation.choosing import protection_said, typed_choice
from handlers.conversation.phrasebook import Word
from handlers.conversation.progress import Progress, Step
from handlers.conversation.sent import files_sent, refusal
from handlers.conversation.setting import Attach, Setting, Turn
from handlers.conversation.talk import introduced, say
from handlers.conversation.words import Command, read_command
from handlers.messages import Inbound, Reply

#: under these a file may begin a report; the others ask something themselves, end things, or answer what nobody asked
_MAY_BEGIN = frozenset({Word.REPORT, Word.BEHALF, Word.ADD, Word.HELP, Word.HUMAN, Word.LANGUAGE})


def command_under(inbound: Inbound, setting: Setting) -> Command | None:
    """Return the command that a message's words are; under files a report's number alone asks how it stands."""
    text = inbound.text.strip()
    if inbound.media and setting.knowledge.is_number(text):
        return Command(Word.STATUS, text)
    return read_command(text, setting.channel)


def captioned(
    at: Progress, inbound: Inbound, setting: Setting, said: Callable[[Progress, Inbound, Setting], Turn]
) -> Turn:
    """Return what files and the words under them lead to; `said`: what words alone lead to."""
    text = inbound.text.strip()
    command, value = command_under(inbound, setting), typed_choice(at, text)
    is_last = command is not None and _is_last(command)
    if text and not is_last and (refused := refusal(at, inbound, setting)) is not None:
        return _with_note(said(at, replace(inbound, media=()), setting), refused)
    if command is None and value is None and protection_said(text) is None:
        is_refused = (
            not text and at.draft is None and at.refused is not None and at.refused == inbound.media[0].group
        )
        return Turn(at) if is_refused else files_sent(at, inbound, setting)
    if command is not None and (is_last or (at.draft is None and command.word not in _MAY_BEGIN)):
        return _without_files(at, command, inbound, setting, said)
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
    turn = _with_note(turn, say(setting, wording.RECEIVED))
    return Turn(turn.progress, (*effects, *turn.outputs))


def _is_last(command: Command) -> bool:
    """Tell whether nothing is kept or said after it: all is erased, files too, as the last message says."""
    return command.word is Word.ERASE and bool(command.rest)


def _without_files(
    at: Progress,
    command: Command,
    inbound: Inbound,
    setting: Setting,
    said: Callable[[Progress, Inbound, Setting], Turn],
) -> Turn:
    """Obey a word alone, and say that the file was not taken: once for an album."""
    turn = said(at, replace(inbound, media=()), setting)
    if _is_last(command):
        return turn
    turn = _with_note(turn, say(setting, wording.FILE_NOT_TAKEN))
    return replace(turn, progress=replace(turn.progress, refused=inbound.media[0].group))


def _with_note(turn: Turn, note: Reply) -> Turn:
    """Say a note with what a turn says, or else before what it does."""
    if any(isinstance(output, Reply) for output in turn.outputs):
        return introduced(turn, note)
    return replace(turn, outputs=(note, *turn.outputs))


def _of_another(
    at: Progress, inbound: Inbound, setting: Setting, said: Callable[[Progress, Inbound, Setting], Turn]
) -> Turn:
    """Keep LAPOR with words and files for the report that waits; what becomes of the draft is asked once."""
    turn = said(at, replace(inbound, media=()), setting)
    kept = files_sent(turn.progress, replace(inbound, text=""), setting)
    is_kept = kept.progress.waiting != at.waiting  # else it says that there is no room
    return Turn(kept.progress, (*turn.outputs[: -1 if is_kept else None], *kept.outputs))
