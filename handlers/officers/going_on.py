"""From what an officer has given so far to what comes next: a question, what is to be sent, or the deed."""

from dataclasses import replace
from datetime import date

from handlers.cases.lifecycle import Move
from handlers.conversation.words import fold
from handlers.messages import Choice, Reply
from handlers.officers import at_large, cards, deeds, dialogue, evidence, meanwhile, wording
from handlers.officers.access import Act, may, may_see, shows_in_group
from handlers.officers.advice_wording import GONE, NOT_YET_SENT
from handlers.officers.arguments import read_arguments, read_one
from handlers.officers.commands import BY_NAME, CANCEL, Arg, Command
from handlers.officers.days import find_day
from handlers.officers.dialogue import ANSWERS, ask, below
from handlers.officers.numbers import find_meant, with_our_number
from handlers.officers.proposals import colleagues_of, find_person
from handlers.officers.seat import Seat
from handlers.officers.task import Task
from storage.queries import handling
from storage.queries.handling import CaseRow
from storage.vocabulary import ReportType


def proceed(seat: Seat, task: Task, told: Reply | None = None) -> None:
    """Do what a task has all for; else ask for what is missing, below what is told first."""
    command = BY_NAME[task.command]
    in_place = bool(seat.inbound.press and seat.inbound.press.value.startswith(ANSWERS))
    if not command.is_about_case:
        missing = at_large.find_missing(task)
        reply = dialogue.ask_missing(seat, task, missing, None) if missing else at_large.run(seat, task)
        seat.send(reply, in_place=in_place or command.act is Act.LIST)
        return
    is_named = task.report_id is not None or Arg.NUMBER in task.given
    case = case_of(seat, task) if is_named else _only_one(seat, task, command)
    if case is None:
        if task.report_id is not None:
            _say_gone(seat, task)
        elif Arg.NUMBER not in task.given:
            is_all = command.needs == (Arg.NUMBER,)  # else what else was written is kept
            asked = dialogue.ask_missing if is_all else ask
            seat.send(asked(seat, task, Arg.NUMBER, None), in_place=in_place)
        else:
            seat.send(_which_was_meant(seat, task))
        return
    task = replace(task, report_id=case.report_id, version=task.version or case.version)
    if seat.in_group and _is_private(case, command):
        seat, task = _move_to_private(seat, task, case)
    reply = _go_on(seat, task, case, command)
    if not is_named and command.act is not Act.LOOK:
        reply = below(seat.say(wording.ONLY_ONE, number=seat.number(case)), reply)
    seat.send(below(told, reply) if told else reply, in_place=in_place)


def _only_one(seat: Seat, task: Task, command: Command) -> CaseRow | None:
    """Return the one report that a command fits, locked, if its number is seen before anything is done."""
    found = dialogue.find_only(seat, command)
    if found is None:
        return None
    case = case_of(seat, replace(task, report_id=found.report_id))
    if case is None or command.is_confirmed or command.act is Act.LOOK:
        return case
    return case if _find_missing(seat, task, case, command) else None


def _say_gone(seat: Seat, task: Task) -> None:
    """Say that a report is with somebody else by now, and hand back what was written: nothing of it was sent."""
    seat.drop(task)
    number = seat.number(handling.get_case(seat.uow, task.report_id)) if task.report_id else ""
    told, words = seat.say(GONE, number=number), deeds.written_in(task)
    if words:
        seat, told = seat.in_private(), below(told, seat.say(wording.DROPPED, words=words))
    seat.send(told)


def _is_private(case: CaseRow, command: Command) -> bool:
    """Tell whether a group must not see what comes next: its card leaves out what is secret, unless all is."""
    is_open = shows_in_group(case, case.is_secret)
    return case.type is ReportType.OVERSIGHT or (not is_open and command.act not in (Act.LOOK, Act.TAKE))


def _move_to_private(seat: Seat, task: Task, case: CaseRow) -> tuple[Seat, Task]:
    """Go on where nobody else reads; of a report of type berkadar the group does not hear even that."""
    if case.type is not ReportType.OVERSIGHT:
        seat.send(seat.say(wording.IN_PRIVATE, number=seat.number(case)))
    private = seat.in_private()
    return private, replace(task, address_id=private.address_id)


#: what passing on to a body outside is
_FORWARD = BY_NAME["bukanwewenang"]
_AS_FORWARDED = {Arg.AGENCY: Arg.OUTSIDE, Arg.REST: Arg.TEXT}


def _go_on(seat: Seat, task: Task, case: CaseRow, command: Command) -> Reply:
    agency = seat.service.deployment.agency_by_code.get(task.given.get(Arg.AGENCY, ""))
    if command.act is Move.DISPOSE and agency is not None and agency.is_outside:
        given = {_AS_FORWARDED.get(arg, arg): value for arg, value in task.given.items()}
        return _go_on(seat, replace(task, command=_FORWARD.name, given=given), case, _FORWARD)
    if not may(seat.officer, command.act, case):
        seat.drop(task)
        return deeds.not_now(seat, case, command.act)
    if command.act is Act.LOOK:
        if task.serial:
            seat.drop(task)
        return cards.card(
            seat.uow, seat.service, seat.officer, case, seat.now, in_group=seat.in_group, is_whole=True
        )
    if unfit := deeds.find_unproposed(seat, task, case) or deeds.find_unfit(seat, task):
        return deeds.advise(seat, task, case, unfit)
    if Arg.OFFICER in task.given:
        meant = find_person(task.given[Arg.OFFICER], colleagues_of(seat, case))
        if len(meant) != 1:
            advice = None if meant else dialogue.not_understood(seat, Arg.OFFICER, task.given[Arg.OFFICER])
            return ask(seat, task, Arg.OFFICER, case, advice)
        task = replace(task, given={**task.given, Arg.OFFICER: str(meant[0].id)})
    missing = _find_missing(seat, task, case, command)
    if missing is not None:
        asked = dialogue.ask_missing(seat, task, missing, case)
        is_in_vain = missing is Arg.EVIDENCE and deeds.is_planned(
            seat, task, case
        )  # no photo of work to come
        return below(seat.say(wording.PLANNED), asked) if is_in_vain else asked
    line = None if command.is_confirmed else meanwhile.by_others(seat, case, task.version)
    if line is not None:
        seat.drop(task)
        return below(meanwhile.tell(seat, case, line), seat.brief(case))
    return deeds.show_or_do(seat, task, case)


def _find_missing(seat: Seat, task: Task, case: CaseRow, command: Command) -> Arg | None:
    for arg in command.needs:
        if arg is Arg.NUMBER or arg in task.given:
            continue
        if arg is not Arg.EVIDENCE or evidence.is_missing(seat, task, case):
            return arg
    return None


def case_of(seat: Seat, task: Task) -> CaseRow | None:
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
        reply = seat.say(wording.PERHAPS, *choices, shown=shown)
        if not seat.has_buttons:
            seat.offer_numbers(reply)
        return reply
    asked = replace(task, asked=Arg.NUMBER)
    return dialogue.offer(seat, asked, wording.PERHAPS, dict(meant), None, shown=shown)


# --- answers ---

_WRITTEN = frozenset({Arg.TEXT, Arg.FINDING, Arg.ACTION})
#: under a picture fewer words than these say what it is, not what was done
_TELLING_WORDS = 3
#: "5 Agustus 2026", "hari Senin lalu"
_WORDS_OF_DAY = 3
#: what begins with these may well be about the sending
_HOLDING = frozenset({"jangan", "jgn", "tunggu", "tahan", "batal", "batalkan", "wait", "hold"})
#: told in a word or two: what stands behind is something else
_SHORT = frozenset({Arg.REASON_CODE, Arg.DAYS, Arg.OUTSIDE})


def take(seat: Seat, task: Task) -> None:
    """Take a message as the answer to the open question."""
    inbound = seat.inbound
    if inbound.media:
        _take_files(seat, task)
    else:
        _take_text(seat, task, inbound.text.strip())


def _take_text(seat: Seat, task: Task, text: str) -> None:
    held_back = dialogue.held_back(text)
    if fold(text) in CANCEL or held_back == dialogue.CANCEL:
        _cancel(seat, task)
    elif held_back == dialogue.WAIT:
        _remind(seat, task, seat.say(NOT_YET_SENT))
    elif task.command == "cuti" and (back := at_large.read_back(text)):
        proceed(seat, replace(task, given={Arg.TEXT: back}, asked=None))
    elif task.asked is None:
        _take_at_preview(seat, task, text)
    elif dialogue.read_choice(task, text) == dialogue.AS_NEWS:
        choose(seat, task, dialogue.AS_NEWS)
    elif text and task.asked in _WRITTEN and task.asked in task.given:  # [Change]: the old one holds
        _replace_text(seat, task, task.asked, text)
    elif task.asked is Arg.EVIDENCE and Arg.DAY in task.given and (day := _day_alone(seat, text)):
        _replace_text(seat, task, Arg.DAY, day.isoformat())
    elif value := _read_answer(seat, task, task.asked, text):
        more = _told_along(seat, task, task.asked, text)
        answered = _with_answer(seat, task, task.asked, value)
        proceed(seat, replace(answered, given={**more, **answered.given}))
    else:
        case = case_of(seat, task)
        seat.send(ask(seat, task, task.asked, case, dialogue.not_understood(seat, task.asked, text)))


def _read_answer(seat: Seat, task: Task, arg: Arg, text: str) -> str:
    if arg in (Arg.NUMBER, Arg.PARENT):
        text = with_our_number(seat, text)
    return dialogue.read_answer(seat, task, arg, text)


def _told_along(seat: Seat, task: Task, arg: Arg, text: str) -> dict[Arg, str]:
    """Return the words behind an answer: "R4 iseng" tells the reason's code and why."""
    command = BY_NAME[task.command]
    if arg not in _SHORT or Arg.TEXT not in (*command.needs, *command.takes):
        return {}
    both = replace(command, needs=(arg, Arg.TEXT), takes=())
    read = read_arguments(text, both, seat.service.deployment, seat.today)
    return read if arg in read else {}


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
    is_first = not task.album or kept.album != task.album
    told = seat.say(wording.PHOTO_KEPT) if is_first and task.asked in _WRITTEN else None
    if text and task.asked in _WRITTEN:
        kept = _with_answer(seat, kept, task.asked, text)
    elif text:
        kept, told = _with_caption(seat, kept, text)
    seat.keep(kept)
    if told or is_first:
        proceed(seat, kept, told)


def _with_caption(seat: Seat, task: Task, text: str) -> tuple[Task, Reply]:
    """Return the answer with what stands under its picture, and say so; or that these words are no part of it."""
    if Arg.ACTION in task.given and len(text.split()) >= _TELLING_WORDS:
        action = task.given[Arg.ACTION].rstrip()
        end = "" if action.endswith((".", "!", "?")) else "."
        longer = replace(task, given={**task.given, Arg.ACTION: f"{action}{end} {text}"})
        if deeds.find_unfit(seat, longer) is None:
            return longer, seat.say(wording.CAPTION_ADDED)
    return task, seat.say(wording.CAPTION_LEFT, words=dialogue.shortened(text))


def _day_alone(seat: Seat, text: str) -> date | None:
    return find_day(text, seat.today) if len(text.split()) <= _WORDS_OF_DAY else None


def _take_at_preview(seat: Seat, task: Task, text: str) -> None:
    """Take a word for a button, a day alone for the day; a text of some words takes the place of the one shown.

    What is neither changes nothing: "hari ini" is no plan, "oke siap" no answer.
    """
    value, arg = dialogue.read_choice(task, text), deeds.main_text(task)
    is_short = len(text.split()) < _TELLING_WORDS or fold(text).partition(" ")[0] in _HOLDING
    day = _day_alone(seat, text)
    if value is not None:
        choose(seat, task, value)
    elif day is not None and Arg.DAY in task.given:
        _replace_text(seat, task, Arg.DAY, day.isoformat())
    elif arg is None or not text:
        _show_again(seat, task)
    elif is_short or day is not None:
        _show_again(seat, task, seat.say(wording.WHICH_PART, words=dialogue.shortened(text)))
    else:
        _replace_text(seat, task, arg, text)


def _replace_text(seat: Seat, task: Task, arg: Arg, text: str) -> None:
    """Put a text in the place of the one shown, and say so; what does not do leaves the old one as it is."""
    changed = _with_answer(seat, task, arg, text)
    unfit = deeds.find_unfit(seat, changed)
    if unfit is None:
        part = seat.voice.text(wording.FIELDS[arg])
        proceed(seat, changed, seat.say(wording.REPLACED, part=part))
    else:
        _show_again(seat, task, below(deeds.say_unfit(seat, unfit), seat.say(wording.KEPT)))


def _show_again(seat: Seat, task: Task, told: Reply | None = None) -> None:
    case = case_of(seat, task)
    if case is None:
        _say_gone(seat, task)
        return
    shown = deeds.show_or_do(seat, task, case)
    seat.send(below(told, shown) if told else shown)


def remind_of(seat: Seat, task: Task) -> None:
    """Say to whoever presses an older button that nothing was sent yet, and ask again what is open."""
    _remind(seat, task, seat.say(wording.NOT_SENT_YET))


def _remind(seat: Seat, task: Task, told: Reply) -> None:
    case = case_of(seat, task)
    if task.asked is None:
        _show_again(seat, task, told)
    else:
        seat.send(ask(seat, task, task.asked, case, told))


def _cancel(seat: Seat, task: Task) -> None:
    seat.drop(task)
    seat.send(seat.say(wording.CANCELLED), in_place=True)


def choose(seat: Seat, task: Task, value: str) -> None:
    """Act on a choice of the open question."""
    if value == dialogue.CANCEL:
        _cancel(seat, task)
        return
    case = case_of(seat, task)
    if value == dialogue.AS_NEWS:
        proceed(seat, deeds.as_news(seat, task))
    elif task.asked is not None:
        proceed(seat, _with_answer(seat, task, task.asked, value))
    elif case is None:
        _say_gone(seat, task)
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
    told = meanwhile.tell(seat, case, line, deeds.written_in(task) or task.command)
    return below(told, deeds.show_or_do(seat, replace(task, version=case.version), case))
