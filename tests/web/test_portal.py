"""What a visitor does at the portal, in a real browser against the whole system."""

from playwright.async_api import Browser, expect

from tests.client import Api
from tests.stack import Stack
from tests.web.conftest import TITLE
from tests.web.pages import Home, Portal, Results
from tests.web.visitor import Visitor, visiting


async def test_a_visitor_finds_an_institution_by_pinyin_and_opens_its_page(visitor: Visitor) -> None:
    home = await Home(visitor).open()
    await home.search_box.press_sequentially("suzhoukejidaxue")
    await home.suggestions.filter(has_text="苏州科技大学").first.click()
    await expect(home.heading).to_contain_text("苏州科技大学")
    await expect(visitor.page.get_by_role("row", name="地址")).to_contain_text("苏州")
    await visitor.page.go_back()
    await expect(home.stations).to_have_count(8)


async def test_the_same_with_the_keyboard_alone(visitor: Visitor) -> None:
    home = await Home(visitor).open()
    keys = visitor.page.keyboard
    for expected in ("跳到正文", "沿沪宁协同创新集市", "揭榜挂帅", "资源与需求", "登录"):
        await keys.press("Tab")
        await expect(visitor.page.locator(":focus")).to_have_text(expected)
    await keys.press("Tab")
    await expect(home.search_box).to_be_focused()
    await keys.type("nantongdaxue")
    await expect(home.suggestions.first).to_contain_text("南通大学")
    await keys.press("ArrowDown")
    await expect(home.suggestions.first).to_have_attribute("aria-selected", "true")
    await keys.press("Enter")
    await expect(home.heading).to_contain_text("南通大学")
    await expect(visitor.page.get_by_role("main")).to_be_focused()


async def test_the_line_shows_eight_cities_what_they_share_and_how_fresh_it_is(visitor: Visitor, api: Api) -> None:
    home = await Home(visitor).open()
    await expect(home.stations).to_have_count(8)
    for city in ("上海普陀", "苏州", "无锡", "常州", "镇江", "南京", "南通", "泰州"):
        await expect(home.station(city)).to_contain_text("更新")
    await expect(home.board("资源共享").get_by_role("listitem")).to_have_count(5)
    await home.station("南通").get_by_role("link").click()
    await visitor.settled()
    held = api.visitor.get("search", params={"jurisdiction": "nantong"}).body["total"]
    assert await Results(visitor).total() == held >= 31
    await expect(visitor.page.get_by_role("list", name="已选条件")).to_contain_text("南通")


async def test_a_station_leads_to_its_citys_own_platform(visitor: Visitor) -> None:
    async def with_platforms(route, request) -> None:  # type: ignore[no-untyped-def]
        answer = await route.fetch()
        body = await answer.json()
        for city, address in zip(body["items"], ["https://kjj.example.cn/", "javascript:alert(1)"], strict=False):
            city["portal_url"] = address
        await route.fulfill(response=answer, json=body)

    await visitor.page.route("**/sync/jurisdictions*", with_platforms)
    home = await Home(visitor).open()
    platforms = home.stations.get_by_role("link", name="城市平台")
    await expect(platforms).to_have_count(1)
    assert await platforms.get_attribute("href") == "https://kjj.example.cn/"
    assert await platforms.get_attribute("rel") == "noopener noreferrer"


async def test_filters_of_several_values_stand_in_the_address_and_show_a_colleague_the_same(
    visitor: Visitor, browser: Browser, stack: Stack
) -> None:
    results = await (await Home(visitor).open()).search("大学")
    everything = await results.total()
    await results.narrow("地区", "南通")
    nantong = await results.total()
    await results.narrow("地区", "无锡")
    both = await results.total()
    assert nantong < both < everything
    link = visitor.page.url.removeprefix(stack.base_url)
    async with visiting(browser, stack.base_url) as colleague:
        await colleague.open(link)
        assert await Results(colleague).total() == both
    await visitor.page.go_back()
    await expect(results.filter("地区", "无锡")).not_to_be_checked()
    await visitor.page.get_by_role("button", name="全部清除").click()
    await expect(results.filter("地区", "南通")).not_to_be_checked()


async def test_a_list_goes_on_page_after_page_and_is_still_there_on_the_way_back(visitor: Visitor) -> None:
    results = await (await Home(visitor).open()).search("大学")
    await results.show_more()
    await results.show_more()
    titles = await results.found.get_by_role("link").evaluate_all("links => links.map(link => link.pathname)")
    assert len(titles) == len(set(titles)) == 60
    await results.found.get_by_role("link").nth(55).click()
    await visitor.page.wait_for_url("**/items/**")
    await visitor.page.go_back()
    await expect(results.found).to_have_count(60)


async def test_what_met_the_search_is_marked(visitor: Visitor) -> None:
    results = await (await Home(visitor).open()).search("固态电池")
    await expect(results.marks.first).to_have_text("固态电池")


async def test_a_search_that_finds_nothing_says_what_to_try(visitor: Visitor) -> None:
    results = await (await Home(visitor).open()).search("zzqqxx")
    await expect(visitor.page.get_by_role("heading", name="没有符合条件的内容")).to_be_visible()
    assert await results.total() == 0


async def test_a_challenge_is_read_with_its_money_deadline_and_terms(visitor: Visitor) -> None:
    home = await Home(visitor).open()
    await expect(home.challenges.get_by_role("link").first).to_be_visible()
    await visitor.open(f"/search?q={TITLE}")
    await visitor.page.get_by_role("link", name=TITLE).first.click()
    page = Portal(visitor)
    await expect(page.heading).to_have_text(TITLE)
    text = visitor.page.get_by_role("article")
    for said in ("300 万元", "23:59", "揭榜中", "双方共有", "腐蚀电流密度", "GB/T 20042.6", "已收到揭榜"):
        await expect(text).to_contain_text(said)


async def test_times_are_shanghais_wherever_the_browser_is(visitor: Visitor, challenge_id: str) -> None:
    await visitor.open(f"/challenges/{challenge_id}")
    deadline = visitor.page.get_by_role("article").locator("time").first
    instant, shown = await deadline.get_attribute("datetime"), await deadline.inner_text()
    assert instant is not None
    assert instant.endswith("T15:59:59.999Z")
    assert shown == f"{instant[:10]} 23:59"
