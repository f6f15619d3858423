"""Every page in a real browser: readable on any screen and in the dark, usable by everybody, self-contained."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.acceptance.program import Program, prepared
from tests.browser.visitor import Scheme, visiting

pytestmark = pytest.mark.asyncio(loop_scope="module")

PAGES = ("/", "/lacak", "/lacak/9401171", "/no-such-page")
#: a small phone, a tablet, a desk
WIDTHS = (320, 768, 1440)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def program(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Program]:
    async with prepared(tmp_path_factory.mktemp("pages")) as one:
        yield one


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_pages(browser: Browser, program: Program, scheme: Scheme) -> None:
    """None keeps anybody out, by axe-core; none is wider than the screen; each has a language and a title."""
    async with visiting(browser, program.url, scheme=scheme) as visitor:
        for path in PAGES:
            for width in WIDTHS:
                await visitor.page.set_viewport_size({"width": width, "height": 800})
                await visitor.page.goto(path)
                assert not await visitor.is_too_wide(), (path, width)
                assert not await visitor.barriers(), (path, width)
            for language in ("id", "en"):
                await visitor.page.goto(f"{path}?lang={language}")
                assert await visitor.page.locator("html").get_attribute("lang") == language
                assert await visitor.page.title()
