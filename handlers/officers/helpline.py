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
from storage.vocabulary import Priority, Role


def call(uow: UnitOfWork, service: Service, contact: Contact, now: datetime) -> None:
    """Note that somebody needs a person, and tell the coordinators by which report they can be reached.

    Who may not see that report hears nothing: it accuses their unit.
    """
    if not people.request_human(uow, contact.address_id, now):
        return
    deployment = service.deployment
    own = next((one for one in cases.list_standings_of(uow, contact, 1) if one.is_own), None)
    case = handling.read_case(uow, own.report_id) if own else None
    coordinators = officers.list_active(uow, {Role.COORDINATOR})
    for officer in (one for one in coordinators if case is None or may_see(one, case)):
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
