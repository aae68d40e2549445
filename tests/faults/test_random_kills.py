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
from concurrent.futures import ThreadPoolExecutor

import pymongo
import pytest

from tests import log
from tests.client import Api, until
from tests.faults.walking import Walk
from tests.stack import Stack

KILLS, CHALLENGES = 20, 250
VICTIMS = ("accounts", "challenges", "search", "search-2", "notifications", "sync", "sync-worker")


def kill_at_random(stack: Stack, seed: int, done: threading.Event) -> Counter[str]:
    """Kills one process after another while the commands run, and waits until each is back before the next."""
    choose, killed = random.Random(seed), Counter[str]()
    while killed.total() < KILLS:
        victim = choose.choice(VICTIMS)
        stack.kill(victim, signal.SIGKILL)
        killed[victim] += 1
        stack.wait_ready(victim)
        if done.is_set():
            break
        time.sleep(choose.uniform(0.2, 1.5))
    return killed


@pytest.mark.slow
@pytest.mark.timeout(1500)
def test_a_thousand_commands_survive_twenty_random_kills(
    stack: Stack, api: Api, capsys: pytest.CaptureFixture[str]
) -> None:
    seed = int(os.environ.get("SEED", time.time()))
    walk, done = Walk(stack, api), threading.Event()
    walk.watch(CHALLENGES + 10)
    with ThreadPoolExecutor(3) as pool:
        killing = pool.submit(kill_at_random, stack, seed, done)
        published = list(pool.map(lambda n: walk.publish(f"第{n}号"), range(CHALLENGES)))
        done.set()
        killed = killing.result()
    with capsys.disabled():
        print(f"\nseed {seed}: {killed.total()} kills {dict(killed)}, {len(published)} challenges published")
    assert killed.total() == KILLS, "the commands were done before the kills were"

    newest = log.newest(stack.kafka, "huning.challenges")
    until(lambda: read_model(stack).keys() >= set(published), seconds=60)
    until(lambda: len(walk.sent()) >= len(published), seconds=120)
    shown = read_model(stack)
    for challenge_id in published:
        assert newest[challenge_id].type.short == "challenge.published"
        assert shown[challenge_id] == newest[challenge_id].version
    messages = Counter(str(each["data"]) for each in walk.sent())
    assert [text for text, times in messages.items() if times > 1] == []
    assert len(messages) == len(published)


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
