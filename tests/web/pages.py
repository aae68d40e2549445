"""The portal's pages as people see them, so that a journey reads as sentences."""

from dataclasses import dataclass

from playwright.async_api import Locator, Page, expect

from tests.web.visitor import Visitor


@dataclass(frozen=True)
class Portal:
    """What every page has: its heading, and the search box."""

    visitor: Visitor

    @property
    def page(self) -> Page:
        return self.visitor.page

    @property
    def heading(self) -> Locator:
        return self.page.get_by_role("heading", level=1)

    @property
    def search_box(self) -> Locator:
        return self.page.get_by_role("combobox", name="搜索资源、需求与榜单")

    @property
    def suggestions(self) -> Locator:
        return self.page.get_by_role("listbox", name="搜索建议").get_by_role("option")

    async def search(self, words: str) -> "Results":
        await self.search_box.fill(words)
        await self.search_box.press("Enter")
        results = Results(self.visitor)
        await expect(self.heading).to_have_text(f"“{words}”的搜索结果")
        await self.visitor.settled()
        return results


@dataclass(frozen=True)
class Home(Portal):
    async def open(self) -> "Home":
        await self.visitor.open("/")
        await expect(self.page.get_by_role("heading", name="一图览全域")).to_be_visible()
        return self

    def station(self, name: str) -> Locator:
        """A stop of the line."""
        return self._section("一图览全域").get_by_role("listitem").filter(has=self.page.get_by_role("link", name=name))

    def board(self, name: str) -> Locator:
        return self._section("六大板块").get_by_role("article").filter(has=self.page.get_by_role("heading", name=name))

    @property
    def stations(self) -> Locator:
        return self._section("一图览全域").get_by_role("listitem")

    @property
    def challenges(self) -> Locator:
        return self._section("最新榜单").get_by_role("listitem")

    def _section(self, name: str) -> Locator:
        return self.page.get_by_role("region", name=name)


@dataclass(frozen=True)
class Results(Portal):
    """What a search found, and its filters."""

    @property
    def found(self) -> Locator:
        return self.page.get_by_role("region", name="搜索结果").get_by_role("heading", level=2)

    @property
    def marks(self) -> Locator:
        return self.page.locator("mark")

    async def total(self) -> int:
        text = await self.page.get_by_role("status").filter(has_text="共").inner_text()
        return int("".join(filter(str.isdigit, text)))

    def filter(self, group: str, value: str) -> Locator:
        return self.page.get_by_role("group", name=group).get_by_role("checkbox", name=value)

    async def narrow(self, group: str, value: str) -> None:
        await self.filter(group, value).click()
        await expect(self.filter(group, value)).to_be_checked()
        await self.visitor.settled()

    async def show_more(self) -> None:
        before = await self.found.count()
        await self.page.get_by_role("button", name="显示更多").click()
        await expect(self.found.nth(before)).to_be_visible()

    async def open(self, title: str) -> Portal:
        await self.found.get_by_role("link", name=title, exact=True).first.click()
        await expect(self.heading).to_have_text(title)
        return Portal(self.visitor)
