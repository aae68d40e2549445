"""A hostile site in a real browser, beside a company that is logged in: it frames nothing, writes nothing, reads nothing."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.async_api import Browser, Page, expect

from tests.stack import Stack
from tests.web.desk import Desk
from tests.web.visitor import visiting

ATTEMPTS = """async base => {
    const api = base + "/api/v1/";
    const own = {"X-Requested-With": "huning-web", "Content-Type": "application/json", "Idempotency-Key": "evil-1"};
    const tried = {};
    for (const path of ["accounts/refresh", "accounts/logout", "accounts/act-as", "accounts/logout-all", "challenges"])
        for (const [how, options] of Object.entries({
            simple: {method: "POST", mode: "no-cors", body: "{}", headers: {"Content-Type": "text/plain"}},
            asking: {method: "POST", mode: "cors", body: "{}", headers: own},
        }))
            tried[path + " " + how] = await fetch(api + path, {credentials: "include", ...options})
                .then(answer => answer.type, error => error.name);
    tried.read = await fetch(api + "accounts/me", {credentials: "include"}).then(answer => answer.type, error => error.name);
    return tried;
}"""
FORM = """([base, path]) => {
    const form = document.createElement("form");
    Object.assign(form, {method: "POST", action: base + "/api/v1/" + path, enctype: "text/plain", target: "_self"});
    const field = document.createElement("input");
    Object.assign(field, {name: '{"x":"', value: '"}'});
    form.append(field);
    document.body.append(form);
    form.submit();
}"""


class _Hostile(BaseHTTPRequestHandler):
    """A page of another site, which shows ours in a frame."""

    def __init__(self, framed: str, *given: object) -> None:
        self._framed = framed
        super().__init__(*given)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        page = f'<!doctype html><title>hostile</title><iframe name="ours" src="{self._framed}"></iframe>'.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_: object) -> None:
        """Nobody wants to read this."""


@contextmanager
def hostile_site(framed: str) -> Iterator[int]:
    """Its port; it is at 127.0.0.1 (the same site for a browser, another origin) and at localhost (another site)."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Hostile, framed))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
async def desk(browser: Browser, stack: Stack) -> AsyncIterator[Desk]:
    async with visiting(browser, stack.base_url) as visitor:
        yield Desk(visitor)


async def session_of(desk: Desk) -> str:
    """The cookie that the browser keeps."""
    cookies = await desk.page.context.cookies()
    return next(each["value"] for each in cookies if each["name"].endswith("huning-refresh"))


async def attack(page: Page, ours: str, port: int, host: str) -> None:
    await page.goto(f"http://{host}:{port}/")
    tried = await page.evaluate(ATTEMPTS, ours)
    assert {answer for how, answer in tried.items() if how.endswith("asking")} == {"TypeError"}, tried
    assert tried["read"] == "TypeError"
    for path in ("accounts/refresh", "accounts/logout", "accounts/act-as", "accounts/logout-all"):
        await page.goto(f"http://{host}:{port}/")
        async with page.expect_navigation():
            await page.evaluate(FORM, [ours, path])
        refused = await page.inner_text("body")
        assert any(code in refused for code in ("csrf_refused", "token_missing", "wrong_content_type")), refused


async def test_a_hostile_site_writes_nothing_with_the_cookie_of_whoever_visits_it(desk: Desk, stack: Stack) -> None:
    await desk.log_in("company-taizhou", "/account")
    before = await session_of(desk)
    with hostile_site(stack.base_url) as port:
        evil = await desk.page.context.new_page()
        for host in ("127.0.0.1", "localhost"):
            await attack(evil, stack.base_url, port, host)
        await evil.close()
    assert await session_of(desk) == before
    await desk.page.reload()
    await expect(desk.heading).to_have_text("我的账号")
    await expect(desk.page.get_by_role("article")).to_contain_text("代表单位")


async def test_no_page_of_ours_is_shown_in_a_frame_of_another_site(browser: Browser, stack: Stack) -> None:
    context = await browser.new_context()
    page = await context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    for path in ("/", "/account", "/api/v1/labels"):
        said.clear()
        with hostile_site(f"{stack.base_url}{path}") as port:
            await page.goto(f"http://localhost:{port}/")
            frame = page.frame("ours")
            assert frame is not None
            while not any("frame-ancestors" in each for each in said):
                await asyncio.sleep(0.05)
            assert await frame.locator("h1").count() == 0, path
    await context.close()
