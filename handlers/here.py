"""Somebody who says something about their filed reports, and what comes of it: what those who take it hand on."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from handlers.cases.numbers import show
from handlers.conversation.progress import Progress
from handlers.conversation.setting import Setting
from handlers.i18n import Field, Phrase, Voice
from handlers.messages import Inbound, Reply
from handlers.service import Service
from storage.db import UnitOfWork
from storage.queries.conversations import Contact
from storage.queries.handling import CaseRow
from storage.vocabulary import Channel

#: so long the next words are what was asked for last
PATIENCE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Here:
    """Somebody who has just said something, and where their conversation stands."""

    uow: UnitOfWork
    service: Service
    contact: Contact
    at: Progress
    now: datetime

    @property
    def voice(self) -> Voice:
        return self.service.voice(self.contact.language)

    @property
    def setting(self) -> Setting:
        return Setting(
            knowledge=self.service.knowledge,
            voice=self.voice,
            channel=Channel(self.contact.channel),
            today=self.service.local_day(self.now),
            new_id="",
        )

    def shown(self, number: str) -> str:
        return show(self.service.deployment.number, number)

    def say(self, case: CaseRow, phrase: Phrase, **fields: Field) -> Reply:
        """Return what is said of a report."""
        return replace(
            self.voice.reply(phrase, {"number": self.shown(case.number), **fields}), about=case.report_id
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where the conversation stands afterwards, and what is said besides what the moves say."""

    at: Progress
    replies: tuple[Reply, ...] = ()
    #: what was kept, and is the conversation's after all
    released: tuple[Inbound, ...] = ()
