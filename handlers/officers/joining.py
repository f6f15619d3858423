"""How people become officers, and stop being so: invitations, suspension. The caller commits.

An invitation is a code, good once and for some days. It is given as Telegram's deep link (`/start CODE`) or typed, in
private only; the person sees what they would become and accepts. What they may then do is `access.py`'s.
"""

import re
from dataclasses import replace
from datetime import datetime, timedelta

from handlers import codec
from handlers.conversation import progress as saved
from handlers.conversation.phrasebook import Word
from handlers.conversation.words import fold, read_command
from handlers.i18n import Phrase, Voice
from handlers.messages import Choice, Inbound, Reply
from handlers.moving.base import SYSTEM, Actor, Fault, Unfit, record
from handlers.officers import access, joining_wording
from handlers.service import Service
from storage.db import UnitOfWork
from storage.queries import conversations, handling, invitations, officers, outbox
from storage.queries.conversations import Contact
from storage.queries.invitations import Invitation
from storage.queries.officers import OfficerRow
from storage.vocabulary import Channel, EventKind, Language, Priority, Role

#: without those that are mistaken for each other: I L O 0 1
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE_CHARS = 10
GROUP_CHARS = 5
#: wrong codes of one address within PAUSE
TRIES = 5
#: so long wrong codes count, and the next word is the answer to the invitation shown
PAUSE = timedelta(hours=1)
QUESTION = "join:"
YES, NO = "yes", "no"

_CODE = re.compile(rf"(?:/start(?:@\w+)?\s+)?([{ALPHABET}]{{5}})[\s-]?([{ALPHABET}]{{5}})", re.IGNORECASE)
#: said of nothing else
_ANSWERS = {
    **dict.fromkeys(("terima", "saya terima", "accept", "i accept"), YES),
    **dict.fromkeys(("tolak", "saya tolak", "decline", "i decline"), NO),
}


# --- inviting ---


def invite(
    uow: UnitOfWork,
    service: Service,
    *,
    role: Role,
    agency_code: str | None,
    name: str,
    is_deputy: bool,
    invited_by: OfficerRow | None,
    now: datetime,
) -> str:
    """Return the code of a new invitation, in groups; `invited_by` None: by the command line.

    Raises NotPermitted; Unfit with NO_SUCH_AGENCY where the role needs an agency of this government.
    """
    if invited_by is not None:
        access.require(invited_by, access.Act.INVITE)
    agency_code = _agency_of(service, role, agency_code)
    code = _new_code(service)
    voice = service.voice(service.deployment.default_language)
    invitations.insert_invitation(
        uow,
        code=code,
        name=name.strip() or post_name(service, voice, role, agency_code, is_deputy=is_deputy),
        role=role,
        agency_code=agency_code,
        is_deputy=is_deputy,
        invited_by=invited_by.id if invited_by else None,
        now=now,
        expires_at=now + timedelta(hours=service.deployment.invitations.valid_hours),
    )
    return f"{code[:GROUP_CHARS]}-{code[GROUP_CHARS:]}"


def _agency_of(service: Service, role: Role, agency_code: str | None) -> str | None:
    """Return the agency of a post. Raises Unfit."""
    if role is Role.INSPECTORATE and agency_code is None:
        return service.deployment.integrity.agency
    if agency_code is None:
        if role in access.OF_AGENCY:
            raise Unfit(Fault.NO_SUCH_AGENCY)
        return None
    agency = service.deployment.agency_by_code.get(agency_code)
    is_theirs = role is not Role.INSPECTORATE or agency_code == service.deployment.integrity.agency
    if agency is None or agency.is_outside or not is_theirs:
        raise Unfit(Fault.NO_SUCH_AGENCY)
    return agency_code


def _new_code(service: Service) -> str:
    """Return letters and digits, some of each: so neither a word nor a number that people type is a code."""
    while True:
        code = "".join(ALPHABET[service.random_below(len(ALPHABET))] for _ in range(CODE_CHARS))
        if not code.isalpha() and not code.isdecimal():
            return code


def post_name(
    service: Service, voice: Voice, role: Role, agency_code: str | None, *, is_deputy: bool = False
) -> str:
    """Return "pejabat penghubung, Dinas PUPR (pengganti)"."""
    post = voice.text(joining_wording.ROLES[role])
    if agency_code is not None:
        agency = service.deployment.agency_by_code.get(
            agency_code
        )  # gone from the file: its code still tells
        shown = agency.short_name if agency else agency_code
        post = voice.text(joining_wording.POST_OF_AGENCY, role=post, agency=shown)
    return voice.text(joining_wording.DEPUTY, post=post) if is_deputy else post


# --- joining ---


def receive(
    uow: UnitOfWork, service: Service, inbound: Inbound, contact: Contact, now: datetime
) -> Reply | None:
    """Answer a code, or the answer to an invitation; None: the message is neither."""
    if inbound.sender is not None or inbound.is_edit:  # a group is nobody
        return None
    if inbound.press is not None:
        question, value = inbound.press.question, inbound.press.value
        if not question.startswith(QUESTION):
            return None
        given = question.removeprefix(QUESTION)
        return (
            accept(uow, service, contact, given, now)
            if value == YES
            else decline(uow, service, contact, given, now)
        )
    if code := read_code(inbound.text):
        return offer(uow, service, contact, code, now)
    return _typed(uow, service, contact, inbound.text, now)


def read_code(text: str) -> str | None:
    """Return the code that a message is, typed alone or behind /start."""
    found = _CODE.fullmatch(text.strip())
    code = (found[1] + found[2]).upper() if found else ""
    return None if code.isalpha() or not code or code.isdecimal() else code


def _typed(uow: UnitOfWork, service: Service, contact: Contact, text: str, now: datetime) -> Reply | None:
    """Take "TERIMA" or "tolak", and "1" or "ya" where no report is being written, if an invitation was shown."""
    answer = _ANSWERS.get(fold(text)) or _plain_answer(text, contact)
    invitation = invitations.find_offered(uow, contact.address_id, now - PAUSE) if answer else None
    if invitation is None:
        return None
    if answer == YES:
        return _accept(uow, service, contact, invitation, now)
    return _decline(uow, service, contact, invitation)


def _plain_answer(text: str, contact: Contact) -> str | None:
    choice = {"1": YES, "2": NO}.get(text.strip())
    command = None if choice else read_command(text, Channel(contact.channel))
    answer = choice or ({Word.YES: YES, Word.NO: NO}.get(command.word) if command else None)
    return None if answer is None or _has_draft(contact) else answer


def _has_draft(contact: Contact) -> bool:
    return contact.progress is not None and saved.load(contact.progress).draft is not None


def offer(uow: UnitOfWork, service: Service, contact: Contact, code: str, now: datetime) -> Reply:
    """Show what an invitation is for, and ask whether it is accepted."""
    found = _find(uow, service, contact, code, now)
    if isinstance(found, Reply):
        return found
    invitations.note_attempt(uow, contact.address_id, found.id, now=now, forget_before=now - PAUSE)
    voice = service.voice(contact.language)
    reply = voice.say(
        joining_wording.OFFER,
        choices=(
            Choice(voice.text(joining_wording.ACCEPT), YES),
            Choice(voice.text(joining_wording.DECLINE), NO),
        ),
        service=service.deployment.service_name[Language(contact.language)],
        name=found.name,
        post=_post(service, voice, found),
        sees=voice.text(joining_wording.SEES[found.role]),
    )
    return replace(reply, question=f"{QUESTION}{code}")


def accept(uow: UnitOfWork, service: Service, contact: Contact, code: str, now: datetime) -> Reply:
    """Make the person with this code an officer."""
    found = _find(uow, service, contact, code, now)
    return found if isinstance(found, Reply) else _accept(uow, service, contact, found, now)


def decline(uow: UnitOfWork, service: Service, contact: Contact, code: str, now: datetime) -> Reply:
    """Leave the invitation as it is: whoever pressed by mistake still has it."""
    found = _find(uow, service, contact, code, now)
    return found if isinstance(found, Reply) else _decline(uow, service, contact, found)


def _find(
    uow: UnitOfWork, service: Service, contact: Contact, code: str, now: datetime
) -> Invitation | Reply:
    """Return the invitation with this code, or what to say instead; after too many wrong ones none is looked at."""
    since = now - PAUSE
    if invitations.count_wrong(uow, contact.address_id, since) >= TRIES:
        return service.voice(contact.language).say(joining_wording.TOO_MANY_CODES)
    invitation = invitations.find_invitation(uow, code)
    if invitation is None:
        invitations.note_attempt(uow, contact.address_id, None, now=now, forget_before=since)
        return service.voice(contact.language).say(joining_wording.UNKNOWN_CODE)
    return _refusal(uow, service, contact, invitation, now) or invitation


def _refusal(
    uow: UnitOfWork, service: Service, contact: Contact, invitation: Invitation, now: datetime
) -> Reply | None:
    voice = service.voice(contact.language)
    officer = officers.find_officer_by_address(uow, contact.address_id)
    if invitation.used_at is not None:
        if officer is not None and not officer.is_suspended:  # pressed twice
            return voice.say(joining_wording.JOINED_ALREADY, post=_post(service, voice, officer))
        return voice.say(joining_wording.USED_CODE)
    if invitation.expires_at <= now:
        return voice.say(joining_wording.EXPIRED_CODE, until=invitation.expires_at)
    if officer is not None and officer.suspended_at and invitation.created_at < officer.suspended_at:
        return voice.say(joining_wording.EARLIER_CODE)
    return None


def _accept(
    uow: UnitOfWork, service: Service, contact: Contact, invitation: Invitation, now: datetime
) -> Reply:
    if refusal := _refusal(uow, service, contact, invitation, now):
        return refusal
    voice = service.voice(contact.language)
    if not invitations.use_invitation(uow, invitation.id, now):  # somebody was faster
        return voice.say(joining_wording.USED_CODE)
    invitations.close_offer(uow, contact.address_id)
    _install(
        uow,
        contact,
        name=invitation.name,
        role=invitation.role,
        agency_code=invitation.agency_code,
        is_deputy=invitation.is_deputy,
        now=now,
    )
    if contact.is_stopped:  # whoever works here wants to hear of it
        conversations.set_stopped(uow, contact.address_id, None)
    post = _post(service, voice, invitation)
    if inviter := invitation.invited_by and officers.find_officer(uow, invitation.invited_by):
        _tell(uow, service, inviter, joining_wording.HAS_JOINED, now, about=invitation)
    joined = voice.say(joining_wording.JOINED[invitation.role], name=invitation.name, post=post)
    return replace(joined, menu=invitation.role.value)


def appoint(
    uow: UnitOfWork,
    service: Service,
    contact: Contact,
    *,
    role: Role,
    agency_code: str | None,
    name: str = "",
    is_deputy: bool = False,
    now: datetime,
) -> None:
    """Make whoever is at an address an officer without an invitation. Raises Unfit as `invite` does."""
    agency_code = _agency_of(service, role, agency_code)
    voice = service.voice(contact.language)
    name = name or post_name(service, voice, role, agency_code, is_deputy=is_deputy)
    _install(uow, contact, name=name, role=role, agency_code=agency_code, is_deputy=is_deputy, now=now)


def _install(
    uow: UnitOfWork,
    contact: Contact,
    *,
    name: str,
    role: Role,
    agency_code: str | None,
    is_deputy: bool,
    now: datetime,
) -> None:
    """Give a post to the officer at an address, or to a new one."""
    officer = officers.find_officer_by_address(uow, contact.address_id)
    if officer is not None:
        _release(uow, officer, SYSTEM, now)
        officers.update_officer(
            uow, officer.id, name=name, role=role, agency_code=agency_code, is_deputy=is_deputy
        )
        return
    officers.insert_officer(
        uow,
        address_id=contact.address_id,
        name=name,
        role=role,
        agency_code=agency_code,
        is_deputy=is_deputy,
        now=now,
    )


def _decline(uow: UnitOfWork, service: Service, contact: Contact, invitation: Invitation) -> Reply:
    invitations.close_offer(uow, contact.address_id)
    voice = service.voice(contact.language)
    return voice.say(joining_wording.DECLINED, until=invitation.expires_at)


# --- suspension ---


def suspend(
    uow: UnitOfWork, service: Service, officer_id: int, actor: Actor, now: datetime
) -> OfficerRow | None:
    """Suspend an officer at once, and return who that is; None: there is no such one. Raises NotPermitted.

    What they were in the middle of is dropped, their cases are anybody's of the agency, and they are told.
    """
    officer = _governed(uow, officer_id, actor)
    if officer is None or officer.is_suspended:
        return officer
    officers.set_suspended(uow, officer.id, now)
    _release(uow, officer, actor, now)
    _tell(uow, service, officer, joining_wording.SUSPENDED, now, about=officer, menu="")
    return officer


def resume(
    uow: UnitOfWork, service: Service, officer_id: int, actor: Actor, now: datetime
) -> OfficerRow | None:
    """Let a suspended officer work again, and return who that is; None: no such one. Raises NotPermitted."""
    officer = _governed(uow, officer_id, actor)
    if officer is None or not officer.is_suspended:
        return officer
    officers.set_suspended(uow, officer.id, None)
    _tell(uow, service, officer, joining_wording.RESUMED, now, about=officer, menu=officer.role.value)
    return officer


def _governed(uow: UnitOfWork, officer_id: int, actor: Actor) -> OfficerRow | None:
    """Return the officer whom somebody suspends or lets work; nobody does that to themself."""
    if actor.officer is not None:
        access.require(actor.officer, access.Act.SUSPEND)
        if actor.officer.id == officer_id:
            raise access.NotPermitted(access.Act.SUSPEND)
    return officers.find_officer(uow, officer_id)


def _release(uow: UnitOfWork, officer: OfficerRow, actor: Actor, now: datetime) -> None:
    """Drop what an officer is in the middle of, was to hear of or had invited to; give back the cases they had."""
    invitations.void_issued(uow, officer.id, now)
    outbox.withdraw_work(uow, officer.address_id)
    if officers.lock_task(uow, officer.id) is not None:
        officers.save_task(uow, officer.id, None, now)
    for report_id in handling.release_cases(uow, officer.id, now):
        case = handling.get_case(uow, report_id)
        record(uow, case, EventKind.TAKEN, actor, now, is_public=False, by=None, was=officer.id)


def _post(service: Service, voice: Voice, of: Invitation | OfficerRow) -> str:
    return post_name(service, voice, of.role, of.agency_code, is_deputy=of.is_deputy)


def _tell(
    uow: UnitOfWork,
    service: Service,
    officer: OfficerRow,
    phrase: Phrase,
    now: datetime,
    *,
    about: Invitation | OfficerRow,
    menu: str | None = None,
) -> None:
    voice = service.voice(officer.language)
    reply = voice.say(phrase, name=about.name, post=_post(service, voice, about))
    outbox.queue(
        uow,
        outbox.Message(
            address_id=officer.address_id,
            channel=officer.channel,
            payload=codec.dump_reply(replace(reply, menu=menu)),
            priority=Priority.NEWS,
        ),
        now=now,
    )
