"""What officers are told from time to time that is about no report."""

from datetime import date

from sqlalchemy import select, update

from storage.db import UnitOfWork
from storage.models import Announcement, table

SAID = table(Announcement)


def find_said_on(uow: UnitOfWork, kind: str) -> date | None:
    """Return when it was said last."""
    return uow.connection.execute(select(SAID.c.said_on).where(SAID.c.kind == kind)).scalar_one_or_none()


def record_said_on(uow: UnitOfWork, kind: str, today: date) -> None:
    values = {"kind": kind, "said_on": today}
    made = uow.connection.execute(uow.insert_if_new(SAID, SAID.c.kind), values)
    if made.first() is None:
        uow.connection.execute(update(SAID).where(SAID.c.kind == kind).values(said_on=today))
