"""The page where a clerk uploads a file, and the receipt that it leads to."""

from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Download, Locator, expect

from tests.web.desk import PATIENCE_MS, Desk


@dataclass(frozen=True)
class UploadPage:
    """Of whoever sits at this desk."""

    desk: Desk

    @property
    def form(self) -> Locator:
        return self.desk.page.get_by_role("form", name="上传文件")

    @property
    def receipt(self) -> Locator:
        return self.desk.page.get_by_role("article")

    async def open(self) -> None:
        await self.desk.go("数据批次")
        await self.desk.page.get_by_role("link", name="上传文件").click()
        await expect(self.desk.heading).to_have_text("上传文件")

    async def choose(self, label: str, option: str) -> None:
        await self.form.get_by_role("combobox", name=label).click()
        await self.desk.page.locator(".ant-select-item-option").get_by_text(option, exact=True).click()

    async def give(self, name: str, content: bytes, folder: Path) -> None:
        """Chooses the file that the clerk has."""
        file = folder / name
        file.write_bytes(content)
        await self.form.get_by_label("要上传的文件").set_input_files(file)
        await expect(self.form.get_by_text(name)).to_be_visible()

    async def send(self, button: str) -> None:
        """Until the receipt is there."""
        await self.form.get_by_role("button", name=button).click()
        await expect(self.desk.heading).to_contain_text("回执", timeout=PATIENCE_MS)

    async def becomes(self, state: str) -> None:
        await expect(self.receipt.get_by_text(state, exact=True)).to_be_visible(timeout=PATIENCE_MS)
        await self.desk.visitor.settled()

    async def download(self, button: str) -> Download:
        async with self.desk.page.expect_download() as started:
            await self.desk.page.get_by_role("button", name=button).click()
        return await started.value
