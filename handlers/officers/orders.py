"""Which of an officer's messages is a command. Pure."""

import re
from dataclasses import dataclass
from datetime import date

from handlers.deployment import Deployment
from handlers.officers.arguments import read_one
from handlers.officers.commands import CANCEL, HELP, SHARED, Arg, Command, find_command
from storage.vocabulary import Channel, Role

_SLASH = re.compile(r"/(?P<word>[A-Za-z_]+)(?:@\w+)?(?![^\s:.,])[\s:.,]*(?P<rest>.*)", re.DOTALL)
_PLAIN = re.compile(r"(?P<word>[A-Za-z]+)(?![^\s:.,])[\s:.,]*(?P<rest>.*)", re.DOTALL)
#: where there is no menu of commands, their words do without a slash
_WORDY = frozenset({Channel.SMS, Channel.CONSOLE})

#: with a number as well they are words of the report's own reporter
_CITIZENS = frozenset({"banding", "buka"})


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

    `is_busy`: in the middle of something here, which "batal" ends. `has_draft`: of a report of their own: then
    words without a slash are the citizen's, unless they name a report.
    """
    text = text.strip()
    if match := _SLASH.fullmatch(text):
        return _of(match["word"].lower(), match["rest"], role, is_busy=is_busy)
    match = _PLAIN.fullmatch(text)
    if match is None:
        return None
    word, rest = match["word"].lower(), match["rest"]
    if is_busy and word in CANCEL and not rest:
        return Order(None, is_cancel=True)
    command = find_command(word, role)
    if command is not None and command.is_about_case and read_one(rest, Arg.NUMBER, deployment, date.min):
        return None if word in _CITIZENS else Order(command, rest)
    if channel not in _WORDY or has_draft or is_busy:
        return None
    if word in HELP and not rest:
        return Order(None)
    if command is None or word in SHARED or (command.is_about_case and rest):
        return None
    return Order(command, rest)


def _of(word: str, rest: str, role: Role, *, is_busy: bool) -> Order | None:
    if word in CANCEL:
        return Order(None, is_cancel=True) if is_busy else None
    if word in HELP:
        return Order(None)
    command = find_command(word, role)
    return Order(command, rest) if command else None
