"""Rights over one's data and reports, from the message to the rows, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from handlers import codec
from handlers.messages import Address, DeliveryReport, Inbound, Media
from handlers.receipts import note_delivery
from handlers.rights import FAREWELL_KEPT, finish_erasures
from storage.db import Database
from storage.models import Address as AddressRow
from storage.models import (
    Attachment,
    Case,
    CaseEvent,
    Conversation,
    HumanRequest,
    InboundFailure,
    LinkRequest,
    Outbound,
    Report,
    Reporter,
    ReportFollower,
    table,
)
from storage.queries import answers, conversations, inbox, links, outbox, people
from storage.queries.outbox import Settlement
from storage.vocabulary import Channel, DeliveryState, Fault, MediaKind, OutboundState
from tests.fakes.clock import MONDAY
from tests.person import NUMBER, WHOLE, Person
from tests.rows import assert_sound, everything, file_of, never_given_out, one_of, rows_of, unsealed

REPORT, CASE, EVENT = table(Report), table(Case), table(CaseEvent)
ATTACHMENT, ADDRESS, REPORTER = table(Attachment), table(AddressRow), table(Reporter)
OUTBOUND, CONVERSATION, FOLLOWER = table(Outbound), table(Conversation), table(ReportFollower)
#: what a person's name, words and place look like
NAME, TOLD, PLACE = "Budi Santoso", "tiang listrik miring dpn warung mak ijah ds mungguk", "mungguk"
OPEN = (TOLD, "lewati", "terbuka", NAME, "ya")
FOREVER = "HAPUS DATA SELAMANYA"


def linked(owner: Person, other: Person, number: str) -> None:
    """Let another address follow a report, as after its code was given back."""
    with owner.database.writing() as uow:
        contact = conversations.find_contact(uow, other.channel, other.identifier)
        assert contact is not None
        links.follow(uow, one_of(owner.database, REPORT).id, contact.address_id, MONDAY)


def erased(person: Person) -> list[str]:
    """Erase a person; return all that lies in the outbox open, by address, as texts."""
    person.says(FOREVER)
    return farewells(person.database)


def farewells(database: Database) -> list[str]:
    """What is still to be sent, and to whom."""
    with database.reading() as uow:
        rows = uow.connection.execute(
            select(OUTBOUND.c.payload_sealed, ADDRESS.c.identifier_sealed)
            .join(ADDRESS, ADDRESS.c.id == OUTBOUND.c.address_id)
            .where(OUTBOUND.c.due_at.is_not(None))
        ).all()
    return [
        f"{unsealed(database, row.identifier_sealed)}: "
        f"{codec.load_reply(unsealed(database, row.payload_sealed)).text}"
        for row in rows
    ]


# --- PRIVASI and DATA SAYA ---


def test_notice(person: Person, texter: Person) -> None:
    """The notice names who is responsible, how long things are kept, and the words, on each channel in its length."""
    retention = person.service.deployment.retention
    for said in (person.says("PRIVASI"), texter.says("privasi")):
        wanted = (person.service.deployment.controller, f"{retention.identity_months} bulan", "HAPUS DATA")
        assert all(word in said for word in wanted)
    assert "di luar Indonesia" in person.last
    assert len(person.last) < 900
    person.says("english")
    assert "outside Indonesia" in person.says("privacy")


def test_data(person: Person) -> None:
    """All that is held is shown: address, name, consent, and each report with state, text, additions and files."""
    number = person.files(*OPEN)
    person.says(f"TAMBAH {number} makin miring sejak hujan")
    person.sends(media=(Media(MediaKind.PHOTO, "file-1"),))
    person.says("laporan baru")
    said = person.says("DATA SAYA")
    for word in ("******0123", NAME, "2 Maret 2026", "versi", number, "DITERIMA", TOLD, "Desa Mungguk"):
        assert word in said, word
    assert "makin miring sejak hujan" in said
    assert "5000000123" not in said
    report_id = one_of(person.database, REPORT).id
    with person.database.writing() as uow:
        uow.connection.execute(update(ATTACHMENT).values(is_from_officer=True, report_id=report_id))
        answers.insert_rating(uow, report_id, 0, 4, MONDAY)
    said = person.says("DATA SAYA")
    assert said.count("Berkas: 1") == 1  # the draft's; an officer's is not theirs
    assert "Penilaian Anda: 4/5" in said


def test_data_of_a_draft(person: Person) -> None:
    """What is not sent yet is held, too; the question comes back after it."""
    person.says("lampu jalan di depan rumah kami mati terus tiap malam")
    said = person.says("data saya")
    assert "Belum dikirim" in said
    assert "mati terus tiap malam" in said
    assert said.endswith("atau kirim lokasi.")


def test_data_of_many_reports(person: Person) -> None:
    """Much is sent in several messages, all of it."""
    for n in range(4):
        person.files(f"{TOLD} nomor {n} " + "rusak parah sekali " * 60, "lewati", "1", "ya")
    person.says("data saya")
    assert len(person.heard) > 2
    assert all(f"nomor {n}" in person.last for n in range(4))
    assert all(len(reply.text) < 4096 for reply in person.heard)


def test_data_by_sms(texter: Person) -> None:
    """Phones are shared: an SMS counts reports and names their numbers, and tells nothing of what they say."""
    number = texter.files(TOLD, "ya")
    said = texter.says("DATA SAYA")
    assert number in said
    assert "Telegram" in said
    assert PLACE not in said.lower()
    assert "tiang" not in said


def test_data_is_ones_own(person: Person, stranger: Person, texter: Person) -> None:
    """Others see nothing of it; a chat linked by code sees the whole report, but not the name behind it."""
    number = person.files(*OPEN)
    assert NUMBER.search(stranger.says("DATA SAYA")) is None
    linked(person, stranger, number)
    said = stranger.says("DATA SAYA")
    assert TOLD in said
    assert NAME not in said
    texter.says("halo")
    assert TOLD not in texter.says("DATA SAYA")


# --- HAPUS DATA ---


def test_erasure_is_explained_first(person: Person) -> None:
    """HAPUS DATA says what goes and what stays, and erases nothing; nor does YA afterwards."""
    person.files(*OPEN)
    said = person.says("HAPUS DATA")
    assert FOREVER in said
    person.says("ya", "hapus data saya ya")
    assert one_of(person.database, REPORTER).erased_at is None
    assert NAME in everything(person.database)


def test_erased(person: Person) -> None:
    """Name, address, conversation, draft and files are gone; the report goes on as told by nobody."""
    person.sends(media=(Media(MediaKind.PHOTO, "secret-file-1"),))
    person.files(*OPEN)
    person.says("satu lagi, lampu jalan mati dekat kios pak lantur")
    database = person.database
    with database.writing() as uow:
        contact = conversations.find_contact(uow, person.channel, person.identifier)
        assert contact is not None
        people.request_human(uow, contact.address_id, MONDAY)
        links.insert_request(uow, contact.address_id, None, "123456", now=MONDAY, expires_at=MONDAY)
        kept = {"state": "stored", "due_at": None, "digest": "a" * 64, "shown_digest": "b" * 64}
        uow.connection.execute(update(ATTACHMENT).values(kept))
    (farewell,) = erased(person)
    assert farewell.startswith("5000000123: Nama, akun atau nomor, dan berkas Anda sudah kami hapus")
    report = one_of(database, REPORT)
    assert unsealed(database, report.description_sealed) == TOLD
    assert report.is_anonymous
    assert [row.kind for row in rows_of(database, EVENT)][-1] == "erased"
    assert_sound(database)
    for of in (CONVERSATION, FOLLOWER, table(HumanRequest), table(LinkRequest)):
        assert rows_of(database, of) == []
    attachment = one_of(database, ATTACHMENT)
    assert (attachment.state, attachment.digest, attachment.shown_digest) == ("lost", None, None)
    assert attachment.report_id == report.id
    told = everything(database)
    assert all(word not in told for word in (NAME, "secret-file-1", "a" * 64, "b" * 64, "lantur"))
    assert told.count("5000000123") == 1  # where the last message goes


def test_the_last_message_leaves_nothing(person: Person) -> None:
    """Once the last message has left and can fail no more, its address goes too; not before."""
    person.files(*OPEN)
    erased(person)
    database, later = person.database, MONDAY + FAREWELL_KEPT
    with database.writing() as uow:
        assert finish_erasures(uow, person.service, later) == 1  # but for the message nothing is left
        (leased,) = outbox.lease(uow, person.channel, 9, MONDAY, MONDAY)
        assert leased.identifier == person.identifier
        sent = Settlement(leased.id, leased.attempts, OutboundState.SENT, provider_id="m-1", sent_at=MONDAY)
        outbox.settle(uow, [sent])
        assert finish_erasures(uow, person.service, MONDAY) == 0
    with database.writing() as uow:
        assert finish_erasures(uow, person.service, later) == 1
        assert finish_erasures(uow, person.service, later) == 0
    assert person.identifier not in everything(database)
    reporter = one_of(database, REPORTER)
    assert (reporter.erased_at, reporter.forgotten_at) == (MONDAY, later)


def test_nothing_more_is_sent(texter: Person) -> None:
    """What waits for an erased person is not sent, nor sent again when the network has lost it, nor by hand."""
    texter.files(TOLD, "ya")
    database = texter.database
    with database.writing() as uow:
        (leased,) = outbox.lease(uow, texter.channel, 1, MONDAY, MONDAY)
        sent = Settlement(leased.id, leased.attempts, OutboundState.SENT, provider_id="s-1", sent_at=MONDAY)
        outbox.settle(uow, [sent])
        outbox.lease(uow, texter.channel, 1, MONDAY, MONDAY + timedelta(minutes=1))  # another is on its way
    (farewell,) = erased(texter)
    assert farewell.startswith(texter.identifier)
    failed = DeliveryReport(Channel.SMS, "s-1", DeliveryState.FAILED, "lost", MONDAY, fault=Fault.UNREACHABLE)
    with database.writing() as uow:
        assert note_delivery(uow, texter.service, failed, MONDAY)
        outbox.retry_dead(uow, None, MONDAY)
    with database.writing() as uow:
        later = MONDAY + timedelta(hours=1)
        left = outbox.lease(uow, texter.channel, 9, later, later)
    assert [message.identifier for message in left] == [texter.identifier]
    with database.writing() as uow:
        finish_erasures(uow, texter.service, MONDAY + FAREWELL_KEPT)
    assert all(row.provider_id is None for row in rows_of(database, OUTBOUND))
    last, own = sorted(rows_of(database, REPORTER), key=lambda row: row.forgotten_at is not None)
    assert (last.forgotten_at, own.forgotten_at) == (None, MONDAY + FAREWELL_KEPT)


def test_somebody_new(person: Person) -> None:
    """Who writes again after an erasure is welcomed as somebody new, and sees no report, not even by its number."""
    number = person.files(*OPEN)
    erased(person)
    person._count = 0
    assert "Selamat datang" in person.says("halo")
    assert NUMBER.search(person.says("laporan saya")) is None
    said = person.says(f"SAMBUNG {number}")
    unknown = person.says(f"SAMBUNG {never_given_out(person.service)}")
    assert NUMBER.sub("N", said) == NUMBER.sub("N", unknown)
    assert [row.erased_at is None for row in rows_of(person.database, REPORTER)] == [False, False, True]


def test_others_keep_theirs(person: Person, stranger: Person) -> None:
    """An erasure touches nobody else; who followed the erased report follows it no more."""
    number = person.files(*OPEN)
    stranger.files(WHOLE, "lewati", "1", "ya")
    with person.database.writing() as uow:
        contact = conversations.find_contact(uow, stranger.channel, stranger.identifier)
        assert contact is not None
        first = rows_of(person.database, REPORT)[0].id
        links.follow(uow, first, contact.address_id, MONDAY)
    erased(person)
    said = stranger.says("DATA SAYA")
    assert number not in said
    assert "lampu jln mati" in said
    assert sum(row.kind == "erased" for row in rows_of(person.database, EVENT)) == 1


def test_erased_twice_and_with_nothing(person: Person) -> None:
    """Also who has sent nothing can be erased, and again after writing anew."""
    for _ in range(2):
        assert erased(person)
    assert all(row.erased_at for row in rows_of(person.database, REPORTER))


def test_kept_failures_go_too(person: Person, stranger: Person) -> None:
    """A message of theirs that could not be handled is forgotten, also one run again since; others' are kept."""
    database = person.database
    for one in (person, stranger):
        one.says("halo")
        broken = Inbound(
            Address(one.channel, one.identifier), f"broken-{one.identifier}", MONDAY, "rahasia besar"
        )
        with database.writing() as uow:
            inbox.record_failure(
                uow,
                one.channel,
                broken.external_id,
                payload=codec.dump_inbound(broken),
                error="ValueError",
                traceback="",
                now=MONDAY,
            )
    erased(person)
    assert [row.external_id for row in rows_of(database, table(InboundFailure))] == ["broken-5000000999"]


@pytest.mark.parametrize("kind", ["sqlite"])
def test_the_file_holds_nothing_any_more(person: Person) -> None:
    """What was erased is in no page of the database file, not even sealed."""
    person.files(*OPEN)
    database = person.database
    address, reporter = one_of(database, ADDRESS), one_of(database, REPORTER)
    sealed = [address.identifier_sealed, address.identifier_hash, reporter.name_sealed]
    sealed += [row.payload_sealed for row in rows_of(database, OUTBOUND)]
    sealed += [row.progress_sealed for row in rows_of(database, CONVERSATION)]
    assert all(one in file_of(database) for one in sealed)
    erased(person)
    content = file_of(database)
    assert [one for one in sealed if one in content] == []


@pytest.mark.parametrize("text", ["kok lama bgt sih", "blm ada kabar ya"])
def test_a_remark_begins_no_draft(person: Person, texter: Person, text: str) -> None:
    """Words without a problem or place, of somebody with an open report, are answered with how it stands."""
    number = person.files()
    assert number in person.says(text)
    assert f"TAMBAH {number}" in person.last
    assert "TAMBAH" not in person.says("anjing gila")
    assert "LAPOR dan masalahnya" not in texter.says(text)
