"""The relay where publishing fails: what the surroundings did is waited for, our own bug is not."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, cast

import pytest
from aiokafka.errors import KafkaConnectionError

from shared.aggregates.outbox import Relay
from shared.events.envelope import Event, event
from shared.events.sync import AdvanceBatch
from shared.values.clock import now
from shared.values.jurisdictions import Jurisdiction


class Outboxes:
    """Stands for a collection of which one document has an event to publish, until it was."""

    name = "outboxes"

    def __init__(self) -> None:
        told = event("batch.advance", "b", 1, now(), AdvanceBatch(batch_id="b", jurisdiction=Jurisdiction.WUXI))
        self.waiting = [{"_id": "b", "outbox": [told.to_document()]}]

    def find(self, *_: Any, **__: Any) -> "Outboxes":
        return self

    async def to_list(self, _: int) -> list[dict[str, Any]]:
        return self.waiting

    async def update_one(self, *_: Any) -> None:
        self.waiting = []


def relay(outboxes: Outboxes, publish: Callable[[Event], Awaitable[None]]) -> Relay:
    return Relay([cast(Any, outboxes)], publish)


async def test_a_bug_of_our_own_ends_the_relay_and_so_the_process() -> None:
    async def publish(_: Event) -> None:
        raise RuntimeError("a bug")

    with pytest.raises(RuntimeError, match="a bug"):
        await asyncio.wait_for(relay(Outboxes(), publish).run(), 30)


@pytest.mark.parametrize("fault", [KafkaConnectionError(), TimeoutError(), ConnectionResetError()])
async def test_a_broker_that_is_away_is_waited_for(fault: Exception) -> None:
    outboxes, faults, published = Outboxes(), [fault], asyncio.Event()

    async def publish(_: Event) -> None:
        if faults:
            raise faults.pop()
        published.set()

    running = asyncio.create_task(relay(outboxes, publish).run())
    await asyncio.wait_for(published.wait(), 30)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert not faults


async def test_an_outbox_is_stuck_once_it_has_failed_for_a_while_and_until_something_gets_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    outboxes, away, tried = Outboxes(), True, asyncio.Event()

    async def publish(_: Event) -> None:
        tried.set()
        if away:
            raise KafkaConnectionError

    made = relay(outboxes, publish)
    running = asyncio.create_task(made.run())
    await asyncio.wait_for(tried.wait(), 30)
    assert made.check() == "ok", "it has only just begun to fail"
    monkeypatch.setattr("shared.aggregates.outbox._STUCK_SECONDS", 1e-9)
    async with asyncio.timeout(30):
        while not made.check().startswith("stuck for"):
            await asyncio.sleep(0.01)
        away = False
        while made.check() != "ok":
            await asyncio.sleep(0.01)
    assert not outboxes.waiting
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
