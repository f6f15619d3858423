"""What comes soon after we told of a report, and is no command: an answer, an addition, or something else.

Where two readings are possible one short question tells, and what was said is kept meanwhile.
"""

from dataclasses import replace
from datetime import timedelta

from handlers import codec, responses, wording
from handlers.awaiting import is_of_another
from handlers.conversation.choosing import typed_choice
from handlers.conversation.following import tells_new
from handlers.conversation.phrasebook import Smalltalk
from handlers.conversation.progress import Step
from handlers.conversation.talk import combine
from handlers.conversation.verdicts import read_stars
from handlers.conversation.words import read_command, read_smalltalk
from handlers.here import Here, Outcome
from handlers.messages import Inbound
from handlers.which import ask_which, keep_part
from storage.queries import cases, handling, open_questions, outbox
from storage.queries.cases import Standing
from storage.queries.open_questions import OpenQuestion
from storage.vocabulary import CaseState

#: newest reports looked at, and how many are offered besides the one we told of last
_NEWEST, _OTHERS = 10, 2
_OVER = frozenset({CaseState.SETTLED, CaseState.ARCHIVED, CaseState.DUPLICATE})
#: questions that any words may answer
_FREE = frozenset({Step.DESCRIPTION, Step.DETAIL, Step.NAME})


# --- an addition, or a new report? ---


def offer(here: Here, inbound: Inbound) -> Outcome | None:
    """Ask whether it is an addition to the report that we told of lately; None: it is surely no such thing."""
    if read_command(inbound.text, inbound.address.channel) is not None:
        return None
    if inbound.text and not inbound.media and read_smalltalk(inbound.text) is not None:
        return None
    if (album := _of_kept_album(here, inbound)) is not None:
        return album
    offered = _told_of(here)
    if not offered or _is_new(here, inbound.text, offered):
        return None
    return ask_which(here, inbound, offered, or_other=True)


def _of_kept_album(here: Here, inbound: Inbound) -> Outcome | None:
    """Keep another part of an album that is asked about already; None: it is none."""
    kept, album = here.at.kept, inbound.media[0].group if inbound.media else None
    if kept is None or not kept.or_other or album is None:
        return None
    last = codec.load_inbound(kept.messages[-1]).media
    is_next = album == here.at.refused or (last and last[0].group == album)
    return keep_part(here, inbound, kept) if is_next else None


def _told_of(here: Here) -> list[Standing]:
    """Return the report that we told of lately, and others that are at work; an archived one stands alone."""
    hours = here.service.deployment.handling.follow_up_hours
    told = outbox.find_newest_told(here.uow, here.contact.address_id, here.now)
    if told is None or here.now - told[1] >= timedelta(hours=hours):
        return []
    own = cases.list_standings_of(here.uow, here.contact, _NEWEST)
    first = [one for one in own if one.report_id == told[0]]
    if not first or first[0].state == CaseState.ARCHIVED:
        is_over = not first or responses.is_withdrawn(here, handling.read_case(here.uow, told[0]))
        return [] if is_over else first
    others = [one for one in own if one.report_id != told[0] and one.state not in _OVER]
    return first + others[:_OTHERS]


def _is_new(here: Here, text: str, offered: list[Standing]) -> bool:
    if not text:
        return False
    areas = {handling.read_case(here.uow, one.report_id).area_code for one in offered}
    return tells_new(text, {one.category_code for one in offered}, areas, here.service.knowledge)


# --- words after "is it solved?" ---


def praised(here: Here, inbound: Inbound) -> Outcome | None:
    """Take small talk or a number after "is it solved?": "mantap" says so, thanks and stars do not: asked again."""
    talk = read_smalltalk(inbound.text)
    verdict, stars = responses.verdict_of(here, inbound.text), read_stars(inbound.text)
    if talk is not Smalltalk.THANKS and stars is None:
        return None
    waiting = _open(here)
    asked = [one for one in waiting if one.state is CaseState.ANSWERED]
    if not asked or (stars and len(asked) < len(waiting)):  # stars may be of another one
        return None
    told = outbox.find_told_last(here.uow, here.contact.address_id, here.now)
    if told not in {one.report_id for one in asked}:  # "mantap" may be of what was told since
        return None
    if verdict is not None:
        return _said_to(here, inbound, asked)
    question = responses.ask_solved(here, handling.read_case(here.uow, told))
    thanked = question if stars else combine(here.voice.say(wording.THANKS), question)
    return Outcome(here.at, (replace(thanked, about=told),))


def is_verdict_on(here: Here, report_id: int, inbound: Inbound) -> bool:
    """Tell whether small talk answers "is it solved?": "mantap"."""
    is_asked = handling.read_case(here.uow, report_id).state is CaseState.ANSWERED
    return is_asked and responses.verdict_of(here, inbound.text) is not None


def _said_to(here: Here, inbound: Inbound, asked: list[OpenQuestion]) -> Outcome:
    if len(asked) > 1:
        return ask_which(here, inbound, asked)
    return responses.take(here, asked[0].report_id, inbound)


def _open(here: Here) -> list[OpenQuestion]:
    days = timedelta(days=here.service.deployment.handling.reopen_within_days)
    return open_questions.list_open(here.uow, here.contact, here.now - days)


# --- beside a draft ---


def beside_draft(here: Here, inbound: Inbound) -> Outcome | None:
    """Take what sounds like an answer to the news that came after the draft's last question; None: it is the draft's.

    Where the draft may mean it as well, the person is asked.
    """
    if inbound.media or inbound.location or not _sounds_so(here, inbound.text):
        return None
    told = outbox.find_told_last(here.uow, here.contact.address_id, here.now)
    about = next((one for one in _open(here) if one.report_id == told), None) if told else None
    if about is None or is_of_another(here, inbound.text, about) or not _answers(here, inbound.text, about):
        return None
    if not _fits_draft(here, inbound.text):
        return responses.take(here, about.report_id, inbound)
    return ask_which(here, inbound, [about], or_other=True)


def _sounds_so(here: Here, text: str) -> bool:
    return responses.verdict_of(here, text) is not None or read_stars(text) is not None


def _answers(here: Here, text: str, about: OpenQuestion) -> bool:
    """Tell whether a text answers what was asked of a report: is it solved, how many stars, is it there again."""
    verdict = responses.verdict_of(here, text)
    if about.state is CaseState.ANSWERED:
        return verdict is not None
    if about.state is not CaseState.SETTLED:
        return False
    is_back = verdict is not None and not verdict.is_solved
    return is_back or (read_stars(text) is not None and not about.is_rated)


def _fits_draft(here: Here, text: str) -> bool:
    """Tell whether the draft's open question may be meant: one of its choices, a bare yes or no, any words at all."""
    command = read_command(text, here.setting.channel)
    return (
        here.at.step in _FREE
        or typed_choice(here.at, text) is not None
        or (command is not None and command.word in responses.ANSWERING)
    )
