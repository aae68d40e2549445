import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx2
import pytest

from shared.wechat.client import SubscribeMessage, WeChat
from shared.wechat.errors import Action, Uncertain, WeChatError, WeChatUnreachable

APPID, SECRET = "wx0123456789abcdef", "a-secret-of-the-app"
MESSAGE = SubscribeMessage("oOne", "T1", {"thing1": "涂层寿命"}, page="pages/challenge?id=1")
Answers = Callable[[httpx2.Request], httpx2.Response | Exception]


class Server:
    """WeChat with scripted answers; it remembers what it was asked."""

    def __init__(self, answers: Answers) -> None:
        self.requests: list[httpx2.Request] = []
        self.tokens = 0
        self._answers = answers

    async def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        await asyncio.sleep(0)
        if request.url.path == "/cgi-bin/stable_token":
            self.tokens += 1
            return httpx2.Response(200, json={"access_token": f"token-{self.tokens}", "expires_in": 7200})
        answer = self._answers(request)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def asked(self, path: str) -> list[httpx2.Request]:
        return [request for request in self.requests if request.url.path == path]


def _client(answers: Answers) -> tuple[WeChat, Server]:
    server = Server(answers)
    transport = httpx2.MockTransport(server)
    return WeChat("http://wechat.invalid", APPID, SECRET, transport=transport), server


def _json(**answer: Any) -> Answers:
    return lambda _: httpx2.Response(200, json=answer)


SEND = "/cgi-bin/message/subscribe/send"


async def test_a_send_answers_the_msgid_and_writes_chinese_without_escapes() -> None:
    client, server = _client(_json(errcode=0, errmsg="ok", msgid=1700827132819554304))
    assert await client.send(MESSAGE) == 1700827132819554304
    (request,) = server.asked(SEND)
    assert request.url.params["access_token"] == "token-1"
    assert "涂层寿命".encode() in request.content
    assert b"\\u" not in request.content


async def test_many_sends_at_once_fetch_one_token() -> None:
    client, server = _client(_json(errcode=0, msgid=1))
    await asyncio.gather(*(client.send(MESSAGE) for _ in range(20)))
    assert server.tokens == 1


async def test_a_refused_token_is_renewed_once_and_the_send_repeated_once() -> None:
    def answers(request: httpx2.Request) -> httpx2.Response:
        stale = request.url.params["access_token"] == "token-1"
        return httpx2.Response(200, json={"errcode": 42001} if stale else {"errcode": 0, "msgid": 7})

    client, server = _client(answers)
    assert await client.send(MESSAGE) == 7
    assert (server.tokens, len(server.asked(SEND))) == (2, 2)


async def test_a_token_that_stays_refused_is_an_error_and_no_loop() -> None:
    client, server = _client(_json(errcode=40001))
    with pytest.raises(WeChatError):
        await client.send(MESSAGE)
    assert len(server.asked(SEND)) == 2


async def test_the_token_is_asked_for_in_normal_mode() -> None:
    client, server = _client(_json(errcode=0))
    await client.send(MESSAGE)
    (request,) = server.asked("/cgi-bin/stable_token")
    assert b"force_refresh" not in request.content


async def test_a_business_error_comes_with_http_200_and_says_what_to_do() -> None:
    client, _ = _client(_json(errcode=43101, errmsg="user refuse to accept the msg"))
    with pytest.raises(WeChatError) as caught:
        await client.send(MESSAGE)
    assert caught.value.action is Action.FORGET_CONSENT


async def test_the_content_type_is_not_trusted() -> None:
    body = b'{"errcode":0,"msgid":5}'
    client, _ = _client(lambda _: httpx2.Response(200, content=body, headers={"content-type": "text/plain"}))
    assert await client.send(MESSAGE) == 5


@pytest.mark.parametrize("failure", [httpx2.ConnectError("refused"), httpx2.ConnectTimeout("slow")])
async def test_a_send_that_never_left_may_be_repeated(failure: Exception) -> None:
    client, _ = _client(lambda _: failure)
    with pytest.raises(WeChatUnreachable):
        await client.send(MESSAGE)


@pytest.mark.parametrize(
    "failure", [httpx2.ReadTimeout("no answer"), httpx2.ReadError("reset"), httpx2.RemoteProtocolError("closed")]
)
async def test_a_send_without_an_answer_is_uncertain(failure: Exception) -> None:
    client, _ = _client(lambda _: failure)
    with pytest.raises(Uncertain):
        await client.send(MESSAGE)


@pytest.mark.parametrize(("status", "error"), [(502, WeChatUnreachable), (503, WeChatUnreachable), (504, Uncertain)])
async def test_a_gateways_page_turns_a_send_away_except_when_it_waited_for_the_answer(
    status: int, error: type[Exception]
) -> None:
    client, _ = _client(lambda _: httpx2.Response(status, html="<html>Bad Gateway</html>"))
    with pytest.raises(error):
        await client.send(MESSAGE)


@pytest.mark.parametrize("body", [b"<html></html>", b"", b"[1]"])
async def test_an_unreadable_answer_to_a_send_is_uncertain(body: bytes) -> None:
    client, _ = _client(lambda _: httpx2.Response(200, content=body))
    with pytest.raises(Uncertain):
        await client.send(MESSAGE)


async def test_a_code_is_exchanged_for_the_person_behind_it() -> None:
    client, server = _client(_json(openid="oOne", session_key="k", unionid="uOne"))
    session = await client.exchange_code("code:company-suzhou")
    assert (session.openid, session.unionid) == ("oOne", "uOne")
    assert server.tokens == 0


async def test_a_login_without_an_answer_is_unreachable_because_asking_again_is_harmless() -> None:
    client, _ = _client(lambda _: httpx2.ReadTimeout("slow"))
    with pytest.raises(WeChatUnreachable):
        await client.exchange_code("code:company-suzhou")


async def test_templates_carry_their_keys_and_whether_one_consent_is_one_message() -> None:
    row = {
        "priTmplId": "T1",
        "title": "榜单审核结果",
        "content": "榜单:{{thing1.DATA}}\n状态:{{enum2.DATA}}\n",
        "type": 2,
    }
    enum = {"keywordCode": "enum2.DATA", "enumValueList": ["通过", "退回"]}
    client, _ = _client(_json(errcode=0, data=[{**row, "keywordEnumValueList": [enum]}]))
    (template,) = await client.templates()
    assert (template.keys, template.kind) == (("thing1", "enum2"), "one_time")
    assert template.enums == {"enum2": ("通过", "退回")}


@pytest.fixture
async def log(caplog: pytest.LogCaptureFixture) -> AsyncIterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.DEBUG):
        yield caplog


async def test_token_secret_and_openid_are_in_no_log_and_no_error(log: pytest.LogCaptureFixture) -> None:
    client, _ = _client(lambda _: httpx2.ReadError("http://wechat.invalid?access_token=token-1"))
    with pytest.raises(Uncertain) as caught:
        await client.send(MESSAGE)
    for secret in ("token-1", SECRET, "oOne"):
        assert secret not in log.text
        assert secret not in str(caught.value) + repr(client) + repr(MESSAGE)
