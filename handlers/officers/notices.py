"""Who of the officers is told what of a case; each gets a card of their own, with what they may see and do."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from enum import Enum
from functools import cached_property

from handlers import codec
from handlers.hours import next_waking
from handlers.officers import cards
from handlers.officers import notices_wording as wording
from handlers.officers.access import BOUNCES, may_see
from handlers.service import Service
from storage.db import UnitOfWork
from storage.queries import officers, outbox
from storage.queries.handling import CaseRow
from storage.queries.officers import OfficerRow
from storage.vocabulary import Channel, Priority, ReportType, Role


class What(Enum):
    """What happened; the value is said above the card."""

    NEW = wording.NEW
    NEW_EMERGENCY = wording.NEW_EMERGENCY
    RETURNED = wording.RETURNED
    BOUNCED = wording.BOUNCED
    DISPOSED = wording.DISPOSED
    NOBODY = wording.NOBODY
    REPLIED = wording.REPLIED
    ADDED = wording.ADDED
    REJECTED = wording.REJECTED
    CONFIRMED = wording.CONFIRMED
    REOPENED = wording.REOPENED
    APPEALED = wording.APPEALED
    PROPOSED = wording.PROPOSED
    DECLINED = wording.DECLINED
    TAKEN = wording.TAKEN
    EXTENDED = wording.EXTENDED
    JOINED = wording.JOINED
    RELEASED = wording.RELEASED
    WITHDRAWN = wording.WITHDRAWN
    UNASKED = wording.UNASKED
    UNDELIVERED = wording.UNDELIVERED
    CONSENTED = wording.CONSENTED


#: for those who check and pass on
_FOR_ROUTERS = frozenset(
    {What.NEW, What.NEW_EMERGENCY, What.RETURNED, What.BOUNCED, What.NOBODY, What.APPEALED, What.RELEASED}
    | {What.CONSENTED, What.UNASKED}
)
#: that coordinators see to, whoever decides where the report goes
_FOR_COORDINATORS = frozenset({What.APPEALED, What.CONSENTED})


def tell_officers(
    uow: UnitOfWork,
    service: Service,
    case: CaseRow,
    what: What,
    now: datetime,
    *,
    words: str = "",
    agency: str | None = None,
    to: int | None = None,
    but: OfficerRow | None = None,
) -> None:
    """Tell those who are to know; whoever may not see the case is told nothing.

    `agency`: the one the text names, where it is not who has the case. `to`: this officer alone. `but`: did it.
    """
    receivers = [
        one
        for one in _receivers(uow, service, case, what, now, to)
        if may_see(one, case) and (but is None or one.id != but.id)
    ]
    name = _agency_name(service, agency or case.agency_code)
    for one in receivers:
        _queue(uow, service, case, one, what, now, words=words, agency=name)
    if what is What.DISPOSED:
        _tell_agency(uow, service, case, receivers, now)


def _tell_agency(
    uow: UnitOfWork, service: Service, case: CaseRow, receivers: list[OfficerRow], now: datetime
) -> None:
    """Show a new case in the agency's groups; where nobody could be told, the coordinators are."""
    if not receivers:
        tell_officers(uow, service, case, What.NOBODY, now)
    elif case.agency_code is not None and case.type is not ReportType.OVERSIGHT:
        name = _agency_name(service, case.agency_code)
        for group in officers.list_groups(uow, case.agency_code):
            place = (group.address_id, group.channel)
            _queue(
                uow, service, case, receivers[0], What.DISPOSED, now, words="", agency=name, in_group=place
            )


def _agency_name(service: Service, code: str | None) -> str:
    agency = service.deployment.agency_by_code.get(code or "")
    return agency.short_name if agency else service.deployment.name


def _receivers(  # noqa: PLR0917 - called here only
    uow: UnitOfWork, service: Service, case: CaseRow, what: What, now: datetime, to: int | None
) -> Iterable[OfficerRow]:
    if to is not None:
        one = officers.find_officer(uow, to)
        return [] if one is None else [one]
    roster = Roster(uow, service.local_day(now))
    if what is What.PROPOSED:
        return roster.present({Role.APPROVER}, case.agency_code)
    if what in _FOR_ROUTERS:
        return roster.present(_routers(case, what))
    return roster.holders(case)


def _routers(case: CaseRow, what: What) -> Collection[Role]:
    if what is What.BOUNCED or (what not in _FOR_COORDINATORS and case.returns >= BOUNCES):
        return {Role.DECIDER, Role.COORDINATOR}
    if what in {What.NEW, What.NEW_EMERGENCY} and case.type is ReportType.OVERSIGHT:
        return {Role.COORDINATOR, Role.INSPECTORATE}
    return {Role.COORDINATOR}


class Roster:
    """Who is there on a day; each post is read once, so it lives no longer than the transaction."""

    def __init__(self, uow: UnitOfWork, day: date) -> None:
        self._uow = uow
        self._day = day
        self._found: dict[tuple[frozenset[Role], str | None], list[OfficerRow]] = {}

    @cached_property
    def _away(self) -> frozenset[int]:
        return officers.list_away(self._uow, self._day)

    def present(self, roles: Collection[Role], agency_code: str | None = None) -> list[OfficerRow]:
        """Return who is to be told of those who have a post."""
        key = frozenset(roles), agency_code
        if key not in self._found:
            self._found[key] = present(officers.list_active(self._uow, *key), self._away)
        return self._found[key]

    def holders(self, case: CaseRow) -> list[OfficerRow]:
        """Return who has the case: the officer who took it, else the agency's, else the coordinators."""
        taken = officers.find_officer(self._uow, case.officer_id) if case.officer_id else None
        if taken is not None and self._can_work(taken):
            return [taken]
        if case.disposed_at is None or case.agency_code is None:
            return self.present({Role.COORDINATOR})
        if case.type is ReportType.OVERSIGHT:
            return self.present({Role.INSPECTORATE})
        return self.present({Role.LIAISON}, case.agency_code)

    def _can_work(self, officer: OfficerRow) -> bool:
        return not officer.is_suspended and not officer.is_unreachable and officer.id not in self._away


def present(found: list[OfficerRow], away: Collection[int]) -> list[OfficerRow]:
    """Return the first ones who are there, else their deputies, else whoever can be reached at all.

    Of several roles each has somebody of its own.
    """
    chosen: list[OfficerRow] = []
    for role in {one.role: None for one in found}:
        reachable = [one for one in found if one.role is role and not one.is_unreachable]
        here = [one for one in reachable if one.id not in away]
        first = [one for one in here if not one.is_deputy]
        chosen += first or here or reachable
    return chosen


def _queue(  # noqa: PLR0917 - as above
    uow: UnitOfWork,
    service: Service,
    case: CaseRow,
    officer: OfficerRow,
    what: What,
    now: datetime,
    *,
    words: str,
    agency: str,
    in_group: tuple[int, str] | None = None,
) -> None:
    """Queue a card; `in_group`: address and channel of the group that gets it."""
    deployment = service.deployment
    address_id, channel = in_group or (officer.address_id, officer.channel)
    is_urgent = case.is_emergency or channel == Channel.CONSOLE
    due_at = now if is_urgent else next_waking(now, deployment.quiet_hours, deployment.zone)
    intro = service.voice(officer.language).text(what.value, words=words, agency=agency, digits=case.number)
    # What is left is counted from when it is read.
    card = cards.card(uow, service, officer, case, due_at, intro=intro, in_group=in_group is not None)
    outbox.queue(
        uow,
        outbox.Message(
            address_id=address_id,
            channel=channel,
            payload=codec.dump_reply(card),
            priority=Priority.NEWS,
            report_id=case.report_id,
            due_at=due_at,
        ),
        now=now,
    )
