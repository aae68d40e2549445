import asyncio
from typing import Any

import httpx2
import pytest

from services.notifications.tests.fakes import House


@pytest.mark.parametrize(
    ("answer", "pauses"),
    [
        (httpx2.ConnectError("refused"), [0.2, 0.5, 1.0]),
        ({"errcode": -1, "errmsg": "system error"}, [0.2, 0.5, 1.0]),
        ({"errcode": 40013, "errmsg": "invalid appid"}, [300.0, 300.0, 300.0]),
    ],
)
async def test_wechat_is_asked_again_soon_unless_a_person_has_to_act_first(
    answer: dict[str, Any] | Exception, pauses: list[float]
) -> None:
    house, waited = House(), list[float]()
    house.server.lists = [answer] * 3

    async def sleep(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 3:
            raise asyncio.CancelledError

    house.console.sleep = sleep
    with pytest.raises(asyncio.CancelledError):
        await house.console.keep_current()
    assert waited == pauses
