"""CABUT: somebody takes a report of their own back, once asked whether they are sure. The caller commits."""

import re
from dataclasses import replace

from handlers import apart, moves, report_wording, rights, wording
from handlers import feedback_wording as said
from handlers.brought import kept_apart, with_files
from handlers.cases.lifecycle import By, Move, TransitionNotAllowed, find_rule
from handlers.conversation.flows.questions import choices
from handlers.conversation.phrasebook import Word
from handlers.conversation.progress import Awaited, Awaits
from handlers.conversation.words import read_command
from handlers.here import PATIENCE, Here, Outcome
from handlers.messages import Inbound, Reply
from handlers.responses import status
from storage.queries import handling
from storage.queries.handling import CaseRow
from storage.vocabulary import Channel

#: a reason that would be YES by itself: "CABUT sudah beres"
_SETTLED = re.compile(
    r"\W*(?:cabut|tarik|mencabut)\b[^\d]*?\b(?P<reason>(?:sudah|sdh|udah|udh|dah|beres|selesai)\b.*)",
    re.IGNORECASE | re.DOTALL,
)
#: values of the question's buttons
WITHDRAW, KEEP = "withdraw", "keep"


def ask(here: Here, inbound: Inbound, report_id: int) -> Outcome:
    """Ask whether a report that is not settled yet is to be archived, or say why it cannot be."""
    command = read_command(inbound.text, inbound.address.channel)
    reason = rights.reason_in(here.service, command.rest) if command else ""
    if not reason and (settled := _SETTLED.match(inbound.text)):
        reason = settled["reason"].strip()
    case = handling.get_case(here.uow, report_id)
    return _for_reason(here, case, inbound, reason)


def because(here: Here, report_id: int, inbound: Inbound) -> Outcome:
    """Take the reason that was asked for; TIDAK leaves all as it is."""
    case, answer = handling.get_case(here.uow, report_id), read_command(inbound.text, inbound.address.channel)
    if answer is not None and answer.word is Word.NO:
        return Outcome(here.at, (here.say(case, said.NOTHING_AWAITED),))
    return _for_reason(here, case, inbound, rights.reason_in(here.service, inbound.text))


def _for_reason(here: Here, case: CaseRow, inbound: Inbound, reason: str) -> Outcome:
    """Ask whether they are sure; a reason that accuses is kept apart, though no officer is shown one."""
    if apart.accuses(here.uow, here.service, case, reason):  # whoever examines that is to know
        told = replace(inbound, text=reason)
        return kept_apart(here, case, told, lambda here: _asked(here, case, reason))
    return with_files(here, case, inbound, lambda here: _asked(here, case, reason))


def _asked(here: Here, case: CaseRow, reason: str) -> Outcome:
    if (hindered := _hindered(here, case, reason)) is not None:
        at = here.at
        if not reason and at.step is None:
            at = replace(at, awaited=Awaited(case.report_id, Awaits.REASON, here.now + PATIENCE))
        return Outcome(at, (hindered,))
    awaited = Awaited(
        case.report_id, Awaits.WITHDRAWAL, here.now + PATIENCE, reason=reason, asked=here.at.asked
    )
    offered = choices(here.voice, [(wording.YES, WITHDRAW), (wording.NO, KEEP)])
    question = f"case:{case.report_id}:{case.version}"
    asked = replace(here.say(case, said.ASK_SURE_WITHDRAW), choices=offered, question=question)
    return Outcome(replace(here.at, awaited=awaited), (asked,))


def _hindered(here: Here, case: CaseRow, reason: str) -> Reply | None:
    limit = here.service.deployment.intake.max_chars
    if find_rule(Move.WITHDRAW, case.state, By.REPORTER) is None:
        state = here.voice.text(report_wording.STATE_WORDS[case.state])
        return here.say(case, report_wording.NOT_WITHDRAWN, state=state)
    if not reason:
        # While a draft is open, the next words belong to it.
        return here.say(case, report_wording.ASK_REASON if here.at.step else said.ASK_WHY_WITHDRAW)
    if len(reason) > limit:
        return here.say(case, wording.TOO_LONG, length=len(reason), limit=limit)
    return None


def awaited(here: Here) -> Awaited | None:
    """Return the withdrawal that YA or TIDAK is about; None: nothing is, or a draft's question came since."""
    waits = here.at.awaited
    is_open = waits is not None and waits.what is Awaits.WITHDRAWAL and here.now < waits.until
    return waits if is_open and waits is not None and waits.asked == here.at.asked else None


def answer_of(here: Here, text: str, *, is_yes: bool, is_no: bool) -> bool | None:
    """Return what is said to it; at the keyboard of the server the choices bear numbers."""
    is_console = here.contact.channel == Channel.CONSOLE
    if is_yes or (is_console and text.strip() == "1"):
        return True
    return False if is_no or (is_console and text.strip() == "2") else None


def decide(here: Here, waits: Awaited, *, is_sure: bool) -> Outcome:
    """YA archives it; TIDAK leaves all as it is."""
    at = replace(here.at, awaited=None)
    case = handling.get_case(here.uow, waits.report_id)
    if not is_sure:
        return Outcome(at, (here.say(case, said.NOTHING_AWAITED),))
    try:
        moves.withdraw(here.uow, here.service, case, waits.reason, here.now)
    except TransitionNotAllowed:  # settled or passed on meanwhile
        return Outcome(at, (status(here, case),))
    return Outcome(at, (here.say(case, report_wording.WITHDRAWN),))
