"""Pages that need nothing but the gateway: those about the contracts, and where a scanned login leads."""

from collections.abc import AsyncIterator, Iterator

import pytest
from playwright.async_api import Browser, expect

from deploy.local import web
from tests.gateway.running import Gateway, started
from tests.web.opened import look_at
from tests.web.visitor import WIDTHS, Visitor, visiting

PAGES = {
    "docs": "/docs/",
    "docs-operation": "/docs/operations/challenges.draft",
    "docs-event": "/docs/events/cn.huning.record.added.v1",
    "docs-missing": "/docs/operations/none",
}


@pytest.fixture(scope="module")
def gateway(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """With the pages, which the browser's start has built, and the contracts."""
    with started(tmp_path_factory.mktemp("gateway"), replicas=1, pages=web.PAGES) as running:
        yield running


@pytest.fixture(scope="module")
def address(gateway: Gateway) -> str:
    return str(gateway.http.base_url)


@pytest.fixture
async def reader(browser: Browser, address: str) -> AsyncIterator[Visitor]:
    async with visiting(browser, address) as someone:
        yield someone


async def test_a_developer_finds_an_operation_and_reads_what_goes_in_and_out(reader: Visitor) -> None:
    await reader.open("/docs")
    await reader.page.get_by_role("searchbox", name="查找接口或事件").fill("put portals")
    operations = reader.page.get_by_role("region", name="HTTP 接口")
    await expect(operations.get_by_role("listitem")).to_have_count(1)
    await operations.get_by_role("link", name="/api/v1/sync/portals/{jurisdiction}").click()
    await expect(reader.page.get_by_role("heading", level=1)).to_have_text("/api/v1/sync/portals/{jurisdiction}")
    await expect(reader.page.get_by_text("必有").first).to_be_visible()
    await expect(reader.page.get_by_role("region", name="请求内容示例")).to_contain_text("portal_url")
    await reader.page.go_back()
    await expect(reader.page.get_by_role("searchbox")).to_have_value("put portals")


async def test_a_developer_finds_an_event_with_its_topic_its_readers_and_an_example(reader: Visitor) -> None:
    await reader.open("/docs/?q=record.added")
    await reader.page.get_by_role("region", name="事件").get_by_role("link").click()
    await expect(reader.page.get_by_role("heading", level=1)).to_have_text("cn.huning.record.added.v1")
    await expect(reader.page.get_by_text("huning.records")).to_be_visible()
    await expect(reader.page.get_by_role("region", name="内容示例")).to_contain_text("source_id")


async def test_what_is_within_a_field_opens_where_it_stands(reader: Visitor) -> None:
    await reader.open("/docs/operations/challenges.draft")
    consortium = reader.page.get_by_role("listitem").filter(has=reader.page.get_by_text("consortium", exact=True)).first
    await consortium.get_by_text("个字段").first.click()
    await expect(consortium.get_by_text("max_partners", exact=True)).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
async def test_a_page_about_the_contracts_keeps_nobody_out_and_fits_the_window(
    browser: Browser, address: str, name: str, width: int
) -> None:
    async with visiting(browser, address, width, color_scheme="dark" if width == 390 else "light") as reader:
        await reader.open(PAGES[name])
        assert await reader.barriers() == []
        assert not await reader.overflows()
        await reader.take_picture(name)


async def test_a_look_at_the_pages_passes_what_is_well_and_names_what_is_not(
    browser: Browser, gateway: Gateway, address: str
) -> None:
    await look_at(browser, address, ["/docs/"])
    gateway.fresh()  # what it asks answers at once, and nothing that a page can read
    with pytest.raises(AssertionError, match="/search"):
        await look_at(browser, address, ["/search"])


async def test_whoever_scans_a_login_with_something_else_is_led_to_wechat_and_the_code_stays_nowhere(
    browser: Browser, address: str
) -> None:
    async with visiting(browser, address, 390) as phone:
        await phone.open("/scan?code=BCDF-GHJK")
        await expect(phone.page.get_by_role("heading", level=1)).to_have_text("请用微信扫一扫打开小程序")
        await expect(phone.page).to_have_url(f"{address}/scan")
        assert "BCDF" not in await phone.page.content()
        assert await phone.barriers() == []
        assert not await phone.overflows()
        await phone.take_picture("scan")
