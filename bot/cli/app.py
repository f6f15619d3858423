"""The command line: parse, build, call. Each command stands in a file of its own, which is read when it is called."""

import gc
import os
import re
import sys
from collections.abc import Collection, Mapping
from importlib import import_module
from importlib.metadata import version
from typing import Annotated, NamedTuple

import typer

from bot.lean import without_rich
from bot.mistakes import Mistake


class Command(NamedTuple):
    """A function or a group of further commands, in a module of `bot.cli`; `help` is how its docstring begins."""

    module: str
    name: str
    help: str


COMMANDS: Mapping[str, Command] = {
    "run": Command("run", "run", "Serve every channel that is set up, until stopped with Ctrl-C or SIGTERM."),
    "chat": Command(
        "chat",
        "chat",
        "Report something in the terminal: the same conversation as on Telegram, with the same database.",
    ),
    "demo": Command(
        "demo", "demo", "Print a story that the program plays now, on an empty database of its own."
    ),
    "migrate": Command("setup", "migrate", "Bring the database to the schema of this release."),
    "setup": Command(
        "setup", "setup", "Check a deployment file and load it; may be repeated after every change."
    ),
    "doctor": Command(
        "doctor",
        "doctor",
        "Check settings, keys, database, deployment file, calendar and providers; ends with 1 when one is at fault.",
    ),
    "export": Command(
        "export",
        "export",
        "Write the reports of a time into a file: without names and words, but for the format jsonl.",
    ),
    "poster": Command(
        "poster",
        "poster",
        "Write a poster (A4) and a sheet of wallet cards, ready to print: open the file in a browser, and print it.",
    ),
    "officer": Command(
        "officer", "officer_app", "Officers: inviting, listing, suspending. Names are shown here."
    ),
    "inbox": Command("queues", "inbox_app", "Messages that came in."),
    "outbox": Command("queues", "outbox_app", "Messages to be sent."),
    "jobs": Command("jobs", "jobs_app", "What the clock does."),
    "audit": Command("audit", "audit_app", "Check the history of the cases."),
    "keys": Command("keys", "keys_app", "Data keys."),
    "backup": Command(
        "backup",
        "backup",
        "Write database and files into one .tar archive, while `kanal run` serves; without the data keys.",
    ),
}


def command_line(called: Collection[str] = frozenset(COMMANDS)) -> typer.Typer:
    """Return the commands; those that are not `called` have a name and an explanation, which is all --help needs."""
    app = typer.Typer(
        help="A complaint channel that a local government runs: Telegram, SMS, terminal.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    app.callback()(_options)
    for name, command in COMMANDS.items():
        if name not in called:
            app.command(name, help=command.help)(_nothing)
            continue
        with without_rich():
            import_module("structlog")
        found = getattr(import_module(f"bot.cli.{command.module}"), command.name)
        if isinstance(found, typer.Typer):
            app.add_typer(found, name=name)
        else:
            app.command(name)(found)
    return app


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"kanal {version('kanal')}")
        raise typer.Exit


def _options(
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


def _nothing() -> None:
    pass


def main() -> None:
    """Run a command; what an operator can mend is said in a line each, without a traceback or a usage."""
    # Nothing that is made by reading modules is ever garbage; to look for some took 0.4 s of 1.8 (27 November 2026).
    gc.disable()
    app = command_line([word for word in sys.argv[1:] if not word.startswith("-")][:1])
    gc.freeze()
    gc.enable()
    try:
        code = app(standalone_mode=False)
        print(end="", flush=True)  # that it cannot be written is noticed now
        sys.exit(code)
    except typer.TyperException as error:
        if said := _in_a_line(error.format_message()):  # nothing: help was asked for and is shown
            print(f"kanal: {said} (--help tells more)", file=sys.stderr)
        sys.exit(error.exit_code)
    except Mistake as error:
        for line in str(error).splitlines():
            print(f"kanal: {line}", file=sys.stderr)
        sys.exit(1)
    except OSError as error:  # a full disk, a file that is not for this user
        if error.errno is None:  # a fault of ours
            raise
        # What is left would be tried again at the end, and told in lines of Python's.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        if not isinstance(error, BrokenPipeError):  # else nobody reads any further
            where = f"{error.filename}: " if error.filename else ""
            print(f"kanal: {where}{error.strerror}; mend that, then run it again", file=sys.stderr)
        sys.exit(1)


def _in_a_line(said: str) -> str:
    """Return what Typer says of arguments, without what only speaks of its inside."""
    line = " ".join(said.split()).removesuffix(".")
    line = re.sub(r"(Value error, |, unable to parse .*| \(<class .*)", "", line)
    return line.replace("Input should be", "expected").replace("Invalid value for", "wrong value for")
