"""Refusals in the API's own words, waiting as told, being offline, and what is not there."""

import pytest
from playwright.async_api import Page, Route, expect

from tests.web.pages import Home, Portal
from tests.web.visitor import Visitor

_HOME = "**/api/v1/search/home"


async def refuse(page: Page, status: int, detail: str, *, times: int, after: int) -> None:
    """The home page's answer is this refusal, so many times."""
    body = {"code": "refused", "title": "已拒绝", "status": status, "detail": detail, "request_id": "request-7"}

    async def refusing(route: Route) -> None:
        await route.fulfill(status=status, json=body, headers={"Retry-After": str(after)})

    await page.route(_HOME, refusing, times=times)


@pytest.mark.parametrize(
    "path", ["/nowhere", "/items/suzhou/institution/none", "/items/atlantis/what/none", "/challenges/none", "/items/a"]
)
async def test_what_is_not_there_is_said_with_ways_on(visitor: Visitor, path: str) -> None:
    visitor.refused.add("/api/v1/")
    await visitor.open(path)
    await expect(Portal(visitor).heading).to_have_text("没有找到")
    await visitor.page.get_by_role("link", name="返回首页").click()
    await expect(visitor.page.get_by_role("heading", name="一图览全域")).to_be_visible()


@pytest.mark.parametrize("status", [429, 503])
async def test_who_is_told_to_wait_sees_how_long_and_then_the_page(visitor: Visitor, status: int) -> None:
    visitor.refused.add("/search/home")
    await refuse(visitor.page, status, "请求较多，请稍候。", times=1, after=2)
    await visitor.page.goto(f"{visitor.base_url}/")
    await expect(visitor.page.get_by_text("请求较多，请稍候。（2 秒后自动重试）")).to_be_visible()
    await expect(visitor.page.get_by_role("heading", name="一图览全域")).to_be_visible()
    await expect(visitor.page.get_by_text("请求较多")).to_have_count(0)


async def test_a_refusal_is_told_in_the_apis_words_with_its_number_and_can_be_tried_again(visitor: Visitor) -> None:
    visitor.refused.add("/search/home")
    await refuse(visitor.page, 500, "这一次没有成功，请重试。", times=1, after=0)
    await visitor.page.goto(f"{visitor.base_url}/")
    fault = visitor.page.get_by_role("alert")
    await expect(fault).to_contain_text("这一次没有成功，请重试。")
    await expect(fault).to_contain_text("request-7")
    await fault.get_by_role("button", name="重试").click()
    await expect(visitor.page.get_by_role("heading", name="一图览全域")).to_be_visible()


async def test_being_offline_is_said_and_ends_by_itself(visitor: Visitor) -> None:
    home = await Home(visitor).open()
    results = await home.search("大学")
    visitor.refused.add("/api/v1/")
    await visitor.page.context.set_offline(True)
    await expect(visitor.page.get_by_text("网络已断开")).to_be_visible()
    await results.filter("地区", "南通").click()
    await expect(results.filter("地区", "南通")).to_be_checked()
    await visitor.page.context.set_offline(False)
    await expect(visitor.page.get_by_text("网络已断开")).to_have_count(0)
    await expect(visitor.page.get_by_role("list", name="已选条件")).to_contain_text("南通")
    await visitor.settled()
    assert await results.total() < 136


async def test_a_part_of_the_program_that_cannot_be_fetched_is_said_and_can_be_tried_again(visitor: Visitor) -> None:
    await Home(visitor).open()
    visitor.refused.add("/assets/")
    await visitor.page.route("**/assets/Search-*.js", lambda route: route.abort())
    await visitor.page.get_by_role("link", name="全部榜单").click()
    await expect(visitor.page.get_by_role("alert")).to_contain_text("网络不可用")
    await visitor.page.unroute("**/assets/Search-*.js")
    await visitor.page.get_by_role("button", name="重试").click()
    await expect(Portal(visitor).heading).to_have_text("全部资源、需求与榜单")
    visitor.complaints[:] = [each for each in visitor.complaints if "Failed to fetch dynamically" not in each]
