"""The life cycle reads like docs/rules.md, Life cycle, and cannot be left."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.cases.lifecycle import (
    OFFICIAL,
    RULES,
    By,
    Move,
    Rule,
    TransitionNotAllowed,
    find_rule,
    rule_for,
    states_for,
)
from storage.vocabulary import CaseState, Clock, Role

C = CaseState
#: the official states (docs/rules.md, Life cycle)
DASHBOARD = {
    "Laporan Belum Terverifikasi",
    "Terdisposisi Belum Ditindaklanjuti",
    "Terdisposisi Sedang Diproses",
    "Terdisposisi Selesai",
    "Laporan Tertunda",
    "Laporan Arsip",
}
#: where a case comes from there; ↻: it stays where it is. A name in brackets is the clock from then on
TABLE = """
unverified  → unverified ↻, on_hold [citizen_data], disposed [first_answer], forwarded [outside], duplicate, archived
on_hold     → unverified [check], archived
returned    → returned ↻, on_hold [citizen_data], disposed [first_answer], forwarded [outside], duplicate, archived
forwarded   → forwarded ↻, answered [citizen_reply]
duplicate   → archived, unverified [check]
disposed    → disposed ↻, disposed [first_answer], in_progress [settle], answered [citizen_reply],
              returned [check], forwarded [outside], duplicate, archived
in_progress → in_progress ↻, in_progress [settle], disposed [first_answer], answered [citizen_reply], archived
answered    → settled, reopened [first_answer], archived
settled     → reopened [first_answer]
reopened    → reopened ↻, in_progress [settle], disposed [first_answer], answered [citizen_reply],
              forwarded [outside], archived
archived    → archived ↻, archived, unverified [check]
"""
EVERYBODY: tuple[Role | By, ...] = (*Role, *By)


def test_the_table_reads_like_the_domain_notes() -> None:
    """Each state with those it leads to, and the clock that runs there."""
    drawn = {}
    for line in re.sub(r",\n +", ", ", TABLE.strip()).splitlines():
        state, _, targets = line.partition("→")
        drawn[CaseState(state.strip())] = set(targets.strip().split(", "))
    assert drawn == {state: {_drawn(rule, state) for rule in _rules_from(state)} for state in CaseState}


def _rules_from(state: CaseState) -> list[Rule]:
    return [rule for rules in RULES.values() for rule in rules if state in rule.frm]


def _drawn(rule: Rule, state: CaseState) -> str:
    if rule.to is None:
        return f"{state} ↻"
    return f"{rule.to} [{rule.clock}]" if rule.clock else rule.to.value


def test_every_state_has_its_official_name() -> None:
    assert set(OFFICIAL) == set(CaseState)
    assert set(OFFICIAL.values()) == DASHBOARD


def test_every_state_is_reached_from_the_first() -> None:
    reached, fresh = set[CaseState](), {C.UNVERIFIED}
    while fresh:
        reached |= fresh
        fresh = {rule.to for state in fresh for rule in _rules_from(state) if rule.to} - reached
    assert reached == set(CaseState)


def test_from_everywhere_a_case_can_end() -> None:
    """Solved or archived, without its reporter taking it back."""
    ends = {C.SETTLED, C.ARCHIVED}
    for _ in CaseState:
        ends |= {
            state
            for move, rules in RULES.items()
            for rule in rules
            for state in rule.frm
            if rule.to in ends and move is not Move.WITHDRAW
        }
    assert ends == set(CaseState)


def test_what_is_over_is_moved_by_whom_it_is_told_to() -> None:
    """Nobody of an agency moves what is solved or archived."""
    for state in (C.SETTLED, C.ARCHIVED, C.DUPLICATE, C.ANSWERED):
        assert {who for who in Role for move in Move if find_rule(move, state, who)} <= {Role.COORDINATOR}


def test_a_clock_runs_exactly_while_something_is_to_be_done() -> None:
    """Whatever leads to an open state starts one; whatever ends a case stops it."""
    over = {C.SETTLED, C.ARCHIVED, C.DUPLICATE}
    for move, rules in RULES.items():
        for rule in rules:
            if rule.to is None:
                assert rule.keeps_clock, move
            else:
                assert (rule.clock is None) is (rule.to in over), move
                assert not rule.keeps_clock, move


def test_one_line_for_each_mover_and_state() -> None:
    """No two lines of a move say different things of the same case."""
    for move, rules in RULES.items():
        for state in CaseState:
            for who in EVERYBODY:
                assert sum(state in rule.frm and who in rule.by for rule in rules) <= 1, (move, state, who)


def test_an_agency_neither_archives_nor_closes() -> None:
    """It answers or hands back; a supervisor and an auditor move nothing."""
    for move in (Move.ARCHIVE, Move.CONFIRM, Move.LAPSE, Move.EXTEND, Move.DISPOSE):
        assert not states_for(move, Role.LIAISON)
    for role in (Role.SUPERVISOR, Role.AUDITOR):
        assert not any(states_for(move, role) for move in Move)
    assert states_for(Move.HAND_BACK, Role.LIAISON) == {C.DISPOSED}


@pytest.mark.parametrize("clock", Clock)
def test_every_clock_is_started_by_something(clock: Clock) -> None:
    assert any(rule.clock is clock for rules in RULES.values() for rule in rules)


@given(st.lists(st.tuples(st.sampled_from(Move), st.sampled_from(EVERYBODY))))
def test_no_sequence_of_moves_leaves_the_table(tries: list[tuple[Move, Role | By]]) -> None:
    """Whoever tries whatever in any order: it goes as a line of the table says, or not at all."""
    state = C.UNVERIFIED
    for move, who in tries:
        if find_rule(move, state, who) is None:
            with pytest.raises(TransitionNotAllowed) as refused:
                rule_for(move, state, who)
            assert (refused.value.move, refused.value.state) == (move, state)
            continue
        rule = rule_for(move, state, who)
        assert state in states_for(move, who)
        state = rule.to or state
        assert state in OFFICIAL
