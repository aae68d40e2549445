"""What whoever is logged in does with what is theirs: messages, saved searches, settings."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Route, expect

from tests.client import Api, challenge, until
from tests.stack import Stack
from tests.web.mine import Member
from tests.web.visitor import visiting

SEARCHES, PREFERENCES = "search/subscriptions", "notifications/preferences"


@pytest.fixture
async def member(browser: Browser, stack: Stack, challenge_id: str) -> AsyncIterator[Member]:
    async with visiting(browser, stack.base_url) as visitor:
        yield Member(visitor)


def told(api: Api, account: str, title: str) -> None:
    """Once somebody has this message."""
    until(lambda: any(title in each["body"] for each in inbox(api, account)["items"]))


def inbox(api: Api, account: str) -> dict:  # type: ignore[type-arg]
    return api.as_(account).get("notifications/inbox").expect(200)  # type: ignore[no-any-return]


def without_searches(api: Api, account: str) -> None:
    """Others who tried the API may have left some."""
    for saved in api.as_(account).get(SEARCHES).expect(200)["items"]:
        api.as_(account).delete(f"{SEARCHES}/{saved['id']}")


async def test_a_company_sees_its_count_rise_without_reloading_when_its_challenge_is_published(
    member: Member, api: Api
) -> None:
    company, operator, title = api.as_("company-wuxi"), api.as_("operator-wuxi"), "无锡压气机叶片涂层"
    drafted = company.post("challenges", json=challenge(title=title, jurisdiction="wuxi")).expect(201)
    for action, who in (("submit", company), ("approve", operator)):
        who.post(f"challenges/{drafted['id']}/{action}").expect(200)
    told(api, "company-wuxi", title)
    company.post("notifications/read-all").expect(200)
    await member.log_in("company-wuxi", "/account")
    await expect(member.inbox).to_have_accessible_name("消息")
    operator.post(f"challenges/{drafted['id']}/publish").expect(200)
    until(lambda: inbox(api, "company-wuxi")["unread"] == 1)
    await member.come_back()
    await expect(member.inbox).to_have_accessible_name("消息，1 条未读")
    await member.inbox.click()
    await member.messages.filter(has_text="榜单已发布").first.get_by_role("link").click()
    await expect(member.heading).to_have_text(title)
    await expect(member.inbox).to_have_accessible_name("消息")


async def test_a_message_that_comes_stands_at_the_top_and_older_ones_are_a_page_away(member: Member, api: Api) -> None:
    account = "company-changzhou"

    async def one_by_one(route: Route) -> None:
        await route.continue_(url=f"{route.request.url}&limit=1")

    await member.page.route("**/notifications/inbox?unread=*", one_by_one)
    await member.begin(account, "/inbox")
    await expect(member.messages).to_have_count(1)
    await member.button("显示更多").click()
    await expect(member.messages).to_have_count(2)
    title = "常州石墨烯散热膜"
    api.publish(title, "changzhou")
    told(api, account, title)
    await member.come_back()
    await expect(member.messages.first).to_contain_text(title)


async def test_messages_are_read_one_by_one_or_all_at_once(member: Member, api: Api) -> None:
    account = "company-nanjing"
    api.publish("南京第三代半导体外延", "nanjing")
    told(api, account, "南京第三代半导体外延")
    await member.begin(account, "/inbox?unread=true")
    shown = await member.page.get_by_role("status").filter(has_text="条未读").inner_text()
    before = int(shown.removesuffix(" 条未读"))
    first = member.messages.first
    await first.get_by_role("button").click()
    await expect(first.get_by_role("button")).to_have_count(0)
    await expect(member.inbox).to_have_accessible_name(f"消息，{before - 1} 条未读")
    await member.button("全部标为已读").click()
    await expect(member.page.get_by_role("heading", name="没有未读消息")).to_be_visible()
    await member.page.get_by_role("link", name="全部", exact=True).click()
    await expect(member.messages.first).to_be_visible()
    assert inbox(api, account)["unread"] == 0


async def test_a_search_is_saved_by_whoever_logs_in_there_then_run_changed_and_removed(
    member: Member, api: Api
) -> None:
    without_searches(api, "company-nantong")
    await member.visitor.open("/search?q=涂层&jurisdiction=suzhou,nanjing")
    await member.button("保存此搜索").click()
    await member.approve("company-nantong")
    await member.let_in()
    await expect(member.dialog).to_contain_text("“涂层”；苏州、南京")
    await member.dialog.get_by_label("名称").fill("两地涂层")
    await member.dialog.get_by_role("button", name="保存").click()
    await expect(member.dialog).to_have_count(0)
    await member.visitor.open("/searches")
    await member.searches.get_by_role("link", name="两地涂层").click()
    await expect(member.heading).to_have_text("“涂层”的搜索结果")
    await expect(member.page.get_by_role("list", name="已选条件")).to_contain_text("南京")

    await member.page.go_back()
    await member.searches.get_by_role("link", name="修改条件").click()
    await member.button("去掉 南京").click()
    await member.button("保存修改").click()
    await member.dialog.get_by_text("每天汇总一次").click()
    await member.dialog.get_by_role("button", name="保存").click()
    await expect(member.dialog).to_have_count(0)
    (kept,) = api.as_("company-nantong").get(SEARCHES).expect(200)["items"]
    assert (kept["query"], kept["notify"]) == ({"q": "涂层", "jurisdiction": "suzhou"}, "digest")

    await member.visitor.open("/searches")
    await member.button("删除：两地涂层").click()
    await member.button("确定删除").click()
    await expect(member.page.get_by_role("heading", name="还没有已存搜索")).to_be_visible()
    assert api.as_("company-nantong").get(SEARCHES).expect(200)["items"] == []


async def test_a_saved_search_that_was_changed_elsewhere_is_shown_in_both_versions(member: Member, api: Api) -> None:
    phone = api.as_("institute-suzhou")
    saved = phone.post(SEARCHES, json={"name": "膜电极", "query": {"q": "膜电极"}}).expect(201)
    await member.begin("institute-suzhou", "/searches")
    await member.button("修改：膜电极").click()
    phone.patch(f"{SEARCHES}/{saved['id']}", json={"name": "膜电极（手机）"}).expect(200)
    member.visitor.refused.add("/search/subscriptions/")
    await member.dialog.get_by_label("名称").fill("膜电极（电脑）")
    await member.dialog.get_by_role("button", name="保存").click()
    for version in ("膜电极（电脑）", "膜电极（手机）"):
        await expect(member.both).to_contain_text(version)
    assert await member.visitor.barriers() == []
    await member.visitor.take_picture("both-versions")
    await member.both.get_by_role("button", name="用我的覆盖").click()
    await expect(member.dialog).to_have_count(0)
    assert phone.get(f"{SEARCHES}/{saved['id']}").expect(200)["name"] == "膜电极（电脑）"


async def test_one_saved_search_too_many_is_refused_in_the_apis_words(member: Member, api: Api) -> None:
    phone = api.as_("institute-wuxi")
    for number in range(100):
        phone.post(SEARCHES, json={"name": f"第 {number} 个", "query": {"q": "膜"}}).expect(201)
    await member.begin("institute-wuxi", "/search?q=电堆")
    member.visitor.refused.add("/search/subscriptions")
    await member.button("保存此搜索").click()
    await member.dialog.get_by_role("button", name="保存").click()
    await expect(member.dialog.get_by_role("alert")).to_contain_text("您已保存 100 个订阅，请先删除不再需要的订阅。")


async def test_settings_are_kept_and_a_change_from_elsewhere_is_shown_beside_ones_own(member: Member, api: Api) -> None:
    phone = api.as_("institute-nantong")
    templates = phone.get("notifications/templates").expect(200)["items"]
    phone.post("notifications/consents", json={"results": {templates[0]["template_id"]: "accept"}}).expect(200)
    await member.begin("institute-nantong", "/notifications")
    await expect(member.page.get_by_role("list", name="微信授权")).to_contain_text("已允许，还可收到 1 条")
    claims = member.page.get_by_role("switch", name="揭榜：微信")
    await claims.click()
    await member.button("保存").click()
    await expect(member.page.get_by_text("已保存")).to_be_visible()
    shown = phone.get(PREFERENCES).expect(200)
    assert shown["channels"]["claim"] == ["inbox"]

    phone.put(PREFERENCES, json={"channels": {}, "quiet_hours": None, "digest": "off"}).expect(200)
    member.visitor.refused.add("/notifications/preferences")
    await member.page.get_by_label("从", exact=True).fill("21:30")
    await member.button("保存").click()
    await expect(member.both.get_by_role("row", name="免打扰")).to_contain_text("21:30 至 08:00")
    await member.both.get_by_role("button", name="按现在的版本继续").click()
    await expect(member.both).to_have_count(0)
    await expect(member.page.get_by_label("从", exact=True)).to_be_disabled()
    await expect(claims).not_to_be_checked()


async def test_a_company_does_all_of_it_with_the_keyboard_alone(member: Member, api: Api) -> None:
    account = "company-zhenjiang"
    api.publish("镇江眼镜片镀膜", "zhenjiang")
    told(api, account, "镇江眼镜片镀膜")
    await member.begin(account, "/")
    press = member.page.keyboard.press
    await member.tab_to(member.inbox)
    await press("Enter")
    await expect(member.heading).to_have_text("消息")
    await member.tab_to(member.messages.first.get_by_role("link"))
    await press("Enter")
    await expect(member.heading).to_have_text("镇江眼镜片镀膜")
    await member.page.go_back()
    await member.tab_to(member.page.get_by_role("link", name="通知设置"))
    await press("Enter")
    await expect(member.heading).to_have_text("通知设置")
    await member.tab_to(member.page.get_by_role("switch", name="数据推送：微信"))
    await press("Space")
    await member.tab_to(member.button("保存"))
    await press("Enter")
    await expect(member.page.get_by_text("已保存")).to_be_visible()
    assert api.as_(account).get(PREFERENCES).expect(200)["channels"]["batch"] == ["inbox"]
    await member.visitor.open("/search?q=镀膜")
    await member.tab_to(member.button("保存此搜索"))
    await press("Enter")
    await expect(member.dialog.get_by_label("名称")).to_be_visible()
    await member.tab_to(member.dialog.get_by_label("名称"))
    await press("Enter")
    await expect(member.dialog).to_have_count(0)
    assert "镀膜" in [each["name"] for each in api.as_(account).get(SEARCHES).expect(200)["items"]]
