"""`make scale SCALE=1000000`: loads so many generated records and measures what must not grow with them.

The records go straight onto the log, where search reads them; a tenth of them a city pushes afterwards, through sync, while
somebody publishes. Judged: every page of an operator, and every answer to a health check, within 200 ms; a published
challenge found within a second while a city pushes; a start with an empty index folder that becomes ready by itself.
"""

import asyncio
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import httpx2

from shared.messaging.kafka import Bus
from shared.settings import Settings
from tests.benchmarks import latency, pushing
from tests.benchmarks.rows import record_events
from tests.client import Api, until
from tests.stack import Stack

_CHUNK = 2_000
_LOOKS = 20
_SERVICES = ("accounts", "challenges", "sync", "search", "notifications")
_PROCESSES = (*_SERVICES, "sync-worker", "search-worker")
_OTHER_PAGES = (
    "accounts/organizations",
    "sync/jurisdictions",
    "notifications/deliveries",
    "challenges",
    "search/home",
    "search/map",
    "search",
)
_CITY_PAGES = ("sync/batches", "sync/agents", "sync/jurisdictions", "notifications/deliveries", "ops/sync/dead-letters")
_PAGE_MS, _FOUND_MS = 200, 1_000


def main() -> int:
    """0 when everything that is judged keeps its bound."""
    count = int(float(os.environ.get("SCALE", "1000000")))
    with tempfile.TemporaryDirectory(prefix="huning-scale-") as folder:
        home = Path(folder) / "home"
        with Stack(home=home, durable=False) as stack:
            stack.run("huning", "accounts", "seed")
            api = Api(stack.base_url)
            _say("indexed", *_load(stack, api, count))
            kept = [_pages(stack, api), _publishing(stack, api, Path(folder), count)]
            _say("index folder", f"{_size(home / 'data' / 'search') / 2**20:,.0f} MB")
        shutil.rmtree(home / "data" / "search")
        began = time.perf_counter()
        with Stack(home=home, durable=False) as stack:
            _say("ready again with an empty index folder", f"{time.perf_counter() - began:.0f} s")
            kept.append(_total(Api(stack.base_url)) >= count)
    return 0 if all(kept) else 1


def _load(stack: Stack, api: Api, count: int) -> tuple[str, ...]:
    began = time.perf_counter()
    asyncio.run(_publish(stack, count))
    published = time.perf_counter() - began
    until(lambda: _total(api) >= count, seconds=7_200, every=1)
    seconds = time.perf_counter() - began
    return f"{count:,} records in {seconds:.0f} s ({count / seconds:,.0f}/s)", f"published in {published:.0f} s"


async def _publish(stack: Stack, count: int) -> None:
    bus = Bus(Settings(kafka=stack.kafka, mongodb=stack.mongodb), "scale")
    await bus.start()
    events = record_events(count)
    while chunk := list(islice(events, _CHUNK)):
        await bus.publish_many(chunk)
    await bus.stop()


def _total(api: Api) -> int:
    answer = api.visitor.get("search", params={"type": "record", "limit": 1})
    return int(answer.body["total"]) if answer.status == 200 else 0


def _pages(stack: Stack, api: Api) -> bool:
    """Every page of an operator and every health address, each asked several times; the slowest counts."""
    slowest: dict[str, float] = {}
    alliance, city = api.as_("operator-alliance"), api.as_("operator-suzhou")
    pages = [*((alliance, path) for path in (*_operators(), *_OTHER_PAGES)), *((city, path) for path in _CITY_PAGES)]
    for who, path in pages:
        for _ in range(_LOOKS):
            began = time.perf_counter()
            who.get(path).expect(200)
            slowest[path] = max(slowest.get(path, 0.0), (time.perf_counter() - began) * 1000)
    for name in _PROCESSES:
        for what in ("healthz", "readyz", "metrics"):
            for _ in range(_LOOKS):
                began = time.perf_counter()
                assert httpx2.get(f"{stack.address(name)}/{what}", trust_env=False, timeout=30).status_code == 200
                place = f"{name} {what}"
                slowest[place] = max(slowest.get(place, 0.0), (time.perf_counter() - began) * 1000)
    worst = sorted(slowest.items(), key=lambda each: -each[1])
    for path, milliseconds in worst[:12]:
        _say(f"slowest of {_LOOKS}: {path}", f"{milliseconds:.0f} ms", f"< {_PAGE_MS} ms")
    return worst[0][1] < _PAGE_MS


def _operators() -> Iterator[str]:
    for service in _SERVICES:
        for page in ("read-models", "lag", "dead-letters"):
            yield f"ops/{service}/{page}"


def _publishing(stack: Stack, api: Api, folder: Path, count: int) -> bool:
    publishes = min(latency.PUBLISHES, max(20, count // 5_000))
    with pushing.Push(stack, api, folder, "wuxi", max(5_000, count // 10)):
        found = latency.measure(stack, api, publishes)["searchable"]
    p50, p99 = latency.p(found, 50), latency.p(found, 99)
    _say("publish → searchable while a city pushes", f"p50 {p50:.0f} ms, p99 {p99:.0f} ms", f"< {_FOUND_MS} ms")
    return p99 < _FOUND_MS


def _size(folder: Path) -> int:
    return sum(each.stat().st_size for each in folder.rglob("*") if each.is_file())


def _say(*words: str) -> None:
    print(" | ".join(words), flush=True)


if __name__ == "__main__":
    sys.exit(main())
