"""Control paths, for tests, for `make demo`, and for whoever wants to see what WeChat was sent.

GET  /_control/sent?touser=        what was accepted, oldest first; touser is an openid, a name or `code:<name>`
GET  /_control/log                 the newest calls and their error codes
POST /_control/credits             {touser, template_id, credits}: from now on the person takes so many messages
POST /_control/popup               {touser, results: {template_id: accept|reject}}: a person answers; WeChat pushes it
POST /_control/change              the same from the settings page, where only rejects are pushed
POST /_control/faults              see faults.py        GET: what is scripted        DELETE: nothing any more
POST /_control/quota               {daily, minute}: sends allowed from now on, null for no limit
POST /_control/clock               {now} or {advance_seconds}
POST /_control/callbacks           see push.Manner      POST /_control/callbacks/release {newest_first}
"""

from datetime import datetime, timedelta
from typing import Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from deploy.local.wechat.faults import Fault, Faults
from deploy.local.wechat.messages import Quota
from deploy.local.wechat.push import Manner
from deploy.local.wechat.server import StandIn
from deploy.local.wechat.templates import LONG_TERM, REGISTERED


class Order(BaseModel):
    """What a control path is told."""

    model_config = ConfigDict(extra="forbid")


class Credits(Order):
    touser: str
    template_id: str
    credits: int = Field(ge=0)


class Answers(Order):
    touser: str
    results: dict[str, Literal["accept", "acceptWithAlert", "acceptWithForcePush", "acceptWithAudio", "reject"]]


class Limits(Order):
    daily: int | None = None
    minute: int | None = None


class Moment(Order):
    now: datetime | None = None
    advance_seconds: float = 0.0


class Release(Order):
    newest_first: bool = False


def control_routes(wechat: StandIn, faults: Faults) -> APIRouter:
    """What only this stand-in has."""
    routes = APIRouter(prefix="/_control")

    @routes.get("/sent")
    async def sent(touser: str | None = None, template_id: str | None = None) -> dict[str, Any]:
        openid = wechat.people.openid(touser) if touser else None
        wanted = [
            entry
            for entry in wechat.messages.accepted
            if openid in (None, entry["touser"]) and template_id in (None, entry["template_id"])
        ]
        return {"items": wanted}

    @routes.get("/log")
    async def log() -> dict[str, Any]:
        return {"items": list(wechat.log)}

    @routes.post("/credits")
    async def credits(order: Credits) -> dict[str, Any]:
        openid = _known(wechat, order.touser)
        wechat.people.set_credits(openid, order.template_id, order.credits)
        return {"touser": openid, "template_id": order.template_id, "credits": order.credits}

    @routes.post("/popup")
    async def popup(order: Answers) -> dict[str, Any]:
        openid = _known(wechat, order.touser)
        credits = {
            template_id: _answered(wechat, openid, template_id, status) for template_id, status in order.results.items()
        }
        items = [_item(template_id, status) for template_id, status in order.results.items()]
        wechat.pusher.push("subscribe_msg_popup_event", openid, _seconds(wechat), items)
        return {"touser": openid, "credits": credits}

    @routes.post("/change")
    async def change(order: Answers) -> dict[str, Any]:
        openid = _known(wechat, order.touser)
        credits = {
            template_id: _answered(wechat, openid, template_id, status) for template_id, status in order.results.items()
        }
        rejected = [_item(template_id, status) for template_id, status in order.results.items() if status == "reject"]
        if rejected:
            wechat.pusher.push("subscribe_msg_change_event", openid, _seconds(wechat), rejected)
        return {"touser": openid, "credits": credits}

    @routes.post("/quota")
    async def quota(order: Limits) -> dict[str, Any]:
        wechat.messages.quota = Quota(order.daily, order.minute)
        return order.model_dump()

    @routes.post("/clock")
    async def clock(order: Moment) -> dict[str, Any]:
        base = order.now or wechat.clock.now()
        wechat.clock.set(base + timedelta(seconds=order.advance_seconds))
        return {"now": wechat.clock.now()}

    _script_faults(routes, faults)
    _steer_callbacks(routes, wechat)
    return routes


def _script_faults(routes: APIRouter, faults: Faults) -> None:
    @routes.post("/faults")
    async def script(fault: Fault) -> dict[str, Any]:
        faults.waiting.append(fault)
        return {"items": faults.waiting}

    @routes.get("/faults")
    async def scripted() -> dict[str, Any]:
        return {"items": faults.waiting}

    @routes.delete("/faults")
    async def forget() -> dict[str, Any]:
        faults.waiting.clear()
        return {"items": []}


def _steer_callbacks(routes: APIRouter, wechat: StandIn) -> None:
    @routes.post("/callbacks")
    async def callbacks(manner: Manner) -> dict[str, Any]:
        wechat.pusher.manner = manner
        return manner.model_dump()

    @routes.post("/callbacks/release")
    async def release(order: Release) -> dict[str, Any]:
        return {"released": wechat.pusher.release(newest_first=order.newest_first)}


def _known(wechat: StandIn, who: str) -> str:
    """The openid; a name that has not logged in yet becomes a person of the mini-program."""
    openid = wechat.people.openid(who)
    return openid if wechat.people.knows(openid) else wechat.people.named(who.removeprefix("code:")).openid


def _answered(wechat: StandIn, openid: str, template_id: str, status: str) -> int:
    """One accept is one more message, a reject is none at all; a long-term template is accepted for good."""
    long_term = any(
        each.id(wechat.settings.wechat_appid) == template_id and each.type == LONG_TERM for each in REGISTERED
    )
    left = wechat.people.credits(openid, template_id)
    credits = 0 if status == "reject" else 1 if long_term else left + 1
    wechat.people.set_credits(openid, template_id, credits)
    return credits


def _item(template_id: str, status: str) -> dict[str, str]:
    return {"TemplateId": template_id, "SubscribeStatusString": status, "PopupScene": "0"}


def _seconds(wechat: StandIn) -> int:
    return int(wechat.clock.now().timestamp())
