"""Reports in a program's own database, whose pages can be looked at."""

from bot.links import page_path
from handlers import moves
from handlers.service import Service
from storage.vocabulary import CaseState
from tests.acceptance.program import Program, database_of
from tests.deployment import sekadau
from tests.office import SOLUTION, Office

ANSWERED, SECRET = "7341917", "5200842"


def put_reports(program: Program) -> dict[str, str]:
    """Put in one that is answered and one that is secret; returns the addresses of their pages by number."""
    with database_of(program.env) as database:
        office = Office(database, Service.of(sekadau())).open()
        answered = office.files(number=ANSWERED, is_secret=False)
        office.does("rima", moves.verify, on=answered)
        office.disposed(on=answered).does("budi", moves.start, "regu berangkat besok", on=answered)
        office.does("budi", moves.answer, SOLUTION, on=answered)
        assert office.case(answered).state is CaseState.ANSWERED
        office.files(number=SECRET)
        return {number: page_path(database.vault, number) for number in (ANSWERED, SECRET)}
