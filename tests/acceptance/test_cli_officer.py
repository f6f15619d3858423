"""`kanal officer` as an operator meets it: a code and a link, a list with names, suspension; slips in one line."""

import json
from pathlib import Path

import pytest

from storage.queries import officers
from storage.vocabulary import Role
from tests import builders
from tests.acceptance.program import KEY, database_of, environment, kanal, prepare, several
from tests.fakes.clock import MONDAY
from tests.fakes.telegram.server import TOKEN, FakeTelegram


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    env = environment(tmp_path, DATA_KEYS=KEY)
    prepare(env)
    return env


async def run_all(env: dict[str, str], *lines: str) -> list[tuple[int, str]]:
    results = await several(env, Path(env["DATA_DIR"]), *lines)
    assert not any("Traceback" in said for _, said in results), results
    return results


def an_officer(env: dict[str, str], identifier: str = "1001") -> int:
    with database_of(env) as database, database.writing() as uow:
        return officers.insert_officer(
            uow,
            address_id=builders.a_contact(uow, identifier).address_id,
            name="Rima Sari",
            role=Role.LIAISON,
            agency_code="PUPR",
            is_deputy=False,
            now=MONDAY,
        )


async def test_an_invitation_by_the_operator(env: dict[str, str]) -> None:
    """A code, and no link without Telegram; what the role needs is told in one line, with what there is."""
    plain, as_json, *refused = await run_all(
        env,
        "officer invite --role liaison --agency pupr --name 'Rima Sari' --deputy",
        "officer invite --role inspectorate --json",
        "officer invite --role liaison",
        "officer invite --role coordinator --agency PLN",
        "officer invite --role inspectorate --agency PUPR",
    )
    code, hint = plain[1].splitlines()
    assert len(code) == 11
    assert hint.startswith("good once, for 72 hours: ")
    told = json.loads(as_json[1])
    assert told["link"] is None
    assert len(told["code"]) == 11
    assert [code for code, _ in refused] == [1, 1, 1]
    assert "expected one of this government's for the role liaison: " in refused[0][1]
    assert ", PUPR, " in refused[0][1]
    assert "PLN" not in refused[1][1]
    assert "the inspectorate is INSPEKTORAT; leave it out" in refused[2][1]
    assert all(len(said.splitlines()) == 1 for _, said in refused)


async def test_the_link_where_telegram_is_on(env: dict[str, str], tmp_path: Path) -> None:
    """With the bot's own name; without a link where Telegram cannot be reached."""
    async with FakeTelegram() as fake:
        on = env | {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": fake.url}
        _, said = await kanal(on, tmp_path, "officer", "invite", "--role", "coordinator", "--json")
    told = json.loads(said)
    assert told["link"] == f"https://t.me/kanal_test_bot?start={told['code']}"
    code, said = await kanal(on, tmp_path, "officer", "invite", "--role", "coordinator", "--json")
    assert (code, json.loads(said)["link"]) == (0, None)


async def test_listing_suspending_resuming(env: dict[str, str]) -> None:
    """Each says what is the case now; of somebody unknown, that there is no such officer."""
    (empty,) = await run_all(env, "officer list")
    assert empty[1] == "nobody yet: `kanal officer invite --role coordinator` begins it\n"
    one = an_officer(env)
    *said, listed, unknown = await run_all(
        env,
        f"officer suspend {one}",
        f"officer suspend {one}",
        f"officer resume {one}",
        f"officer resume {one}",
        "officer list --json",
        "officer suspend 999",
    )
    assert [text for _, text in said] == [
        f"{one}: suspended\n",
        f"{one}: suspended already\n",
        f"{one}: at work\n",
        f"{one}: at work already\n",
    ]
    (row,) = json.loads(listed[1])
    assert row == {
        "id": one,
        "name": "Rima Sari",
        "role": "liaison",
        "agency": "PUPR",
        "deputy": False,
        "channel": "telegram",
        "joined": MONDAY.isoformat(timespec="seconds"),
        "suspended": False,
        "unreachable": False,
        "invited_until": None,
    }
    assert unknown == (1, "kanal: no officer '999'; see `kanal officer list`\n")


async def test_the_list_shows_who_is_invited_and_names_do(env: dict[str, str]) -> None:
    """An open invitation stands in the list; an officer may be named; of two with one name, ids are asked for."""
    an_officer(env)
    *_, listed, suspended = await run_all(
        env,
        "officer invite --role coordinator --name 'Dewi Lestari'",
        "officer list",
        "officer suspend 'rima sari'",
    )
    lines = listed[1].splitlines()
    assert [line.split() for line in lines[1:2]] == [
        ["1", "Rima", "Sari", "liaison", "PUPR", "telegram", "at", "work"]
    ]
    assert "Dewi Lestari" in lines[2]
    assert "invited until " in lines[2]
    assert max(map(len, lines)) <= 80
    assert suspended == (0, "1: suspended\n")
    an_officer(env, "1002")
    ((code, said),) = await run_all(env, "officer suspend 'Rima Sari'")
    assert (code, said) == (1, "kanal: more than one is called 'Rima Sari': name one by id (1, 2)\n")
