"""Files made as their message leaves: figures as a picture, reports as a workbook."""

import io
from collections.abc import Callable
from datetime import datetime
from typing import IO, assert_never

from bot.channels.base import OutFile
from bot.sheets import XLSX, write_xlsx
from handlers.breakdown import breakdown
from handlers.figures import gather, table
from handlers.figures_wording import SHEETS
from handlers.messages import Exhibit, Made
from handlers.service import Service
from storage.db import Database, UnitOfWork


class Exhibits:
    """Makes what `Reply.made` asks for. Reads the database: for worker threads."""

    def __init__(self, database: Database, service: Service, now: Callable[[], datetime]) -> None:
        self._database = database
        self._service = service
        self._now = now

    def make(self, made: Made) -> OutFile:
        whose = (made.agency_code or "kanal").lower()
        name = f"{whose}-{made.since}-{made.until}"
        with self._database.reading() as uow:
            match made.exhibit:
                case Exhibit.FIGURES:
                    from bot.drawing import draw  # noqa: PLC0415 - Pillow: 4 MiB, until a picture is asked for

                    figures = gather(uow, self._service, made, self._now())
                    return OutFile(f"rekap-{name}.png", "image/png", draw(figures))
                case Exhibit.WORKBOOK:
                    file = io.BytesIO()
                    write_workbook(file, uow, self._service, made, self._now())
                    return OutFile(f"laporan-{name}.xlsx", XLSX, file.getvalue())
                case _:
                    assert_never(made.exhibit)


def write_workbook(file: IO[bytes], uow: UnitOfWork, service: Service, made: Made, now: datetime) -> None:
    """Write the reports of a time and their figures, a sheet each."""
    voice = service.voice(made.language)
    reports, numbers = map(voice.text, SHEETS)
    write_xlsx(file, {reports: table(uow, service, made), numbers: breakdown(uow, service, made, now)})
