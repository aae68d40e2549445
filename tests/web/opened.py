"""`python -m tests.web.opened ADDRESS`: the pages of a running system in a real browser, for `make compose-check`.

Fails on what fails a journey: no heading, an error or a broken policy, a request to another host, a barrier.
"""

import asyncio
import sys
from collections.abc import Iterable

from playwright.async_api import Browser

from tests.web.browser import started
from tests.web.visitor import visiting

PAGES = ("/", "/search?q=大学", "/docs/")


async def look_at(browser: Browser, address: str, paths: Iterable[str] = PAGES) -> None:
    """AssertionError with what is wrong with the first page that is not well."""
    for path in paths:
        async with visiting(browser, address) as visitor:
            await visitor.open(path)
            assert await visitor.barriers() == [], path
            fault = visitor.page.get_by_role("alert")
            assert await fault.count() == 0, f"{path}: {await fault.first.inner_text()}"


async def _main(address: str) -> None:
    async with started() as browser:
        await look_at(browser, address)


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1]))
