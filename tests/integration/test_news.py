"""Who is told what a move did, when and where, on both databases."""

from datetime import date, timedelta

import pytest

from handlers import actions, moves, news, responses
from handlers.cases.lifecycle import TransitionNotAllowed
from handlers.conversation.progress import Progress
from handlers.here import Here
from handlers.messages import Address, DeliveryReport, Inbound
from handlers.moves import Actor
from handlers.moves import Fault as Unfitness
from handlers.receipts import lose_address, note_delivery
from handlers.service import Service
from storage.db import Database
from storage.queries import conversations, handling, links, officers, outbox
from storage.queries.outbox import Settlement
from storage.vocabulary import ActorKind, Channel, DeliveryState, Fault, OutboundState, Priority, Role
from tests import builders
from tests.office import FILED, SOLUTION, Office, refuses


@pytest.fixture
def office(loaded: Database, service: Service) -> Office:
    return Office(loaded, service).open()


def test_news_waits_for_the_morning(office: Office) -> None:
    """In quiet hours news waits until eight; what answers the reporter does not, nor does danger to life."""
    office.now = FILED + timedelta(hours=13)  # 22.05 WIB
    office.answered()
    eight = FILED + timedelta(hours=22, minutes=55)
    assert office.last_row(office.citizens[office.report_id].address_id).due_at == eight
    assert office.last_row(office.people["budi"].address_id).due_at == eight
    office.says(moves.confirm, at=office.citizens[office.report_id])
    row = office.last_row(office.citizens[office.report_id].address_id)
    assert (row.due_at, row.priority) == (office.now, Priority.DIRECT)
    danger = office.files(is_emergency=True)
    office.disposed(on=danger)
    assert office.last_row(office.people["budi"].address_id).due_at == office.now


def test_nobody_is_told_who_wants_no_news(office: Office) -> None:
    """After STOP nothing is sent; it is noted in the case, and no officer is bothered."""
    contact = office.citizens[office.report_id]
    with office.database.writing() as uow:
        conversations.set_stopped(uow, contact.address_id, FILED)
    office.disposed()
    assert office.heard() == []
    assert office.history()[-1] == "undelivered"
    assert len(office.heard(office.people["budi"])) == 1


def test_who_cannot_be_reached_is_told_to_the_officer(office: Office) -> None:
    """With no address left, the officer who has the case learns that the news did not arrive."""
    contact = office.citizens[office.report_id]
    office.disposed()
    with office.database.writing() as uow:
        conversations.set_unreachable(uow, contact.address_id, FILED)
    office.does("budi", moves.start, "petugas cek lokasi")
    assert "BELUM SAMPAI" in office.heard(office.people["budi"])[-1].text


def test_deputies_and_absence(office: Office) -> None:
    """While the liaison is away the deputy is told; with nobody at the agency the coordinator is."""
    budi = office.people["budi"]
    with office.database.writing() as uow:
        deputy = office.people["agus"] = builders.an_officer(uow, Role.LIAISON, "PUPR", is_deputy=True)
        officers.insert_leave(uow, budi.id, FILED.date(), FILED.date(), FILED)
    office.disposed()
    assert office.heard(budi) == []
    assert office.heard(deputy)
    office.disposed("DLH", on=office.files())
    assert "Tidak ada petugas DLH" in office.heard(office.people["rima"])[-1].text


def test_groups_get_new_cases(office: Office) -> None:
    """An agency's group sees what is new for it; a report of suspected abuse never appears there."""
    with office.database.writing() as uow:
        group = builders.a_contact(uow, "-1001", now=FILED)
        officers.set_group(uow, group.address_id, "PUPR", FILED)
        inspectors = builders.a_contact(uow, "-1002", now=FILED)
        officers.set_group(uow, inspectors.address_id, "INSPEKTORAT", FILED)
    office.disposed()
    assert office.queued(group.address_id)
    office.disposed("INSPEKTORAT", on=office.files(type="oversight"))
    assert office.queued(inspectors.address_id) == []


def test_preview_is_what_is_sent(office: Office) -> None:
    """What an officer confirms is word for word what the reporter gets, its SMS parts counted; looking does nothing."""
    report_id = office.files(Channel.SMS)
    office.disposed(on=report_id)
    before, budi = office.case(report_id), Actor(ActorKind.OFFICER, office.people["budi"])
    with office.database.writing() as uow:
        case = handling.get_case(uow, report_id)
        shown = news.preview(
            uow, case, lambda: moves.answer(uow, office.service, case, budi, SOLUTION, office.now)
        )
        with refuses(Unfitness.TOO_SHORT):
            news.preview(uow, case, lambda: moves.start(uow, office.service, case, budi, "", office.now))
    assert office.case(report_id) == before
    assert len(office.heard(report_id)) == 1
    office.does("budi", moves.answer, SOLUTION, on=report_id)
    assert shown == news.Preview(office.heard(report_id)[-1], Channel.SMS, parts=2)


def test_two_officers_at_once(office: Office) -> None:
    """What the second does on an older state is refused by the table, not lost in silence."""
    office.answered()
    with pytest.raises(TransitionNotAllowed):
        office.does("budi", moves.answer, SOLUTION)
    assert office.history().count("answered") == 1


def _status(office: Office, report_id: int = 0, by: int = 0) -> str:
    """Return what STATUS with a report's number says, asked from where that report, or another, was filed."""
    contact = office.citizens[by or report_id or office.report_id]
    with office.database.reading() as uow:
        number = handling.read_case(uow, report_id or office.report_id).number
        said = actions.show_status(uow, office.service, contact, number, office.now)
    return said.short if contact.channel == Channel.SMS else said.text


def test_status_speaks_of_the_clock_that_runs(office: Office) -> None:
    """Whatever is waited for, STATUS says who has it, until when, which working day it is, and what came last."""
    due = "Kamis, 6 Agustus 2026"
    assert f"Kami periksa paling lambat {due}." in _status(office)
    office.now += timedelta(days=4)
    assert f"{due}" in _status(office)
    office.now -= timedelta(days=4)
    office.disposed()
    said = _status(office)
    assert "Dinas Pekerjaan Umum dan Penataan Ruang menanggapi paling lambat Senin, 10 Agustus 2026." in said
    assert "hari kerja ke-1 dari 5" in said
    assert "Kabar terakhir Senin, 3 Agustus 2026: diteruskan ke Dinas Pekerjaan Umum" in said
    office.does("budi", moves.start, "petugas cek lokasi Rab 12/08")
    office.now += timedelta(days=7)
    said = _status(office)
    assert "Hari ini hari kerja ke-5 dari 14." in said
    assert said.endswith("petugas cek lokasi Rab 12/08.")
    office.now += timedelta(days=30)
    assert "terlambat" in _status(office)
    office.does("budi", moves.answer, SOLUTION)
    assert "Sudah beres?" in _status(office)
    office.says(moves.confirm)
    assert "Anda menyatakan sudah beres" in _status(office)


def test_status_of_others_tells_no_news(office: Office) -> None:
    """Who knows only the number sees agency and dates, not what an officer wrote."""
    report_id = office.files(is_secret=False)
    office.disposed(on=report_id)
    office.does("budi", moves.start, "petugas cek lokasi", on=report_id)
    said = _status(office, report_id, by=office.report_id)
    assert "Dinas Pekerjaan Umum" in said
    assert "petugas cek lokasi" not in said


def test_status_of_a_joined_report(office: Office) -> None:
    """A joined report stands as the one that it follows."""
    child = office.files(Channel.SMS)
    office.does("rima", moves.join, office.case(), on=child)
    office.disposed()
    assert "Dinas PUPR menanggapi paling lambat Sen 10/08, hari kerja ke-1 dari 5." in _status(office, child)


def test_what_a_reporter_adds_reaches_who_has_it(office: Office) -> None:
    """An addition is told at once to whoever checks a report, then to the agency; by night for the morning's count."""
    contact = office.citizens[office.report_id]

    def adds(text: str) -> None:
        with office.database.writing() as uow:
            here = Here(uow, office.service, contact, Progress(), office.now)
            said = Inbound(Address(Channel(contact.channel), "5000000123"), "u1", office.now, text=text)
            responses.add(here, office.report_id, said)

    adds("ada yang meninggal")
    [told] = office.heard(office.people["rima"])
    assert "menambahkan keterangan" in told.text
    assert "ada yang meninggal" in told.text
    office.disposed()
    office.now += timedelta(hours=12)  # 21.05
    adds("makin lebar")
    assert len(office.heard(office.people["rima"])) == 1
    (reply, row) = office.queued(office.people["budi"].address_id)[-1]
    assert "menambahkan keterangan" in reply.text
    assert "sisa 4 hari kerja" in reply.text
    assert row.due_at.date() == date(2026, 8, 4)


def _fail(office: Office, fault: Fault, address_id: int) -> None:
    """Let the provider report that what was sent last to an address did not arrive."""
    with office.database.writing() as uow:
        row = office.last_row(address_id)
        sent = Settlement(row.id, 0, OutboundState.SENT, provider_id=f"m-{row.id}", sent_at=office.now)
        outbox.settle(uow, [sent])
        failed = DeliveryReport(
            Channel(row.channel), f"m-{row.id}", DeliveryState.FAILED, "x", office.now, fault=fault
        )
        assert note_delivery(uow, office.service, failed, office.now)


def test_not_delivered(office: Office) -> None:
    """News that fails for good reaches the reporter's other address, else the officer: belum sampai."""
    contact = office.citizens[office.report_id]
    office.disposed()
    with office.database.writing() as uow:
        phone = builders.a_contact(uow, "+6281200000001", channel=Channel.SMS, now=FILED)
        conversations.save_progress(uow, phone, "{}", draft_touched_at=None, now=FILED - timedelta(days=1))
        links.follow(uow, office.report_id, phone.address_id, FILED)
    _fail(office, Fault.BLOCKED, contact.address_id)
    assert [reply for reply, _ in office.queued(phone.address_id)] == office.heard()
    assert "undelivered" not in office.history()
    _fail(office, Fault.REJECTED, phone.address_id)
    assert "BELUM SAMPAI" in office.heard(office.people["budi"])[-1].text
    assert office.history()[-1] == "undelivered"


def test_what_waits_for_a_lost_address_goes_elsewhere(office: Office) -> None:
    """Who blocks the bot in the night gets the morning's news at the other address, in order; an answer at once."""
    contact = office.citizens[office.report_id]
    with office.database.writing() as uow:
        phone = builders.a_contact(uow, "+6281200000001", channel=Channel.SMS, now=FILED)
        conversations.save_progress(uow, phone, "{}", draft_touched_at=None, now=FILED - timedelta(days=1))
        links.follow(uow, office.report_id, phone.address_id, FILED)
    office.now += timedelta(hours=13)
    office.answered()
    with office.database.writing() as uow:
        lose_address(uow, office.service, contact.address_id, office.now)
    assert [reply for reply, _ in office.queued(phone.address_id)] == office.heard()
    assert all(row.due_at > office.now for _, row in office.queued(phone.address_id))
    assert {row.state for _, row in office.queued(contact.address_id)} == {"dead"}
    office.says(moves.confirm, at=contact)
    asked_at = office.now
    _fail(office, Fault.BLOCKED, contact.address_id)
    assert office.last_row(phone.address_id).due_at == asked_at
    office.says(moves.rate, 4, at=contact)
    office.now += timedelta(hours=3)  # nobody waits for the thanks any more
    _fail(office, Fault.BLOCKED, contact.address_id)
    assert office.last_row(phone.address_id).due_at > office.now


def test_an_officers_card_goes_to_no_reporter(office: Office) -> None:
    """A card that does not reach its officer is not sent to the person it is about."""
    office.disposed()
    before = office.heard()
    _fail(office, Fault.BLOCKED, office.people["budi"].address_id)
    assert office.heard() == before
    assert "undelivered" not in office.history()
