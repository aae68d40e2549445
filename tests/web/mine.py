"""Somebody who is logged in at the portal, and what is theirs there."""

from dataclasses import dataclass

from playwright.async_api import Locator, expect

from tests.web.desk import Desk

_OWN_PAGE = {"x-requested-with": "huning-web"}


@dataclass(frozen=True)
class Member(Desk):
    """A browser at the portal's pages for whoever is logged in."""

    async def begin(self, account: str, path: str) -> None:
        """Is logged in already when the page opens: what a login looks like is shown by test_login.py."""
        asking, base = self.page.context.request, f"{self.visitor.base_url}/api/v1/accounts/"
        login = await (await asking.post(f"{base}device-logins", data={})).json()
        await asking.post(login["scan"].partition("?")[0], form={"code": login["user_code"], "account": account})
        body = {"device_code": login["device_code"], "cookie": True}
        let_in = await asking.post(f"{base}device-logins/token", data=body, headers=_OWN_PAGE)
        assert let_in.ok, await let_in.text()
        await self.page.goto(f"{self.visitor.base_url}/mark.svg")
        await self.page.evaluate("localStorage.setItem('huning-active-at', String(Date.now()))")
        await self.visitor.open(path)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    @property
    def inbox(self) -> Locator:
        """The way to one's messages, in the head of every page."""
        return self.page.get_by_role("navigation", name="主导航").get_by_role("link", name="消息")

    @property
    def messages(self) -> Locator:
        return self.page.get_by_role("list", name="消息").get_by_role("listitem")

    @property
    def searches(self) -> Locator:
        return self.page.get_by_role("list", name="已存搜索").get_by_role("listitem")

    @property
    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")

    @property
    def both(self) -> Locator:
        """Two versions beside each other."""
        return self.page.get_by_role("region", name="两个版本")

    async def come_back(self) -> None:
        """As from another tab or program."""
        await self.page.evaluate("document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))")

    async def go_offline(self) -> None:
        self.visitor.refused.add("/api/v1/")
        await self.page.context.set_offline(True)
        await expect(self.page.get_by_text("网络已断开。已打开的内容仍可查看")).to_be_visible()

    async def be_online(self) -> None:
        await self.page.context.set_offline(False)
        await expect(self.page.get_by_text("网络已断开。已打开的内容仍可查看")).to_have_count(0)

    async def tab_to(self, target: Locator) -> None:
        """By the Tab key alone; AssertionError where it does not lead there."""
        for _ in range(80):
            await self.page.keyboard.press("Tab")
            if await target.evaluate("element => element === document.activeElement"):
                return
        raise AssertionError(f"no way by keyboard to {target}")
