"""Which of an officer's messages is a command. Pure."""

import re
from dataclasses import dataclass
from datetime import date

from handlers.conversation.phrasebook import Word
from handlers.conversation.words import read_command
from handlers.deployment import Deployment
from handlers.officers.arguments import read_arguments, read_one
from handlers.officers.commands import CANCEL, HELP, SHARED, Arg, Command, find_command
from storage.vocabulary import Channel, Role

_SLASH = re.compile(r"/(?P<word>[A-Za-z_]+)(?:@\w+)?(?![^\s:.,])[\s:.,]*(?P<rest>.*)", re.DOTALL)
_PLAIN = re.compile(r"(?P<word>[A-Za-z]+)(?![^\s:.,])[\s:.,]*(?P<rest>.*)", re.DOTALL)
#: where there is no menu of commands, their words do without a slash
_WORDY = frozenset({Channel.SMS, Channel.CONSOLE})
#: with a slash that is how work is reported; without one it is how a sentence begins
_SETTLED = frozenset({"selesai", "done"})
#: with a number as well they are words of the report's own reporter
_CITIZENS = frozenset({"banding", "buka"})
#: citizens' words that a sentence may begin with
_TELLING = frozenset({Word.REPORT, Word.ADD, Word.BEHALF})
#: words that say how things stand as well: "sudah beres"
_ANSWERING = frozenset({Word.YES, Word.NOT_YET, Word.NO})
#: what any words fit
_SAID = frozenset({Arg.TEXT, Arg.REST})


@dataclass(frozen=True, slots=True)
class Order:
    #: None: help, or the end of what one is in the middle of
    command: Command | None
    rest: str = ""
    is_cancel: bool = False


def read_order(
    text: str, role: Role, channel: str, deployment: Deployment, *, is_busy: bool, has_draft: bool
) -> Order | None:
    """Return the command that a message is, if it is an officer's.

    `is_busy`: in the middle of something here: "batal" ends it, and a word alone is a command. `has_draft`: of a
    report of their own: then words without a slash are the citizen's, unless they name a report.
    """
    text = text.strip()
    if match := _SLASH.fullmatch(text):
        word = match["word"].lower()
        is_answer = word in _SETTLED and not has_draft
        return _of("jawab" if is_answer else word, match["rest"], role, is_busy=is_busy)
    match = _PLAIN.fullmatch(text)
    if match is None:
        return None
    word, rest = match["word"].lower(), match["rest"]
    command = find_command(word, role)
    if command is not None and command.is_about_case and read_one(rest, Arg.NUMBER, deployment, date.min):
        return None if word in _CITIZENS else Order(command, rest)
    if is_busy:  # whatever stands alone was meant: it must not become what a citizen reads
        return _of(word, "", role, is_busy=True) if not rest else None
    if channel not in _WORDY or has_draft:
        return None
    if word in HELP and not rest:
        return Order(None)
    if command is None or word in SHARED:
        return None
    is_sentence = command.is_about_case and rest and not _stands_out(match["word"], rest)
    return None if is_sentence else Order(command, rest)


def _stands_out(word: str, rest: str) -> bool:
    """Tell whether only the word stands in capitals, as commands do: "JAWAB lubang sudah ditambal"."""
    return word.isupper() and not rest.isupper()


def _of(word: str, rest: str, role: Role, *, is_busy: bool) -> Order | None:
    if word in CANCEL:
        return Order(None, is_cancel=True) if is_busy else None
    if word in HELP:
        return Order(None, rest)
    command = find_command(word, role)
    return Order(command, rest) if command else None


def word_instead(text: str, role: Role, channel: Channel, deployment: Deployment, today: date) -> str | None:
    """Return what makes a text a command where words for a citizen are awaited; None: it may be such words.

    A sentence may begin with an officer's word: "Petugas sudah ke lokasi", "Proses lelang". With one word behind it
    that the command takes ("teruskan PUPR"), or where only it stands in capitals, it is none.
    """
    text = text.strip()
    match = _PLAIN.fullmatch(text)
    command = find_command(match["word"].lower(), role) if match is not None else None
    if match is not None and command is not None:
        word, rest = match["word"], match["rest"]
        if not rest or _fits(rest, command, deployment, today) or _stands_out(word, rest):
            return word
    return _citizens_word(text, channel)


def _fits(rest: str, command: Command, deployment: Deployment, today: date) -> bool:
    """Tell whether one word is what a command takes, rather than how a sentence goes on."""
    if " " in rest:
        return False
    given = read_arguments(rest, command, deployment, today)
    return not _SAID.issuperset(given) or any(character.isdecimal() for character in rest)


def _citizens_word(text: str, channel: Channel) -> str | None:
    command = read_command(text, channel)
    if command is None or (command.rest and command.word in _TELLING):
        return None
    return None if command.word in _ANSWERING and " " in text else text
