"""Whether the citizen was reached: what an officer who opens a card reads of the last news."""

from datetime import datetime, timedelta

import pytest

from handlers import receipts
from handlers.messages import DeliveryReport
from handlers.service import Service
from storage.db import Database
from storage.queries import outbox
from storage.queries.handling import CaseRow
from storage.queries.outbox import Settlement
from storage.vocabulary import Channel, DeliveryState, Fault, OutboundState, Role
from tests.desk import Office

SENT, DEAD, PENDING = OutboundState.SENT, OutboundState.DEAD, OutboundState.PENDING


@pytest.fixture
def office(loaded: Database, service: Service) -> Office:
    return Office(loaded, service).open()


def _case(office: Office) -> CaseRow:
    """Return a case whose news of the disposition waits for an SMS."""
    return office.disposed(by=Channel.SMS)


def _settle(office: Office, case: CaseRow, state: OutboundState, **more: str | datetime) -> None:
    """Let an attempt to send what waits for the reporter come to something."""
    identifier, until = office.citizens[case.report_id].identifier, office.now + timedelta(minutes=1)
    with office.database.writing() as uow:
        (mine,) = outbox.lease(uow, Channel.SMS, 9, office.now, until, only=identifier)
        values = {"sent_at": office.now, "provider_id": "S1"} if state is SENT else {}
        outbox.settle(uow, [Settlement(mine.id, mine.attempts, state, **{**values, **more})])  # type: ignore[arg-type]


def _report(office: Office, state: DeliveryState, fault: Fault | None = None) -> None:
    with office.database.writing() as uow:
        report = DeliveryReport(
            Channel.SMS, "S1", state, code="1" if fault else None, at=office.now, fault=fault
        )
        assert receipts.note_delivery(uow, office.service, report, office.now)


def _looks(office: Office, case: CaseRow, who: str = "budi") -> str:
    return office.people[who].says(f"/lihat {case.number}")


def test_news_on_its_way(office: Office) -> None:
    """It is on its way, is tried again, is sent, has arrived; what was said to have failed after that is in doubt."""
    case = _case(office)
    assert "Kabar terakhir kami sedang dikirim ke pelapor." in _looks(office, case)
    _settle(office, case, PENDING, code="network", due_at=office.now)
    assert "belum sampai ke pelapor; kami coba lagi" in _looks(office, case)
    _settle(office, case, SENT)
    shown = _looks(office, case)
    assert "Kabar terakhir kami sudah dikirim ke pelapor: Senin, 3 Agustus 2026 09.05 WIB." in shown
    _report(office, DeliveryState.DELIVERED)
    assert "Kabar terakhir kami sampai ke pelapor: Senin, 3 Agustus 2026 09.05 WIB." in _looks(office, case)
    _report(office, DeliveryState.FAILED, Fault.REJECTED)
    assert "mungkin belum dibaca pelapor" in _looks(office, case)


@pytest.mark.parametrize(
    ("fault", "said"),
    [(Fault.REJECTED, "gagal diantar ke pelapor"), (Fault.BLOCKED, "ditolak. Nomor atau akunnya tidak ada")],
)
def test_failure_reported_later(office: Office, fault: Fault, said: str) -> None:
    """Who has the report is told at once; whoever opens the card later reads it there, and why."""
    case = _case(office)
    _settle(office, case, SENT)
    _report(office, DeliveryState.FAILED, fault)
    office.people["budi"].hears()
    assert "BELUM SAMPAI" in office.people["budi"].last
    shown = _looks(office, case)
    assert f"TIDAK SAMPAI: kabar terakhir kami {said}" in shown
    assert ("tidak dapat dihubungi" in shown) is (fault is Fault.BLOCKED)


def test_refused_at_once(office: Office) -> None:
    """What the provider does not take is said the same way."""
    case = _case(office)
    _settle(office, case, DEAD, code="21617")
    assert "TIDAK SAMPAI" in _looks(office, case)


def test_stop_is_a_wish(office: Office) -> None:
    """Who said STOP is not called unreachable, neither for what waited then nor for what came later."""
    case = _case(office)
    office.citizens[case.report_id].says("STOP")
    with office.database.writing() as uow:
        until = office.now + timedelta(minutes=1)
        direct = outbox.lease(uow, Channel.SMS, 9, office.now, until)
        outbox.settle(uow, [Settlement(one.id, one.attempts, SENT, provider_id="d") for one in direct])
        outbox.lease(uow, Channel.SMS, 9, office.now, until)
    shown = _looks(office, case)
    assert "Pelapor tidak mau dikabari lagi (STOP)." in shown
    assert "tidak dikirim, karena pelapor tidak mau dikabari" in shown
    assert "tidak dapat dihubungi" not in shown
    budi, office.now = office.people["budi"], office.now + timedelta(hours=1)
    office.hush()
    budi.says(f"/proses {case.number} petugas cek lokasi besok", "kirim")
    shown = _looks(office, case)
    assert "belum sampai ke warga: petugas cek lokasi besok" in shown
    assert "Kabar terakhir kami" not in shown  # that was about older news


def test_by_sms_and_at_night(office: Office) -> None:
    """By SMS it is a few words; what waits for the morning says so."""
    eka = office.joins("eka", Role.LIAISON, "PUPR", Channel.SMS)
    office.now = office.now.replace(hour=16)  # 23.00 WIB
    case = _case(office)
    assert "Kabar terakhir: menunggu sampai Sel 04/08." in eka.says(f"LIHAT {case.number}")
