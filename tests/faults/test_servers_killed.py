"""The broker or the database is killed while people work: nothing acknowledged is lost, nothing happens twice."""

import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from shared.runtime.service import Service
from tests import log
from tests.client import Api, until
from tests.faults.settling import AFTER_THE_BROKER, AFTER_THE_DATABASE
from tests.faults.walking import Walk
from tests.stack import Stack


@pytest.fixture
def walk(stack: Stack, api: Api, composed: dict[str, Service]) -> Iterator[Walk]:
    """A fresh walk; the whole system is back when it ends."""
    made = Walk(stack, api, composed)
    made.watch(40)
    yield made
    stack.wait_ready(
        "kafka", "mongodb", "challenges", "search", "search-2", "search-worker", "notifications", "sync", "accounts"
    )


def settled(walk: Walk, published: list[str], seconds: float) -> None:
    """In time nobody is behind any more; everything published is found, in the inbox once, and at WeChat once."""
    walk.settled(seconds)
    for challenge_id in published:
        assert walk.is_found(challenge_id)
        assert len(walk.inbox(challenge_id)) == 1
    until(lambda: len(walk.sent()) >= len(published), seconds=seconds)
    assert len(walk.sent()) == len(published)


def test_the_broker_killed_under_load_delays_events_and_loses_none(walk: Walk) -> None:
    with ThreadPoolExecutor(4) as pool:
        first = [pool.submit(walk.publish, f"前{n}") for n in range(6)]
        until(lambda: any(each.done() for each in first))
        walk.stack.kill("kafka", signal.SIGKILL)
        second = [pool.submit(walk.publish, f"后{n}") for n in range(6)]
        published = [each.result() for each in first + second]
    walk.stack.wait_ready("kafka")
    settled(walk, published, AFTER_THE_BROKER)
    newest = log.newest(walk.stack.kafka, "huning.challenges")
    assert all(newest[each].type.short == "challenge.published" for each in published)


def test_the_database_killed_under_load_is_answered_with_503_and_loses_nothing_acknowledged(walk: Walk) -> None:
    with ThreadPoolExecutor(4) as pool:
        first = [pool.submit(walk.publish, f"前{n}") for n in range(6)]
        until(lambda: any(each.done() for each in first))
        walk.stack.kill("mongodb", signal.SIGKILL)
        second = [pool.submit(walk.publish, f"后{n}") for n in range(6)]
        published = [each.result() for each in first + second]
    walk.stack.wait_ready("mongodb")
    settled(walk, published, AFTER_THE_DATABASE)
    for challenge_id in published:
        shown = walk.api.visitor.get(f"challenges/{challenge_id}").expect(200)
        assert shown["state"] == "published"
