"""Being let in by a phone, staying in, and losing nothing when a session ends."""

import pytest
from playwright.async_api import expect

from tests.client import Api, challenge, until
from tests.web.desk import Desk


async def test_a_company_logs_in_by_scanning_and_is_back_where_it_was(desk: Desk) -> None:
    await desk.open("/search?kind=policy")
    await desk.page.get_by_role("navigation", name="主导航").get_by_role("link", name="登录").click()
    await desk.approve("company-suzhou")
    await desk.let_in()
    await expect(desk.heading).to_have_text("全部资源、需求与榜单")
    assert desk.page.url.endswith("/search?kind=policy")
    await desk.page.get_by_role("link", name="我的账号").click()
    await expect(desk.page.get_by_role("article")).to_contain_text("苏州示例科技有限公司")
    assert await desk.visitor.barriers() == []


async def test_whoever_is_logged_in_still_is_after_a_reload_and_in_another_tab(desk: Desk) -> None:
    await desk.log_in("company-wuxi", "/account")
    await desk.page.reload()
    await expect(desk.heading).to_have_text("我的账号")
    other = await desk.page.context.new_page()
    await other.goto(f"{desk.visitor.base_url}/account")
    await expect(other.get_by_role("heading", level=1)).to_have_text("我的账号")
    await other.get_by_role("button", name="退出登录").click()
    await expect(desk.login).to_be_visible()
    assert await desk.page.evaluate("Object.keys(localStorage)") == []


@pytest.mark.parametrize("next_page", ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:1"])
async def test_no_link_sends_whoever_logs_in_to_another_site(desk: Desk, next_page: str) -> None:
    await desk.log_in("company-wuxi", f"/login?next={next_page}")
    await expect(desk.page).to_have_url(f"{desk.visitor.base_url}/")


async def test_what_was_being_done_when_the_session_ended_is_done_once_the_same_person_is_back(
    desk: Desk, api: Api
) -> None:
    company, account = api.as_("company-zhenjiang"), "operator-zhenjiang-2"
    drafted = company.post("challenges", json=challenge(title="镇江碳纤维铺丝", jurisdiction="zhenjiang")).expect(201)
    company.post(f"challenges/{drafted['id']}/submit").expect(200)
    await desk.log_in(account, f"/console/challenges/{drafted['id']}")
    await desk.page.get_by_role("textbox", name="第 1 条意见").fill("指标请写明检测条件。")
    ended = api.with_token(api.as_(account).token)
    api.as_(account).post("accounts/logout-all").expect(200)
    api.forget(account)
    until(lambda: all(ended.get("claims").status == 401 for _ in range(4)))  # as every replica has heard
    desk.visitor.refused.update(("/accounts/refresh", "/return"))
    button = desk.page.get_by_role("button", name="退回", exact=True)
    await button.click()
    await expect(desk.login).to_contain_text("页面内容仍在")
    await expect(desk.page.get_by_role("heading", name="镇江碳纤维铺丝")).to_have_count(0)
    await desk.approve(account)
    await desk.let_in()
    await expect(desk.page.get_by_role("region", name="上次退回的意见")).to_contain_text("指标请写明检测条件。")
    shown = company.get(f"challenges/{drafted['id']}").expect(200)
    assert (shown["state"], len(shown["return_reasons"])) == ("returned", 1)


async def test_the_console_is_for_operators(desk: Desk) -> None:
    await desk.log_in("company-wuxi")
    await expect(desk.heading).to_have_text("这里是运营人员的工作台")
