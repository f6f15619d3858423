"""From a command that has all it needs to the move: what the reporter will get is shown first, then sent."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from handlers import moves
from handlers.cases.lifecycle import Move, TransitionNotAllowed
from handlers.i18n import Field
from handlers.messages import Reply
from handlers.moves import Fault, Unfit
from handlers.news import Preview, preview
from handlers.news_wording import SOLUTION
from handlers.officers import advice_wording, cards, dialogue, wording
from handlers.officers.access import Act, NotPermitted, is_own, may
from handlers.officers.acts import (
    DEEDS,
    files_of,
    parent_of,
    send_as_approved,
    solution_of,
    told_by,
    waits_for_approval,
)
from handlers.officers.arguments import NEVER
from handlers.officers.commands import BY_NAME, Arg, Command
from handlers.officers.days import find_day
from handlers.officers.dialogue import AS_NEWS, CANCEL, EDIT, SEND, ask, below, offer
from handlers.officers.offers import offered
from handlers.officers.proposals import doubt_about_agency, doubt_about_parent
from handlers.officers.seat import Seat
from handlers.officers.task import Task
from handlers.sms_length import MAX_PARTS
from storage.queries import conversations, handling, officers
from storage.queries.handling import CaseRow
from storage.vocabulary import CaseState, Role

# --- shown, confirmed, done ---


def show_or_do(seat: Seat, task: Task, case: CaseRow) -> Reply:
    """Show what the reporter would get, where that is asked first; else do it."""
    try:
        is_shown = BY_NAME[task.command].is_confirmed or _doubt(seat, task, case) is not None
        return _show(seat, task, case) if is_shown else do(seat, task, case)
    except Unfit as unfit:
        return advise(seat, task, case, unfit)
    except (NotPermitted, TransitionNotAllowed):
        seat.drop(task)
        return not_now(seat, case)


def do(seat: Seat, task: Task, case: CaseRow) -> Reply:
    """Make the move. Raises Unfit, NotPermitted, TransitionNotAllowed."""
    if task.command == "identitas":
        return _identity(seat, task, case)
    if task.command == "lengkap":
        return _whole_text(seat, task, case)
    if task.command == "ingatkan":
        return _remind(seat, task, case)
    is_proposed = task.command == "jawab" and waits_for_approval(seat, case)
    with seat.uow.savepoint():
        DEEDS[task.command](seat, case, task)
    # The files of a proposal stay under its id until it is decided on.
    seat.drop(None if is_proposed else task)
    after = handling.get_case(seat.uow, case.report_id)
    said = wording.PROPOSED if is_proposed else wording.DONE[task.command]
    if said in wording.TELLING and conversations.find_reach(seat.uow, after.report_id) is None:
        said = wording.DONE_UNTOLD
    told = seat.say(wording.NOTED_ALONG, words=task.given[Arg.REST]) if _is_noted(task) else None
    fields: dict[str, Field] = {"number": seat.number(after), "digits": after.number}
    fields |= {"agency": _agency(seat, after), "name": _holder(seat, after)}
    done = seat.voice.reply(said, fields)
    done = below(done, told) if told else done
    if task.command == "bukanwewenang":
        text = cards.to_pass_on(seat.uow, seat.service, seat.officer, after, seat.now)
        done = replace(done, text=f"{done.text}\n\n{text}")
    if not may(seat.officer, Act.LOOK, after):  # handed back: it is theirs no more
        return done
    return replace(below(done, seat.brief(after)), short=done.short)


def _is_noted(task: Task) -> bool:
    return task.command == "disposisi" and Arg.REST in task.given


def _agency(seat: Seat, case: CaseRow) -> str:
    agency = seat.service.deployment.agency_by_code.get(case.agency_code or case.outside_code or "")
    return agency.short_name if agency else ""


def _holder(seat: Seat, case: CaseRow) -> str:
    holder = officers.find_officer(seat.uow, case.officer_id) if case.officer_id else None
    return holder.name if holder else ""


def _identity(seat: Seat, task: Task, case: CaseRow) -> Reply:
    reason = task.given[Arg.TEXT]
    name, addresses = moves.see_identity(seat.uow, seat.service, case, seat.actor, reason, seat.now)
    seat.drop(task)
    if not name and not addresses:
        return seat.say(wording.IDENTITY_GONE, number=seat.number(case))
    told = seat.say(
        wording.IDENTITY,
        number=seat.number(case),
        name=name or seat.voice.text(wording.NO_NAME),
        lines="\n".join(addresses),
    )
    return replace(told, about=case.report_id)  # so that it is found when the reporter is erased


def _whole_text(seat: Seat, task: Task, case: CaseRow) -> Reply:
    dossier = cards.read(seat.uow, case)
    if cards.hides_something(case, dossier):
        moves.see_text(seat.uow, seat.service, case, seat.actor, task.given[Arg.TEXT], seat.now)
    seat.drop(task)
    return cards.card(
        seat.uow, seat.service, seat.officer, case, seat.now, is_whole=True, is_unmasked=True, dossier=dossier
    )


def _remind(seat: Seat, task: Task, case: CaseRow) -> Reply:
    when = task.given[Arg.WHEN]
    wanted = None if when == NEVER else int(when) if when.isdecimal() else date.fromisoformat(when)
    due_on = moves.remind_me(seat.uow, seat.service, case, seat.actor, wanted, seat.now)
    seat.drop(task)
    fields: dict[str, Field] = {"number": seat.number(case), "digits": case.number}
    if due_on is None:
        return seat.say(wording.REMINDER_OFF, **fields)
    return seat.say(wording.REMINDER_SET, **fields, due=due_on)


def _show(seat: Seat, task: Task, case: CaseRow) -> Reply:
    """Show exactly what the reporter will get. Raises as the move does."""
    is_proposed = task.command == "jawab" and waits_for_approval(seat, case)
    deed = send_as_approved if is_proposed else DEEDS[task.command]
    shown = preview(seat.uow, case, lambda: deed(seat, case, task))
    text = seat.voice.text
    choices = {SEND: text(wording.SEND), EDIT: text(wording.EDIT), CANCEL: text(wording.CANCEL)}
    if is_planned(seat, task, case):
        choices = {SEND: choices[SEND], AS_NEWS: text(wording.AS_NEWS), **choices}
    if not _editable(seat, task):
        del choices[EDIT]
    waiting = replace(task, asked=None, is_editing=False, version=case.version)
    if shown.reply is None:
        reply = _show_record(seat, waiting, case, choices)
    else:
        phrase = wording.PREVIEW_SMS if shown.parts else wording.PREVIEW
        if is_proposed:
            phrase = wording.PREVIEW_APPROVAL
        reply = offer(seat, waiting, phrase, choices, case, words=_as_seen(seat, shown), parts=shown.parts)
        if is_planned(seat, task, case):
            reply = below(seat.say(wording.PLANNED), reply)
        # What the reporter answers with stands in the text: buttons here are the officer's.
        reply = replace(reply, files=shown.reply.files if seat.has_buttons else ())
    doubt = _doubt(seat, task, case)
    return below(doubt, reply) if doubt else reply


def _doubt(seat: Seat, task: Task, case: CaseRow) -> Reply | None:
    """Return what an officer should look at twice before it leaves; None: nothing."""
    if Arg.PARENT in task.given:
        return doubt_about_parent(seat, case, parent_of(seat, task))
    if task.command == "disposisi":
        return doubt_about_agency(seat, case, task.given[Arg.AGENCY])
    return None


def is_planned(seat: Seat, task: Task, case: CaseRow) -> bool:
    """Tell whether an answer speaks of a day to come, so that it could be news of the work instead."""
    is_to_come = task.given.get(Arg.DAY, "") > seat.today.isoformat()
    return task.command == "jawab" and is_to_come and may(seat.officer, Move.START, case)


def as_news(seat: Seat, task: Task) -> Task:
    """Return an answer as news of the work: the citizen is not asked whether it is solved."""
    solution = solution_of(seat, task)
    action = solution.action.rstrip(" .")
    words = seat.voice.text(SOLUTION.chat, finding=solution.finding, action=action, day=solution.done_on)
    return replace(task, command="proses", given={Arg.TEXT: words}, asked=None)


def _show_record(seat: Seat, task: Task, case: CaseRow, choices: Mapping[str, str]) -> Reply:
    """Show what is written down where nothing reaches the reporter."""
    found = moves.find_proposed(seat.uow, case) if task.command == "setujui" else None
    given, files = (told_by(found[1]), found[1].files) if found else (task.given, files_of(seat, task))
    values: dict[Arg, Field] = {arg: given[arg] for arg in wording.FIELDS if arg in given}
    if Arg.DAY in given:
        values[Arg.DAY] = date.fromisoformat(given[Arg.DAY])
    if files:
        values[Arg.EVIDENCE] = len(files)
    if not values:
        return offer(seat, task, wording.PREVIEW_NOBODY, choices, case)
    text = seat.voice.text
    lines = [text(wording.RECORDED, part=text(wording.FIELDS[arg]), value=one) for arg, one in values.items()]
    reply = offer(seat, task, wording.PREVIEW_RECORD, choices, case, words="\n".join(lines))
    return replace(reply, files=files if seat.has_buttons else ())


def _as_seen(seat: Seat, shown: Preview) -> str:
    reply = shown.reply
    if reply is None:
        return ""
    text = reply.short if shown.parts else reply.text
    if reply.choices and not shown.parts:
        text = f"{text}\n{' '.join(f'[{choice.label}]' for choice in reply.choices)}"
    if reply.files:
        said = wording.WITH_ADDRESSES if shown.parts else wording.WITH_FILES
        text = seat.voice.text(said, words=text, count=len(reply.files), most=MAX_PARTS)
    return text


def confirmed(seat: Seat, task: Task, case: CaseRow) -> Reply:
    """Send what was shown, unless it does not do any more."""
    try:
        return do(seat, task, case)
    except Unfit as unfit:
        return advise(seat, task, case, unfit)
    except (NotPermitted, TransitionNotAllowed):
        seat.drop(task)
        return not_now(seat, case)


def edit(seat: Seat, task: Task, case: CaseRow) -> Reply:
    """Ask for one thing anew; for which, where there are several."""
    args = _editable(seat, task)
    return (
        ask(seat, task, args[0], case)
        if len(args) == 1
        else dialogue.ask_what_to_edit(seat, task, args, case)
    )


def _editable(seat: Seat, task: Task) -> list[Arg]:
    command = BY_NAME[task.command]
    wanted = [arg for arg in (*command.needs, *command.takes) if arg in wording.FIELDS]
    return wanted if seat.has_buttons else [arg for arg in wanted if arg is not Arg.EVIDENCE]


# --- refused ---

_ABOUT_TEXT = frozenset({Fault.TOO_SHORT, Fault.TOO_LONG, Fault.STOCK_PHRASE, Fault.UNFILLED})
_ABOUT = {
    Fault.NO_EVIDENCE: (Arg.EVIDENCE,),
    Fault.NO_SUCH_AGENCY: (Arg.AGENCY, Arg.OUTSIDE),
    Fault.SAME_AGENCY: (Arg.AGENCY,),
    Fault.ACCUSED: (Arg.AGENCY, Arg.OUTSIDE, Arg.PARENT),
    Fault.NO_SUCH_PARENT: (Arg.PARENT,),
    Fault.OTHER_PROTECTION: (Arg.PARENT,),
    Fault.NO_SUCH_REASON: (Arg.REASON_CODE,),
    Fault.NO_SUCH_CATEGORY: (Arg.KIND,),
    Fault.BAD_DAY: (Arg.DAY, Arg.DAYS, Arg.WHEN),
    Fault.TOO_FAR: (Arg.DAYS,),
}


def advise(seat: Seat, task: Task, case: CaseRow, unfit: Unfit) -> Reply:
    """Say what is lacking, and ask for that again; what cannot be mended ends it."""
    advice = say_unfit(seat, unfit)
    command = BY_NAME[task.command]
    arg = _arg_at_fault(seat, task, command, unfit.fault)
    if arg is None:
        seat.drop(task)
        return below(advice, seat.brief(case))
    given = {one: value for one, value in task.given.items() if one is not arg}
    if arg is Arg.ACTION:  # with the day that it told
        told = find_day(task.given.get(arg, ""), seat.today)
        if told and given.get(Arg.DAY) == told.isoformat():
            del given[Arg.DAY]
    if arg is Arg.ACTION and Arg.FINDING not in given:  # one after the other
        arg = Arg.FINDING
    return ask(seat, replace(task, given=given), arg, case, advice)


def say_unfit(seat: Seat, unfit: Unfit) -> Reply:
    return seat.voice.reply(advice_wording.UNFIT[unfit.fault], {"limit": unfit.limit})


def _arg_at_fault(seat: Seat, task: Task, command: Command, fault: Fault) -> Arg | None:
    wanted = (*command.needs, *command.takes)
    if fault not in _ABOUT_TEXT:
        return next((arg for arg in _ABOUT.get(fault, ()) if arg in wanted), None)
    for arg in (Arg.TEXT, Arg.FINDING, Arg.ACTION):
        if arg in task.given and unfit_text(seat, arg, task.given[arg]) is not None:
            return arg
    return next((arg for arg in (Arg.ACTION, Arg.TEXT) if arg in wanted), None)


def unfit_text(seat: Seat, arg: Arg, text: str) -> Unfit | None:
    check = moves.check_text if arg is Arg.TEXT else moves.check_part
    try:
        check(seat.service, text)
    except Unfit as unfit:
        return unfit
    return None


#: work on it has begun, or was answered before
_TOO_LATE_TO_HAND_BACK = frozenset({CaseState.IN_PROGRESS, CaseState.REOPENED})


def not_now(seat: Seat, case: CaseRow, act: Act | Move | None = None) -> Reply:
    """Say what is possible instead; why it is not handed back any more, and who can pass it on."""
    names = [one.name.upper() for one in offered(seat.uow, seat.officer, case)]
    possible = ", ".join(names[:4]) or seat.voice.text(wording.NOTHING)
    fields: dict[str, Field] = {"number": seat.number(case), "possible": possible}
    if is_own(seat.officer, case):
        said = seat.voice.reply(advice_wording.OWN_REPORT, {**fields, "who": _who_instead(seat)})
    else:
        said = seat.voice.reply(wording.NOT_NOW, fields)
    if act is Move.HAND_BACK and case.state in _TOO_LATE_TO_HAND_BACK:
        said = below(seat.say(advice_wording.BACK_TOO_LATE), said)
    return replace(below(said, seat.brief(case)), short=said.short)


def _who_instead(seat: Seat) -> str:
    is_coordinator = seat.officer.role is Role.COORDINATOR
    return seat.voice.text(
        advice_wording.ANOTHER_COORDINATOR if is_coordinator else advice_wording.A_COLLEAGUE
    )


def find_unproposed(seat: Seat, task: Task, case: CaseRow) -> Unfit | None:
    """Return what is wrong with an answer of whoever only approves, before all of it is asked for."""
    is_alone = task.command == "jawab" and seat.officer.role is Role.APPROVER
    return Unfit(Fault.UNPROPOSED) if is_alone and moves.wants_approval(seat.service, case) else None


def find_unfit(seat: Seat, task: Task) -> Unfit | None:
    """Return what is wrong with the first text that goes to a reporter or a colleague, before more is asked."""
    reasons = {one.code for one in seat.service.deployment.archive_reasons}
    if not reasons.issuperset({task.given[Arg.REASON_CODE]} if Arg.REASON_CODE in task.given else ()):
        return Unfit(Fault.NO_SUCH_REASON)
    wanted = (Arg.TEXT, Arg.FINDING, Arg.ACTION) if task.command in _JUDGED else ()
    texts = {arg: task.given[arg] for arg in wanted if arg in task.given}
    return next(filter(None, (_unfit_part(seat, task, arg, text) for arg, text in texts.items())), None)


def _unfit_part(seat: Seat, task: Task, arg: Arg, text: str) -> Unfit | None:
    """Judge a text by itself; what was done with what was found, where that is told."""
    unfit = unfit_text(seat, arg, text)
    if arg is not Arg.ACTION or Arg.FINDING not in task.given:
        return unfit
    least = dialogue.least_of_action(seat, task)
    is_short = len(text) < least if unfit is None else unfit.fault is Fault.TOO_SHORT
    return Unfit(Fault.TOO_SHORT, limit=least) if is_short else unfit


_JUDGED = frozenset({"tunda", "tanya", "kembalikan", "arsip", "proses", "jawab", "tolak", "perpanjang"}) | {
    "bukanwewenang"
}


def main_text(task: Task) -> Arg | None:
    """Return the text that another one takes the place of."""
    return next((arg for arg in (Arg.TEXT, Arg.ACTION) if arg in task.given), None)


def written_in(task: Task) -> str:
    """Return what an officer has written so far; empty: nothing."""
    return "\n".join(task.given[arg] for arg in (Arg.TEXT, Arg.FINDING, Arg.ACTION) if arg in task.given)
