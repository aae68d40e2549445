"""Somebody at a browser, and everything about their visit that may not happen on any page."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Browser, ConsoleMessage, Page, Request

from deploy.local import web

PICTURES = Path(__file__).parents[2] / "build" / "pictures"
WIDTHS = {1440: 900, 390: 844}
"""Of a desk's screen and of a telephone's, with their heights."""

_AXE = web.WEB / "node_modules" / "axe-core" / "axe.min.js"
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_AT_REST = """() => document.getAnimations().every(
  (each) => each.playState !== "running" || each.effect.getComputedTiming().iterations === Infinity
)"""
_SERIOUS = ("serious", "critical")


@dataclass
class Visitor:
    """One browser window of its own: no cookies, an empty cache, far from Shanghai's time."""

    page: Page
    base_url: str
    complaints: list[str] = field(default_factory=list)
    """What the browser said of the pages: broken policies, errors, warnings, requests to others."""
    waiting: set[Request] = field(default_factory=set)
    """Requests without an answer yet."""
    refused: set[str] = field(default_factory=set)
    """Parts of addresses whose refusal is what a test is about: the browser notes those as errors."""

    async def open(self, path: str) -> None:
        """Goes there and waits until the page has said all that it has to say."""
        await self.page.goto(f"{self.base_url}{path}")
        await self.settled()

    async def settled(self) -> None:
        """Once there is a heading, and no answer is waited for."""
        await self.page.locator("h1").first.wait_for()
        while True:
            # What has been answered may ask on as soon as it is drawn.
            await self.page.evaluate("() => new Promise(drawn => requestAnimationFrame(() => setTimeout(drawn)))")
            if not self.waiting:
                return
            await asyncio.sleep(0.02)

    def watch(self) -> None:
        """From now on nothing that the browser says goes unheard."""
        self.page.on("console", self.hears)
        self.page.on("pageerror", lambda error: self.complaints.append(f"thrown on {self.page.url}: {error}"))
        self.page.on("request", self.asks)
        self.page.on("requestfinished", self.has_been_answered)
        self.page.on("requestfailed", self.has_been_answered)

    def hears(self, message: ConsoleMessage) -> None:
        address = message.location.get("url", "")
        expected = message.text.startswith("Failed to load resource") and any(part in address for part in self.refused)
        if message.type in ("error", "warning") and not expected:
            self.complaints.append(f"{message.type} on {self.page.url}: {message.text}")

    def asks(self, request: Request) -> None:
        self.waiting.add(request)
        if not request.url.startswith((self.base_url, "data:", "blob:")):
            self.complaints.append(f"{self.page.url} asks {urlsplit(request.url).netloc}: {request.url}")

    def has_been_answered(self, request: Request) -> None:
        self.waiting.discard(request)

    async def barriers(self) -> list[str]:
        """What axe finds on this page that keeps people out. What fades in is looked at once it is there."""
        await self.page.wait_for_function(_AT_REST)
        await self.page.evaluate(_AXE.read_text())
        options = {"runOnly": _RULES, "resultTypes": ["violations"]}
        found: dict[str, Any] = await self.page.evaluate("options => axe.run(document, options)", options)
        return [
            f"{each['id']} ({each['impact']}): {node['html'][:200]} {node['failureSummary']}"
            for each in found["violations"]
            if each["impact"] in _SERIOUS
            for node in each["nodes"]
        ]

    async def overflows(self) -> bool:
        """Whether the page is wider than the window."""
        return bool(await self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))

    async def take_picture(self, name: str) -> None:
        """Of the whole page, for people to look at."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        width = await self.page.evaluate("window.innerWidth")
        await self.page.screenshot(path=PICTURES / f"{name}-{width}.png", full_page=True)


@asynccontextmanager
async def visiting(browser: Browser, base_url: str, width: int = 1440, **options: Any) -> AsyncIterator[Visitor]:
    """A visit. AssertionError at its end with whatever the browser had to complain of."""
    context = await browser.new_context(
        viewport={"width": width, "height": WIDTHS.get(width, 900)},
        locale="zh-CN",
        timezone_id="America/New_York",
        **options,
    )
    page = await context.new_page()
    visitor = Visitor(page, base_url)
    visitor.watch()
    try:
        yield visitor
        assert visitor.complaints == []
    finally:
        await context.close()
