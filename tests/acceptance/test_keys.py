"""`kanal keys`: a new data key while the real program serves; killed in the middle, run again, the old key removed."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from storage.crypto import BadKey, Vault, new_key
from tests.acceptance.program import KANAL, KEY, Program, Town, environment, kanal, prepare
from tests.acceptance.test_program import WHOLE, a_picture
from tests.fakes.telegram.citizen import Citizen
from tests.fakes.telegram.server import TOKEN, FakeTelegram

#: rows besides those of the story, so that there is a middle in which to be killed
MANY = 4000
SEALED = (
    "SELECT progress_sealed FROM conversation UNION ALL SELECT identifier_sealed FROM address"
    " UNION ALL SELECT payload_sealed FROM outbound UNION ALL SELECT data_sealed FROM case_event"
    " UNION ALL SELECT description_sealed FROM report UNION ALL SELECT check_sealed FROM deployment"
)


@asynccontextmanager
async def town_with_a_file_of_keys(folder: Path) -> AsyncIterator[Town]:
    """A running program whose key stands in DATA_DIR."""
    (folder / "data_keys").write_text(f"{KEY}\n", encoding="ascii")
    prepare({**environment(folder), "DATA_KEYS": KEY})
    async with FakeTelegram() as fake:
        program = Program(folder, is_prepared=True, TELEGRAM_BOT_TOKEN=TOKEN, TELEGRAM_API_URL=fake.url)
        program.env["PUBLIC_URL"] = program.url
        async with program:
            await program.says("serving @kanal_test_bot")
            yield Town("webhook", fake, program)
            assert "Traceback" not in program.output


def keys_in(folder: Path) -> list[str]:
    return (folder / "data_keys").read_text(encoding="ascii").split()


def all_sealed(folder: Path) -> list[bytes]:
    """Everything that is sealed, in rows and in files."""
    with closing(sqlite3.connect(folder / "kanal.db")) as connection:
        rows = [value for (value,) in connection.execute(SEALED) if value]
    files = (folder / "attachments").rglob("*")
    return rows + [path.read_bytes() for path in files if path.is_file()]


def opened_by(key: str, sealed: list[bytes]) -> int:
    """How many values a key opens by itself."""
    vault, count = Vault([key]), 0
    for value in sealed:
        try:
            vault.unseal_bytes(value)
        except BadKey:
            continue
        count += 1
    return count


def with_many_rows(folder: Path) -> None:
    vault = Vault([KEY])
    with closing(sqlite3.connect(folder / "kanal.db")) as connection, connection:
        connection.executemany(
            "INSERT INTO inbound_failure (channel, external_id, payload_sealed, traceback_sealed, error, attempts,"
            " failed_at, resolved_at) VALUES ('telegram', ?, ?, ?, 'E', 1, '2026-03-02', '2026-03-02')",
            [(f"many {number}", vault.seal("{}"), vault.seal("T")) for number in range(MANY)],
        )


def resealed(folder: Path) -> int:
    """How many of those are under another key."""
    with closing(sqlite3.connect(folder / "kanal.db")) as connection:
        rows = [value for (value,) in connection.execute("SELECT payload_sealed FROM inbound_failure")]
    return MANY - opened_by(KEY, rows)


async def killed_in_the_middle(town: Town, folder: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        *KANAL,
        "keys",
        "rotate",
        cwd=folder,
        env=town.program.env,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(30):
            while not resealed(folder):
                await asyncio.to_thread(lambda: None)
    finally:
        process.kill()
        await process.wait()


async def files_a_report(town: Town, citizen: Citizen) -> str:
    """With a picture; returns the last answer."""
    citizen.says(WHOLE)
    await town.hears(citizen, "Ada foto?")
    citizen.sends_photo(a_picture())
    for question, answer in (
        ("Foto/berkas sudah kami terima (1).", "lanjut"),
        ("Siapa yang boleh tahu", "1"),
        ("Kirim laporan ini?", "ya"),
    ):
        await town.hears(citizen, question)
        citizen.says(answer)
    return await town.hears(citizen, "Nomornya:")


@pytest.mark.timeout(180)
async def test_a_new_key_while_citizens_are_served(tmp_path: Path) -> None:
    """Nobody notices: dialogues go on, reports are found, nothing fails; in the end the old key opens nothing."""
    async with town_with_a_file_of_keys(tmp_path) as town:
        before, during = town.fake.citizen(), town.fake.citizen()
        await files_a_report(town, before)
        during.says(WHOLE)
        await town.hears(during, "Ada foto?")
        with_many_rows(tmp_path)
        await killed_in_the_middle(town, tmp_path)
        keys = keys_in(tmp_path)
        assert (len(keys), keys[1]) == (2, KEY)
        assert 0 < resealed(tmp_path) < MANY
        during.says("lewati")
        await town.hears(during, "Siapa yang boleh tahu")
        code, _ = await kanal(town.program.env, tmp_path, "keys", "check")
        assert code == 1
        rotating = asyncio.create_task(kanal(town.program.env, tmp_path, "keys", "rotate"))
        during.says("1")
        await town.hears(during, "Kirim laporan ini?")
        during.says("ya")
        await town.hears(during, "Nomornya:")
        code, said = await rotating
        assert code == 0, said
        assert f"`kanal keys retire` removes it from {tmp_path / 'data_keys'}" in said
        assert keys_in(tmp_path) == keys
        sealed = all_sealed(tmp_path)
        assert (opened_by(KEY, sealed), opened_by(keys[0], sealed)) == (0, len(sealed))
        await asyncio.gather(*(finds_the_report(town, citizen) for citizen in (before, during)))
        code, said = await kanal(town.program.env, tmp_path, "keys", "retire")
        assert (code, keys_in(tmp_path)) == (0, keys[:1]), said
        assert await town.program.stop() == 0
        await town.program.start()
        await town.program.says("serving @kanal_test_bot", town.program.output.rindex("listening"))
        newcomer = town.fake.citizen()
        await files_a_report(town, newcomer)
        await finds_the_report(town, before)
        assert await town.program.metric("kanal_inbound_failures") == 0
        code, said = await kanal(town.program.env, tmp_path, "audit", "verify")
        assert (code, "3 reports" in said) == (0, True), said


async def finds_the_report(town: Town, citizen: Citizen) -> None:
    """By asking how it stands."""
    told = len(citizen.heard)
    citizen.says("status")
    await town.fake.wait_for(lambda: len(citizen.heard) > told)
    assert "SKD-" in citizen.heard[-1], citizen.heard[-1]


# --- keys in the environment ---


async def test_keys_in_the_environment_are_changed_by_who_sets_them(tmp_path: Path) -> None:
    """The command says which line to set; then it does the rest, and says when the old key may go."""
    env = environment(tmp_path, DATA_KEYS=KEY)
    prepare(env)
    code, said = await kanal(env, tmp_path, "keys", "rotate")
    assert code == 1
    assert "Traceback" not in said
    assert KEY not in said
    new = said.split("separated by a comma: ")[1].split()[0]
    both = env | {"DATA_KEYS": f"{new},{KEY}"}
    code, said = await kanal(both, tmp_path, "keys", "check", "--json")
    assert code == 1
    assert '{"what": "check value", "old": 1, "unreadable": 0}' in said
    code, said = await kanal(both, tmp_path, "keys", "rotate")
    assert (
        code,
        said.startswith("nothing needs an old key any more. Leave only the first key in DATA_KEYS"),
    ) == (
        0,
        True,
    ), said
    alone, retired = await asyncio.gather(
        kanal(env | {"DATA_KEYS": new}, tmp_path, "keys", "check"),
        kanal(both, tmp_path, "keys", "retire"),
    )
    assert alone[0] == 0
    assert retired == (
        1,
        "kanal: DATA_KEYS: leave only its first key there yourself, then restart every process\n",
    )


async def test_an_old_key_that_is_needed_stays(tmp_path: Path) -> None:
    """It is not removed before everything is under the new one."""
    prepare(environment(tmp_path, DATA_KEYS=KEY))
    keys = f"{new_key()}\n{KEY}\n"
    (tmp_path / "data_keys").write_text(keys, encoding="ascii")
    code, said = await kanal(environment(tmp_path), tmp_path, "keys", "retire")
    assert (code, said) == (
        1,
        "kanal: 1 rows or files still need an old key: run `kanal keys rotate` first\n",
    )
    assert (tmp_path / "data_keys").read_text(encoding="ascii") == keys
