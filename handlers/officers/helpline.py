"""Somebody asks for a person: coordinators hear of it, once a day at most."""

from datetime import datetime

from handlers import codec
from handlers.cases.numbers import show
from handlers.hours import next_waking
from handlers.officers import notices_wording as wording
from handlers.officers.access import may_see
from handlers.service import Service
from storage.db import UnitOfWork
from storage.queries import cases, handling, officers, outbox, people
from storage.queries.conversations import Contact
from storage.queries.handling import CaseRow
from storage.queries.officers import OfficerRow
from storage.vocabulary import Priority, Role

#: of a person's newest reports, those by which they may be answered
REPORTS = 5


def call(uow: UnitOfWork, service: Service, contact: Contact, now: datetime) -> None:
    """Note that somebody needs a person, and tell the coordinators by which report they can be reached."""
    if not people.request_human(uow, contact.address_id, now):
        return
    deployment = service.deployment
    case, coordinators = _whom_by_what(uow, contact)
    for officer in coordinators:
        voice = service.voice(officer.language)
        if case is None:
            reply = voice.say(wording.HUMAN_WANTED)
        else:
            number = show(deployment.number, case.number)
            reply = voice.say(wording.HUMAN_WANTED_OF, number=number, digits=case.number)
        outbox.queue(
            uow,
            outbox.Message(
                address_id=officer.address_id,
                channel=officer.channel,
                payload=codec.dump_reply(reply),
                priority=Priority.NEWS,
                due_at=next_waking(now, deployment.quiet_hours, deployment.zone),
                report_id=case.report_id if case else None,
            ),
            now=now,
        )


def _whom_by_what(uow: UnitOfWork, contact: Contact) -> tuple[CaseRow | None, list[OfficerRow]]:
    """Return the newest of a person's reports that a coordinator may see, and who may.

    Who may not hears nothing, as it accuses their unit; where that would be all of them, somebody is told all the same.
    """
    coordinators = officers.list_active(uow, {Role.COORDINATOR})
    for standing in cases.list_standings_of(uow, contact, REPORTS):
        if standing.is_own:
            case = handling.read_case(uow, standing.report_id)
            if those := [one for one in coordinators if may_see(one, case)]:
                return case, those
    return None, coordinators
