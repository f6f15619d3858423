"""The command line as an operator meets it: what it prints, with which code it ends; never a traceback."""

import asyncio
import json
import re
import shlex
import shutil
import sqlite3
from asyncio.subprocess import PIPE
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from bot.cli.app import COMMANDS, command_line
from bot.cli.doctor import name_of_the_bot
from bot.cli.findings import State
from bot.settings import Settings
from storage.crypto import Vault, new_key
from storage.db import UnitOfWork
from storage.queries import outbox
from storage.queries.outbox import Settlement
from storage.vocabulary import OutboundState, Role
from tests import builders
from tests.acceptance.program import KANAL, KEY, database_of, environment, kanal, prepare, several
from tests.deployment import SEKADAU
from tests.fakes.clock import MONDAY
from tests.fakes.telegram.server import FakeTelegram

REPORT = "jalan rusak depan SDN 2 desa mungguk sejak kemarin, banyak lubang besar\nlewati\n1\nya\n"


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """The settings of an installation that is ready to serve."""
    env = environment(tmp_path, DATA_KEYS=KEY)
    prepare(env)
    return env


@pytest.fixture(scope="module")
def with_report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of an installation where one report was filed."""
    folder = tmp_path_factory.mktemp("filed")
    env = environment(folder, DATA_KEYS=KEY)
    prepare(env)
    code, said = asyncio.run(kanal(env, folder, "chat", given=REPORT))
    assert (code, "Nomornya:" in said) == (0, True), said
    return folder / "kanal.db"


@pytest.fixture
def filed(with_report: Path, tmp_path: Path) -> dict[str, str]:
    """The settings of such an installation, for one test alone."""
    shutil.copy(with_report, tmp_path / "kanal.db")
    return environment(tmp_path, DATA_KEYS=KEY)


async def run(env: dict[str, str], *arguments: str, given: str = "") -> tuple[int, str]:
    """Run a command in the installation's folder."""
    code, said = await kanal(env, Path(env["DATA_DIR"]), *arguments, given=given)
    assert "Traceback" not in said, said
    return code, said


async def run_all(env: dict[str, str], *lines: str) -> list[tuple[int, str]]:
    """Run several commands there, in one process."""
    results = await several(env, Path(env["DATA_DIR"]), *lines)
    assert not any("Traceback" in said for _, said in results), results
    return results


def complaint(result: tuple[int, str]) -> str:
    """The one line with which a command refuses."""
    code, said = result
    assert code == 1, said
    (line,) = said.splitlines()
    assert line.startswith("kanal: ")
    return line.removeprefix("kanal: ")


def execute(env: dict[str, str], statement: str) -> None:
    with database_of(env) as database, database.writing() as uow:
        uow.connection.exec_driver_sql(statement)


# --- help ---


def all_commands(command: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Each command, also those within others, with what it says of itself."""
    yield name, command.help
    for part, inner in getattr(command, "commands", {}).items():
        yield from all_commands(inner, f"{name} {part}".strip())


WHOLE = command_line()


@pytest.mark.parametrize(("name", "explanation"), list(all_commands(typer.main.get_command(WHOLE))))
def test_every_command_explains_itself(name: str, explanation: str) -> None:
    """--help says what it does."""
    result = CliRunner().invoke(WHOLE, [*name.split(), "--help"], prog_name="kanal")
    assert result.exit_code == 0
    assert f"Usage: kanal {name}" in result.output
    assert explanation.split(maxsplit=1)[0] in result.output


def test_what_kanal_says_of_a_command_is_what_that_says_of_itself() -> None:
    """`kanal --help` reads none of them, and yet says the same."""
    whole = dict(all_commands(typer.main.get_command(WHOLE)))
    assert {name: whole[name].partition("\n\n")[0].replace("\n", " ") for name in COMMANDS} == {
        name: command.help for name, command in COMMANDS.items()
    }
    none = typer.main.get_command(command_line(called=()))
    assert dict(all_commands(none)) == {"": whole[""], **{name: COMMANDS[name].help for name in COMMANDS}}


# --- migrate and setup ---


async def test_migrate_and_setup_may_be_repeated(tmp_path: Path) -> None:
    """Each says what it did; the second time there is nothing to do. Before that nothing runs."""
    env = environment(tmp_path, DATA_KEYS=KEY)
    ran, migrated, set_up, *again = await run_all(env, "run", "migrate", "setup", "migrate", "setup")
    assert complaint(ran).endswith(": run `kanal migrate`")
    assert migrated[1].startswith("database: migrated from empty to revision ")
    assert set_up[1].endswith(", areas: 102 added\n")
    assert again[0][1].endswith(", nothing to do\n")
    assert again[1][1].endswith("; agencies, categories and areas as before\n")


async def test_setup_adds_but_never_removes_what_reports_refer_to(
    filed: dict[str, str], tmp_path: Path
) -> None:
    """A category that a report is about must stay; another may go, and new ones may come."""
    shutil.copytree(SEKADAU.parent / "sekadau", tmp_path / "sekadau")
    file, written = tmp_path / "sekadau.yaml", SEKADAU.read_text(encoding="utf-8")
    renamed = written.replace("- code: JALAN\n", "- code: JALANAN\n")
    renamed = renamed.replace("evidence_categories: [JALAN,", "evidence_categories: [JALANAN,")
    file.write_text(renamed, encoding="utf-8")
    before = fingerprint_of(filed)
    assert complaint(await run(filed, "setup", str(file))) == (
        f"{file}: categories: reports refer to what is missing now: JALAN (1); put it back. Nothing was changed"
    )
    assert fingerprint_of(filed) == before
    file.write_text(written.replace("- code: INTERNET\n", "- code: SINYAL\n"), encoding="utf-8")
    code, said = await run(filed, "setup", str(file))
    assert (code, said.partition("; ")[2]) == (
        0,
        "categories: 1 added (SINYAL), categories: 1 removed (INTERNET)\n",
    )


def fingerprint_of(env: dict[str, str]) -> str:
    """What deployment the database holds."""
    with database_of(env) as database, database.reading() as uow:
        return str(uow.connection.exec_driver_sql("SELECT sha256 FROM deployment").scalar_one())


async def test_a_broken_deployment_file_is_told_line_by_line(env: dict[str, str], tmp_path: Path) -> None:
    """Every fault with file, line and path; a missing file with its name."""
    shutil.copytree(SEKADAU.parent / "sekadau", tmp_path / "sekadau")
    file, written = tmp_path / "broken.yaml", SEKADAU.read_text(encoding="utf-8")
    file.write_text(re.sub("m(ax|in)_chars: [0-9]+", r"m\1_chars: many", written), encoding="utf-8")
    broken, missing = await run_all(env, f"setup {file}", "setup nowhere.yaml")
    assert broken[0] == 1
    told = re.findall(rf"^kanal: {file}:\d+: (\S+): expected .* found \"many\"$", broken[1], re.MULTILINE)
    assert told == [f"{part}.{end}_chars" for part in ("intake", "answers") for end in ("min", "max")]
    assert complaint(missing).startswith("nowhere.yaml: cannot be read")


# --- settings ---


async def test_all_faults_of_the_settings_are_listed_together(tmp_path: Path) -> None:
    """A line each with the variable's name, never with a secret's value."""
    (tmp_path / ".env").write_text(
        "PORT=80x\nTELEGRAM_BOT_TOKEN=s3cret-token\nDATA_KEYS=s3cret-key\nDATABASE_URL=mysql://u:s3cret@h/d\n"
        "PUBLIC_URL=http://kanal.example\nLOG_LEVEL=LOUD\nTELEGRAM_WEBHOOK_SECRET=s3cret!\n",
        encoding="utf-8",
    )
    env = {name: value for name, value in environment(tmp_path).items() if name in {"PATH", "PYTHONPATH"}}
    code, said = await kanal(env, tmp_path, "run")
    assert code == 1
    named = [line.removeprefix("kanal: ").partition(":")[0] for line in said.splitlines()]
    assert sorted(named) == [
        "DATABASE_URL",
        "DATA_KEYS",
        "LOG_LEVEL",
        "PORT",
        "TELEGRAM_BOT_TOKEN",
        "TELEGRAM_WEBHOOK_SECRET",
    ]
    assert "s3cret" not in said


# --- a database that does not fit ---


async def test_a_newer_database_is_left_alone(env: dict[str, str]) -> None:
    """One line that says what to do."""
    execute(env, "UPDATE alembic_version SET version_num = '9999'")
    execute(env, "UPDATE schema_floor SET revision = '9999'")
    told = complaint(await run(env, "migrate"))
    assert told.startswith("the database is at revision 9999, made by a newer Kanal than this one")
    assert told.endswith("install that release or restore a backup")


async def test_wrong_keys_are_noticed_at_once(env: dict[str, str]) -> None:
    """Before anything is written with them."""
    told = complaint(await run(env | {"DATA_KEYS": new_key()}, "run"))
    assert told.startswith("DATA_KEYS: none of the keys opens this database; put back those it was made with")


# --- doctor ---


@pytest.mark.parametrize(
    ("named", "state"), [(None, State.NOTE), ("Lain_bot", State.FAULT), ("'@KANAL_test_bot'", None)]
)
def test_the_doctor_compares_the_bots(tmp_path: Path, named: str | None, state: State | None) -> None:
    """Pages and posters should not send people to another bot than ours, or to none."""
    text = SEKADAU.read_text(encoding="utf-8").replace("sekadau/", f"{SEKADAU.parent}/sekadau/")
    file = tmp_path / "sekadau.yaml"
    file.write_text(text + (f"\ncontact: {{telegram: {named}}}\n" if named else ""), encoding="utf-8")
    found = list(name_of_the_bot(Settings(deployment=file), "kanal_test_bot"))
    assert [one.state for one in found] == ([state] if state else [])


async def test_the_doctor_says_what_to_do(tmp_path: Path) -> None:
    """Whatever is wrong, all of it, and 1."""
    env = environment(tmp_path, DATA_KEYS=KEY, DEPLOYMENT="nowhere.yaml", COLUMNS="200")
    async with FakeTelegram() as fake:
        env |= {"TELEGRAM_BOT_TOKEN": "990001:wrong", "TELEGRAM_API_URL": fake.url}
        code, said = await run(env, "doctor")
    assert code == 1
    faults = re.findall(r"^ (\w+) +fault +(.*\S) *$", said, re.MULTILINE)
    assert [check for check, _ in faults] == ["database", "deployment", "telegram"]
    assert "run `kanal migrate`" in faults[0][1]
    assert faults[1][1].startswith("nowhere.yaml: cannot be read")
    assert faults[2][1] == "TELEGRAM_BOT_TOKEN: Telegram refuses it; ask @BotFather for the right one"


async def test_the_doctors_json_stands_alone(tmp_path: Path) -> None:
    """The first key is made and logged where logs go, and what programs read is JSON."""
    process = await asyncio.create_subprocess_exec(
        *KANAL, "doctor", "--json", env=environment(tmp_path), stdout=PIPE, stderr=PIPE
    )
    said, logged = await process.communicate()
    assert {row["check"]: row["state"] for row in json.loads(said)}["keys"] == "note"
    assert b"data_key_generated" in logged


# --- audit, outbox, keys, demo ---


async def test_a_tampered_history_is_found(filed: dict[str, str]) -> None:
    """The report's number, the event, what is wrong with it, and 1."""
    assert await run(filed, "audit", "verify") == (0, "1 report: every history holds together\n")
    execute(filed, "UPDATE case_event SET is_public = NOT is_public")
    code, said = await run(filed, "audit", "verify")
    assert code == 1
    assert re.search(r"\n *\d{7} +1 +was changed *\n", said)


async def test_given_up_messages_are_listed_and_queued_again(env: dict[str, str]) -> None:
    """With their state and why, without what they say or to whom."""
    with database_of(env) as database, database.writing() as uow:
        give_up(uow)
    (code, said), (_, table), *retried = await run_all(
        env, "outbox list --json", "outbox list", "outbox retry 99", "outbox retry"
    )
    assert code == 0
    (row,) = json.loads(said)
    assert (row["state"], row["code"], row["attempts"]) == ("dead", "403", 1)
    assert "rahasia" not in said
    assert f" {MONDAY:%Y-%m-%d %H:%MZ}" in table  # whole, on eighty columns
    assert retried == [
        (1, "kanal: no message with such an id was given up; see `kanal outbox list --state dead`\n"),
        (0, "1 queued again\n"),
    ]


def give_up(uow: UnitOfWork) -> None:
    builders.queue(uow, "7001", "rahasia")
    (leased,) = outbox.lease(uow, "telegram", 1, MONDAY, MONDAY)
    outbox.settle(uow, [Settlement(leased.id, leased.attempts, OutboundState.DEAD, code="403")])


async def test_a_new_key_is_a_good_one(tmp_path: Path) -> None:
    """Nothing but the key, so that it can be put into a file."""
    code, said = await run(environment(tmp_path), "keys", "new")
    assert code == 0
    assert Vault([said.removesuffix("\n")])


async def test_the_demo_needs_nothing(tmp_path: Path) -> None:
    """In an empty folder, without settings; it leaves nothing behind."""
    env = {name: value for name, value in environment(tmp_path).items() if name in {"PATH", "PYTHONPATH"}}
    code, said = await kanal(env, tmp_path, "demo")
    assert code == 0
    assert "Terima kasih. Laporan Anda kami terima. Nomornya:\n  SKD-" in said
    assert "Traceback" not in said
    assert list(tmp_path.iterdir()) == []  # noqa: ASYNC240 - nothing else waits


async def test_what_there_is_not_is_said_in_a_line(tmp_path: Path) -> None:
    """An unknown command or value ends with 2 and the way to the help, without a usage or a box around it."""
    slips = {
        "bogus": "No such command 'bogus'",
        "run --role foo": "wrong value for '--role': 'foo' is not one of 'web', 'delivery', 'scheduler'",
        "inbox retry one": "wrong value for 'ids': expected a valid integer",
        "officer invite": f"Missing option '--role'. Choose from: {', '.join(Role)}",
        "chat --as": "Option '--as' requires an argument",
    }
    assert await run_all(environment(tmp_path), *slips) == [
        (2, f"kanal: {said} (--help tells more)\n") for said in slips.values()
    ]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is full, of Linux")
async def test_a_full_disk_is_told_in_a_line(tmp_path: Path) -> None:
    """Wherever it is noticed, here when writing the answer."""
    command = f"{shlex.join(KANAL)} jobs list > /dev/full"
    process = await asyncio.create_subprocess_shell(command, env=environment(tmp_path), stderr=PIPE)
    _, said = await process.communicate()
    assert (process.returncode, said.decode()) == (
        1,
        "kanal: No space left on device; mend that, then run it again\n",
    )


async def test_a_held_database_and_another_programs_are_told(env: dict[str, str]) -> None:
    """By who serves, talks or migrates; nothing is changed."""
    path = env["DATABASE_URL"].removeprefix("sqlite:///")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for code, said in await run_all(env | {"DATABASE_URL": f"sqlite:///{path}?timeout=0.1"}, "chat"):
            assert (code, said.splitlines()[-1].partition(":")[0]) == (1, "kanal")
            assert "database is locked; another program holds it" in said
    execute(env, "UPDATE alembic_version SET version_num = '0001'")
    assert "cannot be changed, and was not: duplicate column" in complaint(await run(env, "migrate"))
    execute(env, "UPDATE alembic_version SET version_num = 'ae1027a6acf'")
    for result in await run_all(env, "migrate", "outbox list"):
        assert "another program's database" in complaint(result)
