"""One browser for all the tests of a file."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.browser.visitor import NoBrowserError, chromium


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """A running Chromium; where there is none, the tests are skipped, and say so once."""
    try:
        async with chromium() as one:
            yield one
    except NoBrowserError as error:
        pytest.skip(str(error))
