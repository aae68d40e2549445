"""Whatever a title holds, it is text: on every page, as the API may answer it one day."""

from typing import Any

import pytest
from playwright.async_api import Browser, Route, expect

from tests.stack import Stack
from tests.web.visitor import WIDTHS, visiting

MARKUP = '<img src=x onerror="window.harmed=1"><script>window.harmed=1</script>\'"&amp;{{7*7}}'
RIGHT_TO_LEFT = "\u202eجنان\u2067سوتشو\u200f גבול\u202e abc"
LONG = "长" * 5_000 + "w" * 5_000
HOSTILE = [
    pytest.param(MARKUP, id="markup"),
    pytest.param(RIGHT_TO_LEFT, id="right-to-left", marks=pytest.mark.slow),
    pytest.param(LONG, id="long", marks=pytest.mark.slow),
]
_TEXTS = {
    "title",
    "summary",
    "name",
    "text",
    "public_summary",
    "problem",
    "address",
    "detail",
    "target",
    "test_method",
    "body",
    "nickname",
    "message",
}


def hostile(body: Any, text: str) -> Any:
    """The answer with this text for everything that somebody wrote; a highlight as the API would make it."""
    if isinstance(body, list):
        return [hostile(each, text) for each in body]
    if not isinstance(body, dict):
        return body
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    return {
        key: text
        if key in _TEXTS and isinstance(value, str)
        else f"…<em>{escaped}</em>…"
        if key == "highlight"
        else hostile(value, text)
        for key, value in body.items()
    }


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("text", HOSTILE)
async def test_a_hostile_text_harms_nothing_on_any_page(
    browser: Browser, stack: Stack, challenge_id: str, text: str, width: int
) -> None:
    async def answering(route: Route) -> None:
        answer = await route.fetch()
        await route.fulfill(response=answer, json=hostile(await answer.json(), text))

    async with visiting(browser, stack.base_url, width) as visitor:
        visitor.refused.add("/api/v1/")
        await visitor.page.route("**/api/v1/**", answering)
        record = (await (await visitor.page.request.get(f"{stack.base_url}/api/v1/search?type=record&limit=1")).json())[
            "items"
        ][0]["id"]
        for path in ("/", "/search", f"/items/{record}", f"/challenges/{challenge_id}", "/challenges/none"):
            await visitor.open(path)
            await expect(visitor.page.get_by_text(text[:20].strip()).first).to_be_attached()
            assert await visitor.page.evaluate("window.harmed") is None
            assert await visitor.page.locator("main img, main script").count() == 0
            assert not await visitor.overflows(), path


async def test_what_was_written_into_an_address_is_text_too(browser: Browser, stack: Stack) -> None:
    async with visiting(browser, stack.base_url) as visitor:
        await visitor.open("/search?q=%3Cimg%20src%3Dx%20onerror%3D%22window.harmed%3D1%22%3E")
        await expect(visitor.page.get_by_role("heading", level=1)).to_contain_text("<img src=x")
        assert await visitor.page.evaluate("window.harmed") is None


async def test_the_browser_itself_refuses_script_and_markup_that_a_page_would_let_in(
    browser: Browser, stack: Stack
) -> None:
    async with visiting(browser, stack.base_url) as visitor:
        await visitor.open("/nowhere")
        refused = await visitor.page.evaluate(
            """() => { try { document.body.innerHTML = "<img src=x onerror='window.harmed=1'>"; return "let in" }
                       catch (error) { return error.name } }"""
        )
        assert refused == "TypeError"
        await visitor.page.evaluate(
            """() => { const script = document.createElement("script"); script.append("window.harmed=1");
                       try { document.body.append(script) } catch {} }"""
        )
        assert await visitor.page.evaluate("window.harmed") is None
        assert visitor.complaints
        visitor.complaints.clear()
