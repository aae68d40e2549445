"""The page that lets a browser in without a phone: plain, in Chinese, and nothing from elsewhere."""

import re
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI, Request, Response

from deploy.local.wechat.app import build
from deploy.local.wechat.settings import StandInSettings
from deploy.local.wechat.tests.conftest import AES_KEY, APPID, SECRET, TOKEN, serving
from services.accounts import sample_accounts as sample

LOGIN = {"user_code": "BCDF-GHJK", "browser": "Windows · Chrome", "address_masked": "127.0.0.*"}


class Platform:
    """Accounts as far as the page uses it; remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, str]] = []
        self.refuses = False

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.api_route("/{path:path}", methods=["GET", "POST"])
        async def answer(request: Request, path: str) -> Any:
            who = request.headers.get("authorization", "")
            self.asked.append((request.method, path.removeprefix("api/v1/accounts/"), who))
            if path.endswith("wechat-login"):
                return {"access_token": (await request.json())["code"]}
            if self.refuses:
                return Response('{"detail": "登录请求不存在。"}', 404, media_type="application/problem+json")
            return LOGIN

        return app


async def click(tmp_path: Path, platform: Platform, **form: str) -> httpx2.Response:
    async with serving(platform.app()) as gateway:
        settings = StandInSettings(
            home=tmp_path,
            wechat_appid=APPID,
            wechat_secret=SECRET,
            wechat_token=TOKEN,
            wechat_aes_key=AES_KEY,
            public_url=gateway,
        )
        async with serving(build(settings)) as url, httpx2.AsyncClient(base_url=url, trust_env=False) as browser:
            if form:
                return await browser.post("/login", data=form)
            return await browser.get("/login", params={"code": "BCDF-GHJK"})


async def test_the_page_shows_every_loaded_account_and_the_code(tmp_path: Path) -> None:
    page = await click(tmp_path, Platform())
    names = re.findall(r'<button name="account" value="([^"]+)"', page.text)
    assert sorted(names) == sorted(each.name for each in sample.accounts())
    assert 'value="BCDF-GHJK"' in page.text
    assert "苏州 · 城市运营人员（监督）" in page.text
    assert "<script" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]


async def test_one_click_does_what_the_mini_program_would(tmp_path: Path) -> None:
    platform = Platform()
    page = await click(tmp_path, platform, code="BCDF-GHJK", account="company-suzhou")
    assert (page.status_code, "company-suzhou 已登录到 Windows · Chrome（127.0.0.*）" in page.text) == (200, True)
    token = "Bearer code:company-suzhou"
    assert platform.asked == [
        ("POST", "wechat-login", ""),
        ("GET", "device-logins/BCDF-GHJK", token),
        ("POST", "device-logins/BCDF-GHJK/approve", token),
    ]


async def test_what_the_platform_says_no_to_is_shown_in_its_words(tmp_path: Path) -> None:
    platform = Platform()
    platform.refuses = True
    page = await click(tmp_path, platform, code="BCDF-GHJK", account="company-suzhou")
    assert (page.status_code, "登录请求不存在。" in page.text) == (409, True)


@pytest.mark.parametrize("code", ['"><img src=x onerror=alert(1)>', "../me", ""])
async def test_a_code_that_is_none_harms_nothing(tmp_path: Path, code: str) -> None:
    platform = Platform()
    platform.refuses = True
    page = await click(tmp_path, platform, code=code, account="company-suzhou")
    assert page.status_code == 409
    assert "<img" not in page.text
    assert all(path.startswith(("wechat-login", "device-logins/")) for _, path, _ in platform.asked)
