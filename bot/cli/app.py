"""The command line: parse, build, call. Each command stands in a file named after it."""

import sys
from importlib.metadata import version
from typing import Annotated

import typer

from bot.cli import audit, chat, demo, doctor, export, jobs, keys, officer, poster, queues, run, setup
from bot.deployment_file import DeploymentError
from bot.opening import CannotStart
from bot.settings import SettingsError

app = typer.Typer(
    help="A complaint channel that a local government runs: Telegram, SMS, terminal.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"kanal {version('kanal')}")
        raise typer.Exit


@app.callback()
def _options(
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


app.command("run")(run.run)
app.command("chat")(chat.chat)
app.command("demo")(demo.demo)
app.command("migrate")(setup.migrate)
app.command("setup")(setup.setup)
app.command("doctor")(doctor.doctor)
app.command("export")(export.export)
app.command("poster")(poster.poster)
app.add_typer(officer.officer_app, name="officer")
app.add_typer(queues.inbox_app, name="inbox")
app.add_typer(queues.outbox_app, name="outbox")
app.add_typer(jobs.jobs_app, name="jobs")
app.add_typer(audit.audit_app, name="audit")
app.add_typer(keys.keys_app, name="keys")


def main() -> None:
    """Run a command; what an operator can mend is said in a line each, without a traceback."""
    try:
        app()
    except (CannotStart, SettingsError, DeploymentError) as error:
        for line in str(error).splitlines():
            print(f"kanal: {line}", file=sys.stderr)
        sys.exit(1)
