"""How often people ask for a person, file reports and add to them."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, insert, select

from storage.db import UnitOfWork
from storage.models import CaseEvent, HumanRequest, Report, table
from storage.vocabulary import EventKind

HUMAN, REPORT, EVENT = table(HumanRequest), table(Report), table(CaseEvent)
#: so long whoever asks again is already being seen to
PATIENCE = timedelta(days=1)


def request_human(uow: UnitOfWork, address_id: int, now: datetime) -> bool:
    """Note that somebody needs a person; False when that was noted less than a day ago."""
    lately = select(HUMAN.c.id).where(HUMAN.c.address_id == address_id, HUMAN.c.created_at > now - PATIENCE)
    if uow.connection.execute(lately.limit(1)).first() is not None:
        return False
    uow.connection.execute(insert(HUMAN).values(address_id=address_id, created_at=now))
    return True


def count_lately(uow: UnitOfWork, since: datetime) -> int:
    """Return how often somebody has asked for a person since."""
    query = select(func.count()).select_from(HUMAN).where(HUMAN.c.created_at > since)
    return uow.connection.execute(query).scalar_one()


_FILED_SINCE = select(func.count()).where(
    REPORT.c.reporter_id == bindparam("reporter"), REPORT.c.filed_at >= bindparam("since")
)
_ADDED_SINCE = select(func.count()).where(
    EVENT.c.report_id == bindparam("report"),
    EVENT.c.kind.in_((EventKind.ADDED.value, EventKind.CORRECTED.value)),
    EVENT.c.at >= bindparam("since"),
)


def count_filed(uow: UnitOfWork, reporter_id: int, since: datetime) -> int:
    """Return how many reports a person has filed since then."""
    return uow.connection.execute(_FILED_SINCE, {"reporter": reporter_id, "since": since}).scalar_one()


def count_additions(uow: UnitOfWork, report_id: int, since: datetime) -> int:
    """Return how often its reporter has added to a report since then."""
    return uow.connection.execute(_ADDED_SINCE, {"report": report_id, "since": since}).scalar_one()
