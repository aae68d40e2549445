"""The console as each role has it: with the keyboard alone, within what the role may see, whatever the texts hold."""

import re
from typing import Any

import pytest
from playwright.async_api import Browser, Route, expect

from tests.cities import Receipts
from tests.client import Api, challenge
from tests.stack import Stack
from tests.web.desk import Desk
from tests.web.test_hostile_texts import HOSTILE, hostile
from tests.web.visitor import WIDTHS, Visitor, visiting

SECTIONS = {
    "operator-suzhou": [
        "单位认证",
        "人员与角色",
        "榜单审核",
        "数据批次",
        "数据新鲜度",
        "数据异议",
        "机构归并",
        "记录溯源",
        "推送密钥",
        "消息发送",
        "死信",
        "审计",
    ],
    "operator-alliance": [
        "单位认证",
        "人员与角色",
        "数据新鲜度",
        "数据异议",
        "机构归并",
        "记录溯源",
        "消息发送",
        "死信",
        "消费积压",
        "读模型",
        "审计",
    ],
    "auditor": ["记录溯源", "审计"],
}
CITIES = {"operator-suzhou": ["苏州的数据"], "auditor": []}
"""Whose data the workbench shows; to the alliance those of all eight."""
CLOSED = {
    "operator-suzhou": "/console/lag",
    "operator-alliance": "/console/agents",
    "auditor": "/console/people",
}
LISTS = {
    "operator-suzhou": ["/organizations?status=all", "/challenges?status=all", "/batches", "/people"],
    "operator-alliance": ["/people"],
    "auditor": [],
}
"""Whose first row leads to a page of its own."""


async def test_a_city_operator_returns_a_challenge_by_keyboard(desk: Desk, api: Api, challenge_id: str) -> None:
    company = api.as_("company-changzhou")
    drafted = company.post("challenges", json=challenge(title="常州轨道减振", jurisdiction="changzhou")).expect(201)
    company.post(f"challenges/{drafted['id']}/submit").expect(200)
    await desk.log_in("operator-changzhou")
    await desk.turn("榜单审核")
    await desk.press("link", "常州轨道减振")
    await expect(desk.heading).to_have_text("常州轨道减振")
    await desk.choose("第 1 条意见针对的内容", "榜单名称")
    await desk.reach("textbox", "第 1 条意见")
    await desk.page.keyboard.type("请写明线路类型。")
    await desk.press("button", "退回")
    await expect(desk.page.get_by_role("region", name="上次退回的意见")).to_contain_text("榜单名称：请写明线路类型。")
    assert company.get(f"challenges/{drafted['id']}").expect(200)["state"] == "returned"


async def test_an_operator_of_the_alliance_grants_and_revokes_a_role_by_keyboard(desk: Desk, api: Api) -> None:
    newcomer = api.as_("newcomer-at-the-console")
    newcomer.patch("accounts/me", json={"nickname": "新任评审"}).expect(200)
    await desk.log_in("operator-alliance")
    await desk.turn("人员与角色")
    await desk.reach("textbox", "人员")
    await desk.page.keyboard.type("新任评审")
    await desk.page.keyboard.press("Enter")
    await desk.press("link", "新任评审")
    await expect(desk.heading).to_have_text("新任评审")
    held = desk.page.get_by_role("table", name="角色")
    await desk.choose("地区", "泰州")
    await desk.choose("岗位", "监督")
    await desk.press("button", "授予")
    await expect(held).to_contain_text("泰州 · 城市运营人员（监督）")
    await desk.choose("角色", "评审专家")
    await desk.reach("textbox", "任职单位统一社会信用代码（选填）")
    await desk.page.keyboard.type("12320000EXAMPLE1")
    desk.visitor.refused.add("/accounts/users/")
    await desk.press("button", "授予")
    await expect(desk.page.get_by_role("form", name="授予角色").get_by_role("alert")).to_be_visible()
    await desk.press("button", "撤销城市运营人员")
    await expect(desk.page.get_by_role("dialog")).to_be_visible()
    await desk.press("button", "撤销城市运营人员")
    await expect(held).not_to_contain_text("泰州")


async def test_an_auditor_verifies_the_trail_by_keyboard(desk: Desk, stack: Stack) -> None:
    await desk.log_in("auditor")
    await desk.turn("审计")
    await desk.press("button", "校验完整性")
    await expect(desk.page.get_by_role("status").filter(has_text="完整：")).to_be_visible()
    await desk.choose("服务", "数据同步")
    await expect(desk.page).to_have_url(f"{desk.visitor.base_url}/console/audit?service=sync")


@pytest.mark.slow
@pytest.mark.parametrize("account", SECTIONS)
async def test_each_role_has_its_sections_and_every_page_keeps_nobody_out_and_fits_the_window(
    browser: Browser, stack: Stack, challenge_id: str, account: str, api: Api
) -> None:
    api.publish("苏州检测设备国产化", "suzhou")
    async with visiting(browser, stack.base_url, reduced_motion="reduce") as visitor:
        desk = Desk(visitor)
        await desk.log_in(account)
        links = desk.page.get_by_role("navigation", name="主导航").get_by_role("link")
        assert await links.all_text_contents() == ["工作台", *SECTIONS[account]]
        data = desk.page.get_by_role("main").get_by_role("region").filter(has=desk.page.get_by_role("table"))
        if account in CITIES:
            assert [await each.get_attribute("aria-label") for each in await data.all()] == CITIES[account]
        else:
            await expect(data).to_have_count(8)
        paths = await links.evaluate_all("links => links.map(link => link.getAttribute('href'))")
        for path in [*paths, "/console/account", CLOSED[account]]:
            await visitor.open(path)
            await is_sound(visitor, f"{account}{path.replace('/', '-')}")
        await expect(desk.heading).to_have_text("没有找到")
        for path in LISTS[account]:
            await visitor.open(f"/console{path}")
            await desk.page.get_by_role("main").get_by_role("table").get_by_role("link").first.click()
            await visitor.settled()
            await is_sound(visitor, f"{account}-console-one-of{path.partition('?')[0].replace('/', '-')}")


async def is_sound(visitor: Visitor, name: str) -> None:
    """By day and by night, on a desk and on a telephone; leaves pictures of each."""
    for width, height in WIDTHS.items():
        await visitor.page.set_viewport_size({"width": width, "height": height})
        for scheme in ("light", "dark"):
            await visitor.page.emulate_media(color_scheme=scheme)
            assert await visitor.barriers() == [], (name, width, scheme)
            await visitor.take_picture(name if scheme == "light" else f"{name}-dark")
        assert not await visitor.overflows(), (name, width)
    await visitor.page.emulate_media(color_scheme="light")


@pytest.mark.parametrize("text", HOSTILE)
async def test_a_hostile_text_harms_nothing_on_the_console(
    browser: Browser, stack: Stack, first_receipts: Receipts, challenge_id: str, api: Api, text: str
) -> None:
    async def answering(route: Route) -> None:
        answer = await route.fetch()
        body: Any = await answer.json()
        await route.fulfill(response=answer, json=hostile(body, text))

    city = api.as_("operator-changzhou")
    batch = city.get("sync/batches").expect(200)["items"][0]["id"]
    unit = city.get("accounts/organizations?limit=1").expect(200)["items"][0]["id"]
    person = city.get("accounts/users?limit=1").expect(200)["items"][0]["id"]
    with_text = (
        "organizations?status=all",
        f"organizations/{unit}",
        "challenges?status=all",
        f"challenges/{challenge_id}",
    )
    others = ("people", f"people/{person}", f"batches/{batch}", "agents", "audit")
    async with visiting(browser, stack.base_url) as visitor:
        await Desk(visitor).log_in("operator-changzhou")
        for part in ("sync", "challenges", "accounts/organizations", "accounts/users", "ops"):
            await visitor.page.route(re.compile(f"/api/v1/{part}[/?]"), answering)
        for path in (*with_text, *others):
            await visitor.open(f"/console/{path}")
            if path in with_text:
                await expect(visitor.page.get_by_text(text[:20].strip()).first).to_be_attached()
            assert await visitor.page.evaluate("window.harmed") is None
            assert await visitor.page.locator("main img, main script").count() == 0
            for width, height in WIDTHS.items():
                await visitor.page.set_viewport_size({"width": width, "height": height})
                assert not await visitor.overflows(), (path, width)
