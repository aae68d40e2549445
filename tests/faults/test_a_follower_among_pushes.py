"""Who follows the changes while four cities push, killed now and then as the platform is, has each change once."""

import json
import random
import subprocess
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from shared.events.sync import RecordState
from shared.values.jurisdictions import Jurisdiction
from tests import log
from tests.benchmarks.rows import rows
from tests.client import Api
from tests.faults.killing import PAUSE_SECONDS, kill_at_random
from tests.faults.pushing import KIND, City
from tests.scale import SEED, scaled
from tests.stack import Stack

PUSHING, FOLLOWING = ("nanjing", "wuxi", "nantong", "zhenjiang"), "putuo"
ROUNDS, ROWS, KILLS = scaled(30, least=3), 200, scaled(30, least=3)
VICTIMS = ("sync", "sync-worker")

Change = tuple[str, int, str | None]
"""The record, its version, and its summary; none where it was deleted."""


@pytest.mark.timeout(900)
def test_a_follower_has_every_change_once_and_in_the_end_what_stands(
    stack: Stack, api: Api, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    *cities, follower = (City.register(stack, api, name, made(tmp_path / name)) for name in (*PUSHING, FOLLOWING))
    file, done = tmp_path / "followed.ndjson", threading.Event()
    for city in cities:
        push(city, 0)  # the list is there when the follower joins it
    assert pull(follower, file).wait() == 0
    joined, before = len(list(changes(file))), set(published_of(stack))
    with ThreadPoolExecutor(len(cities) + 2) as pool:
        killing = pool.submit(kill_at_random, stack, VICTIMS, KILLS, SEED)
        following = pool.submit(follow_until, done, follower, file)
        for each in [pool.submit(push_all, city) for city in cities]:
            each.result()
        killed = killing.result()
        done.set()
        interrupted = following.result()
    followed = list(changes(file))[joined:]
    published = set(published_of(stack)) - before
    record_property(
        "followed", f"seed {SEED}: {len(followed)} changes; {dict(killed)} killed, the follower {interrupted} times"
    )
    assert len(followed) == len(set(followed)), "none is seen twice"
    assert set(followed) == published, "none is left out"
    assert in_order(followed), "and each record's in its order"


def made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def push_all(city: City) -> None:
    """One round after another."""
    for number in range(1, ROUNDS + 1):
        push(city, number)


def push(city: City, number: int) -> None:
    """Every round changes all rows, takes some away and brings those of the last one back."""
    sent = list(rows(ROWS, SEED, changed=number, city=Jurisdiction(city.name)))
    gone = range(10 * number % ROWS, 10 * number % ROWS + 10)
    city.push({"source_id": row["source_id"], "_deleted": True} if at in gone else row for at, row in enumerate(sent))


def pull(city: City, file: Path) -> subprocess.Popen[bytes]:
    """The city's agent, following."""
    return subprocess.Popen(city.agent("pull", str(file)), env=city.stack.environment, stdout=subprocess.DEVNULL)


def follow_until(done: threading.Event, city: City, file: Path) -> int:
    """Follows again and again; how often it was killed. The last time it comes to the end."""
    chosen, interrupted = random.Random(SEED), 0
    while not done.is_set():
        following = pull(city, file)
        done.wait(chosen.uniform(*PAUSE_SECONDS))
        interrupted += following.poll() is None
        following.kill()
        following.wait()
    assert pull(city, file).wait() == 0
    return interrupted


def changes(file: Path) -> Iterator[Change]:
    """What stands in the follower's file."""
    for each in map(json.loads, file.read_text(encoding="utf-8").splitlines()):
        subject = "/".join((each["jurisdiction"], each["kind"], each["source_id"]))
        yield subject, each["version"], each["record"]["summary"] if each["op"] == "upsert" else None


def published_of(stack: Stack) -> Iterator[Change]:
    """What these pushes published, without what a killed worker published again."""
    found: dict[tuple[str, int], Any] = {}
    for event in log.readable(stack.kafka, "huning.records"):
        if isinstance(event.data, RecordState) and f"/{KIND}/bench-{SEED}-" in event.subject:
            found[event.subject, event.version] = None if event.data.deleted else event.data.summary
    for (subject, version), summary in found.items():
        yield subject, version, summary


def in_order(followed: list[Change]) -> bool:
    """Whether every record's versions rise."""
    versions = defaultdict(list)
    for subject, version, _ in followed:
        versions[subject].append(version)
    return all(each == sorted(each) for each in versions.values())
