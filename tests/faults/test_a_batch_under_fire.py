"""Batches whose API, worker, broker and database are killed again and again come out as those of a city that nobody disturbs."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from shared.runtime.service import Service
from shared.values.jurisdictions import Jurisdiction
from tests import log
from tests.benchmarks.rows import rows
from tests.client import Api, until
from tests.faults.killing import kill_at_random
from tests.faults.pushing import KIND, City, rows_of
from tests.faults.settling import AFTER_THE_BROKER
from tests.faults.walking import Walk
from tests.scale import SEED, scaled
from tests.stack import Stack

ROWS, KILLS = scaled(50_000), scaled(50, least=5)
STAYS = ROWS * 4 // 5
"""So many are in the snapshot; it withdraws the others."""
VICTIMS = ("sync", "sync-worker", "sync-worker", "kafka", "mongodb")
SETTLED_SECONDS = 600
OF_ITS_OWN = {"jurisdiction", "batch_id", "updated_at", "longitude", "latitude"}
"""What differs between two cities that push the same."""

Pushed = tuple[list[Any], list[Any], dict[str, Any]]
"""The rows of both receipts, and the records at the end."""


@pytest.mark.timeout(1800)
def test_batches_come_out_the_same_however_often_their_processes_are_killed(
    stack: Stack, api: Api, composed: dict[str, Service], tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    walk = Walk(stack, api, composed)
    calm, disturbed = (City.register(stack, api, name, folder(tmp_path, name)) for name in ("putuo", "suzhou"))
    undisturbed = (delta(api, calm), snapshot(api, calm), records(calm))
    killed = Counter[str]()
    found = []
    for number, push in enumerate((delta, snapshot)):
        with ThreadPoolExecutor(1) as pool:
            killing = pool.submit(kill_at_random, stack, VICTIMS, KILLS // 2 + number, SEED + number)
            found.append(push(api, disturbed))
            killed += killing.result()
    stack.wait_ready(*VICTIMS)
    walk.settled(AFTER_THE_BROKER)
    record_property(
        "killed under a batch", f"seed {SEED}: {dict(killed)}; {ROWS} rows, {ROWS - STAYS} of them withdrawn"
    )
    assert (*found, records(disturbed)) == undisturbed


def folder(parent: Path, name: str) -> Path:
    """One of its own."""
    made = parent / name
    made.mkdir()
    return made


def delta(api: Api, city: City) -> list[Any]:
    """Every row of the receipt of a batch that adds all records."""
    receipt = city.push(rows(ROWS, city=Jurisdiction(city.name)))
    assert receipt["counts"]["added"] == ROWS
    return rows_of(api, city, receipt["id"])


def snapshot(api: Api, city: City) -> list[Any]:
    """That of one that changes most of them and withdraws the others, once an operator has agreed."""
    sent = list(rows(ROWS, changed=1, city=Jurisdiction(city.name)))[:STAYS]
    waiting = city.push(sent, "--snapshot")
    assert (waiting["state"], waiting["withdrawn"]) == ("awaiting_approval", ROWS - STAYS)
    operator, path = api.as_(f"operator-{city.name}"), f"sync/batches/{waiting['id']}"
    operator.settle("POST", f"{path}/approve", {}, seconds=SETTLED_SECONDS)
    until(
        lambda: operator.settle("GET", path, seconds=SETTLED_SECONDS).body["state"] == "applied",
        seconds=SETTLED_SECONDS,
    )
    applied = operator.get(path).expect(200)
    assert (applied["counts"]["changed"], applied["withdrawn"]) == (STAYS, ROWS - STAYS)
    return rows_of(api, city, waiting["id"])


def records(city: City) -> dict[str, Any]:
    """What the log has of the city in the end: the version and the state of each record."""
    prefix = f"{city.name}/{KIND}/"
    return {
        subject.removeprefix(prefix): (event.version, event.data.model_dump(mode="json", exclude=OF_ITS_OWN))
        for subject, event in log.newest(city.stack.kafka, "huning.records").items()
        if subject.startswith(prefix)
    }
