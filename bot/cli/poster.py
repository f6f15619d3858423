"""`kanal poster`: what to print and hang up, so that people know where to write to."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.common import settings_with_logs
from bot.deployment_file import read_deployment
from bot.opening import CannotStart
from bot.poster import print_sheets
from handlers.deployment import Deployment
from handlers.deployment_parts import Agency, Area
from handlers.service import Service
from storage.vocabulary import Language


def poster(
    output: Annotated[Path, typer.Option(help="Into this HTML file; print it at 100 %.")] = Path(
        "poster.html"
    ),
    area: Annotated[
        str,
        typer.Option(
            help="Name or code of the desa or kecamatan where it is to hang; the code tells it to the bot."
        ),
    ] = "",
    agency: Annotated[str, typer.Option(help="Code of the agency it is to hang in.")] = "",
    language: Annotated[
        Language | None, typer.Option(help="What it is written in; the deployment's first if left out.")
    ] = None,
) -> None:
    """Write a poster (A4) and a sheet of wallet cards, ready to print: open the file in a browser, and print it."""
    settings = settings_with_logs()
    deployment = read_deployment(settings.deployment)
    _require_contact(deployment, settings.deployment)
    page = print_sheets(
        Service.of(deployment),
        language or deployment.default_language,
        _area(deployment, area.strip()) if area else None,
        _agency(deployment, agency.strip().upper()) if agency else None,
    )
    try:
        output.write_text(page, encoding="utf-8")
    except OSError as error:
        raise CannotStart(f"--output {output}: {error.strerror}; name a file that can be written") from error
    print(
        f"{output}: a poster and a sheet of cards; open it in a browser and print it at 100 %, without margins"
    )


def _require_contact(deployment: Deployment, file: Path) -> None:
    """Tell what the poster does without. Raises CannotStart where nobody could write to us."""
    contact = deployment.contact
    missing = [
        name for name, value in (("telegram", contact.telegram), ("sms", contact.sms)) if value is None
    ]
    advice = f"put {' and '.join(missing)} under contact: in {file}"
    if len(missing) == 2:
        raise CannotStart(f"neither a bot nor a number to name on a poster; {advice}")
    if missing:
        print(f"kanal: the poster does without {missing[0]}; to name it, {advice}", file=sys.stderr)


def _area(deployment: Deployment, wanted: str) -> Area:
    found = [one for one in deployment.areas if wanted.casefold() in (one.code, one.name.casefold())]
    if len(found) == 1:
        return found[0]
    if found:
        raise CannotStart(f"--area {wanted}: name one by its code: {', '.join(one.code for one in found)}")
    raise CannotStart(
        f"--area {wanted}: no such desa or kecamatan; its name or code stands in the table of areas"
    )


def _agency(deployment: Deployment, wanted: str) -> Agency:
    known = deployment.agency_by_code
    if wanted not in known:
        raise CannotStart(f"--agency {wanted}: expected one of {', '.join(sorted(known))}")
    return known[wanted]
