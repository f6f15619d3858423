"""The simulator's page, as somebody uses it who plays all parts."""

from dataclasses import dataclass

from playwright.async_api import Locator, Page, expect

#: so many elements before the one that is wanted are too many
MOST_STOPS = 60


@dataclass(frozen=True)
class Stage:
    """The page: chats in columns, a clock, a report."""

    page: Page

    async def open(self, language: str = "id") -> None:
        await self.page.goto(f"/simulator/?lang={language}")

    async def chat(self, name: str) -> "Chat":
        """Return somebody's chat; it is brought to the front."""
        box = self.page.get_by_role("article", name=name, exact=True)
        if not await box.is_visible():
            await self.page.get_by_role("link", name=name).click()
        await expect(box).to_be_visible()
        return Chat(box)

    async def moves_on(self, to: str) -> None:
        """Press one of the clock's buttons; returns once it is later."""
        now = self.page.locator("#clock time")
        before = await now.get_attribute("datetime") or ""
        await self.page.get_by_role("button", name=to, exact=True).click()
        await expect(now).not_to_have_attribute("datetime", before)
        await self.is_done()

    async def is_done(self) -> None:
        """Return once everything that was sent is dealt with."""
        await expect(self.page.locator("form[aria-busy]")).to_have_count(0)

    async def tabs_to(self, goal: Locator) -> None:
        """Press Tab until `goal` has the focus."""
        for _ in range(MOST_STOPS):
            if await goal.evaluate("e => e === document.activeElement"):
                return
            await self.page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not get to {goal}")

    @property
    def report(self) -> Locator:
        return self.page.locator("#report")


@dataclass(frozen=True)
class Chat:
    """One person's chat."""

    box: Locator

    async def says(self, text: str) -> None:
        field = self.field
        await field.fill(text)
        await field.press("Enter")
        await expect(self.box.locator(".bubble.own", has_text=text).last).to_be_visible()

    async def presses(self, label: str) -> None:
        """Press a button under the newest bubble that has one of this name."""
        await self.box.locator(".bubble").get_by_role("button", name=label, exact=True).last.click()

    async def taps(self, label: str) -> None:
        """Press a key that the chat offers in place of letters."""
        await self.box.locator(".keys").get_by_role("button", name=label, exact=True).click()

    async def attaches(self, label: str) -> None:
        attach = self.box.locator(".attach")
        if await attach.get_attribute("open") is None:
            await attach.locator("summary").click()
        await attach.get_by_role("button", name=label, exact=True).click()

    async def hears(self, text: str) -> str:
        """Return the newest of our bubbles that holds `text`, once there is one."""
        bubble = self.box.locator(".bubble.theirs", has_text=text).last
        await expect(bubble).to_be_visible()
        return await bubble.inner_text()

    @property
    def bubbles(self) -> Locator:
        return self.box.locator(".bubble")

    @property
    def field(self) -> Locator:
        return self.box.locator("textarea")
