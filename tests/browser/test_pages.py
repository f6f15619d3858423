"""Every page in a real browser: readable on any screen and in the dark, usable by everybody, self-contained."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.acceptance.program import Program, prepared
from tests.browser.followed import put_reports
from tests.browser.visitor import Scheme, visiting

pytestmark = pytest.mark.asyncio(loop_scope="module")

PAGES = ("/", "/lacak", "/lacak/9401171", "/no-such-page")
#: a small phone, a tablet, a desk
WIDTHS = (320, 768, 1440)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def program(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Program]:
    async with prepared(tmp_path_factory.mktemp("pages")) as one:
        yield one


@pytest.fixture(scope="module")
def pages(program: Program) -> list[str]:
    """Every page of the program, those of an answered report and of a secret one as well."""
    return [*PAGES, *put_reports(program).values()]


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_pages(browser: Browser, program: Program, pages: list[str], scheme: Scheme) -> None:
    """None keeps anybody out, by axe-core; none is wider than the screen; each has a language and a title."""
    async with visiting(browser, program.url, scheme=scheme) as visitor:
        for path in pages:
            for width in WIDTHS:
                await visitor.page.set_viewport_size({"width": width, "height": 800})
                await visitor.page.goto(path)
                assert not await visitor.is_too_wide(), (path, width)
            assert not await visitor.barriers(), path
            for language in ("id", "en"):
                await visitor.page.goto(f"{path}{'&' if '?' in path else '?'}lang={language}")
                assert await visitor.page.locator("html").get_attribute("lang") == language
                assert await visitor.page.title()
