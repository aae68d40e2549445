"""Three drills: the broker is wiped, the database is restored to the past, the log is. Each time everything is there again,
nobody is told twice, and what is acknowledged is never shown as missing; the seconds are printed.

Full at `SCALE=1`: 50,000 records.
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
from tests.faults.parting import (
    Town,
    compared,
    dump,
    log_as_it_is,
    logs_of,
    nothing_missing,
    restore,
)
from tests.faults.settling import DOWNSTREAM
from tests.scale import scaled
from tests.stack import PATIENT, Stack

RECORDS = scaled(50_000, least=300)
WITHIN_SECONDS = 60.0
"""From `topics apply`, at 50,000 aggregates and records."""
REPLICAS = {"search": 2}

Compose = Callable[[Stack], dict[str, Service]]
Figure = Callable[[str, object], None]


@pytest.fixture
def compose(tmp_path: Path) -> Iterator[Compose]:
    """Every service with a stack's keys, started nowhere."""
    with ExitStack() as made:
        yield lambda stack: made.enter_context(composed(stack.place.keys, tmp_path))


def test_a_wiped_broker_is_filled_again_without_a_person(
    tmp_path: Path, compose: Compose, record_property: Figure
) -> None:
    with Stack(replicas=REPLICAS, settings=PATIENT) as stack:
        town = Town(stack, tmp_path, RECORDS)
        town.load()
        before = logs_of(stack)
        with nothing_missing(town):
            stack.wipe_broker()
            stack.run("huning", "topics", "apply")
            began = time.monotonic()
            until(lambda: logs_of(stack).isdisjoint(before), seconds=WITHIN_SECONDS)
            took = town.settled(began, WITHIN_SECONDS, compose(stack))
        record_property(f"a wiped broker, {RECORDS:,} records", f"whole again after {took:.0f} s")
        assert len(town.walk.sent()) == len(town.published)
        town.publish("之后")


def test_a_database_restored_to_the_past_takes_back_what_the_log_knows(
    tmp_path: Path, compose: Compose, record_property: Figure
) -> None:
    home = tmp_path / "home"
    with Stack(home=home, replicas=REPLICAS, settings=PATIENT) as stack:
        town = Town(stack, tmp_path, RECORDS)
        town.load()
        kept, approved = list(town.published), town.walk.approved("过审")
        backup = dump(stack)
        town.walk.act(approved, "publish")
        town.published.append(approved)
        lost = town.publish("丢失")
        told = len(town.walk.sent())
    with Stack(only=("kafka", "mongodb"), home=home) as stores:
        restore(stores, backup)
        began = time.monotonic()
        assert compared(stores) == 1
        for service in DOWNSTREAM:
            stores.run("huning", service, "adopt")
        adopted = time.monotonic() - began
    with Stack(home=home, replicas=REPLICAS, settings=PATIENT) as stack:
        again = Town(stack, tmp_path, RECORDS, [*kept, approved])
        again.walk.tag = town.walk.tag
        with nothing_missing(again):
            took = again.settled(time.monotonic(), WITHIN_SECONDS, compose(stack))
        figures = f"compared and adopted in {adopted:.0f} s, whole again {took:.0f} s after the start"
        record_property(f"a database older than its log, {RECORDS:,} records", figures)
        assert [again.ask(f"challenges/{each}").status for each in lost] == [404]
        assert not any(again.walk.is_found(each) for each in lost)
        assert again.walk.is_found(approved)
        assert len(again.walk.sent()) == told


def test_a_log_restored_to_the_past_gets_what_it_lacks(
    tmp_path: Path, compose: Compose, record_property: Figure
) -> None:
    with Stack(replicas=REPLICAS, settings=PATIENT) as stack:
        town = Town(stack, tmp_path, RECORDS)
        town.load()
        past = tmp_path / "past"
        log_as_it_is(stack, past)
        town.publish("四", "五")

        def to_the_past(log: Path) -> None:
            log.rename(log.with_name("log.present"))
            shutil.copytree(past, log)

        with nothing_missing(town):
            stack.replace_log(to_the_past)
            began = time.monotonic()
            assert compared(stack) == 1
            took = town.settled(began, 2 * WITHIN_SECONDS, compose(stack))
        record_property(
            f"a log older than its owners, {RECORDS:,} records", f"compared and whole again after {took:.0f} s"
        )
        assert len(town.walk.sent()) == len(town.published)
