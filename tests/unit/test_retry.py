"""What is done after a message could not be sent."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.retry import LONGEST_DELAY, MAX_AGE, MAX_ALONE, MISCONFIGURED_DELAY, Again, GiveUp, decide
from storage.vocabulary import Fault
from tests.fakes.clock import MONDAY


def _decide(
    fault: Fault,
    attempts: int = 1,
    *,
    alone: int = 0,
    retry_after: timedelta | None = None,
    age: timedelta = timedelta(),
) -> Again | GiveUp:
    return decide(
        fault, attempts=attempts, alone=alone, retry_after=retry_after, created_at=MONDAY - age, now=MONDAY
    )


def test_who_blocked_us_is_out_of_reach() -> None:
    """Further messages to the address make no sense either."""
    assert _decide(Fault.BLOCKED) == GiveUp(is_unreachable=True)


def test_a_refused_message_is_given_up() -> None:
    """The address may still take others."""
    assert _decide(Fault.REJECTED) == GiveUp(is_unreachable=False)


def test_pauses_grow() -> None:
    """2, 4, 8 … seconds, and never more than ten minutes."""
    delays = [_decide(Fault.UNREACHABLE, attempts) for attempts in range(1, 13)]
    seconds = [(one.due_at - MONDAY).total_seconds() for one in delays if isinstance(one, Again)]
    assert seconds == [2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600, 600]


def test_the_providers_time_is_obeyed() -> None:
    """When it says how long to wait, we wait that long."""
    after = timedelta(seconds=41)
    assert _decide(Fault.THROTTLED, retry_after=after) == Again(MONDAY + after)
    assert _decide(Fault.UNREACHABLE, retry_after=after) == Again(MONDAY + after)


def test_a_wrong_token_waits_for_the_operator() -> None:
    """Nothing is given up while somebody mends the account."""
    assert _decide(Fault.MISCONFIGURED, attempts=50) == Again(MONDAY + MISCONFIGURED_DELAY)


def test_an_outage_of_days_is_waited_out() -> None:
    """Messages keep waiting in their order while the provider is down."""
    assert isinstance(_decide(Fault.UNREACHABLE, 400, age=MAX_AGE - LONGEST_DELAY), Again)


@pytest.mark.parametrize("fault", [Fault.UNREACHABLE, Fault.THROTTLED, Fault.MISCONFIGURED])
def test_what_is_too_old_is_given_up(fault: Fault) -> None:
    """A message of last week answers nothing."""
    assert _decide(fault, 400, age=MAX_AGE) == GiveUp(is_unreachable=False)


def test_a_message_that_fails_alone_makes_way() -> None:
    """Others leave, this one does not: it must not hold up its address for days."""
    assert isinstance(_decide(Fault.UNREACHABLE, 20, alone=MAX_ALONE - 1), Again)
    assert _decide(Fault.UNREACHABLE, 20, alone=MAX_ALONE) == GiveUp(is_unreachable=False)


@given(
    st.sampled_from(Fault),
    st.integers(0, 10**9),
    st.integers(0, 10**4),
    st.none() | st.timedeltas(timedelta(), timedelta(days=30)),
    st.timedeltas(timedelta(), timedelta(days=30)),
)
def test_any_failure_ends_or_lies_ahead(
    fault: Fault, attempts: int, alone: int, retry_after: timedelta | None, age: timedelta
) -> None:
    """Never a retry in the past, never one beyond the message's age."""
    decision = _decide(fault, attempts, alone=alone, retry_after=retry_after, age=age)
    if isinstance(decision, Again):
        assert MONDAY <= decision.due_at <= MONDAY - age + MAX_AGE
