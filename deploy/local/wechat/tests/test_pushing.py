import pytest

from deploy.local.wechat.tests.conftest import APPID, PROGRESS, World, eventually
from shared.wechat.callback import ConsentGiven, MessageSent, items_of


@pytest.mark.parametrize("form", ["json", "xml"])
async def test_an_accepted_message_is_followed_by_its_event(world: World, form: str) -> None:
    message = await world.message()
    await world.order("callbacks", format=form)
    await world.order("credits", touser="company-suzhou", template_id=PROGRESS, credits=1)
    msgid = await world.wechat.send(message)
    await eventually(lambda: world.receiver.opened)
    (event,) = items_of(world.receiver.opened[0], APPID)
    assert isinstance(event, MessageSent)
    assert (event.msgid, event.openid, event.error_code) == (msgid, message.openid, 0)


async def test_an_answer_to_the_question_gives_a_credit_and_is_pushed(world: World) -> None:
    answer = await world.order("popup", touser="company-suzhou", results={PROGRESS: "accept", "other": "reject"})
    assert answer["credits"] == {PROGRESS: 1, "other": 0}
    await eventually(lambda: world.receiver.opened)
    events = items_of(world.receiver.opened[0], APPID)
    assert [each.status for each in events if isinstance(each, ConsentGiven)] == ["accept", "reject"]
    assert await world.wechat.send(await world.message())


async def test_the_settings_page_pushes_rejects_only(world: World) -> None:
    await world.order("change", touser="company-suzhou", results={PROGRESS: "reject", "other": "accept"})
    await eventually(lambda: world.receiver.opened)
    (event,) = items_of(world.receiver.opened[0], APPID)
    assert isinstance(event, ConsentGiven)
    assert (event.template_id, event.status) == (PROGRESS, "reject")


async def test_events_come_twice_and_out_of_order_when_they_are_told_to(world: World) -> None:
    await world.order("callbacks", copies=2, hold=True)
    await world.order("popup", touser="company-suzhou", results={"first": "accept"})
    await world.order("popup", touser="company-suzhou", results={"second": "accept"})
    assert world.receiver.opened == []
    assert await world.order("callbacks/release", newest_first=True) == {"released": 2}
    await eventually(lambda: len(world.receiver.opened) == 4)


async def test_a_push_that_was_turned_away_comes_again(world: World) -> None:
    world.receiver.refuse = 1
    await world.order("popup", touser="company-suzhou", results={PROGRESS: "accept"})
    await eventually(lambda: world.receiver.opened)
