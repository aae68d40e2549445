"""A clerk brings a list: it is tried, corrected by what the platform marks in it, signed off and pushed for good."""

from pathlib import Path

import httpx2
import pytest
from openpyxl import load_workbook
from playwright.async_api import expect

from tests.client import Api
from tests.services.sync.corpus.workbook import one_sheet
from tests.web.desk import PATIENCE_MS, Desk
from tests.web.test_console_by_role import is_sound
from tests.web.uploading import UploadPage

HEADER = ("平台编号", "平台名称", "联系电话")
SOUND = (("upload-1", "常州石墨烯检测平台", "0519-88888888"), ("upload-2", "常州轨道交通中试线", "0519-66666666"))
FAULTY = (SOUND[0], ("upload-2", "常州轨道交通中试线", "5.1E+10"))


async def test_a_clerk_tries_a_list_corrects_it_signs_it_off_and_pushes_it(
    desk: Desk, api: Api, tmp_path: Path
) -> None:
    page = UploadPage(desk)
    await desk.log_in("operator-changzhou")
    await page.open()
    await page.choose("类别", "创新平台")
    await page.give("清单.xlsx", one_sheet(HEADER, *FAULTY), tmp_path)
    await desk.visitor.settled()
    await page.send("上传并试运行")
    await desk.page.reload()
    await page.becomes("已核验")
    counts = desk.page.get_by_role("list", name="各种结论的行数")
    await counts.get_by_role("link", name="拒绝").click()
    await expect(desk.page.get_by_role("table", name="各行的结论")).to_contain_text("upload-2")
    marked = await page.download("下载标注后的工作簿")
    assert marked.suggested_filename == "标注-清单.xlsx"
    await marked.save_as(tmp_path / "marked.xlsx")
    assert load_workbook(tmp_path / "marked.xlsx")["清单"]["C3"].comment is not None

    await page.open()
    await page.choose("类别", "创新平台")
    await page.give("清单.xlsx", one_sheet(HEADER, *SOUND), tmp_path)
    await page.send("上传并试运行")
    await page.becomes("已核验")
    assert (await page.download("下载核验单（Excel，供签字）")).suggested_filename.endswith(".xlsx")
    tried = desk.page.url
    await desk.confirm("正式推送")
    await expect(desk.page).not_to_have_url(tried, timeout=PATIENCE_MS)
    await page.becomes("已入库")
    await expect(page.receipt).to_contain_text("各行结论与试运行相同")
    record = api.visitor.get("sync/records/changzhou/platform/upload-2").expect(200)
    assert record["title"] == "常州轨道交通中试线"


@pytest.mark.slow
async def test_the_pages_of_an_upload_are_sound_by_day_and_by_night_on_a_desk_and_a_telephone(
    desk: Desk, tmp_path: Path
) -> None:
    page = UploadPage(desk)
    await desk.log_in("operator-zhenjiang", "/console/batches/upload")
    await page.choose("类别", "创新平台")
    await page.give("清单.xlsx", one_sheet(HEADER, *FAULTY), tmp_path)
    await page.form.get_by_text("文字编码、字段映射").click()
    await is_sound(desk.visitor, "upload")
    await page.send("上传并试运行")
    await page.becomes("已核验")
    await is_sound(desk.visitor, "upload-receipt")


async def test_a_file_that_cannot_be_taken_is_refused_in_the_platforms_words(desk: Desk, tmp_path: Path) -> None:
    page = UploadPage(desk)
    await desk.log_in("operator-changzhou", "/console/batches/upload")
    desk.visitor.refused.add("/sync/uploads")
    await page.choose("类别", "创新平台")
    await page.give("清单.xls", b"\xd0\xcf\x11\xe0", tmp_path)
    await page.form.get_by_role("button", name="上传并试运行").click()
    await expect(page.form.get_by_role("alert")).to_contain_text("不认识 清单.xls 的格式")


async def test_the_template_of_a_kind_is_a_link(desk: Desk) -> None:
    page = UploadPage(desk)
    await desk.log_in("operator-changzhou", "/console/batches/upload")
    await page.choose("类别", "仪器设备")
    link = page.form.get_by_role("link", name="下载“仪器设备”模板")
    address = await link.get_attribute("href")
    answer = httpx2.get(f"{desk.visitor.base_url}{address}", trust_env=False)
    assert answer.headers["content-type"].endswith("spreadsheetml.sheet")


async def test_what_a_change_changes_is_shown_field_by_field(desk: Desk, tmp_path: Path) -> None:
    page = UploadPage(desk)
    await desk.log_in("operator-changzhou", "/console/batches/upload")
    for title in ("常州碳纤维平台", "常州碳纤维中试平台"):
        await page.open()
        await page.choose("类别", "创新平台")
        await page.give("变更.csv", f"平台编号,平台名称\r\nupload-3,{title}\r\n".encode(), tmp_path)
        await page.form.get_by_role("checkbox").uncheck()
        await page.send("上传并推送")
        await page.becomes("已入库")
    row = desk.row("upload-3")
    await expect(row.locator("del")).to_have_text("常州碳纤维平台")
    await expect(row.locator("ins")).to_have_text("常州碳纤维中试平台")
