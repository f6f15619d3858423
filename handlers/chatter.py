"""A remark that tells no problem, from somebody whose report is open or just settled: how it stands."""

from dataclasses import replace
from datetime import timedelta

from handlers import actions
from handlers import feedback_wording as said
from handlers.conversation.phrasebook import ASKING, REMARKS, Word
from handlers.conversation.places import Found, has_landmark
from handlers.conversation.talk import combine
from handlers.conversation.words import read_command, words_of
from handlers.here import Here
from handlers.messages import Inbound, Reply
from storage.queries import cases, handling, open_questions
from storage.queries.cases import Standing
from storage.vocabulary import CaseState

_REMARKS, _ASKING = frozenset(REMARKS.split()), frozenset(ASKING.split())
#: a longer text may well tell of something new
FEW_WORDS = 6
#: digits of a mark that somebody may give: 0, 6, 10, 100
LONGEST_MARK = 3
#: newest reports looked at
NEWEST = 4


def asks(text: str) -> bool:
    """Tell whether a remark asks or presses, and adds nothing: "kok lama sekali", "tolong cepat"."""
    return "?" in text or not _ASKING.isdisjoint(words_of(text))


def answer(here: Here, inbound: Inbound) -> Reply | None:
    """Return how the person's report stands, and how to add to it or begin another; None: it may be a new problem."""
    if (again := _ask_stars(here, inbound)) is not None:
        return again
    if not (_tells_nothing(here, inbound) or _is_yes_again(inbound)):
        return None
    own = cases.list_standings_of(here.uow, here.contact, NEWEST)
    if not any(_is_fresh(here, one) for one in own):
        return None
    stands = actions.show_reports(here.uow, here.service, here.contact, here.now)
    offered = combine(stands, here.voice.say(said.ADD_OR_REPORT, number=here.shown(own[0].number)))
    return replace(offered, about=stands.about, page=stands.page)


def _ask_stars(here: Here, inbound: Inbound) -> Reply | None:
    """Ask for 1 to 5 where another number is given, and stars are waited for; None: it is about something else."""
    text = inbound.text.strip()
    if not (text.isascii() and text.isdecimal() and len(text) <= LONGEST_MARK):
        return None
    days = timedelta(days=here.service.deployment.handling.reopen_within_days)
    listed = open_questions.list_open(here.uow, here.contact, here.now - days)
    unrated = [one for one in listed if one.state is CaseState.SETTLED and not one.is_rated]
    if not unrated:
        return None
    number = here.shown(unrated[0].number)
    return replace(here.voice.say(said.ASK_STARS, number=number), about=unrated[0].report_id)


def _is_yes_again(inbound: Inbound) -> bool:
    """Tell whether a message is YA alone, which nothing waits for: sent twice, or late."""
    command = read_command(inbound.text, inbound.address.channel)
    return not inbound.media and command is not None and command.word is Word.YES


def _tells_nothing(here: Here, inbound: Inbound) -> bool:
    """Tell whether a text is short and names no topic, place or danger: "sudah terang", "kok lama bgt sih"."""
    text, knowledge = inbound.text, here.service.knowledge
    if inbound.media or inbound.location or not 0 < len(text.split()) <= FEW_WORDS:
        return False
    if read_command(text, inbound.address.channel) is not None or knowledge.is_number(text):
        return False
    if not _REMARKS & set(words_of(text)):
        return False
    reading = knowledge.classifier.read(text)
    if reading.is_emergency or reading.is_integrity or knowledge.classifier.topics(text):
        return False
    return knowledge.gazetteer.find(text).found is Found.NONE and not has_landmark(text)


def _is_fresh(here: Here, own: Standing) -> bool:
    """Tell whether a report is open, or was settled so lately that it may be opened again."""
    if own.state in (CaseState.ARCHIVED, CaseState.DUPLICATE):
        return False
    closed = handling.read_case(here.uow, own.report_id).closed_at
    days = here.service.deployment.handling.reopen_within_days
    return closed is None or here.now - closed <= timedelta(days=days)
