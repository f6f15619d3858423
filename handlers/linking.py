"""One report, two channels: following it from a second address, once a code from the first one is given back.

Who asks learns nothing of a report that is not theirs: the answer is the same whether or not there is one.
"""

import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta

from handlers import codec, report_wording
from handlers.cases.numbers import find_number, show
from handlers.i18n import Field
from handlers.messages import Reply
from handlers.service import Service
from storage.db import UnitOfWork
from storage.queries import cases, conversations, links, outbox
from storage.queries.conversations import Contact
from storage.vocabulary import ActorKind, EventKind, Priority

CODE_DIGITS = 6
VALID_FOR = timedelta(minutes=10)
TRIES = 3
#: wait after too many wrong codes or requests
PAUSE = timedelta(hours=1)
#: requests of one address within PAUSE
REQUESTS = 3
#: codes for one report within a day, whoever asks: its first address is not to be pestered
CODES_A_DAY = 5


def ask_link(uow: UnitOfWork, service: Service, contact: Contact, text: str, now: datetime) -> Reply:
    """SAMBUNG: send a code to where the report was filed."""
    voice, form = service.voice(contact.language), service.deployment.number
    found = find_number(form, text)
    if found is None:
        return voice.say(report_wording.ASK_LINK, example=show(form, report_wording.EXAMPLE_NUMBER))
    if not found.is_valid:
        return voice.say(report_wording.MISTYPED_NUMBER, number=text[found.start : found.end][:30])
    number = show(form, found.number)
    standing = cases.find_standing(uow, found.number, contact)
    if standing is not None and standing.is_own:
        return voice.say(report_wording.LINKED_ALREADY, number=number)
    since = now - PAUSE
    before = links.find_newest(uow, contact.address_id, since)
    if (before and before.tries >= TRIES) or links.count_by(uow, contact.address_id, since) >= REQUESTS:
        return voice.say(report_wording.LINK_PAUSED)
    report_id = standing.report_id if standing else None
    code = f"{service.random_below(10**CODE_DIGITS):0{CODE_DIGITS}}"
    if report_id is not None and links.count_for(uow, report_id, now - timedelta(days=1)) < CODES_A_DAY:
        fields: dict[str, Field] = {"number": number, "code": code, "minutes": _minutes(VALID_FOR)}
        _send_code(uow, service, report_id, fields, now)
    links.insert_request(uow, contact.address_id, report_id, code, now=now, expires_at=now + VALID_FOR)
    return voice.say(
        report_wording.LINK_CODE_SENT, number=number, digits=CODE_DIGITS, minutes=_minutes(VALID_FOR)
    )


def _send_code(
    uow: UnitOfWork, service: Service, report_id: int, fields: Mapping[str, Field], now: datetime
) -> None:
    reach = conversations.find_reach(uow, report_id, is_first_wanted=True)
    if reach is None:
        return
    reply = service.voice(reach.language).reply(report_wording.LINK_CODE, fields)
    outbox.queue(
        uow,
        outbox.Message(
            address_id=reach.address_id,
            channel=reach.channel,
            payload=codec.dump_reply(reply),
            priority=Priority.NEWS,
            report_id=report_id,
        ),
        now=now,
    )


def is_code(text: str) -> bool:
    """Tell whether a message may be a code given back."""
    digits = "".join(text.split())
    return len(digits) == CODE_DIGITS and digits.isascii() and digits.isdecimal()


def give_code(uow: UnitOfWork, service: Service, contact: Contact, text: str, now: datetime) -> Reply | None:
    """Take a code; None: none was asked for lately, so the message means something else."""
    request = links.find_newest(uow, contact.address_id, now - PAUSE)
    if request is None:
        return None
    voice = service.voice(contact.language)
    if request.tries >= TRIES:
        return voice.say(report_wording.LINK_PAUSED)
    if request.expires_at <= now:
        return voice.say(report_wording.LINK_EXPIRED)
    given = links.digest(uow, contact.address_id, "".join(text.split()))
    if request.report_id is None or not hmac.compare_digest(given, request.code_digest):
        links.count_wrong(uow, request.id)
        is_last = request.tries + 1 >= TRIES
        return voice.say(report_wording.LINK_PAUSED if is_last else report_wording.LINK_WRONG)
    links.close(uow, request.id, now)
    links.follow(uow, request.report_id, contact.address_id, now)
    _note(uow, request.report_id, EventKind.LINKED, contact, now)
    number = show(service.deployment.number, cases.get_number(uow, request.report_id))
    return voice.say(report_wording.LINKED, number=number)


def unlink(uow: UnitOfWork, service: Service, contact: Contact, text: str, now: datetime) -> Reply:
    """LEPAS: follow a report from here no more; where it was filed it stays."""
    voice, form = service.voice(contact.language), service.deployment.number
    found = find_number(form, text)
    standing = cases.find_standing(uow, found.number, contact) if found else None
    if found is None or standing is None or not links.unfollow(uow, standing.report_id, contact.address_id):
        return voice.say(report_wording.NOT_LINKED)
    _note(uow, standing.report_id, EventKind.UNLINKED, contact, now)
    return voice.say(report_wording.UNLINKED, number=show(form, found.number))


def _note(uow: UnitOfWork, report_id: int, kind: EventKind, contact: Contact, now: datetime) -> None:
    data = {"channel": contact.channel}
    cases.append_event(uow, report_id, kind, ActorKind.REPORTER, data=data, is_public=False, now=now)


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds()) // 60
