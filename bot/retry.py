"""What to do after a message could not be sent: a function of values."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from storage.vocabulary import Fault

FIRST_DELAY = timedelta(seconds=2)
LONGEST_DELAY = timedelta(minutes=10)
#: an operator has to act; asking every few seconds would not help
MISCONFIGURED_DELAY = timedelta(minutes=5)
#: older messages have lost their meaning
MAX_AGE = timedelta(days=3)
#: if the provider names no time
THROTTLED_DELAY = timedelta(seconds=5)
#: a message that fails so often while others leave is itself at fault, and holds up its address
MAX_ALONE = 8


@dataclass(frozen=True, slots=True)
class Again:
    due_at: datetime


@dataclass(frozen=True, slots=True)
class GiveUp:
    #: the address itself cannot be reached, whatever the message
    is_unreachable: bool


def decide(
    fault: Fault,
    *,
    attempts: int,
    alone: int = 0,
    retry_after: timedelta | None,
    created_at: datetime,
    now: datetime,
) -> Again | GiveUp:
    """Return when to try again, or that it is over.

    `attempts` includes the one that failed; `alone` counts those that failed although others of the channel
    had left since the one before. While the provider is down, messages wait in their order for up to
    MAX_AGE; a single one that cannot be sent makes way after MAX_ALONE such failures, about ten minutes.
    """
    match fault:
        case Fault.BLOCKED:
            return GiveUp(is_unreachable=True)
        case Fault.REJECTED:
            return GiveUp(is_unreachable=False)
        case Fault.THROTTLED:
            delay = retry_after or THROTTLED_DELAY
        case Fault.UNREACHABLE:
            delay = max(retry_after or timedelta(), _backoff(attempts))
        case Fault.MISCONFIGURED:
            delay = MISCONFIGURED_DELAY
        case _:
            assert_never(fault)
    stands_alone = fault is Fault.UNREACHABLE and alone >= MAX_ALONE
    if stands_alone or now + delay - created_at > MAX_AGE:
        return GiveUp(is_unreachable=False)
    return Again(now + delay)


def _backoff(attempts: int) -> timedelta:
    doublings = min(max(attempts - 1, 0), 20)
    return min(FIRST_DELAY * (1 << doublings), LONGEST_DELAY)
