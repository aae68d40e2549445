"""The log against its owners: every aggregate whose last event and whose owner's document differ.

A compacted topic holds the last event of every aggregate, and the owner the version that it published last. Without faults
the two agree once nothing is under way. They differ where an event was lost (a wiped or restored broker) or where the
owner is older than the log (a restored database). Nothing is repaired here.

A topic that goes by time holds only what was published lately, and its owner may have removed what it settled long ago. What
was published last longer ago than the topic keeps, less a day, is not compared, on either side (decision 42).

The topic is read to its end first, then the owner's documents; what differs is looked at again, with what was published
meanwhile, until it stays.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol

from aiokafka import AIOKafkaConsumer

from shared import mongo
from shared.events.topics import Topic, topics_kept
from shared.messaging.kafka import Bus, Record, stop_reader
from shared.values.clock import now
from shared.values.open_sets import OpenSet
from shared.values.retention import chosen_days

RESULTS = "log_comparisons"
"""The collection of the owner with the last result of each topic; its metrics come from there."""
_LOOKS = 5
_BETWEEN_LOOKS_SECONDS = 1.0
_AT_ONCE, _FOUND_AT_ONCE = 5_000, 1_000
_MARGIN = timedelta(days=1)
_ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)


class Kind(OpenSet):
    """How an aggregate differs."""

    NOT_IN_LOG = "not_in_log", "日志中没有"
    LOG_IS_OLDER = "log_is_older", "日志比数据库旧"
    OWNER_IS_OLDER = "owner_is_older", "数据库比日志旧"
    NOT_WITH_OWNER = "not_with_owner", "数据库中没有"


HOLES = (Kind.NOT_IN_LOG, Kind.LOG_IS_OLDER)
"""The owner has what the log lacks: it publishes everything again."""
AHEAD = (Kind.OWNER_IS_OLDER, Kind.NOT_WITH_OWNER)
"""The log has what the owner lacks: `huning <service> adopt`."""


@dataclass(frozen=True)
class Difference:
    """One aggregate; a version is None where there is none."""

    id: str
    kind: Kind
    logged: int | None
    owned: int | None


@dataclass(frozen=True)
class Comparison:
    """The result for a topic. `waiting` aggregates have events in their outbox, which the log need not have yet."""

    topic: str
    compared: int
    waiting: int
    differences: tuple[Difference, ...]

    def counts(self) -> dict[str, int]:
        """How many differ, by kind, zeros included."""
        return {kind.value: sum(each.kind is kind for each in self.differences) for kind in Kind}

    def document(self) -> mongo.Document:
        """As the owner's database keeps it."""
        return {"_id": self.topic, "at": now(), "compared": self.compared, "waiting": self.waiting} | self.counts()


@dataclass(frozen=True)
class Owned:
    """What the owner knows of an aggregate: the version that it published last, and whether events wait in its outbox."""

    version: int
    waits: bool = False


class Log(Protocol):
    """A topic that is folded to its end, again and again."""

    @property
    def versions(self) -> Mapping[str, int]:
        """The highest version of every aggregate that was read."""

    async def read_on(self) -> None:
        """Reads to what is the end now."""


class Owner(Protocol):
    """The owner's documents."""

    def everything(self) -> AsyncIterator[tuple[str, Owned]]:
        """Every aggregate that was ever published."""

    async def find(self, aggregate_ids: Collection[str]) -> Mapping[str, Owned]:
        """Those of them that there are."""


def difference(aggregate_id: str, logged: int | None, owned: Owned | None) -> Difference | None:
    """How these differ, or None. Pure."""
    version = owned.version if owned else None
    if version == logged:
        return None
    if version is None:
        return Difference(aggregate_id, Kind.NOT_WITH_OWNER, logged, None)
    if logged is not None and logged > version:
        # Nothing that waits explains it: a backup may hold an outbox that was emptied long ago.
        return Difference(aggregate_id, Kind.OWNER_IS_OLDER, logged, version)
    if owned is not None and owned.waits:
        return None
    return Difference(aggregate_id, Kind.NOT_IN_LOG if logged is None else Kind.LOG_IS_OLDER, logged, version)


async def compare(topic: str, log: Log, owner: Owner, pause: float = _BETWEEN_LOOKS_SECONDS) -> Comparison:
    """Compares a topic with its owner while both go on."""
    await log.read_on()
    unseen, suspects, compared, waiting = set(log.versions), set[str](), 0, 0
    async for aggregate_id, owned in owner.everything():
        unseen.discard(aggregate_id)
        compared, waiting = compared + 1, waiting + owned.waits
        if difference(aggregate_id, log.versions.get(aggregate_id), owned):
            suspects.add(aggregate_id)
    suspects |= unseen
    found: list[Difference] = []
    for look in range(_LOOKS if suspects else 0):
        if look:
            await asyncio.sleep(pause)
        # The owner first: what it says has been published by the time that the log is read.
        owners = await owner.find(suspects)
        await log.read_on()
        looked_at = (difference(each, log.versions.get(each), owners.get(each)) for each in sorted(suspects))
        found = [each for each in looked_at if each]
        suspects = {each.id for each in found}
        if not suspects:
            break
    return Comparison(topic, compared, waiting, tuple(found))


@dataclass
class TopicLog:
    """A topic on Kafka. `progress` gets how many records were read and how many there are."""

    bus: Bus
    topic: str
    since: datetime = _ALWAYS
    """Events from before are not compared."""
    progress: Callable[[int, int], None] = lambda _, __: None
    versions: dict[str, int] = field(default_factory=dict)
    _reader: AIOKafkaConsumer | None = None
    _read: int = 0

    async def __aenter__(self) -> "TopicLog":
        self._reader = self.bus.reader(self.topic)
        await self._reader.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._reader:
            await stop_reader(self._reader)

    async def read_on(self) -> None:
        """Reads to what is the end now."""
        assert self._reader is not None
        partitions = sorted(self._reader.assignment())
        ends = await self._reader.end_offsets(partitions)
        while True:
            left = sum([max(0, ends[each] - await self._reader.position(each)) for each in partitions])
            self.progress(self._read, self._read + left)
            if not left:
                return
            for records in (await self._reader.getmany(timeout_ms=500, max_records=_AT_ONCE)).values():
                self._read += len(records)
                for record in records:
                    self._fold(record)

    def _fold(self, record: Record) -> None:
        """What is no event of an aggregate is the consumers' business: they park it."""
        headers = dict(record.headers)
        version = headers.get("ce_aggregateversion", b"")
        if record.key is not None and version.isdigit() and _happened(headers) >= self.since:
            key = record.key.decode(errors="replace")
            self.versions[key] = max(self.versions.get(key, 0), int(version))


def _happened(headers: Mapping[str, bytes]) -> datetime:
    """The time of an event; one that says none is compared."""
    try:
        at = datetime.fromisoformat(headers["ce_time"].decode())
    except (KeyError, ValueError):
        return datetime.max.replace(tzinfo=UTC)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Documents:
    """The aggregates of a collection. Version 0 was never published: nobody else knows of it."""

    collection: mongo.Collection
    since: datetime = _ALWAYS
    """What was published last before is compared only where the log has something younger."""

    async def everything(self) -> AsyncIterator[tuple[str, Owned]]:
        """Every aggregate that was ever published."""
        shown = {"version": 1, "waiting": 1, "published.at": 1, "changed.at": 1}
        async for document in self.collection.find({"version": {"$gt": 0}}, shown, batch_size=_AT_ONCE):
            if _published(document) >= self.since:
                yield document["_id"], _owned(document)

    async def find(self, aggregate_ids: Collection[str]) -> dict[str, Owned]:
        """Those of them that there are."""
        found, ids = dict[str, Owned](), sorted(aggregate_ids)
        for begin in range(0, len(ids), _FOUND_AT_ONCE):
            some = {"_id": {"$in": ids[begin : begin + _FOUND_AT_ONCE]}}  # and no other field: decision 62
            async for document in self.collection.find(some, {"version": 1, "waiting": 1}):
                if document["version"]:
                    found[document["_id"]] = _owned(document)
        return found


def _published(document: mongo.Document) -> datetime:
    """When it was published last; of documents that do not say so, records among them, when it was changed last, or now."""
    said = document.get("published") or document.get("changed") or {}
    at: datetime = said.get("at") or datetime.max
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _owned(document: mongo.Document) -> Owned:
    return Owned(int(document["version"]), bool(document.get("waiting")))


async def compare_topic(
    bus: Bus,
    database: mongo.Database,
    topic: Topic,
    progress: Callable[[int, int], None] = lambda _, __: None,
    pause: float = _BETWEEN_LOOKS_SECONDS,
) -> Comparison:
    """Compares a topic with the database of its owner and keeps the result there, for its metrics."""
    assert topic.collection is not None
    kept = topics_kept(chosen_days(bus.settings.keep_days))[topic.name].after
    since = now() - kept + _MARGIN if kept else _ALWAYS
    async with TopicLog(bus, topic.name, since, progress) as log:
        found = await compare(topic.name, log, Documents(database[topic.collection], since), pause)
    await database[RESULTS].replace_one({"_id": topic.name}, found.document(), upsert=True)
    return found


async def last_results(database: mongo.Database) -> list[mongo.Document]:
    """The last result of each topic that this database owns."""
    return await database[RESULTS].find({}).to_list(None)


def as_rows(comparison: Comparison) -> list[dict[str, object]]:
    """The differences in plain types, for a file."""
    return [{"topic": comparison.topic, **asdict(each)} for each in comparison.differences]
