"""Owners can publish again, on a real database: the same events, in order, once for all replicas, going on where one died."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from services.notifications.sending import delivery as ledger
from services.notifications.sending.delivery import Delivery
from shared.aggregates import republishing
from shared.aggregates.aggregates import Aggregates
from shared.aggregates.decisions import Decision
from shared.aggregates.outbox import Relay
from shared.aggregates.republishing import Republisher
from shared.aggregates.runs import Run, Runs, Why
from shared.events.envelope import Event
from shared.mongo import Database
from shared.values.clock import now
from shared.values.ids import new_id

TOPIC = "huning.deliveries"
Wire = tuple[list[tuple[str, bytes]], bytes]


class Died(Exception):
    """A process that is killed."""


@dataclass
class Log:
    """What was published, in order. A process dies instead of publishing for the `dies_at`th time."""

    events: list[Event] = field(default_factory=list)
    dies_at: int = 0
    calls: int = 0

    async def publish(self, event: Event) -> None:
        self.events.append(event)

    async def publish_many(self, events: Sequence[Event]) -> None:
        self.calls += 1
        if self.calls == self.dies_at:
            raise Died
        self.events += events

    def versions(self, subject: str) -> list[int]:
        return [each.version for each in self.events if each.subject == subject]


def wire(event: Event) -> Wire:
    """As it stands in Kafka, without the trace of the request that first published it."""
    return [each for each in event.headers if each[0] != "traceparent"], event.value


def row() -> Delivery:
    at = now()
    return Delivery(
        id=new_id(),
        event_id="e/1",
        event="challenge.published",
        recipient="somebody",
        template="t",
        data={},
        page="",
        jurisdiction=None,
        sealed=False,
        due_at=at,
        created_at=at,
    )


@pytest.fixture
async def rows(database: Database, monkeypatch: pytest.MonkeyPatch) -> Aggregates[Delivery]:
    monkeypatch.setattr(republishing, "_SLICE", 5)
    made = Aggregates(database["deliveries"], Delivery, ledger.published)
    await made.prepare()
    return made


async def queued(rows: Aggregates[Delivery], number: int) -> list[str]:
    return [(await rows.create(ledger.queue(row()))).state.id for _ in range(number)]


async def published(rows: Aggregates[Delivery]) -> list[Event]:
    log = Log()
    while await Relay([rows.collection], log.publish).drain():
        pass
    return log.events


async def nothing(_: Run) -> None: ...


def republisher(rows: Aggregates[Delivery], log: Log, holder: str = "one") -> Republisher:
    runs = Runs(rows.collection.database["republications"])
    return Republisher(runs, {TOPIC: rows}, log.publish_many, holder, nothing)


async def asked(made: Republisher) -> None:
    assert await made.runs.ask(TOPIC, "log", Why.ASKED, await made.runs.of(TOPIC))


async def test_the_event_of_the_present_version_comes_again_to_the_byte(rows: Aggregates[Delivery]) -> None:
    (first, second) = await queued(rows, 2)
    await rows.change(first, lambda each: ledger.start(each, owner="p", template_id="w", at=now()))
    newest = {each.subject: each for each in await published(rows)}
    log = Log()
    await asked(made := republisher(rows, log))
    assert await made.work(TOPIC)
    assert {each.subject: wire(each) for each in log.events} == {each: wire(newest[each]) for each in (first, second)}


async def test_a_write_that_tells_nobody_changes_nothing_of_what_was_told(rows: Aggregates[Delivery]) -> None:
    (row_id,) = await queued(rows, 1)
    (told,) = await published(rows)
    for _ in range(2):
        await rows.change(row_id, lambda each: ledger.postpone(each, now() + timedelta(hours=1), "quiet_hours"))
    document = await rows.collection.find_one({"_id": row_id})
    assert document is not None
    assert document["state"]["reason"] == "quiet_hours"
    again = rows.event_of(document)
    assert again is not None
    assert wire(again) == wire(told)


async def test_a_document_from_before_is_published_with_the_type_that_its_state_suggests(
    rows: Aggregates[Delivery],
) -> None:
    (row_id,) = await queued(rows, 1)
    await rows.change(row_id, lambda each: ledger.skip(each, "no_consent", now()))
    told = (await published(rows))[-1]
    await rows.collection.update_one({"_id": row_id}, {"$unset": {"published": ""}})
    document = await rows.collection.find_one({"_id": row_id})
    assert document is not None
    again = rows.event_of(document)
    assert again is not None
    assert wire(again) == wire(told)


async def test_what_an_older_version_of_this_code_wrote_last_is_not_taken_for_the_event_before(
    rows: Aggregates[Delivery],
) -> None:
    """It leaves `published` as it was, and raises the version."""
    (row_id,) = await queued(rows, 1)
    before = (await rows.collection.find_one({"_id": row_id}) or {})["published"]
    await rows.change(row_id, lambda each: ledger.skip(each, "no_consent", now()))
    await published(rows)
    await rows.collection.update_one({"_id": row_id}, {"$set": {"published": before}})
    again = rows.event_of(await rows.collection.find_one({"_id": row_id}) or {})
    assert again is not None
    assert (again.version, again.type.short, again.action) == (2, "delivery.settled", "skip")


async def test_what_was_never_published_is_not_published_now(rows: Aggregates[Delivery]) -> None:
    silent = row()
    await rows.create(Decision(silent, "begin", "system", None))
    log = Log()
    await asked(made := republisher(rows, log))
    assert await made.work(TOPIC)
    assert log.events == []


async def test_everything_comes_once_in_the_order_of_ids_and_a_run_is_done_once(rows: Aggregates[Delivery]) -> None:
    ids = await queued(rows, 23)
    log = Log()
    await asked(made := republisher(rows, log))
    assert [await made.work(TOPIC), await made.work(TOPIC)] == [True, False]
    assert [each.subject for each in log.events] == sorted(ids)
    run = await made.runs.of(TOPIC)
    assert run is not None
    assert (run.is_due, run.published, run.progress) == (False, 23, 1.0)


async def test_a_document_that_cannot_be_read_keeps_no_other_out_of_the_log(rows: Aggregates[Delivery]) -> None:
    broken, *others = sorted(await queued(rows, 3))
    await rows.collection.update_one({"_id": broken}, {"$unset": {"state.status": "", "state.created_at": ""}})
    log = Log()
    await asked(made := republisher(rows, log))
    assert await made.work(TOPIC)
    assert [each.subject for each in log.events] == others


async def test_two_replicas_do_a_run_once(rows: Aggregates[Delivery]) -> None:
    ids = await queued(rows, 23)
    log = Log()
    await asked(made := republisher(rows, log))
    done = await asyncio.gather(made.work(TOPIC), republisher(rows, log, "other").work(TOPIC))
    assert sorted(done) == [False, True]
    assert sorted(each.subject for each in log.events) == sorted(ids)


async def test_another_replica_goes_on_where_a_dead_one_stopped(
    rows: Aggregates[Delivery], monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = sorted(await queued(rows, 23))
    log = Log(dies_at=3)
    await asked(made := republisher(rows, log))
    with pytest.raises(Died):
        await made.work(TOPIC)
    other = republisher(rows, log, "other")
    assert not await other.work(TOPIC), "as long as the lease holds, the dead one may be alive"
    await rows.collection.database["republications"].update_one({"_id": TOPIC}, {"$set": {"until": now()}})
    assert await other.work(TOPIC)
    assert [each.subject for each in log.events] == ids


async def test_a_run_that_was_asked_for_anew_is_not_ended_by_the_one_before(rows: Aggregates[Delivery]) -> None:
    ids = sorted(await queued(rows, 12))
    log = Log()
    await asked(made := republisher(rows, log))

    class Slow(Log):
        async def publish_many(self, events: Sequence[Event]) -> None:
            await super().publish_many(events)
            if self.calls == 1:
                await asked(made)

    slow = Slow()
    made.publish = slow.publish_many
    assert not await made.work(TOPIC), "another log began in the middle"
    made.publish = log.publish_many
    assert await made.work(TOPIC)
    assert [each.subject for each in log.events] == ids


async def test_a_run_that_was_seen_before_another_was_asked_for_cannot_be_taken(rows: Aggregates[Delivery]) -> None:
    """It would publish to a log that is no more, and say that it is whole."""
    await asked(made := republisher(rows, Log()))
    seen = await made.runs.of(TOPIC)
    assert seen is not None
    await asked(made)
    assert not await made.runs.take(seen, "one")


async def test_the_newest_event_is_the_last_in_the_log_whoever_published_in_between(
    rows: Aggregates[Delivery],
) -> None:
    """Compaction keeps the last one: an older event behind a newer would lose it."""
    (row_id,) = await queued(rows, 1)
    await published(rows)
    log = Log()

    class Racing(Log):
        async def publish_many(self, events: Sequence[Event]) -> None:
            if not self.calls:
                await rows.change(row_id, lambda each: ledger.skip(each, "no_consent", now()))
                await Relay([rows.collection], log.publish).drain()
            self.calls += 1
            log.events.extend(events)

    await asked(made := republisher(rows, log))
    made.publish = Racing().publish_many
    assert await made.work(TOPIC)
    assert log.versions(row_id) == [2, 1, 2]
