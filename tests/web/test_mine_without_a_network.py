"""What somebody does while there is no network, or in two tabs at once, is done once, and nobody loses their session."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Route, expect

from tests.client import Api, until
from tests.stack import Stack
from tests.web.mine import Member
from tests.web.visitor import visiting

SEARCHES = "search/subscriptions"


@pytest.fixture
async def member(browser: Browser, stack: Stack, challenge_id: str) -> AsyncIterator[Member]:
    async with visiting(browser, stack.base_url) as visitor:
        yield Member(visitor)


async def test_what_is_done_offline_waits_and_is_done_once_the_network_is_back(member: Member, api: Api) -> None:
    account = "company-taizhou"
    api.publish("泰州船用低速机曲轴", "taizhou")
    phone = api.as_(account)
    until(lambda: phone.get("notifications/inbox").expect(200)["unread"] >= 2)
    await member.begin(account, "/inbox")
    first = member.messages.first
    await member.go_offline()
    await first.get_by_role("button").click()
    await expect(first).to_contain_text("恢复后会自动提交，请不要关闭页面")
    await member.be_online()
    await expect(first.get_by_role("button")).to_have_count(0)
    assert phone.get("notifications/inbox").expect(200)["items"][0]["read_at"] is not None


async def test_a_write_whose_answer_was_lost_is_sent_again_under_the_same_key_and_done_once(
    member: Member, api: Api
) -> None:
    keys: list[str] = []
    replayed: list[str | None] = []

    async def losing_the_first_answer(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        answer = await route.fetch()
        replayed.append(answer.headers.get("idempotency-replayed"))
        if len(keys) > 1:
            await route.fulfill(response=answer)
            return
        await member.page.context.set_offline(True)
        await route.abort("internetdisconnected")

    await member.begin("institute-changzhou", "/search?q=液流电池")
    member.visitor.refused.add("/api/v1/")
    await member.button("保存此搜索").click()
    await member.page.route("**/search/subscriptions", losing_the_first_answer)
    await member.dialog.get_by_role("button", name="保存").click()
    await expect(member.dialog).to_contain_text("网络已断开，恢复后会自动提交")
    await member.be_online()
    await expect(member.dialog).to_have_count(0)
    assert (len(keys), len(set(keys)), replayed) == (2, 1, [None, "true"])
    assert [each["name"] for each in api.as_("institute-changzhou").get(SEARCHES).expect(200)["items"]] == ["液流电池"]


async def test_two_tabs_do_not_end_each_others_session(member: Member) -> None:
    await member.begin("institute-zhenjiang", "/account")
    other = await member.page.context.new_page()
    await other.goto(f"{member.visitor.base_url}/account")
    for _ in range(3):
        await asyncio.gather(member.page.reload(), other.reload())
        for tab in (member.page, other):
            await expect(tab.get_by_role("list", name="登录的设备")).to_contain_text("本机")
    await member.page.get_by_role("link", name="已存搜索").click()
    await expect(member.page.get_by_role("heading", name="还没有已存搜索")).to_be_visible()
    await other.close()
