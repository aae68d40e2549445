"""Twenty random kills of service processes during a thousand commands through the gateway (`SEED=` repeats a run).

Zero losses in twenty kills bound the chance of a loss per kill at 95 % to 14 % (the rule of three): the number of kills, not
the number of commands, is what such a run is worth. The exact points are in test_killed_at_exact_points.py.
"""

import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pymongo
import pytest

from tests import log
from tests.client import Api, until
from tests.faults.walking import Walk
from tests.stack import Stack

KILLS, CHALLENGES, MOST = 20, 250, 500
VICTIMS = ("accounts", "challenges", "search", "search-2", "notifications", "sync", "sync-worker")


def kill_at_random(stack: Stack, seed: int, done: threading.Event) -> Counter[str]:
    """Kills one process after another while the commands run; the next one when this one has a new pid."""
    choose, killed = random.Random(seed), Counter[str]()
    while killed.total() < KILLS:
        victim = choose.choice(VICTIMS)
        if stack.pid(victim) is None:
            continue
        was = stack.kill(victim, signal.SIGKILL)
        killed[victim] += 1
        until(lambda victim=victim, was=was: stack.pid(victim) not in (None, was))  # type: ignore[misc]
        time.sleep(choose.uniform(0.2, 1.5))
    done.set()
    return killed


def publish_until(walk: Walk, done: threading.Event) -> list[str]:
    """At least so many challenges, and on until the killing is over."""
    published: list[str] = []
    with ThreadPoolExecutor(2) as pool:
        while len(published) < CHALLENGES or (not done.is_set() and len(published) < MOST):
            first = len(published)
            published += pool.map(lambda n: walk.publish(f"第{n}号"), range(first, first + 10))
    return published


@pytest.mark.slow
@pytest.mark.timeout(1500)
def test_a_thousand_commands_survive_twenty_random_kills(
    stack: Stack, api: Api, capsys: pytest.CaptureFixture[str]
) -> None:
    seed = int(os.environ.get("SEED", time.time()))
    walk, done = Walk(stack, api), threading.Event()
    walk.watch(MOST + 10)
    for name in ("company-suzhou", "operator-suzhou", "operator-alliance"):
        api.session(name)  # everybody is logged in before the service that logs people in may die
    with ThreadPoolExecutor(1) as pool:
        killing = pool.submit(kill_at_random, stack, seed, done)
        published = publish_until(walk, done)
        killed = killing.result()
    with capsys.disabled():
        print(f"\nseed {seed}: {killed.total()} kills {dict(killed)}, {len(published)} challenges published")
    assert killed.total() == KILLS
    stack.wait_ready(*VICTIMS)

    newest = log.newest(stack.kafka, "huning.challenges")
    until(lambda: read_model(stack).keys() >= set(published), seconds=60)
    # A message whose sender was killed before the call stays unknown and is never sent blindly (law 5).
    lost: set[str] = set()

    def all_told() -> bool:
        nonlocal lost
        lost = set(published) - told(walk) - set(unknown(walk, published))
        return not lost

    try:
        until(all_told, seconds=60)
    except AssertionError:
        pytest.fail(f"seed {seed}: nobody was told of {fates(stack, walk, lost)}")
    shown = read_model(stack)
    for challenge_id in published:
        assert newest[challenge_id].type.short == "challenge.published"
        assert shown[challenge_id] == newest[challenge_id].version
    messages = Counter(str(each["data"]) for each in walk.sent())
    assert [text for text, times in messages.items() if times > 1] == []
    assert len(messages) >= len(published) - len(unknown(walk, published))


def told(walk: Walk) -> set[str]:
    """The challenges that WeChat has a message about."""
    return {each["page"].rpartition("=")[2] for each in walk.sent()}


def fates(stack: Stack, walk: Walk, lost: Iterable[str]) -> list[object]:
    """Where each of these got stuck: its match, its inbox item, its rows in the ledger, the dead letters there are."""
    client: pymongo.MongoClient[dict[str, Any]] = pymongo.MongoClient(stack.mongodb)
    search, notifications = client["huning_search"], client["huning_notifications"]
    found: list[object] = [
        (
            each,
            search["matches"].count_documents({"state.item.id": each}),
            len(walk.inbox(each)),
            [
                (row["state"]["status"], row["state"]["reason"], str(row["state"]["due_at"]))
                for row in notifications["deliveries"].find({"state.event_id": {"$gte": f"{each}/", "$lt": f"{each}0"}})
            ],
        )
        for each in sorted(lost)
    ]
    parked = [(each.headers, each.key) for each in log.records(stack.kafka, "huning.dead-letters")]
    client.close()
    return [*found, {"parked": parked}]


def unknown(walk: Walk, published: list[str]) -> list[str]:
    """The challenges whose message nobody knows the fate of."""
    events = [each["event_id"].split("/")[0] for each in walk.deliveries("unknown")]
    return [each for each in events if each in set(published)]


def read_model(stack: Stack) -> dict[str, int]:
    """The version of every item in search's read model."""
    client: pymongo.MongoClient[dict[str, object]] = pymongo.MongoClient(stack.mongodb)
    database = client["huning_search"]
    pointer = database["read_models"].find_one({"_id": "items"})
    assert pointer is not None
    versions = {
        str(each["_id"]): int(str(each["version"])) for each in database[f"items.g{pointer['generation']}"].find()
    }
    client.close()
    return versions
