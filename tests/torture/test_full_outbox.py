"""News for a whole regency waits in the outbox, and somebody reports. `make torture` queues 100,000."""

import os
import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.vocabulary import Priority
from tests import builders
from tests.acceptance.program import database_of
from tests.torture import checks
from tests.torture.deeds import befall
from tests.torture.plan import Kind, Misfortune, Way
from tests.torture.town import Town, town_of

COUNT = 100_000 if os.environ.get("TORTURE_SEEDS") or os.environ.get("TORTURE_SEED") else 2_000
NEWS = "kabar untuk semua"


@pytest.mark.timeout(900)
async def test_a_full_outbox(tmp_path: Path) -> None:
    """Who reports is answered before it is empty; a kill on the way repeats nothing but what was under way."""
    async with town_of(Way.POLLING, tmp_path) as town:
        fill(town)
        town.arrive(random.Random(0))
        await befall(town, Misfortune(Kind.KILLED, after=60, draw=20))
        await town.until(lambda: all(person.is_served for person in town.present))
        sent = sum(call["text"] == NEWS for call in town.telegram.calls_of("sendMessage"))
        assert 0 < sent < COUNT
        assert not list(checks.seen_outside(town))


def fill(town: Town) -> None:
    """Queue the news, each for a chat of its own."""
    citizens = [town.telegram.citizen() for _ in range(COUNT)]
    with database_of(town.env) as database, database.writing() as uow:
        for citizen in citizens:
            town.telegram.world.chats[citizen.chat_id].is_open = True
            builders.queue(uow, str(citizen.chat_id), NEWS, priority=Priority.NEWS, now=datetime.now(UTC))
