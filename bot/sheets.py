"""Rows as files that spreadsheets open; nothing in a cell is ever run as a formula."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import IO, Final

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: what a text begins with that a spreadsheet would run (OWASP, "CSV Injection")
_ACTIVE: Final = ("=", "+", "-", "@", "\t", "\r")
#: characters of a column
_WIDTH: Final = 22


class TooMuch(Exception):  # noqa: N818 - it names a state of affairs
    """A sheet holds 1,048,576 rows and no more."""


def write_csv(file: IO[bytes], rows: Iterable[Sequence[str]]) -> None:
    """Write a table as spreadsheets open it: with the mark by which Excel knows UTF-8."""
    text = io.TextIOWrapper(file, "utf-8-sig", newline="")
    csv.writer(text).writerows([_harmless(cell) for cell in row] for row in rows)
    text.detach()


def write_xlsx(file: IO[bytes], sheets: Mapping[str, Iterable[Sequence[str | float]]]) -> None:
    """Write sheets by name, a row at a time: memory does not grow with them. Raises TooMuch."""
    from xlsxwriter import Workbook  # noqa: PLC0415 - 2 MiB, until a workbook is asked for

    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(file, {"constant_memory": True, **plain}) as book:
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, 40, _WIDTH)
            for number, row in enumerate(rows):
                if sheet.write_row(number, 0, row, None if number else head):
                    raise TooMuch


def _harmless(cell: str) -> str:
    """Return a text behind an apostrophe where it would be run; XLSX has a type for texts instead."""
    return f"'{cell}" if cell.startswith(_ACTIVE) else cell
