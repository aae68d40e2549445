"""`make pictures`: the pictures in the READMEs and in the clerks' guide, taken anew from a system with the sample data."""

import asyncio
import tempfile
from pathlib import Path

from playwright.async_api import Browser
from rich.console import Console

from tests.cities import pushed_once
from tests.clerk import Clerk
from tests.client import Api, until
from tests.stack import Stack
from tests.web import guide_pictures
from tests.web.browser import started
from tests.web.desk import Desk
from tests.web.visitor import visiting

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
_WIDTH = 1440
_CHALLENGES = {
    "putuo": "低空巡检无人机长航时电源",
    "suzhou": "高精度谐波减速器寿命提升",
    "changzhou": "固态电池界面阻抗降低",
    "nantong": "深水导管架疲劳监测",
}


def main() -> None:
    """Writes them into docs/pictures."""
    with Console(stderr=True).status("启动、载入样例数据、拍照"), Stack(replicas={"search": 2}) as stack:
        stack.run("huning", "accounts", "seed")
        api = Api(stack.base_url)
        pushed_once(stack)
        for city, title in _CHALLENGES.items():
            published = api.publish(title, city, disclosure="full")
            until(lambda published=published: api.visitor.get(f"search/items/{published}").status == 200)  # type: ignore[misc]
        with tempfile.TemporaryDirectory() as desk:
            clerk = Clerk(stack, api, Path(desk))
            clerk.follow()
            asyncio.run(_take(stack.base_url, clerk))


async def _take(base_url: str, clerk: Clerk) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    async with started() as browser:
        await _portal(browser, base_url)
        await _console(browser, base_url)
        await guide_pictures.take(clerk, browser, FOLDER)


async def _portal(browser: Browser, base_url: str) -> None:
    async with visiting(browser, base_url, _WIDTH, reduced_motion="reduce") as visitor:
        await visitor.open("/")
        await visitor.page.screenshot(path=FOLDER / "portal.png")


async def _console(browser: Browser, base_url: str) -> None:
    async with visiting(browser, base_url, _WIDTH, reduced_motion="reduce") as visitor:
        await Desk(visitor).log_in("operator-alliance")
        await visitor.page.screenshot(path=FOLDER / "console.png")


if __name__ == "__main__":
    main()
