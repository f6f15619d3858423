"""Deadlines: how many working days each clock gives. The policy in force is stored with each case."""

from handlers.deployment import Deadlines


def policy_of(deadlines: Deadlines) -> str:
    """Return the policy as the row of a case holds it: a later change of settings rewrites no promise."""
    return deadlines.model_dump_json()


def read_policy(stored: str) -> Deadlines:
    """Return a stored policy; clocks that came later have their defaults."""
    return Deadlines.model_validate_json(stored)
