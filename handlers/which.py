"""Of several reports, or a new one, the person is asked which is meant; what was said is kept meanwhile."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Protocol

from handlers import codec, withdrawal, wording
from handlers import feedback_wording as said
from handlers.cases.numbers import find_number
from handlers.conversation.phrasebook import Word
from handlers.conversation.progress import Kept
from handlers.conversation.talk import combine
from handlers.conversation.words import phrase_table, read_command, read_phrase
from handlers.here import PATIENCE, Here, Outcome
from handlers.i18n import Phrase
from handlers.messages import Choice, Inbound, Reply
from handlers.responses import add_following, contest_with, take
from storage.queries import cases, handling, outbox
from storage.queries.cases import Standing
from storage.vocabulary import CaseState

#: the question which report is meant
WHICH = "case:which"
#: reports offered; of the newest only, as an SMS has no room for more
OFFERED = 4
#: messages kept until the person says which report they are about: more than an album has
MESSAGES_KEPT = 20
#: the value of the choice that it is none of them: a new report, or the open draft
OTHER = "other"
#: so long the choice is open after a reminder, which may come when nobody looks
REMINDED_PATIENCE = timedelta(hours=12)
#: by then it was reminded of: what was kept so long is not joined with what comes now
KEPT_AFTER = timedelta(days=1)
#: that choice in words, and the one that it is about the only report offered
_IN_WORDS = phrase_table(
    {
        OTHER: "baru,laporan baru,lapor baru,buat laporan baru,masalah baru,masalah lain,yang baru,sedang ditulis,"
        "new,a new one,new one,new lapor,a new lapor,the one i am writing",
        "filed": "tambahan,tambah,tambahkan,ya tambahan,ya tambah,ini tambahan,untuk tambahan,addition,an addition,"
        "banding,ya banding,ajukan banding,appeal,i appeal",
    }
)


class Offered(Protocol):
    @property
    def report_id(self) -> int: ...
    @property
    def number(self) -> str: ...
    @property
    def category_code(self) -> str: ...
    @property
    def state(self) -> str: ...


def ask_which(here: Here, inbound: Inbound, waiting: Sequence[Offered], *, or_other: bool = False) -> Outcome:
    """Keep a message, and ask which report it is about; `or_other`: perhaps none of them."""
    offered = waiting[:OFFERED]
    refused = _no_room(here, inbound)
    if refused is not None:
        here = replace(here, at=replace(here.at, refused=inbound.media[0].group if inbound.media else None))
    outcome = _asked(here, _with_message(here, inbound, offered, or_other=or_other), offered)
    if refused is None:
        return outcome
    return replace(outcome, replies=tuple(combine(refused, question) for question in outcome.replies))


def keep_part(here: Here, inbound: Inbound, kept: Kept) -> Outcome:
    """Keep another part of an album that is asked about; that there is no more room is said once."""
    at = replace(here.at, kept=_with_message(here, inbound, offered_by(here, kept), or_other=kept.or_other))
    refused = _no_room(here, inbound)
    if refused is None:
        return Outcome(at)
    album = inbound.media[0].group
    return Outcome(replace(at, refused=album), () if album == here.at.refused else (refused,))


def edit_kept(here: Here, inbound: Inbound) -> Outcome | None:
    """Put an edit in the place of what it edits; None: that is not kept here."""
    kept, ref = here.at.kept, inbound.message_ref
    messages = [codec.load_inbound(one) for one in kept.messages] if kept and ref and inbound.text else []
    if kept is None or all(one.message_ref != ref for one in messages):
        return None
    edited = (replace(one, text=inbound.text) if one.message_ref == ref else one for one in messages)
    return Outcome(replace(here.at, kept=replace(kept, messages=tuple(map(codec.dump_inbound, edited)))))


def _kept(here: Here) -> tuple[str, ...]:
    """Return what is kept still."""
    kept = here.at.kept
    return kept.messages if kept is not None and here.now < kept.until + KEPT_AFTER else ()


def _no_room(here: Here, inbound: Inbound) -> Reply | None:
    """Return why a message, or its files, cannot be kept with the others; None: they can."""
    kept, limit = _kept(here), here.service.deployment.intake.max_attachments
    files = sum(len(codec.load_inbound(one).media) for one in kept) if inbound.media else 0
    if files and files + len(inbound.media) > limit:
        return here.voice.say(wording.TOO_MANY_FILES, limit=limit)
    return here.voice.say(said.NO_MORE_KEPT) if len(kept) >= MESSAGES_KEPT else None


def _with_message(here: Here, inbound: Inbound, offered: Sequence[Offered], *, or_other: bool) -> Kept:
    """Return what is kept, with as much of one more message as there is room for."""
    messages = _kept(here)
    if _no_room(here, inbound) is not None:
        inbound = replace(inbound, media=())  # the words under them may be kept
    is_empty = not (inbound.text or inbound.media or inbound.location)
    if not is_empty and len(messages) < MESSAGES_KEPT:
        messages = (*messages, codec.dump_inbound(inbound))
    ids = tuple(one.report_id for one in offered)
    return Kept(messages, ids, here.now + PATIENCE, or_other, here.at.asked)


def ask_again(here: Here, inbound: Inbound) -> Outcome | None:
    """Ask once more which one is meant, if a number is none of those offered, or YA to "this or that?".

    None: it is about something else.
    """
    kept, text = here.at.kept, inbound.text.strip()
    if kept is None or here.now >= kept.until:
        return None
    command = read_command(text, inbound.address.channel)
    is_yes_or_no = command is not None and command.word in {Word.YES, Word.NO} and kept.or_other
    if not is_yes_or_no and not (text.isascii() and text.isdecimal() and len(text) == 1):
        return None
    return _asked(here, replace(kept, until=here.now + PATIENCE), offered_by(here, kept))


def remind(here: Here) -> Outcome | None:
    """Ask once more what is to become of what was kept; None: nothing was that may be a new report."""
    kept = here.at.kept
    offered = offered_by(here, kept) if kept is not None else []
    if kept is None or not kept.or_other or not offered:
        return None
    ids = tuple(one.report_id for one in offered)
    again = _asked(here, replace(kept, reports=ids, until=here.now + REMINDED_PATIENCE), offered)
    reminder = here.voice.say(said.STILL_KEPT)
    return replace(again, replies=tuple(combine(reminder, question) for question in again.replies))


def offered_by(here: Here, kept: Kept) -> list[Standing]:
    found = (cases.find_standing_by_id(here.uow, one, here.contact) for one in kept.reports)
    return [one for one in found if one is not None]


def _asked(here: Here, kept: Kept, offered: Sequence[Offered]) -> Outcome:
    choices = tuple(Choice(here.shown(one.number), str(one.report_id)) for one in offered)
    phrase, own, other = _question(here, offered) if kept.or_other else (said.ASK_WHICH, None, None)
    if own:
        choices = (replace(choices[0], label=here.voice.text(own)),)
    if other:
        choices = (*choices, Choice(here.voice.text(other), OTHER))
    fields = {"reports": "\n".join(_lines(here, offered)), "number": here.shown(offered[0].number)}
    asked = here.voice.reply(phrase, fields, choices=choices)
    return Outcome(replace(here.at, kept=kept), (replace(asked, question=WHICH),))


def _question(here: Here, offered: Sequence[Offered]) -> tuple[Phrase, str | None, str]:
    """Return what is asked, the label of the one report (None: its number), and that of what is none."""
    if here.at.step is not None:
        return said.SENT_OR_DRAFT, None, said.BEING_WRITTEN
    if offered[0].state == CaseState.ARCHIVED:
        return said.APPEAL_OR_NEW, said.APPEAL, said.NEW_REPORT
    if len(offered) > 1:
        return said.WHICH_OR_NEW, None, said.NEW_REPORT
    return said.ADD_OR_NEW, said.ADDITION, said.NEW_REPORT


def _lines(here: Here, offered: Sequence[Offered]) -> Iterator[str]:
    categories = here.service.deployment.category_by_code
    for one in offered:
        yield f"{here.shown(one.number)}: {categories[one.category_code].name[here.voice.language]}"


def read_other(here: Here, inbound: Inbound) -> str | None:
    """Return what a text chooses in words, where a new report or the open draft is offered too.

    While a draft is open also by its place in the list, if the draft has asked nothing since.
    """
    kept = here.at.kept
    if kept is None or not kept.or_other or here.now >= kept.until or inbound.media or inbound.reply_to:
        return None
    in_words = read_phrase(inbound.text, _IN_WORDS)
    if in_words == OTHER:
        return OTHER
    if in_words and len(kept.reports) == 1:
        return str(kept.reports[0])
    is_last = here.at.step is not None and kept.asked == here.at.asked
    return _at_place(here, kept, inbound.text.strip()) if is_last else None


def _at_place(here: Here, kept: Kept, text: str) -> str | None:
    """Return what a number chooses; None: it is not on the list, or the number may be about news that came since."""
    if kept.or_other and outbox.find_told_last(here.uow, here.contact.address_id, here.now) is not None:
        return None
    place, values = _place_in(text), (*map(str, kept.reports), *((OTHER,) if kept.or_other else ()))
    return values[place - 1] if place is not None and place <= len(values) else None


def read_choice(here: Here, inbound: Inbound) -> str | None:
    """Return what a message chooses: by its place in the list, a report also by its topic or number."""
    kept, text = here.at.kept, inbound.text.strip()
    if kept is None or not text:
        return None
    if _place_in(text) is not None:
        return _at_place(here, kept, text) if here.now < kept.until else None
    if (meant := _spoken_of(here, kept, text)) is not None:
        return str(meant)
    found = find_number(here.service.deployment.number, text)
    if found is None or not here.service.knowledge.is_number(text):
        return None
    standing = cases.find_standing(here.uow, found.number, here.contact)
    return str(standing.report_id) if standing and standing.report_id in kept.reports else None


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
    meant = [one.report_id for one in offered_by(here, kept) if one.category_code in topics]
    return meant[0] if len(meant) == 1 else None


_SPOKEN_OF = re.compile(r"(?:yang|yg|the)\s+(?P<topic>\w+(?:\s+\w+){0,2})\W*", re.IGNORECASE)


def give_kept(here: Here, chosen: str) -> Outcome:
    """Give a report, or the conversation, what was kept for it."""
    kept, here = here.at.kept, replace(here, at=replace(here.at, kept=None))
    messages = [codec.load_inbound(message) for message in kept.messages] if kept else []
    if chosen == OTHER:
        return Outcome(here.at, released=tuple(messages))
    replies: tuple[Reply, ...] = ()
    for message in messages:
        outcome = _given(here, int(chosen), message, or_other=kept is not None and kept.or_other)
        here, replies = replace(here, at=outcome.at), (*replies, *outcome.replies)
    return Outcome(here.at, replies)


def _given(here: Here, report_id: int, inbound: Inbound, *, or_other: bool) -> Outcome:
    """Give a report one message; what an archived one was offered for is BANDING."""
    command = read_command(inbound.text, inbound.address.channel)
    if command is not None and command.word is Word.WITHDRAW:
        return withdrawal.ask(here, inbound, report_id)
    if (following := add_following(here, inbound)) is not None:
        return following
    if or_other and handling.read_case(here.uow, report_id).state is CaseState.ARCHIVED:
        return contest_with(here, report_id, Word.APPEAL, inbound)
    return take(here, report_id, inbound)
