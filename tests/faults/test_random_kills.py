"""Random kills of service processes while commands run through the gateway: twenty at `SCALE=1`; `SEED=` repeats a run.

Meanwhile a city pushes rows and people log in, so that no victim is idle. `SEED` repeats who is killed in which order and
how long after the one before; what the others do at that moment is up to the machine.

Zero losses in twenty kills bound the chance of a loss per kill at 95 % to 14 % (the rule of three): the number of kills, not
the number of commands, is what such a run is worth. The exact points are in test_killed_at_exact_points.py.
"""

import threading
import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from shared.runtime.service import Service
from shared.values.jurisdictions import Jurisdiction
from tests.benchmarks.rows import rows
from tests.client import Api, Json
from tests.faults.killing import kill_at_random
from tests.faults.outcomes import everybody_is_told_once, nothing_is_lost
from tests.faults.pushing import City
from tests.faults.settling import AFTER_A_SERVICE
from tests.faults.walking import Walk
from tests.scale import SEED, scaled
from tests.stack import Stack

KILLS, CHALLENGES, MOST = scaled(20, least=3), scaled(250), scaled(500)
ROWS, PUSHES = 40, 3
CITY = Jurisdiction.WUXI
"""Kills may hold up one push from the first of them to the last."""

SETTLED_SECONDS = 120
"""A victim may be killed again as soon as it is back."""

VICTIMS = ("accounts", "challenges", "search", "search-2", "search-worker", "notifications", "sync", "sync-worker")


def kill_until_done(stack: Stack, done: threading.Event) -> Counter[str]:
    """All kills; whoever works meanwhile may stop then."""
    try:
        return kill_at_random(stack, VICTIMS, KILLS, SEED)
    finally:
        done.set()


def publish_until(walk: Walk, done: threading.Event) -> list[str]:
    """At least so many challenges, and on until the killing is over."""
    published: list[str] = []
    with ThreadPoolExecutor(2) as pool:
        while len(published) < CHALLENGES or (not done.is_set() and len(published) < MOST):
            first = len(published)
            published += pool.map(lambda n: walk.publish(f"第{n}号"), range(first, first + 10))
    return published


def push_until(city: City, done: threading.Event) -> int:
    """The same rows with new content, push after push, until the killing is over and some were changed; how often."""
    pushes = 0
    while pushes < PUSHES or not done.is_set():
        counts = city.push(rows(ROWS, changed=pushes, city=CITY))["counts"]
        assert counts["changed" if pushes else "added"] == ROWS
        pushes += 1
    return pushes


def log_in_until(api: Api, done: threading.Event) -> list[str]:
    """New people, one after another, each twice; their ids."""
    people: list[str] = []

    def session(name: str) -> Json:
        login = api.visitor.settle("POST", "accounts/wechat-login", {"code": f"code:{name}"}, seconds=SETTLED_SECONDS)
        return login.expect(200)

    while not done.is_set():
        name = f"fault-{uuid.uuid4().hex[:8]}"
        first, again = (session(name)["user"]["id"] for _ in range(2))
        assert again == first
        people.append(first)
        done.wait(1)
    return people


@pytest.mark.slow
@pytest.mark.timeout(1500)
def test_commands_survive_random_kills(
    stack: Stack, api: Api, composed: dict[str, Service], tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    walk, done = Walk(stack, api, composed), threading.Event()
    walk.watch(MOST + 10)
    city = City.register(stack, api, CITY, tmp_path)
    for name in ("company-suzhou", "operator-suzhou", "operator-alliance"):
        api.session(name)  # everybody is logged in before the service that logs people in may die
    with ThreadPoolExecutor(3) as pool:
        killing = pool.submit(kill_until_done, stack, done)
        pushing, logging_in = pool.submit(push_until, city, done), pool.submit(log_in_until, api, done)
        published = publish_until(walk, done)
        killed, pushes, people = killing.result(), pushing.result(), logging_in.result()
    stack.wait_ready(*VICTIMS)
    took = walk.settled(AFTER_A_SERVICE)
    done_meanwhile = f"{len(published)} challenges published, {pushes} pushes, {len(people)} people"
    record_property("killed at random", f"seed {SEED}: {killed.total()} kills {dict(killed)}; {done_meanwhile}")
    record_property("settled", f"nobody was behind {took:.1f} s after the last return")
    assert killed.total() == KILLS
    nothing_is_lost(walk, published, people)
    city.holds(list(rows(ROWS, changed=pushes - 1, city=CITY)))
    everybody_is_told_once(walk, published, f"seed {SEED}")
