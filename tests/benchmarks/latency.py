"""publish → searchable and publish → WeChat called: p50 and p99, idle and with 200 events a second behind it."""

import asyncio
import threading
import time
from datetime import datetime
from statistics import quantiles
from typing import Any

from shared.messaging.kafka import Bus
from shared.settings import Settings
from tests.benchmarks.rows import record_events
from tests.client import Api, challenge, until
from tests.faults.walking import Walk
from tests.stack import Stack

PUBLISHES = 200
EVENTS_A_SECOND = 200
ASK_SECONDS = 0.02
"""From one question whether search finds it to the next: what is asked costs the processor that answers."""
EVERY_SECONDS = 0.25
"""From one publish to the next: as fast as a client can go, the measuring itself would be the load that is measured."""


class Background:
    """So many record events a second on the bus, through search's projections and index, until it is left."""

    def __init__(self, stack: Stack) -> None:
        self._settings = Settings(kafka=stack.kafka, mongodb=stack.mongodb)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()))

    def __enter__(self) -> "Background":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    async def _run(self) -> None:
        bus = Bus(self._settings, "background")
        events = record_events(1_000_000, seed=11)
        await bus.publish(next(events))
        due = time.monotonic()
        while not self._stop.is_set():
            await bus.publish_many([next(events) for _ in range(EVENTS_A_SECOND // 10)])
            due += 0.1
            await asyncio.sleep(max(0.0, due - time.monotonic()))
        await bus.stop()


def measure(stack: Stack, api: Api, publishes: int = PUBLISHES) -> dict[str, list[float]]:
    """Milliseconds of each publish, sorted: `searchable` and `wechat`."""
    walk = Walk(stack, api)
    walk.watch(publishes * 4)  # consents that follow each other within a second count once
    # The title field of a message holds 20 characters (WeChat: thing.DATA); a longer one would be cut and not be told apart.
    titles = [f"{walk.tag}第{number}号"[-20:] for number in range(publishes)]
    approved = {title: _approved(api, title) for title in titles}
    operator = api.as_("operator-suzhou")
    found: list[float] = []
    began: dict[str, float] = {}
    due = time.monotonic()
    for title, challenge_id in approved.items():
        time.sleep(max(0.0, due - time.monotonic()))
        due = max(due, time.monotonic()) + EVERY_SECONDS
        began[title], start = time.time(), time.perf_counter()
        operator.post(f"challenges/{challenge_id}/publish").expect(200)
        until(lambda title=title, wanted=challenge_id: _finds(api, title, wanted), every=ASK_SECONDS)  # type: ignore[misc]
        found.append((time.perf_counter() - start) * 1000)
    sent = until(lambda: walk.sent() if len(walk.sent()) >= publishes else None, seconds=60)
    called = [(_accepted(each) - _begun(began, each)) * 1000 for each in sent]
    return {"searchable": sorted(found), "wechat": sorted(called)}


def p(values: list[float], percent: int) -> float:
    """The percentile."""
    return quantiles(values, n=100, method="inclusive")[percent - 1]


def _approved(api: Api, title: str) -> str:
    company, operator = api.as_("company-suzhou"), api.as_("operator-suzhou")
    made = company.post("challenges", json=challenge(title=title)).expect(201)
    company.post(f"challenges/{made['id']}/submit").expect(200)
    operator.post(f"challenges/{made['id']}/approve").expect(200)
    return str(made["id"])


def _finds(api: Api, title: str, wanted: str) -> bool:
    answer = api.visitor.get("search", params={"q": title, "limit": 5})
    return answer.status == 200 and any(each["id"] == wanted for each in answer.body["items"])


def _begun(began: dict[str, float], message: Any) -> float:
    text = str(message["data"])
    return next(at for title, at in began.items() if title in text)


def _accepted(message: Any) -> float:
    return datetime.fromisoformat(message["accepted_at"]).timestamp()
