"""A browser in front of the whole system, with the eight cities' files in it."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser

from tests.cities import Receipts
from tests.client import Api, until
from tests.stack import Stack
from tests.web.browser import started
from tests.web.desk import Desk
from tests.web.visitor import Visitor, visiting

TITLE = "固态电池界面阻抗降低"


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with started() as running:
        yield running


@pytest.fixture(scope="session")
def challenge_id(stack: Stack, api: Api, first_receipts: Receipts) -> str:
    """A published challenge that search shows, on top of the cities' files."""
    published = api.publish(TITLE, "changzhou", disclosure="full")
    for name in ("search", "search-2"):
        replica = Api(stack.address(name))
        until(lambda replica=replica: replica.visitor.get(f"search/items/{published}").status == 200)  # type: ignore[misc]
        replica.close()
    return published


@pytest.fixture
async def visitor(browser: Browser, stack: Stack, challenge_id: str) -> AsyncIterator[Visitor]:
    """Somebody at a desk, at a system with something in it."""
    async with visiting(browser, stack.base_url) as someone:
        yield someone


@pytest.fixture
async def desk(browser: Browser, stack: Stack) -> AsyncIterator[Desk]:
    """Somebody at a desk who may log in."""
    async with visiting(browser, stack.base_url) as someone:
        yield Desk(someone)
