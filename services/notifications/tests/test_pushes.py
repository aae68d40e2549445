import json
from typing import Any, cast

import pytest
from starlette.requests import Request

from services.notifications.callback.pushes import PATH, Pushes
from services.notifications.tests import builders
from services.notifications.tests.builders import NOON
from services.notifications.tests.fakes import House
from shared.values.problems import Refusal
from shared.wechat.crypto import Envelope, signature

TOKEN, KEY, APPID = "a-token", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", "wx"
NOW = str(int(NOON.timestamp()))


def _pushes(house: House | None = None) -> Pushes:
    house = house or House()
    return Pushes(Envelope(APPID, KEY), TOKEN, house.callback, house.clock)


def _request(method: str, query: dict[str, str], body: bytes = b"") -> Request:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    encoded = "&".join(f"{key}={value}" for key, value in query.items()).encode()
    scope = {"type": "http", "method": method, "path": PATH, "query_string": encoded, "headers": []}
    return Request(scope, cast(Any, receive))


def _pushed(fields: dict[str, Any]) -> bytes:
    return json.dumps({"ToUserName": "gh", "Encrypt": Envelope(APPID, KEY).seal(json.dumps(fields).encode())}).encode()


def _signed(body: bytes, timestamp: str = NOW) -> dict[str, str]:
    encrypted = json.loads(body)["Encrypt"]
    return {"timestamp": timestamp, "nonce": "n", "msg_signature": signature(TOKEN, timestamp, "n", encrypted)}


async def test_a_greeting_with_the_right_signature_comes_from_wechat() -> None:
    query = {"signature": signature(TOKEN, NOW, "n"), "timestamp": NOW, "nonce": "n", "echostr": "hello"}
    assert (await _pushes().caller(_request("GET", query))).wechat


@pytest.mark.parametrize(
    "changed", [{"signature": "0" * 40}, {"timestamp": "x"}, {"nonce": "other"}, {"timestamp": ""}]
)
async def test_a_greeting_with_anything_else_is_refused(changed: dict[str, str]) -> None:
    query = {"signature": signature(TOKEN, NOW, "n"), "timestamp": NOW, "nonce": "n", **changed}
    with pytest.raises(Refusal, match="bad_signature"):
        await _pushes().caller(_request("GET", query))


@pytest.mark.parametrize("seconds", [-301, 301])
async def test_a_push_from_another_time_is_stale(seconds: int) -> None:
    body = _pushed({"Event": "other"})
    with pytest.raises(Refusal, match="bad_signature"):
        await _pushes().caller(_request("POST", _signed(body, str(int(NOW) + seconds)), body))


async def test_a_push_with_a_changed_body_is_refused() -> None:
    body = _pushed({"Event": "other"})
    query = _signed(body)
    assert (await _pushes().caller(_request("POST", query, body))).wechat
    with pytest.raises(Refusal, match="bad_signature"):
        await _pushes().caller(_request("POST", query, _pushed({"Event": "other"})))


async def test_a_push_with_a_dtd_is_refused_outside_and_inside_the_envelope() -> None:
    dtd = b'<!DOCTYPE x [<!ENTITY a "b">]><xml><Encrypt>&a;</Encrypt></xml>'
    with pytest.raises(Refusal, match="bad_push"):
        await _pushes().caller(_request("POST", {"timestamp": NOW, "nonce": "n", "msg_signature": "0"}, dtd))
    with pytest.raises(Refusal, match="bad_push"):
        await _pushes().take(json.dumps({"Encrypt": Envelope(APPID, KEY).seal(dtd)}).encode())


async def test_a_repeated_push_has_one_effect() -> None:
    house = House()
    item = {"TemplateId": "T-new_challenge", "SubscribeStatusString": "accept", "PopupScene": "0"}
    fields = {
        "FromUserName": "openid-of-user-1",
        "CreateTime": int(NOW),
        "Event": "subscribe_msg_popup_event",
        "List": item,
    }
    await house.hear(builders.user("user-1"))
    for _ in range(3):
        await _pushes(house).take(_pushed(fields))
    assert house.credits("user-1", "new_challenge") == 1


async def test_where_no_token_was_told_nobody_is_taken_for_wechat() -> None:
    house = House()
    untold = Pushes(Envelope("", ""), "", house.callback, house.clock)
    query = {"signature": signature("", NOW, "n"), "timestamp": NOW, "nonce": "n", "echostr": "hello"}
    with pytest.raises(Refusal) as refused:
        await untold.caller(_request("GET", query))
    assert refused.value.problem.status == 403
