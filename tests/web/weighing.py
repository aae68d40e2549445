"""What the first page costs somebody who was never here: bytes as they are sent, and the time until there is something to see."""

from dataclasses import dataclass

from playwright.async_api import Browser, Request

from tests.web.pages import Home
from tests.web.visitor import visiting


@dataclass(frozen=True)
class FirstPage:
    """`sent` are bytes of programs, styles and pictures; the answers of the API are not among them."""

    sent: int
    first_content_ms: float


async def first_page(browser: Browser, base_url: str) -> FirstPage:
    """The home page in a browser with an empty cache."""
    async with visiting(browser, base_url) as visitor:
        sent: list[int] = []

        async def weigh(request: Request) -> None:
            if "/api/" not in request.url:
                sizes = await request.sizes()
                sent.append(sizes["responseBodySize"] + sizes["responseHeadersSize"])

        visitor.page.on("requestfinished", weigh)
        await Home(visitor).open()
        first = await visitor.page.evaluate(
            "performance.getEntriesByType('paint').find(each => each.name === 'first-contentful-paint').startTime"
        )
    return FirstPage(sum(sent), float(first))
