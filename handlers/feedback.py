"""Which filed report a citizen's message belongs to, and what its buttons do.

It belongs to the report it replies to, else to the one it names, else to the one that waits for such a word; of several
the person is asked which. It is never guessed, and what was said is kept meanwhile. While a draft's question is open,
only what replies to a report or names it is taken for that report.
"""

from dataclasses import replace
from datetime import datetime

from handlers import chatter, follow_up, report_wording, responses, rights, which, withdrawal, wording
from handlers import feedback_wording as said
from handlers.awaiting import list_waiting
from handlers.brought import without_number, without_unfit
from handlers.cases.lifecycle import TransitionNotAllowed
from handlers.cases.numbers import find_number
from handlers.conversation import progress as saved
from handlers.conversation import repair, talk
from handlers.conversation.captions import command_under
from handlers.conversation.choosing import protection_said, wishes_protected_report
from handlers.conversation.flows.questions import HIDDEN
from handlers.conversation.phrasebook import Smalltalk, Word
from handlers.conversation.progress import Awaits, Progress
from handlers.conversation.verdicts import Verdict, read_stars
from handlers.conversation.words import Command, read_smalltalk
from handlers.here import Here, Outcome
from handlers.messages import Inbound, Press, Reply
from handlers.responses import ANSWERING, CONTESTING, ask_addition, status, take
from handlers.service import Service
from handlers.which import OFFERED, OTHER, WHICH, ask_again, ask_which, give_kept, read_choice, read_other
from storage.db import UnitOfWork
from storage.queries import cases, conversations, handling, outbox
from storage.queries.cases import Standing
from storage.queries.conversations import Contact
from storage.queries.handling import CaseRow
from storage.vocabulary import CaseState, EventKind

#: what buttons of filed reports belong to: "case:<report id>:<version>"
QUESTION = "case:"
#: reports looked through for one that can be opened again or contested
LOOKED_THROUGH = 50
_OVER = frozenset({CaseState.SETTLED, CaseState.ARCHIVED})
#: what asks whether it is solved, and what closes
_ASKING = {
    CaseState.ANSWERED: {EventKind.ANSWERED},
    CaseState.SETTLED: {EventKind.CONFIRMED, EventKind.LAPSED},
}


def receive(
    uow: UnitOfWork, service: Service, inbound: Inbound, contact: Contact, now: datetime
) -> Outcome | None:
    """Take what is about a filed report, and return what to say besides what its moves say; None: it is not."""
    at = saved.load(contact.progress) if contact.progress else Progress()
    here = Here(uow, service, contact, at, now)
    read = which.edit_kept if inbound.is_edit else _said
    outcome = _pressed(here, inbound.press) if inbound.press else without_unfit(here, inbound, read)
    if outcome is None:
        return None
    touched = now if saved.is_unfinished(outcome.at) else None
    conversations.save_progress(uow, contact, saved.dump(outcome.at), draft_touched_at=touched, now=now)
    return outcome


# --- buttons ---


def _pressed(here: Here, press: Press) -> Outcome | None:
    if not press.question.startswith(QUESTION):
        return None
    key = f"{press.question}:{press.value}"
    is_kept = press.question == WHICH and here.at.kept is not None  # else it was asked anew
    if key == here.at.last_press and not is_kept:
        return Outcome(here.at)  # pressed twice acts once
    here = replace(here, at=replace(here.at, last_press=key))
    if press.question == WHICH and press.value == OTHER and is_kept:
        return give_kept(here, OTHER)
    about = press.value if press.question == WHICH else press.question.split(":")[1]
    own = responses.own(here, int(about)) if about.isascii() and about.isdecimal() else None
    if own is None:
        return Outcome(here.at, (here.voice.say(wording.STALE),))
    if press.question == WHICH:
        is_open = here.at.kept is not None and own.report_id in here.at.kept.reports
        return give_kept(here, press.value) if is_open else Outcome(here.at, (_status_of(here, own),))
    case = handling.get_case(here.uow, own.report_id)
    return _acted(here, case, press) or Outcome(here.at, (status(here, case),))


def _acted(here: Here, case: CaseRow, press: Press) -> Outcome | None:
    """Do what a button says; None: it belongs to what is past."""
    if press.value == "add":
        return ask_addition(here, case)
    if press.value in {withdrawal.WITHDRAW, withdrawal.KEEP}:
        waits = withdrawal.awaited(here)
        if waits is None or waits.report_id != case.report_id:
            return None
        return withdrawal.decide(here, waits, is_sure=press.value == withdrawal.WITHDRAW)
    if press.value in {"agree", "refuse"}:
        return responses.press_offer(here, case, press.value)
    if not _is_current(here, case, press.question.rpartition(":")[2]):
        return None
    if case.state is CaseState.ANSWERED and press.value in {"yes", "no"}:
        try:
            responses.judge(here, case, Verdict(is_solved=press.value == "yes"))
        except TransitionNotAllowed:
            return None
        return Outcome(here.at)
    if case.state is CaseState.SETTLED and press.value == "reopen":
        return responses.contest(here, case, Word.REOPEN, "")
    stars = read_stars(press.value)
    if case.state is CaseState.SETTLED and stars is not None and responses.rate(here, case, stars):
        return Outcome(here.at)
    return None


def _is_current(here: Here, case: CaseRow, version: str) -> bool:
    """Tell whether a button's question is still the open one: no other answer or end has come since."""
    kinds = _ASKING.get(case.state)
    asked = cases.find_event(here.uow, case.report_id, kinds) if kinds else None
    since = asked.data.get("version") if asked else None
    return isinstance(since, int) and version.isdecimal() and int(version) >= since


def _status_of(here: Here, own: Standing) -> Reply:
    return status(here, handling.get_case(here.uow, own.report_id))


# --- words, files, points ---


def _said(here: Here, inbound: Inbound) -> Outcome | None:
    if not (inbound.text.strip() or inbound.media or inbound.location):
        return None
    if (chosen := read_other(here, inbound)) is not None:
        return give_kept(here, chosen)
    if here.at.step is None and protection_said(inbound.text) == HIDDEN:
        return None if wishes_protected_report(inbound.text) else _protect_unnamed(here, inbound)
    command = command_under(inbound, here.setting)
    if (decided := _withdrawal(here, inbound, command)) is not None:
        return decided
    if command is not None and command.word not in ANSWERING:
        return (
            _added(here, inbound, command)
            or _with_files(here, inbound, command)
            or _to_be_added(here, inbound, command)
            or _let_be(here, command)
        )
    if (following := responses.add_following(here, inbound)) is not None:
        return following
    target = _replied_to(here, inbound)
    if target is not None and (
        inbound.media or not _is_talk(inbound) or follow_up.is_verdict_on(here, target, inbound)
    ):
        return take(here, target, inbound)
    if command is not None and command.word in CONTESTING:
        return _contest(here, inbound, command)
    if (named := _named(here, inbound)) is not None:
        return take(here, named, inbound)
    return _unnamed(here, inbound) if here.at.step is None else follow_up.beside_draft(here, inbound)


def _withdraw(here: Here, inbound: Inbound, command: Command) -> Outcome:
    """Ask whether the report named, replied to, or the only one open is to be taken back; of several which."""
    if find_number(here.service.deployment.number, command.rest) is None:
        if (target := _replied_to(here, inbound)) is not None:
            return withdrawal.ask(here, inbound, target)
        own = cases.list_standings_of(here.uow, here.contact, LOOKED_THROUGH)
        is_open = [one for one in own if one.state not in _OVER]
        if len(is_open) == 1:
            return withdrawal.ask(here, inbound, is_open[0].report_id)
        if is_open and here.at.step is None:
            return ask_which(here, inbound, is_open)
    found = rights.own_report(here.uow, here.service, here.contact, command.rest, report_wording.ASK_WITHDRAW)
    if isinstance(found, Reply):
        return _without_files(here, inbound, found)
    return withdrawal.ask(here, inbound, found.report_id)


def _without_files(here: Here, inbound: Inbound, reply: Reply) -> Outcome:
    """Say something where there is no report that files could be kept with, and that they are not."""
    if not inbound.media:
        return Outcome(here.at, (reply,))
    at = replace(here.at, refused=inbound.media[0].group)
    return Outcome(at, (talk.combine(here.voice.say(wording.FILE_NOT_TAKEN), reply),))


def _withdrawal(here: Here, inbound: Inbound, command: Command | None) -> Outcome | None:
    """Take CABUT, and YA or TIDAK to whether a report is to be taken back; None: it is about something else."""
    target = _replied_to(here, inbound)
    if command is not None and command.word is Word.WITHDRAW:
        return _withdraw(here, inbound, command)
    waits = withdrawal.awaited(here)
    if waits is None or target not in (None, waits.report_id):
        return None
    word = command.word if command is not None else None
    is_no = word in (Word.NO, Word.NOT_YET, Word.CANCEL)
    is_sure = withdrawal.answer_of(here, inbound.text, is_yes=word is Word.YES, is_no=is_no)
    return None if is_sure is None else withdrawal.decide(here, waits, is_sure=is_sure)


def _protect_unnamed(here: Here, inbound: Inbound) -> Outcome | None:
    """RAHASIA alone, after filing: the report replied to, or the one there is; of several they are asked which."""
    if (target := _replied_to(here, inbound)) is not None:
        return take(here, target, inbound)
    own = cases.list_standings_of(here.uow, here.contact, OFFERED)
    if len(own) > 1:
        return ask_which(here, inbound, own)
    return take(here, own[0].report_id, inbound) if own else None


def _added(here: Here, inbound: Inbound, command: Command) -> Outcome | None:
    """Take TAMBAH with words for the report named, replied to, or the only one; None: no report's, or a draft's."""
    if command.word is not Word.ADD or not command.rest or inbound.media:
        return None
    number = find_number(here.service.deployment.number, command.rest)
    if number is not None and number.is_valid:
        named = _own_named(here, command.rest)
        text = without_number(here, number.number, command.rest).strip(" .,:;-")
        if named is None or not text:
            return None
        outcome = responses.add(here, named.report_id, replace(inbound, text=text))
        again = talk.between(outcome.at, here.setting)
        replies = (one for one in again.outputs if isinstance(one, Reply))
        return Outcome(again.progress, (*outcome.replies, *replies))
    target = _replied_to(here, inbound)
    if target is None and here.at.step is None:
        own = cases.list_standings_of(here.uow, here.contact, OFFERED)
        target = own[0].report_id if len(own) == 1 else None
    return responses.add(here, target, replace(inbound, text=command.rest)) if target else None


def _to_be_added(here: Here, inbound: Inbound, command: Command) -> Outcome | None:
    """Take TAMBAH without words: the next ones are added, to the report named, at work, or asked for."""
    if command.word is not Word.ADD or inbound.media or here.at.step is not None:
        return None
    if command.rest:
        is_bare = here.service.knowledge.is_number(command.rest)
        named = _own_named(here, command.rest) if is_bare else None
        return ask_addition(here, handling.get_case(here.uow, named.report_id)) if named else None
    own = cases.list_standings_of(here.uow, here.contact, LOOKED_THROUGH)
    meant = [one for one in own if one.state not in _OVER] or own
    if len(meant) > 1:
        return ask_which(here, inbound, meant)
    return take(here, meant[0].report_id, inbound) if meant else None


def _with_files(here: Here, inbound: Inbound, command: Command) -> Outcome | None:
    """Take files under TAMBAH, or a report's STATUS or the only one's; None: they are the draft's, or no report's."""
    if not inbound.media or command.word not in {Word.ADD, Word.STATUS, Word.MINE, Word.PROTECT}:
        return None
    found = find_number(here.service.deployment.number, command.rest)
    if found is not None and found.is_valid:
        named = _own_named(here, command.rest)
        if named is not None and command.word is Word.PROTECT:
            return take(here, named.report_id, inbound)
        return _filed_with(here, inbound, command, named) if named else None
    if here.at.step is not None or command.word is Word.PROTECT:
        return None
    own = cases.list_standings_of(here.uow, here.contact, OFFERED)
    if command.word is not Word.ADD:
        return _filed_with(here, inbound, replace(command, rest=""), own[0]) if len(own) == 1 else None
    if len(own) > 1:
        return ask_which(here, replace(inbound, text=command.rest), own)
    return _filed_with(here, inbound, command, own[0]) if own else None


def _filed_with(here: Here, inbound: Inbound, command: Command, own: Standing) -> Outcome:
    """Add files to a report, with the words of TAMBAH; STATUS is answered as well."""
    text = without_number(here, own.number, command.rest)
    outcome = responses.add(here, own.report_id, replace(inbound, text=text))
    if command.word is Word.ADD:
        return outcome
    return replace(outcome, replies=(*outcome.replies, _status_of(here, own)))


def _let_be(here: Here, command: Command) -> Outcome | None:
    """BATAL ends what is waited for; any other word that is no answer is the conversation's."""
    is_waiting = _is_awaited(here) or (here.at.kept is not None and here.now < here.at.kept.until)
    if command.word is not Word.CANCEL or here.at.step is not None or not is_waiting:
        return None
    return Outcome(replace(here.at, awaited=None, kept=None), (here.voice.say(said.NOTHING_AWAITED),))


def _is_awaited(here: Here) -> bool:
    awaited = here.at.awaited
    if awaited is None or awaited.what is Awaits.WITHDRAWAL:
        return False
    if awaited.album is not None and awaited.what is Awaits.ADDITION:  # only its other parts are
        return False
    return here.now < awaited.until


def _replied_to(here: Here, inbound: Inbound) -> int | None:
    """Return the report that the message replied to told of, if it is theirs."""
    if inbound.reply_to is None:
        return None
    report_id = outbox.find_report_told_of(here.uow, here.contact.address_id, inbound.reply_to)
    return report_id if report_id and responses.own(here, report_id) else None


def _is_talk(inbound: Inbound) -> bool:
    """Tell whether a text tells nothing; a number alone may well be an answer."""
    talk = read_smalltalk(inbound.text)
    is_number = talk is Smalltalk.PROBE and any(character.isdigit() for character in inbound.text)
    return talk is not None and not is_number


def _own_named(here: Here, text: str) -> Standing | None:
    """Return the report of theirs whose number a text holds."""
    found = find_number(here.service.deployment.number, text)
    if found is None or not found.is_valid:
        return None
    standing = cases.find_standing(here.uow, found.number, here.contact)
    return standing if standing and standing.is_own else None


def _named(here: Here, inbound: Inbound) -> int | None:
    """Return the report that a message names and says something to."""
    found = find_number(here.service.deployment.number, inbound.text)
    if found is None or not found.is_valid:
        return None
    rest = replace(inbound, text=without_number(here, found.number, inbound.text))
    if not rest.text:  # how does it stand?
        return None
    waiting = (one.report_id for one in list_waiting(here, rest) if one.number == found.number)
    is_told = here.at.step is None and not rest.text.endswith("?") and not _is_talk(rest)
    own = _own_named(here, inbound.text) if is_told else None
    return next(waiting, own.report_id if own else None)


def _unnamed(here: Here, inbound: Inbound) -> Outcome | None:
    """Take what names no report, while no draft is open."""
    if (chosen := read_choice(here, inbound)) is not None:
        return give_kept(here, chosen)
    if not (inbound.media or _is_awaited(here)) and (praised := follow_up.praised(here, inbound)):
        return praised
    if not inbound.media and (_is_talk(inbound) or here.service.knowledge.is_number(inbound.text)):
        return None
    if inbound.text and repair.answer_question(inbound.text, here.setting):
        return None
    if _is_awaited(here):
        return _given(here, inbound)
    waiting = list_waiting(here, inbound)
    if len(waiting) > 1:
        return ask_which(here, inbound, waiting)
    if waiting:
        return take(here, waiting[0].report_id, inbound)
    if (asked := ask_again(here, inbound)) is not None:
        return asked
    offered = follow_up.offer(here, inbound)
    if offered is not None and not chatter.asks(inbound.text):
        return offered
    remark = chatter.answer(here, inbound)
    return Outcome(here.at, (remark,)) if remark else offered


def _given(here: Here, inbound: Inbound) -> Outcome | None:
    """Take what was waited for."""
    awaited = here.at.awaited
    if awaited is None or responses.own(here, awaited.report_id) is None:
        return None
    here = replace(here, at=replace(here.at, awaited=None))
    if awaited.what is Awaits.ADDITION:
        return responses.add(here, awaited.report_id, inbound)
    if awaited.what is Awaits.REASON:
        return withdrawal.because(here, awaited.report_id, inbound)
    word = Word.REOPEN if awaited.what is Awaits.REOPENING else Word.APPEAL
    return responses.contest_with(here, awaited.report_id, word, inbound)


def _contest(here: Here, inbound: Inbound, command: Command) -> Outcome:
    """Find the report that is to be opened again, or whose archiving is contested."""
    form = here.service.deployment.number
    found = find_number(form, command.rest)
    if found is not None and not found.is_valid:
        number = command.rest[found.start : found.end]
        return _without_files(here, inbound, here.voice.say(report_wording.MISTYPED_NUMBER, number=number))
    if found is not None:
        standing = cases.find_standing(here.uow, found.number, here.contact)
        if standing is None or not standing.is_own:
            number = here.shown(found.number)
            return _without_files(here, inbound, here.voice.say(report_wording.NOT_OWN, number=number))
        case = handling.get_case(here.uow, standing.report_id)
        return responses.contest_by(here, case, inbound, command)
    return _contest_unnamed(here, inbound, command)


def _contest_unnamed(here: Here, inbound: Inbound, command: Command) -> Outcome:
    is_reopening = command.word is Word.REOPEN
    states = {CaseState.SETTLED, CaseState.ANSWERED} if is_reopening else {CaseState.ARCHIVED}
    own = cases.list_standings_of(here.uow, here.contact, LOOKED_THROUGH)
    meant = [one for one in own if one.state in states] or (own if inbound.media or command.rest else [])
    if len(meant) == 1:
        return take(here, meant[0].report_id, inbound)
    if meant and here.at.step is None:
        return ask_which(here, inbound, meant)
    example = here.shown(meant[0].number if meant else report_wording.EXAMPLE_NUMBER)
    phrase = said.ASK_REOPEN if is_reopening else said.ASK_APPEAL
    return _without_files(here, inbound, here.voice.say(phrase, example=example))
