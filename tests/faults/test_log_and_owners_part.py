"""Four drills: the broker is wiped, the database is restored to the past, the log is, the database is restored into an empty
Kafka. Each time everything is there again, nobody is told twice, and what is acknowledged is never shown as missing; the seconds
are printed.

Full at `SCALE=1`: 50,000 records for the wiped broker, 100,000 for the restores. `make drills` runs them alone.
"""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from shared.runtime.service import Service
from tests.client import until
from tests.composing import composed
from tests.faults.backups import MADE_WITH, dump, restore
from tests.faults.parting import (
    Town,
    compared,
    log_as_it_is,
    logs_of,
    nothing_missing,
)
from tests.faults.settling import DOWNSTREAM
from tests.scale import scaled
from tests.stack import PATIENT, Stack

WIPED, RESTORED = scaled(50_000, least=300), scaled(100_000, least=600)
"""Records before it happens. A tenth more are pushed after a backup."""
WITHIN_SECONDS, RESTORED_WITHIN_SECONDS = 60.0, 900.0
"""From `topics apply`, at 50,000 aggregates and records; and what the drills of a restore wait for at most."""
REPLICAS = {"search": 2}
UNLIMITED = {"HUNING_RATE_PER_SECOND": "1000000"}
"""Who looks at every record of both replicas is one caller."""

Compose = Callable[[Stack], dict[str, Service]]
Figure = Callable[[str, object], None]


@pytest.fixture
def compose(tmp_path: Path) -> Iterator[Compose]:
    """Every service with a stack's keys, started nowhere."""
    with ExitStack() as made:
        yield lambda stack: made.enter_context(composed(stack.place.keys, tmp_path))


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """A town whose system was stopped; each drill goes on with a copy of its folder."""
    folder = tmp_path_factory.mktemp("loaded")
    with running(folder) as stack:
        town = Town(stack, folder, RESTORED)
        town.load()
    return town


def running(folder: Path) -> Stack:
    """The whole system, with its data below this folder."""
    return Stack(home=folder / "home", replicas=REPLICAS, settings={**PATIENT, **UNLIMITED})


def copied(town: Town, folder: Path) -> Path:
    """Without what a start makes anew: who runs, and the keys that each process was given."""
    place = folder / "town"
    shutil.copytree(town.folder, place, ignore=shutil.ignore_patterns("run", "logs"))
    return place


def test_a_wiped_broker_is_filled_again_without_a_person(
    tmp_path: Path, compose: Compose, record_property: Figure
) -> None:
    """Although somebody rebuilds every read model while the log is empty; and whoever is verified stays so."""
    with running(tmp_path) as stack:
        town = Town(stack, tmp_path, WIPED)
        town.load()
        before = logs_of(stack)
        with nothing_missing(town):
            stack.wipe_broker()
            stack.run("huning", "topics", "apply")
            began = time.monotonic()
            town.rebuild()
            town.walk.approved("其间")
            until(lambda: logs_of(stack).isdisjoint(before), seconds=WITHIN_SECONDS)
            took = town.settled(began, WITHIN_SECONDS, compose(stack))
        record_property(f"a wiped broker, {WIPED:,} records", f"whole again {took:.0f} s after `topics apply`")
        assert len(town.walk.sent()) == len(town.published)
        town.publish("之后")


def test_a_database_restored_to_the_past_takes_back_what_the_log_knows(
    loaded: Town, tmp_path: Path, compose: Compose, record_property: Figure
) -> None:
    folder = copied(loaded, tmp_path)
    with running(folder) as stack:
        town = loaded.moved(stack, folder)
        kept, approved = list(town.published), town.walk.approved("过审")
        backup = dump(stack, tmp_path)
        town.walk.act(approved, "publish")
        town.published.append(approved)
        lost = town.publish("丢失")
        town.push(RESTORED // 10)
        told = len(town.walk.sent())
    with Stack(only=("kafka", "mongodb"), home=folder / "home") as stores:
        restore(stores, backup)
        began = time.monotonic()
        assert compared(stores) == 1
        for service in DOWNSTREAM:
            stores.run("huning", service, "adopt")
        adopted = time.monotonic() - began
    with running(folder) as stack:
        again = town.moved(stack, folder)
        again.published = [*kept, approved]
        with nothing_missing(again):
            took = again.settled(time.monotonic(), RESTORED_WITHIN_SECONDS, compose(stack))
        figures = f"compared and adopted in {adopted:.0f} s, whole again {took:.0f} s after the start"
        record_property(
            f"a database {RESTORED // 10:,} records older than its log of {again.records:,} ({MADE_WITH})", figures
        )
        assert [again.ask(f"challenges/{each}").status for each in lost] == [404]
        assert not any(again.walk.is_found(each) for each in lost)
        assert again.walk.is_found(approved)
        assert len(again.walk.sent()) == told


def test_a_log_restored_to_the_past_gets_what_it_lacks(
    loaded: Town, tmp_path: Path, compose: Compose, record_property: Figure
) -> None:
    folder = copied(loaded, tmp_path)
    with running(folder) as stack:
        town = loaded.moved(stack, folder)
        past = tmp_path / "past"
        log_as_it_is(stack, past)
        town.publish("四", "五")
        town.push(RESTORED // 10)

        def to_the_past(log: Path) -> None:
            log.rename(log.with_name("log.present"))
            shutil.copytree(past, log)

        with nothing_missing(town):
            stack.replace_log(to_the_past)
            began = time.monotonic()
            assert compared(stack) == 1
            took = town.settled(began, RESTORED_WITHIN_SECONDS, compose(stack))
        what = f"a log {RESTORED // 10:,} records older than its owners with {town.records:,}"
        record_property(what, f"compared and whole again after {took:.0f} s")
        assert len(town.walk.sent()) == len(town.published)
        town.publish("之后")


def test_a_database_restored_into_an_empty_kafka_is_all_that_is_needed(
    loaded: Town, tmp_path: Path, compose: Compose, record_property: Figure
) -> None:
    """As on a new machine: the keys and the database come from a backup, log and index are empty. The backup was made
    while a city pushed: what was being applied then is applied to its end."""
    folder = copied(loaded, tmp_path)
    home = folder / "home"
    with running(folder) as stack:
        town = loaded.moved(stack, folder)
        with town.pushing(RESTORED // 10):
            backup = dump(stack, tmp_path)
    for volume in ("kafka", "mongodb", "search"):
        shutil.rmtree(home / "data" / volume)
    with Stack(only=("mongodb",), home=home) as stores:
        restore(stores, backup)
    began = time.monotonic()
    with running(folder) as stack:
        again = town.moved(stack, folder)
        with nothing_missing(loaded.moved(stack, folder)):
            took = again.settled(began, RESTORED_WITHIN_SECONDS, compose(stack))
        what = f"{again.records:,} records restored into an empty Kafka ({MADE_WITH})"
        record_property(what, f"whole {took:.0f} s after the start")
        assert len(again.walk.sent()) == len(again.published)
        again.publish("之后")
