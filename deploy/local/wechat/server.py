"""WeChat's own paths, as the documentation has them: business errors are HTTP 200, the content type is not JSON's."""

import json
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter, Request, Response

from deploy.local.wechat.clock import Clock
from deploy.local.wechat.messages import Messages, Refused
from deploy.local.wechat.people import BadCode, People
from deploy.local.wechat.push import Pusher
from deploy.local.wechat.settings import StandInSettings
from deploy.local.wechat.templates import REGISTERED
from deploy.local.wechat.tokens import Tokens

_RISKY, _DOUBTFUL = ("赌博", "代开发票"), ("加微信", "私下联系")
"""What the content check finds risky, and what it would have a human look at."""
_CHECKED_CHARACTERS = 2_500


@dataclass
class StandIn:
    """Everything the stand-in knows, for its own paths and for the control paths."""

    settings: StandInSettings
    clock: Clock
    people: People
    tokens: Tokens
    messages: Messages
    pusher: Pusher
    log: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=20_000))
    """The newest calls, each with path and errcode; tokens and secrets are not in it."""


def wechat_routes(wechat: StandIn) -> APIRouter:
    """The paths of api.weixin.qq.com that we use."""
    routes = APIRouter()

    def answered(request: Request, answer: dict[str, Any]) -> Response:
        at = wechat.clock.now().isoformat()
        wechat.log.append({"at": at, "path": request.url.path, "errcode": answer.get("errcode", 0)})
        return Response(json.dumps(answer, ensure_ascii=False), media_type="text/plain")

    @routes.post("/cgi-bin/stable_token")
    async def stable_token(request: Request) -> Response:
        return answered(request, _stable_token(wechat, await _json(request)))

    @routes.get("/sns/jscode2session")
    async def jscode2session(request: Request) -> Response:
        return answered(request, _session(wechat, dict(request.query_params)))

    @routes.get("/wxaapi/newtmpl/gettemplate")
    async def gettemplate(request: Request) -> Response:
        rows = [each.row(wechat.settings.wechat_appid) for each in REGISTERED]
        return answered(request, _token_refusal(wechat, request) or {"errcode": 0, "errmsg": "ok", "data": rows})

    @routes.post("/cgi-bin/message/subscribe/send")
    async def send(request: Request) -> Response:
        return answered(request, _token_refusal(wechat, request) or await _send(wechat, request))

    @routes.post("/wxa/msg_sec_check")
    async def msg_sec_check(request: Request) -> Response:
        return answered(request, _token_refusal(wechat, request) or _checked(wechat, await _json(request)))

    return routes


def _error(errcode: int, errmsg: str) -> dict[str, Any]:
    return {"errcode": errcode, "errmsg": errmsg}


async def _json(request: Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.body())
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _token_refusal(wechat: StandIn, request: Request) -> dict[str, Any] | None:
    errcode = wechat.tokens.refusal(request.query_params.get("access_token", ""))
    return _error(errcode, "invalid credential, access_token is invalid or not latest") if errcode else None


def _app_refusal(wechat: StandIn, appid: str | None, secret: str | None) -> dict[str, Any] | None:
    if appid != wechat.settings.wechat_appid:
        return _error(40013, "invalid appid")
    return _error(40125, "invalid appsecret") if secret != wechat.settings.wechat_secret else None


def _stable_token(wechat: StandIn, body: dict[str, Any]) -> dict[str, Any]:
    if refusal := _app_refusal(wechat, body.get("appid"), body.get("secret")):
        return refusal
    issued = wechat.tokens.forced() if body.get("force_refresh") else wechat.tokens.stable()
    if issued is None:
        return _error(45009, "reach max api daily quota limit")
    return {"access_token": issued[0], "expires_in": issued[1]}


def _session(wechat: StandIn, query: dict[str, str]) -> dict[str, Any]:
    if refusal := _app_refusal(wechat, query.get("appid"), query.get("secret")):
        return refusal
    try:
        person = wechat.people.log_in(query.get("js_code", ""))
    except BadCode as bad:
        return _error(bad.errcode, "code been used" if bad.errcode == 40163 else "invalid code")
    return {"openid": person.openid, "unionid": person.unionid, "session_key": "c2Vzc2lvbi1rZXktMTIzNA=="}


async def _send(wechat: StandIn, request: Request) -> dict[str, Any]:
    if b"\\u" in await request.body():
        return _error(40033, "invalid charset. please check your request, if include \\uxxxx will create fail!")
    try:
        entry = await wechat.messages.accept(await _json(request), request.headers.get("x-request-id"))
    except Refused as refused:
        return _error(refused.errcode, refused.errmsg)
    if wechat.pusher.manner.sent_events:
        item = {
            "TemplateId": entry["template_id"],
            "MsgID": str(entry["msgid"]),
            "ErrorCode": "0",
            "ErrorStatus": "success",
        }
        wechat.pusher.push("subscribe_msg_sent_event", entry["touser"], int(wechat.clock.now().timestamp()), [item])
    return {"errcode": 0, "errmsg": "ok", "msgid": entry["msgid"]}


def _checked(wechat: StandIn, body: dict[str, Any]) -> dict[str, Any]:
    content = str(body.get("content", ""))
    if not wechat.people.knows(str(body.get("openid", ""))):
        return _error(61010, "code is expired")
    if not content or len(content) > _CHECKED_CHARACTERS:
        return _error(44991 if not content else 45002, "content size out of limit")
    suggest, label = "pass", 100
    if any(word in content for word in _DOUBTFUL):
        suggest, label = "review", 10001
    if any(word in content for word in _RISKY):
        suggest, label = "risky", 20012
    return {"errcode": 0, "errmsg": "ok", "result": {"suggest": suggest, "label": label}, "detail": [], "trace_id": "t"}
