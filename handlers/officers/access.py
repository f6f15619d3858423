"""The only permission gate: which officer may do what, and see what, of which case.

The rules (docs/rules.md, Life cycle and Anonymity):
- A suspended officer may nothing. The accused unit never sees a report about itself, whatever the role.
- A coordinator sees every case; a decider those that came back twice; an inspectorate officer those of type berkadar
  pengawasan; liaison, approver and supervisor those their agency holds now, never one of type berkadar.
- An auditor sees figures, no case.
- Who reported something does not work on it; a coordinator may pass on what they took down for somebody, with a note.
- Those above hear of any report that is late, not what it says, unless it is of type berkadar.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from handlers.cases.lifecycle import Move, find_rule, states_for
from storage.vocabulary import CaseState, ReportType, Role


class Act(StrEnum):
    """What a command does that is no move."""

    LIST = "list"
    LOOK = "look"
    SEARCH = "search"
    NOTE = "note"
    #: let oneself be reminded of it
    REMIND = "remind"
    TAKE = "take"
    #: give it to another officer of the agency
    PASS = "pass"  # noqa: S105 - a verb
    TEMPLATES = "templates"
    IDENTITY = "identity"
    FIGURES = "figures"
    EXPORT = "export"
    LEAVE = "leave"
    INVITE = "invite"
    SUSPEND = "suspend"
    OFFICERS = "officers"
    #: make a chat an agency's group
    GROUP = "group"
    #: decide on an answer that waits for a second person
    APPROVE = "approve"
    #: set type, category or protection right
    RECLASSIFY = "reclassify"
    #: the number a body outside gave it
    NUMBER = "number"


class Post(Protocol):
    """An officer, as far as permission goes."""

    @property
    def role(self) -> Role: ...
    @property
    def agency_code(self) -> str | None: ...
    @property
    def is_suspended(self) -> bool: ...
    @property
    def address_id(self) -> int: ...


class Handled(Protocol):
    """A case, as far as permission goes."""

    @property
    def type(self) -> ReportType: ...
    @property
    def state(self) -> CaseState: ...
    @property
    def agency_code(self) -> str | None: ...
    @property
    def accused_agency_code(self) -> str | None: ...
    @property
    def disposed_at(self) -> object | None: ...
    @property
    def returns(self) -> int: ...
    #: where it was filed from
    @property
    def address_id(self) -> int: ...


#: a case that was handed back so often is the decider's
BOUNCES = 2
#: acts on a case, and the roles that may do them to a case they see
_ON_CASE: dict[Act, frozenset[Role]] = {
    Act.LOOK: frozenset(Role) - {Role.AUDITOR},
    Act.NOTE: frozenset(Role) - {Role.AUDITOR},
    Act.REMIND: frozenset(Role) - {Role.AUDITOR},
    Act.TAKE: frozenset({Role.LIAISON, Role.INSPECTORATE, Role.COORDINATOR}),
    Act.PASS: frozenset({Role.LIAISON, Role.INSPECTORATE, Role.COORDINATOR}),
    Act.IDENTITY: frozenset({Role.COORDINATOR, Role.INSPECTORATE}),
    Act.APPROVE: frozenset({Role.APPROVER}),
    Act.RECLASSIFY: frozenset({Role.COORDINATOR}),
    Act.NUMBER: frozenset({Role.COORDINATOR, Role.DECIDER}),
}
#: acts that are about no case
_AT_LARGE: dict[Act, frozenset[Role]] = {
    Act.LIST: frozenset(Role) - {Role.AUDITOR},
    Act.SEARCH: frozenset(Role) - {Role.AUDITOR},
    Act.TEMPLATES: frozenset({Role.LIAISON, Role.INSPECTORATE, Role.APPROVER, Role.COORDINATOR}),
    Act.FIGURES: frozenset(Role),
    Act.EXPORT: frozenset({Role.COORDINATOR, Role.SUPERVISOR, Role.LIAISON, Role.INSPECTORATE, Role.AUDITOR}),
    Act.LEAVE: frozenset({Role.LIAISON, Role.INSPECTORATE, Role.COORDINATOR, Role.APPROVER, Role.DECIDER}),
    Act.INVITE: frozenset({Role.COORDINATOR}),
    Act.SUSPEND: frozenset({Role.COORDINATOR}),
    Act.OFFICERS: frozenset({Role.COORDINATOR, Role.SUPERVISOR}),
    Act.GROUP: frozenset({Role.COORDINATOR, Role.LIAISON}),
}
#: what a coordinator may do with what they took down for somebody; the rest is another one's
_PASSES_ON: frozenset[Act | Move] = frozenset({Act.LOOK, Act.NOTE, Move.VERIFY, Move.DISPOSE, Move.FORWARD})
#: to whom figures of every agency are open; to others those of their own, or of what they examine
_ALL_FIGURES = frozenset({Role.COORDINATOR, Role.AUDITOR, Role.DECIDER})
#: those that work within one agency
OF_AGENCY = frozenset({Role.LIAISON, Role.APPROVER, Role.SUPERVISOR})


@dataclass(frozen=True, slots=True)
class Reach:
    """What an officer's queue holds: the same rule as `may_see`, for a query."""

    #: None: of all agencies
    agency_code: str | None = None
    #: the agency that is theirs: reports that accuse it stay out
    own_agency_code: str | None = None
    #: None: of every type
    is_oversight: bool | None = None
    #: only those that were disposed to an agency
    is_disposed: bool = False
    min_returns: int = 0


def may_see(officer: Post, case: Handled) -> bool:
    """Tell whether an officer may know that a case exists and what it says."""
    if officer.is_suspended or _is_accused(officer, case):
        return False
    match officer.role:
        case Role.COORDINATOR:
            return True
        case Role.INSPECTORATE:
            return case.type is ReportType.OVERSIGHT
        case Role.DECIDER:
            return case.returns >= BOUNCES and case.type is not ReportType.OVERSIGHT
        case Role.LIAISON | Role.APPROVER | Role.SUPERVISOR:
            is_theirs = case.agency_code == officer.agency_code and case.disposed_at is not None
            return is_theirs and case.type is not ReportType.OVERSIGHT
        case Role.AUDITOR:
            return False


def _is_accused(officer: Post, case: Handled) -> bool:
    return officer.agency_code is not None and officer.agency_code == case.accused_agency_code


def may_hear(officer: Post, case: Handled) -> bool:
    """Tell whether an officer may be told that a case is late, and no more of it than that."""
    is_above = officer.role in {Role.DECIDER, Role.INSPECTORATE} and case.type is not ReportType.OVERSIGHT
    is_shut_out = officer.is_suspended or _is_accused(officer, case)
    return may_see(officer, case) or (is_above and not is_shut_out)


def sees_all_figures(officer: Post) -> bool:
    return officer.role in _ALL_FIGURES


def figures_of(officer: Post, *, in_group: bool) -> Reach:
    """Return what figures are made of for an officer; a group gets none of reports of type berkadar with others'."""
    is_all, is_examined = sees_all_figures(officer), officer.role is Role.INSPECTORATE
    return Reach(
        agency_code=None if is_all or is_examined else officer.agency_code,
        is_oversight=None if is_all and not in_group else is_examined,
    )


def reach_of(officer: Post) -> Reach | None:
    """Return what may be listed for an officer, as `may_see` says; None: nothing."""
    if officer.is_suspended or officer.role is Role.AUDITOR:
        return None
    own = officer.agency_code
    if officer.role is Role.COORDINATOR:
        return Reach(own_agency_code=own)
    if officer.role is Role.INSPECTORATE:
        return Reach(own_agency_code=own, is_oversight=True)
    if officer.role is Role.DECIDER:
        return Reach(own_agency_code=own, is_oversight=False, min_returns=BOUNCES)
    return Reach(agency_code=own, own_agency_code=own, is_oversight=False, is_disposed=True)


def may(officer: Post, act: Act | Move, case: Handled | None = None) -> bool:
    """Tell whether an officer may do something, with a case or at large."""
    if officer.is_suspended:
        return False
    if case is None:
        return not isinstance(act, Move) and officer.role in _AT_LARGE.get(act, frozenset())
    if not may_see(officer, case) or (is_own(officer, case) and not _may_with_own(officer, act)):
        return False
    if isinstance(act, Move):
        return _may_move(officer, act, case)
    return officer.role in _ON_CASE.get(act, frozenset())


def is_own(officer: Post, case: Handled) -> bool:
    """Tell whether an officer would judge what they reported, or took down for somebody."""
    return officer.address_id == case.address_id


def _may_with_own(officer: Post, act: Act | Move) -> bool:
    return act is Act.LOOK or (officer.role is Role.COORDINATOR and act in _PASSES_ON)


def _may_move(officer: Post, move: Move, case: Handled) -> bool:
    if find_rule(move, case.state, officer.role) is None:
        return False
    if case.returns < BOUNCES:
        return True
    # The second return is decided by somebody above the coordinator, and for good.
    if move is Move.HAND_BACK:
        return False
    is_unrouted = case.state in (CaseState.RETURNED, CaseState.UNVERIFIED)
    return not (is_unrouted and officer.role is Role.COORDINATOR and move in (Move.DISPOSE, Move.FORWARD))


class NotPermitted(Exception):  # noqa: N818 - it names a state of affairs
    """An officer may not do this."""

    def __init__(self, act: Act | Move) -> None:
        super().__init__(str(act))
        self.act = act


def has_in_post(role: Role, act: Act | Move) -> bool:
    """Tell whether something is ever up to a role: its menu names it then."""
    if isinstance(act, Move):
        return bool(states_for(act, role))
    return role in _ON_CASE.get(act, frozenset()) or role in _AT_LARGE.get(act, frozenset())


def require(officer: Post, act: Act | Move, case: Handled | None = None) -> None:
    """Raises NotPermitted."""
    if not may(officer, act, case):
        raise NotPermitted(act)


def shows_in_group(case: Handled, is_secret: bool) -> bool:  # noqa: FBT001
    """Tell whether more than number, category and due date may be shown in a group."""
    return not is_secret and case.type is not ReportType.OVERSIGHT
