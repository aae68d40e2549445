"""What holds for the pages of whoever is logged in: nobody is kept out, they fit the window, and texts stay texts."""

from typing import Literal

import pytest
from playwright.async_api import Browser, Route, expect

from tests.client import Api, until
from tests.stack import Stack
from tests.web.mine import Member
from tests.web.test_hostile_texts import HOSTILE, hostile
from tests.web.visitor import WIDTHS, visiting

PAGES = {
    "inbox": "/inbox",
    "searches": "/searches",
    "objections": "/objections",
    "notifications": "/notifications",
    "account": "/account",
}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
QUERY = {"q": "涂层", "jurisdiction": ["suzhou", "nanjing"], "kind": ["policy"], "near": [120.6, 31.3], "radius": 2000}


def furnished(api: Api, account: str) -> None:
    """Something is on every page."""
    phone = api.as_(account)
    until(lambda: phone.get("notifications/inbox").expect(200)["items"])
    if not phone.get("search/subscriptions").expect(200)["items"]:
        phone.post("search/subscriptions", json={"name": "附近的涂层政策", "query": QUERY}).expect(201)
    if not phone.get("sync/objections?mine=true").expect(200)["items"]:
        record = phone.get("search?type=record&limit=1").expect(200)["items"][0]["id"]
        phone.post("sync/objections", json={"record_id": record, "statement": "地址有误"}).expect(201)


@pytest.mark.slow
@pytest.mark.parametrize("account", ["company-changzhou", "somebody-new"])
async def test_the_pages_of_whoever_is_logged_in_keep_nobody_out_and_fit_the_window(
    browser: Browser, stack: Stack, challenge_id: str, api: Api, account: str
) -> None:
    if account == "company-changzhou":
        furnished(api, account)
    async with visiting(browser, stack.base_url) as visitor:
        member = Member(visitor)
        await member.begin(account, "/account")
        for width, height in WIDTHS.items():
            await member.page.set_viewport_size({"width": width, "height": height})
            for scheme in SCHEMES:
                await member.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                for name, path in PAGES.items():
                    await visitor.open(path)
                    assert await visitor.barriers() == [], (path, width, scheme)
                    assert not await visitor.overflows(), (path, width)
                    shown = name if account == "company-changzhou" else f"{name}-empty"
                    await visitor.take_picture(shown if scheme == "light" else f"{shown}-{scheme}")


async def test_the_question_what_a_search_is_called_keeps_nobody_out(
    browser: Browser, stack: Stack, challenge_id: str
) -> None:
    for width in WIDTHS:
        async with visiting(browser, stack.base_url, width, reduced_motion="reduce") as visitor:
            member = Member(visitor)
            await member.begin("somebody-new", "/search?q=涂层&jurisdiction=suzhou")
            await member.button("保存此搜索").click()
            await expect(member.dialog.get_by_label("名称")).to_have_value("涂层")
            assert await visitor.barriers() == []
            await visitor.take_picture("save-search")


@pytest.mark.parametrize("text", HOSTILE)
async def test_a_hostile_text_harms_nothing_on_ones_own_pages(
    browser: Browser, stack: Stack, challenge_id: str, api: Api, text: str
) -> None:
    async def answering(route: Route) -> None:
        answer = await route.fetch()
        if answer.ok and await answer.body():
            await route.fulfill(response=answer, json=hostile(await answer.json(), text))
        else:
            await route.fulfill(response=answer)

    furnished(api, "company-changzhou")
    async with visiting(browser, stack.base_url) as visitor:
        member = Member(visitor)
        await member.begin("company-changzhou", "/account")
        await visitor.page.route("**/api/v1/**", answering)
        for width, height in WIDTHS.items():
            await member.page.set_viewport_size({"width": width, "height": height})
            for path in PAGES.values():
                await visitor.open(path)
                await expect(visitor.page.get_by_text(text[:20].strip()).first).to_be_attached()
                assert await visitor.page.evaluate("window.harmed") is None
                assert await visitor.page.locator("main img, main script").count() == 0
                assert not await visitor.overflows(), path
        await visitor.open("/searches")
        await member.searches.first.get_by_role("button").first.click()
        await expect(member.dialog).to_be_visible()
        assert not await visitor.overflows()
