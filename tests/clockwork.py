"""Drafts and the jobs that look after them."""

import itertools
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from handlers.conversation import progress as saved
from handlers.jobs import expire_drafts, recall_drafts
from handlers.messages import Reply
from handlers.service import Service
from storage.db import Database
from storage.models import Attachment, Conversation, Inbound, Outbound, table
from storage.queries import conversations
from storage.queries.conversations import Contact
from storage.vocabulary import Channel
from tests.fakes.clock import MONDAY
from tests.killed import Work
from tests.person import Person

CONVERSATION, ATTACHMENT, OUTBOUND, INBOUND = (
    table(Conversation),
    table(Attachment),
    table(Outbound),
    table(Inbound),
)
TEXT = "jalan rusak depan SDN 2 desa mungguk sejak kemarin"
RECALL, EXPIRED = "Yang masih kami tunggu", "sudah kami hapus karena lama"
HALF_AN_HOUR, DAY = timedelta(minutes=30), timedelta(days=1)
#: 08.00 of the day after MONDAY
MORNING = MONDAY + timedelta(hours=22, minutes=55)
_numbers = itertools.count(1)


@dataclass
class Clockwork:
    """Runs jobs on a database as the scheduler does: a transaction each, until nothing is left."""

    database: Database
    service: Service

    def run(self, work: Work, now: datetime) -> int:
        total = 0
        while True:
            with self.database.writing() as uow:
                done = work(uow, self.service, now)
            if not done:
                return total
            total += done

    def recalls(self, now: datetime) -> int:
        return self.run(recall_drafts, now)

    def expires(self, now: datetime) -> int:
        return self.run(expire_drafts, now)

    def person(self, channel: Channel = Channel.TELEGRAM, **more: Any) -> Person:
        """Somebody nobody has met before."""
        number = next(_numbers)
        identifier = f"+62812{number:08}" if channel is Channel.SMS else f"{7_000_000 + number}"
        return Person(self.database, self.service, identifier, channel, **more)

    def contact(self, person: Person) -> Contact:
        with self.database.reading() as uow:
            found = conversations.find_contact(uow, person.channel, person.identifier, lock=False)
        assert found is not None
        return found

    def row(self, person: Person) -> Any:
        with self.database.reading() as uow:
            query = select(CONVERSATION).where(CONVERSATION.c.address_id == self.contact(person).address_id)
            return uow.connection.execute(query).one()

    def progress(self, person: Person) -> saved.Progress:
        stored = self.contact(person).progress
        assert stored is not None
        return saved.load(stored)

    def news(self, person: Person) -> list[Reply]:
        """What a person was told without having written."""
        person.hears()
        return person.heard
