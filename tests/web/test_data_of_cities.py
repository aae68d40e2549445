"""What people do about the cities' data: look how fresh it is, object to a record, answer, and look at what a record was."""

import pytest
from playwright.async_api import Browser, expect

from tests.client import Api, Someone, until
from tests.services.sync.pushing import NDJSON, announced, body_of, row
from tests.stack import Stack
from tests.web.desk import Desk
from tests.web.mine import Member
from tests.web.visitor import WIDTHS, visiting

CODE = "91321100MA1MTECT74"
RECORD = "zhenjiang/service/service-1"


def pushed(operator: Someone, address: str) -> None:
    """One record of Zhenjiang's, with this address."""
    organization = {"name": "镇江知识产权服务中心", "credit_code": CODE}
    rows = [row("service-1", title="镇江知识产权服务中心", address=address, organization=organization)]
    told = announced(rows, jurisdiction="zhenjiang", kind="service")
    path = f"sync/batches/{operator.post('sync/batches', json=told).expect(201)['id']}"
    operator.put(f"{path}/parts/0", content=body_of(rows), headers=NDJSON).expect(200)
    operator.post(f"{path}/commit").expect(202)
    until(lambda: operator.get(path).expect(200)["state"] == "applied")


async def test_somebody_objects_to_a_record_its_city_corrects_it_and_both_see_it(
    browser: Browser, stack: Stack, desk: Desk, api: Api
) -> None:
    operator = api.as_("operator-zhenjiang")
    pushed(operator, "京口区旧路 1 号")
    async with visiting(browser, stack.base_url) as visitor:
        member = Member(visitor)
        await member.begin("objector-at-the-portal", f"/items/{RECORD}")
        box = member.page.get_by_role("region", name="数据异议")
        await box.get_by_role("button", name="对此数据提出异议").click()
        await member.dialog.get_by_label("哪里有误，应当是什么（必填）").fill("已迁至京口区新路 2 号")
        await member.dialog.get_by_label("联系电话（选填，只有发布城市能看到）").fill("13812345678")
        assert await visitor.barriers() == []
        await member.button("提交异议").click()
        await expect(box).to_contain_text("待答复")

        await desk.log_in("operator-zhenjiang")
        await desk.page.get_by_role("link", name="待答复的数据异议").click()
        await desk.page.get_by_role("link", name="镇江知识产权服务中心").click()
        await expect(desk.page.get_by_role("article")).to_contain_text("13812345678")
        pushed(operator, "京口区新路 2 号")
        await desk.confirm("已更正", "地址已更新")
        await expect(desk.page.get_by_role("article")).to_contain_text("已更正")

        await member.page.reload()
        await expect(box).to_contain_text("地址已更新")
        await box.page.get_by_role("link", name=CODE).click()
        await expect(member.page.get_by_role("list", name="各市的记录")).to_contain_text("镇江知识产权服务中心")
        await visitor.open("/objections")
        await expect(member.page.get_by_role("list", name="我的异议")).to_contain_text("已更正")
        phone = api.as_("objector-at-the-portal")
        until(
            lambda: [each for each in phone.get("notifications/inbox").expect(200)["items"] if "异议" in each["title"]]
        )

    await desk.page.get_by_role("link", name="查看该记录及其历史").click()
    history = desk.page.get_by_role("table", name="历史版本")
    await expect(history).to_contain_text("京口区旧路 1 号 → 京口区新路 2 号")
    assert await desk.visitor.barriers() == []


async def test_an_operator_learns_that_a_colleague_has_answered_an_objection(desk: Desk, api: Api) -> None:
    colleague = api.as_("operator-zhenjiang")
    pushed(colleague, "京口区旧路 3 号")
    said = {"record_id": RECORD, "statement": "已迁至京口区新路 4 号"}
    objection = api.as_("objector-beside-them").post("sync/objections", json=said).expect(201)["id"]
    await desk.log_in("operator-zhenjiang", f"/console/objections/{objection}")
    await desk.page.get_by_role("button", name="不予更正").click()
    asked = desk.page.get_by_role("dialog", name="不予更正")
    await asked.get_by_role("textbox").fill("地址无误")
    answer = {"outcome": "corrected", "reason": "地址已更新"}
    colleague.post(f"sync/objections/{objection}/answer", json=answer).expect(200)
    desk.visitor.refused.add("/answer")
    await asked.get_by_role("button", name="不予更正").click()
    await expect(asked.get_by_role("region", name="两个版本")).to_contain_text("地址已更新")
    await asked.get_by_role("button", name="按现在的版本继续").click()
    await expect(desk.page.get_by_role("article")).to_contain_text("地址已更新")
    await expect(desk.page.get_by_role("button", name="不予更正")).to_have_count(0)


async def test_an_operator_sets_how_often_a_list_is_expected(desk: Desk, api: Api) -> None:
    pushed(api.as_("operator-zhenjiang"), "京口区")
    await desk.log_in("operator-zhenjiang", "/console/freshness")
    await expect(desk.page.get_by_role("region", name="各市各类数据的新鲜度")).to_contain_text("今天")
    await desk.page.get_by_role("link", name="镇江的更新周期").click()
    await desk.page.get_by_role("spinbutton", name="服务机构").fill("7")
    await desk.page.get_by_role("button", name="保存").click()
    await expect(desk.page.get_by_text("已保存")).to_be_visible()
    cities = api.visitor.get("sync/jurisdictions?limit=100").expect(200)["items"]
    lists = next(each["kinds"] for each in cities if each["jurisdiction"] == "zhenjiang")
    assert next(each["expected_days"] for each in lists if each["kind"] == "service") == 7


async def test_an_operator_joins_two_codes_of_one_organisation_and_parts_them(desk: Desk, api: Api) -> None:
    one, other = "91321100MA1MTECT9A", "91321100MA1MTECT87"
    organizations = [
        {"name": "镇江某研究院", "credit_code": one},
        {"name": "镇江某研究院有限公司", "credit_code": other},
    ]
    rows = [row(f"joined-{at}", title=f"研究院平台 {at}", organization=each) for at, each in enumerate(organizations)]
    told = announced(rows, jurisdiction="zhenjiang", kind="platform")
    operator = api.as_("operator-zhenjiang")
    path = f"sync/batches/{operator.post('sync/batches', json=told).expect(201)['id']}"
    operator.put(f"{path}/parts/0", content=body_of(rows), headers=NDJSON).expect(200)
    operator.post(f"{path}/commit").expect(202)
    until(lambda: operator.get(path).expect(200)["state"] == "applied")

    await desk.log_in("operator-zhenjiang", "/console/joined")
    await desk.page.get_by_role("textbox", name="统一社会信用代码").fill(other)
    await desk.page.get_by_role("button", name="查看").click()
    await expect(desk.heading).to_have_text("镇江某研究院有限公司")
    await desk.page.get_by_role("textbox", name="并入另一个统一社会信用代码").fill(one)
    await desk.confirm("并入", "更名前后")
    await expect(desk.heading).to_have_text("镇江某研究院")
    await expect(desk.page.get_by_role("table", name="记录")).to_contain_text("研究院平台 0")
    assert await desk.visitor.barriers() == []
    await desk.confirm("撤销归并", "不是同一单位")
    await expect(desk.heading).to_have_text("镇江某研究院有限公司")
    await expect(desk.page.get_by_role("table", name="归并历史")).to_contain_text("不是同一单位")


@pytest.mark.slow
async def test_the_pages_about_the_cities_data_keep_nobody_out_and_fit_the_window(
    browser: Browser, stack: Stack, api: Api
) -> None:
    pushed(api.as_("operator-zhenjiang"), "京口区")
    for width in WIDTHS:
        async with visiting(browser, stack.base_url, width, reduced_motion="reduce") as visitor:
            member = Member(visitor)
            await member.begin("operator-zhenjiang", "/freshness")
            for name, path in {
                "freshness": "/freshness",
                "record-with-objection": f"/items/{RECORD}",
                "organization": f"/organizations/{CODE}",
                "objections-own": "/objections",
                "console-freshness": "/console/freshness",
                "console-rhythm": "/console/freshness/zhenjiang",
                "console-objections": "/console/objections?state=all",
                "console-joined": "/console/joined",
                "console-organization": f"/console/joined/{CODE}",
                "console-records": "/console/records",
                "console-record": f"/console/records/{RECORD}",
            }.items():
                await visitor.open(path)
                assert await visitor.barriers() == [], (path, width)
                assert not await visitor.overflows(), (path, width)
                await visitor.take_picture(name)
