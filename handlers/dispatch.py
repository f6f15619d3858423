"""From what came in to the function that handles it."""

import uuid
from dataclasses import replace
from datetime import datetime, timedelta

from handlers import actions, capitals, codec, deep_links, feedback, linking, receipts, report_wording, rights
from handlers.conversation import progress as saved
from handlers.conversation.machine import judge
from handlers.conversation.phrasebook import Word
from handlers.conversation.progress import Progress
from handlers.conversation.setting import (
    AddToReport,
    Attach,
    CallHuman,
    CorrectReport,
    DropFiles,
    Effect,
    EraseData,
    FileReport,
    LinkReport,
    MoveFiles,
    ProtectReport,
    SetLanguage,
    SetNews,
    Setting,
    ShowData,
    ShowNotice,
    ShowReports,
    ShowStatus,
)
from handlers.conversation.words import fold, read_command
from handlers.here import Outcome
from handlers.messages import Inbound, Notice, Reply
from handlers.officers import desk, groups, helpline, joining
from handlers.service import Service
from storage.db import UnitOfWork
from storage.queries import conversations, officers, outbox
from storage.queries.conversations import Contact
from storage.vocabulary import Channel, Priority

#: the same text from the same number within this time, with nothing said between, is one message
REPEAT_WITHIN = timedelta(minutes=10)
SHORTEST_REPEAT = 20


def receive(uow: UnitOfWork, service: Service, inbound: Inbound, now: datetime) -> None:
    """Handle one message: state, effects and replies are rows of the caller's transaction."""
    if inbound.sender is not None or inbound.notice is Notice.MOVED:
        groups.receive(uow, service, inbound, now)
        return
    inbound = replace(inbound, text=deep_links.unfold(inbound.text))
    contact = _contact(uow, service, inbound, now)
    match inbound.notice:
        case Notice.BLOCKED:
            receipts.lose_address(uow, service, contact.address_id, now)
            return
        case Notice.UNBLOCKED:
            conversations.set_unreachable(uow, contact.address_id, None)
            return
    if contact.is_unreachable:  # who writes to us can be reached again
        conversations.set_unreachable(uow, contact.address_id, None)
    if _is_officers(uow, service, inbound, contact, now):
        return
    inbound = capitals.as_told(uow, service, contact, inbound)
    digest = _digest_of_telling(uow, inbound, contact)
    if (
        digest
        and contact.recent_digest == digest
        and contact.recent_at
        and now - contact.recent_at < REPEAT_WITHIN
    ):
        return
    outcome = _about_filed(uow, service, inbound, contact, now)
    if outcome is None:
        _converse(uow, service, inbound, contact, now)
    else:
        _settle(uow, service, outcome, contact, now)
    if digest or contact.recent_digest:  # whatever else is said ends it: the same words are meant anew then
        conversations.note_text(uow, contact, digest, now)


def _settle(uow: UnitOfWork, service: Service, outcome: Outcome, contact: Contact, now: datetime) -> None:
    """Say what is said of a filed report; what was kept for one and is none's is told to the conversation."""
    for reply in outcome.replies:
        send(uow, contact, reply, now)
    for told in outcome.released:
        _converse(uow, service, told, _contact(uow, service, told, now), now)


def _is_officers(
    uow: UnitOfWork, service: Service, inbound: Inbound, contact: Contact, now: datetime
) -> bool:
    """Handle what somebody becomes an officer by, or works by as one; False: it is neither."""
    if joined := joining.receive(uow, service, inbound, contact, now):
        send(uow, contact, joined, now)
        return True
    officer = officers.find_officer_by_address(uow, contact.address_id) if contact.is_officer else None
    return officer is not None and desk.receive_officer(uow, service, inbound, contact, officer, now=now)


def _about_filed(
    uow: UnitOfWork, service: Service, inbound: Inbound, contact: Contact, now: datetime
) -> Outcome | None:
    """Take a code that links a report, or what is said of a filed one; None: it is neither."""
    if linking.is_code(inbound.text):
        linked = linking.give_code(uow, service, contact, inbound.text, now)
        if linked is not None:
            return Outcome(saved.load(contact.progress) if contact.progress else Progress(), (linked,))
    return feedback.receive(uow, service, inbound, contact, now)


def _digest_of_telling(uow: UnitOfWork, inbound: Inbound, contact: Contact) -> bytes | None:
    """Return the keyed hash of an SMS that tells something; phones and gateways send some twice, under new ids.

    None for others and for short texts: those are answers, which may well be the same twice (docs/rules.md,
    Fields).
    """
    text, channel = fold(inbound.text), inbound.address.channel
    if channel is not Channel.SMS or len(text) < SHORTEST_REPEAT:
        return None
    command = read_command(inbound.text, channel)
    if command is not None and command.word is not Word.REPORT:  # "tolong status laporan saya" is asked again
        return None
    return uow.vault.fingerprint("text", f"{contact.address_id}:{text}")


def apologise(uow: UnitOfWork, service: Service, inbound: Inbound, now: datetime) -> None:
    """Tell the person that a message could not be handled and is kept."""
    known = conversations.find_contact(
        uow, inbound.address.channel, inbound.address.identifier, with_progress=False
    )
    contact = known or _contact(uow, service, inbound, now)
    send(uow, contact, service.voice(contact.language).say(report_wording.APOLOGY), now)


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
    if EraseData(is_sure=True) in turn.outputs:  # there is nobody any more whose conversation to keep
        return
    if turn.progress != before or contact.progress is None:
        touched = now if saved.is_unfinished(turn.progress) else None
        conversations.save_progress(
            uow, contact, saved.dump(turn.progress), draft_touched_at=touched, now=now
        )


def perform(  # noqa: C901, PLR0912 - a table: one line for each effect
    uow: UnitOfWork, service: Service, contact: Contact, effect: Effect, now: datetime
) -> None:
    """Carry out what a turn decided; what there is to say about it is queued as well."""
    reply: Reply | None = None
    match effect:
        case Attach():
            actions.attach(uow, contact, effect, now)
        case FileReport():
            reply = actions.file_report(uow, service, contact, effect.draft, now)
        case DropFiles():
            actions.drop_files(uow, effect.draft_id)
        case MoveFiles():
            actions.move_files(uow, effect)
        case ShowStatus():
            reply = actions.show_status(uow, service, contact, effect.text, now)
        case ShowReports():
            reply = actions.show_reports(uow, service, contact, now)
        case AddToReport():
            reply = actions.ask_for_addition(uow, service, contact, effect.text)
        case CallHuman():
            helpline.call(uow, service, contact, now)
        case CorrectReport():
            reply = actions.correct_report(uow, service, contact, effect, now)
        case LinkReport(text, is_wanted):
            ask = linking.ask_link if is_wanted else linking.unlink
            reply = ask(uow, service, contact, text, now)
        case SetLanguage():
            conversations.set_language(uow, contact.reporter_id, effect.language)
        case SetNews(is_wanted, otherwise):
            said = actions.set_news(uow, service, contact, is_wanted=is_wanted, now=now)
            for one in said or filter(None, (otherwise,)):
                send(uow, contact, one, now)
        case ShowNotice() | ShowData() | EraseData() | ProtectReport():
            for one in rights.exercise(uow, service, contact, effect, now):
                send(uow, contact, one, now)
    if reply is not None:
        send(uow, contact, reply, now)


def send(uow: UnitOfWork, contact: Contact, reply: Reply, now: datetime) -> None:
    """Queue an answer to the message being handled."""
    outbox.queue(
        uow,
        outbox.Message(
            address_id=contact.address_id,
            channel=contact.channel,
            payload=codec.dump_reply(reply),
            priority=Priority.DIRECT,
            report_id=reply.about,
        ),
        now=now,
    )
