"""Deadlines: how many working days each clock gives. The policy in force is stored with each case."""

from typing import assert_never

from handlers.deployment_parts import Deadlines
from storage.vocabulary import Clock, ReportType


def policy_of(deadlines: Deadlines) -> str:
    """Return the policy as the row of a case holds it: a later change of settings rewrites no promise."""
    return deadlines.model_dump_json()


def read_policy(stored: str) -> Deadlines:
    """Return a stored policy; clocks that came later have their defaults."""
    return Deadlines.model_validate_json(stored)


def days_of(policy: Deadlines, clock: Clock, type_: ReportType) -> int:
    """Return how many working days a clock gives (docs/rules.md, Deadlines; D1 to D7)."""
    match clock:
        case Clock.CHECK:
            return policy.check
        case Clock.FIRST_ANSWER:
            return policy.first_answer
        case Clock.SETTLE:
            return days_to_settle(policy, type_)
        case Clock.CITIZEN_REPLY:
            return policy.citizen_reply
        case Clock.CITIZEN_DATA:
            return policy.citizen_data
        case Clock.OUTSIDE:  # none is known of others: asked after when ours would be over
            return policy.settle_complaint
        case _:
            assert_never(clock)


def days_to_settle(policy: Deadlines, type_: ReportType) -> int:
    match type_:
        case ReportType.INFORMATION:
            return policy.settle_information
        case ReportType.COMPLAINT:
            return policy.settle_complaint
        case ReportType.OVERSIGHT:
            return policy.settle_oversight
        case ReportType.ASPIRATION:
            return policy.settle_aspiration
        case _:
            assert_never(type_)
