"""The life cycle of a case as one table (docs/rules.md, Life cycle): who may move it from where to where.

The state names' official Indonesian equivalents stand in `storage.vocabulary.CaseState` and in `OFFICIAL`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from storage.vocabulary import CaseState, Clock, Role

S = CaseState


class Move(StrEnum):
    """What can be done with a case; the officers' commands and the citizens' words lead to one of these."""

    #: verifikasi
    VERIFY = "verify"
    #: tunda: the reporter is asked, the clock stands still
    HOLD = "hold"
    #: tunda by whoever works on it: the reporter is asked, the clock goes on
    ASK = "ask"
    #: the reporter gives what was asked for
    REPLY = "reply"
    #: disposisi
    DISPOSE = "dispose"
    #: kembalikan, bukan wewenang
    HAND_BACK = "hand_back"
    #: bukan wewenang of this government
    FORWARD = "forward"
    #: gabung
    JOIN = "join"
    #: arsip
    ARCHIVE = "archive"
    #: proses
    START = "start"
    #: jawab
    ANSWER = "answer"
    #: YA
    CONFIRM = "confirm"
    #: BELUM
    REJECT = "reject"
    #: nobody replied to the answer
    LAPSE = "lapse"
    #: BUKA
    REOPEN = "reopen"
    #: BANDING
    APPEAL = "appeal"
    #: the appeal is heard; what was joined is checked by itself
    RESTORE = "restore"
    #: a later day, with a reason
    EXTEND = "extend"
    #: CABUT
    WITHDRAW = "withdraw"


class Need(StrEnum):
    """What a move cannot do without."""

    QUESTION = "question"
    AGENCY = "agency"
    #: not of this government
    OUTSIDE = "outside"
    #: another report's number
    PARENT = "parent"
    #: a code of docs/rules.md, Reasons
    REASON_CODE = "reason_code"
    #: one sentence
    REASON = "reason"
    #: what is being done
    PLAN = "plan"
    FINDING = "finding"
    ACTION = "action"
    #: done or planned
    DONE_ON = "done_on"
    #: a photo or document, for physical works
    EVIDENCE = "evidence"
    DAYS = "days"


class By(StrEnum):
    """Who moves a case, besides officers with a role."""

    REPORTER = "reporter"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the table."""

    by: frozenset[Role | By]
    #: None: it stays where it was
    to: CaseState | None
    frm: frozenset[CaseState]
    needs: tuple[Need, ...] = ()
    #: runs from the move on; None: none does. `keeps_clock`: the one before goes on
    clock: Clock | None = None
    keeps_clock: bool = False


_ROUTERS = frozenset({Role.COORDINATOR, Role.DECIDER})
_WORKERS = frozenset({Role.LIAISON, Role.INSPECTORATE})
_AT_WORK = frozenset({S.DISPOSED, S.IN_PROGRESS, S.REOPENED})
_UNROUTED = frozenset({S.UNVERIFIED, S.RETURNED})
_REPORTER = frozenset({By.REPORTER})

RULES: dict[Move, tuple[Rule, ...]] = {
    Move.VERIFY: (Rule(frozenset({Role.COORDINATOR}), None, frozenset({S.UNVERIFIED}), keeps_clock=True),),
    Move.HOLD: (
        Rule(frozenset({Role.COORDINATOR}), S.ON_HOLD, _UNROUTED, (Need.QUESTION,), clock=Clock.CITIZEN_DATA),
    ),
    Move.ASK: (Rule(_WORKERS, None, _AT_WORK, (Need.QUESTION,), keeps_clock=True),),
    Move.REPLY: (
        Rule(_REPORTER, S.UNVERIFIED, frozenset({S.ON_HOLD}), clock=Clock.CHECK),
        Rule(_REPORTER, None, _AT_WORK, keeps_clock=True),
    ),
    Move.DISPOSE: (
        Rule(_ROUTERS, S.DISPOSED, _UNROUTED, (Need.AGENCY,), clock=Clock.FIRST_ANSWER),
        Rule(frozenset({Role.COORDINATOR}), S.DISPOSED, _AT_WORK, (Need.AGENCY,), clock=Clock.FIRST_ANSWER),
    ),
    Move.HAND_BACK: (Rule(_WORKERS, S.RETURNED, frozenset({S.DISPOSED}), (Need.REASON,), clock=Clock.CHECK),),
    Move.FORWARD: (
        Rule(_ROUTERS, S.FORWARDED, _UNROUTED, (Need.OUTSIDE,), clock=Clock.OUTSIDE),
        Rule(
            frozenset({Role.COORDINATOR}),
            S.FORWARDED,
            frozenset({S.DISPOSED, S.REOPENED}),  # reopened: what was answered from outside goes there again
            (Need.OUTSIDE,),
            clock=Clock.OUTSIDE,
        ),
    ),
    Move.JOIN: (Rule(frozenset({Role.COORDINATOR}), S.DUPLICATE, _UNROUTED | {S.DISPOSED}, (Need.PARENT,)),),
    Move.ARCHIVE: (
        Rule(
            frozenset({Role.COORDINATOR}),
            S.ARCHIVED,
            _UNROUTED | {S.ON_HOLD, S.ARCHIVED},  # again: an appeal is not heard
            (Need.REASON_CODE, Need.REASON),
        ),
        Rule(frozenset({By.CLOCK}), S.ARCHIVED, frozenset({S.ON_HOLD})),  # what was missing did not come
    ),
    Move.START: (Rule(_WORKERS, S.IN_PROGRESS, _AT_WORK, (Need.PLAN,), clock=Clock.SETTLE),),
    Move.ANSWER: (
        Rule(
            _WORKERS | {Role.APPROVER},
            S.ANSWERED,
            _AT_WORK,
            (Need.FINDING, Need.ACTION, Need.DONE_ON, Need.EVIDENCE),
            clock=Clock.CITIZEN_REPLY,
        ),
        Rule(
            frozenset({Role.COORDINATOR}),  # what came from outside
            S.ANSWERED,
            frozenset({S.FORWARDED}),
            (Need.FINDING, Need.ACTION, Need.DONE_ON),
            clock=Clock.CITIZEN_REPLY,
        ),
    ),
    Move.CONFIRM: (Rule(_REPORTER, S.SETTLED, frozenset({S.ANSWERED})),),
    Move.REJECT: (Rule(_REPORTER, S.REOPENED, frozenset({S.ANSWERED}), clock=Clock.FIRST_ANSWER),),
    Move.LAPSE: (Rule(frozenset({By.CLOCK}), S.SETTLED, frozenset({S.ANSWERED})),),
    Move.REOPEN: (
        Rule(
            _REPORTER | {Role.COORDINATOR},
            S.REOPENED,
            frozenset({S.SETTLED}),
            (Need.REASON,),
            clock=Clock.FIRST_ANSWER,
        ),
    ),
    Move.APPEAL: (Rule(_REPORTER, None, frozenset({S.ARCHIVED}), (Need.REASON,), keeps_clock=True),),
    Move.RESTORE: (
        Rule(frozenset({Role.COORDINATOR}), S.UNVERIFIED, frozenset({S.ARCHIVED}), clock=Clock.CHECK),
        # The report it followed was taken back, or its reporter was never reached by the question.
        Rule(frozenset({By.CLOCK}), S.UNVERIFIED, frozenset({S.DUPLICATE, S.ON_HOLD}), clock=Clock.CHECK),
    ),
    Move.EXTEND: (
        Rule(
            frozenset({Role.COORDINATOR}),
            None,
            _AT_WORK | {S.UNVERIFIED, S.RETURNED, S.FORWARDED},
            (Need.DAYS, Need.REASON),
            keeps_clock=True,
        ),
    ),
    Move.WITHDRAW: (
        Rule(
            _REPORTER,
            S.ARCHIVED,
            frozenset(S) - {S.SETTLED, S.ARCHIVED, S.FORWARDED},  # over, or where our word does not reach
            (Need.REASON,),
        ),
    ),
}

#: what the national dashboard calls each state (docs/rules.md, Life cycle)
OFFICIAL: dict[CaseState, str] = {
    S.UNVERIFIED: "Laporan Belum Terverifikasi",
    S.ON_HOLD: "Laporan Tertunda",
    S.RETURNED: "Laporan Belum Terverifikasi",
    S.FORWARDED: "Laporan Arsip",
    S.DUPLICATE: "Laporan Arsip",
    S.DISPOSED: "Terdisposisi Belum Ditindaklanjuti",
    S.IN_PROGRESS: "Terdisposisi Sedang Diproses",
    S.ANSWERED: "Terdisposisi Sedang Diproses",
    S.SETTLED: "Terdisposisi Selesai",
    S.REOPENED: "Terdisposisi Sedang Diproses",
    S.ARCHIVED: "Laporan Arsip",
}


class TransitionNotAllowed(Exception):  # noqa: N818 - it names a state of affairs
    """A rule says no: this move does not lead on from this state."""

    def __init__(self, move: Move, state: CaseState) -> None:
        super().__init__(f"{move} from {state}")
        self.move = move
        self.state = state


def find_rule(move: Move, state: CaseState, by: Role | By) -> Rule | None:
    return next((rule for rule in RULES[move] if state in rule.frm and by in rule.by), None)


def rule_for(move: Move, state: CaseState, by: Role | By) -> Rule:
    """Return the line of the table that allows a move. Raises TransitionNotAllowed."""
    rule = find_rule(move, state, by)
    if rule is None:
        raise TransitionNotAllowed(move, state)
    return rule


def states_for(move: Move, by: Role | By) -> Collection[CaseState]:
    """Return from where somebody may make a move."""
    return frozenset().union(*(rule.frm for rule in RULES[move] if by in rule.by))
