"""What the store promises, on the real database."""

import asyncio
from dataclasses import replace

import pytest

from services.sync.intake.batch import PartHead
from services.sync.intake.parts import PartsGone
from services.sync.store import Store
from services.sync.tests.builders import AT, LATER, batch, judged, open_batch, stored
from shared.aggregates.attempts import Attempt
from shared.events.sync import VerdictCounts
from shared.mongo import DuplicateKeyError

NEXT = batch(id="batch-2", seq=2, committed_at=LATER)


async def test_twenty_commits_at_once_get_twenty_places_without_a_gap(store: Store) -> None:
    batches = [open_batch(id=f"batch-{n}") for n in range(20)]
    places = await asyncio.gather(*(store.intake.places.take(each, 1, AT) for each in batches))
    assert sorted(place.seq for place in places) == list(range(1, 21))


async def test_one_batch_committed_by_many_at_once_gets_one_place(store: Store) -> None:
    places = await asyncio.gather(*(store.intake.places.take(open_batch(), 1, AT) for _ in range(10)))
    assert {place.seq for place in places} == {1}
    assert (await store.intake.places.take(open_batch(id="another"), 1, AT)).seq == 2


async def test_a_place_that_was_taken_before_a_death_is_found_again_and_not_given_twice(store: Store) -> None:
    taken = await store.intake.places.take(open_batch(), 1, AT)
    await store.intake.places.counters.delete_many({})
    assert (await store.intake.places.take(open_batch(id="another"), 1, AT)).seq == 2
    assert await store.intake.places.take(open_batch(), 1, LATER) == taken


async def test_each_jurisdiction_counts_for_itself(store: Store) -> None:
    await store.intake.places.take(open_batch(), 1, AT)
    assert (await store.intake.places.take(open_batch(id="b", jurisdiction="suzhou"), 1, AT)).seq == 1


async def test_the_first_waiting_batch_of_a_list_is_the_one_with_the_lowest_place(store: Store) -> None:
    first = await store.intake.places.take(open_batch(id="1"), 1, AT)
    await store.intake.places.take(open_batch(id="2", kind="policy"), 1, AT)
    third = await store.intake.places.take(open_batch(id="3"), 1, AT)
    assert await store.intake.places.first_waiting("nantong/platform") == first
    await store.intake.places.done(first)
    assert await store.intake.places.first_waiting("nantong/platform") == third


@pytest.mark.parametrize("known", [False, True])
async def test_an_older_record_never_replaces_a_newer_one(store: Store, known: bool) -> None:
    old, new = stored(summary="旧"), stored(NEXT, summary="新")
    await store.records.write([new], {})
    await store.records.write([old], {"NT-001": new} if known else {})
    assert (await store.records.load("nantong/platform", ["NT-001"]))["NT-001"] == new


async def test_a_record_that_appeared_meanwhile_is_replaced_by_a_newer_one_all_the_same(store: Store) -> None:
    await store.records.write([stored(summary="旧"), stored(source_id="B")], {})
    changed = judged(stored(summary="旧"), NEXT, summary="新").record
    assert changed
    await store.records.write([changed, stored(NEXT, source_id="C")], {})
    found = await store.records.load("nantong/platform", ["NT-001", "B", "C", "D"])
    assert {source_id: record.version for source_id, record in found.items()} == {"NT-001": 2, "B": 1, "C": 2}
    assert found["NT-001"] == changed


async def test_a_record_keeps_dollars_dots_and_everything_else_as_it_is(store: Store) -> None:
    record = stored(
        title="$version", summary="$$ROOT {a.b}", details={}, industry=["氢能"], longitude=120.9, latitude=31.9
    )
    await store.records.write([record], {"NT-001": record})
    assert await store.records.find("nantong/platform/NT-001") == record


async def test_verdicts_of_a_chunk_are_kept_once_and_progress_never_goes_back(store: Store) -> None:
    first, second = [judged(source_id="A"), judged(title="")], [judged(source_id="B")]
    none = await store.receipts.how_far("batch-1")
    one = await store.receipts.move("batch-1", none.after(first))
    two = await store.receipts.move("batch-1", one.after(second))
    assert (two.chunks, two.rows, two.counts) == (2, 3, VerdictCounts(added=2, rejected=1))
    assert await store.receipts.move("batch-1", none.after(second)) == two
    await store.receipts.keep("batch-1", 0, 1, first, {})
    await store.receipts.keep("batch-1", 0, 1, second, {})
    await store.receipts.keep("batch-1", 1, 3, second, {})
    rows = [(row["row"], row["verdict"]) async for _, row in store.receipts.rows("batch-1", None, range(2))]
    assert rows == [(1, "added"), (2, "rejected"), (3, "added")]
    rejected = [row["code"] async for _, row in store.receipts.rows("batch-1", "rejected", range(2))]
    assert rejected == ["missing"]


async def test_a_chunk_whose_verdicts_are_more_than_a_document_holds_is_kept_all_the_same(store: Store) -> None:
    long = [
        replace(judged(source_id=f"R{n}"), before={"summary": "前" * 5_000}, after={"summary": "后" * 5_000})
        for n in range(600)
    ]
    await store.receipts.keep("batch-9", 0, 1, long, {})
    rows = [row["row"] async for _, row in store.receipts.rows("batch-9", None, range(1))]
    assert rows == list(range(1, 601))


async def test_the_records_of_a_list_are_counted_without_deleted_ones_and_neighbours(store: Store) -> None:
    gone = stored(source_id="D")
    gone = replace(gone, state=gone.state.model_copy(update={"deleted": True}))
    await store.records.write([stored(source_id="A"), stored(source_id="B"), gone], {})
    assert (await store.records.count("nantong/platform"), await store.records.count("nantong/plat")) == (2, 0)


async def test_a_list_takes_each_batch_into_account_once(store: Store) -> None:
    for _ in range(2):
        await store.lists.settle(batch(rows=10), VerdictCounts(added=8, rejected=2))
        await store.lists.settle(NEXT, VerdictCounts(deleted=3, added=1))
        await store.lists.settle(batch(rows=10), VerdictCounts(added=8, rejected=2))
    (kept,) = await store.lists.all()
    assert (kept["records"], kept["seq"], kept["rejected_share"], kept["last_batch_at"]) == (6, 2, 0.0, LATER)


async def test_a_batch_that_was_given_up_makes_no_list_fresher(store: Store) -> None:
    await store.lists.settle(batch(rows=10), VerdictCounts(added=8, rejected=2))
    await store.lists.recount(NEXT, 9)
    (kept,) = await store.lists.all()
    assert (kept["records"], kept["seq"], kept["rejected_share"]) == (9, 2, 0.2)
    assert kept["last_batch_at"] == batch(rows=10).committed_at


async def test_a_part_has_one_body_and_only_its_head_outlives_the_batch(store: Store) -> None:
    head = PartHead(part=0, rows=1, sha256="x")
    await store.intake.parts.put("batch-1", head, b"{}", [None], Attempt("agent-1", "a", "x"))
    with pytest.raises(DuplicateKeyError):
        await store.intake.parts.put("batch-1", head, b"[]", [None], Attempt("agent-1", "b", "y"))
    assert await store.intake.parts.body("batch-1", 0) == b"{}"
    await store.intake.parts.forget("batch-1")
    assert await store.intake.parts.heads("batch-1") == [head]
    with pytest.raises(PartsGone):
        await store.intake.parts.body("batch-1", 0)


async def test_an_attempt_puts_one_part(store: Store) -> None:
    attempt = Attempt("agent-1", "a", "x")
    await store.intake.parts.put("batch-1", PartHead(part=0, rows=1, sha256="x"), b"{}", [None], attempt)
    with pytest.raises(DuplicateKeyError):
        await store.intake.parts.put("batch-1", PartHead(part=1, rows=1, sha256="y"), b"[]", [None], attempt)
    await store.intake.parts.put("batch-1", PartHead(part=1, rows=1, sha256="y"), b"[]", [None], attempt.by("agent-2"))
    with pytest.raises(DuplicateKeyError):
        await store.intake.parts.remember("batch-1", 1, attempt)
    assert await store.intake.parts.was_put(attempt)


async def test_a_nonce_is_good_once_per_key(store: Store) -> None:
    assert await store.intake.nonces.use("key", "nonce", LATER)
    assert not await store.intake.nonces.use("key", "nonce", LATER)
    assert await store.intake.nonces.use("another", "nonce", LATER)
