"""What the portal costs its visitors: the first page over a system with the sample data in it."""

import asyncio

from tests.cities import pushed_once
from tests.stack import Stack
from tests.web.browser import started
from tests.web.weighing import FirstPage, first_page


def measure() -> FirstPage:
    """The second visit of two: the first one finds the system cold."""
    with Stack(replicas={"search": 2}) as stack:
        stack.run("huning", "accounts", "seed")
        pushed_once(stack)
        return asyncio.run(_measured(stack.base_url))


async def _measured(base_url: str) -> FirstPage:
    async with started() as browser:
        await first_page(browser, base_url)
        return await first_page(browser, base_url)
