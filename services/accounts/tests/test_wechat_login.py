"""What a person is told when WeChat does not log him in."""

import httpx2
import pytest

from services.accounts.sessions.wechat_login import openid_of
from shared.values.problems import Refusal
from shared.wechat.client import WeChat


def wechat_answering(answer: httpx2.Response | Exception) -> WeChat:
    def answering(_: httpx2.Request) -> httpx2.Response:
        if isinstance(answer, Exception):
            raise answer
        return answer

    return WeChat("https://wechat.invalid", "app", "secret", transport=httpx2.MockTransport(answering))


async def test_a_good_code_gives_the_openid() -> None:
    wechat = wechat_answering(httpx2.Response(200, json={"openid": "o-1", "session_key": "k"}))
    assert await openid_of(wechat, "code") == "o-1"


@pytest.mark.parametrize(
    ("errcode", "status", "code"),
    [
        (40029, 401, "wechat_code_invalid"),
        (40163, 401, "wechat_code_invalid"),
        (40226, 401, "wechat_login_refused"),
        (45011, 429, "wechat_busy"),
        (-1, 503, "wechat_unavailable"),
        (45009, 503, "wechat_unavailable"),
        (40125, 503, "wechat_unavailable"),
        (99999, 503, "wechat_unavailable"),
    ],
)
async def test_each_fault_of_wechat_has_its_answer(errcode: int, status: int, code: str) -> None:
    wechat = wechat_answering(httpx2.Response(200, json={"errcode": errcode, "errmsg": "x"}))
    with pytest.raises(Refusal) as refused:
        await openid_of(wechat, "code")
    assert (refused.value.problem.status, refused.value.problem.code) == (status, code)


@pytest.mark.parametrize(
    "answer",
    [
        httpx2.ConnectError("down"),
        httpx2.ReadTimeout("slow"),
        httpx2.RemoteProtocolError("reset"),
        httpx2.Response(502, text="<html>"),
        httpx2.Response(200, text="<html>"),
    ],
)
async def test_a_wechat_that_cannot_be_reached_is_503_and_says_to_try_again(
    answer: httpx2.Response | Exception,
) -> None:
    with pytest.raises(Refusal) as refused:
        await openid_of(wechat_answering(answer), "code")
    assert refused.value.problem.status == 503
    assert refused.value.problem.retry_after
