"""Answers that wait for a second person, and how reporters judge the solutions."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select

from storage.db import UnitOfWork
from storage.models import ProposedAnswer, Rating, table

PROPOSED, RATING = table(ProposedAnswer), table(Rating)


@dataclass(frozen=True, slots=True)
class Proposed:
    #: who wrote it
    officer_id: int
    #: handlers.moves.Solution as JSON
    answer: str


_PROPOSAL = select(PROPOSED).where(PROPOSED.c.report_id == bindparam("report"))
_DROP = delete(PROPOSED).where(PROPOSED.c.report_id == bindparam("report"))
_RATINGS = select(RATING.c.stars).where(RATING.c.report_id == bindparam("report")).order_by(RATING.c.round)


def save_proposal(uow: UnitOfWork, report_id: int, officer_id: int, answer: str, now: datetime) -> None:
    """Keep an answer until it is decided on, in the place of an earlier one."""
    delete_proposal(uow, report_id)
    uow.connection.execute(
        insert(PROPOSED).values(
            report_id=report_id, officer_id=officer_id, answer_sealed=uow.vault.seal(answer), created_at=now
        )
    )


def find_proposal(uow: UnitOfWork, report_id: int) -> Proposed | None:
    row = uow.connection.execute(_PROPOSAL, {"report": report_id}).one_or_none()
    return None if row is None else Proposed(row.officer_id, uow.vault.unseal(row.answer_sealed))


def delete_proposal(uow: UnitOfWork, report_id: int) -> None:
    uow.connection.execute(_DROP, {"report": report_id})


def list_ratings(uow: UnitOfWork, report_id: int) -> list[int]:
    """Return how the reporter judged each solution, oldest first."""
    return list(uow.connection.execute(_RATINGS, {"report": report_id}).scalars())


def insert_rating(uow: UnitOfWork, report_id: int, solution: int, stars: int, now: datetime) -> bool:
    """Keep how the reporter judges a solution; False where that one is judged already."""
    values = {"report_id": report_id, "round": solution, "stars": stars, "created_at": now}
    made = uow.connection.execute(uow.insert_if_new(RATING, RATING.c.stars), values)
    return made.first() is not None
