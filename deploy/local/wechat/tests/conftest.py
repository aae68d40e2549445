import asyncio
import base64
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest
import uvicorn
from fastapi import FastAPI, Request, Response

from deploy.local.wechat.app import build
from deploy.local.wechat.settings import StandInSettings
from deploy.local.wechat.templates import REGISTERED
from shared.wechat.callback import fields_of
from shared.wechat.client import SubscribeMessage, WeChat
from shared.wechat.crypto import Envelope, signed_by

APPID, SECRET, TOKEN = "wx0123456789abcdef", "a-secret-of-the-app", "a-token-of-the-push"
AES_KEY = base64.b64encode(bytes(range(32))).decode().rstrip("=")
PROGRESS = next(each.id(APPID) for each in REGISTERED if each.title == "榜单进度通知")
DATA = {"thing1": "双极板涂层寿命", "phrase2": "审核通过", "thing3": "无", "time4": "2026年11月25日 10:00:00"}


@asynccontextmanager
async def serving(app: Any) -> AsyncIterator[str]:
    """The application on a free port of this machine; answers its address."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error"))
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await task


@dataclass
class Receiver:
    """A callback address that opens what it gets; `refuse` says how many pushes to turn away first."""

    opened: list[dict[str, Any]] = field(default_factory=list)
    refuse: int = 0

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.post("/callback")
        async def callback(request: Request) -> Response:
            if self.refuse:
                self.refuse -= 1
                return Response("busy", 503)
            query, encrypted = request.query_params, fields_of(await request.body())["Encrypt"]
            assert signed_by(TOKEN, query["msg_signature"], query["timestamp"], query["nonce"], encrypted)
            self.opened.append(fields_of(Envelope(APPID, AES_KEY).open(encrypted)))
            return Response("success")

        return app


@dataclass
class World:
    """The stand-in, a client of it, and whoever its events are pushed to."""

    url: str
    wechat: WeChat
    receiver: Receiver
    control: httpx2.AsyncClient

    async def order(self, path: str, **body: Any) -> dict[str, Any]:
        answer = await self.control.post(f"/_control/{path}", json=body)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def sent(self, touser: str | None = None) -> list[dict[str, Any]]:
        answer = await self.control.get("/_control/sent", params={"touser": touser} if touser else {})
        return list(answer.json()["items"])

    async def message(self, name: str = "company-suzhou", **changed: str) -> SubscribeMessage:
        session = await self.wechat.exchange_code(f"code:{name}")
        return SubscribeMessage(session.openid, PROGRESS, {**DATA, **changed})


async def eventually(happened: Callable[[], Any]) -> None:
    """Waits for a condition; the test's own time limit ends what never comes true."""
    while not happened():
        await asyncio.sleep(0.01)


@asynccontextmanager
async def stand_in(home: Path, callback: str = "") -> AsyncIterator[str]:
    """The stand-in with its files under `home`."""
    settings = StandInSettings(
        home=home,
        wechat_appid=APPID,
        wechat_secret=SECRET,
        wechat_token=TOKEN,
        wechat_aes_key=AES_KEY,
        wechat_callback=callback,
    )
    async with serving(build(settings)) as url:
        yield url


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    receiver = Receiver()
    async with serving(receiver.app()) as listener, stand_in(tmp_path, f"{listener}/callback") as url:
        wechat = WeChat(url, APPID, SECRET, timeout=httpx2.Timeout(2.0))
        async with httpx2.AsyncClient(base_url=url, trust_env=False) as control:
            yield World(url, wechat, receiver, control)
        await wechat.close()
