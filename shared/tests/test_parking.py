"""Parking: what is counted against its limit."""

from typing import Any, cast

import pytest
from aiokafka import ConsumerRecord

from shared.messaging.limits import ParkingFull, ParkingLimit
from shared.messaging.parking import Parking


class Bus:
    """Takes what is published. `settings` has no prefix."""

    prefix = ""

    @property
    def settings(self) -> "Bus":
        return self

    async def publish(self, _: object) -> None:
        return None


def record(offset: int) -> ConsumerRecord[bytes, bytes]:
    return ConsumerRecord("huning.records", 5, offset, 0, 0, b"key", b"?", None, 3, 1, ())


async def test_a_bad_message_that_is_read_again_is_not_counted_again() -> None:
    """As a rebuild of the index does, which reads the log from its beginning."""
    parking = Parking(cast(Any, Bus()), "search", ParkingLimit(in_a_row=2, a_minute=2))
    for _ in range(5):
        for offset in (7, 9):
            await parking.park("search.index", record(offset), "not_json", "?")
    with pytest.raises(ParkingFull):
        await parking.park("search.index", record(10), "not_json", "?")
