"""What the clock says is true: of posts that nobody has, of reporters who cannot be told, of what may not be seen."""

from datetime import date

import pytest
from sqlalchemy import update

from handlers.service import Service
from storage.db import Database
from storage.models import Address, table
from storage.queries import officers
from tests.integration.test_clock import FRI_7, THU_13, Town

ADDRESS = table(Address)


@pytest.fixture
def town(loaded: Database, service: Service) -> Town:
    town = Town(loaded, service).open()
    town.told()
    return town


def test_a_post_that_nobody_has(town: Town) -> None:
    """Those who pass on hear in its place, and the reporter is not told that it has the report."""
    with town.database.writing() as uow:
        for name in ("sari", "joko"):
            officers.set_suspended(uow, town.people[name].id, town.now)
    town.passes(FRI_7).told()
    assert town.passes(date(2026, 8, 11)).told() == {
        "rima": ["Belum juga selesai, jadi kami sampaikan kepada Anda."]
    }
    told = town.passes(THU_13).told()
    assert told.keys() == {"rima", "warga"}
    assert "inspektorat" not in told["warga"][0]


def test_many_that_may_not_be_seen(town: Town) -> None:
    """Those above get a list with agencies and days, without a command that would show them nothing."""
    for _ in range(4):
        town.files()
    town.passes(FRI_7).told()
    assert town.passes(date(2026, 8, 11)).told()["sari"] == ["5 laporan terlambat:"]
    text = town.heard(town.people["sari"])[-1].text
    assert text.count("Kabupaten Sekadau · terlambat 3 hari kerja") == 5
    assert "/lihat" not in text


def test_whoever_wants_no_news_does_not_know(town: Town) -> None:
    """Nobody at work reads that the reporter was told."""
    with town.database.writing() as uow:
        address_id = town.citizens[town.report_id].address_id
        uow.connection.execute(update(ADDRESS).where(ADDRESS.c.id == address_id).values(stopped_at=town.now))
    assert town.passes(FRI_7).told()["rima"][-1] == "Batas waktu sudah lewat."
