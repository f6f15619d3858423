"""What a card offers: the buttons of use to an officer, of what they may do."""

from handlers.cases.lifecycle import Move
from handlers.officers.access import Act, may
from handlers.officers.commands import Command, commands_of
from storage.db import UnitOfWork
from storage.queries import answers
from storage.queries.handling import CaseRow
from storage.queries.officers import OfficerRow
from storage.vocabulary import CaseState, Role

#: in this order; what else there is has a command
_BUTTONS = (
    *("setujui", "tolak", "jawab", "proses", "tanya", "kembalikan", "verifikasi", "disposisi", "tunda"),
    *("bukanwewenang", "gabung", "banding", "arsip", "bukalagi", "perpanjang", "ambil"),
)


def offered(uow: UnitOfWork, officer: OfficerRow, case: CaseRow) -> list[Command]:
    """Return what an officer may do with a case now, in the order of the buttons."""
    named = {one.name: one for one in commands_of(officer.role)}
    listed = [named[name] for name in _BUTTONS if name in named]
    return [one for one in listed if may(officer, one.act, case) and _makes_sense(uow, officer, case, one)]


def _makes_sense(uow: UnitOfWork, officer: OfficerRow, case: CaseRow, command: Command) -> bool:
    """Tell whether a button is of use, besides being allowed."""
    if command.act is Move.VERIFY:
        return case.checked_at is None
    if command.act is Act.APPROVE:
        return answers.find_proposal(uow, case.report_id) is not None
    if command.name == "jawab" and officer.role is Role.APPROVER:  # decides on what others write
        return False
    if command.act is Act.TAKE:
        return (
            case.due_on is not None and case.officer_id != officer.id and officer.role is not Role.COORDINATOR
        )
    if case.state is CaseState.ARCHIVED:
        return case.appealed_at is not None
    return True
