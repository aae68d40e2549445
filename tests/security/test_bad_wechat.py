"""What WeChat refuses, does not answer or never sent, through the gateway."""

import httpx2
import pytest

from tests.client import Api
from tests.security.problems_shown import assert_refused
from tests.stack import Stack

WECHAT_SAYS = {40029: (401, "wechat_code_invalid"), 40163: (401, "wechat_code_invalid"), 45011: (429, "wechat_busy")}


@pytest.mark.parametrize("errcode", WECHAT_SAYS)
def test_a_login_that_wechat_refuses_has_its_answer(api: Api, stack: Stack, errcode: int) -> None:
    fault = {"call": "login", "fault": "error", "errcode": errcode}
    httpx2.post(f"{stack.wechat_url}/_control/faults", json=fault, trust_env=False).raise_for_status()
    status, code = WECHAT_SAYS[errcode]
    assert_refused(api.visitor.post("accounts/wechat-login", json={"code": "code:member-2"}), status, code)


def test_a_login_while_wechat_is_away_is_503(api: Api, stack: Stack) -> None:
    for fault in ({"fault": "error", "errcode": -1}, {"fault": "html"}, {"fault": "reset"}):
        script = {"call": "login", "times": 9, **fault}
        httpx2.post(f"{stack.wechat_url}/_control/faults", json=script, trust_env=False).raise_for_status()
        answer = api.visitor.post("accounts/wechat-login", json={"code": "code:member-2"})
        httpx2.delete(f"{stack.wechat_url}/_control/faults", trust_env=False).raise_for_status()
        assert_refused(answer, 503, "wechat_unavailable", fault)
    api.visitor.get("accounts/jwks").expect(200)


DTD = b'<?xml version="1.0"?><!DOCTYPE xml [<!ENTITY a "aaaa">]><xml><Encrypt>&a;</Encrypt></xml>'


@pytest.mark.parametrize(
    ("body", "status", "code"), [(DTD, 400, "bad_push"), (b"<xml>", 400, "bad_push"), (b"", 400, "bad_push")]
)
def test_a_push_that_is_none_of_wechats_is_refused(api: Api, body: bytes, status: int, code: str) -> None:
    pushed = api.visitor.request(
        "POST", "notifications/wechat/callback", content=body, headers={"content-type": "text/xml"}
    )
    assert_refused(pushed, status, code)
