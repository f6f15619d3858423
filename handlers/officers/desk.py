"""The officers' desk: from what an officer writes, presses or sends to what comes of it.

One thing at a time: a command that lacks something asks for it (`dialogue.py`), what reaches a citizen is shown first
(`deeds.py`). Who writes counts, not the chat: in a group the sender is the officer (`groups.py`), and what the others
there may not see is answered in private.
"""

from dataclasses import replace
from datetime import datetime

from handlers.conversation import progress as saved
from handlers.conversation.phrasebook import Word
from handlers.conversation.words import fold, read_command
from handlers.messages import Choice, Inbound, Press, Reply
from handlers.officers import at_large, cards, deeds, dialogue, evidence, meanwhile, wording
from handlers.officers.access import Act, has_in_post, may, may_see, shows_in_group
from handlers.officers.arguments import read_arguments, read_one, read_solution
from handlers.officers.commands import BY_NAME, CANCEL, Arg, Command
from handlers.officers.dialogue import ANSWERS, ask, below
from handlers.officers.numbers import find_meant
from handlers.officers.orders import Order, read_order
from handlers.officers.seat import Seat
from handlers.officers.task import Task
from handlers.service import Service
from storage.db import UnitOfWork
from storage.queries import cases, handling, outbox
from storage.queries.conversations import Contact
from storage.queries.handling import CaseRow
from storage.queries.officers import OfficerRow
from storage.vocabulary import ReportType

QUESTION = "desk:"


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
        return work(seat, contact)
    is_desks = inbound.press is not None and inbound.press.question.startswith(QUESTION)
    if is_desks:
        seat.send(seat.say(wording.SUSPENDED))
    return is_desks


def work(seat: Seat, contact: Contact | None = None) -> bool:
    """Handle an officer's message; `contact`: the citizen that an officer is as well, in their own chat."""
    inbound = seat.inbound
    if inbound.press is not None:
        return _pressed(seat, inbound.press)
    task = seat.task()
    here = task if task is not None and task.address_id == seat.address_id else None
    if inbound.is_edit:
        if here is not None:
            seat.send(seat.say(wording.EDITS_UNREAD))
        return here is not None
    told_of = _report_replied_to(seat, contact)
    order = _order(seat, here, contact)
    if order is not None:
        _obey(seat, order, task, told_of)
    elif _is_citizens(inbound):
        return False
    elif here is not None and told_of in (None, here.report_id):
        _take(seat, here)
    elif told_of is not None:
        _answer_card(seat, told_of, task)
    else:
        return False
    return True


def _is_citizens(inbound: Inbound) -> bool:
    """Tell whether a message is a command of the citizens at any time."""
    command = read_command(inbound.text, inbound.address.channel)
    return inbound.text.strip().startswith("/") or (command is not None and command.word is Word.STOP)


def _order(seat: Seat, here: Task | None, contact: Contact | None) -> Order | None:
    has_draft = bool(contact and contact.progress and saved.load(contact.progress).draft)
    return read_order(
        seat.inbound.text,
        seat.officer.role,
        seat.channel,
        seat.service.deployment,
        is_busy=here is not None,
        has_draft=has_draft,
    )


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
        seat.send(at_large.show_help(seat))
    elif not has_in_post(seat.officer.role, command.act):
        seat.send(seat.say(wording.NOT_YOURS, command=command.name))
    else:
        deployment = seat.service.deployment
        given = read_arguments(order.rest, command, deployment, seat.today)
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
    texts = [task.given[arg] for arg in (Arg.TEXT, Arg.FINDING, Arg.ACTION) if arg in task.given]
    seat.drop(task)
    if texts:
        seat.in_private().send(seat.say(wording.DROPPED, words="\n".join(texts)))


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


# --- going on ---


def proceed(seat: Seat, task: Task) -> None:
    """Do what a task has all for; else ask for what is missing."""
    command = BY_NAME[task.command]
    in_place = bool(seat.inbound.press and seat.inbound.press.value.startswith(ANSWERS))
    if not command.is_about_case:
        missing = at_large.find_missing(task)
        reply = ask(seat, task, missing, None) if missing else at_large.run(seat, task)
        seat.send(reply, in_place=in_place or command.act is Act.LIST)
        return
    case = _case_of(seat, task)
    if case is None:
        if Arg.NUMBER not in task.given:
            seat.send(ask(seat, task, Arg.NUMBER, None), in_place=in_place)
        else:
            seat.send(_which_was_meant(seat, task))
        return
    task = replace(task, report_id=case.report_id, version=task.version or case.version)
    if seat.in_group and not shows_in_group(case, case.is_secret) and command.act not in (Act.LOOK, Act.TAKE):
        seat, task = _move_to_private(seat, task, case)
    seat.send(_go_on(seat, task, case, command), in_place=in_place)


def _move_to_private(seat: Seat, task: Task, case: CaseRow) -> tuple[Seat, Task]:
    """Go on where nobody else reads; of a report of type berkadar the group does not hear even that."""
    if case.type is not ReportType.OVERSIGHT:
        seat.send(seat.say(wording.IN_PRIVATE, number=seat.number(case)))
    private = seat.in_private()
    return private, replace(task, address_id=private.address_id)


def _go_on(seat: Seat, task: Task, case: CaseRow, command: Command) -> Reply:
    if not may(seat.officer, command.act, case):
        seat.drop(task)
        return deeds.not_now(seat, case)
    if command.act is Act.LOOK:
        if task.serial:
            seat.drop(task)
        return cards.card(
            seat.uow, seat.service, seat.officer, case, seat.now, in_group=seat.in_group, is_whole=True
        )
    if unfit := deeds.find_unfit(seat, task):
        return deeds.advise(seat, task, case, unfit)
    missing = _find_missing(seat, task, case, command)
    if missing is not None:
        return ask(seat, task, missing, case)
    return deeds.show_or_do(seat, task, case)


def _find_missing(seat: Seat, task: Task, case: CaseRow, command: Command) -> Arg | None:
    for arg in command.needs:
        if arg is Arg.NUMBER or arg in task.given:
            continue
        if arg is not Arg.EVIDENCE or evidence.is_missing(seat, task, case):
            return arg
    return None


def _case_of(seat: Seat, task: Task) -> CaseRow | None:
    """Return the case it is about, locked; None: not known yet, or not for this officer, or not for this group."""
    found = None
    if task.report_id is not None:
        found = handling.get_case(seat.uow, task.report_id)
    elif Arg.NUMBER in task.given:
        row = handling.find_case(seat.uow, task.given[Arg.NUMBER])
        found = handling.get_case(seat.uow, row.report_id) if row else None
    if found is None or not may_see(seat.officer, found):
        return None
    is_ours = not seat.in_group or (found.agency_code == seat.group_agency and found.disposed_at is not None)
    return found if is_ours else None


def _which_was_meant(seat: Seat, task: Task) -> Reply:
    """Say that there is no such report; where a slip of one digit makes one, offer that."""
    wrong = task.given[Arg.NUMBER]
    shown = wrong[:30]
    task = replace(task, given={arg: value for arg, value in task.given.items() if arg is not Arg.NUMBER})
    meant = [] if seat.in_group else find_meant(seat, wrong)
    is_look = BY_NAME[task.command].act is Act.LOOK
    if not meant:
        if not is_look:
            seat.keep(replace(task, asked=Arg.NUMBER, options=()))
        return seat.say(wording.NO_SUCH, shown=shown)
    if is_look:
        choices = (Choice(label, f"{task.command}:{number}") for number, label in meant)
        return seat.say(wording.PERHAPS, *choices, shown=shown)
    asked = replace(task, asked=Arg.NUMBER)
    return dialogue.offer(seat, asked, wording.PERHAPS, dict(meant), None, shown=shown)


# --- answers ---


def _take(seat: Seat, task: Task) -> None:
    """Take a message as the answer to the open question."""
    inbound = seat.inbound
    if inbound.media:
        _take_files(seat, task)
    else:
        _take_text(seat, task, inbound.text.strip())


def _take_text(seat: Seat, task: Task, text: str) -> None:
    if fold(text) in CANCEL:
        _cancel(seat, task)
    elif task.asked is None:
        _take_at_preview(seat, task, text)
    elif value := dialogue.read_answer(seat, task, task.asked, text):
        proceed(seat, _with_answer(seat, task, task.asked, value))
    else:
        case = _case_of(seat, task)
        seat.send(ask(seat, task, task.asked, case, dialogue.not_understood(seat, task.asked)))


def _with_answer(seat: Seat, task: Task, arg: Arg, value: str) -> Task:
    given = {**task.given, arg: value}
    if arg is Arg.ACTION and Arg.DAY not in given:  # "ditambal 20/08" tells the day as well
        told = read_one(value, Arg.DAY, seat.service.deployment, seat.today)
        given |= {Arg.DAY: told} if told else {}
    return replace(task, given=given, asked=None)


def _take_files(seat: Seat, task: Task) -> None:
    """Keep what was sent; an album is answered once, and what is written under it is the answer."""
    kept = evidence.keep(seat, task)
    text = seat.inbound.text.strip()
    if kept is task:
        if text:
            _take_text(seat, task, text)
        else:
            seat.send(evidence.refused(seat))
        return
    if text and task.asked in (Arg.TEXT, Arg.FINDING, Arg.ACTION):
        kept = _with_answer(seat, kept, task.asked, text)
    seat.keep(kept)
    if not task.album or kept.album != task.album:
        proceed(seat, kept)


def _take_at_preview(seat: Seat, task: Task, text: str) -> None:
    """Take a word for a button; any other text is a new one, in the place of what was shown."""
    value = dialogue.read_choice(task, text)
    if value is not None:
        _choose(seat, task, value)
    elif (arg := deeds.main_text(task)) is not None and text:
        proceed(seat, _with_answer(seat, task, arg, text))
    else:
        case = _case_of(seat, task)
        if case is not None:
            seat.send(deeds.show_or_do(seat, task, case))


def _cancel(seat: Seat, task: Task) -> None:
    seat.drop(task)
    seat.send(seat.say(wording.CANCELLED), in_place=True)


def _choose(seat: Seat, task: Task, value: str) -> None:
    """Act on a choice of the open question."""
    if value == dialogue.CANCEL:
        _cancel(seat, task)
        return
    case = _case_of(seat, task)
    if task.asked is not None:
        proceed(seat, _with_answer(seat, task, task.asked, value))
    elif case is None:
        seat.drop(task)
        seat.send(seat.say(wording.PRESSED_BEFORE))
    elif task.is_editing:
        seat.send(ask(seat, task, Arg(value), case), in_place=True)
    elif value == dialogue.EDIT:
        seat.send(deeds.edit(seat, task, case), in_place=True)
    else:
        seat.send(_send(seat, task, case), in_place=True)


def _send(seat: Seat, task: Task, case: CaseRow) -> Reply:
    """Send what was shown; if somebody else was faster, say so and keep the officer's text."""
    line = meanwhile.by_others(seat, case, task.version)
    if line is None:
        return deeds.confirmed(seat, task, case)
    told = meanwhile.tell(seat, case, line, deeds.text_of(task))
    return below(told, deeds.show_or_do(seat, replace(task, version=case.version), case))


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
    if task is not None and task.address_id == seat.address_id and str(task.serial) == serial:
        _choose(seat, task, value)
    elif not seat.in_group:  # there it was perhaps somebody else's question
        case = _seen(seat, report_id)
        over = seat.say(wording.PRESSED_BEFORE)
        seat.send(below(over, _brief(seat, case)) if case else over)


def _brief(seat: Seat, case: CaseRow) -> Reply:
    return cards.brief(seat.uow, seat.service, seat.officer, case, seat.now)


def _seen(seat: Seat, report_id: int) -> CaseRow | None:
    return (
        _case_of(seat, Task("lihat", seat.address_id, seat.now, report_id=report_id)) if report_id else None
    )


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
