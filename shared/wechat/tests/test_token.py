import asyncio

import pytest

from shared.wechat.errors import WeChatUnreachable
from shared.wechat.token import Token, TokenKeeper


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Source:
    def __init__(self, expires_in: int = 7200) -> None:
        self.asked = self.fetched = 0
        self.expires_in = expires_in
        self.down = False

    async def __call__(self) -> Token:
        self.asked += 1
        await asyncio.sleep(0)
        if self.down:
            raise WeChatUnreachable
        self.fetched += 1
        return Token(f"t{self.fetched}", self.expires_in)


async def test_a_token_is_kept_until_wechat_makes_the_next_one() -> None:
    clock, source = Clock(), Source()
    keeper = TokenKeeper(source, clock)
    assert await keeper.current() == "t1"
    clock.now += 7200 - 301
    assert await keeper.current() == "t1"
    clock.now += 1
    assert await keeper.current() == "t2"


async def test_many_who_saw_the_same_refusal_cause_one_fetch() -> None:
    source = Source()
    keeper = TokenKeeper(source)
    await keeper.current()
    assert set(await asyncio.gather(*(keeper.after("t1") for _ in range(10)))) == {"t2"}
    assert source.fetched == 2


async def test_a_token_with_little_time_left_is_not_fetched_for_every_call() -> None:
    source = Source(expires_in=200)
    keeper = TokenKeeper(source, Clock())
    assert {await keeper.current() for _ in range(5)} == {"t1"}


async def test_a_failed_fetch_is_raised_and_tried_again_by_the_next() -> None:
    source = Source()
    source.down = True
    keeper = TokenKeeper(source)
    with pytest.raises(WeChatUnreachable):
        await keeper.current()
    source.down = False
    assert await keeper.current() == "t1"


async def test_many_who_wait_share_one_failure_instead_of_failing_one_after_the_other() -> None:
    source = Source()
    source.down = True
    keeper = TokenKeeper(source)
    ends = await asyncio.gather(*(keeper.current() for _ in range(16)), return_exceptions=True)
    assert {type(end) for end in ends} == {WeChatUnreachable}
    assert source.asked == 1


async def test_who_stops_waiting_does_not_take_the_token_from_the_others() -> None:
    source = Source()
    keeper = TokenKeeper(source)
    impatient, patient = asyncio.create_task(keeper.current()), asyncio.create_task(keeper.current())
    await asyncio.sleep(0)
    impatient.cancel()
    assert await patient == "t1"
