"""A WeChat that hangs costs a few messages whose outcome nobody knows, and not every one that there is."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

import httpx2
import pytest
from structlog.testing import capture_logs

from services.notifications.sending.gate import UNANSWERED
from services.notifications.sending.metrics import DOUBTED
from services.notifications.sending.outcomes import outcome_of
from services.notifications.sending.sender import _AT_ONCE
from services.notifications.tests import builders
from services.notifications.tests.fakes import House
from shared.wechat.errors import Uncertain

PEOPLE = 60


@pytest.fixture
async def house() -> House:
    """Sixty people, each with a message to come about one challenge."""
    house = House()
    for number in range(PEOPLE):
        house.consented(f"admin-{number}", "challenge_progress", 5)
        await house.hear(builders.user(f"admin-{number}", organization="org-1"))
    return house


@pytest.fixture(autouse=True)
def metric() -> Iterator[None]:
    yield
    DOUBTED.set(0)


def unknown(house: House) -> int:
    return house.statuses().count(("unknown", "no_answer"))


async def quiet(house: House) -> None:
    """Until the sender does nothing but wait: it has gone through many turns of waiting without any send."""
    while True:
        sent, asked, waited = len(house.server.sent), house.server.asked, house.waited
        while house.sender._tasks and house.waited < waited + 3 * _AT_ONCE:
            await asyncio.sleep(0)
        if (sent, asked) == (len(house.server.sent), house.server.asked) and not house.server.at_once:
            return


async def hangs(house: House) -> None:
    """WeChat answers nothing from now on; the messages about a challenge are due."""
    house.server.hangs = house.server.is_silent = True
    await house.hear_without_settling(builders.challenge())
    await quiet(house)


async def test_a_wechat_that_hangs_for_a_day_costs_no_more_than_what_was_under_way(house: House) -> None:
    await hangs(house)
    cost = unknown(house)
    for _ in range(24 * 6):
        house.at += timedelta(minutes=10)
        await quiet(house)
    assert UNANSWERED <= cost == unknown(house) == len(house.server.sent) < _AT_ONCE + UNANSWERED
    assert house.server.asked >= 24 * 6
    await house.sender.stop()


async def test_what_waited_goes_once_wechat_answers_again_and_each_goes_once(house: House) -> None:
    await hangs(house)
    cost = unknown(house)
    house.server.hangs = house.server.is_silent = False
    house.at += timedelta(minutes=1)
    await house.settle()
    assert (unknown(house), house.statuses().count(("sent", None))) == (cost, PEOPLE - cost)
    assert len(house.server.sent) == PEOPLE


async def test_a_wechat_that_answers_questions_and_hangs_over_messages_costs_less_and_less(house: House) -> None:
    await hangs(house)
    under_way = unknown(house)
    house.server.is_silent = False
    costs = [0]
    for _ in range(12 * 60 // 5):
        house.at += timedelta(minutes=5)
        await quiet(house)
        costs.append(unknown(house) - under_way)
    assert {after - before for before, after in pairwise(costs)} == {0, 1}
    assert costs[-1] <= 20
    await house.sender.stop()


async def test_after_the_question_one_message_goes_at_a_time(house: House) -> None:
    await hangs(house)
    before = len(house.server.sent)
    house.server.hangs = house.server.is_silent = False
    house.server.gate.clear()
    house.at += timedelta(minutes=1)
    while len(house.server.sent) == before:
        await asyncio.sleep(0)
    for _ in range(1000):
        await asyncio.sleep(0)
    assert house.server.at_once == 1
    house.server.gate.set()
    await house.settle()


async def test_single_time_outs_among_answers_pause_nothing(house: House) -> None:
    house.sender._limits[False] = asyncio.Semaphore(1)
    house.server.script = [{"errcode": 0, "msgid": 1}, httpx2.ReadTimeout(""), httpx2.ReadTimeout("")] * (PEOPLE // 3)
    await house.hear(builders.challenge())
    assert (unknown(house), house.waited, house.server.asked) == (PEOPLE // 3 * 2, 0, 0)


async def test_a_no_of_wechat_is_an_answer(house: House) -> None:
    house.server.hangs = True
    house.server.is_silent = False
    await house.hear_without_settling(builders.challenge())
    await quiet(house)
    house.server.hangs = False
    house.server.script = [{"errcode": 47003}]
    house.at += timedelta(minutes=1)
    await house.settle()
    assert ("failed", "message_refused_47003") in house.statuses()
    assert house.sender.gate.doubt is None


async def test_a_wechat_that_hangs_again_and_again_is_left_alone_for_longer_each_time(house: House) -> None:
    """It answers one message, and hangs over many at once."""
    gate, pauses = house.sender.gate, list[timedelta]()
    no_answer, answer = outcome_of(Uncertain(), house.at, 0), None
    for _ in range(4):
        for _ in range(UNANSWERED):
            gate.learn(no_answer)
        assert gate.doubt
        pauses.append(gate.doubt.again_at - house.at)
        house.at = gate.doubt.again_at
        gate.learn(answer)
        assert gate.doubt is None
    assert pauses == [timedelta(seconds=5) * 2**number for number in range(4)]


async def test_a_process_that_is_started_again_meanwhile_goes_on_doubting(house: House) -> None:
    await hangs(house)
    cost = unknown(house)
    await house.sender.stop()
    house.sender = house.another_sender("notifications-1")
    running = asyncio.create_task(house.sender.run())
    while not house.waited or not house.sender._tasks:
        await asyncio.sleep(0)
    await quiet(house)
    assert unknown(house) == cost
    await house.sender.stop()
    running.cancel()


async def test_it_is_seen_in_log_metric_and_at_the_operators(house: House) -> None:
    with capture_logs() as lines:
        await hangs(house)
        doubt = house.senders.doubts["notifications-1"]
        assert doubt
        assert doubt.unanswered >= UNANSWERED
        assert DOUBTED._value.get() == 1
        house.at += timedelta(minutes=1)
        await quiet(house)
        house.server.hangs = house.server.is_silent = False
        house.at += timedelta(minutes=1)
        await house.settle()
    events = [each["event"] for each in lines if each["event"].startswith("sender.") and "delivery" not in each]
    assert [events[0], events[-1]] == ["sender.paused", "sender.goes_on"]
    assert "sender.wechat_hangs" in events
    assert (house.senders.doubts["notifications-1"], DOUBTED._value.get()) == (None, 0)
