"""`huning log compare` on a real log and a real database: what was lost is named, and the owner's metrics tell of it."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from shared.events.envelope import Event, event
from shared.events.sync import BatchState, VerdictCounts
from shared.events.topics import TOPICS
from shared.messaging.kafka import Bus
from shared.mongo import Database
from shared.operations.log_comparison import Kind, compare_topic, last_results
from shared.settings import Settings
from shared.values.clock import now
from shared.values.ids import new_id
from tests.stack import Servers


def committed(batch_id: str, version: int, at: datetime | None = None) -> Event:
    state = BatchState(
        id=batch_id,
        jurisdiction="wuxi",
        kind="platform",
        mode="delta",
        dry_run=False,
        seq=1,
        state="processing",
        rows=1,
        counts=VerdictCounts(),
        pushed_by="a",
        committed_at=now(),
        finished_at=None,
    )
    return event("batch.committed", batch_id, version, at or now(), state, jurisdiction="wuxi")


@pytest.fixture
async def bus(servers: Servers) -> AsyncIterator[Bus]:
    made = Bus(Settings(kafka=servers.kafka, prefix=servers.prefix), "comparison")
    await made.start()
    yield made
    await made.stop()


async def test_a_lost_event_is_named_and_counted(bus: Bus, database: Database) -> None:
    same, lost, behind, waits, restored, silent = (new_id() for _ in range(6))
    await bus.publish_many([committed(same, 1), committed(same, 2), committed(behind, 1), committed(restored, 2)])
    owned = {same: 2, lost: 1, behind: 3, waits: 4, restored: 1, silent: 0}
    documents = [{"_id": each, "version": version} for each, version in owned.items()]
    await database["batches"].insert_many(
        [each | ({"waiting": True} if each["_id"] == waits else {}) for each in documents]
    )

    progress: list[tuple[int, int]] = []
    found = await compare_topic(
        bus, database, TOPICS["huning.batches"], lambda read, total: progress.append((read, total))
    )

    # The topic is the run's: what other tests published there is not with this owner.
    mine = {each.id: each.kind for each in found.differences if each.id in owned}
    assert mine == {lost: Kind.NOT_IN_LOG, behind: Kind.LOG_IS_OLDER, restored: Kind.OWNER_IS_OLDER}
    assert (found.compared, found.waiting) == (5, 1)
    assert progress[-1][0] == progress[-1][1] >= 4
    (kept,) = await last_results(database)
    assert (kept["_id"], kept["log_is_older"]) == ("huning.batches", 1)


async def test_what_was_published_longer_ago_than_its_topic_keeps_is_no_difference(
    bus: Bus, database: Database
) -> None:
    """The topic forgets by time, and owners remove what they settled long ago."""
    forgotten, removed, lost, kept = (new_id() for _ in range(4))
    after = TOPICS["huning.batches"].kept.after
    assert after is not None
    long_ago, lately = now() - after, now() - after + timedelta(days=2)
    await bus.publish_many([committed(removed, 1, long_ago), committed(kept, 1, lately)])
    published = {forgotten: long_ago, lost: lately}
    documents = [{"_id": each, "version": 1, "published": {"at": at}} for each, at in published.items()]
    await database["batches"].insert_many(documents)
    found = await compare_topic(bus, database, TOPICS["huning.batches"])
    mine = {each.id: each.kind for each in found.differences if each.id in {forgotten, removed, lost, kept}}
    assert mine == {lost: Kind.NOT_IN_LOG, kept: Kind.NOT_WITH_OWNER}
