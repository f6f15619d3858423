"""A table of what reports do to each other."""

from itertools import permutations

import pytest

from handlers.delivery_states import Advance, advance
from storage.vocabulary import DeliveryState

ACCEPTED, SENT, DELIVERED, FAILED = DeliveryState

#: from (row) → report (column); "+" moves there, "." stays, "!" stays with a note
TABLE = {
    None: "++++",
    ACCEPTED: ".+++",
    SENT: "..++",
    DELIVERED: "...!",
    FAILED: "....",
}


@pytest.mark.parametrize("old", TABLE)
@pytest.mark.parametrize("new", DeliveryState)
def test_table(old: DeliveryState | None, new: DeliveryState) -> None:
    """A report moves a message on, never back; a failure after the delivery is noted."""
    sign = TABLE[old][list(DeliveryState).index(new)]
    state = new if sign == "+" or old is None else old
    assert advance(old, new) == Advance(state, has_moved=sign == "+", is_late_failure=sign == "!")


@pytest.mark.parametrize("reports", list(permutations([ACCEPTED, SENT, DELIVERED])))
def test_any_order(reports: tuple[DeliveryState, ...]) -> None:
    """Reports of one success come to the same in any order."""
    state = None
    for report in reports:
        state = advance(state, report).state
    assert state is DELIVERED


def test_part_that_failed() -> None:
    """Of a message in parts, one part's success does not hide another's failure."""
    state = advance(advance(SENT, FAILED).state, DELIVERED).state
    assert state is FAILED


@pytest.mark.parametrize("state", DeliveryState)
def test_twice(state: DeliveryState) -> None:
    """A report that comes again changes nothing."""
    assert advance(state, state) == Advance(state, has_moved=False)
