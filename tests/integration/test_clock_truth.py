"""What the clock says is true: of posts that nobody has, of reporters who cannot be told, of what may not be seen."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import update

from handlers import moves
from handlers.moves import SYSTEM
from handlers.officers import joining
from handlers.service import Service
from storage.db import Database
from storage.models import Address, table
from storage.queries import officers, outbox
from storage.vocabulary import Channel
from tests.days import FRI_7, THU_13, Town

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
        "rima": ["Laporan ini masih terlambat, dan ada pada Anda."]  # it is on their own desk
    }
    told = town.passes(THU_13).told()
    assert told.keys() == {"rima", "warga"}
    assert "inspektorat" not in told["warga"][0]


def test_what_was_checked_is_not_said_to_be_unchecked(town: Town) -> None:
    """A report that was checked and not passed on is late for that."""
    town.does("rima", moves.verify)
    (told,) = town.passes(FRI_7).told()["warga"]
    assert "sudah diperiksa, tetapi belum diteruskan ke dinas" in told


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


def test_whoever_is_shut_out_hears_no_more(town: Town) -> None:
    """The card that waits for the morning is not sent, but that they are shut out is; nor is it when tried again."""
    town.at(date(2026, 8, 6), time(21)).disposed()
    budi = town.people["budi"]
    with town.database.writing() as uow:
        joining.suspend(uow, town.service, budi.id, SYSTEM, town.now)
    card, notice = (row for _, row in town.queued(budi.address_id))
    assert (card.report_id, card.state, card.code) == (town.report_id, "dead", "withdrawn")
    assert (notice.report_id, notice.state) == (None, "pending")
    with town.database.writing() as uow:
        outbox.retry_dead(uow, None, town.now)
        leased = outbox.lease(uow, Channel.TELEGRAM, 99, town.now, town.now + timedelta(minutes=1))
    assert card.id not in [one.id for one in leased]


def test_joined_reports_hear_no_reminder_of_what_was_answered(town: Town) -> None:
    """What waits to be sent of the first one's delay is of no use to those who follow it either."""
    joined = town.files()
    town.does("rima", moves.join, town.case(), on=joined)
    town.at(FRI_7).run()
    assert [row.state for _, row in town.queued(town.citizens[joined].address_id)][-1] == "pending"
    town.disposed()
    assert [row.code for _, row in town.queued(town.citizens[joined].address_id)].count("moved") == 1
