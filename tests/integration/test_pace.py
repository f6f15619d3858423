"""Whoever sends a lot floods neither the officers nor the bill, and loses nothing."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from handlers.service import Service
from storage.db import Database
from storage.models import Outbound, Report, table
from storage.vocabulary import Channel, Role
from tests.person import WHOLE, Person
from tests.rows import rows_of
from tests.town import Town

OUTBOUND, REPORT = table(Outbound), table(Report)


def test_many_additions(loaded: Database, service: Service) -> None:
    """So many an hour are answered and shown; the rest is kept, told of once, and shown when the hour is over."""
    town, texter = _town(loaded, service, additions_per_hour=2)
    number = town.files(texter)
    before = len(_cards(town))
    answers = [texter.says(f"TAMBAH {number} masih gelap {count}") for count in range(6)]
    assert ["Terima kasih" in one for one in answers[:2]] == [True, True]
    assert "tidak tiap SMS kami balas" in answers[2]
    assert answers[3:] == ["", "", ""]
    cards = _cards(town)[before:]
    hour = texter.now.replace(minute=0) + timedelta(hours=1)
    assert [row.due_at >= hour for row in cards] == [False, False, True]
    assert len(town.told(number)) == 6
    texter.says(f"TAMBAH {number} ada api, rumah terbakar, orang terjebak di dalam")
    assert len(_cards(town)) == before + 4
    texter.now += timedelta(hours=1)
    assert "Terima kasih" in texter.says(f"TAMBAH {number} gelap terus")


@pytest.mark.parametrize(
    "third", ["BUKA {} masih gelap sekali", "TAMBAH {} ada api, rumah terbakar, orang terjebak"]
)
def test_whatever_comes_next(loaded: Database, service: Service, third: str) -> None:
    """Who is answered no more is told so, also where what is one too many is refused, or tells of danger."""
    town, texter = _town(loaded, service, additions_per_hour=2)
    number = town.files(texter)
    texter.says(f"TAMBAH {number} satu gelap", f"TAMBAH {number} dua gelap")
    before = len(_cards(town))
    assert "tidak tiap SMS kami balas" in texter.says(third.format(number))
    assert texter.says(f"TAMBAH {number} tiga gelap") == ""
    assert len(_cards(town)) == before + 1 + ("api" in third)
    assert len(town.told(number)) == 4


def test_many_reports(loaded: Database, service: Service) -> None:
    """All are filed, with a receipt each; the coordinator gets so many cards an hour, and one for danger."""
    town, texter = _town(loaded, service, reports_per_hour=2)
    before = len(_cards(town))
    for count in range(3):
        town.files(texter, f"{WHOLE} tiang {count}")
    assert len(_cards(town)) == before + 2
    town.files(texter, "LAPOR rumah terbakar dpn sd 3 ds mungguk")
    assert len(_cards(town)) == before + 3
    assert len(rows_of(loaded, REPORT)) == 4


def _town(loaded: Database, service: Service, **limits: int) -> tuple[Town, Person]:
    deployment = service.deployment
    intake = deployment.intake.model_copy(update=limits)
    service = replace(service, deployment=deployment.model_copy(update={"intake": intake}))
    town = Town(loaded, service).open()
    return town, town.person(channel=Channel.SMS)


def _cards(town: Town) -> list[Any]:
    address_id = town.officers[Role.COORDINATOR].address_id
    with town.database.reading() as uow:
        query = select(OUTBOUND).where(OUTBOUND.c.address_id == address_id).order_by(OUTBOUND.c.id)
        return list(uow.connection.execute(query))
