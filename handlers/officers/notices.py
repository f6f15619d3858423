"""Who of the officers is told what of a case; each gets a card of their own, with what they may see and do."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum
from functools import cached_property

from handlers import codec
from handlers.cases.numbers import show
from handlers.hours import next_waking
from handlers.officers import cards
from handlers.officers import notices_wording as wording
from handlers.officers.access import BOUNCES, may_see
from handlers.service import Service
from storage.db import UnitOfWork
from storage.queries import officers, outbox
from storage.queries.dossiers import Dossier
from storage.queries.handling import CaseRow
from storage.queries.officers import Group, OfficerRow
from storage.vocabulary import Channel, Priority, ReportType, Role


class What(Enum):
    """What happened; the value is said above the card."""

    NEW = wording.NEW
    NEW_EMERGENCY = wording.NEW_EMERGENCY
    RETURNED = wording.RETURNED
    BOUNCED = wording.BOUNCED
    DISPOSED = wording.DISPOSED
    NOBODY = wording.NOBODY
    ADDED_MUCH = wording.ADDED_MUCH
    REPLIED = wording.REPLIED
    ADDED = wording.ADDED
    ADDED_FILES = wording.ADDED_FILES
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
    SEPARATED = wording.SEPARATED
    WITHDRAWN = wording.WITHDRAWN
    UNASKED = wording.UNASKED
    UNDELIVERED = wording.UNDELIVERED
    CONSENTED = wording.CONSENTED


#: for those who check and pass on
_FOR_ROUTERS = frozenset(
    {What.NEW, What.NEW_EMERGENCY, What.RETURNED, What.BOUNCED, What.NOBODY, What.APPEALED, What.RELEASED}
    | {What.SEPARATED, What.CONSENTED, What.UNASKED}
)
#: they bring no new ones
_WITHOUT_FILES = frozenset({What.ADDED, What.ADDED_MUCH})
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
    not_before: datetime | None = None,
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
    if receivers:
        notice = _Notice(uow, service, case, what, not_before or now, words, name, cards.read(uow, case))
        groups = _groups(uow, case) if what is What.DISPOSED else []
        messages = [*map(notice.to, receivers), *(notice.to(receivers[0], group) for group in groups)]
        outbox.queue(uow, *messages, now=now)
    elif what is What.DISPOSED:  # nobody could be told
        tell_officers(uow, service, case, What.NOBODY, now)


def tell_dropped(uow: UnitOfWork, service: Service, case: CaseRow, to: int, now: datetime) -> None:
    """Tell who wrote it that an answer is not sent, as the case has left them; of the case nothing else."""
    officer = officers.find_officer(uow, to)
    if officer is None or officer.is_suspended:
        return
    number = show(service.deployment.number, case.number)
    message = outbox.Message(
        address_id=officer.address_id,
        channel=officer.channel,
        payload=codec.dump_reply(
            service.voice(officer.language).say(wording.PROPOSAL_DROPPED, number=number)
        ),
        priority=Priority.NEWS,
        report_id=case.report_id,
        due_at=service.next_waking(now),
    )
    outbox.queue(uow, message, now=now)


def _groups(uow: UnitOfWork, case: CaseRow) -> list[Group]:
    """Return the groups that a new case is shown in."""
    if case.agency_code is None or case.type is ReportType.OVERSIGHT:
        return []
    return officers.list_groups(uow, case.agency_code)


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
            found = officers.list_active(self._uow, *key)
            # One alone is told anyhow.
            self._found[key] = present(found, self._away if len(found) > 1 else ())
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


@dataclass(frozen=True, slots=True)
class _Notice:
    """What is told of a case, to one officer after another."""

    uow: UnitOfWork
    service: Service
    case: CaseRow
    what: What
    now: datetime
    words: str
    agency: str
    dossier: Dossier

    def to(self, officer: OfficerRow, group: Group | None = None) -> outbox.Message:
        """Return the card as this officer sees it, or as their group does."""
        case, deployment, place = self.case, self.service.deployment, group or officer
        is_urgent = case.is_emergency or place.channel == Channel.CONSOLE
        due_at = self.now if is_urgent else next_waking(self.now, deployment.quiet_hours, deployment.zone)
        voice = self.service.voice(officer.language)
        intro = voice.text(self.what.value, words=self.words, agency=self.agency, digits=case.number)
        card = cards.card(
            self.uow,
            self.service,
            officer,
            case,
            due_at,  # what is left is counted from when it is read
            intro=intro,
            in_group=group is not None,
            dossier=self.dossier,
        )
        return outbox.Message(
            address_id=place.address_id,
            channel=place.channel,
            payload=codec.dump_reply(
                replace(card, files=()) if self.what in _WITHOUT_FILES else card
            ),  # none is new
            priority=Priority.NEWS,
            report_id=case.report_id,
            due_at=due_at,
        )
