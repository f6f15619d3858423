"""The newest reports with all that happened to them, as the simulator shows them beside the chats.

Nobody in service sees a report like this: whoever plays all parts may.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from handlers import overview_wording as wording
from handlers.cases.numbers import show
from handlers.figures_wording import CLOSINGS, STATES, TYPES
from handlers.i18n import Voice
from handlers.service import Service
from storage.db import UnitOfWork
from storage.queries import dossiers, handling
from storage.queries.dossiers import Line
from storage.queries.handling import CaseRow
from storage.vocabulary import Closing, EventKind

#: reports to choose from, and lines of one's history
NEWEST: Final = 20
_LINES: Final = 60


@dataclass(frozen=True, slots=True)
class Happened:
    at: datetime
    what: str
    #: which agency did it, or has it from now on
    agency: str


@dataclass(frozen=True, slots=True)
class Seen:
    """One report, in words."""

    number: str
    shown_number: str
    state: str
    type: str
    about: str
    agency: str
    area: str
    #: what has to be done by `due_on`; empty: nothing any more
    clock: str
    due_on: date | None
    #: working days until then, negative: late
    days_left: int
    #: oldest first
    history: tuple[Happened, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    #: number and state of the newest reports
    choices: tuple[tuple[str, str, str], ...] = ()
    chosen: Seen | None = None


def look(uow: UnitOfWork, service: Service, voice: Voice, number: str, today: date) -> Overview:
    """Return the newest reports and one of them: that with the number, else the newest."""
    rows = handling.list_newest(uow, NEWEST)
    if not rows:
        return Overview()
    chosen = next((row for row in rows if row.number == number), rows[0])
    form = service.deployment.number
    choices = tuple((row.number, show(form, row.number), voice.text(STATES[row.state])) for row in rows)
    return Overview(choices, _seen(uow, service, voice, chosen, today))


def list_due_days(uow: UnitOfWork) -> list[date]:
    """Return the last days of all clocks that run among the newest reports."""
    return [row.due_on for row in handling.list_newest(uow, NEWEST) if row.due_on is not None]


def _seen(uow: UnitOfWork, service: Service, voice: Voice, case: CaseRow, today: date) -> Seen:
    deployment = service.deployment
    area = deployment.area_by_code.get(case.area_code or "")
    calendar = service.calendar_for(case.clock, case.week)
    category = deployment.category_by_code.get(case.category_code)
    lines = dossiers.list_lines(uow, case.report_id, tuple(EventKind), _LINES)
    # "Archived" says it already.
    ended = [voice.text(CLOSINGS[case.closing])] if case.closing not in {None, Closing.ARCHIVED} else []
    return Seen(
        number=case.number,
        shown_number=show(deployment.number, case.number),
        state=" · ".join([voice.text(STATES[case.state]), *ended]),
        type=voice.text(TYPES[case.type]),
        about=category.name[voice.language] if category else "",
        agency=_agency(service, case.outside_code or (case.agency_code if case.disposed_at else None)),
        area=area.name if area else "",
        clock=voice.text(wording.CLOCKS[case.clock]) if case.clock else "",
        due_on=case.due_on,
        days_left=calendar.working_days_between(today, case.due_on) if case.due_on else 0,
        history=tuple(_happened(service, voice, lines)),
    )


def _happened(service: Service, voice: Voice, lines: Sequence[Line]) -> list[Happened]:
    return [
        Happened(
            line.at,
            voice.text(wording.EVENTS[line.kind]),
            _agency(service, str(line.data.get("to") or line.data.get("by") or "")),
        )
        for line in lines
    ]


def _agency(service: Service, code: str | None) -> str:
    agency = service.deployment.agency_by_code.get(code or "")
    return agency.short_name if agency else ""
