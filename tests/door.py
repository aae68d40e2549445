"""A service's routes in this process, past nothing but the door, with a caller of the test's choice."""

from collections.abc import Callable, Sequence

import httpx2
from starlette.requests import Request

from shared.access.checking import Caller
from shared.http.door import create_app
from shared.http.recording import Recorder
from shared.http.routes import Authenticate, Router
from shared.messaging.consuming import Consumer, Subscription
from shared.mongo import Database
from shared.projections.read_models import ReadModel
from shared.settings import Settings

Door = Callable[[Caller], httpx2.AsyncClient]
"""Who asks → a client that asks for them."""


def asking_as(
    caller: Caller,
    service: str,
    settings: Settings,
    *routers: Router,
    below: str = "",
    recorder: Recorder | None = None,
    in_front: Callable[[Authenticate], Authenticate] = lambda authenticate: authenticate,
) -> httpx2.AsyncClient:
    """A client below this path whose requests come from this caller. `in_front` is who looks before the door, `recorder` where
    acts and refusals go."""

    async def authenticate(_: Request) -> Caller:
        return caller

    app = create_app(service, settings, in_front(authenticate))
    app.recorder = recorder
    for router in routers:
        app.include_router(router)
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url=f"http://{service}{below}")


async def standing(read_model: ReadModel, service: str, database: Database) -> ReadModel:
    """The read model in its place, with nobody who feeds it: the test writes it by itself."""
    read_model.attach(service, database, _nothing_is_consumed, _is_whole)
    await read_model.locate()
    return read_model


async def _is_whole(_: Sequence[str]) -> bool:
    return True


def _nothing_is_consumed(_: Subscription) -> Consumer:
    raise AssertionError("these tests write the read models themselves")
