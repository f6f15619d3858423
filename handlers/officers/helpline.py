"""Somebody asks for a person: coordinators hear of it, once a day at most."""

from datetime import datetime

from handlers import codec
from handlers.cases.numbers import show
from handlers.hours import next_waking
from handlers.officers import wording
from handlers.service import Service
from storage.db import UnitOfWork
from storage.queries import cases, officers, outbox, people
from storage.queries.conversations import Contact
from storage.vocabulary import Priority, Role


def call(uow: UnitOfWork, service: Service, contact: Contact, now: datetime) -> None:
    """Note that somebody needs a person, and tell the coordinators by which report they can be reached."""
    if not people.request_human(uow, contact.address_id, now):
        return
    deployment = service.deployment
    own = next((one for one in cases.list_standings_of(uow, contact, 1) if one.is_own), None)
    for officer in officers.list_active(uow, {Role.COORDINATOR}):
        voice = service.voice(officer.language)
        if own is None:
            reply = voice.say(wording.HUMAN_WANTED)
        else:
            number = show(deployment.number, own.number)
            reply = voice.say(wording.HUMAN_WANTED_OF, number=number, digits=own.number)
        outbox.queue(
            uow,
            outbox.Message(
                address_id=officer.address_id,
                channel=officer.channel,
                payload=codec.dump_reply(reply),
                priority=Priority.NEWS,
                due_at=next_waking(now, deployment.quiet_hours, deployment.zone),
                report_id=own.report_id if own else None,
            ),
            now=now,
        )
