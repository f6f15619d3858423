"""Rows and values with defaults: a test names only what it is about."""

import io
import itertools
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from PIL import Image

from bot.channels.base import OutFile
from bot.enclosures import Enclosures
from bot.files import FileStore
from bot.writer import Writer
from handlers import codec
from handlers.messages import Address, Inbound, Made, Reply
from storage.crypto import Vault
from storage.db import Database, UnitOfWork
from storage.queries import (
    announcements,
    answers,
    attachments,
    cases,
    clock,
    conversations,
    deployment,
    digests,
    handling,
    inbox,
    invitations,
    links,
    officers,
    outbox,
    people,
    reminders,
)
from storage.queries.cases import NewReport
from storage.queries.conversations import Contact
from storage.queries.officers import OfficerRow
from storage.vocabulary import (
    ActorKind,
    AreaLevel,
    CaseState,
    Channel,
    EventKind,
    Language,
    MediaKind,
    Period,
    Priority,
    Role,
)
from tests.fakes.clock import MONDAY

#: of the invitation that `an_office` makes
CODE = "ABCDE23456"
_numbers = itertools.count(1)
#: a data key; made for the tests, of no use elsewhere
KEY = "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE="


def a_picture(note: str = "") -> bytes:
    """A small JPEG, with a note inside that no eye sees."""
    file = io.BytesIO()
    Image.new("RGB", (16, 12), "green").save(file, "JPEG", comment=note.encode())
    return file.getvalue()


def an_inbound(
    identifier: str = "1001",
    text: str = "halo",
    *,
    channel: Channel = Channel.TELEGRAM,
    external_id: str | None = None,
) -> Inbound:
    """A message nobody has sent before, unless `external_id` says so."""
    return Inbound(Address(channel, identifier), external_id or f"u{next(_numbers)}", MONDAY, text)


def a_reply(text: str = "baik", **more: Any) -> Reply:
    return Reply(text=text, short=text, **more)


def a_contact(
    uow: UnitOfWork, identifier: str = "1001", *, channel: Channel = Channel.TELEGRAM, now: datetime = MONDAY
) -> Contact:
    """The contact at an address, made when it is new."""
    return conversations.get_or_create_contact(uow, channel, identifier, Language.INDONESIAN, now)


def queue(
    uow: UnitOfWork,
    identifier: str = "1001",
    text: str = "baik",
    *,
    channel: Channel = Channel.TELEGRAM,
    priority: Priority = Priority.DIRECT,
    now: datetime = MONDAY,
    due_at: datetime | None = None,
    useful_until: datetime | None = None,
    **more: Any,
) -> None:
    """Put a message to this person into the outbox; `more` of what a reply holds."""
    outbox.queue(
        uow,
        outbox.Message(
            address_id=a_contact(uow, identifier, channel=channel, now=now).address_id,
            channel=channel,
            payload=codec.dump_reply(a_reply(text, **more)),
            priority=priority,
            due_at=due_at,
            useful_until=useful_until,
        ),
        now=now,
    )


def enclosures(
    writer: Writer,
    store: FileStore | None = None,
    *,
    make: Callable[[Made], OutFile] | None = None,
    public_root: str | None = None,
) -> Enclosures:
    """What goes with messages; without a store and a maker nothing does."""

    def make_none(_made: Made) -> OutFile:
        raise LookupError

    vault = Vault([KEY])
    kept = store or FileStore(Path(), vault)
    return Enclosures(writer, kept, vault, make or make_none, public_root)


def places_and_agencies(uow: UnitOfWork, now: datetime = MONDAY) -> None:
    """What reports refer to: one agency ("PUPR"), one category ("JALAN"), one village ("61.09.01.2001")."""
    deployment.save_loaded(uow, "{}", "00", now)
    deployment.sync_agencies(uow, {"PUPR": {"name": "Dinas Pekerjaan Umum"}})
    deployment.sync_categories(uow, {"JALAN": {"agency_code": "PUPR"}})
    deployment.sync_areas(
        uow,
        {
            "61.09": {"level": AreaLevel.REGENCY.value, "name": "Sekadau", "parent_code": None},
            "61.09.01": {"level": AreaLevel.DISTRICT.value, "name": "Sekadau Hilir", "parent_code": "61.09"},
            "61.09.01.2001": {
                "level": AreaLevel.VILLAGE.value,
                "name": "Sungai Ringin",
                "parent_code": "61.09.01",
            },
        },
    )


def a_new_report(contact: Contact, **changed: object) -> NewReport:
    number = next(_numbers)
    values: dict[str, object] = {
        "number": f"{number:07}",
        "draft_id": f"draft-{number}",
        "reporter_id": contact.reporter_id,
        "address_id": contact.address_id,
        "channel": contact.channel,
        "language": contact.language,
        "type": "complaint",
        "category_code": "JALAN",
        "area_code": "61.09.01.2001",
        "description": "lampu jalan mati depan SD 3",
        "place": "depan SD 3",
        "location": None,
        "occurred_on": date(2026, 3, 1),
        "is_day_told": True,
        "is_ongoing": True,
        "is_anonymous": True,
        "is_secret": True,
        "is_emergency": False,
        "accused_agency_code": None,
        "consent_version": "1",
    }
    return NewReport(**(values | changed))  # type: ignore[arg-type]


def a_case(uow: UnitOfWork, contact: Contact, *, now: datetime = MONDAY, **changed: object) -> int:
    """A filed report with its case and first event; returns the report's id. Needs `places_and_agencies`."""
    report_id = cases.insert_report(uow, a_new_report(contact, **changed), now)
    cases.insert_case(
        uow,
        report_id,
        state=CaseState.UNVERIFIED,
        agency_code="PUPR",
        check_due_on=date(2026, 3, 5),
        policy="{}",
        ombudsman_on=now.date() + timedelta(days=60),
        now=now,
    )
    an_event(uow, report_id, now=now)
    return report_id


def a_filed(uow: UnitOfWork, contact: Contact, *, draft_id: str, now: datetime = MONDAY) -> int:
    """A case of the reference deployment that a draft has become, its files handed over."""
    report_id = a_case(uow, contact, now=now, draft_id=draft_id)
    attachments.file_attachments(uow, draft_id, report_id)
    return report_id


def an_event(uow: UnitOfWork, report_id: int, *, text: str = "baru", now: datetime = MONDAY) -> None:
    cases.append_event(
        uow, report_id, EventKind.ADDED, ActorKind.REPORTER, data={"text": text}, is_public=True, now=now
    )


def an_attachment(
    uow: UnitOfWork, contact: Contact, *, draft_id: str = "draft", ref: str = "file-1", now: datetime = MONDAY
) -> None:
    attachments.insert_attachment(
        uow, address_id=contact.address_id, draft_id=draft_id, kind=MediaKind.PHOTO, ref=ref, now=now
    )


def an_officer(
    uow: UnitOfWork,
    role: Role,
    agency: str | None = None,
    *,
    channel: Channel = Channel.TELEGRAM,
    is_deputy: bool = False,
    now: datetime = MONDAY,
) -> OfficerRow:
    """An officer who has joined, at an address of their own."""
    contact = a_contact(uow, f"7{next(_numbers):09}", channel=channel, now=now)
    officer_id = officers.insert_officer(
        uow,
        address_id=contact.address_id,
        name=f"{role} {agency or ''}".strip(),
        role=role,
        agency_code=agency,
        is_deputy=is_deputy,
        now=now,
    )
    found = officers.find_officer(uow, officer_id)
    assert found is not None
    return found


def an_invitation(uow: UnitOfWork, code: str = CODE, *, name: str = "Rima", now: datetime = MONDAY) -> None:
    invitations.insert_invitation(
        uow,
        code=code,
        name=name,
        role=Role.LIAISON,
        agency_code="PUPR",
        is_deputy=False,
        invited_by=None,
        now=now,
        expires_at=now + timedelta(hours=72),
    )


def update_case(uow: UnitOfWork, report_id: int, now: datetime, **values: object) -> None:
    """Set columns of a case, as a move does."""
    handling.move_case(uow, handling.get_case(uow, report_id), now, **values)


def an_office(uow: UnitOfWork, contact: Contact, report_id: int, text: str = "baik") -> int:
    """An officer at this address with a task, a case and a proposed answer; returns the officer's id.

    And an invitation with CODE, unless there is one. `text` is in all that is sealed.
    """
    officer_id = officers.insert_officer(
        uow,
        address_id=contact.address_id,
        name=text,
        role=Role.LIAISON,
        agency_code="PUPR",
        is_deputy=False,
        now=MONDAY,
    )
    officers.save_task(uow, officer_id, text, MONDAY)
    update_case(uow, report_id, MONDAY, officer_id=officer_id)
    answers.save_proposal(uow, report_id, officer_id, text, MONDAY)
    if invitations.find_invitation(uow, CODE) is None:
        an_invitation(uow, name=text)
    return officer_id


def fill_every_table(database: Database) -> None:
    """At least one row in each table, each column that can have a value with one somewhere."""
    with database.writing() as uow:
        places_and_agencies(uow)
        contact = a_contact(uow, "1002")
        conversations.record_consent(uow, contact.reporter_id, "1", "Budi", MONDAY)
        conversations.save_progress(uow, contact, "{}", draft_touched_at=MONDAY, now=MONDAY)
        conversations.set_stopped(uow, contact.address_id, MONDAY)
        conversations.set_unreachable(uow, contact.address_id, MONDAY)
        inbox.record_inbound(uow, Channel.TELEGRAM, "1", MONDAY)
        inbox.record_failure(
            uow, Channel.TELEGRAM, "2", payload="{}", error="ValueError", traceback="Traceback", now=MONDAY
        )
        report_id = a_case(uow, contact, accused_agency_code="PUPR", location=(0.0123456, 110.9))
        an_attachment(uow, contact, draft_id="draft-x")
        attachments.file_attachments(uow, "draft-x", report_id)
        queue(uow, "1002", due_at=MONDAY + timedelta(hours=1), useful_until=MONDAY)
        clock.record_said(uow, [clock.Said(report_id, "check:-1", MONDAY.date())], MONDAY)
        links.follow(uow, report_id, contact.address_id, MONDAY)
        links.insert_request(uow, contact.address_id, report_id, "123456", now=MONDAY, expires_at=MONDAY)
        people.request_human(uow, contact.address_id, MONDAY)
        officer_id = an_office(uow, contact, report_id)
        officers.insert_leave(uow, officer_id, MONDAY.date(), MONDAY.date(), MONDAY)
        digests.record(uow, officer_id, Period.DAY, MONDAY.date(), MONDAY)
        officers.set_group(uow, a_contact(uow, "-100").address_id, "PUPR", MONDAY)
        invitations.note_attempt(uow, contact.address_id, None, now=MONDAY, forget_before=MONDAY)
        announcements.record_said_on(uow, "joint_leave", MONDAY.date())
        reminders.save_own(uow, report_id, officer_id, MONDAY.date(), MONDAY)
        answers.insert_rating(uow, report_id, 0, 5, MONDAY)
