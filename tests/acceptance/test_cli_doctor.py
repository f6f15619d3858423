"""`kanal doctor` of an installation that could serve: what is in order, and who is missing."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.vocabulary import Role
from tests import builders
from tests.acceptance.program import KEY, database_of, environment, kanal, prepare, town_of
from tests.deployment import sekadau
from tests.fakes.telegram.server import TOKEN, FakeTelegram


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    env = environment(tmp_path, DATA_KEYS=KEY)
    prepare(env)
    return env


def on_telegram(env: dict[str, str], fake: FakeTelegram) -> dict[str, str]:
    return env | {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": fake.url}


def an_office() -> Iterator[tuple[Role, str | None]]:
    """Each post of which there has to be somebody."""
    deployment = sekadau()
    yield Role.COORDINATOR, None
    for agency in deployment.agencies:
        is_integrity = agency.code == deployment.integrity.agency
        if not agency.is_outside:
            yield Role.INSPECTORATE if is_integrity else Role.LIAISON, agency.code


async def test_the_doctor_finds_nothing(env: dict[str, str]) -> None:
    """All in order: 0, and a line for each thing looked at, here for programs."""
    with database_of(env) as database, database.writing() as uow:
        for role, agency in an_office():
            builders.an_officer(uow, role, agency)
    async with FakeTelegram() as fake:
        code, said = await kanal(on_telegram(env, fake), Path(env["DATA_DIR"]), "doctor", "--json")
    assert code == 0
    rows = json.loads(said)
    assert {"settings", "keys", "database", "deployment", "officers", "calendar", "telegram"} <= {
        row["check"] for row in rows if row["state"] == "ok"
    }
    assert any("put kanal_test_bot there" in row["says"] for row in rows)
    assert any("name neither bot nor number" in row["says"] for row in rows if row["check"] == "contact")


async def office_of(env: dict[str, str]) -> list[tuple[str, str]]:
    """What the doctor says of who works here: how bad it is, and how it begins."""
    _, said = await kanal(env, Path(env["DATA_DIR"]), "doctor", "--json")
    rows = [row for row in json.loads(said) if row["check"] == "officers"]
    return [(row["state"], " ".join(row["says"].split()[:6])) for row in rows]


async def test_that_nobody_works_here_is_said(env: dict[str, str]) -> None:
    """A fault once citizens can write, a note before."""
    nobody, most = "no coordinator can be reached, so", ("note", "nobody can be reached in PUPR,")
    async with FakeTelegram() as fake:
        assert await office_of(on_telegram(env, fake)) == [("fault", nobody), most]
    assert await office_of(env) == [("note", nobody), most]


async def test_the_program_begins_by_saying_that_nobody_works_here(tmp_path: Path) -> None:
    """In a line, as soon as citizens can write."""
    async with town_of("polling", tmp_path) as town:
        line = "officers: no coordinator can be reached, so nobody checks what citizens send: `kanal officer invite"
        assert line in town.program.output
