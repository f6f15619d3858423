"""`kanal audit`: does the history of the cases hold together?"""

import typer

from bot.cli.common import AsJson, counted, database, print_rows
from bot.opening import require_schema
from storage.queries import audit, cases

audit_app = typer.Typer(help="Check the history of the cases.", no_args_is_help=True)


@audit_app.callback()
def _group() -> None:
    pass


@audit_app.command("verify")
def verify(as_json: AsJson = False) -> None:
    """Check every case's chain of events; ends with 1 when one is broken."""
    with database() as one:
        require_schema(one)
        with one.reading() as uow:
            broken = list(audit.verify_history(uow))
            count = cases.count_reports(uow)
    rows = [{"number": link.number, "event": link.seq, "fault": link.why} for link in broken]
    print_rows(rows, as_json=as_json, empty=f"{counted(count, 'report')}: every history holds together")
    if broken:
        raise typer.Exit(1)
