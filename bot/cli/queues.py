"""`kanal inbox` and `kanal outbox`: what failed or waits, and trying it again."""

from statistics import median
from typing import Annotated

import typer

from bot.cli.common import AsJson, database, print_rows, writing
from bot.clock import SystemClock
from bot.inbox import retry_failure
from bot.opening import CannotStart, require_schema, require_service
from storage.queries import inbox, outbox, sent
from storage.vocabulary import OutboundState, Priority

inbox_app = typer.Typer(help="Messages that came in.", no_args_is_help=True)
outbox_app = typer.Typer(help="Messages to be sent.", no_args_is_help=True)
#: larger numbers no database of ours holds
MOST = 2**31 - 1
Ids = Annotated[
    list[int] | None, typer.Argument(min=1, max=MOST, help="Ids as listed; all of them if left out.")
]


@inbox_app.command("failures")
def failures(
    as_json: AsJson = False,
    with_traceback: Annotated[
        bool, typer.Option("--traceback", help="Show where it failed; may hold what people wrote.")
    ] = False,
) -> None:
    """List messages whose handling failed; never what they say, unless asked to."""
    with database() as one:
        require_schema(one)
        with one.reading() as uow:
            found = inbox.list_failures(uow)
    rows = [
        {"id": f.id, "channel": f.channel, "error": f.error, "attempts": f.attempts, "failed_at": f.failed_at}
        | ({"traceback": f.traceback} if with_traceback and as_json else {})
        for f in found
    ]
    print_rows(rows, as_json=as_json, empty="no failures: every message was handled")
    if with_traceback and not as_json:  # a column of a table would cut it to pieces
        for failure in found:
            print(f"\n{failure.id}:\n{failure.traceback}")


@inbox_app.command("retry")
def retry_inbox(ids: Ids = None) -> None:
    """Handle failed messages again, each in a transaction of its own; ends with 1 when one fails again."""
    now = SystemClock().now()
    with database() as one:
        service = require_service(one)
        with one.reading() as uow:
            wanted = [f for f in inbox.list_failures(uow) if not ids or f.id in ids]
        _require_all(ids, {failure.id for failure in wanted})
        failed = 0
        for failure in wanted:
            with writing(one) as uow:
                error = retry_failure(uow, service, failure, now)
            print(f"{failure.id}: {f'failed again ({error})' if error else 'handled'}")
            failed += error is not None
    if not wanted:
        print("nothing to retry")
    if failed:
        raise typer.Exit(1)


@outbox_app.command("list")
def list_outbox(
    state: Annotated[
        list[OutboundState] | None,
        typer.Option(help="pending, leased, sent or dead; open and dead if left out."),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=MOST, help="At most so many, oldest first.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List messages that wait or were given up; never what they say or to whom."""
    states = state or [OutboundState.PENDING, OutboundState.LEASED, OutboundState.DEAD]
    with database() as one:
        require_schema(one)
        with one.reading() as uow:
            found = outbox.list_waiting(uow, states, limit)
    rows = [
        {name: getattr(message, name) for name in outbox.Waiting.__slots__}
        | {"priority": Priority(message.priority).name.lower()}
        for message in found
    ]
    print_rows(rows, as_json=as_json, empty="nothing waits and nothing was given up")


@outbox_app.command("retry")
def retry_outbox(ids: Ids = None) -> None:
    """Queue given-up messages anew."""
    with database() as one:
        require_schema(one)
        with writing(one) as uow:
            count = outbox.retry_dead(uow, ids, SystemClock().now())
    if ids and not count:
        raise CannotStart("no message with such an id was given up; see `kanal outbox list --state dead`")
    print(f"{count} queued again" if count else "nothing to retry: no message was given up")


def _require_all(ids: list[int] | None, found: set[int]) -> None:
    missing = sorted(set(ids or ()) - found)
    if missing:
        raise CannotStart(f"no failure with id {', '.join(map(str, missing))}; see `kanal inbox failures`")


@outbox_app.command("parts")
def parts(
    reports: Annotated[
        int, typer.Option(min=1, max=MOST, help="Look at so many of the newest reports.")
    ] = 1000,
    as_json: AsJson = False,
) -> None:
    """Show how many SMS parts reports cost, from the first answer on; parts are what providers charge."""
    with database() as one:
        require_schema(one)
        with one.reading() as uow:
            counts = sent.parts_of_reports(uow, reports)
    rows: list[dict[str, object]] = []
    if counts:
        rows = [{"reports": len(counts), "median": median(counts), "most": max(counts), "total": sum(counts)}]
    print_rows(rows, as_json=as_json, empty="no report was answered by SMS yet")
