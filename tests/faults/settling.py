"""When a system that was hurt has done everything that there was to do: nothing waits in an outbox, nobody is behind the log."""

import time
from collections.abc import Callable

import httpx2
import pymongo

from tests.client import Api, until
from tests.stack import Stack

AFTER_A_SERVICE, AFTER_THE_DATABASE, AFTER_THE_BROKER = 15.0, 20.0, 30.0
"""Seconds from the return of what was gone until nobody is behind any more: the design's own bounds."""

DOWNSTREAM = {
    "accounts": ("users", "organizations"),
    "challenges": ("challenges", "claims"),
    "sync": ("batches",),
    "search": ("saved_search_hits",),
    "notifications": ("deliveries",),
}
"""The services in the order in which one hears of another, and the collections whose outboxes they publish."""


def caught_up(stack: Stack, api: Api, seconds: float) -> float:
    """Waits for it; the seconds that it took. AssertionError with who was behind when it was not so in time."""
    began, behind = time.monotonic(), ""

    def nothing_to_do() -> bool:
        nonlocal behind
        behind = _behind(stack, api)
        return not behind

    _explained(lambda: until(nothing_to_do, seconds=seconds), lambda: behind)
    return time.monotonic() - began


def _explained(wait: Callable[[], object], reason: Callable[[], str]) -> None:
    try:
        wait()
    except AssertionError as late:
        raise AssertionError(f"{late}: {reason()}") from None


def _behind(stack: Stack, api: Api) -> str:
    """What is yet to be done, upstream first: what a service did not do yet cannot be seen behind it."""
    with pymongo.MongoClient[dict[str, object]](stack.mongodb) as client:
        for service, collections in DOWNSTREAM.items():
            try:
                answer = api.as_("operator-alliance").get(f"ops/{service}/lag", params={"limit": 100})
            except httpx2.TransportError as error:
                return f"{service}: {error!r}"
            if answer.status != 200 or not answer.body["items"] or answer.body.get("next_cursor"):
                return f"{service}: {answer.body}"
            if late := [each for each in answer.body["items"] if each["lag"]]:
                return f"{service}: {late}"
            for collection in collections:
                if waiting := client[f"huning_{service}"][collection].find_one({"waiting": True}, {"outbox.type": 1}):
                    return f"{service}: {collection} has something to publish, {waiting}"
    return ""
