"""Replicas are stopped, killed and paused one after another while people read and write: nobody who reads notices, and who
writes is told at most once to try again. Report 17, "Gateway"."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from typing import Any

import pymongo
import pytest

from tests.client import Api, until
from tests.faults.loading import Counts, Load
from tests.scale import scaled
from tests.stack import PATIENT, Stack

ROUNDS = scaled(5)
REPLICAS = ("search", "search-2", "challenges", "challenges-2")
PAUSE_SECONDS = 35
"""Longer than the gateway waits for the answer to a write."""


@pytest.fixture(scope="module")
def pairs() -> Iterator[Stack]:
    """A system of its own, with two replicas of search and of challenges."""
    with Stack(replicas={"search": 2, "challenges": 2}, settings=PATIENT) as running:
        running.run("huning", "accounts", "seed")
        yield running


@pytest.fixture(scope="module")
def load(pairs: Stack) -> Iterator[Load]:
    """Load on a published challenge that search finds."""
    api = Api(pairs.base_url, timeout=60)
    published = api.publish("轮换期间一直可读")
    until(lambda: api.visitor.get(f"search/items/{published}").status == 200)
    paths = (f"challenges/{published}", f"search/items/{published}", "search?q=轮换", "search/map", "labels")
    yield Load(api, paths)
    api.close()


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=["SIGTERM", "SIGKILL"])
def test_a_rolling_restart_is_noticed_by_nobody_who_reads(
    pairs: Stack, load: Load, number: signal.Signals, record_property: Callable[[str, object], None]
) -> None:
    with load.running() as counts:
        for name in REPLICAS * ROUNDS:
            was = pairs.kill(name, number)
            until(lambda name=name, was=was: pairs.pid(name) not in (None, was), seconds=60)  # type: ignore[misc]
            pairs.wait_ready(name)
    record_property(f"{len(REPLICAS) * ROUNDS} restarts by {number.name}", str(counts))
    nothing_failed(pairs, counts)
    if number is signal.SIGTERM:
        assert counts.writes.keys() == {0}, "a replica that was asked to stop refused a write"


@pytest.mark.timeout(600)
def test_a_replica_that_is_paused_is_noticed_by_nobody_who_reads(
    pairs: Stack, load: Load, record_property: Callable[[str, object], None]
) -> None:
    paused = ("search-2", "challenges-2")
    with load.running() as counts:
        pids = [pairs.kill(name, signal.SIGSTOP) for name in paused]
        try:
            time.sleep(PAUSE_SECONDS)
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)
        pairs.wait_ready(*paused)
    record_property(f"a pause of {PAUSE_SECONDS} s", str(counts))
    nothing_failed(pairs, counts)


def nothing_failed(stack: Stack, counts: Counts) -> None:
    """No read failed, no write was refused twice, and each happened once."""
    assert counts.failed_reads == []
    assert counts.wrong_writes == []
    assert counts.writes.keys() <= {0, 1}
    with pymongo.MongoClient[dict[str, Any]](stack.mongodb) as client:
        of_this_load = client["huning_challenges"]["challenges"].find({"state.title": counts.tag})
        writes = {str(each["_id"]): each["revision"] for each in of_this_load}
    assert writes == dict.fromkeys(counts.submitted, 2)
    assert writes
