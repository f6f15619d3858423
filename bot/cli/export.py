"""`kanal export`: the reports as a table, a workbook, or whole."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import IO, Annotated, Final, assert_never

import typer

from bot.cli.common import YEARS, database, whole_file
from bot.clock import SystemClock
from bot.exhibits import write_workbook
from bot.opening import CannotStart, require_service
from bot.sheets import TooMuch, write_csv
from handlers.breakdown import breakdown
from handlers.exports import records
from handlers.figures import table
from handlers.messages import Exhibit, Made
from handlers.service import Service
from storage.db import UnitOfWork
from storage.vocabulary import Language

#: before any report
START: Final = "2000-01-01"
EXAMPLE: Final = "2026-08-31"
WARNING: Final = "holds personal data: what people wrote, and where; keep it as you keep the database"


class Format(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"
    JSONL = "jsonl"
    #: by agency, category, district and channel, as CSV
    FIGURES = "figures"


def export(
    form: Annotated[
        Format,
        typer.Option("--format", help="A table, a workbook, everything in lines of JSON, or the figures."),
    ] = Format.CSV,
    since: Annotated[
        str, typer.Option(metavar="DAY", help=f"Filed on this day or later, such as {EXAMPLE}.")
    ] = START,
    until: Annotated[
        str | None, typer.Option(metavar="DAY", help="Filed on this day or before; today if left out.")
    ] = None,
    agency: Annotated[
        str | None, typer.Option(help="Code of the agency that has them; all if left out.")
    ] = None,
    output: Annotated[Path | None, typer.Option(help="Into this file; standard output if left out.")] = None,
) -> None:
    """Write the reports of a time into a file: without names and words, but for the format jsonl."""
    if form is Format.XLSX and output is None:
        raise CannotStart("--format xlsx: name a file: --output laporan.xlsx")
    now = SystemClock().now()
    with database() as one:
        service = require_service(one)
        last = _day("--until", until) if until else service.local_day(now)
        made = _made(service, agency, _day("--since", since), last)
        if form is Format.JSONL:
            print(f"kanal: {output or 'this'} {WARNING}", file=sys.stderr)
        with _opened(output) as file, one.reading() as uow:
            try:
                _write(file, form, uow, service, made, now=now)
            except TooMuch:
                raise CannotStart(
                    "more reports than a sheet holds: choose a shorter time or another format"
                ) from None


def _day(option: str, text: str) -> date:
    with suppress(ValueError):
        day = date.fromisoformat(text)
        if day.year in YEARS:
            return day
    raise CannotStart(f"{option} {text}: expected a day such as {EXAMPLE}")


def _made(service: Service, agency: str | None, since: date, until: date) -> Made:
    code = agency.upper() if agency else None
    codes = [one.code for one in service.deployment.agencies]
    if code is not None and code not in codes:
        raise CannotStart(f"--agency {agency}: there is none; there are {', '.join(codes)}")
    if until < since:
        raise CannotStart(f"--until {until}: is before --since {since}")
    return Made(Exhibit.WORKBOOK, code, since, until, Language.INDONESIAN, is_oversight=None)


def _write(
    file: IO[bytes], form: Format, uow: UnitOfWork, service: Service, made: Made, *, now: datetime
) -> None:
    match form:
        case Format.CSV:
            write_csv(file, table(uow, service, made))
        case Format.XLSX:
            write_workbook(file, uow, service, made, now)
        case Format.FIGURES:
            write_csv(file, ([str(cell) for cell in row] for row in breakdown(uow, service, made, now)))
        case Format.JSONL:
            file.writelines(
                json.dumps(record, ensure_ascii=False).encode() + b"\n"
                for record in records(uow, service, made)
            )
        case _:
            assert_never(form)


@contextmanager
def _opened(path: Path | None) -> Iterator[IO[bytes]]:
    """Open a file for its owner alone that is there once it is whole, or standard output. Raises CannotStart."""
    if path is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    if path.exists() and not path.is_file():
        raise CannotStart(f"{path}: not a file; leave --output out, or name one that can be written")
    with whole_file(path) as file:
        yield file
