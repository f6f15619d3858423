"""Which move a command makes, with what was given to it: a function each, and the table of them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from handlers import moves
from handlers.cases.lifecycle import Move, TransitionNotAllowed
from handlers.moves import Fault, Solution, Unfit
from handlers.officers.access import Act, NotPermitted, may
from handlers.officers.arguments import SECRET
from handlers.officers.commands import Arg
from handlers.officers.seat import Seat
from handlers.officers.task import Task
from storage.queries import attachments, handling, officers
from storage.queries.handling import CaseRow
from storage.vocabulary import Channel, ReportType, Role

Deed = Callable[[Seat, CaseRow, Task], None]


def solution_of(seat: Seat, task: Task) -> Solution:
    return Solution(
        finding=task.given[Arg.FINDING],
        action=task.given[Arg.ACTION],
        done_on=date.fromisoformat(task.given[Arg.DAY]),
        files=files_of(seat, task),
        by_text_only=seat.channel == Channel.SMS,
    )


def files_of(seat: Seat, task: Task) -> tuple[int, ...]:
    return attachments.list_of_draft(seat.uow, task.draft_id) if task.draft_id else ()


def told_by(solution: Solution) -> Mapping[Arg, str]:
    """Return an answer as an officer gives it."""
    day = solution.done_on.isoformat()
    return {Arg.FINDING: solution.finding, Arg.ACTION: solution.action, Arg.DAY: day}


def _verify(seat: Seat, case: CaseRow, task: Task) -> None:
    type_, category, _ = kind_of(task)
    moves.verify(seat.uow, seat.service, case, seat.actor, seat.now, type_=type_, category=category)


def _reclassify(seat: Seat, case: CaseRow, task: Task) -> None:
    type_, category, is_secret = kind_of(task)
    moves.reclassify(
        seat.uow,
        seat.service,
        case,
        seat.actor,
        seat.now,
        type_=type_,
        category=category,
        is_secret=True if is_secret else None,
    )


def kind_of(task: Task) -> tuple[ReportType | None, str | None, bool]:
    """Return type, category and protection that were given."""
    words = task.given.get(Arg.KIND, "").split()
    types = [ReportType(word) for word in words if word in tuple(ReportType)]
    codes = [word for word in words if word not in tuple(ReportType) and word != SECRET]
    return next(iter(types), None), next(iter(codes), None), SECRET in words


def _dispose(seat: Seat, case: CaseRow, task: Task) -> None:
    if words := task.given.get(Arg.REST):  # first, so that the agency reads it on its card
        moves.note(seat.uow, seat.service, case, seat.actor, words, seat.now)
    moves.dispose(seat.uow, seat.service, case, seat.actor, task.given[Arg.AGENCY], seat.now)


def _hold(seat: Seat, case: CaseRow, task: Task) -> None:
    moves.hold(seat.uow, seat.service, case, seat.actor, task.given[Arg.TEXT], seat.now)


def _forward(seat: Seat, case: CaseRow, task: Task) -> None:
    code, reason = task.given[Arg.OUTSIDE], task.given.get(Arg.TEXT, "")
    moves.forward(seat.uow, seat.service, case, seat.actor, code, reason, seat.now)


def _hand_back(seat: Seat, case: CaseRow, task: Task) -> None:
    moves.hand_back(seat.uow, seat.service, case, seat.actor, task.given[Arg.TEXT], seat.now)


def _archive(seat: Seat, case: CaseRow, task: Task) -> None:
    code, reason = task.given[Arg.REASON_CODE], task.given[Arg.TEXT]
    moves.archive(seat.uow, seat.service, case, seat.actor, code, reason, seat.now)


def _join(seat: Seat, case: CaseRow, task: Task) -> None:
    moves.join(seat.uow, seat.service, case, seat.actor, parent_of(seat, task), seat.now)


def parent_of(seat: Seat, task: Task) -> CaseRow:
    parent = handling.find_case(seat.uow, task.given[Arg.PARENT])
    if parent is None or not may(seat.officer, Act.LOOK, parent):
        raise Unfit(Fault.NO_SUCH_PARENT)
    return parent


def _start(seat: Seat, case: CaseRow, task: Task) -> None:
    moves.start(seat.uow, seat.service, case, seat.actor, task.given[Arg.TEXT], seat.now)


def _answer(seat: Seat, case: CaseRow, task: Task) -> None:
    act = moves.propose if waits_for_approval(seat, case) else moves.answer
    act(seat.uow, seat.service, case, seat.actor, solution_of(seat, task), seat.now)


def waits_for_approval(seat: Seat, case: CaseRow) -> bool:
    return moves.wants_approval(seat.service, case) and seat.officer.role is not Role.APPROVER


def _approve(seat: Seat, case: CaseRow, _task: Task) -> None:
    found = moves.find_proposed(seat.uow, case)
    if found is None:
        raise TransitionNotAllowed(Move.ANSWER, case.state)
    moves.answer(seat.uow, seat.service, case, seat.actor, found[1], seat.now)


def send_as_approved(seat: Seat, case: CaseRow, task: Task) -> None:
    """Propose an answer and let it go as a second person would: to be shown, and undone."""
    _answer(seat, case, task)
    second = replace(seat, officer=replace(seat.officer, id=0, role=Role.APPROVER))
    _approve(second, handling.get_case(seat.uow, case.report_id), task)


def _decline(seat: Seat, case: CaseRow, task: Task) -> None:
    moves.decline(seat.uow, seat.service, case, seat.actor, task.given[Arg.TEXT], seat.now)


def _take(seat: Seat, case: CaseRow, _task: Task) -> None:
    moves.take(seat.uow, seat.service, case, seat.actor, seat.officer, seat.now)


def _pass(seat: Seat, case: CaseRow, task: Task) -> None:
    other = officers.find_officer(seat.uow, int(task.given[Arg.OFFICER]))
    if other is None:
        raise NotPermitted(Act.PASS)
    moves.take(seat.uow, seat.service, case, seat.actor, other, seat.now)


def _note(seat: Seat, case: CaseRow, task: Task) -> None:
    moves.note(seat.uow, seat.service, case, seat.actor, task.given[Arg.TEXT], seat.now)


def _extend(seat: Seat, case: CaseRow, task: Task) -> None:
    days, reason = int(task.given[Arg.DAYS]), task.given[Arg.TEXT]
    moves.extend(seat.uow, seat.service, case, seat.actor, days, reason, seat.now)


def _reopen(seat: Seat, case: CaseRow, task: Task) -> None:
    moves.reopen(seat.uow, seat.service, case, seat.actor, task.given[Arg.TEXT], seat.now)


def _restore(seat: Seat, case: CaseRow, _task: Task) -> None:
    moves.restore(seat.uow, seat.service, case, seat.actor, seat.now)


def _number(seat: Seat, case: CaseRow, task: Task) -> None:
    outside = task.given[Arg.OUTSIDE_NUMBER]
    moves.set_outside_number(seat.uow, seat.service, case, seat.actor, outside, seat.now)


DEEDS: Mapping[str, Deed] = {
    "verifikasi": _verify,
    "klasifikasi": _reclassify,
    "disposisi": _dispose,
    "tunda": _hold,
    "tanya": _hold,
    "bukanwewenang": _forward,
    "kembalikan": _hand_back,
    "arsip": _archive,
    "gabung": _join,
    "proses": _start,
    "jawab": _answer,
    "setujui": _approve,
    "tolak": _decline,
    "ambil": _take,
    "alihkan": _pass,
    "catat": _note,
    "perpanjang": _extend,
    "bukalagi": _reopen,
    "banding": _restore,
    "nomorluar": _number,
}
