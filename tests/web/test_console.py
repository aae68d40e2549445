"""What operators do at their desks."""

import asyncio
import base64
from datetime import timedelta
from typing import Any

from playwright.async_api import expect
from pymongo import MongoClient

from services.accounts.second_factors.domain import code_at
from services.search.tests.building import challenge as challenge_event
from shared.values.clock import now
from tests.cities import Receipts
from tests.client import Api, Someone, challenge, until
from tests.security.test_poison import parked
from tests.services.sync.pushing import NDJSON, Rows, announced, body_of, row
from tests.stack import Stack
from tests.web.desk import PATIENCE_MS, Desk


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


async def test_an_operator_sees_what_a_snapshot_would_take_away_and_puts_it_aside_or_lets_it(
    desk: Desk, api: Api
) -> None:
    operator = api.as_("operator-wuxi")
    rows = [row(f"waits-{number}", title=f"无锡中试平台 {number}") for number in range(4)]
    pushed(operator, rows, "delta")
    waiting = pushed(operator, rows[:-1], "snapshot")
    await desk.log_in("operator-wuxi")
    for button, state, found in (("放弃此批", "已放弃", 200), ("批准撤下", "已入库", 404)):
        await desk.go("工作台")
        await desk.page.get_by_role("link", name="待批准的全量批次").click()
        await desk.page.get_by_role("table", name="批次").locator(f"a[href$='{waiting}']").click()
        await expect(desk.page.get_by_role("table", name="撤下的记录")).to_contain_text("无锡中试平台 3")
        await desk.confirm(button)
        await expect(desk.page.get_by_role("article").get_by_text(state)).to_be_visible(timeout=PATIENCE_MS)
        until(lambda found=found: api.visitor.get("sync/records/wuxi/platform/waits-3").status == found)  # type: ignore[misc]
        if found == 200:
            waiting = pushed(operator, rows[:-1], "snapshot")


async def test_an_operator_learns_that_a_colleague_has_put_a_snapshot_aside(desk: Desk, api: Api) -> None:
    operator = api.as_("operator-wuxi")
    rows = [row(f"aside-{number}", title=f"无锡检测中心 {number}") for number in range(4)]
    pushed(operator, rows, "delta")
    waiting = pushed(operator, rows[:-1], "snapshot")
    await desk.log_in("operator-wuxi", f"/console/batches/{waiting}")
    await expect(desk.page.get_by_role("table", name="撤下的记录")).to_contain_text("无锡检测中心 3")
    operator.delete(f"sync/batches/{waiting}").expect(200)
    desk.visitor.refused.add("/approve")
    await desk.page.get_by_role("button", name="批准撤下").click()
    asked = desk.page.get_by_role("dialog", name="批准撤下")
    await asked.get_by_role("button", name="批准撤下").click()
    await expect(asked.get_by_role("region", name="两个版本")).to_contain_text("已放弃")
    await asked.get_by_role("button", name="按现在的版本继续").click()
    await expect(desk.page.get_by_role("article").get_by_text("已放弃")).to_be_visible()
    assert api.visitor.get("sync/records/wuxi/platform/aside-3").status == 200


def pushed(operator: Someone, rows: Rows, mode: str) -> str:
    """The batch, once its turn has come."""
    told = announced(rows, jurisdiction="wuxi", mode=mode)
    path = f"sync/batches/{operator.post('sync/batches', json=told).expect(201)['id']}"
    operator.put(f"{path}/parts/0", content=body_of(rows), headers=NDJSON).expect(200)
    operator.post(f"{path}/commit").expect(202)
    until(lambda: operator.get(path).expect(200)["state"] != "processing")
    return path.rpartition("/")[2]


async def test_a_generation_that_waits_takes_over_on_an_operators_word(desk: Desk, api: Api, stack: Stack) -> None:
    with MongoClient[dict[str, Any]](stack.mongodb) as client:
        database = client["huning_notifications"]
        serving = (database["read_models"].find_one({"_id": "claims"}) or {})["generation"]
        nobodys = [{"_id": f"nobodys-{each}", "version": 1, "deleted": True, "as_of": now()} for each in range(1000)]
        database[f"claims.g{serving}"].insert_many(nobodys)
    await desk.log_in("operator-alliance", "/console/read-models")
    model = desk.row("claims")
    await desk.confirm("重建", within=model)
    await expect(model).to_contain_text("文档比现有的一代少得多", timeout=PATIENCE_MS)
    await desk.confirm("仍然接替", within=model)
    await expect(model.get_by_role("button", name="重建")).to_be_enabled(timeout=PATIENCE_MS)
    await expect(model).not_to_contain_text("少得多")
    trail = api.as_("operator-alliance").get("ops/notifications/audit?limit=100").expect(200)["items"]
    assert "notifications.force-read-model" in {each["action"] for each in trail}
