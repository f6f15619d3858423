"""What all moves share: who acts, what is refused and why, the one statement that moves a case, its history."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from handlers.cases.deadlines import days_of, read_policy
from handlers.cases.lifecycle import By, Move, Rule, rule_for, states_for
from handlers.officers.access import Act, NotPermitted, may_see, require
from handlers.officers.notices import tell_dropped
from handlers.service import Service
from storage.db import UnitOfWork
from storage.queries import answers, cases, clock, handling
from storage.queries.handling import CaseRow
from storage.queries.officers import OfficerRow
from storage.vocabulary import ActorKind, Clock, Closing, EventKind, ReportType, Role


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an officer, the reporter, or the clock."""

    kind: ActorKind
    officer: OfficerRow | None = None


REPORTER = Actor(ActorKind.REPORTER)
SYSTEM = Actor(ActorKind.SYSTEM)


class Fault(StrEnum):
    """Why what was given does not do; the officer gets advice in words."""

    #: shorter than the deployment wants
    TOO_SHORT = "too_short"
    #: longer than a reader can be expected to take
    TOO_LONG = "too_long"
    #: "akan ditindaklanjuti" and nothing else
    STOCK_PHRASE = "stock_phrase"
    #: a field of a template is left unfilled
    UNFILLED = "unfilled"
    NO_EVIDENCE = "no_evidence"
    #: there is no such agency, or it is of the other kind (outside, inside; not the one for oversight)
    NO_SUCH_AGENCY = "no_such_agency"
    #: that agency has it
    SAME_AGENCY = "same_agency"
    #: the report accuses that agency
    ACCUSED = "accused"
    #: there is no such report to join with, or it is joined itself, over, or the same
    NO_SUCH_PARENT = "no_such_parent"
    #: one of the two is berkadar pengawasan, the other is not
    OTHER_PROTECTION = "other_protection"
    #: there is no such code
    NO_SUCH_REASON = "no_such_reason"
    NO_SUCH_CATEGORY = "no_such_category"
    #: the time for it is over: handing back, reopening, contesting
    TOO_LATE = "too_late"
    #: the reporter reopened or contested it as often as goes without a coordinator
    TOO_OFTEN = "too_often"
    #: a day, or a number of days, that cannot be meant
    BAD_DAY = "bad_day"
    #: a date that was moved as far as goes
    TOO_FAR = "too_far"
    #: a question that reaches nobody
    UNREACHABLE = "unreachable"
    #: an answer that goes out with a second person's approval, and nobody else has proposed
    UNPROPOSED = "unproposed"


class Unfit(Exception):  # noqa: N818 - it names a state of affairs
    def __init__(self, fault: Fault, *, limit: int = 0) -> None:
        super().__init__(str(fault))
        self.fault = fault
        #: the number the deployment sets, where one is meant
        self.limit = limit


@dataclass(frozen=True, slots=True)
class Solution:
    """An answer with substance (docs/rules.md, Life cycle)."""

    finding: str
    action: str
    #: done or planned
    done_on: date
    #: ids of kept files
    files: tuple[int, ...] = ()
    #: written where no file can be sent along (SMS): then none is asked for, the reporter judges by themselves
    by_text_only: bool = False


def permit(case: CaseRow, actor: Actor, move: Move) -> Rule:
    """Return the line of the table that lets somebody make a move. Raises TransitionNotAllowed, NotPermitted."""
    officer = actor.officer
    if officer is None:
        return rule_for(move, case.state, By.REPORTER if actor.kind is ActorKind.REPORTER else By.CLOCK)
    if not states_for(move, officer.role) or not may_see(officer, case):
        raise NotPermitted(move)
    rule = rule_for(move, case.state, officer.role)
    require(officer, move, case)
    return rule


def permit_act(case: CaseRow, actor: Actor, act: Act) -> OfficerRow:
    """Return the officer who acts. Raises NotPermitted."""
    if actor.officer is None:
        raise NotPermitted(act)
    require(actor.officer, act, case)
    return actor.officer


def day_of_clock(service: Service, case: CaseRow, clock: Clock, start: date) -> date:
    """Return the last day of a clock that starts on a day."""
    calendar = service.calendar_for(clock, case.week)
    return calendar.due_on(start, days_of(read_policy(case.policy), clock, case.type))


def advance(
    uow: UnitOfWork,
    service: Service,
    case: CaseRow,
    rule: Rule,
    now: datetime,
    *,
    due_on: date | None = None,
    closing: Closing | None = None,
    **values: object,
) -> CaseRow:
    """Move a case as the rule says and return it as it stands then.

    `due_on`: of the rule's clock, where it does not begin today.
    """
    if rule.to is not None:
        values["state"] = rule.to.value
    if not rule.keeps_clock:
        runs = rule.clock
        values["clock"] = runs.value if runs else None
        values["due_on"] = (
            (due_on or day_of_clock(service, case, runs, service.local_day(now))) if runs else None
        )
    if closing is not None:
        values |= {"closing": closing.value, "closed_at": now}
    elif rule.to is not None:
        values |= handling.NOT_OVER
    clock.drop_reminders(uow, case.report_id)
    after = handling.move_case(uow, case, now, **values)
    drop_proposal(uow, service, case, after, now)
    return after


def drop_proposal(uow: UnitOfWork, service: Service, before: CaseRow, after: CaseRow, now: datetime) -> None:
    """Drop an answer that waits for a second person of who has the case no more, and tell who wrote it."""
    at_work = states_for(Move.ANSWER, Role.APPROVER)
    if before.state not in at_work or (after.state in at_work and _holder(before) == _holder(after)):
        return
    found = answers.find_proposal(uow, after.report_id)
    if found is not None:
        answers.delete_proposal(uow, after.report_id)
        tell_dropped(uow, service, after, found.officer_id, now)


def _holder(case: CaseRow) -> tuple[str | None, bool]:
    """Return whose it is: of type berkadar an agency sees nothing any more."""
    return case.agency_code, case.type is ReportType.OVERSIGHT


def record(
    uow: UnitOfWork,
    case: CaseRow,
    kind: EventKind,
    actor: Actor,
    now: datetime,
    *,
    is_public: bool,
    **data: str | int | bool | None,
) -> None:
    """Add a line to the case's history, with its version then and the officer who acted."""
    data |= {"version": case.version}
    if actor.officer is not None:
        officer = actor.officer
        data |= {"officer": officer.id, "role": officer.role.value, "agency": officer.agency_code}
    cases.append_event(uow, case.report_id, kind, actor.kind, data=data, is_public=is_public, now=now)
