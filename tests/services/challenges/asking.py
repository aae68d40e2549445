"""Requests to the routes of challenges, from a caller of the test's choice."""

from collections.abc import Callable
from typing import Any

import httpx2

from shared.access.checking import Caller
from shared.values.ids import new_id

Door = Callable[[Caller], httpx2.AsyncClient]


async def send(door: Door, caller: Caller, method: str, path: str, body: Any = None, **headers: str) -> httpx2.Response:
    key = {} if method == "GET" else {"idempotency-key": headers.pop("key", new_id())}
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    async with door(caller) as client:
        return await client.request(method, path, json=body, headers={**key, **sent})


def without_place(answer: httpx2.Response) -> dict[str, Any]:
    """The body without what names the request: equal for what is hidden and for what does not exist."""
    return {name: value for name, value in answer.json().items() if name not in ("instance", "request_id")}
