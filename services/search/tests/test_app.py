"""The composition of search, started with neither database nor broker."""

from pathlib import Path
from typing import Any, cast

from services.search.app import build
from services.search.tests.building import challenge
from services.search.tests.log import Log
from services.search.tests.test_replica import running, until
from shared.settings import Settings


def nowhere(home: Path) -> Settings:
    """Servers that do not answer."""
    return Settings(home=home, keys=home, mongodb="mongodb://127.0.0.1:1", kafka="127.0.0.1:1")


def test_until_there_is_an_index_another_replica_is_to_be_asked(tmp_path: Path) -> None:
    assert build(nowhere(tmp_path)).rotation.check() == "index: waiting for search-worker"


async def test_the_index_that_is_there_serves_before_the_port_opens(tmp_path: Path) -> None:
    log = Log()
    log.publish(challenge("甲"))
    async with running(log, tmp_path / "data" / "search") as replica:
        await until(replica, bool)
    service = build(nowhere(tmp_path))
    assert service.extra_checks["index"]() == "waiting for search-worker"
    async with service._lifespan(cast(Any, None)):
        assert service.extra_checks["index"]() == "ok"
