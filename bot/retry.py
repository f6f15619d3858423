"""What to do after a message could not be sent: a function of values."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from storage.vocabulary import Fault

FIRST_DELAY = timedelta(seconds=2)
LONGEST_DELAY = timedelta(minutes=10)
#: an operator has to act; asking every few seconds would not help
MISCONFIGURED_DELAY = timedelta(minutes=5)
#: older messages have lost their meaning (Telegram keeps ours no longer than a day either)
MAX_AGE = timedelta(days=3)
#: if the provider names no time
THROTTLED_DELAY = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Again:
    due_at: datetime


@dataclass(frozen=True, slots=True)
class GiveUp:
    #: the address itself cannot be reached, whatever the message
    is_unreachable: bool


def decide(
    fault: Fault, *, attempts: int, retry_after: timedelta | None, created_at: datetime, now: datetime
) -> Again | GiveUp:
    """Return when to try again, or that it is over. `attempts` includes the one that failed."""
    match fault:
        case Fault.BLOCKED:
            return GiveUp(is_unreachable=True)
        case Fault.REJECTED:
            return GiveUp(is_unreachable=False)
        case Fault.THROTTLED:
            delay = retry_after or THROTTLED_DELAY
        case Fault.UNREACHABLE:
            delay = min(FIRST_DELAY * 2 ** min(attempts - 1, 20), LONGEST_DELAY)
        case Fault.MISCONFIGURED:
            delay = MISCONFIGURED_DELAY
        case _:
            assert_never(fault)
    if now + delay - created_at > MAX_AGE:
        return GiveUp(is_unreachable=False)
    return Again(now + delay)
