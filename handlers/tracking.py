"""What a report's page shows: where it stands, who has it, until when, and what has happened.

Nothing personal and no officer's words: those are for its own people, in the chat. Of a secret report, and of one of
type berkadar pengawasan, only where it stands, and only to whom has the key of its page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from handlers import pages_wording as wording
from handlers import status
from handlers.conversation.phrasebook import Word
from handlers.i18n import Voice
from handlers.service import Service
from storage.db import UnitOfWork
from storage.queries import cases, handling
from storage.queries.cases import Told
from storage.queries.handling import CaseRow
from storage.vocabulary import CaseState, Clock, Closing, ReportType


class Mark(StrEnum):
    DONE = "done"
    NOW = "now"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class Step:
    """One stop on a report's way."""

    label: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Happened:
    on: date
    what: str


@dataclass(frozen=True, slots=True)
class Details:
    """What is told of a report that is not secret."""

    filed_on: date
    #: None: nobody has it yet
    agency: str | None
    #: of the clock that runs now, while it lies ahead; None: none does, or `next` says which day was missed
    due_on: date | None
    #: while the first answer is due
    settle_due_on: date | None
    next: str
    #: newest first
    news: Sequence[Happened]


@dataclass(frozen=True, slots=True)
class Tracked:
    number: str
    steps: Sequence[Step]
    #: the last of the way is done
    is_over: bool
    stands: str
    #: what its people may write about it now; None: nothing more
    word: Word | None
    details: Details | None


#: lines of a history shown, the newest ones
SHOWN = 30
_WAY = (
    wording.STEP_RECEIVED,
    wording.STEP_PASSED_ON,
    wording.STEP_IN_PROGRESS,
    wording.STEP_ANSWERED,
    wording.STEP_SOLVED,
)
#: how far on the way a case is
_AT = {
    CaseState.UNVERIFIED: 0,
    CaseState.ON_HOLD: 0,
    CaseState.RETURNED: 0,
    CaseState.DISPOSED: 1,
    CaseState.FORWARDED: 1,
    CaseState.IN_PROGRESS: 2,
    CaseState.REOPENED: 2,
    CaseState.ANSWERED: 3,
    CaseState.SETTLED: 4,
}
#: where the way ends early
_ENDS = {
    CaseState.ARCHIVED: wording.STEP_ARCHIVED,
    CaseState.DUPLICATE: wording.STEP_JOINED,
}
_OVER = frozenset({CaseState.SETTLED, CaseState.ARCHIVED, CaseState.DUPLICATE})


def look_up(
    uow: UnitOfWork, service: Service, voice: Voice, number: str, now: datetime, *, has_key: bool
) -> Tracked | None:
    """Return what to show; None alike for what is not there and what is not to be seen."""
    case = handling.find_own_case(uow, number)
    is_guarded = case is not None and (case.is_secret or case.type is ReportType.OVERSIGHT)
    if case is None or (is_guarded and not has_key):
        return None
    return Tracked(
        number=case.number,
        steps=_steps(voice, case.state),
        is_over=case.state in _OVER,
        stands=voice.text(_stands(case, service.local_day(now))),
        word=_word(service, case, now),
        details=None if is_guarded else _details(uow, service, voice, case, now),
    )


def _steps(voice: Voice, state: CaseState) -> list[Step]:
    if state in _ENDS:
        return [
            Step(voice.text(wording.STEP_RECEIVED), Mark.DONE),
            Step(voice.text(_ENDS[state]), Mark.NOW),
        ]
    at = _AT[state]
    marks = [Mark.DONE] * at + [Mark.NOW] + [Mark.AHEAD] * (len(_WAY) - at - 1)
    return [Step(voice.text(label), mark) for label, mark in zip(_WAY, marks, strict=True)]


def _stands(case: CaseRow, today: date) -> str:
    if case.state is CaseState.UNVERIFIED and case.due_on is not None and case.due_on < today:
        return wording.STANDS_UNCHECKED
    match case.closing:
        case Closing.SILENCE:
            return wording.STANDS_LAPSED
        case Closing.WITHDRAWN:
            return wording.STANDS_WITHDRAWN
        case _:
            return wording.STANDS[case.state]


def _word(service: Service, case: CaseRow, now: datetime) -> Word | None:
    """Return BUKA, BANDING or STATUS; None where it would come too late, or the report follows another one."""
    handling_rules, closed_at = service.deployment.handling, case.closed_at or now
    match case.state:
        case CaseState.ANSWERED:
            return Word.REOPEN
        case CaseState.SETTLED:
            last = closed_at + timedelta(days=handling_rules.reopen_within_days)
            return Word.REOPEN if now <= last else None
        case CaseState.ARCHIVED if case.closing is Closing.WITHDRAWN:
            return None
        case CaseState.ARCHIVED:
            closed_on = service.local_day(closed_at)
            last_day = service.calendar.due_on(closed_on, handling_rules.appeal_within_days)
            return Word.APPEAL if service.local_day(now) <= last_day else None
        case CaseState.DUPLICATE:
            return None
        case _:
            return Word.STATUS


def _details(uow: UnitOfWork, service: Service, voice: Voice, case: CaseRow, now: datetime) -> Details:
    code = case.outside_code or (case.agency_code if case.disposed_at else None)
    today = service.local_day(now)
    told = cases.list_public_events(uow, case.report_id, tuple(wording.HAPPENED), SHOWN)
    return Details(
        filed_on=service.local_day(case.filed_at),
        agency=status.names_of(service, code)[0] if code else None,
        due_on=case.due_on if case.due_on is not None and today <= case.due_on else None,
        settle_due_on=case.settle_due_on if case.clock is Clock.FIRST_ANSWER else None,
        next=status.upcoming(service, voice, case, today).text,
        news=[_happened(service, voice, one) for one in told],
    )


def _happened(service: Service, voice: Voice, told: Told) -> Happened:
    agency = status.names_of(service, status.agency_told(told))[0]
    return Happened(service.local_day(told.at), voice.text(wording.HAPPENED[told.kind], agency=agency))
