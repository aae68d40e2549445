import asyncio
from pathlib import Path
from typing import Any

import httpx2
import pytest

from deploy.local.wechat.tests.conftest import APPID, PROGRESS, SECRET, World, stand_in
from shared.wechat.client import SubscribeMessage, WeChat
from shared.wechat.errors import Uncertain, WeChatError, WeChatUnreachable


async def _refused(world: World, message: SubscribeMessage) -> int:
    with pytest.raises(WeChatError) as caught:
        await world.wechat.send(message)
    return caught.value.code


async def test_a_message_that_was_consented_to_is_accepted_once_and_stands_in_the_log(world: World) -> None:
    message = await world.message()
    await world.order("credits", touser="company-suzhou", template_id=PROGRESS, credits=1)
    msgid = await world.wechat.send(message)
    (entry,) = await world.sent("code:company-suzhou")
    assert entry["msgid"] == msgid
    assert entry["data"]["thing1"] == "双极板涂层寿命"
    assert await _refused(world, message) == 43101


async def test_a_message_that_is_sent_twice_stands_in_the_log_twice(world: World) -> None:
    message = await world.message()
    await world.order("credits", touser="company-suzhou", template_id=PROGRESS, credits=2)
    await world.wechat.send(message)
    await world.wechat.send(message)
    assert len(await world.sent("company-suzhou")) == 2


async def test_nobody_is_told_without_having_consented(world: World) -> None:
    assert await _refused(world, await world.message()) == 43101
    assert await world.sent() == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"phrase2": "审核通过了吗"}, 47003),
        ({"thing1": "二" * 21}, 47003),
        ({"time4": "昨天"}, 47003),
        ({"thing9": "多出来的"}, 47003),
        ({"thing1": ""}, 47003),
    ],
)
async def test_a_field_against_its_rules_is_refused(world: World, changed: dict[str, str], code: int) -> None:
    message = await world.message(**changed)
    await world.order("credits", touser="company-suzhou", template_id=PROGRESS, credits=1)
    assert await _refused(world, message) == code


async def test_sends_at_once_to_one_person_are_too_many(world: World) -> None:
    message = await world.message()
    await world.order("credits", touser="company-suzhou", template_id=PROGRESS, credits=8)
    sends = (world.wechat.send(message) for _ in range(8))
    answers = await asyncio.gather(*sends, return_exceptions=True)
    refused = {each.code for each in answers if isinstance(each, WeChatError)}
    assert refused == {43108}


async def test_unknown_people_and_templates_are_refused(world: World) -> None:
    known = await world.message()
    assert await _refused(world, SubscribeMessage("oUnknown", PROGRESS, known.data)) == 40003
    assert await _refused(world, SubscribeMessage(known.openid, "no-template", known.data)) == 40037
    assert await _refused(world, SubscribeMessage(known.openid, PROGRESS, known.data, page="/index")) == 41030


async def test_escaped_chinese_is_refused(world: World) -> None:
    message = await world.message()
    token = (await world.control.post("/cgi-bin/stable_token", json=_credentials())).json()["access_token"]
    answer = await world.control.post(
        "/cgi-bin/message/subscribe/send",
        params={"access_token": token},
        content=b'{"touser":"' + message.openid.encode() + b'","data":{"thing1":{"value":"\\u6d82"}}}',
    )
    assert answer.json()["errcode"] == 40033


async def test_the_days_quota_ends_at_midnight_in_beijing(world: World) -> None:
    message = await world.message()
    await world.order("credits", touser="company-suzhou", template_id=PROGRESS, credits=5)
    await world.order("clock", now="2026-11-25T15:59:00Z")
    await world.order("quota", daily=1)
    await world.wechat.send(message)
    assert await _refused(world, message) == 45009
    await world.order("clock", now="2026-11-25T16:00:01Z")
    await world.wechat.send(message)


def _credentials(**more: Any) -> dict[str, Any]:
    return {"grant_type": "client_credential", "appid": APPID, "secret": SECRET, **more}


async def test_normal_mode_gives_the_same_token_until_five_minutes_before_its_end(world: World) -> None:
    async def token() -> str:
        return str((await world.control.post("/cgi-bin/stable_token", json=_credentials())).json()["access_token"])

    first = await token()
    await world.order("clock", advance_seconds=6_890)
    assert await token() == first
    await world.order("clock", advance_seconds=20)
    assert await token() != first


async def test_a_forced_token_kills_the_old_one_and_the_client_gets_over_it(world: World) -> None:
    await world.wechat.templates()
    await world.control.post("/cgi-bin/stable_token", json=_credentials(force_refresh=True))
    assert await world.wechat.templates()
    again = await world.control.post("/cgi-bin/stable_token", json=_credentials(force_refresh=True))
    assert again.json()["errcode"] == 45009


async def test_wrong_credentials_are_told_apart(world: World) -> None:
    other = WeChat(world.url, APPID, "wrong")
    with pytest.raises(WeChatError, match="40125"):
        await other.templates()
    await other.close()


async def test_a_name_has_one_openid_and_a_marked_code_works_once(world: World) -> None:
    first = await world.wechat.exchange_code("code:company-suzhou")
    assert await world.wechat.exchange_code("code:company-suzhou#1") == first
    assert (await world.wechat.exchange_code("code:company-wuxi")).openid != first.openid
    with pytest.raises(WeChatError, match="40163"):
        await world.wechat.exchange_code("code:company-suzhou#1")
    with pytest.raises(WeChatError, match="40029"):
        await world.wechat.exchange_code("anything else")


async def test_the_log_and_the_credits_outlive_a_restart(tmp_path: Path) -> None:
    async with stand_in(tmp_path) as url, httpx2.AsyncClient(base_url=url, trust_env=False) as control:
        wechat = WeChat(url, APPID, SECRET)
        world = World(url, wechat, None, control)  # type: ignore[arg-type]
        message = await world.message()
        await world.order("credits", touser="company-suzhou", template_id=PROGRESS, credits=2)
        await wechat.send(message)
        before = await world.sent()
    with (tmp_path / "data" / "wechat" / "sent.jsonl").open("ab") as file:
        file.write(b'{"half a li')
    async with stand_in(tmp_path) as url, httpx2.AsyncClient(base_url=url, trust_env=False) as control:
        world = World(url, WeChat(url, APPID, SECRET), None, control)  # type: ignore[arg-type]
        assert await world.sent() == before
        await world.wechat.send(message)
        assert await _refused(world, message) == 43101
        await world.wechat.close()
    await wechat.close()


@pytest.mark.parametrize(
    ("fault", "error", "accepted"),
    [
        ({"fault": "html", "status": 502}, WeChatUnreachable, 0),
        ({"fault": "error", "errcode": -1}, WeChatError, 0),
        ({"fault": "reset"}, Uncertain, 0),
        ({"fault": "timeout", "seconds": 30}, Uncertain, 0),
        ({"fault": "reset_after_accept"}, Uncertain, 1),
        ({"fault": "timeout_after_accept", "seconds": 30}, Uncertain, 1),
        ({"fault": "html_after_accept", "status": 504}, Uncertain, 1),
    ],
)
async def test_a_scripted_mood_is_what_the_client_meets(
    world: World, fault: dict[str, Any], error: type[Exception], accepted: int
) -> None:
    message = await world.message()
    await world.order("credits", touser="company-suzhou", template_id=PROGRESS, credits=1)
    await world.order("faults", call="send", **fault)
    hasty = WeChat(world.url, APPID, SECRET, timeout=httpx2.Timeout(3.0))
    with pytest.raises(error):
        await hasty.send(message)
    assert len(await world.sent()) == accepted
    assert (await world.control.get("/_control/faults")).json()["items"] == []
    await hasty.close()


async def test_a_spurious_40001_is_survived_by_asking_again(world: World) -> None:
    message = await world.message()
    await world.order("credits", touser="company-suzhou", template_id=PROGRESS, credits=1)
    await world.order("faults", call="send", fault="error", errcode=40001)
    assert await world.wechat.send(message)


async def test_the_content_check_passes_doubts_and_refuses(world: World) -> None:
    session = await world.wechat.exchange_code("code:company-suzhou")
    token = (await world.control.post("/cgi-bin/stable_token", json=_credentials())).json()["access_token"]

    async def check(content: str, openid: str = session.openid) -> dict[str, Any]:
        body = {"content": content, "version": 2, "scene": 3, "openid": openid}
        return dict((await world.control.post(f"/wxa/msg_sec_check?access_token={token}", json=body)).json())

    assert (await check("双极板涂层"))["result"]["suggest"] == "pass"
    assert (await check("请加微信详谈"))["result"]["suggest"] == "review"
    assert (await check("代开发票"))["result"]["suggest"] == "risky"
    assert (await check("双极板涂层", "oUnknown"))["errcode"] == 61010
