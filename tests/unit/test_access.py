"""Who may do what, with which case: the permission gate as tables, and every combination against them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

import pytest

from handlers.cases.lifecycle import Move
from handlers.officers.access import (
    BOUNCES,
    Act,
    NotPermitted,
    Reach,
    figures_of,
    may,
    may_hear,
    may_see,
    reach_of,
    require,
    sees_all_figures,
    shows_in_group,
)
from storage.vocabulary import CaseState, ReportType, Role

OWN, OTHER = "PUPR", "DISHUB"
C, R = CaseState, Role


@dataclass(frozen=True)
class Officer:
    role: Role
    agency_code: str | None = None
    is_suspended: bool = False
    address_id: int = 1


@dataclass(frozen=True)
class Case:
    type: ReportType = ReportType.COMPLAINT
    state: CaseState = C.UNVERIFIED
    agency_code: str | None = None
    accused_agency_code: str | None = None
    disposed_at: object | None = None
    returns: int = 0
    address_id: int = 2


#: an officer of each role; those who need an agency are of OWN
OFFICERS = {
    role: Officer(role, OWN if role in {R.LIAISON, R.APPROVER, R.SUPERVISOR} else None) for role in Role
}
_WITH_OWN = Case(state=C.DISPOSED, agency_code=OWN, disposed_at=1)
_RETURNED = Case(state=C.RETURNED, returns=1)
CASES = {
    "not passed on": Case(),
    "only proposed for the agency": Case(agency_code=OWN),
    "with the agency": _WITH_OWN,
    "with the agency, solved": replace(_WITH_OWN, state=C.SETTLED),
    "with another agency": replace(_WITH_OWN, agency_code=OTHER),
    "accuses the agency": Case(accused_agency_code=OWN),
    "with the agency it accuses": replace(_WITH_OWN, accused_agency_code=OWN),
    "accuses another agency": replace(_WITH_OWN, accused_agency_code=OTHER),
    "handed back": _RETURNED,
    "handed back twice": replace(_RETURNED, returns=BOUNCES),
    "oversight": Case(ReportType.OVERSIGHT),
    "oversight with the agency": replace(_WITH_OWN, type=ReportType.OVERSIGHT),
    "oversight handed back twice": replace(_RETURNED, type=ReportType.OVERSIGHT, returns=BOUNCES),
}


def table(text: str) -> dict[tuple[str, Role], str]:
    """What a drawn table says: (name of the row, role of the column) → cell."""
    head, *rows = text.strip().splitlines()
    roles = [Role(name) for name in head.split()]
    cells = {}
    for row in rows:
        name, _, marks = row.partition("|")
        for role, mark in zip(roles, marks.split(), strict=True):
            cells[name.strip(), role] = mark
    return cells


SEES = table("""
                             coordinator decider inspectorate liaison approver supervisor auditor
not passed on                |    x         .         .          .        .        .         .
only proposed for the agency |    x         .         .          .        .        .         .
with the agency              |    x         .         .          x        x        x         .
with the agency, solved      |    x         .         .          x        x        x         .
with another agency          |    x         .         .          .        .        .         .
accuses the agency           |    x         .         .          .        .        .         .
with the agency it accuses   |    x         .         .          .        .        .         .
accuses another agency       |    x         .         .          x        x        x         .
handed back                  |    x         .         .          .        .        .         .
handed back twice            |    x         x         .          .        .        .         .
oversight                    |    x         .         x          .        .        .         .
oversight with the agency    |    x         .         x          .        .        .         .
oversight handed back twice  |    x         .         x          .        .        .         .
""")
#: c: with a case that they see; o: at large
DOES = table("""
             coordinator decider inspectorate liaison approver supervisor auditor
look        |    c         c         c          c        c        c         .
note        |    c         c         c          c        c        c         .
remind      |    c         c         c          c        c        c         .
take        |    c         .         c          c        .        .         .
pass        |    c         .         c          c        .        .         .
identity    |    c         .         c          .        .        .         .
approve     |    .         .         .          .        c        .         .
reclassify  |    c         .         .          .        .        .         .
number      |    c         c         .          .        .        .         .
list        |    o         o         o          o        o        o         .
search      |    o         o         o          o        o        o         .
templates   |    o         .         o          o        o        .         .
figures     |    o         o         o          o        o        o         o
export      |    o         .         o          o        .        o         o
leave       |    o         o         o          o        o        .         .
invite      |    o         .         .          .        .        .         .
suspend     |    o         .         .          .        .        .         .
officers    |    o         .         .          .        .        o         .
group       |    o         .         .          o        .        .         .
""")
#: from where officers move a case that they see; whom a row does not name moves nothing
MOVES = {
    R.COORDINATOR: {
        C.UNVERIFIED: "verify hold dispose forward join archive extend",
        C.RETURNED: "hold dispose forward join archive extend",
        C.ON_HOLD: "archive",
        C.DISPOSED: "dispose forward join extend",
        C.IN_PROGRESS: "dispose extend",
        C.REOPENED: "dispose forward extend",
        C.FORWARDED: "answer extend",
        C.SETTLED: "reopen",
        C.ARCHIVED: "archive restore",
    },
    R.DECIDER: {C.UNVERIFIED: "dispose forward", C.RETURNED: "dispose forward"},
    R.LIAISON: {
        C.DISPOSED: "ask hand_back start answer",
        C.IN_PROGRESS: "ask start answer",
        C.REOPENED: "ask start answer",
    },
    R.APPROVER: {C.DISPOSED: "answer", C.IN_PROGRESS: "answer", C.REOPENED: "answer"},
}
MOVES[R.INSPECTORATE] = MOVES[R.LIAISON]


def every_case() -> Iterator[Case]:
    """Each combination of what permission depends on."""
    for state, type_, holder, accused, disposed_at, returns in product(
        CaseState, ReportType, (None, OWN, OTHER), (None, OWN, OTHER), (None, 1), (0, 1, BOUNCES)
    ):
        yield Case(type_, state, holder, accused, disposed_at, returns)


def every_officer() -> Iterator[Officer]:
    """Each role with and without an agency, at work and suspended."""
    for role, agency, is_suspended in product(Role, (None, OWN, OTHER), (False, True)):
        if agency is not None or role not in {R.LIAISON, R.APPROVER, R.SUPERVISOR}:
            yield Officer(role, agency, is_suspended)


@pytest.mark.parametrize(("name", "role"), list(product(CASES, Role)))
def test_who_sees_what(name: str, role: Role) -> None:
    """As the table says; whoever is suspended sees nothing."""
    officer, case = OFFICERS[role], CASES[name]
    assert may_see(officer, case) is (SEES[name, role] == "x")
    assert not may_see(replace(officer, is_suspended=True), case)


@pytest.mark.parametrize(("act", "role"), list(product(Act, Role)))
def test_who_does_what(act: Act, role: Role) -> None:
    """As the table says: with each case of the first table, and at large."""
    officer, cell = OFFICERS[role], DOES[act.value, role]
    assert may(officer, act) is (cell == "o")
    for name, case in CASES.items():
        assert may(officer, act, case) is (cell == "c" and SEES[name, role] == "x"), name


def moves_of(role: Role, state: CaseState) -> set[str]:
    return set(MOVES.get(role, {}).get(state, "").split())


@pytest.mark.parametrize(("role", "state"), list(product(Role, CaseState)))
def test_who_moves_what_from_where(role: Role, state: CaseState) -> None:
    """As the table says, of a case that each role sees; the coordinator decides no second return."""
    seen = {
        R.INSPECTORATE: Case(ReportType.OVERSIGHT, state),
        R.DECIDER: Case(state=state, returns=BOUNCES),
    }.get(role, Case(state=state, agency_code=OWN, disposed_at=1))
    allowed = {move.value for move in Move if may(OFFICERS[role], move, seen)}
    assert allowed == moves_of(role, state)
    twice = replace(seen, returns=BOUNCES)
    if role is R.COORDINATOR and state is C.RETURNED:
        assert {move.value for move in Move if may(OFFICERS[role], move, twice)} == allowed - {
            "dispose",
            "forward",
        }


@pytest.mark.parametrize("officer", list(every_officer()), ids=str)
def test_every_combination(officer: Officer) -> None:
    """Nothing goes without seeing; nobody who is suspended or accused, no other role than the tables name."""
    for case in every_case():
        is_seen = may_see(officer, case)
        if officer.is_suspended or officer.role is R.AUDITOR:
            assert not is_seen
        if officer.agency_code is not None and officer.agency_code == case.accused_agency_code:
            assert not is_seen
        if officer.role in {R.LIAISON, R.APPROVER, R.SUPERVISOR} and is_seen:
            assert case.agency_code == officer.agency_code
            assert case.type is not ReportType.OVERSIGHT
        for act in Act:
            is_allowed = is_seen and DOES[act.value, officer.role] == "c"
            assert may(officer, act, case) is is_allowed, (act, case)
        allowed = {move.value for move in Move if may(officer, move, case)}
        assert allowed <= (moves_of(officer.role, case.state) if is_seen else set())


@pytest.mark.parametrize("officer", list(every_officer()), ids=str)
def test_a_list_holds_what_may_be_seen(officer: Officer) -> None:
    """The reach that queries go by and the rule for one case are the same, for every case."""
    reach = reach_of(officer)
    for case in every_case():
        assert (reach is not None and is_within(reach, case)) is may_see(officer, case), case


def is_within(reach: Reach, case: Case) -> bool:
    """What a query makes of a reach."""
    return (
        reach.agency_code in {None, case.agency_code}
        and (reach.own_agency_code is None or reach.own_agency_code != case.accused_agency_code)
        and (reach.is_oversight is None or reach.is_oversight is (case.type is ReportType.OVERSIGHT))
        and (not reach.is_disposed or case.disposed_at is not None)
        and case.returns >= reach.min_returns
    )


@pytest.mark.parametrize("role", [R.LIAISON, R.APPROVER, R.INSPECTORATE])
def test_nobody_works_on_what_they_reported(role: Role) -> None:
    """They see it as officers do, and others judge it."""
    type_ = ReportType.OVERSIGHT if role is R.INSPECTORATE else ReportType.COMPLAINT
    officer, case = OFFICERS[role], replace(_WITH_OWN, type=type_, address_id=1)
    assert may(officer, Act.LOOK, case)
    assert not any(may(officer, act, case) for act in (*Move, *Act) if act is not Act.LOOK)


@pytest.mark.parametrize("state", list(CaseState))
def test_a_coordinator_passes_on_what_they_took_down(state: CaseState) -> None:
    """For somebody who cannot write: they look, note, check and pass it on; all else is another coordinator's."""
    officer, case = OFFICERS[R.COORDINATOR], Case(state=state, address_id=1)
    allowed = {act.value for act in (*Move, *Act) if may(officer, act, case)}
    passes_on = {"verify", "dispose", "forward"} & moves_of(R.COORDINATOR, state)
    assert allowed == {"look", "note"} | passes_on
    assert {act.value for act in (*Move, *Act) if may(replace(officer, address_id=3), act, case)} > allowed


@pytest.mark.parametrize("officer", list(every_officer()), ids=str)
def test_who_hears_that_something_is_late(officer: Officer) -> None:
    """Who sees it, and those above; never who is accused or suspended, nor of type berkadar who may not see it."""
    above = officer.role in {R.DECIDER, R.INSPECTORATE} and not officer.is_suspended
    for case in every_case():
        is_accused = officer.agency_code is not None and officer.agency_code == case.accused_agency_code
        is_told_of = above and not is_accused and case.type is not ReportType.OVERSIGHT
        assert may_hear(officer, case) is (may_see(officer, case) or is_told_of)


@pytest.mark.parametrize(
    ("role", "all_of", "alone", "in_group"),
    [
        *((role, True, Reach(), Reach(is_oversight=False)) for role in (R.COORDINATOR, R.DECIDER, R.AUDITOR)),
        (R.INSPECTORATE, False, *[Reach(is_oversight=True)] * 2),
        *(
            (role, False, *[Reach(OWN, is_oversight=False)] * 2)
            for role in (R.LIAISON, R.APPROVER, R.SUPERVISOR)
        ),
    ],
)
def test_what_figures_are_made_of(role: Role, all_of: bool, alone: Reach, in_group: Reach) -> None:
    """All for those who steer; in a group none of what is examined; else one's own agency's."""
    officer = OFFICERS[role]
    assert sees_all_figures(officer) is all_of
    assert figures_of(officer, in_group=False) == alone
    assert figures_of(officer, in_group=True) == in_group


def test_a_move_is_never_at_large() -> None:
    assert not any(may(officer, move) for officer in every_officer() for move in Move)


def test_a_refusal_says_what_of() -> None:
    """It carries the act, and no words."""
    with pytest.raises(NotPermitted) as refused:
        require(OFFICERS[R.AUDITOR], Act.LOOK, Case())
    assert refused.value.act is Act.LOOK
    require(OFFICERS[R.COORDINATOR], Act.LOOK, Case())


@pytest.mark.parametrize(
    ("type_", "is_secret", "is_shown"),
    [
        (ReportType.COMPLAINT, False, True),
        (ReportType.COMPLAINT, True, False),
        (ReportType.OVERSIGHT, False, False),
        (ReportType.OVERSIGHT, True, False),
    ],
)
def test_what_a_group_sees(type_: ReportType, is_secret: bool, is_shown: bool) -> None:
    assert shows_in_group(Case(type_), is_secret) is is_shown
