"""A visitor with a real browser: what they see, and what a page does that it should not."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, ConsoleMessage, Error, Page, Request, async_playwright, expect

Scheme = Literal["light", "dark"]
#: how grave a fault axe-core has to find for a test to fail
GRAVE = {"serious", "critical"}
#: the machine may be busy with all the other tests
PATIENCE_MS = 30_000.0


class NoBrowserError(Exception):
    """There is no Chromium to test with; the message says how to get one."""


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """The Chromium of this machine, without a window. Raises NoBrowserError."""
    path = shutil.which("chromium")
    if path is None:
        raise NoBrowserError("pages are not tested: no Chromium here (Debian: apt install chromium)")
    expect.set_options(timeout=PATIENCE_MS)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path)
        try:
            yield browser
        finally:
            await browser.close()


@dataclass
class Visitor:
    """One person at one page."""

    page: Page
    #: what the browser complained of: scripts that broke, what the policy forbade, requests to others
    complaints: list[str] = field(default_factory=list)

    async def barriers(self) -> list[str]:
        """Return what keeps people from using the page as it is now, by axe-core: rule, place, and why."""
        found = (await Axe().run(self.page)).response["violations"]
        return [
            f"{fault['id']}: {node['html'][:120]} ({node['failureSummary']})"
            for fault in found
            if fault["impact"] in GRAVE
            for node in fault["nodes"]
        ]

    def forgive(self, reason: str) -> None:
        """Drop the complaints that a test brings about on purpose."""
        self.complaints = [one for one in self.complaints if reason not in one]

    async def is_too_wide(self) -> bool:
        """Tell whether the page has to be moved sideways to be read."""
        return bool(await self.page.evaluate("document.documentElement.scrollWidth > innerWidth"))


@asynccontextmanager
async def visiting(
    browser: Browser,
    home: str,
    *,
    width: int = 1440,
    height: int = 900,
    scheme: Scheme = "light",
    language: str = "id-ID",
) -> AsyncIterator[Visitor]:
    """Somebody who visits `home`; whatever their browser complains of fails the test."""
    context = await browser.new_context(
        base_url=home,
        viewport={"width": width, "height": height},
        color_scheme=scheme,
        locale=language,
        reduced_motion="reduce",
    )
    page = await context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    visitor = Visitor(page)
    _watch(visitor, home)
    try:
        yield visitor
    finally:
        await context.close()
    assert not visitor.complaints, visitor.complaints


def _watch(visitor: Visitor, home: str) -> None:
    def said(message: ConsoleMessage) -> None:
        is_own_status = message.location["url"] == visitor.page.url and "Failed to load" in message.text
        if message.type in {"error", "warning"} and not is_own_status:  # a page says itself what is not found
            visitor.complaints.append(f"console: {message.text}")

    def asked(request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in {"data", "blob"} and address.netloc != urlsplit(home).netloc:
            visitor.complaints.append(f"request to another: {request.url}")

    def broke(error: Error) -> None:
        visitor.complaints.append(f"script: {error.message}")

    visitor.page.on("console", said)
    visitor.page.on("request", asked)
    visitor.page.on("pageerror", broke)
