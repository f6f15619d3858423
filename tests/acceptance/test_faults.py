"""What goes wrong around the program: bad requests, a database or a Telegram that is away, our own faults."""

import asyncio
import errno
import json
import re
import signal
import tempfile
import warnings
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.app import HINTS
from bot.web.app import MAX_BODY_BYTES
from bot.web.telegram import SECRET_HEADER
from storage.models import metadata
from tests.acceptance.program import (
    KEY,
    Town,
    database_of,
    environment,
    free_port,
    kanal,
    prepare,
    several,
    town_of,
)
from tests.fakes.telegram.citizen import Citizen
from tests.fakes.telegram.server import TOKEN, FakeTelegram

pytestmark = pytest.mark.asyncio(loop_scope="module")

WEBHOOK = "/telegram/webhook"
WHOLE = "jalan rusak depan SDN 2 desa mungguk sejak kemarin, banyak lubang besar"
APOLOGY = "Maaf, ada gangguan di pihak kami. Pesan Anda tersimpan"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """A program with a webhook on SQLite; it waits only a moment for a locked file."""
    folder = tmp_path_factory.mktemp("faults")
    async with town_of("webhook", folder, DATABASE_URL=f"sqlite:///{folder}/kanal.db?timeout=0.1") as town:
        yield town


def stored(town: Town) -> list[tuple[Any, ...]]:
    """How many rows each table has."""
    counts = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM \"{name}\"" for name in metadata.tables)  # noqa: S608
    return town.program.rows(counts)


def secret_of(town: Town) -> dict[str, str]:
    """The header by which Telegram proves itself."""
    return {SECRET_HEADER: town.fake.calls_of("setWebhook")[-1]["secret_token"]}


def an_update(**message: Any) -> bytes:
    person = {"id": 700_000_999, "is_bot": False, "first_name": "Warga"}
    chat = {"id": 700_000_999, "type": "private", "first_name": "Warga"}
    content = {"message_id": 1, "date": 1_770_000_000, "from": person, "chat": chat, "text": WHOLE, **message}
    return json.dumps({"update_id": 1, "message": content}).encode()


# --- requests that are not Telegram's ---


@pytest.mark.parametrize(
    "headers", [{}, {SECRET_HEADER: ""}, {SECRET_HEADER: "x" * 64}, {SECRET_HEADER: "é"}]
)
async def test_without_the_secret_nothing_is_stored(town: Town, headers: dict[str, str]) -> None:
    """403, a count, and no other trace."""
    before, refused = stored(town), await _refused(town)
    answer = await town.program.post(WEBHOOK, an_update(), headers)
    assert (answer.status_code, answer.text) == (403, "forbidden\n")
    assert stored(town) == before
    assert await _refused(town) == refused + 1


async def _refused(town: Town) -> float:
    return await town.program.metric('kanal_refused_total{channel="telegram"}')


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"null",
        b'"halo"',
        b"[]",
        b"{}",
        b"[" * 100_000,
        b'{"update_id": "x"}',
        b'{"update_id": NaN}',
        b'{"update_id": null, "message": {}}',
    ],
    ids=lambda body: body[:20].decode(errors="replace"),
)
async def test_what_is_no_update_is_malformed(town: Town, body: bytes) -> None:
    """400, and nothing stored."""
    before = stored(town)
    answer = await town.program.post(WEBHOOK, body, secret_of(town))
    assert (answer.status_code, answer.text) == (400, "malformed\n")
    assert stored(town) == before


@pytest.mark.parametrize(
    "message",
    [
        {"chat": {}},
        {"photo": [{}]},
        {"location": {"latitude": "x"}},
        {"from": 1},
        {"text": 7},
        {"date": -(10**18)},
    ],
    ids=str,
)
async def test_an_update_that_makes_no_sense_is_put_aside(town: Town, message: dict[str, Any]) -> None:
    """It is acknowledged, or it would come again for ever."""
    answer = await town.program.post(WEBHOOK, an_update(**message), secret_of(town))
    assert answer.status_code == 200


@pytest.mark.parametrize("is_announced", [True, False])
async def test_a_body_that_is_too_large_is_refused(town: Town, is_announced: bool) -> None:
    """413, whether or not its length is told beforehand."""
    before, body = stored(town), an_update(text="x" * MAX_BODY_BYTES)

    async def in_chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 65_536):
            yield body[start : start + 65_536]

    answer = await town.program.post(WEBHOOK, body if is_announced else in_chunks(), secret_of(town))
    assert (answer.status_code, answer.text) == (413, "too large\n")
    assert stored(town) == before


async def test_a_head_without_end_is_refused(town: Town) -> None:
    """400 and the end of the connection at 64 KiB, by one header or by many: nothing is gathered further."""
    for header in (b"X-Long: " + b"x" * 65_536, b"X-Many: x\r\n" * 6_000):
        reader, writer = await asyncio.open_connection("127.0.0.1", town.program.port)
        writer.write((b"GET /health/live HTTP/1.1\r\nHost: kanal\r\n" + header)[:65_537])
        async with asyncio.timeout(10):
            assert (await reader.read()).startswith(b"HTTP/1.1 400 ")
        writer.close()
        await writer.wait_closed()


# --- a database that is away ---


async def test_a_locked_database_makes_telegram_repeat(town: Town) -> None:
    """503 while somebody else writes; the repeat is handled, once."""
    citizen = town.fake.citizen()
    with database_of(town.program.env) as database, database.writing():
        citizen.says("halo")
        await town.fake.wait_for(lambda: "503" in _last_error(town))
        assert (await town.program.get("/health/live")).status_code == 200
    await town.hears(citizen, "Selamat datang")
    await town.all_taken()
    assert len(citizen.heard) == 1


async def test_a_database_server_may_stop_and_start_again(tmp_path: Path) -> None:
    """503 and not ready meanwhile; the program finds it again by itself, and nothing is lost or said twice."""
    with stoppable_server() as (url, stop, start):
        async with town_of("webhook", tmp_path, DATABASE_URL=url) as town:
            citizen = town.fake.citizen()
            citizen.says("halo")
            await town.hears(citizen, "Selamat datang")
            await asyncio.to_thread(stop)
            citizen.says("bantuan")
            await town.fake.wait_for(lambda: "503" in _last_error(town))
            ready = await town.program.get("/health/ready")
            assert (ready.status_code, ready.text) == (503, "database out of reach\n")
            assert (await town.program.get("/health/live")).status_code == 200
            assert (await town.program.get("/metrics")).status_code == 200
            await asyncio.to_thread(start)
            await town.hears(citizen, "STATUS")
            await town.all_taken()
            assert len(citizen.heard) == 2
            assert (await town.program.get("/health/ready")).status_code == 200


def _last_error(town: Town) -> str:
    """What Telegram last had to say of our webhook."""
    return town.fake.webhook.last_error if town.fake.webhook else ""


@contextmanager
def stoppable_server() -> Iterator[tuple[str, Callable[[], None], Callable[[], None]]]:
    """A PostgreSQL of this test's own: the URL of a database, and how to stop and start it."""
    with tempfile.TemporaryDirectory(prefix="kanal-pg-", ignore_cleanup_errors=True) as folder:
        try:
            with warnings.catch_warnings(action="ignore"):
                from pgserver import get_server  # type: ignore[attr-defined]  # noqa: PLC0415 - not for every machine

                server = get_server(folder)
        except Exception as error:  # noqa: BLE001 - whatever keeps it from running on this machine
            pytest.skip(f"pgserver: {error}")

        def stop() -> None:
            postmaster: Any = server.get_postmaster_info().process
            postmaster.send_signal(signal.SIGQUIT)  # at once, as when the power fails
            postmaster.wait(10)

        try:
            yield server.get_uri(), stop, server.ensure_postgres_running
        finally:
            server.cleanup()


# --- a Telegram that is away ---


async def test_messages_wait_for_telegram_in_their_order(town: Town) -> None:
    """One is refused, one breaks off on the way; what is said meanwhile overtakes neither."""
    citizens, logged = [town.fake.citizen(), town.fake.citizen()], len(town.program.output)
    town.fake.faults.fail_next("sendMessage", 502)
    town.fake.faults.drop_next("sendMessage", has_effect=False)
    for citizen in citizens:
        citizen.says("halo")
    await town.program.says("send_failed", logged)
    for citizen in citizens:
        citizen.says("bantuan")
    for citizen in citizens:
        await town.hears(citizen, "STATUS")
        assert [heard.split()[0] for heard in citizen.heard] == ["Selamat", "Tulis"]


async def test_telegram_says_how_long_to_wait(town: Town) -> None:
    """After 429 nothing is sent to that chat before the time is over."""
    town.fake.faults.fail_next("sendMessage", 429, retry_after=1)
    citizen, clock = town.fake.citizen(), asyncio.get_running_loop().time
    begun_at, calls = clock(), len(town.fake.calls_of("sendMessage"))
    citizen.says("halo")
    await town.hears(citizen, "Selamat datang")
    assert clock() - begun_at >= 1
    assert len(town.fake.calls_of("sendMessage")) == calls + 2


async def test_who_blocked_us_is_given_up_until_they_write(town: Town) -> None:
    """403 ends the message and marks the address; the next message from there clears the mark."""
    town.fake.faults.fail_next("sendMessage", 403)
    citizen = town.fake.citizen()
    logged = len(town.program.output)
    citizen.says("halo")
    await town.program.says("send_failed", logged)
    await _settled(town)
    assert _unreachable(town) == 1
    assert town.program.rows("SELECT state, attempts FROM outbound WHERE code = '403'") == [("dead", 1)]
    citizen.says("halo")
    await town.hears(citizen, "Apa yang ingin Anda laporkan?")
    assert _unreachable(town) == 0


async def _settled(town: Town) -> None:
    """Return once nothing waits in the outbox; asks again and again, as a monitor would."""
    async with asyncio.timeout(5):
        while await town.program.metric('kanal_outbox_open{channel="telegram"}'):
            pass


def _unreachable(town: Town) -> int:
    return int(town.program.rows("SELECT count(*) FROM address WHERE unreachable_at IS NOT NULL")[0][0])


async def test_a_picture_that_cannot_be_had_is_named(town: Town) -> None:
    """Also when it turns out after the report has been filed, which is kept without it."""
    citizen = town.fake.citizen()
    gate = town.fake.faults.hold_next("getFile")
    town.fake.faults.fail_next("download", 400)
    citizen.sends_photo(b"lost", caption=WHOLE)
    for question, answer in (
        ("Foto/berkas sudah kami terima (1).", "lanjut"),
        ("Siapa yang boleh tahu", "1"),
        ("Kirim laporan ini?", "ya"),
    ):
        await town.hears(citizen, question)
        citizen.says(answer)
    (number,) = re.findall(r"Nomornya:\n(SKD-\d+ \d+)", await town.hears(citizen, "Nomornya:"))
    gate.open()
    said = await town.hears(citizen, "tidak sampai")
    assert said.startswith(f"Berkas ke-1 untuk laporan {number} tidak sampai. Laporannya tetap kami simpan.")


# --- our own faults ---


async def test_a_handler_that_raises_blocks_nobody(town: Town) -> None:
    """The message is kept and its sender told once; it is handled when the fault is mended and it is tried again."""
    town.program.rows("DELETE FROM category WHERE code = 'LAMPU'")  # so that the report cannot be stored
    citizen, other = town.fake.citizen(), town.fake.citizen()
    await asyncio.gather(
        _files(town, citizen, "lampu jalan mati depan SDN 2 desa mungguk sejak kemarin, gelap sekali"),
        _files(town, other, WHOLE),
    )
    await town.hears(citizen, APOLOGY)
    await town.hears(other, "Nomornya:")
    assert await town.program.metric("kanal_inbound_failures") == 1
    listed, failed = await _kanal(town, "inbox failures --traceback", "inbox retry")
    assert re.search(r"\n *1 +telegram +IntegrityError +1 +\d{4}-\d\d-\d\d \d\d:\d\dZ *\n", listed[1])
    assert "\n1:\nTraceback (most recent call last):\n" in listed[1]
    assert failed == (1, "1: failed again (IntegrityError)\n")
    mended, handled = await _kanal(town, "setup", "inbox retry 1")
    assert mended[1].endswith("; categories: 1 added (LAMPU)\n")
    assert handled == (0, "1: handled\n")
    await town.hears(citizen, "Nomornya:")
    assert await town.program.metric("kanal_inbound_failures") == 0
    assert sum(APOLOGY in heard for heard in citizen.heard) == 1


async def _files(town: Town, citizen: Citizen, told: str) -> None:
    """Tell it all and confirm."""
    citizen.says(told)
    for question, answer in (
        ("Ada foto?", "lewati"),
        ("Siapa yang boleh tahu", "1"),
        ("Kirim laporan ini?", "ya"),
    ):
        await town.hears(citizen, question)
        citizen.says(answer)


async def _kanal(town: Town, *lines: str) -> list[tuple[int, str]]:
    return await several(town.program.env, Path(town.program.env["DATA_DIR"]), *lines)


# --- what keeps it from starting ---


async def test_two_programs_do_not_meet(town: Town, tmp_path: Path) -> None:
    """A second one on the same file, bot or port ends with one line that says what to do."""
    first = town.program
    alone = environment(tmp_path, DATA_KEYS=KEY, PORT=str(free_port()))
    prepare(alone)
    bot = {name: first.env[name] for name in ("TMPDIR", "TELEGRAM_BOT_TOKEN", "TELEGRAM_API_URL")}
    same_file = {"DATABASE_URL": first.env["DATABASE_URL"]}
    lines = await asyncio.gather(
        complaint(alone | same_file, tmp_path),
        complaint(alone | bot, tmp_path),
        complaint(alone | {"PORT": str(first.port)}, tmp_path),
        complaint(alone, tmp_path, "--role", "web"),
    )
    path = first.env["DATABASE_URL"].removeprefix("sqlite:///").partition("?")[0]
    assert list(lines) == [
        f"another `kanal run` works on {path}: stop it first, or use PostgreSQL",
        "another `kanal run` serves this TELEGRAM_BOT_TOKEN: stop it first",
        f"HOST, PORT: cannot listen on 127.0.0.1:{first.port} (Address already in use); {HINTS[errno.EADDRINUSE]}",
        "--role: an SQLite file is for one `kanal run` that does everything; leave it out, or use PostgreSQL",
    ]
    assert (await first.get("/health/ready")).status_code == 200


async def test_a_bot_that_is_not_ours_ends_it(tmp_path: Path) -> None:
    """A token Telegram does not know, and a bot whose updates another program takes."""
    async with FakeTelegram() as fake, FakeTelegram() as taken:
        taken.faults.fail_next("getUpdates", 409)
        environments = []
        for name, url, token in (("a", fake.url, "990001:wrong"), ("b", taken.url, TOKEN)):
            folder = tmp_path / name
            folder.mkdir()
            env = environment(folder, DATA_KEYS=KEY, PORT=str(free_port()))
            environments.append(env | {"TELEGRAM_API_URL": url, "TELEGRAM_BOT_TOKEN": token})
            prepare(env)
        refused, contested = await asyncio.gather(*(complaint(env, tmp_path) for env in environments))
    assert (
        refused == "TELEGRAM_BOT_TOKEN: Telegram refuses it (invalid_token); ask @BotFather for the right one"
    )
    assert contested.startswith("Telegram: another program receives this bot's updates; stop it")


async def complaint(env: dict[str, str], folder: Path, *options: str) -> str:
    """The one line with which `kanal run` ends."""
    async with asyncio.timeout(60):
        code, said = await kanal(env, folder, "run", *options)
    assert (code, "Traceback" in said) == (1, False), said
    (line,) = re.findall("^kanal: (.*)$", said, re.MULTILINE)
    return str(line)
