"""The officers' desk: from what an officer writes, presses or sends to what comes of it.

One thing at a time: a command that lacks something asks for it (`going_on.py`), what reaches a citizen is shown first
(`deeds.py`). Who writes counts, not the chat: in a group the sender is the officer (`groups.py`), and what the others
there may not see is answered in private.
"""

from dataclasses import replace
from datetime import datetime

from handlers.conversation import progress as saved
from handlers.conversation.phrasebook import Smalltalk, Word
from handlers.conversation.progress import Progress
from handlers.conversation.words import read_command, read_smalltalk
from handlers.messages import Inbound, Press
from handlers.officers import at_large, cards, deeds, dialogue, evidence, meanwhile, wording
from handlers.officers.access import has_in_post, may, may_see
from handlers.officers.advice_wording import GREETING, NO_SUCH_DAY, NOTHING_TO_END, NOTHING_TO_SEND
from handlers.officers.arguments import read_arguments, read_solution
from handlers.officers.commands import BY_NAME, Arg
from handlers.officers.days import find_impossible
from handlers.officers.dialogue import ANSWERS, below
from handlers.officers.going_on import case_of, choose, proceed, remind_of, take
from handlers.officers.numbers import with_our_number
from handlers.officers.orders import Order, read_order, word_instead
from handlers.officers.seat import Seat
from handlers.officers.task import OFFER, OWN_REPORT, Task
from handlers.service import Service
from storage.db import UnitOfWork
from storage.queries import cases, handling, outbox
from storage.queries.conversations import Contact
from storage.queries.handling import CaseRow
from storage.queries.officers import OfficerRow

QUESTION = "desk:"
#: what citizens read as it is written; without a question it takes the place of what was shown
_READ = frozenset({Arg.TEXT, Arg.FINDING, Arg.ACTION, None})
#: what a command takes where a day that is none must not become another one
_DATED = frozenset({Arg.FROM, Arg.WHEN})
#: what a command that is none leads to
HELP = Order(None)


def receive_officer(
    uow: UnitOfWork,
    service: Service,
    inbound: Inbound,
    contact: Contact,
    officer: OfficerRow,
    *,
    now: datetime,
) -> bool:
    """Handle what an officer sent from their own chat; False: it is the citizens' conversation's."""
    seat = Seat(uow, service, officer, inbound, now, contact.address_id, contact.channel)
    if not officer.is_suspended:
        task = seat.task()
        is_telling = task is not None and task.command == OWN_REPORT
        return work(seat, contact) or (not is_telling and _lead_back(seat, contact))
    is_desks = inbound.press is not None and inbound.press.question.startswith(QUESTION)
    if is_desks or _is_unknown(inbound):
        seat.send(seat.say(wording.SUSPENDED))
        return True
    return False


def _lead_back(seat: Seat, contact: Contact) -> bool:
    """Ask an officer what words are about that begin nothing; who has reports of their own talks as citizens do."""
    text, progress = seat.inbound.text, saved.load(contact.progress) if contact.progress else Progress()
    if seat.inbound.is_edit or progress.draft or progress.awaited or progress.kept:
        return False
    command = read_command(text, seat.inbound.address.channel)
    if command is not None and command.word is Word.CANCEL:
        seat.send(seat.say(NOTHING_TO_END))
        return True
    if command is not None and command.word is Word.REPORT and not command.rest and seat.task() is None:
        seat.keep(Task(OWN_REPORT, seat.address_id, seat.now))
        return False
    if (case := _case_named_alone(seat, contact)) is not None:
        _obey(seat, Order(BY_NAME["lihat"], case.number), None)
        return True
    if read_smalltalk(text) is Smalltalk.GREETING:
        seat.send(seat.say(GREETING, name=seat.officer.name))
        return True
    is_matter = bool(text.strip()) and read_smalltalk(text) is None and command is None
    is_late = dialogue.is_choice(text)
    if not (is_matter or is_late) or cases.list_standings_of(seat.uow, contact, 1):
        return False
    seat.send(seat.say(NOTHING_TO_SEND if is_late else wording.ASTRAY))
    return True


def _case_named_alone(seat: Seat, contact: Contact) -> CaseRow | None:
    """Return the report whose number stands alone, if the officer may see it and has not filed it."""
    given = read_arguments(seat.inbound.text, BY_NAME["lihat"], seat.service.deployment, seat.today)
    case = handling.find_case(seat.uow, given[Arg.NUMBER]) if given.keys() == {Arg.NUMBER} else None
    if case is None or not (may_see(seat.officer, case) and may(seat.officer, BY_NAME["lihat"].act, case)):
        return None
    standing = cases.find_standing_by_id(seat.uow, case.report_id, contact)
    return None if standing is not None and standing.is_own else case


def _is_unknown(inbound: Inbound) -> bool:
    """Tell whether a message is a command that citizens have not: mistyped, or no more this officer's."""
    text = inbound.text.strip()
    name = text.removeprefix("/").partition(" ")[0].partition("@")[0]
    return text.startswith("/") and read_command(name, inbound.address.channel) is None


def work(seat: Seat, contact: Contact | None = None) -> bool:
    """Handle an officer's message; `contact`: the citizen that an officer is as well, in their own chat."""
    inbound = seat.inbound
    if inbound.press is not None:
        return _pressed(seat, inbound.press)
    task = seat.task()
    if task is not None and task.command in {OFFER, OWN_REPORT}:
        seat.drop(None)
        if value := dialogue.read_choice(task, inbound.text):  # none of one's own report
            return _pressed(seat, Press(task.question, value))
        task = None
    here = task if task is not None and task.address_id == seat.address_id else None
    if inbound.is_edit:
        if here is not None:
            seat.send(seat.say(wording.EDITS_UNREAD))
        return here is not None
    told_of = _report_replied_to(seat, contact)
    order = _order(seat, here, contact, is_reply=told_of is not None)
    caption = _caption_of_answer(seat, here, order) if here is not None and order is not None else None
    if here is not None and caption is not None:
        take(replace(seat, inbound=replace(inbound, text=caption)), here)
    elif order is not None:
        _obey(seat, order, task, told_of)
    elif _is_citizens(inbound):
        return False
    elif here is not None or told_of is not None:
        _take_words(seat, here, told_of, task)
    else:
        return False
    return True


def _caption_of_answer(seat: Seat, here: Task, order: Order) -> str | None:
    """Return the words under a picture that begin with the command it is for; None: another thing begins.

    "/selesai" under the photo that was asked for means: here it is.
    """
    command = order.command
    if command is None or not seat.inbound.media or here.report_id is None:
        return None
    if command.name != here.command or Arg.EVIDENCE not in command.needs:
        return None
    said = replace(command, needs=(Arg.NUMBER, Arg.TEXT))
    rest = with_our_number(seat, order.rest)
    given = read_arguments(rest, said, seat.service.deployment, seat.today)
    number = handling.get_case(seat.uow, here.report_id).number
    return given.get(Arg.TEXT, "") if given.get(Arg.NUMBER, number) == number else None


def _take_words(seat: Seat, here: Task | None, told_of: int | None, task: Task | None) -> None:
    """Take a message as what was asked for, or as the answer to the card it replies to."""
    asked = here if here is not None and told_of in (None, here.report_id) else None
    if (word := _word_instead(seat, asked)) is not None:
        seat.send(seat.say(wording.NO_ANSWER, word=dialogue.shortened(word)))
    elif asked is not None:
        take(seat, asked)
    elif told_of is not None:
        _answer_card(seat, told_of, task)


def _is_citizens(inbound: Inbound) -> bool:
    """Tell whether a message is a command of the citizens at any time."""
    command = read_command(inbound.text, inbound.address.channel)
    return inbound.text.strip().startswith("/") or (command is not None and command.word is Word.STOP)


def _word_instead(seat: Seat, asked: Task | None) -> str | None:
    """Return the command in the place of words that a citizen would read; None: it is none, or nobody would."""
    text = seat.inbound.text
    if seat.inbound.media:
        return None
    if asked is not None:
        is_choice = asked.asked is None and dialogue.read_choice(asked, text) is not None
        is_read = asked.asked in _READ and BY_NAME[asked.command].is_confirmed
        if is_choice or not is_read or dialogue.held_back(text):
            return None
    channel, deployment = seat.inbound.address.channel, seat.service.deployment
    return word_instead(text, seat.officer.role, channel, deployment, seat.today)


def _order(seat: Seat, here: Task | None, contact: Contact | None, *, is_reply: bool) -> Order | None:
    has_draft = bool(contact and contact.progress and saved.load(contact.progress).draft)
    found = read_order(
        seat.inbound.text,
        seat.officer.role,
        seat.channel,
        seat.service.deployment,
        is_busy=here is not None or is_reply,
        has_draft=has_draft,
    )
    return HELP if found is None and _is_unknown(seat.inbound) else found


def _report_replied_to(seat: Seat, contact: Contact | None) -> int | None:
    """Return the report whose card the message replies to; one's own report is the citizens' conversation's."""
    if seat.inbound.reply_to is None:
        return None
    report_id = outbox.find_report_told_of(seat.uow, seat.address_id, seat.inbound.reply_to)
    if report_id is not None and contact is not None:
        standing = cases.find_standing_by_id(seat.uow, report_id, contact)
        if standing is not None and standing.is_own:
            return None
    return report_id


# --- commands ---


def _obey(seat: Seat, order: Order, task: Task | None, told_of: int | None = None) -> None:
    command = order.command
    if order.is_cancel:
        seat.drop(task)
        seat.send(seat.say(wording.CANCELLED))
    elif command is None:
        seat.send(at_large.show_help(seat, is_whole=bool(order.rest)))
    elif not has_in_post(seat.officer.role, command.act):
        seat.send(seat.say(wording.NOT_YOURS, command=command.name))
    elif _DATED & {*command.needs, *command.takes} and (shown := find_impossible(order.rest, seat.today)):
        seat.send(seat.say(NO_SUCH_DAY, shown=shown, command=command.name))
    else:
        rest = with_our_number(seat, order.rest) if command.is_about_case else order.rest
        given = read_arguments(rest, command, seat.service.deployment, seat.today)
        report_id = told_of if command.is_about_case and Arg.NUMBER not in given else None
        begin(seat, Task(command.name, seat.address_id, seat.now, given, report_id), task)


def begin(seat: Seat, task: Task, before: Task | None) -> None:
    """Begin something; what was in the middle of ends, unless one only looks."""
    command = BY_NAME[task.command]
    if seat.in_group and command.act in at_large.PRIVATE:
        seat.send(seat.say(wording.ONLY_PRIVATE, command=command.name))
        seat = seat.in_private()
        task = replace(task, address_id=seat.address_id)
    is_asking = command.is_about_case and task.report_id is None and Arg.NUMBER not in task.given
    if before is not None and (is_asking or command.act not in at_large.READING):
        _end(seat, before)
    proceed(seat, evidence.keep(seat, task))


def _end(seat: Seat, task: Task) -> None:
    """End what an officer is in the middle of; what they wrote is handed back."""
    seat.drop(task)
    if words := deeds.written_in(task):
        seat.in_private().send(seat.say(wording.DROPPED, words=words))


def _answer_card(seat: Seat, report_id: int, before: Task | None) -> None:
    """Take a reply to a card as the answer to the citizen; where there is none to give, as a question."""
    case = handling.get_case(seat.uow, report_id)
    if not may_see(seat.officer, case):
        seat.send(seat.say(wording.NO_SUCH, shown=seat.number(case)))
        return
    names = [name for name in ("jawab", "tunda", "catat") if may(seat.officer, BY_NAME[name].act, case)]
    text = seat.inbound.text.strip()
    if not names:
        seat.send(deeds.not_now(seat, case))
        return
    given = read_solution(text, seat.today) if names[0] == "jawab" else {Arg.TEXT: text} if text else {}
    begin(seat, Task(names[0], seat.address_id, seat.now, given, report_id, case.version), before)


# --- buttons ---


def _pressed(seat: Seat, press: Press) -> bool:
    if not press.question.startswith(QUESTION):
        return False
    report_id, _, version = press.question.removeprefix(QUESTION).partition(":")
    if not (report_id.isdecimal() and version.isdecimal()):
        return True
    if press.value.startswith(ANSWERS):
        _pressed_answer(seat, press.value.removeprefix(ANSWERS), int(report_id))
    elif press.value == cards.PRIVATE:
        _open_in_private(seat, int(report_id))
    else:
        _pressed_command(seat, press.value, int(report_id), int(version))
    return True


def _pressed_answer(seat: Seat, value: str, report_id: int) -> None:
    serial, _, value = value.partition(":")
    task = seat.task()
    is_here = task is not None and task.address_id == seat.address_id
    if task is not None and is_here and str(task.serial) == serial and value in task.options:
        choose(seat, task, value)
    elif task is not None and is_here and task.report_id == report_id and not seat.in_group:
        remind_of(seat, task)
    elif not seat.in_group:  # there it was perhaps somebody else's question
        case = _seen(seat, report_id)
        over = seat.say(wording.PRESSED_BEFORE)
        seat.send(below(over, seat.brief(case)) if case else over)


def _seen(seat: Seat, report_id: int) -> CaseRow | None:
    return case_of(seat, Task("lihat", seat.address_id, seat.now, report_id=report_id)) if report_id else None


def _open_in_private(seat: Seat, report_id: int) -> None:
    private = seat.in_private()
    case = _seen(private, report_id)
    if case is not None:
        private.send(cards.card(seat.uow, seat.service, seat.officer, case, seat.now, is_whole=True))


def _pressed_command(seat: Seat, value: str, report_id: int, version: int) -> None:
    name, _, rest = value.partition(":")
    command = BY_NAME.get(name)
    if command is None:  # of an older release
        return
    if not report_id:
        _obey(seat, Order(command, rest), seat.task())
        return
    case = _seen(seat, report_id)
    if case is None:
        seat.send(seat.say(wording.PRESSED_BEFORE))
    elif (line := meanwhile.by_others(seat, case, version)) is not None:
        told = meanwhile.tell(seat, case, line)
        card = cards.card(
            seat.uow, seat.service, seat.officer, case, seat.now, in_group=seat.in_group, intro=told.text
        )
        seat.send(replace(card, files=()), in_place=True)
    elif not has_in_post(seat.officer.role, command.act):
        seat.send(seat.say(wording.NOT_YOURS, command=command.name))
    else:
        given = read_arguments(rest, command, seat.service.deployment, seat.today)
        begin(seat, Task(name, seat.address_id, seat.now, given, report_id, case.version), seat.task())
