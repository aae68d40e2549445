"""A thin asynchronous client of WeChat's server API: the calls that we make, and errors that say what to do.

Every call either answers, or raises WeChatError (WeChat said no), WeChatUnreachable (it had no effect), or, only for
`send`, Uncertain (sent, no readable answer). The token, the secret and openids appear in no message of these errors.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import httpx2
import orjson
from opentelemetry.trace import SpanKind

from shared.telemetry import span
from shared.wechat.errors import Action, Uncertain, WeChatError, WeChatUnreachable
from shared.wechat.token import Token, TokenKeeper

TIMEOUT = httpx2.Timeout(connect=2.0, read=5.0, write=5.0, pool=5.0)
"""Seconds. WeChat answers within one; five is what a person waits for a login."""

_NOT_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.UnsupportedProtocol)
_NO_ANSWER_FROM_BEHIND = 504

# They log each request's URL (httpx2 at INFO, httpcore2 at DEBUG), and the token and the secret stand in it.
for _logger in ("httpx2", "httpcore2"):
    logging.getLogger(_logger).setLevel(logging.WARNING)


@dataclass(frozen=True)
class Session:
    """Who logged in: the openid, and the unionid where the mini-program has one."""

    openid: str = field(repr=False)
    unionid: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Template:
    """A template of this mini-program. `keys` are the fields it takes; `enums` the listed values of its enum fields."""

    template_id: str
    title: str
    kind: Literal["one_time", "long_term"]
    keys: tuple[str, ...]
    enums: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class SubscribeMessage:
    """A message to one person: what stands under each key of the template, and the page a tap opens."""

    openid: str = field(repr=False)
    template_id: str
    data: Mapping[str, str]
    page: str | None = None
    state: Literal["developer", "trial", "formal"] = "formal"

    def body(self) -> dict[str, Any]:
        """As WeChat wants it."""
        values = {key: {"value": value} for key, value in self.data.items()}
        body = {"touser": self.openid, "template_id": self.template_id, "data": values}
        return body | {"miniprogram_state": self.state, "lang": "zh_CN"} | ({"page": self.page} if self.page else {})


class WeChat:
    """WeChat, as one mini-program sees it. Close it when done."""

    def __init__(
        self,
        base_url: str,
        appid: str,
        secret: str,
        *,
        timeout: httpx2.Timeout = TIMEOUT,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        self.appid = appid
        self._secret = secret
        self._http = httpx2.AsyncClient(base_url=base_url, timeout=timeout, transport=transport, trust_env=False)
        self._tokens = TokenKeeper(self._stable_token)

    async def close(self) -> None:
        """End the connections."""
        await self._http.aclose()

    async def exchange_code(self, code: str) -> Session:
        """Who stands behind a login code (jscode2session). A code works once, within five minutes."""
        query = {"appid": self.appid, "secret": self._secret, "js_code": code, "grant_type": "authorization_code"}
        answer = await self._settled("GET", "/sns/jscode2session", params=query)
        return Session(answer["openid"], answer.get("unionid"))

    async def send(self, message: SubscribeMessage) -> int | None:
        """Send a subscribe message; answers WeChat's msgid where it gives one.

        Not idempotent. After Uncertain it must not be sent again: WeChat's callback says what became of it.
        """
        answer = await self._with_token("POST", "/cgi-bin/message/subscribe/send", message.body())
        return int(answer["msgid"]) if answer.get("msgid") else None

    async def templates(self) -> list[Template]:
        """The templates that this mini-program has chosen (gettemplate)."""
        try:
            answer = await self._with_token("GET", "/wxaapi/newtmpl/gettemplate")
        except Uncertain as error:
            raise WeChatUnreachable(str(error)) from None
        return [_template(row) for row in answer.get("data", [])]

    async def answers(self) -> bool:
        """Whether it answers at all, found out by a question that changes nothing: the list of templates, and a token for it."""
        try:
            await self.templates()
        except WeChatUnreachable:
            return False
        except WeChatError as error:
            return error.action is not Action.BACK_OFF
        return True

    async def _stable_token(self) -> Token:
        body = {"grant_type": "client_credential", "appid": self.appid, "secret": self._secret}
        answer = await self._settled("POST", "/cgi-bin/stable_token", body=body)
        return Token(answer["access_token"], int(answer["expires_in"]))

    async def _with_token(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        token = await self._tokens.current()
        try:
            return await self._call(method, path, params={"access_token": token}, body=body)
        except WeChatError as error:
            if error.action is not Action.REFRESH_TOKEN:
                raise
        token = await self._tokens.after(token)
        return await self._call(method, path, params={"access_token": token}, body=body)

    async def _settled(
        self, method: str, path: str, params: dict[str, str] | None = None, body: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """A call that may be repeated without harm, so that no answer is as good as not reached."""
        try:
            return await self._call(method, path, params, body)
        except Uncertain as error:
            raise WeChatUnreachable(str(error)) from None

    async def _call(
        self, method: str, path: str, params: dict[str, str] | None = None, body: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        # orjson writes Chinese as it is; \u escapes are answered with 40033.
        content = None if body is None else orjson.dumps(body)
        headers = {} if body is None else {"content-type": "application/json; charset=utf-8"}
        try:
            with span(f"wechat {path}", kind=SpanKind.CLIENT):
                response = await self._http.request(method, path, params=params, content=content, headers=headers)
        except _NOT_SENT as error:
            raise WeChatUnreachable(f"{path}: {type(error).__name__}") from None
        except httpx2.TransportError as error:
            raise Uncertain(f"{path}: {type(error).__name__}") from None
        return _answer(path, response)


def _answer(path: str, response: httpx2.Response) -> dict[str, Any]:
    """The JSON object in a response, whatever its content type says."""
    if response.status_code >= 500 and response.status_code != _NO_ANSWER_FROM_BEHIND:
        raise WeChatUnreachable(f"{path}: HTTP {response.status_code}")
    try:
        answer = orjson.loads(response.content)
    except orjson.JSONDecodeError:
        answer = None
    if response.status_code != 200 or not isinstance(answer, dict):
        raise Uncertain(f"{path}: HTTP {response.status_code} without a readable answer")
    if answer.get("errcode"):
        raise WeChatError(int(answer["errcode"]), str(answer.get("errmsg", "")))
    return answer


def _template(row: Mapping[str, Any]) -> Template:
    """A row of gettemplate; its fields stand in `content` as `名称:{{thing1.DATA}}`."""
    keys = [part.split(".DATA}}")[0] for part in row["content"].split("{{")[1:]]
    enums = {
        item["keywordCode"].split(".")[0]: tuple(item["enumValueList"])
        for item in row.get("keywordEnumValueList") or ()
    }
    kind: Literal["one_time", "long_term"] = "long_term" if row["type"] == 3 else "one_time"
    return Template(row["priTmplId"], row["title"], kind, tuple(keys), enums)
