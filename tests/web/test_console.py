"""What operators do at their desks, and that their pages keep nobody out."""

import asyncio
import base64
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from playwright.async_api import Browser, expect

from services.accounts.second_factors.domain import code_at
from services.search.tests.building import challenge as challenge_event
from shared.values.clock import now
from tests.cities import Receipts
from tests.client import Api, challenge
from tests.security.test_poison import parked
from tests.stack import Stack
from tests.web.desk import PATIENCE_MS, Desk
from tests.web.visitor import WIDTHS, visiting

SECTIONS = {
    "operator-suzhou": ["单位认证", "榜单审核", "数据批次", "推送密钥", "消息发送", "死信", "审计"],
    "operator-alliance": ["单位认证", "消息发送", "死信", "消费积压", "读模型", "审计"],
    "auditor": ["审计"],
}


@pytest.fixture
async def desk(browser: Browser, stack: Stack) -> AsyncIterator[Desk]:
    async with visiting(browser, stack.base_url) as visitor:
        yield Desk(visitor)


def code(secret: str, later: timedelta = timedelta()) -> str:
    """What the authenticator app shows."""
    return code_at(base64.b32decode(secret), now() + later)


async def test_an_operator_with_a_second_factor_reviews_and_publishes_a_challenge(desk: Desk, api: Api) -> None:
    company, account = api.as_("company-nantong"), "operator-nantong-2"
    drafted = company.post("challenges", json=challenge(title="南通深远海养殖装备", jurisdiction="nantong")).expect(201)
    company.post(f"challenges/{drafted['id']}/submit").expect(200)
    secret = api.as_(account).post("accounts/totp").expect(201)["secret"]
    api.as_(account).post("accounts/totp/confirm", json={"totp": code(secret, -timedelta(seconds=30))}).expect(200)

    await desk.open("/console/")
    await desk.approve(account)
    await expect(desk.login).to_contain_text("六位动态口令", timeout=PATIENCE_MS)
    assert await desk.visitor.barriers() == []
    await desk.login.get_by_role("textbox").first.click()
    await desk.page.keyboard.type(code(secret))
    await desk.let_in()
    await expect(desk.heading).to_have_text("工作台")
    await desk.page.get_by_role("link", name="待审核的榜单").click()
    await desk.page.get_by_role("link", name="南通深远海养殖装备").click()
    await desk.confirm("审核通过")
    await desk.confirm("发布")
    await expect(desk.page.get_by_role("article")).to_contain_text("揭榜中")
    assert api.visitor.get(f"challenges/{drafted['id']}").expect(200)["state"] == "published"


async def test_an_operator_whose_colleague_was_faster_sees_both_versions(desk: Desk, api: Api) -> None:
    company, colleague = api.as_("company-taizhou"), api.as_("operator-taizhou")
    drafted = company.post("challenges", json=challenge(title="泰州中药制剂", jurisdiction="taizhou")).expect(201)
    path = f"challenges/{drafted['id']}"
    company.post(f"{path}/submit").expect(200)
    await desk.log_in("operator-taizhou-2", f"/console/{path}")
    colleague.post(f"{path}/return", json={"reasons": [{"field": "title", "message": "请写明品种。"}]}).expect(200)
    company.patch(path, json={"title": "泰州中药制剂连续制造"}).expect(200)
    company.post(f"{path}/submit").expect(200)
    desk.visitor.refused.add("/approve")
    await desk.page.get_by_role("button", name="审核通过").click()
    asked = desk.page.get_by_role("dialog", name="审核通过")
    await asked.get_by_role("button", name="审核通过").click()
    await expect(asked.get_by_role("alert")).to_be_visible()
    await expect(asked.get_by_role("region", name="两个版本")).to_contain_text("泰州中药制剂连续制造")
    assert company.get(path).expect(200)["state"] == "submitted"
    await asked.get_by_role("button", name="按现在的版本继续").click()
    await asked.get_by_role("button", name="审核通过").click()
    await expect(asked).to_have_count(0)
    assert company.get(path).expect(200)["state"] == "approved"


async def test_an_operator_reads_a_receipt_row_by_row(desk: Desk, first_receipts: Receipts) -> None:
    await desk.log_in("operator-suzhou")
    await desk.go("数据批次")
    await desk.page.get_by_role("table", name="批次").get_by_role("link").first.click()
    counts = desk.page.get_by_role("list", name="各种结论的行数")
    await expect(counts).to_contain_text("新增")
    await counts.get_by_role("link", name="新增").click()
    await expect(desk.page).to_have_url(f"{desk.page.url.split('?')[0]}?verdict=added")
    async with desk.page.expect_download() as started:
        await desk.page.get_by_role("button", name="下载全部（CSV）").click()
    assert (await started.value).suggested_filename.endswith(".csv")


async def test_an_operator_looks_at_a_dead_letter_with_a_reason_and_replays_it(
    desk: Desk, api: Api, stack: Stack
) -> None:
    event = challenge_event("死信里的榜单", updated_at=now())
    letter_id = await asyncio.to_thread(parked, api, stack, "search.percolator", event)
    await desk.log_in("operator-alliance", "/console/dead-letters?service=search")
    letter = desk.row("huning.challenges 0/1000000000").first
    await letter.get_by_role("button", name="查看").click()
    window = desk.page.get_by_role("dialog", name="huning.challenges 0/1000000000")
    await expect(window.get_by_label("消息")).not_to_contain_text("死信里的榜单")
    await desk.confirm("查看原文", "核对升级前后的格式")
    await expect(window.get_by_label("消息")).to_contain_text("死信里的榜单")
    await desk.page.keyboard.press("Escape")
    await letter.get_by_role("button", name="查看").click()
    await expect(window.get_by_label("消息")).not_to_contain_text("死信里的榜单")
    await desk.page.keyboard.press("Escape")
    await expect(window).to_have_count(0)
    await desk.confirm("重放", "原因已消除")
    await desk.open("/console/dead-letters?service=search&status=replayed")
    await expect(desk.page.get_by_role("table", name="死信")).to_contain_text("已重放")
    assert letter_id
    trail = api.as_("operator-alliance").get("ops/search/audit?limit=100").expect(200)["items"]
    assert "done:核对升级前后的格式" in {each["result"] for each in trail}


async def test_an_operator_ends_all_sessions(desk: Desk, api: Api) -> None:
    account = "operator-alliance-2"
    phone = api.as_(account)
    phone.get("accounts/me").expect(200)
    await desk.log_in(account, "/console/account")
    await desk.page.get_by_role("button", name="退出所有设备").click()
    await expect(desk.login).to_be_visible()
    assert phone.post("accounts/refresh", json={"refresh_token": api.session(account)["refresh_token"]}).status == 401
    api.forget(account)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("account", SECTIONS)
async def test_every_page_of_the_console_keeps_nobody_out_and_fits_the_window(
    browser: Browser, stack: Stack, first_receipts: Receipts, account: str, width: int
) -> None:
    async with visiting(browser, stack.base_url, width, reduced_motion="reduce") as visitor:
        desk = Desk(visitor)
        await desk.log_in(account)
        links = desk.page.get_by_role("navigation", name="主导航", include_hidden=True).locator("a")
        assert await links.evaluate_all("links => links.map(link => link.textContent)") == [
            "工作台",
            *SECTIONS[account],
        ]
        for path in await links.evaluate_all("links => links.map(link => link.getAttribute('href'))"):
            await visitor.open(path)
            assert await visitor.barriers() == [], path
            assert not await visitor.overflows(), path
            await visitor.take_picture(f"{account}{path.replace('/', '-')}")
