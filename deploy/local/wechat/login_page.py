"""The page where somebody without a phone lets a browser in: the accounts that `make up` loads, one click each.

It does what the mini-program would after scanning: logs in with WeChat's code, looks at what is asked, and approves it. In
production the mini-program does, and this page is not there.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import parse_qs, quote

import httpx2
from fastapi import APIRouter, Request, Response

from services.accounts.sample_accounts import Account, accounts, organizations
from shared.values.roles import Role

_API = "/api/v1/accounts"
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
_STYLE = """
body { font: 16px/1.6 "PingFang SC", "Microsoft YaHei", "Noto Sans SC", sans-serif; color: #16323c; background: #f4f8f9;
  max-width: 62rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.4rem } h2 { font-size: 1.05rem; margin: 1.6rem 0 .4rem }
ul { list-style: none; margin: 0; padding: 0; display: grid; gap: .5rem; 
  grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)) }
button { font: inherit; width: 100%; padding: .5rem .8rem; text-align: left; background: #fff; border: 1px solid #b9d0d6;
  border-radius: .4rem; cursor: pointer } button:hover, button:focus { border-color: #0e7c86; outline: 2px solid #0e7c86 }
small { display: block; color: #4b656e } input { font: inherit; padding: .4rem; letter-spacing: .1em }
.said { padding: .8rem 1rem; border-radius: .4rem; background: #fff; border-left: .3rem solid #0e7c86 }
"""


class Refused(Exception):
    """The platform's no, in its own words."""


@dataclass(frozen=True)
class Approved:
    """What was let in."""

    account: str
    browser: str
    address: str


def login_routes(gateway_url: str) -> APIRouter:
    """The page, and what its buttons do."""
    routes = APIRouter()

    @routes.get("/login")
    async def page(code: str = "") -> Response:
        return _page(_choice(code))

    @routes.post("/login")
    async def approve(request: Request) -> Response:
        form = parse_qs((await request.body()).decode(errors="replace"))
        code, account = (form.get(name, [""])[0] for name in ("code", "account"))
        try:
            return _page(_said(await approved(gateway_url, code, account)))
        except Refused as refused:
            return _page(f'<p class="said" role="alert">{escape(str(refused))}</p>{_choice(code)}', 409)

    return routes


async def approved(gateway_url: str, code: str, account: str) -> Approved:
    """Approves the login of this code as the mini-program of this account would. Refused where the platform says no."""
    async with httpx2.AsyncClient(base_url=f"{gateway_url}{_API}/", trust_env=False, timeout=10.0) as client:
        session = await _answer(client, "POST", "wechat-login", json={"code": f"code:{account}"})
        client.headers["authorization"] = f"Bearer {session['access_token']}"
        path = f"device-logins/{quote(code, safe='') or '-'}"
        await _answer(client, "GET", path)
        login = await _answer(
            client, "POST", f"{path}/approve", json={}, headers={"idempotency-key": str(uuid.uuid4())}
        )
    return Approved(account, login["browser"], login["address_masked"])


async def _answer(client: httpx2.AsyncClient, method: str, path: str, **options: Any) -> dict[str, Any]:
    try:
        answer = await client.request(method, path, **options)
        body: dict[str, Any] = answer.json()
    except (httpx2.HTTPError, ValueError) as error:
        raise Refused("平台暂时没有应答，请稍后再试。") from error
    if answer.status_code >= 400:
        raise Refused(body.get("detail", "平台拒绝了这次登录。"))
    return body


def _choice(code: str) -> str:
    """The accounts as buttons, under the code that the browser shows."""
    groups = "".join(f"<h2>{escape(title)}</h2><ul>{buttons}</ul>" for title, buttons in _groups())
    return (
        "<h1>选择一个示例账号登录</h1>"
        "<p>本页代替手机上的小程序，只在本机试用时存在。点击账号即确认登录，然后回到原来的页面。</p>"
        f'<form method="post" action="/login"><label>登录代码 <input name="code" value="{escape(code)}" required '
        f'autocomplete="off"></label>{groups}</form>'
    )


def _groups() -> Iterator[tuple[str, str]]:
    names = {each.account: each.name for each in organizations()}
    everybody = list(accounts())
    yield "单位", "".join(_button(each, names[each.name]) for each in everybody if each.name in names)
    yield "平台", "".join(_button(each, None) for each in everybody if each.name not in names)


def _button(account: Account, organization: str | None) -> str:
    label = organization or _role(account)
    return (
        f'<li><button name="account" value="{escape(account.name)}">{escape(label)}'
        f"<small>{escape(account.name)}</small></button></li>"
    )


def _role(account: Account) -> str:
    role = (account.role or Role.MEMBER).chinese
    city = f"{account.jurisdiction.chinese} · " if account.jurisdiction else ""
    return f"{city}{role}{f'（{account.duty.chinese}）' if account.duty else ''}"


def _said(done: Approved) -> str:
    return (
        f'<h1>已确认登录</h1><p class="said" role="status">{escape(done.account)} 已登录到 {escape(done.browser)}'
        f"（{escape(done.address)}）。请回到原来的页面，它会自动继续；本页可以关闭。</p>"
    )


def _page(content: str, status: int = 200) -> Response:
    html = (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>微信模拟服务 · 登录</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head>'
        f"<body><main>{content}</main></body></html>"
    )
    headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    return Response(html, status, headers, media_type="text/html; charset=utf-8")
