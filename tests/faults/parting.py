"""Log and owners part: what the drills load before, watch meanwhile and hold against each other afterwards."""

import os
import shutil
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

import httpx2
import pymongo

from shared.aggregates.runs import COLLECTION
from shared.runtime.service import Service
from shared.values.jurisdictions import Jurisdiction
from tests.benchmarks.rows import rows
from tests.client import Api, until
from tests.faults.folding import Fold
from tests.faults.pushing import KIND, City
from tests.faults.settling import DOWNSTREAM, caught_up
from tests.faults.walking import Walk
from tests.stack import Stack, huning

Document = dict[str, Any]

CITY = Jurisdiction.TAIZHOU
REBUILT = (("search", "index"), ("notifications", "users"), ("challenges", "organizations"))
_PART = 20_000
_PUSHED_SECONDS = 300


@dataclass
class Town:
    """A running system with a city's records, published challenges, and a person who was told of each of them.

    `folder` holds the city's agent, and whatever a drill puts there.
    """

    stack: Stack
    folder: Path
    records: int
    published: list[str] = field(default_factory=list)
    tag: str = ""
    key_id: str = ""

    def __post_init__(self) -> None:
        self.api = Api(self.stack.base_url)
        self.walk = Walk(self.stack, self.api)
        self.tag = self.walk.tag = self.tag or self.walk.tag

    def moved(self, stack: Stack, folder: Path) -> "Town":
        """The same town on a stack that was started from its data."""
        return replace(self, stack=stack, folder=folder, published=list(self.published))

    def load(self) -> None:
        """All of it, and it has been told."""
        self.stack.run("huning", "accounts", "seed")
        self.walk.watch(20)
        self.key_id = City.register(self.stack, self.api, CITY, self.folder).key_id
        wanted, self.records = self.records, 0
        self.push(wanted)
        self.publish("一", "二", "三")

    def push(self, more: int) -> None:
        """More rows of the city; all are found."""
        city = City(self.stack, CITY, self.folder, self.key_id)
        fresh = islice(rows(self.records + more, city=CITY), self.records, None)
        while part := list(islice(fresh, _PART)):
            city.push(part)
        self.records += more
        until(lambda: self.shown() == self.records, seconds=_PUSHED_SECONDS)

    @contextmanager
    def pushing(self, more: int) -> Iterator[None]:
        """More rows meanwhile: when it begins, a batch is committed and nothing of it is applied."""
        worker = self.stack.kill("sync-worker", signal.SIGSTOP)
        pushed = threading.Thread(target=self.push, args=(more,))
        pushed.start()
        try:
            with pymongo.MongoClient[Document](self.stack.mongodb) as client:
                batches = client["huning_sync"]["batches"]
                until(lambda: batches.count_documents({"state.state": "processing"}) > 0, seconds=_PUSHED_SECONDS)
            yield
        finally:
            os.kill(worker, signal.SIGCONT)
            pushed.join()

    def publish(self, *titles: str) -> list[str]:
        """More challenges; each is found, and told once."""
        made = [self.walk.publish(title) for title in titles]
        self.published += made
        until(lambda: all(self.walk.is_found(each) for each in made), seconds=30)
        until(lambda: len(self.walk.sent()) == len(self.published), seconds=30)
        return made

    def rebuild(self) -> None:
        """What an operator may do at the worst moment: every read model is rebuilt."""
        who = self.api.as_("operator-alliance")
        for service, name in REBUILT:
            who.settle("POST", f"ops/{service}/read-models/{name}/rebuild").expect(202)

    def shown(self) -> int | None:
        """How many of the city's records search finds; None where it does not answer."""
        answer = self.ask("search", {"kind": KIND, "jurisdiction": CITY, "limit": 1})
        return int(answer.body["total"]) if answer and answer.status == 200 else None

    def ask(self, path: str, params: dict[str, Any] | None = None) -> Any:
        """A visitor's question; None without an answer."""
        try:
            return self.api.visitor.get(path, params=params or {})
        except httpx2.TransportError:
            return None

    def settled(self, began: float, within: float, composed: dict[str, Service]) -> float:
        """Every owner has published everything, nobody is behind and search shows it, so many seconds after it began; then log,
        owners and read models must agree."""
        until(lambda: is_published(self.stack), seconds=within)
        caught_up(self.stack, self.api, within)
        until(lambda: self.shown() == self.records, seconds=within)
        took = time.monotonic() - began
        assert took < within, f"{took:.0f} s"
        self.stack.run("huning", "log", "compare")
        Fold(self.stack, composed).check()
        return took


@dataclass
class Missing:
    """What was shown as missing, and how often there was an answer at all."""

    found: list[str] = field(default_factory=list)
    answers: int = 0


@contextmanager
def nothing_missing(town: Town) -> Iterator[Missing]:
    """A reader looks a few times a second; AssertionError at the end if anything was shown as missing. 503 is no answer."""
    missing, stop, known = Missing(), threading.Event(), list(town.published)

    def look() -> None:
        while not stop.wait(0.25):
            shown = town.shown()
            if shown is not None and shown < town.records:
                missing.found.append(f"search shows {shown} of {town.records} records")
            for each in known:
                answer = town.ask(f"challenges/{each}")
                missing.answers += answer is not None and answer.status == 200
                if answer is not None and answer.status not in (200, 503):
                    missing.found.append(f"challenge {each}: {answer.status}")
            found = town.ask("search", {"q": town.walk.tag, "limit": 100})
            if found is not None and found.status == 200:
                missing.found += set(known) - {each["id"] for each in found.body["items"]}

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield missing
    finally:
        stop.set()
        watcher.join()
    assert missing.found == []
    assert missing.answers > 0


def logs_of(stack: Stack) -> set[str]:
    """Which logs the owners publish to, by what they keep."""
    return {each["log"] for each in _runs(stack)}


def is_published(stack: Stack) -> bool:
    """Whether every owner has done what it was asked for."""
    return all(each["done"] == each["number"] for each in _runs(stack))


def _runs(stack: Stack) -> list[Document]:
    with pymongo.MongoClient[Document](stack.mongodb) as client:
        return [each for service in DOWNSTREAM for each in client[f"huning_{service}"][COLLECTION].find()]


def log_as_it_is(stack: Stack, place: Path) -> None:
    """A copy of the broker's folder at one moment."""
    pid = stack.kill("kafka", signal.SIGSTOP)
    try:
        shutil.copytree(stack.place.data / "kafka" / "log", place)
    finally:
        os.kill(pid, signal.SIGCONT)


def compared(stack: Stack) -> int:
    """The exit code of `huning log compare`: 1 where log and owners differ. AssertionError where it could not look."""
    code, said = huning(stack.environment, "log", "compare")
    assert code in (0, 1), said
    return code
