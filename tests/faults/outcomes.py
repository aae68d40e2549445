"""What must be true after any faults: nothing that was acknowledged is lost, and nobody is told twice."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

import pymongo
import pytest

from tests import log
from tests.client import until
from tests.faults.walking import Walk
from tests.stack import Stack


def nothing_is_lost(walk: Walk, published: list[str], people: list[str]) -> None:
    """Everything acknowledged stands in the log as it was acknowledged; `Walk.settled` has held all else against the log."""
    challenges = log.newest(walk.stack.kafka, "huning.challenges")
    assert [each for each in published if challenges[each].type.short != "challenge.published"] == []
    assert set(people) <= log.newest(walk.stack.kafka, "huning.users").keys()


def everybody_is_told_once(walk: Walk, published: list[str], run: str) -> None:
    """Except where the sender was killed before the call: that stays unknown and is never sent blindly (law 5)."""
    lost: set[str] = set()

    def all_told() -> bool:
        nonlocal lost
        lost = set(published) - told(walk) - set(unknown(walk, published))
        return not lost

    try:
        until(all_told, seconds=60)
    except AssertionError:
        pytest.fail(f"{run}: nobody was told of {fates(walk.stack, walk, lost)}")
    messages = Counter(str(each["data"]) for each in walk.sent())
    assert [text for text, times in messages.items() if times > 1] == []
    assert len(messages) >= len(published) - len(unknown(walk, published))


def told(walk: Walk) -> set[str]:
    """The challenges that WeChat has a message about."""
    return {each["page"].rpartition("=")[2] for each in walk.sent()}


def fates(stack: Stack, walk: Walk, lost: Iterable[str]) -> list[object]:
    """Where each of these got stuck: its hit, its inbox item, its rows in the ledger, the dead letters there are."""
    client: pymongo.MongoClient[dict[str, Any]] = pymongo.MongoClient(stack.mongodb)
    search, notifications = client["huning_search"], client["huning_notifications"]
    found: list[object] = [
        (
            each,
            search["saved_search_hits"].count_documents({"state.item.id": each}),
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
