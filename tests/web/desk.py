"""Somebody who logs in at a desk, through the stand-in's page, and the console as they see it."""

from dataclasses import dataclass
from typing import Literal

from playwright.async_api import Locator, Page, expect

from tests.web.visitor import Visitor

POLLED = "/accounts/device-logins/token"
"""Is refused until the phone has approved (RFC 8628), which the browser notes as an error."""

PATIENCE_MS = 30_000
"""A browser that asked too soon has to wait longer each time."""


FARTHEST = 120
"""So many times Tab is pressed before something counts as out of reach."""

_ACTIVE_OPTION = """() => document.querySelector(
    ".ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option-active")?.textContent"""

Role = Literal["button", "combobox", "link", "textbox"]


@dataclass(frozen=True)
class Desk:
    """A browser of somebody who has no phone at hand, and uses the page of the stand-in."""

    visitor: Visitor

    @property
    def page(self) -> Page:
        return self.visitor.page

    @property
    def login(self) -> Locator:
        return self.page.get_by_role("region", name="登录", exact=True)

    @property
    def heading(self) -> Locator:
        return self.page.get_by_role("heading", level=1)

    async def open(self, path: str) -> None:
        await self.page.goto(f"{self.visitor.base_url}{path}")

    async def approve(self, account: str) -> None:
        """What the person does with their phone."""
        self.visitor.refused.add(POLLED)
        async with self.page.expect_popup() as opened:
            await self.login.get_by_role("link", name="在本机打开确认页面").click()
        phone = await opened.value
        await phone.get_by_role("button", name=account).filter(has=phone.get_by_text(account, exact=True)).click()
        await expect(phone.get_by_role("heading", name="已确认登录")).to_be_visible()
        await phone.close()

    async def let_in(self) -> None:
        """Once the browser has asked again, as often as it may."""
        await expect(self.login).to_have_count(0, timeout=PATIENCE_MS)
        await self.visitor.settled()

    async def log_in(self, account: str, path: str = "/console/") -> None:
        """Opens a page that asks for it, and is let in there."""
        await self.open(path)
        await self.approve(account)
        await self.let_in()

    async def go(self, section: str) -> None:
        await self.page.get_by_role("navigation", name="主导航").get_by_role("link", name=section, exact=True).click()
        await expect(self.heading).to_have_text(section)
        await self.visitor.settled()

    async def confirm(self, name: str, reason: str | None = None, within: Locator | None = None) -> None:
        """Presses the button, answers its question, and sees it done."""
        await (within or self.page).get_by_role("button", name=name, exact=True).first.click()
        asked = self.page.get_by_role("dialog", name=name)
        if reason is not None:
            await asked.get_by_role("textbox").fill(reason)
        await asked.get_by_role("button", name=name, exact=True).click()
        await expect(asked).to_have_count(0)

    async def reach(self, role: Role, name: str) -> None:
        """Goes on with Tab until this has the focus, as who has no mouse does."""
        wanted = self.page.get_by_role(role, name=name, exact=True).and_(self.page.locator(":focus"))
        for _ in range(FARTHEST):
            if await wanted.count():
                return
            await self.page.keyboard.press("Tab")
        raise AssertionError(f"no way to {role} {name} by keyboard")

    async def press(self, role: Role, name: str) -> None:
        """Reaches it and presses Enter."""
        await self.reach(role, name)
        await self.page.keyboard.press("Enter")

    async def choose(self, label: str, option: str) -> None:
        """Reaches a list and goes down to one of its options."""
        await self.reach("combobox", label)
        await self.page.keyboard.press("Enter")
        for _ in range(FARTHEST):
            if await self.page.evaluate(_ACTIVE_OPTION) == option:
                await self.page.keyboard.press("Enter")
                return
            await self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{label} offers no {option}")

    async def turn(self, section: str) -> None:
        """Goes to a section by keyboard."""
        await self.press("link", section)
        await expect(self.heading).to_have_text(section)
        await self.visitor.settled()

    def row(self, words: str) -> Locator:
        return self.page.get_by_role("row").filter(has_text=words)
