"""Moods on demand: the next calls are slow, reset, answered by a gateway's HTML page, or accepted and never answered.

`POST /_control/faults {"call": "send", "fault": "timeout_after_accept", "times": 1}` scripts them; they are used up in
the order they came. `call` is one of CALLS or `any`.
"""

import asyncio
import socket
import struct
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from starlette.types import ASGIApp, Message, Receive, Scope, Send

Call = Literal["send", "token", "login", "templates", "check", "any"]
CALLS: dict[str, Call] = {
    "/cgi-bin/message/subscribe/send": "send",
    "/cgi-bin/stable_token": "token",
    "/sns/jscode2session": "login",
    "/wxaapi/newtmpl/gettemplate": "templates",
    "/wxa/msg_sec_check": "check",
}
_PAGE = "<html><head><title>{status}</title></head><body><center><h1>{status}</h1></center><hr>nginx</body></html>"


class Fault(BaseModel):
    """One scripted mood. The `…_after_accept` ones do the work first and then keep the answer to themselves."""

    model_config = ConfigDict(extra="forbid")

    call: Call = "any"
    fault: Literal[
        "error", "html", "reset", "slow", "timeout", "reset_after_accept", "timeout_after_accept", "html_after_accept"
    ]
    times: int = Field(1, ge=1)
    seconds: float = Field(30.0, ge=0)
    """How long `slow` waits before it works, and how long a timeout says nothing."""
    errcode: int = -1
    status: int = 502


class Faults:
    """What is scripted and not yet used."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []

    def take(self, path: str) -> Fault | None:
        """The mood of this call, if one is scripted; it is used up by one."""
        call = CALLS.get(path)
        for fault in self.waiting:
            if call and fault.call in (call, "any"):
                fault.times -= 1
                if not fault.times:
                    self.waiting.remove(fault)
                return fault
        return None


class Moody:
    """The application, with the moods in front of it."""

    def __init__(self, app: ASGIApp, faults: Faults) -> None:
        self._app = app
        self._faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        fault = self._faults.take(scope["path"]) if scope["type"] == "http" else None
        if fault is None:
            await self._app(scope, receive, send)
            return
        if fault.fault.endswith("_after_accept"):
            await self._app(scope, receive, _nowhere)
        match fault.fault:
            case "slow":
                await asyncio.sleep(fault.seconds)
                await self._app(scope, receive, send)
            case "error":
                body = f'{{"errcode":{fault.errcode},"errmsg":"scripted"}}'
                await _answer(send, 200, body, "application/json; encoding=utf-8")
            case "html" | "html_after_accept":
                await _answer(send, fault.status, _PAGE.format(status=fault.status), "text/html")
            case "timeout" | "timeout_after_accept":
                await _silence(receive, fault.seconds)
                _reset(receive)
            case "reset" | "reset_after_accept":
                _reset(receive)


async def _nowhere(_: Message) -> None:
    """The answer is lost."""


async def _answer(send: Send, status: int, body: str, content_type: str) -> None:
    headers = [(b"content-type", content_type.encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body.encode()})


async def _silence(receive: Receive, seconds: float) -> None:
    """Says nothing until the time is over or the caller has gone."""
    try:
        async with asyncio.timeout(seconds):
            while (await receive())["type"] != "http.disconnect":
                pass
    except TimeoutError:
        return


def _reset(receive: Receive) -> None:
    """Ends the connection with RST instead of an answer. The transport belongs to uvicorn's request cycle."""
    transport: asyncio.Transport = receive.__self__.transport  # type: ignore[attr-defined]
    endpoint = transport.get_extra_info("socket")
    endpoint.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
