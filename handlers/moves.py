"""What moves a case: each is one function of rule, rows, event and news. The caller commits.

Every function checks the rule (`handlers.cases.lifecycle`) and, for officers, the permission
(`handlers.officers.access`) itself: raises TransitionNotAllowed, NotPermitted, or Unfit where what was given does not
do. The case passed in was read in this transaction (`storage.queries.handling.get_case`).
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from handlers.service import Service
from storage.db import UnitOfWork
from storage.queries.handling import CaseRow
from storage.queries.officers import OfficerRow
from storage.vocabulary import ActorKind, ReportType


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
    #: there is no such agency, or it is of the other kind (outside, inside)
    NO_SUCH_AGENCY = "no_such_agency"
    #: the report accuses that agency
    ACCUSED = "accused"
    #: there is no such report to join with, or it is joined itself, or the same
    NO_SUCH_PARENT = "no_such_parent"
    #: handing back is for the first days only
    TOO_LATE = "too_late"
    #: the reporter reopened it as often as goes without a coordinator
    TOO_OFTEN = "too_often"
    #: a day that cannot be meant
    BAD_DAY = "bad_day"


class Unfit(Exception):  # noqa: N818 - it names a state of affairs
    def __init__(self, fault: Fault, *, limit: int = 0) -> None:
        super().__init__(str(fault))
        self.fault = fault
        #: the number the deployment sets, where one is meant
        self.limit = limit


@dataclass(frozen=True, slots=True)
class Solution:
    """An answer with substance (domain notes, section 3)."""

    finding: str
    action: str
    #: done or planned
    done_on: date
    #: ids of kept files
    files: tuple[int, ...] = ()


def verify(
    uow: UnitOfWork,
    service: Service,
    case: CaseRow,
    actor: Actor,
    now: datetime,
    *,
    type_: ReportType | None = None,
    category: str | None = None,
) -> None:
    """Verifikasi: fit to be passed on; the clock of settlement starts (D3 to D5 by type)."""
    raise NotImplementedError


def hold(
    uow: UnitOfWork, service: Service, case: CaseRow, actor: Actor, question: str, now: datetime
) -> None:
    """Tunda: ask the reporter (M5); by a coordinator the clock stands still meanwhile, by who is at work it goes on."""
    raise NotImplementedError


def reply(uow: UnitOfWork, service: Service, case: CaseRow, text: str, now: datetime) -> None:
    """Take the reporter's answer to an open question: kept as what they added, and those who asked are told."""
    raise NotImplementedError


def dispose(
    uow: UnitOfWork, service: Service, case: CaseRow, actor: Actor, agency_code: str, now: datetime
) -> None:
    """Disposisi: route it to an agency, which has D2 to answer (M6, M18); verifies it where nobody has yet."""
    raise NotImplementedError


def hand_back(
    uow: UnitOfWork, service: Service, case: CaseRow, actor: Actor, reason: str, now: datetime
) -> None:
    """Kembalikan: not this agency's; D1 of the first receipt goes on. The second time it is the decider's."""
    raise NotImplementedError


def forward(
    uow: UnitOfWork,
    service: Service,
    case: CaseRow,
    actor: Actor,
    outside_code: str,
    reason: str,
    now: datetime,
    *,
    outside_number: str = "",
) -> None:
    """Bukan wewenang: pass it on to a body outside, and go on following it (M12)."""
    raise NotImplementedError


def set_outside_number(
    uow: UnitOfWork, service: Service, case: CaseRow, actor: Actor, outside_number: str, now: datetime
) -> None:
    """Keep the number a body outside (LAPOR!) gave it: from now on both numbers find the report."""
    raise NotImplementedError


def join(
    uow: UnitOfWork, service: Service, case: CaseRow, actor: Actor, parent: CaseRow, now: datetime
) -> None:
    """Gabung: it follows another report (M14); its reporter gets every message of that one."""
    raise NotImplementedError


def archive(
    uow: UnitOfWork,
    service: Service,
    case: CaseRow,
    actor: Actor,
    reason_code: str,
    reason: str,
    now: datetime,
) -> None:
    """Arsip, with a reason of domain notes, section 7 (M13); again after an appeal: it is not heard."""
    raise NotImplementedError


def start(uow: UnitOfWork, service: Service, case: CaseRow, actor: Actor, plan: str, now: datetime) -> None:
    """Proses: what is being done (M7); again: news of it."""
    raise NotImplementedError


def propose(
    uow: UnitOfWork, service: Service, case: CaseRow, actor: Actor, solution: Solution, now: datetime
) -> None:
    """Leave an answer to the agency's second person."""
    raise NotImplementedError


def decline(
    uow: UnitOfWork, service: Service, case: CaseRow, actor: Actor, reason: str, now: datetime
) -> None:
    """Send a proposed answer back to who wrote it."""
    raise NotImplementedError


def answer(
    uow: UnitOfWork, service: Service, case: CaseRow, actor: Actor, solution: Solution, now: datetime
) -> None:
    """Jawab: the reporter gets it and says whether it is solved (M8)."""
    raise NotImplementedError


def check_solution(service: Service, case: CaseRow, solution: Solution, today: date) -> None:
    """Raises Unfit where an answer lacks substance; asked before anything is shown to be confirmed."""
    raise NotImplementedError


def check_text(service: Service, text: str) -> None:
    """Raises Unfit where a text of an officer's is too short, too long, a stock phrase, or an unfilled template."""
    raise NotImplementedError


def confirm(uow: UnitOfWork, service: Service, case: CaseRow, now: datetime) -> None:
    """YA: settled, confirmed by the reporter (M10 asks for a rating)."""
    raise NotImplementedError


def reject(uow: UnitOfWork, service: Service, case: CaseRow, reason: str, now: datetime) -> None:
    """BELUM: reopened at once; the reason may follow (`reply`)."""
    raise NotImplementedError


def lapse(uow: UnitOfWork, service: Service, case: CaseRow, now: datetime) -> None:
    """Settle what nobody replied to (D6), counted apart (M10)."""
    raise NotImplementedError


def reopen(
    uow: UnitOfWork, service: Service, case: CaseRow, actor: Actor, reason: str, now: datetime
) -> None:
    """BUKA within the deployment's days, so often without a coordinator."""
    raise NotImplementedError


def appeal(uow: UnitOfWork, service: Service, case: CaseRow, reason: str, now: datetime) -> None:
    """BANDING against archiving, within the deployment's working days; coordinators are told."""
    raise NotImplementedError


def restore(uow: UnitOfWork, service: Service, case: CaseRow, actor: Actor, now: datetime) -> None:
    """Hear an appeal: it is checked anew."""
    raise NotImplementedError


def extend(
    uow: UnitOfWork, service: Service, case: CaseRow, actor: Actor, days: int, reason: str, now: datetime
) -> None:
    """Move the due date by working days; the reporter gets the reason."""
    raise NotImplementedError


def rate(uow: UnitOfWork, service: Service, case: CaseRow, stars: int, now: datetime) -> bool:
    """Keep 1 to 5 for this solution; False: it was rated already."""
    raise NotImplementedError


def note(uow: UnitOfWork, service: Service, case: CaseRow, actor: Actor, text: str, now: datetime) -> None:
    """Catat: an internal note."""
    raise NotImplementedError


def take(
    uow: UnitOfWork, service: Service, case: CaseRow, actor: Actor, officer: OfficerRow, now: datetime
) -> None:
    """Ambil, alihkan: this officer has it from now on."""
    raise NotImplementedError


def reclassify(
    uow: UnitOfWork,
    service: Service,
    case: CaseRow,
    actor: Actor,
    now: datetime,
    *,
    type_: ReportType | None = None,
    category: str | None = None,
    is_secret: bool | None = None,
) -> None:
    """Set type or category right, or raise protection; an officer never lowers it."""
    raise NotImplementedError


def see_identity(
    uow: UnitOfWork, service: Service, case: CaseRow, actor: Actor, reason: str, now: datetime
) -> tuple[str, list[str]]:
    """Return name (perhaps empty) and addresses of the reporter, with an event; hidden ones stay hidden for agencies."""
    raise NotImplementedError
