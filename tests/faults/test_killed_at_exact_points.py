"""Law 2, 4, 5 and 6 on real processes: killed with SIGKILL at the points where something could be lost or done twice."""

from collections.abc import Iterator

import pytest

from shared.runtime.service import Service
from tests import log
from tests.client import Api, until
from tests.faults.settling import AFTER_A_SERVICE
from tests.faults.walking import Walk
from tests.stack import Stack

PROCESSES = ("challenges", "search", "search-2", "search-worker", "notifications", "sync", "sync-worker", "accounts")


@pytest.fixture
def walk(stack: Stack, api: Api, composed: dict[str, Service]) -> Iterator[Walk]:
    """A fresh walk; every process is back when it ends."""
    made = Walk(stack, api, composed)
    made.watch()
    yield made
    stack.wait_ready(*PROCESSES)


def back(walk: Walk) -> None:
    """The killed process is back, nobody is behind any more in time, and every read model is the fold of the log."""
    walk.stack.wait_ready(*PROCESSES)
    walk.settled(AFTER_A_SERVICE)


def told_once(walk: Walk, challenge_id: str) -> None:
    """It is found, and the watcher heard of it once in the inbox and once through WeChat."""
    assert walk.is_found(challenge_id)
    until(walk.sent, seconds=AFTER_A_SERVICE)
    assert len(walk.inbox(challenge_id)) == 1
    assert len(walk.sent()) == 1


def test_killed_between_the_write_and_the_publish_the_relay_publishes_later(walk: Walk) -> None:
    walk.arm("relay-before-publish", "challenge.published")
    challenge_id = walk.publish()
    walk.wait_for_death("relay-before-publish")
    back(walk)
    told_once(walk, challenge_id)


def test_killed_between_the_publish_and_the_removal_it_is_published_twice_and_has_one_effect(walk: Walk) -> None:
    walk.arm("relay-before-removal", "challenge.published")
    challenge_id = walk.publish()
    walk.wait_for_death("relay-before-removal")

    def copies() -> int:
        published = log.events(walk.stack.kafka, "huning.challenges")
        return [(each.subject, each.type.short) for each in published].count((challenge_id, "challenge.published"))

    until(lambda: copies() >= 2)
    back(walk)
    told_once(walk, challenge_id)


@pytest.mark.parametrize("point", ["consumer-before-work", "consumer-before-commit"])
@pytest.mark.parametrize(
    ("group", "event"),
    [
        ("search.percolator", "challenge.published"),
        ("notifications.saved-search-hits", "saved-search.hit"),
    ],
)
def test_a_consumer_killed_before_its_work_or_before_its_commit_does_it_again_with_one_effect(
    walk: Walk, group: str, event: str, point: str
) -> None:
    walk.arm(point, f"{group} {event}")
    challenge_id = walk.publish()
    walk.wait_for_death(point)
    back(walk)
    told_once(walk, challenge_id)
    shown = walk.api.visitor.get(f"search/items/{challenge_id}").expect(200)
    assert shown["title"] == walk.tag


def test_killed_after_wechat_took_the_message_it_is_unknown_until_the_callback_and_never_sent_again(walk: Walk) -> None:
    walk.arm("wechat-after-send", walk.tag)
    challenge_id = walk.publish()
    walk.wait_for_death("wechat-after-send")
    back(walk)
    event = f"{challenge_id}/"
    until(lambda: [each for each in walk.deliveries("sent") if each["event_id"].startswith(event)])
    assert len(walk.sent()) == 1
    assert len(walk.inbox(challenge_id)) == 1


def test_killed_before_wechat_was_called_the_outcome_stays_unknown_and_nothing_is_sent_blindly(walk: Walk) -> None:
    walk.arm("wechat-before-send", walk.tag)
    challenge_id = walk.publish()
    walk.wait_for_death("wechat-before-send")
    back(walk)
    event = f"{challenge_id}/"
    until(lambda: [each for each in walk.deliveries("unknown") if each["event_id"].startswith(event)])
    assert walk.sent() == []
    assert len(walk.inbox(challenge_id)) == 1
