"""What the clock asks the database: which cases have come to a rung of the ladder, and what was said of them."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Integer, and_, bindparam, func, insert, or_, select, update

from storage.db import UnitOfWork
from storage.models import Case, Outbound, Reminder, Report, table
from storage.queries.conversations import HEARD_AT
from storage.queries.handling import CaseRow, select_cases, to_case
from storage.vocabulary import Clock, OutboundState, Priority, ReportType

CASE, REPORT, REMINDER, OUTBOUND = table(Case), table(Report), table(Reminder), table(Outbound)


#: of this deadline `kind` was not said yet
_UNSAID = ~(
    select(REMINDER.c.report_id)
    .where(
        REMINDER.c.report_id == CASE.c.report_id,
        REMINDER.c.due_on == CASE.c.due_on,
        REMINDER.c.kind == bindparam("said"),
    )
    .exists()
)
# Made once: a run asks twenty times, and mostly finds nothing. SQLite has no rows to lock, and passes over that.
_DUE = (
    select_cases()
    .where(
        CASE.c.clock == bindparam("running"),
        CASE.c.due_on > bindparam("after"),
        CASE.c.due_on <= bindparam("until"),
        _UNSAID,
    )
    .order_by(CASE.c.due_on, CASE.c.report_id)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(of=CASE, skip_locked=True)
)
_IDLE = _DUE.where(CASE.c.updated_at < bindparam("since"), REPORT.c.type == bindparam("kind_of_report"))


def list_due(
    uow: UnitOfWork, clock: Clock, kind: str, *, after: date | None, until: date, limit: int
) -> list[CaseRow]:
    """Return cases whose clock ends after one day (None: ever) and until another, of which `kind` was not said yet.

    Earliest first, locked; what others move just now is passed over.
    """
    at = {
        "running": clock.value,
        "said": kind,
        "after": after or date.min,
        "until": until,
        "most": limit,
    }
    return [to_case(row) for row in uow.connection.execute(_DUE, at)]


def list_idle(
    uow: UnitOfWork,
    type_: ReportType,
    kind: str,
    *,
    after: date,
    until: date,
    idle_since: datetime,
    limit: int,
) -> list[CaseRow]:
    """Return cases of a type that are to be settled between two days and have not moved since an instant."""
    at = {
        "running": Clock.SETTLE.value,
        "said": kind,
        "after": after,
        "until": until,
        "since": idle_since,
        "kind_of_report": type_.value,
        "most": limit,
    }
    return [to_case(row) for row in uow.connection.execute(_IDLE, at)]


_PASSED = (
    select_cases()
    .where(CASE.c.clock == bindparam("ended"), CASE.c.due_on < bindparam("before"))
    .order_by(CASE.c.due_on, CASE.c.report_id)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(of=CASE, skip_locked=True)
)


def list_passed(uow: UnitOfWork, clock: Clock, before: date, limit: int) -> list[CaseRow]:
    """Return cases whose clock ended before a day, earliest first, locked."""
    at = {"ended": clock.value, "before": before, "most": limit}
    return [to_case(row) for row in uow.connection.execute(_PASSED, at)]


_UNSETTLED = (
    select_cases()
    .where(
        CASE.c.ombudsman_on <= bindparam("today"),
        CASE.c.due_on.is_not(None),
        CASE.c.offered_at.is_(None),
        CASE.c.clock.not_in([Clock.CITIZEN_REPLY.value, Clock.CITIZEN_DATA.value]),
    )
    .order_by(CASE.c.ombudsman_on, CASE.c.report_id)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(of=CASE, skip_locked=True)
)


def list_unsettled(uow: UnitOfWork, today: date, limit: int) -> list[CaseRow]:
    """Return cases whose reporters are to be told of the Ombudsman, longest due first, locked.

    Not those that wait for their reporters' own word.
    """
    return [to_case(row) for row in uow.connection.execute(_UNSETTLED, {"today": today, "most": limit})]


_SAID = select(REMINDER.c.report_id, REMINDER.c.due_on, REMINDER.c.kind).where(
    REMINDER.c.report_id.in_(bindparam("reports", expanding=True))
)


def list_said(uow: UnitOfWork, report_ids: Collection[int]) -> Mapping[tuple[int, date], set[str]]:
    """Return the kinds that were said of deadlines, by report and due date; nothing of the others."""
    found: defaultdict[tuple[int, date], set[str]] = defaultdict(set)
    for row in uow.connection.execute(_SAID, {"reports": sorted(report_ids)}):
        found[row.report_id, row.due_on].add(row.kind)
    return found


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one message."""

    state: OutboundState
    code: str | None
    delivery_state: str | None


_SAID_LAST = select(func.max(REMINDER.c.at)).where(
    REMINDER.c.report_id == bindparam("report"),
    REMINDER.c.due_on == bindparam("day"),
    REMINDER.c.kind.in_(bindparam("kinds", expanding=True)),
)


def list_told(uow: UnitOfWork, report_id: int, due_on: date, kinds: Collection[str]) -> list[Sent] | None:
    """Return the news its reporter was sent since one of these was said of a deadline; None: none was."""
    said = {"report": report_id, "day": due_on, "kinds": sorted(kinds)}
    said_at = uow.connection.execute(_SAID_LAST, said).scalar()
    return None if said_at is None else list_news(uow, report_id, said_at)


_NEWS = select(OUTBOUND.c.state, OUTBOUND.c.code, OUTBOUND.c.delivery_state).where(
    OUTBOUND.c.report_id == bindparam("report"),
    OUTBOUND.c.created_at >= bindparam("since"),
    OUTBOUND.c.priority == Priority.NEWS.value,
    OUTBOUND.c.address_id.in_(HEARD_AT),
)


def list_news(uow: UnitOfWork, report_id: int, since: datetime) -> list[Sent]:
    """Return the news its reporter was sent since an instant."""
    rows = uow.connection.execute(_NEWS, {"report": report_id, "since": since})
    return [Sent(OutboundState(row.state), row.code, row.delivery_state) for row in rows]


_LEFT = (
    select(OUTBOUND.c.id)
    .where(
        OUTBOUND.c.report_id == bindparam("report"),
        OUTBOUND.c.created_at >= bindparam("since"),
        OUTBOUND.c.address_id.in_(HEARD_AT),
        or_(
            OUTBOUND.c.state.in_([OutboundState.SENT.value, OutboundState.LEASED.value]),
            and_(OUTBOUND.c.state == OutboundState.PENDING.value, OUTBOUND.c.due_at <= bindparam("now")),
        ),
    )
    .limit(1)
)


def is_told(uow: UnitOfWork, report_id: int, since: datetime, now: datetime) -> bool:
    """Tell whether anything about a report left for its reporter since an instant, or is on its way."""
    wanted = {"report": report_id, "since": since, "now": now}
    return uow.connection.execute(_LEFT, wanted).first() is not None


_SAY = insert(REMINDER)


class Said(NamedTuple):
    report_id: int
    kind: str
    due_on: date


def record_said(uow: UnitOfWork, said: Collection[Said], now: datetime) -> None:
    """Note that these were said, or passed over. Raises IntegrityError where one was."""
    if said:
        uow.connection.execute(_SAY, [{**one._asdict(), "at": now} for one in said])


_OWN = select(CASE.c.report_id).where(CASE.c.report_id == bindparam("report"))
_JOINED = select(CASE.c.report_id).where(CASE.c.parent_report_id == bindparam("report"))
_DROP = (
    update(OUTBOUND)
    .where(
        OUTBOUND.c.report_id.in_(_OWN.union_all(_JOINED)),
        OUTBOUND.c.useful_until.is_not(None),
        OUTBOUND.c.state == OutboundState.PENDING.value,
    )
    .values(state=OutboundState.DEAD.value, due_at=None, code="moved", useful_until=OUTBOUND.c.created_at)
)


def drop_reminders(uow: UnitOfWork, report_id: int) -> None:
    """Let reminders of a case that has moved stay unsent, also when somebody tries given-up messages again.

    Those whose reports follow it got them as well.
    """
    uow.connection.execute(_DROP, {"report": report_id})
