"""Of several reports the person is asked which one is meant; what was said is kept meanwhile."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from handlers import codec
from handlers import feedback_wording as said
from handlers.cases.numbers import find_number
from handlers.conversation.progress import Kept
from handlers.messages import Choice, Inbound, Reply
from handlers.responses import PATIENCE, Here, Outcome, take
from storage.queries import cases

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
    offered = waiting[:OFFERED]
    kept = here.at.kept.messages if here.at.kept else ()
    messages = (*kept, codec.dump_inbound(inbound))[-MESSAGES_KEPT:]
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
    if text.isascii() and text.isdecimal() and len(text) == 1:
        place = int(text)
        return kept.reports[place - 1] if here.now < kept.until and 0 < place <= len(kept.reports) else None
    found = find_number(here.service.deployment.number, text)
    if found is None or not here.service.knowledge.is_number(text):
        return None
    standing = cases.find_standing(here.uow, found.number, here.contact)
    return standing.report_id if standing and standing.report_id in kept.reports else None


def give_kept(here: Here, report_id: int) -> Outcome:
    """Give a report what was kept for it."""
    messages = here.at.kept.messages if here.at.kept else ()
    here = replace(here, at=replace(here.at, kept=None))
    replies: tuple[Reply, ...] = ()
    for message in messages:
        outcome = take(here, report_id, codec.load_inbound(message))
        here, replies = replace(here, at=outcome.at), (*replies, *outcome.replies)
    return Outcome(here.at, replies)
