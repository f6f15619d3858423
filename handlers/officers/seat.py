"""Where an officer sits while one message is handled: who, where, when, and how answers leave."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from handlers import codec
from handlers.cases.numbers import show
from handlers.i18n import Field, Phrase, Voice
from handlers.messages import Choice, Inbound, Reply
from handlers.moves import Actor
from handlers.officers import cards
from handlers.officers import task as tasks
from handlers.officers.task import OFFER, Task
from handlers.service import Service
from storage.db import UnitOfWork
from storage.queries import attachments, officers, outbox
from storage.queries.handling import CaseRow
from storage.queries.officers import OfficerRow
from storage.vocabulary import ActorKind, Channel, Priority

#: of buttons that are about no report
NO_REPORT = 0


@dataclass(frozen=True, slots=True)
class Seat:
    uow: UnitOfWork
    service: Service
    officer: OfficerRow
    inbound: Inbound
    now: datetime
    #: where answers go
    address_id: int
    channel: str
    #: the agency whose group this is; None: a private chat
    group_agency: str | None = None

    @property
    def in_group(self) -> bool:
        return self.group_agency is not None

    @property
    def voice(self) -> Voice:
        return self.service.voice(self.officer.language)

    @property
    def today(self) -> date:
        return self.service.local_day(self.now)

    @property
    def actor(self) -> Actor:
        return Actor(ActorKind.OFFICER, self.officer)

    @property
    def has_buttons(self) -> bool:
        return self.channel == Channel.TELEGRAM

    def in_private(self) -> "Seat":
        """Return the same officer in their own chat."""
        officer = self.officer
        return replace(self, address_id=officer.address_id, channel=officer.channel, group_agency=None)

    def number(self, case: CaseRow) -> str:
        return show(self.service.deployment.number, case.number)

    def say(self, phrase: Phrase, *choices: Choice, **fields: Field) -> Reply:
        """Return something said, with buttons that are about no report in particular."""
        reply = self.voice.reply(phrase, fields, choices=choices)
        return replace(reply, question=f"desk:{NO_REPORT}:0") if choices else reply

    def send(self, reply: Reply, *, in_place: bool = False) -> None:
        """Queue an answer; `in_place`: of the message whose button was pressed, where that can be."""
        is_here = self.in_group or self.inbound.sender is None
        if in_place and is_here and self.inbound.press and not (reply.files or reply.made):
            reply = replace(reply, replaces=self.inbound.message_ref)
        elif self.in_group:
            reply = replace(reply, answers=self.inbound.message_ref)
        if self.channel == Channel.CONSOLE:
            self.offer_numbers(reply)
        outbox.queue(
            self.uow,
            outbox.Message(
                address_id=self.address_id,
                channel=self.channel,
                payload=codec.dump_reply(reply),
                priority=Priority.DIRECT,
                report_id=reply.about,
            ),
            now=self.now,
        )

    def offer_numbers(self, reply: Reply) -> None:
        """Remember buttons where there are none to press: their numbers may be typed."""
        values = tuple(choice.value for choice in reply.choices)
        if values and reply.question and self.task() is None:
            self.keep(Task(OFFER, self.address_id, self.now, options=values, question=reply.question))

    def brief(self, case: CaseRow) -> Reply:
        """Return how a case stands and what may be done with it now."""
        return cards.brief(self.uow, self.service, self.officer, case, self.now, in_group=self.in_group)

    # --- what the officer is in the middle of ---

    def task(self) -> Task | None:
        return tasks.load(officers.lock_task(self.uow, self.officer.id), self.now)

    def keep(self, task: Task) -> None:
        officers.save_task(self.uow, self.officer.id, tasks.dump(replace(task, at=self.now)), self.now)

    def drop(self, task: Task | None) -> None:
        """End it; its files go as well, unless they belong to an answer by now."""
        officers.save_task(self.uow, self.officer.id, None, self.now)
        if task is not None and task.draft_id:
            attachments.drop_attachments(self.uow, task.draft_id)
