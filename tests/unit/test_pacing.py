"""How fast messages may leave."""

from hypothesis import given
from hypothesis import strategies as st

from bot.pacing import Limits, Pacer, Rate


def test_without_limits_everything_leaves() -> None:
    pacer = Pacer(Limits())
    assert pacer.room(0.0, 64) == 64
    assert pacer.wait_for("a", 0.0) == 0
    assert pacer.wait_overall(0.0) == 0


def test_a_burst_leaves_at_once_and_the_rest_at_an_even_pace() -> None:
    pacer = Pacer(Limits(overall=Rate(10, burst=3)))
    assert pacer.room(100.0, 64) == 3
    for _ in range(3):
        pacer.take("a", 100.0)
    assert pacer.room(100.0, 64) == 0
    assert round(pacer.wait_overall(100.0), 6) == 0.1
    assert pacer.room(100.1, 64) == 1
    assert pacer.room(200.0, 64) == 3


def test_each_address_has_a_pace_of_its_own() -> None:
    pacer = Pacer(Limits(each=lambda identifier: Rate(1, burst=2 if identifier == "a" else 1)))
    pacer.take("a", 100.0)
    pacer.take("b", 100.0)
    assert pacer.wait_for("a", 100.0) == 0
    assert pacer.wait_for("b", 100.0) == 1
    assert pacer.wait_for("b", 101.0) == 0


def test_who_takes_over_counts_on_used_up_bursts() -> None:
    """What another process sent in its last second is not known; together they keep the limit."""
    pacer = Pacer(Limits(overall=Rate(10, burst=2), each=lambda _: Rate(1, burst=3)))
    pacer.assume_used_up(100.0)
    assert pacer.room(100.0, 64) == 0
    assert pacer.room(100.1, 64) == 1
    assert pacer.wait_for("a", 100.0) == 1
    pacer.take("a", 101.0)
    assert pacer.wait_for("a", 101.0) == 1
    assert pacer.wait_for("b", 103.0) == 0
    pacer.take("b", 103.0)
    assert pacer.wait_for("b", 103.0) == 0


def test_a_throttled_address_rests_alone() -> None:
    """One chat that was written to too fast must not keep all the others waiting."""
    pacer = Pacer(Limits())
    pacer.throttled("a", 30.0, 100.0)
    assert pacer.wait_for("a", 100.0) == 30
    assert pacer.wait_for("b", 100.0) == 0
    assert pacer.room(100.0, 64) == 64


def test_a_second_throttled_address_pauses_everything() -> None:
    """Then it is us the provider means, and it must be obeyed."""
    pacer = Pacer(Limits())
    pacer.throttled("a", 30.0, 100.0)
    pacer.throttled("b", 20.0, 105.0)
    assert pacer.room(124.9, 64) == 0
    assert pacer.wait_overall(105.0) == 20
    assert pacer.room(125.0, 64) == 64


def test_the_same_address_twice_is_still_one_address() -> None:
    pacer = Pacer(Limits())
    pacer.throttled("a", 5.0, 100.0)
    pacer.throttled("a", 5.0, 103.0)
    assert pacer.room(103.0, 64) == 64
    assert pacer.wait_for("a", 103.0) == 5


def test_a_rest_that_is_over_does_not_count() -> None:
    pacer = Pacer(Limits())
    pacer.throttled("a", 5.0, 100.0)
    pacer.throttled("b", 5.0, 106.0)
    assert pacer.room(106.0, 64) == 64


def test_idle_addresses_are_forgotten() -> None:
    """A crowd of a day does not stay in memory, nor do those who must rest get lost."""
    pacer = Pacer(Limits(each=lambda _identifier: Rate(1)))
    for number in range(10_001):
        pacer.take(str(number), 100.0)
    pacer.take("late", 200.0)
    assert len(pacer._each) == 1
    assert pacer.wait_for("late", 200.0) == 1


@given(st.lists(st.floats(0, 2), max_size=60), st.integers(1, 5), st.integers(1, 10))
def test_no_second_sees_more_than_burst_and_rate(pauses: list[float], burst: int, per_second: int) -> None:
    """Whatever the moments at which one asks for room."""
    pacer, now, left = Pacer(Limits(overall=Rate(per_second, burst=burst))), 100.0, list[float]()
    for pause in pauses:
        now += pause
        for _ in range(pacer.room(now, 64)):
            pacer.take("a", now)
            left.append(now)
    for start in left:
        assert sum(start <= one < start + 1 for one in left) <= burst + per_second
