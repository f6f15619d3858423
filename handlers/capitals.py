"""CABUT, BUKA or BANDING in capitals before a sentence: a command, or the first word of a complaint."""

from dataclasses import replace

from handlers.conversation.phrasebook import Word
from handlers.conversation.places import Found
from handlers.conversation.words import Command, read_command
from handlers.messages import Inbound
from handlers.service import Service
from storage.db import UnitOfWork
from storage.queries import cases, handling
from storage.queries.conversations import Contact
from storage.vocabulary import CaseState

#: the states in which a report is what such a word may be about
_FITTING = {
    Word.WITHDRAW: frozenset(CaseState) - {CaseState.SETTLED, CaseState.ARCHIVED},
    Word.REOPEN: frozenset({CaseState.SETTLED, CaseState.ANSWERED}),
    Word.APPEAL: frozenset({CaseState.ARCHIVED}),
}
#: newest reports of theirs that the words may be about
_NEWEST = 50


def as_told(uow: UnitOfWork, service: Service, contact: Contact, inbound: Inbound) -> Inbound:
    """Return a message that no reader takes for a command where it tells of no report of theirs that it fits."""
    head, _, rest = inbound.text.strip().partition(" ")
    if inbound.reply_to or not rest or not head.isupper():
        return inbound
    channel, lowered = inbound.address.channel, f"{head.capitalize()} {rest}"
    command = read_command(inbound.text, channel)
    if command is None or command.word not in _FITTING or read_command(lowered, channel) is not None:
        return inbound
    return replace(inbound, text=lowered) if _is_new(uow, service, contact, command) else inbound


def _is_new(uow: UnitOfWork, service: Service, contact: Contact, command: Command) -> bool:
    """Tell whether the words have a topic or a place, and one that no fitting report of theirs has."""
    text = command.rest
    reading, place = service.knowledge.classifier.read(text), service.knowledge.gazetteer.find(text)
    is_placed = place.found in (Found.VILLAGE, Found.DISTRICT)
    if not (reading.is_sure or is_placed):
        return False
    standings = cases.list_standings_of(uow, contact, _NEWEST)
    own = [one for one in standings if one.state in _FITTING[command.word]]
    if reading.is_sure and reading.category not in {one.category_code for one in own}:
        return True
    areas = {handling.read_case(uow, one.report_id).area_code for one in own} if is_placed else set()
    return is_placed and place.codes[0] not in areas
