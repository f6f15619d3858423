"""Whether somebody is there for what comes in: a coordinator who checks it, and each agency's own people."""

from dataclasses import dataclass

from handlers.deployment import Deployment
from storage.db import UnitOfWork
from storage.queries.officers import list_posts
from storage.vocabulary import Role


@dataclass(frozen=True, slots=True)
class Staffing:
    has_coordinator: bool
    #: codes of agencies of this government of which nobody can be reached
    without: list[str]


def staffing(uow: UnitOfWork, deployment: Deployment) -> Staffing:
    """Return who is missing; the inspectorate's people have a role of their own."""
    posts = list_posts(uow)
    integrity = deployment.integrity.agency
    there = {
        agency
        for role, agency in posts
        if role is (Role.INSPECTORATE if agency == integrity else Role.LIAISON)
    }
    inside = [one.code for one in deployment.agencies if not one.is_outside]
    return Staffing(
        has_coordinator=any(role is Role.COORDINATOR for role, _ in posts),
        without=[code for code in inside if code not in there],
    )
