"""The trace of the request that committed a batch stands on everything that is published of the batch."""

from services.sync.applying.consumers import intake
from services.sync.applying.worker import Worker
from services.sync.store import Store
from shared.events.envelope import Event
from shared.telemetry import span
from tests.door import Door
from tests.services.sync.conftest import Log
from tests.services.sync.pushing import NANTONG, committed, row

FIRST, SECOND = f"{1:032x}", f"{2:032x}"


def traceparent(trace: str) -> str:
    return f"00-{trace}-00f067aa0ba902b7-01"


def told(events: list[Event]) -> set[tuple[str, str | None]]:
    """What was told of which trace."""
    return {(each.type.short, each.traceparent and each.traceparent.split("-")[1]) for each in events}


async def outbox(store: Store, batch_id: str) -> list[Event]:
    document = await store.intake.batches.collection.find_one({"_id": batch_id})
    assert document
    return [Event.from_document(each) for each in document["outbox"]]


async def test_a_batch_and_its_records_go_on_with_the_trace_of_the_request(
    at_the_door: Door, store: Store, worker: Worker, log: Log
) -> None:
    with span("request", traceparent(FIRST)):
        batch_id = await committed(at_the_door(NANTONG), [row("A")])
    waiting = await outbox(store, batch_id)
    assert told(waiting) == {("batch.committed", FIRST), ("batch.advance", FIRST)}
    await intake(worker).handle([each for each in waiting if each.type.short == "batch.advance"])
    assert told(log.events) == {("record.added", FIRST)}
    assert ("batch.applied", FIRST) in told(await outbox(store, batch_id))


async def test_a_batch_that_another_one_lets_begin_goes_on_with_its_own_trace(
    at_the_door: Door, worker: Worker, log: Log
) -> None:
    batches = []
    for trace in (FIRST, SECOND):
        with span("request", traceparent(trace)):
            batches.append(await committed(at_the_door(NANTONG), [row("A", summary=trace)]))
    await worker.repair()
    for _ in batches:
        await intake(worker).handle([each for each in log.events if each.type.short == "batch.advance"])
    records = [each for each in log.events if each.type.short.startswith("record.")]
    assert told(records) == {("record.added", FIRST), ("record.changed", SECOND)}
