"""What officers want to be reminded of themselves."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, delete, insert, select

from storage.db import UnitOfWork
from storage.models import OwnReminder, table

OWN = table(OwnReminder)


@dataclass(frozen=True, slots=True)
class Own:
    report_id: int
    officer_id: int


_OWN = select(OWN.c.due_on).where(
    OWN.c.report_id == bindparam("report"), OWN.c.officer_id == bindparam("officer")
)


def save_own(uow: UnitOfWork, report_id: int, officer_id: int, due_on: date, now: datetime) -> None:
    """Keep the day of an officer's reminder of a report, in the place of an earlier one."""
    delete_own(uow, report_id, officer_id)
    uow.connection.execute(
        insert(OWN).values(report_id=report_id, officer_id=officer_id, due_on=due_on, created_at=now)
    )


def delete_own(uow: UnitOfWork, report_id: int, officer_id: int) -> None:
    uow.connection.execute(delete(OWN).where(OWN.c.report_id == report_id, OWN.c.officer_id == officer_id))


def find_own(uow: UnitOfWork, report_id: int, officer_id: int) -> date | None:
    """Return the day an officer is to be reminded of a report."""
    wanted = {"report": report_id, "officer": officer_id}
    return uow.connection.execute(_OWN, wanted).scalar_one_or_none()


def list_own_due(uow: UnitOfWork, today: date, limit: int) -> list[Own]:
    """Return reminders whose day has come, the longest due first, locked."""
    query = (
        select(OWN.c.report_id, OWN.c.officer_id)
        .where(OWN.c.due_on <= today)
        .order_by(OWN.c.due_on, OWN.c.report_id, OWN.c.officer_id)
        .limit(limit)
    )
    if uow.locks_rows:
        query = query.with_for_update(skip_locked=True)
    return [Own(*row) for row in uow.connection.execute(query)]
