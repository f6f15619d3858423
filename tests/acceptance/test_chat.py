"""`kanal chat`: a report from the keyboard, or from a pipe."""

import asyncio
import io
import json
import os
import pty
import re
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from PIL import Image

from tests.acceptance.program import KANAL, KEY, database_of, environment, kanal, prepare

#: colours and the like
STYLE = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    env = environment(tmp_path, DATA_KEYS=KEY, TERM="xterm", COLUMNS="100")
    prepare(env)
    return env


def words_of(said: str) -> str:
    """What is said, without frames and line ends."""
    return " ".join(re.sub("[─│╭╮╰╯]", " ", STYLE.sub("", said)).split())


async def test_a_whole_report_from_a_pipe(env: dict[str, str], tmp_path: Path) -> None:
    """Words, a place, a picture, choices by number; what cannot be is said and asked again. The end ends it."""
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), "grey").save(buffer, "JPEG")
    (tmp_path / "jalan rusak.jpg").write_bytes(buffer.getvalue())
    lines = [
        "sampah menumpuk tidak diangkut seminggu, baunya sampai ke rumah",
        "/lokasi sini",
        "/lokasi -91,110",
        "/lokasi -0.01164, 110.91581",
        "1",
        "/foto",
        "/foto nowhere.jpg",
        '/foto "jalan rusak.jpg"',
        "1",
        "1",
        "1",
    ]
    code, said = await kanal(env, tmp_path, "chat", given="\n".join(lines))
    said = words_of(said)
    assert code == 0, said
    assert said.count("expected degrees, for example: /lokasi -0.0116,110.9158") == 2
    assert (
        "Titik Anda ada di Desa Mungguk, Kec. Sekadau Hilir. Benar? 1 Ya 2 Tidak Anda: 1 Kanal Ada foto?"
        in said
    )
    assert "Anda: /foto expected a file, for example: /foto jalan.jpg" in said
    assert "Anda: /foto nowhere.jpg no such file: nowhere.jpg" in said
    assert "Foto/berkas sudah kami terima (1)." in said
    assert "1 Rahasia (disarankan) 2 Anonim 3 Terbuka Anda: 1" in said
    assert re.search(
        r"1 Kirim 2 Ubah 3 Batal Anda: 1 Kanal Terima kasih\. .* Nomornya: SKD-\d{3} \d{4} ", said
    )
    with database_of(env) as database, database.reading() as uow:
        states = uow.connection.exec_driver_sql("SELECT state FROM attachment").scalars().all()
    assert states == ["stored"]


async def test_a_number_presses_the_button_under_the_receipt(env: dict[str, str], tmp_path: Path) -> None:
    """Buttons are numbers in the terminal, also those of reports that are filed."""
    filing = "lampu jalan mati depan pasar ds mungguk\nlewati\nrahasia\nkirim\n"
    code, said = await kanal(env, tmp_path, "chat", given=f"{filing}1\nmakin gelap\n")
    assert code == 0, said
    assert "sudah kami tambahkan ke laporan" in words_of(said)


async def test_a_pipe_may_hold_anything(env: dict[str, str], tmp_path: Path) -> None:
    """Empty lines and unknown commands are answered; /keluar ends it, whatever follows."""
    code, said = await kanal(env, tmp_path, "chat", given="\n/bogus\n/keluar\nhalo\n")
    assert (code, "Traceback" in said) == (0, False), said
    assert words_of(said).endswith("Anda: /keluar")


class Terminal:
    """The far end of a pseudo terminal: what a person sees and types."""

    def __init__(self, master: int, process: asyncio.subprocess.Process) -> None:
        self._master = master
        self._process = process
        self._raw = b""
        self._changed = asyncio.Event()
        os.set_blocking(master, False)
        asyncio.get_running_loop().add_reader(master, self._read)

    async def shows(self, text: str, times: int = 1) -> None:
        """Return once the text has been shown, so often."""
        async with asyncio.timeout(20):
            while self.shown.count(text) < times:
                self._changed.clear()
                await self._changed.wait()

    @property
    def shown(self) -> str:
        return words_of(self._raw.decode(errors="replace"))

    async def asks(self, text: str, times: int) -> None:
        """Return once the text has been shown and a line is waited for, the one of this number."""
        await self.shows(text)
        await self.shows("Anda:", times)

    def types(self, keys: str) -> None:
        os.write(self._master, keys.encode())

    async def interrupts(self) -> int:
        """Press Ctrl-C, and again where it came a blink too early for the prompt; returns the exit code."""
        async with asyncio.timeout(10):
            while self._process.returncode is None:
                self._process.send_signal(signal.SIGINT)
                await asyncio.wait([asyncio.ensure_future(self._process.wait())], timeout=0.5)
        return self._process.returncode

    async def ends(self) -> int:
        async with asyncio.timeout(10):
            return await self._process.wait()

    def _read(self) -> None:
        try:
            self._raw += os.read(self._master, 4096)
        except OSError:  # its other end is closed
            asyncio.get_running_loop().remove_reader(self._master)
        self._changed.set()


@asynccontextmanager
async def at_the_keyboard(env: dict[str, str], folder: Path, *options: str) -> AsyncIterator[Terminal]:
    master, slave = pty.openpty()
    process = await asyncio.create_subprocess_exec(
        *(*KANAL, "chat", *options),
        cwd=folder,
        env=env,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
    )
    os.close(slave)
    terminal = Terminal(master, process)
    try:
        yield terminal
    finally:
        asyncio.get_running_loop().remove_reader(master)
        if process.returncode is None:
            process.kill()
            await process.wait()
        os.close(master)


async def test_at_the_keyboard(env: dict[str, str], tmp_path: Path) -> None:
    """It says how it works and greets, shows buttons as numbers, and Ctrl-D ends it."""
    async with at_the_keyboard(env, tmp_path) as terminal:
        await terminal.shows("You are a citizen.")
        await terminal.asks("Selamat datang di Layanan Aduan Sekadau.", 1)
        terminal.types("jalan rusak depan SDN 2 desa mungguk sejak kemarin, banyak lubang besar\n")
        await terminal.asks("1 Lewati", 2)
        terminal.types("1\n")
        await terminal.asks("1 Rahasia (disarankan) 2 Anonim 3 Terbuka", 3)
        terminal.types("\x04")
        assert await terminal.ends() == 0


async def test_ctrl_c_ends_it_at_once(env: dict[str, str], tmp_path: Path) -> None:
    """As people expect of a program that waits for them."""
    async with at_the_keyboard(env, tmp_path) as terminal:
        await terminal.asks("Selamat datang", 1)
        # 130 would tell that the prompt had let it pass; -2 that a second one met it already on its way out.
        assert await terminal.interrupts() in {0, -signal.SIGINT}


async def test_an_officer_at_the_keyboard(env: dict[str, str], tmp_path: Path) -> None:
    """News comes by itself, and to the terminal of whom it is for: a citizen's may be open beside it."""
    async with at_the_keyboard(env, tmp_path, "--as", "liaison:pupr") as officer:
        await officer.asks("You are an officer (liaison).", 1)
        _, said = await kanal(env, tmp_path, "officer", "list", "--json")
        (row,) = json.loads(said)
        assert (row["name"], row["agency"], row["channel"]) == ("Terminal (liaison PUPR)", "PUPR", "console")
        async with at_the_keyboard(env, tmp_path) as citizen:
            await citizen.asks("Selamat datang", 1)
            assert (await kanal(env, tmp_path, "officer", "suspend", str(row["id"])))[0] == 0
            await officer.asks("Akses Anda sebagai pejabat penghubung Dinas PUPR dinonaktifkan", 2)
            citizen.types("bantuan\n")
            await citizen.asks("Tulis laporan dengan kata-kata Anda sendiri", 2)
            assert "dinonaktifkan" not in citizen.shown
        officer.types("/keluar\n")
        assert await officer.ends() == 0


async def test_an_officer_is_stopped_at_once(env: dict[str, str], tmp_path: Path) -> None:
    """Ctrl-C and Ctrl-D end this terminal too."""
    async with at_the_keyboard(env, tmp_path, "--as", "coordinator") as terminal:
        await terminal.asks("You are an officer (coordinator).", 1)
        assert await terminal.interrupts() in {0, -signal.SIGINT}
    async with at_the_keyboard(env, tmp_path, "--as", "coordinator") as terminal:
        await terminal.asks("You are an officer (coordinator).", 1)
        terminal.types("\x04")
        assert await terminal.ends() == 0


async def test_posts_that_there_are_not(env: dict[str, str], tmp_path: Path) -> None:
    """An unknown role and a missing agency are told in a line."""
    for post, expected in (
        ("king", "--as: expected one of coordinator, liaison, "),
        ("liaison", "--as: expected one of this government's for the role liaison: "),
        ("liaison:PLN", "--as: expected one of this government's for the role liaison: "),
    ):
        code, said = await kanal(env, tmp_path, "chat", "--as", post)
        assert (code, len(said.splitlines())) == (1, 1)
        assert said.startswith(f"kanal: {expected}")
