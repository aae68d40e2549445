"""Events on their way to the service: sealed, signed, tried again when the answer is not `success`."""

import asyncio
import json
import secrets
import time
from typing import Any, Literal
from xml.sax.saxutils import escape

import httpx2
import structlog
from pydantic import BaseModel, ConfigDict, Field

from shared.wechat.crypto import Envelope, signature

log = structlog.get_logger(__name__)

_AGAIN_AFTER = (1.0, 10.0, 30.0)
"""Seconds before each of WeChat's three repeats; spread so that a process that was killed is back for the last."""
_XML_LISTS = {
    "subscribe_msg_popup_event": "SubscribeMsgPopupEvent",
    "subscribe_msg_change_event": "SubscribeMsgChangeEvent",
    "subscribe_msg_sent_event": "SubscribeMsgSentEvent",
}


class Manner(BaseModel):
    """How events are pushed: as what, how many times each, and whether they are held back for `release`."""

    model_config = ConfigDict(extra="forbid")

    format: Literal["json", "xml"] = "json"
    copies: int = Field(1, ge=1, le=10)
    hold: bool = False
    sent_events: bool = True
    """Whether an accepted message is followed by subscribe_msg_sent_event."""


class Pusher:
    """Pushes events in the background, in whatever manner a test has set."""

    def __init__(self, callback: str, token: str, envelope: Envelope) -> None:
        self._callback = callback
        self._token = token
        self._envelope = envelope
        self._http = httpx2.AsyncClient(timeout=5.0, trust_env=False)
        self._tasks: set[asyncio.Task[None]] = set()
        self.held: list[dict[str, Any]] = []
        self.manner = Manner()

    def push(self, event: str, openid: str, at: int, items: list[dict[str, Any]]) -> None:
        """Sends the event soon, or holds it."""
        fields = {
            "ToUserName": "gh_huning",
            "FromUserName": openid,
            "CreateTime": at,
            "MsgType": "event",
            "Event": event,
        }
        message = {**fields, "List": items[0] if len(items) == 1 else items}
        if self.manner.hold:
            self.held.append(message)
        else:
            self._send_soon(message)

    def release(self, *, newest_first: bool) -> int:
        """Sends what was held; how many events that were."""
        held, self.held = self.held, []
        for message in reversed(held) if newest_first else held:
            self._send_soon(message)
        return len(held)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._http.aclose()

    def _send_soon(self, message: dict[str, Any]) -> None:
        if not self._callback:
            return
        for _ in range(self.manner.copies):
            task = asyncio.create_task(self._send(message, self.manner.format))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _send(self, message: dict[str, Any], form: Literal["json", "xml"]) -> None:
        for pause in (0.0, *_AGAIN_AFTER):
            await asyncio.sleep(pause)
            if await self._taken(message, form):
                return
        log.warning("wechat.push_given_up", pushed=message["Event"])

    async def _taken(self, message: dict[str, Any], form: Literal["json", "xml"]) -> bool:
        plain = json.dumps(message, ensure_ascii=False) if form == "json" else _xml(message)
        encrypted = self._envelope.seal(plain.encode())
        outer = {"ToUserName": message["ToUserName"], "Encrypt": encrypted}
        timestamp, nonce = str(int(time.time())), secrets.token_hex(5)
        query = {
            "signature": signature(self._token, timestamp, nonce),
            "timestamp": timestamp,
            "nonce": nonce,
            "openid": message["FromUserName"],
            "encrypt_type": "aes",
            "msg_signature": signature(self._token, timestamp, nonce, encrypted),
        }
        body = json.dumps(outer) if form == "json" else _element("xml", outer)
        headers = {"content-type": "application/json" if form == "json" else "text/xml"}
        try:
            answer = await self._http.post(self._callback, params=query, content=body.encode(), headers=headers)
        except httpx2.TransportError:
            return False
        return answer.status_code == 200 and answer.text == "success"


def _xml(message: dict[str, Any]) -> str:
    """As WeChat writes it: the items wrapped in an element of the event's own."""
    fields = {key: value for key, value in message.items() if key != "List"}
    return _element("xml", {**fields, _XML_LISTS[message["Event"]]: {"List": message["List"]}})


def _element(tag: str, value: object) -> str:
    if isinstance(value, list):
        return "".join(_element(tag, each) for each in value)
    inner = (
        "".join(_element(key, each) for key, each in value.items()) if isinstance(value, dict) else escape(str(value))
    )
    return f"<{tag}>{inner}</{tag}>"
