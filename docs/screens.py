"""Takes pictures of the pages as people see them: on a phone, a tablet and a desk, by day and by night.

make pictures; all of them come into var/screens, those that the documents show into docs/pictures.
"""

import asyncio
import io
import tempfile
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser, Page

from bot.poster import print_sheets
from handlers.deployment_parts import Contacts
from handlers.service import Service
from storage.vocabulary import Language
from tests.acceptance.program import Program, prepared
from tests.browser.followed import ANSWERED, put_reports
from tests.browser.stage import Stage
from tests.browser.visitor import Scheme, chromium
from tests.deployment import sekadau

ROOT = Path(__file__).parents[1]
ALL = ROOT / "var" / "screens"
KEPT = ROOT / "docs" / "pictures"
#: width of a window → its height
WIDTHS = {320: 700, 768: 1000, 1440: 1000}
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
#: picture → its name in the documents
SHOWN = {
    "simulator-1440-light": "simulator.png",
    "tracking-320-light": "tracking.png",
    "poster": "poster.png",
}
#: people and numbers that exist nowhere
CONTACT = Contacts(telegram="SekadauAduanBot", sms="0812 0000 0000")
VILLAGE = "61.09.01.2002"


async def play(stage: Stage) -> None:
    """A morning: a report by SMS, one on Telegram that is passed on, and the agency that has it now."""
    await stage.moves_on("Hari kerja berikutnya")
    by_sms = await stage.chat("Warga 2")
    await by_sms.says("LAPOR sampah numpuk blkg psr ds tanjung")
    await by_sms.hears("Balas YA")
    await by_sms.says("iya")
    await by_sms.hears("Laporan Anda kami terima")
    citizen = await stage.chat("Warga 1")
    await citizen.says("lampu jln mati dpn pasar ds mungguk sdh 2 mgg, gelap sekali kalau malam")
    await citizen.hears("Ada foto?")
    await citizen.attaches("Lampu jalan")
    await citizen.hears("sudah kami terima")
    for label in ("Lanjut", "Anonim", "Kirim"):
        await citizen.presses(label)
    await citizen.hears("Laporan Anda kami terima")
    coordinator = await stage.chat("Koordinator")
    await coordinator.hears("lampu jln mati")
    await coordinator.presses("Teruskan")
    await coordinator.presses("Dishub")
    await citizen.hears("sudah kami teruskan")
    await (await stage.chat("Dishub")).hears("Laporan baru untuk instansi Anda")


async def take(page: Page, name: str, address: str) -> None:
    """Take a page's pictures."""
    for scheme in SCHEMES:
        await page.emulate_media(color_scheme=scheme)
        for width, height in WIDTHS.items():
            await page.set_viewport_size({"width": width, "height": height})
            await page.goto(address)
            keep(f"{name}-{width}-{scheme}", await page.screenshot())


def keep(name: str, picture: bytes) -> None:
    (ALL / f"{name}.png").write_bytes(picture)
    if name in SHOWN:
        path = KEPT / SHOWN[name]
        Image.open(io.BytesIO(picture)).convert("RGB").quantize(128).save(path, optimize=True)
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1024} kB")


async def take_all(browser: Browser, program: Program, folder: Path) -> None:
    page = await browser.new_page(base_url=program.url, locale="id-ID", reduced_motion="reduce")
    stage = Stage(page)
    await stage.open()
    await play(stage)
    await take(page, "simulator", page.url)
    await take(page, "tracking", put_reports(program)[ANSWERED])
    await take(page, "error", "/tidak-ada")
    service = Service.of(sekadau().model_copy(update={"contact": CONTACT}))
    poster = folder / "poster.html"
    area = service.deployment.area_by_code[VILLAGE]
    poster.write_text(print_sheets(service, Language.INDONESIAN, area, None), encoding="utf-8")
    await take(page, "poster", poster.as_uri())
    keep("poster", await page.locator(".poster").screenshot())


async def main() -> None:
    ALL.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        async with prepared(Path(folder)) as program, chromium() as browser:
            await take_all(browser, program, Path(folder))
    print(f"{ALL.relative_to(ROOT)}: all of them")


if __name__ == "__main__":
    asyncio.run(main())
