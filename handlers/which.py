"""Of several reports the person is asked which one is meant; what was said is kept meanwhile."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from handlers import codec, withdrawal
from handlers import feedback_wording as said
from handlers.cases.numbers import find_number
from handlers.conversation.phrasebook import Word
from handlers.conversation.progress import Kept
from handlers.conversation.words import read_command
from handlers.here import PATIENCE, Here, Outcome
from handlers.messages import Choice, Inbound, Reply
from handlers.responses import take
from storage.queries import cases
from storage.queries.cases import Standing

#: the question which report is meant
WHICH = "case:which"
#: reports offered; of the newest only, as an SMS has no room for more
OFFERED = 4
#: messages kept until the person says which report they are about
MESSAGES_KEPT = 5


class Offered(Protocol):
    @property
    def report_id(self) -> int: ...
    @property
    def number(self) -> str: ...
    @property
    def category_code(self) -> str: ...


def ask_which(here: Here, inbound: Inbound, waiting: Sequence[Offered]) -> Outcome:
    """Keep a message, and ask which report it is about."""
    kept = here.at.kept.messages if here.at.kept else ()
    return _asked(here, (*kept, codec.dump_inbound(inbound))[-MESSAGES_KEPT:], waiting)


def ask_again(here: Here, inbound: Inbound) -> Outcome | None:
    """Ask once more which one is meant, if a number is none of those offered; None: it is about something else."""
    kept, text = here.at.kept, inbound.text.strip()
    if kept is None or here.now >= kept.until or not (text.isascii() and text.isdecimal() and len(text) == 1):
        return None
    return _asked(here, kept.messages, _offered(here, kept))


def _offered(here: Here, kept: Kept) -> list[Standing]:
    found = (cases.find_standing_by_id(here.uow, one, here.contact) for one in kept.reports)
    return [one for one in found if one is not None]


def _asked(here: Here, messages: tuple[str, ...], waiting: Sequence[Offered]) -> Outcome:
    offered = waiting[:OFFERED]
    ids = tuple(one.report_id for one in offered)
    at = replace(here.at, kept=Kept(messages, ids, here.now + PATIENCE))
    lines = list(_lines(here, offered))
    choices = tuple(Choice(here.shown(one.number), str(one.report_id)) for one in offered)
    asked = here.voice.reply(said.ASK_WHICH, {"reports": "\n".join(lines)}, choices=choices)
    return Outcome(at, (replace(asked, question=WHICH),))


def _lines(here: Here, offered: Sequence[Offered]) -> Iterator[str]:
    categories = here.service.deployment.category_by_code
    for one in offered:
        yield f"{here.shown(one.number)}: {categories[one.category_code].name[here.voice.language]}"


def read_choice(here: Here, inbound: Inbound) -> int | None:
    """Return the report that a message chooses: by its place in the list, or its number."""
    kept, text = here.at.kept, inbound.text.strip()
    if kept is None or not text:
        return None
    if (place := _place_in(text)) is not None:
        return kept.reports[place - 1] if here.now < kept.until and 0 < place <= len(kept.reports) else None
    if (meant := _spoken_of(here, kept, text)) is not None:
        return meant
    found = find_number(here.service.deployment.number, text)
    if found is None or not here.service.knowledge.is_number(text):
        return None
    standing = cases.find_standing(here.uow, found.number, here.contact)
    return standing.report_id if standing and standing.report_id in kept.reports else None


#: what people write before a number on a list
_PLACE = re.compile(r"(?:(?:yang|yg|pilih|nomor|no|number)\b[\s.]*)*(?P<place>[1-9])[\s.)]*", re.IGNORECASE)


def _place_in(text: str) -> int | None:
    """Return the place in the list that a text names: "2", "no 2", "yg 2."."""
    match = _PLACE.fullmatch(text)
    return int(match["place"]) if match else None


def _spoken_of(here: Here, kept: Kept, text: str) -> int | None:
    """Return the one report offered that "yang jalan" is about; None: it is about none, or several."""
    match = _SPOKEN_OF.fullmatch(text)
    if match is None or here.now >= kept.until:
        return None
    topics = here.service.knowledge.classifier.topics(match["topic"])
    meant = [one.report_id for one in _offered(here, kept) if one.category_code in topics]
    return meant[0] if len(meant) == 1 else None


_SPOKEN_OF = re.compile(r"(?:yang|yg|the)\s+(?P<topic>\w+(?:\s+\w+){0,2})\W*", re.IGNORECASE)


def give_kept(here: Here, report_id: int) -> Outcome:
    """Give a report what was kept for it."""
    messages = here.at.kept.messages if here.at.kept else ()
    here = replace(here, at=replace(here.at, kept=None))
    replies: tuple[Reply, ...] = ()
    for message in messages:
        outcome = _given(here, report_id, codec.load_inbound(message))
        here, replies = replace(here, at=outcome.at), (*replies, *outcome.replies)
    return Outcome(here.at, replies)


def _given(here: Here, report_id: int, inbound: Inbound) -> Outcome:
    command = read_command(inbound.text, inbound.address.channel)
    if command is not None and command.word is Word.WITHDRAW:
        return withdrawal.ask(here, inbound, report_id)
    return take(here, report_id, inbound)
