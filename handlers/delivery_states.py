"""Delivery reports: late, twice, out of order, one for each part of a long message, or never."""

from dataclasses import dataclass
from typing import Final

from storage.vocabulary import DeliveryState

#: how far on the way; both ends of it are equally final
_RANKS: Final = {
    None: 0,
    DeliveryState.ACCEPTED: 1,
    DeliveryState.SENT: 2,
    DeliveryState.DELIVERED: 3,
    DeliveryState.FAILED: 3,
}


@dataclass(frozen=True, slots=True)
class Advance:
    """Where a message stands after a report."""

    state: DeliveryState
    #: the report brought it there; False: it said nothing new
    has_moved: bool
    #: the report says it failed after all: kept as a note, as the person may well have read it
    is_late_failure: bool = False


def advance(old: DeliveryState | None, new: DeliveryState) -> Advance:
    """Return where a message that stood at `old` (None: no report yet) stands after a report of `new`.

    Never a step back. What is delivered stays so; what failed stays so too, as the success that follows may
    be another part's. Source: Twilio's guide "Outbound message logging", read in November 2026.
    """
    if old is None or _RANKS[new] > _RANKS[old]:
        return Advance(new, has_moved=True)
    is_late = old is DeliveryState.DELIVERED and new is DeliveryState.FAILED
    return Advance(old, has_moved=False, is_late_failure=is_late)
