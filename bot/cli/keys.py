"""`kanal keys`: the data keys."""

import typer

from storage.crypto import new_key

keys_app = typer.Typer(help="Data keys.", no_args_is_help=True)


@keys_app.callback()
def _group() -> None:
    pass


@keys_app.command("new")
def new() -> None:
    """Print a fresh key for DATA_KEYS."""
    print(new_key())
