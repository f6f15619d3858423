"""A report's whole life in the simulator: what a newcomer tries first, played in a real browser."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.acceptance.program import Program, prepared
from tests.browser.stage import Stage
from tests.browser.visitor import Visitor, visiting

pytestmark = pytest.mark.asyncio(loop_scope="module")

TOLD = "jalan berlubang besar sejak 1 agustus, anak2 sering jatuh"


@pytest_asyncio.fixture(loop_scope="module")
async def program(tmp_path: Path) -> AsyncIterator[Program]:
    async with prepared(tmp_path) as one:
        yield one
        assert "Traceback" not in one.output


@pytest_asyncio.fixture(loop_scope="module")
async def visitor(browser: Browser, program: Program) -> AsyncIterator[Visitor]:
    async with visiting(browser, program.url) as one:
        yield one


async def test_whole_life(visitor: Visitor) -> None:
    """A citizen reports with pictures and a point; it is passed on, answered late, settled, and rated."""
    stage = Stage(visitor.page)
    await stage.open()
    await stage.moves_on("Hari kerja berikutnya")
    await reports(stage)
    await passes_on(stage)
    await waits(stage)
    await answers(stage)
    await rates(stage)
    await expect(stage.report.locator(".state")).to_contain_text("Selesai")
    await looks_well(visitor)


async def reports(stage: Stage) -> None:
    citizen = await stage.chat("Warga 1")
    await citizen.says(TOLD)
    await citizen.hears("Di mana tempatnya?")
    for _ in range(3):
        await stage.moves_on("+10 menit")
    await citizen.hears("Laporan Anda belum terkirim")
    await citizen.taps("Kirim lokasi saya")
    await citizen.hears("Titik Anda ada di Desa")
    await citizen.presses("Ya")
    await citizen.hears("Ada foto?")
    await citizen.attaches("Ketiganya")
    await citizen.hears("sudah kami terima")
    await citizen.presses("Lanjut")
    await citizen.presses("Rahasia (disarankan)")
    await citizen.presses("Kirim")
    await citizen.hears("Laporan Anda kami terima")


async def passes_on(stage: Stage) -> None:
    coordinator = await stage.chat("Koordinator")
    await coordinator.hears("Laporan baru, perlu diperiksa")
    await coordinator.presses("Teruskan")
    await coordinator.presses("Dinas PUPR")
    await coordinator.hears("diteruskan ke Dinas PUPR")
    await (await stage.chat("Warga 1")).hears("sudah kami teruskan ke Dinas Pekerjaan Umum")


async def waits(stage: Stage) -> None:
    """The agency lets the first date pass: it is reminded, and the citizen is told."""
    for _ in range(2):
        await stage.moves_on("Batas waktu berikutnya")
    await (await stage.chat("Dinas PUPR")).hears("Batas waktu sudah lewat")
    await (await stage.chat("Warga 1")).hears("melewati batas waktu")


async def answers(stage: Stage) -> None:
    liaison = await stage.chat("Dinas PUPR")
    await liaison.presses("Jawab")
    await liaison.hears("apa yang ditemukan di lapangan?")
    await liaison.says("Lubang selebar dua meter di depan sekolah, dalamnya 30 cm")
    await liaison.hears("apa yang sudah atau akan dilakukan?")
    await liaison.says("Lubang sudah ditambal aspal oleh regu pemeliharaan jalan")
    await liaison.presses("Hari ini")
    await liaison.hears("perlu foto atau dokumen")
    await liaison.attaches("Jalan")
    await liaison.hears("Warga akan menerima")
    await liaison.presses("Kirim")
    await liaison.hears("jawaban terkirim")


async def rates(stage: Stage) -> None:
    citizen = await stage.chat("Warga 1")
    await citizen.hears("Sudah beres?")
    await citizen.presses("Ya, sudah")
    await citizen.hears("Berapa nilai pelayanan kami")
    await citizen.presses("5 (baik)")
    await citizen.hears("Nilai Anda untuk laporan")


async def looks_well(visitor: Visitor) -> None:
    """Full as it is now, the page keeps nobody out; on a small phone the columns are tabs."""
    page = visitor.page
    for scheme in ("dark", "light"):
        await page.emulate_media(color_scheme=scheme)
        for width in (1440, 768, 320):
            await page.set_viewport_size({"width": width, "height": 800})
            assert not await visitor.barriers(), (scheme, width)
            assert not await visitor.is_too_wide(), (scheme, width)


async def test_a_crowd(visitor: Visitor) -> None:
    """However many officers there are, their names leave most of a small phone to the chat, and all can be reached."""
    stage, page = Stage(visitor.page), visitor.page
    await stage.open()
    for count in range(2, 12):
        await page.locator(".more summary").first.click()
        await page.locator(".more fieldset .button").click()
        await expect(page.get_by_role("link", name=f"Koordinator {count}", exact=True)).to_be_attached()
    await page.set_viewport_size({"width": 320, "height": 700})
    await page.get_by_role("link", name="Petugas").click()
    last = page.get_by_role("link", name="Koordinator 11", exact=True)
    await stage.tabs_to(last)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("article", name="Koordinator 11")).to_be_visible()
    await page.reload()
    await expect(last).to_be_in_viewport(ratio=1)
    names = await page.locator("#column-officers .people").bounding_box()
    assert names is not None
    assert names["height"] < 60
    await looks_well(visitor)


async def test_by_keyboard_through_a_restart(visitor: Visitor, program: Program) -> None:
    """By SMS, with the keyboard alone and fast; the server goes away and comes back, and nothing is lost or twice."""
    stage, keys = Stage(visitor.page), visitor.page.keyboard
    await stage.open()
    citizen = await stage.chat("Warga 2")
    await stage.tabs_to(citizen.field)
    for text in ("LAPOR sampah numpuk blkg psr ds tanjung", "iya"):
        await keys.type(text)
        await keys.press("Enter")
    await citizen.hears("Laporan Anda kami terima")
    await stage.is_done()
    await program.kill()
    await program.start()
    await keys.type("STATUS")
    await keys.press("Enter")
    await citizen.hears("DITERIMA. Masuk")
    visitor.forgive("net::ERR_")  # it was away
    shown = await citizen.bubbles.all_inner_texts()
    await visitor.page.reload()
    assert await citizen.bubbles.all_inner_texts() == shown
    assert len(shown) == 6
