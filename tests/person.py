"""A person at one address who talks to the handlers, without any channel: each message a transaction of its own."""

import itertools
import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from handlers import codec
from handlers.dispatch import receive
from handlers.messages import Address, Inbound, Press, Reply
from handlers.service import Service
from storage.db import Database
from storage.models import Address as AddressRow
from storage.models import Outbound, table
from storage.vocabulary import Channel
from tests.fakes.clock import MONDAY

ADDRESS, OUTBOUND = table(AddressRow), table(Outbound)
WHOLE = "LAPOR lampu jln mati dpn sd 3 ds mungguk"
NUMBER = re.compile(r"SKD-\d{3} \d{4}")
_ids = itertools.count(1)


@dataclass
class Person:
    database: Database
    service: Service
    identifier: str = "5000000123"
    channel: Channel = Channel.TELEGRAM
    now: datetime = MONDAY
    #: what the last message was answered
    heard: list[Reply] = field(default_factory=list)
    _count: int = 0

    def says(self, *texts: str) -> str:
        """Return what the last of the texts was answered, as this channel shows it."""
        for text in texts:
            self.sends(text=text)
        return self.last

    def sends(self, **what: Any) -> list[Reply]:
        address = Address(self.channel, self.identifier)
        inbound = replace(Inbound(address, f"u{next(_ids)}", self.now), **what)
        with self.database.writing() as uow:
            receive(uow, self.service, inbound, self.now)
        return self.hears()

    def presses(self, value: str) -> list[Reply]:
        """Press a button of the last question."""
        question = next(reply.question for reply in reversed(self.all_heard()) if reply.question)
        return self.sends(press=Press(question, value))

    def hears(self) -> list[Reply]:
        """Return what was queued for this person since it was asked last."""
        said = self.all_heard()
        self.heard = said[self._count :]
        self._count = len(said)
        return self.heard

    @property
    def last(self) -> str:
        return "\n\n".join(reply.short if self.channel is Channel.SMS else reply.text for reply in self.heard)

    def files(self, *texts: str) -> str:
        """File a report, and return its number as shown."""
        receipt = self.says(*(texts or (WHOLE, "lewati", "1", "ya")))
        number = NUMBER.search(receipt)
        assert number, receipt
        return number[0]

    def all_heard(self) -> list[Reply]:
        with self.database.reading() as uow:
            rows = uow.connection.execute(
                select(OUTBOUND.c.payload_sealed)
                .join(ADDRESS, ADDRESS.c.id == OUTBOUND.c.address_id)
                .where(
                    ADDRESS.c.identifier_hash
                    == uow.vault.fingerprint(f"address:{self.channel}", self.identifier)
                )
                .order_by(OUTBOUND.c.id)
            )
            return [codec.load_reply(uow.vault.unseal(row.payload_sealed)) for row in rows]
