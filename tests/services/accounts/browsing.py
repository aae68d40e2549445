"""A browser at accounts: it asks to be let in, somebody approves on their phone, and it keeps its cookie."""

from collections.abc import Callable
from typing import Any

import httpx2

from services.accounts.sessions.cookies import RefreshCookie
from shared.values.ids import new_id

Door = Callable[[], httpx2.AsyncClient]
NAME = RefreshCookie(secure=False).name
OWN_PAGE = {"x-requested-with": "huning"}


async def ask(browser: httpx2.AsyncClient) -> dict[str, Any]:
    """A login that waits."""
    answer = await browser.post("device-logins", json={})
    assert answer.status_code == 201, answer.text
    login: dict[str, Any] = answer.json()
    return login


async def approved(door: Door, login: dict[str, Any], name: str = "somebody") -> None:
    """The phone of this person approves it."""
    async with door() as phone:
        token = (await phone.post("wechat-login", json={"code": f"code:{name}"})).json()["access_token"]
        headers = {"authorization": f"Bearer {token}", "idempotency-key": new_id()}
        answer = await phone.post(f"device-logins/{login['user_code']}/approve", json={}, headers=headers)
    assert answer.status_code == 200, answer.text


async def collect(
    browser: httpx2.AsyncClient, login: dict[str, Any], *, cookie: bool = True, **more: Any
) -> httpx2.Response:
    """What the browser is answered when it asks for its tokens."""
    body = {"device_code": login["device_code"], "cookie": cookie, **more}
    return await browser.post("device-logins/token", json=body, headers=OWN_PAGE)


async def asked_for_code(door: Door, browser: httpx2.AsyncClient, name: str) -> tuple[dict[str, Any], str]:
    """A login of this person that was approved, and what the browser is told instead of tokens."""
    login = await ask(browser)
    await approved(door, login, name)
    answer = await collect(browser, login)
    assert answer.status_code == 400, answer.text
    return login, str(answer.json()["code"])


async def log_in(door: Door, browser: httpx2.AsyncClient, name: str = "somebody") -> dict[str, Any]:
    """The session of this person in a browser, whose client keeps the cookie."""
    login = await ask(browser)
    await approved(door, login, name)
    answer = await collect(browser, login)
    assert answer.status_code == 200, answer.text
    session: dict[str, Any] = answer.json()
    return session


async def refresh(browser: httpx2.AsyncClient, headers: dict[str, str] = OWN_PAGE) -> httpx2.Response:
    """The browser goes on with its cookie."""
    return await browser.post("refresh", json={}, headers=headers)
