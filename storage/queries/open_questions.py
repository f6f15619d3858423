"""What a person's own reports wait for: found by the rows, so that nothing has to be remembered in a conversation."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, or_, select

from storage.db import UnitOfWork
from storage.models import Case, Rating, Report, ReportFollower, table
from storage.queries.conversations import Contact
from storage.vocabulary import CaseState

REPORT, CASE, FOLLOWER, RATING = table(Report), table(Case), table(ReportFollower), table(Rating)


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A report whose reporter has something to say."""

    report_id: int
    number: str
    category_code: str
    area_code: str | None
    state: CaseState
    #: something is asked that any words answer
    is_asked: bool
    #: this solution has its stars
    is_rated: bool
    #: its reporter may say whether the Ombudsman gets it; said already
    is_offered: bool
    is_agreed: bool


def list_open(uow: UnitOfWork, contact: Contact, settled_since: datetime) -> list[OpenQuestion]:
    """Return reports of this person, or followed from here, that wait for a word; newest first.

    Those settled since then as well, which may be rated or opened again.
    """
    given = {"reporter": contact.reporter_id, "address": contact.address_id, "since": settled_since}
    return [
        OpenQuestion(
            row.id,
            row.number,
            row.category_code,
            row.area_code,
            CaseState(row.state),
            bool(row.is_asked),
            bool(row.is_rated),
            bool(row.is_offered),
            bool(row.is_agreed),
        )
        for row in uow.connection.execute(_OPEN, given)
    ]


def _open() -> Select[*tuple[Any, ...]]:
    own = select(REPORT.c.id).where(REPORT.c.reporter_id == bindparam("reporter"))
    followed = select(FOLLOWER.c.report_id).where(FOLLOWER.c.address_id == bindparam("address"))
    is_settled = CASE.c.state == CaseState.SETTLED.value
    is_offered = and_(CASE.c.offered_at.is_not(None), CASE.c.closed_at.is_(None))
    rated = select(RATING.c.stars).where(
        RATING.c.report_id == CASE.c.report_id, RATING.c.round == CASE.c.reopenings
    )
    return (
        select(
            REPORT.c.id,
            REPORT.c.number,
            REPORT.c.category_code,
            REPORT.c.area_code,
            CASE.c.state,
            CASE.c.asked_at.is_not(None).label("is_asked"),
            rated.exists().label("is_rated"),
            is_offered.label("is_offered"),
            CASE.c.consented_at.is_not(None).label("is_agreed"),
        )
        .join(CASE, CASE.c.report_id == REPORT.c.id)
        .where(
            REPORT.c.id.in_(own.union(followed)),
            or_(
                CASE.c.state == CaseState.ANSWERED.value,
                CASE.c.asked_at.is_not(None),
                is_offered,
                and_(is_settled, CASE.c.closed_at >= bindparam("since")),
            ),
        )
        .order_by(REPORT.c.id.desc())
    )


_OPEN = _open()
