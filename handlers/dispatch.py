"""From what came in to the function that handles it."""

import uuid
from datetime import datetime

from handlers import actions, codec, wording
from handlers.conversation import progress as saved
from handlers.conversation.machine import judge
from handlers.conversation.progress import Progress
from handlers.conversation.setting import (
    AddToReport,
    Attach,
    DropFiles,
    Effect,
    FileReport,
    SetLanguage,
    SetNews,
    Setting,
    ShowReports,
    ShowStatus,
)
from handlers.messages import Inbound, Notice, Reply
from handlers.service import Service
from storage.db import UnitOfWork
from storage.queries import conversations, outbox
from storage.queries.conversations import Contact
from storage.vocabulary import Priority


def receive(uow: UnitOfWork, service: Service, inbound: Inbound, now: datetime) -> None:
    """Handle one message: state, effects and replies are rows of the caller's transaction."""
    contact = _contact(uow, service, inbound, now)
    match inbound.notice:
        case Notice.BLOCKED:
            conversations.set_unreachable(uow, contact.address_id, now)
            return
        case Notice.UNBLOCKED:
            conversations.set_unreachable(uow, contact.address_id, None)
            return
    if contact.is_unreachable:  # who writes to us can be reached again
        conversations.set_unreachable(uow, contact.address_id, None)
    _converse(uow, service, inbound, contact, now)


def apologise(uow: UnitOfWork, service: Service, inbound: Inbound, now: datetime) -> None:
    """Tell the person that a message could not be handled and is kept."""
    contact = _contact(uow, service, inbound, now)
    send(uow, contact, service.voice(contact.language).say(wording.APOLOGY), now)


def _contact(uow: UnitOfWork, service: Service, inbound: Inbound, now: datetime) -> Contact:
    language = service.deployment.default_language
    return conversations.get_or_create_contact(
        uow, inbound.address.channel, inbound.address.identifier, language, now
    )


def _converse(uow: UnitOfWork, service: Service, inbound: Inbound, contact: Contact, now: datetime) -> None:
    before = saved.load(contact.progress) if contact.progress else Progress()
    setting = Setting(
        knowledge=service.knowledge,
        voice=service.voice(contact.language),
        channel=inbound.address.channel,
        today=service.local_day(now),
        new_id=uuid.uuid4().hex,
    )
    turn = judge(before, inbound, setting)
    for output in turn.outputs:
        if isinstance(output, Reply):
            send(uow, contact, output, now)
        else:
            perform(uow, service, contact, output, now)
    if turn.progress != before or contact.progress is None:
        touched = now if turn.progress.draft else None
        conversations.save_progress(
            uow, contact, saved.dump(turn.progress), draft_touched_at=touched, now=now
        )


def perform(uow: UnitOfWork, service: Service, contact: Contact, effect: Effect, now: datetime) -> None:
    """Carry out what a turn decided; what there is to say about it is queued as well."""
    reply: Reply | None = None
    match effect:
        case Attach():
            actions.attach(uow, contact, effect, now)
        case FileReport():
            reply = actions.file_report(uow, service, contact, effect.draft, now)
        case DropFiles():
            actions.drop_files(uow, effect.draft_id)
        case ShowStatus():
            reply = actions.show_status(uow, service, contact, effect.text, now)
        case ShowReports():
            reply = actions.show_reports(uow, service, contact, now)
        case AddToReport():
            reply = actions.add_to_report(uow, service, contact, effect.text, now)
        case SetLanguage():
            conversations.set_language(uow, contact.reporter_id, effect.language)
        case SetNews():
            reply = actions.set_news(uow, service, contact, is_wanted=effect.is_wanted, now=now)
    if reply is not None:
        send(uow, contact, reply, now)


def send(uow: UnitOfWork, contact: Contact, reply: Reply, now: datetime) -> None:
    """Queue an answer to the message being handled."""
    outbox.queue(
        uow,
        address_id=contact.address_id,
        channel=contact.channel,
        payload=codec.dump_reply(reply),
        priority=Priority.DIRECT,
        now=now,
    )
