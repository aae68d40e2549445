"""A worker killed in the middle of a batch leaves the receipt that it would have left anyway (law 6)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shared.runtime.service import Service
from shared.values.jurisdictions import Jurisdiction
from tests.benchmarks.rows import rows
from tests.client import Api
from tests.faults.pushing import City, rows_of
from tests.faults.settling import AFTER_A_SERVICE
from tests.faults.walking import Walk
from tests.stack import Stack

STANDING, PUSHED = 600, 1200
COUNTS = {"added": 598, "changed": 500, "unchanged": 100, "rejected": 1, "duplicate": 1}
SECOND_CHUNK = "/1"


@pytest.fixture(scope="module")
def undisturbed(stack: Stack, api: Api, tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """The receipt's rows where nobody is killed."""
    city = with_rows(stack, api, "changzhou", tmp_path_factory.mktemp("changzhou"))
    return rows_of(api, city, city.push(pushed(city.name))["id"])


@pytest.fixture
def walk(stack: Stack, api: Api, composed: dict[str, Service]) -> Iterator[Walk]:
    made = Walk(stack, api, composed)
    yield made
    stack.wait_ready("sync", "sync-worker")
    made.settled(AFTER_A_SERVICE)


@pytest.mark.parametrize(("point", "name"), [("sync-before-receipt", "zhenjiang"), ("sync-before-progress", "taizhou")])
def test_a_worker_killed_in_the_middle_of_a_batch_gives_the_same_receipt(
    walk: Walk, undisturbed: list[Any], point: str, name: str, tmp_path: Path
) -> None:
    city = with_rows(walk.stack, walk.api, name, tmp_path)
    walk.arm(point, SECOND_CHUNK)
    receipt = city.push(pushed(city.name))
    walk.wait_for_death(point)
    assert receipt["state"] == "applied"
    assert {verdict: number for verdict, number in receipt["counts"].items() if number} == COUNTS
    assert rows_of(walk.api, city, receipt["id"]) == undisturbed


def with_rows(stack: Stack, api: Api, name: str, folder: Path) -> City:
    """A city some of whose rows stand already."""
    city = City.register(stack, api, name, folder)
    assert city.push(rows(STANDING, city=Jurisdiction(name)))["counts"]["added"] == STANDING
    return city


def pushed(name: str) -> list[dict[str, Any]]:
    """Rows of every verdict, over three chunks: the second one has of each."""
    city = Jurisdiction(name)
    before, made = list(rows(PUSHED, city=city)), list(rows(PUSHED, changed=1, city=city))
    made[450:550] = before[450:550]
    made[700] = {"source_id": made[700]["source_id"]}
    made[800] = made[900]
    return made
