"""Law 4 on a running system: every read model is the fold of the log, whole document by whole document.

The expected documents come from the services' own projections, put over the events in the order of their versions and not
in the order, batches and repetitions in which the killed processes met them.
"""

import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any
from urllib.parse import urlencode

import bson
import pymongo
from bson.codec_options import CodecOptions

from services.search.domain.items import TOPICS, Item, item_of
from shared.events.envelope import BadEvent, Event, read_event
from shared.projections.read_models import Project, ReadModel, document_of
from shared.runtime.service import Service
from tests import log
from tests.client import Api
from tests.stack import Stack

Document = dict[str, Any]
_AWARE: CodecOptions[Document] = CodecOptions(tz_aware=True)
_SEARCHES = ("search", "search-2")
_INDEXED_SECONDS = 15.0


class Fold:
    """The log of a stack at one moment, and what the read models should be by it. Nobody may be behind it any more."""

    def __init__(self, stack: Stack, services: Mapping[str, Service]) -> None:
        self.stack, self.services = stack, services
        self._events: dict[str, list[Event]] = {}

    def check(self) -> None:
        """AssertionError with the first differences of all read models, the cities' records and the search indexes."""
        with pymongo.MongoClient[Document](self.stack.mongodb, tz_aware=True) as client:
            found = [*self._read_models(client), *self._records(client)]
        assert found == [], "\n".join(found[:10])
        expected = self._items()
        with ThreadPoolExecutor(len(_SEARCHES)) as pool:
            wrong = [each for told in pool.map(partial(self._index, expected), _SEARCHES) for each in told]
        assert wrong == []

    def _read_models(self, client: "pymongo.MongoClient[Document]") -> Iterator[str]:
        for service in self.services.values():
            for model in service.read_models.values():
                if isinstance(model, ReadModel):
                    database = client[f"huning_{service.name}"]
                    pointer = database["read_models"].find_one({"_id": model.name}) or {}
                    stored = {each["_id"]: each for each in database[f"{model.name}.g{pointer['generation']}"].find()}
                    expected = _folded(self._log(*model.topics), model.project)
                    yield from _differences(f"{service.name}'s {model.name}", stored, expected)

    def _records(self, client: "pymongo.MongoClient[Document]") -> Iterator[str]:
        """What sync holds of the cities' rows is what it told."""
        records = client["huning_sync"]["records"]
        stored = {each["_id"]: _of_record(each["version"], each["state"]) for each in records.find()}
        newest = {each.subject: each for each in sorted(self._log("huning.records"), key=_version)}
        told = {subject: _of_record(each.version, each.data.model_dump()) for subject, each in newest.items()}
        yield from _differences("sync's records", stored, told)

    def _items(self) -> dict[str, Document]:
        """What search should find, by the log."""
        newest = {each.subject: each for each in sorted(self._log(*TOPICS), key=_version)}
        items = [item_of(each) for each in newest.values()]
        return {each.id: each.shown() for each in items if isinstance(each, Item)}

    def _index(self, expected: Mapping[str, Document], replica: str) -> list[str]:
        """What one replica's search finds, page by page, against that."""
        # The feed says where it has read to a moment before the index shows it.
        deadline = time.monotonic() + _INDEXED_SECONDS
        while True:
            found = {each["id"]: _shown(each) for each in _listed(self.stack.address(replica))}
            wrong = list(_differences(f"{replica}'s index", found, expected))
            if not wrong or time.monotonic() > deadline:
                return wrong

    def _log(self, *topics: str) -> list[Event]:
        for topic in topics:
            if topic not in self._events:
                self._events[topic] = _good_events(self.stack, topic)
        return [event for topic in topics for event in self._events[topic]]


def _good_events(stack: Stack, topic: str) -> list[Event]:
    """Without what the services, too, had to set aside."""
    found: list[Event] = []
    for record in log.records(stack.kafka, topic):
        with suppress(BadEvent):
            found.append(read_event(record.headers, record.value))
    return found


def _version(event: Event) -> int:
    return event.version


def _folded(events: list[Event], project: Project) -> dict[str, Document]:
    """The documents as the database gives them back: its instants are of milliseconds."""
    fold: dict[str, Document] = {}
    for event in sorted(events, key=_version):
        if register := project(event):
            fold[register.id] = _as_stored(document_of(event, register))
    return fold


def _as_stored(document: Document) -> Document:
    return bson.decode(bson.encode(document), _AWARE)


def _of_record(version: int, state: Document) -> Document:
    return _as_stored({"version": version, "state": state})


def _listed(address: str) -> Iterator[Document]:
    """Everything that can be found at all."""
    api = Api(address)
    cursor: str | None = None
    try:
        while True:
            parameters = {"limit": 100, "sort": "newest", **({"cursor": cursor} if cursor else {})}
            page = api.visitor.settle("GET", f"search?{urlencode(parameters)}").expect(
                200
            )  # 50,000 meet the rate limit
            yield from page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return
    finally:
        api.close()


def _shown(found: Document) -> Document:
    """The item without what only this search says of it."""
    return {name: value for name, value in found.items() if name not in ("highlight", "distance_m", "score")}


def _differences(what: str, found: Mapping[str, Document], expected: Mapping[str, Document]) -> Iterator[str]:
    for name in sorted(found.keys() | expected.keys()):
        if found.get(name) != expected.get(name):
            yield f"{what}: {name} is {found.get(name)}, and {expected.get(name)} by the log"
