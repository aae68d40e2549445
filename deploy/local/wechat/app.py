"""The stand-in put together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from deploy.local.wechat.clock import Clock
from deploy.local.wechat.control import control_routes
from deploy.local.wechat.faults import Faults, Moody
from deploy.local.wechat.login_page import login_routes
from deploy.local.wechat.messages import Messages
from deploy.local.wechat.people import People
from deploy.local.wechat.push import Pusher
from deploy.local.wechat.server import StandIn, wechat_routes
from deploy.local.wechat.settings import StandInSettings
from deploy.local.wechat.tokens import Tokens
from shared.wechat.crypto import Envelope


def build(settings: StandInSettings) -> Moody:
    """The ASGI application. Its files are in settings.folder."""
    clock = Clock()
    people = People(settings.folder, settings.wechat_appid)
    wechat = StandIn(
        settings,
        clock,
        people,
        Tokens(clock),
        Messages(settings.folder, settings.wechat_appid, people, clock),
        Pusher(
            settings.wechat_callback,
            settings.wechat_token,
            Envelope(settings.wechat_appid, settings.wechat_aes_key),
        ),
    )
    faults = Faults()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await wechat.pusher.close()
        wechat.messages.close()
        people.close()

    app = FastAPI(title="微信模拟服务", lifespan=lifespan)
    app.include_router(wechat_routes(wechat))
    app.include_router(control_routes(wechat, faults))
    app.include_router(login_routes(settings.public_url))

    @app.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "alive"}

    return Moody(app, faults)
