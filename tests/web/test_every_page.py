"""What holds for every page: nobody is kept out, it fits the window, by day and by night; pictures to look at."""

from collections.abc import Callable
from typing import Literal

import pytest
from playwright.async_api import Browser, expect

from tests.stack import Stack
from tests.web.pages import Home
from tests.web.visitor import WIDTHS, Visitor, visiting
from tests.web.weighing import first_page

PAGES = {
    "home": "/",
    "search": "/search?q=大学&jurisdiction=suzhou,nanjing",
    "nothing-found": "/search?q=zzqqxx&kind=policy",
    "item": None,
    "challenge": None,
    "missing": "/nowhere",
}
FIRST_PAGE_BYTES = 200_000


async def path_of(name: str, visitor: Visitor, challenge_id: str) -> str:
    if name == "item":
        answer = await visitor.page.request.get(f"{visitor.base_url}/api/v1/search?q=苏州科技大学&limit=1")
        return f"/items/{(await answer.json())['items'][0]['id']}"
    return PAGES[name] or f"/challenges/{challenge_id}"


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.slow)])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
async def test_a_page_keeps_nobody_out_and_fits_the_window(
    browser: Browser, stack: Stack, challenge_id: str, name: str, width: int, scheme: Literal["light", "dark"]
) -> None:
    async with visiting(browser, stack.base_url, width, color_scheme=scheme, reduced_motion="reduce") as visitor:
        await visitor.open(await path_of(name, visitor, challenge_id))
        assert await visitor.barriers() == []
        assert not await visitor.overflows()
        await visitor.take_picture(name if scheme == "light" else f"{name}-{scheme}")


async def test_the_night_is_dark(browser: Browser, stack: Stack, challenge_id: str) -> None:
    grounds = []
    for scheme in ("light", "dark"):
        async with visiting(browser, stack.base_url, color_scheme=scheme) as visitor:
            await visitor.open("/")
            grounds.append(await visitor.page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert grounds == ["rgb(242, 246, 246)", "rgb(13, 26, 31)"]


async def test_open_suggestions_keep_nobody_out(visitor: Visitor) -> None:
    home = await Home(visitor).open()
    await home.search_box.press_sequentially("suzhou")
    await expect(home.suggestions.first).to_be_visible()
    assert await visitor.barriers() == []
    await visitor.take_picture("suggestions")


async def test_the_first_page_is_small_and_soon_there(
    browser: Browser, stack: Stack, challenge_id: str, record_property: Callable[[str, object], None]
) -> None:
    page = await first_page(browser, stack.base_url)
    record_property("first page, bytes sent", page.sent)
    record_property("first content, ms", round(page.first_content_ms))
    assert 50_000 < page.sent < FIRST_PAGE_BYTES
