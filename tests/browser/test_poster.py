"""The printed poster: it fits its sheets, its code can be read, and it loads nothing."""

import io
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from playwright.async_api import Browser, Locator

from bot.poster import CARDS, print_sheets
from handlers.deployment_parts import Contacts
from handlers.service import Service
from storage.vocabulary import Language
from tests.browser.visitor import visiting
from tests.deployment import sekadau

pytestmark = pytest.mark.asyncio(loop_scope="module")

BOT, NUMBER = "a_bot_whose_name_is_long_33Bot", "0812 3456 7890"
#: A4 at the 96 dots per inch of a screen
A4_WIDTH, A4_HEIGHT = 794, 1123
#: what is cut off at the edge of its box
CUT_OFF = """els => els.filter(e => e.scrollHeight > e.clientHeight + 1 || e.scrollWidth > e.clientWidth + 1)
                  .map(e => e.className)"""
MM = 96 / 25.4


@pytest.mark.parametrize(
    ("language", "contact"),
    [
        (Language.INDONESIAN, Contacts(telegram=BOT, sms=NUMBER)),
        (Language.ENGLISH, Contacts(telegram=BOT)),
        (Language.ENGLISH, Contacts(sms=NUMBER)),
    ],
)
async def test_poster(browser: Browser, tmp_path: Path, language: Language, contact: Contacts) -> None:
    """Two sheets of A4; nothing is cut off; each code opens the bot, and is at least 3 cm wide."""
    deployment = sekadau().model_copy(update={"contact": contact})
    area = max(deployment.areas, key=lambda one: len(one.name))
    file = tmp_path / "poster.html"
    file.write_text(print_sheets(Service.of(deployment), language, area, None), encoding="utf-8")
    async with visiting(browser, "file://", width=A4_WIDTH, height=A4_HEIGHT) as visitor:
        page = visitor.page
        await page.goto(file.as_uri())
        assert not await visitor.barriers()
        await page.emulate_media(media="print")
        assert await page.locator(".sheet").count() == 2
        assert await page.locator(".sheet, .way, .card, .text, .foot").evaluate_all(CUT_OFF) == []
        pdf = await page.pdf(prefer_css_page_size=True)
        assert pdf.count(b"/Type /Page\n") == 2
        assert (NUMBER in await page.inner_text("main")) is (contact.sms is not None)
        codes = page.locator(".code")
        assert await codes.count() == (1 + CARDS if contact.telegram else 0)
        for code in (codes.first, codes.last) if contact.telegram else ():
            assert await read_code(code) == f"https://t.me/{BOT}?start=di-{area.code.replace('.', '')}"
            assert await code.locator("path").evaluate("e => e.getBoundingClientRect().width") >= 30 * MM


async def read_code(code: Locator) -> str:
    [found] = zxingcpp.read_barcodes(Image.open(io.BytesIO(await code.screenshot())))
    return found.text
