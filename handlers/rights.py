"""A citizen's rights over their data and their reports (UU 27/2022; docs/rules.md, Anonymity and Privacy).

What is held is shown to the person's own address only, and over SMS, where phones are shared, never what they wrote.
The caller commits.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from handlers import codec, feedback_wording, report_wording, status, wording
from handlers.cases.numbers import find_number, show
from handlers.conversation import progress as saved
from handlers.conversation.flows.facts import still_known, summary_lines
from handlers.conversation.progress import Draft
from handlers.conversation.setting import (
    EraseData,
    ProtectReport,
    Setting,
    ShowData,
    ShowNotice,
)
from handlers.i18n import Phrase
from handlers.messages import Address, Location, Reply
from handlers.receipts import STALE
from handlers.service import Service
from storage.db import UnitOfWork
from storage.queries import answers, cases, officers, outbox, rights
from storage.queries.cases import Standing
from storage.queries.conversations import Contact
from storage.queries.rights import HeldReport
from storage.vocabulary import ActorKind, CaseState, Channel, EventKind, Language, Priority

#: characters of one message of DATA SAYA, about what a small phone shows on three screens
ROOM = 2500
#: reports named in an SMS
NAMED = 4
#: after that no failed SMS is sent again: the last message's address can go
FAREWELL_KEPT = STALE
BATCH = 200
#: what people put before a reason
_BEFORE_REASON = re.compile(
    r"^(?:karena|krn|krna|sebab|alasan(?:nya)?|because|reason)\b[\s:,-]*", re.IGNORECASE
)


Right = ShowNotice | ShowData | EraseData | ProtectReport


def exercise(uow: UnitOfWork, service: Service, contact: Contact, right: Right, now: datetime) -> list[Reply]:
    """Do what a person has the right to, and return what to answer where they wrote from."""
    match right:
        case ShowNotice():
            return [show_notice(service, contact)]
        case ShowData():
            return show_data(uow, service, contact, now)
        case EraseData() if officers.is_officers_address(uow, contact.reporter_id):
            return [service.voice(contact.language).say(feedback_wording.ERASE_OFFICER)]
        case EraseData(is_sure=False):
            return [explain_erasure(service, contact)]
        case EraseData():
            erase(uow, service, contact, now)
            return []
        case ProtectReport(text):
            return [protect(uow, service, contact, text, now)]


def show_notice(service: Service, contact: Contact) -> Reply:
    """PRIVASI: which data, what for, who sees it, how long, whose duty it is, and the words that act on it."""
    deployment = service.deployment
    return service.voice(contact.language).say(
        report_wording.NOTICE,
        controller=deployment.controller,
        identity=deployment.retention.identity_months,
        media=deployment.retention.media_months,
        months=deployment.retention.text_months,
        hours=deployment.drafts.expire_after_hours,
    )


# --- DATA SAYA ---


def show_data(uow: UnitOfWork, service: Service, contact: Contact, now: datetime) -> list[Reply]:
    """Return all that is held about a person, in one or more messages; over SMS one with counts and numbers."""
    held = rights.list_reports(uow, contact)
    if contact.channel == Channel.SMS:
        return [_counted(service, contact, held)]
    setting = _setting(service, contact, now)
    blocks = [_about_person(uow, service, contact, held), *_draft(contact, setting)]
    blocks += [_report(uow, service, one, setting) for one in held]
    return [Reply(text=text, short="") for text in in_messages(blocks, ROOM)]


def _setting(service: Service, contact: Contact, now: datetime) -> Setting:
    return Setting(
        knowledge=service.knowledge,
        voice=service.voice(contact.language),
        channel=Channel(contact.channel),
        today=service.local_day(now),
        new_id="",
    )


def _counted(service: Service, contact: Contact, held: list[HeldReport]) -> Reply:
    voice = service.voice(contact.language)
    if not held:
        return voice.say(report_wording.DATA_NO_REPORTS)
    numbers = ", ".join(show(service.deployment.number, one.number) for one in held[:NAMED])
    return voice.say(report_wording.DATA_COUNTED, count=len(held), reports=numbers)


def _about_person(uow: UnitOfWork, service: Service, contact: Contact, held: list[HeldReport]) -> str:
    voice, person = service.voice(contact.language), rights.get_person(uow, contact.reporter_id)
    addresses = rights.list_addresses(uow, contact.reporter_id)
    consent = voice.text(report_wording.DATA_NO_CONSENT)
    if person.consent_version and person.consented_at:
        consent = voice.text(
            report_wording.DATA_CONSENT_GIVEN, version=person.consent_version, at=person.consented_at
        )
    lines = [
        *(
            (report_wording.DATA_ADDRESS, f"{one.channel.title()} {masked(one.identifier)}")
            for one in addresses
        ),
        (report_wording.DATA_NAME, person.name or voice.text(report_wording.DATA_NO_NAME)),
        (report_wording.DATA_LANGUAGE, _LANGUAGES[Language(person.language)]),
        (report_wording.DATA_NEWS, voice.text(wording.NO if contact.is_stopped else wording.YES)),
        (report_wording.DATA_CONSENT, consent),
        (report_wording.DATA_REPORTS, str(len(held))),
    ]
    written = "\n".join(f"{voice.text(label)}: {value}" for label, value in lines)
    return voice.text(report_wording.DATA_HELD, lines=written)


_LANGUAGES = {Language.INDONESIAN: "Bahasa Indonesia", Language.ENGLISH: "English"}


def masked(identifier: str) -> str:
    """Return an identifier that its owner knows again and a reader over the shoulder cannot use."""
    hidden = max(len(identifier) - 4, 0)
    return f"{'*' * hidden}{identifier[hidden:]}"


def _draft(contact: Contact, setting: Setting) -> Iterator[str]:
    """Yield what is unfinished."""
    progress = saved.load(contact.progress) if contact.progress else None
    if progress is None or progress.draft is None:
        return
    draft, voice = still_known(progress.draft, setting.knowledge.deployment), setting.voice
    lines = [summary_lines(draft, setting), *_point(draft, setting)]
    if draft.name:
        lines.append(f"{voice.text(report_wording.DATA_NAME)}: {draft.name}")
    if progress.waiting:
        lines.append(progress.waiting)
    yield voice.text(report_wording.DATA_DRAFT, lines="\n".join(lines))


def _report(uow: UnitOfWork, service: Service, held: HeldReport, setting: Setting) -> str:
    voice = setting.voice
    draft = still_known(_as_told(held), setting.knowledge.deployment)
    number = show(service.deployment.number, held.number)
    state = voice.text(report_wording.STATE_WORDS[CaseState(held.state)])
    lines = [
        voice.text(report_wording.DATA_REPORT, number=number, state=state, filed=held.filed_at),
        summary_lines(draft, setting),
        *_point(draft, setting),
        *(
            f"{voice.text(report_wording.DATA_ADDED)}: {text}"
            for text in rights.list_told(uow, held.report_id)
            if text
        ),
        *(
            f"{voice.text(report_wording.DATA_RATING)}: {stars}/5"
            for stars in answers.list_ratings(uow, held.report_id)
        ),
    ]
    return "\n".join(lines)


def _point(draft: Draft, setting: Setting) -> Iterator[str]:
    if draft.location:
        point = f"{draft.location.lat:.5f}, {draft.location.lon:.5f}"
        yield f"{setting.voice.text(report_wording.DATA_POINT)}: {point}"


def _as_told(held: HeldReport) -> Draft:
    """Return a filed report as the draft it once was, to be worded as its summary was."""
    lat, _, lon = held.location.partition(",")
    return Draft(
        id="",
        description=held.description,
        place=held.place,
        area_code=held.area_code,
        location=Location(float(lat), float(lon)) if held.location else None,
        category=held.category_code,
        occurred_on=held.occurred_on,
        is_ongoing=held.is_ongoing,
        attachments=held.files,
        is_anonymous=held.is_anonymous,
        is_secret=held.is_secret,
    )


def in_messages(blocks: Iterable[str], room: int) -> list[str]:
    """Return texts in as few messages as fit `room` characters each; a longer text is one by itself."""
    messages: list[str] = []
    for block in blocks:
        if messages and len(messages[-1]) + 2 + len(block) <= room:
            messages[-1] = f"{messages[-1]}\n\n{block}"
        else:
            messages.append(block)
    return messages


# --- HAPUS DATA ---


def explain_erasure(service: Service, contact: Contact) -> Reply:
    """Say what would be erased, what stays and why, and which words do it."""
    months = service.deployment.retention.text_months
    return service.voice(contact.language).say(report_wording.ASK_ERASE, months=months)


def erase(uow: UnitOfWork, service: Service, contact: Contact, now: datetime) -> None:
    """Erase who a person is, at once; their reports stay as told by nobody, and a last message says so (M19).

    That message goes to an address of its own, which nothing else refers to: so no link from the reports to the
    person outlasts this transaction. `finish_erasures` deletes it once the message has left.
    """
    addresses = rights.list_addresses(uow, contact.reporter_id)
    for report_id in rights.list_report_ids(uow, contact.reporter_id):
        _note(uow, report_id, EventKind.ERASED, {}, now)
    _erase_failures(uow, {Address(Channel(one.channel), one.identifier) for one in addresses})
    identifier = rights.get_identifier(uow, contact.address_id)
    rights.erase(uow, contact.reporter_id, now)
    farewell = service.voice(contact.language).say(report_wording.ERASED)
    outbox.queue(
        uow,
        outbox.Message(
            address_id=rights.insert_farewell_address(
                uow, contact.channel, identifier, contact.language, now
            ),
            channel=contact.channel,
            payload=codec.dump_reply(farewell),
            priority=Priority.DIRECT,
        ),
        now=now,
    )


def _erase_failures(uow: UnitOfWork, addresses: set[Address]) -> None:
    """Forget messages from these addresses that could not be handled: run again, they would bring the person back."""
    kept = rights.list_failures(uow, {address.channel for address in addresses})
    theirs = [number for number, payload in kept if codec.load_inbound(payload).address in addresses]
    rights.delete_failures(uow, theirs)


def finish_erasures(uow: UnitOfWork, _service: Service, now: datetime) -> int:
    """Delete what erasures still needed: addresses of last messages, providers' ids; return how much was done.

    A job: one batch, until there is none. A last message that does not get through is given up after three days
    at most, and then its address goes too, in time for UU 27/2022 (3 x 24 hours).
    """
    before = now - FAREWELL_KEPT
    gone = rights.forget_farewells(uow, before, BATCH) + rights.forget_provider_ids(uow, before, BATCH)
    return gone + rights.note_forgotten(uow, before, now, BATCH)


# --- CABUT (withdrawal.py) and RAHASIA ---


def reason_in(service: Service, text: str) -> str:
    """Return what is said besides the number, or the report it is meant to name."""
    found = find_number(service.deployment.number, text)
    reason = text[found.end :] if found else text
    return _BEFORE_REASON.sub("", reason.strip(" \t\r\n.,:;-")).strip()


def protect(uow: UnitOfWork, service: Service, contact: Contact, text: str, now: datetime) -> Reply:
    """RAHASIA: hide a filed report of the person's own, at any time.

    There is no word for the way back: what an agency has once seen cannot be unseen, and a phone may be shared.
    """
    voice = service.voice(contact.language)
    found = own_report(uow, service, contact, text, report_wording.ASK_PROTECT)
    if isinstance(found, Reply):
        return found
    if rights.raise_protection(uow, found.report_id):
        _note(uow, found.report_id, EventKind.PROTECTED, {"anonymous": True, "secret": True}, now)
    protected = voice.say(report_wording.PROTECTED, number=show(service.deployment.number, found.number))
    return replace(protected, about=found.report_id)


def own_report(
    uow: UnitOfWork, service: Service, contact: Contact, text: str, ask: Phrase
) -> Standing | Reply:
    """Return the person's own report that a text names, or what to say instead.

    That is the same for others' reports as for numbers never given out.
    """
    voice, form = service.voice(contact.language), service.deployment.number
    found = find_number(form, text)
    if found is None:
        own = cases.list_standings_of(uow, contact, 1)
        if not own:
            return status.no_reports(service, contact)
        return voice.say(ask, example=show(form, own[0].number))
    if not found.is_valid:
        return voice.say(report_wording.MISTYPED_NUMBER, number=text[found.start : found.end])
    standing = cases.find_standing(uow, found.number, contact)
    if standing is None or not standing.is_own:
        return voice.say(report_wording.NOT_OWN, number=show(form, found.number))
    return standing


def _note(
    uow: UnitOfWork,
    report_id: int,
    kind: EventKind,
    data: dict[str, str | int | bool | None],
    now: datetime,
) -> None:
    cases.append_event(uow, report_id, kind, ActorKind.REPORTER, data=data, is_public=False, now=now)
