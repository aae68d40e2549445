from types import SimpleNamespace
from typing import Any, cast

import pytest
from pymongo.errors import ServerSelectionTimeoutError

from shared import mongo


def _client(failures: int) -> Any:
    """Answers pings after so many failures."""
    left = [failures]

    async def command(_: str) -> dict[str, Any]:
        if left[0]:
            left[0] -= 1
            raise ServerSelectionTimeoutError("no server")
        return {"ok": 1}

    return cast(Any, SimpleNamespace(admin=SimpleNamespace(command=command)))


async def test_a_database_that_is_only_just_starting_is_waited_for() -> None:
    await mongo.wait_for(_client(failures=2), seconds=30)


async def test_one_that_does_not_come_is_said_to_be_away() -> None:
    with pytest.raises(mongo.MongoFault):
        await mongo.wait_for(_client(failures=1_000), seconds=0)
