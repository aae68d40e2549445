"""What aggregates answer besides writing: who is found, who is refused, and in which form what was written comes back.

Every test runs twice (conftest.py): on a real database, and on the aggregates in memory that unit tests stand on.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.aggregates.aggregates import Aggregates
from shared.aggregates.attempts import KEPT, Attempt
from shared.aggregates.decisions import Decision, NotAfter
from shared.mongo import DuplicateKeyError, IndexModel
from shared.values import problems
from shared.values.clock import now
from shared.values.problems import Refusal
from tests.laws.tallies import Make, Tally, begin, counted

AT = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)


def made(tally: Tally) -> Decision[Tally]:
    return Decision(tally, "count", "person", "batch.advance")


def by(key: str, digest: str = "d") -> Attempt:
    return Attempt("caller", key, digest)


async def several(tallies: Aggregates[Tally]) -> None:
    """Five: the counts from 4 down to 0, the last two removed, the second one without a moment."""
    for number in range(5):
        moment = None if number == 1 else AT + timedelta(hours=number)
        tally = Tally(id=f"t{number}", count=4 - number, note="odd" if number % 2 else "even", moment=moment)
        await tallies.create(made(tally))
    for number in (3, 4):
        await tallies.change(f"t{number}", lambda t: made(t.model_copy(update={"removed": True})))


async def test_one_that_is_not_there_is_none_or_refused(tallies: Aggregates[Tally]) -> None:
    assert await tallies.find("nobody") is None
    for asked in (tallies.get("nobody"), tallies.change("nobody", counted)):
        with pytest.raises(Refusal, match="not_found"):
            await asked


async def test_what_is_written_is_what_is_found(tallies: Aggregates[Tally]) -> None:
    created = await tallies.create(made(Tally(id="a", count=7)))
    changed = await tallies.change("a", counted)
    assert (created.version, created.revision, created.replayed) == (1, 1, False)
    assert await tallies.get("a") == await tallies.find("a") == changed
    assert (changed.state.count, changed.version, changed.revision) == (8, 2, 2)


async def test_a_decision_for_nothing_writes_nothing_and_remembers_no_attempt(tallies: Aggregates[Tally]) -> None:
    tally_id = await begin(tallies)
    before = await tallies.get(tally_id)
    assert await tallies.change(tally_id, lambda _: None, attempt=by("k")) == before
    assert not (await tallies.change(tally_id, counted, attempt=by("k"))).replayed


async def test_what_comes_back_has_the_precision_of_the_database(tallies: Aggregates[Tally]) -> None:
    await tallies.create(made(Tally(id="a", moment=AT + timedelta(microseconds=1_999))))
    assert (await tallies.get("a")).state.moment == AT + timedelta(milliseconds=1)


async def test_what_a_caller_does_with_a_document_changes_nothing_that_is_kept(tallies: Aggregates[Tally]) -> None:
    tally_id = await begin(tallies)
    document = await tallies.collection.find_one({"_id": tally_id})
    assert document is not None
    document["state"]["count"] = 99
    assert (await tallies.get(tally_id)).state.count == 0


@pytest.mark.parametrize(
    ("query", "options", "found"),
    [
        ({}, {}, ["t0", "t1", "t2", "t3", "t4"]),
        ({"state.note": "odd"}, {}, ["t1", "t3"]),
        ({"state.note": "odd", "state.removed": False}, {}, ["t1"]),
        ({"state.moment": None}, {}, ["t1"]),
        ({"state.unheard_of": None, "state.note": "odd"}, {}, ["t1", "t3"]),
        ({"_id": "t2"}, {}, ["t2"]),
        ({"_id": {"$in": ["t1", "t9"]}}, {}, ["t1"]),
        ({"state.count": {"$in": [0, 1, None]}}, {}, ["t3", "t4"]),
        ({"state.count": {"$in": []}}, {}, []),
        ({"_id": {"$gt": "t2"}}, {}, ["t3", "t4"]),
        ({"state.moment": {"$gte": AT, "$lte": AT + timedelta(hours=2)}}, {}, ["t0", "t2"]),
        ({"state.note": {"$gte": 0}}, {}, []),
        ({"$or": [{"_id": "t0"}, {"_id": {"$in": ["t2"]}}], "_id": {"$lt": "t2"}}, {}, ["t0"]),
        ({"_id": {"$lt": "t3"}}, {"limit": 2, "sort": [("_id", -1)]}, ["t2", "t1"]),
        ({}, {"limit": 2, "sort": [("_id", 1)]}, ["t0", "t1"]),
        ({}, {"sort": [("state.count", 1)]}, ["t4", "t3", "t2", "t1", "t0"]),
        ({"state.removed": False}, {"sort": [("state.moment", 1)]}, ["t1", "t0", "t2"]),
        ({}, {"sort": [("state.note", -1), ("state.count", 1)]}, ["t3", "t1", "t4", "t2", "t0"]),
    ],
    ids=str,
)
async def test_a_list_is_what_fits_in_the_order_that_is_asked_for(
    tallies: Aggregates[Tally], query: dict[str, Any], options: dict[str, Any], found: list[str]
) -> None:
    await several(tallies)
    ids = [each.state.id for each in await tallies.where(query, **options)]
    assert (ids if "sort" in options else sorted(ids)) == found
    assert await tallies.collection.count_documents(query) == len(await tallies.where(query))


async def test_what_was_removed_is_kept_and_its_event_says_so(tallies: Aggregates[Tally]) -> None:
    await several(tallies)
    assert (await tallies.get("t4")).state.removed
    document = await tallies.collection.find_one({"_id": "t4"})
    assert document is not None
    assert [each["version"] for each in document["outbox"]] == [1, 2]


async def test_the_tombstone_of_one_that_was_lost_is_not_found_and_keeps_its_id(tallies: Aggregates[Tally]) -> None:
    await tallies.collection.insert_one({"_id": "a", "version": 3, "revision": 1, "lost": {}, "outbox": []})
    assert await tallies.find("a") is None
    with pytest.raises(Refusal, match="not_found"):
        await tallies.change("a", counted)
    with pytest.raises(DuplicateKeyError):
        await tallies.create(made(Tally(id="a")))
    assert await tallies.where({"state.removed": False}) == []


async def test_an_id_that_is_taken_is_refused_unless_the_attempt_took_it(tallies: Aggregates[Tally]) -> None:
    first = await tallies.create(made(Tally(id="a")), attempt=by("k"))
    for attempt in (None, by("another")):
        with pytest.raises(DuplicateKeyError):
            await tallies.create(made(Tally(id="a", count=9)), attempt=attempt)
    again = await tallies.create(made(Tally(id="a", count=9)), attempt=by("k"))
    assert (again.replayed, again.state) == (True, first.state)


async def test_what_another_unique_index_objects_to_is_not_written(tallies: Aggregates[Tally]) -> None:
    await tallies.collection.create_indexes([IndexModel("state.note", unique=True)])
    await tallies.create(made(Tally(id="a", note="taken")))
    with pytest.raises(DuplicateKeyError):
        await tallies.create(made(Tally(id="b", note="taken")), attempt=by("k"))
    assert await tallies.find("b") is None
    assert await tallies.created_by(by("k")) is None


async def test_what_an_attempt_created_is_found_by_it_as_it_is_now(tallies: Aggregates[Tally]) -> None:
    await tallies.create(made(Tally(id="a")), attempt=by("k"))
    await tallies.change("a", counted)
    found = await tallies.created_by(by("k"))
    assert found is not None
    assert (found.state.count, found.version, found.replayed) == (1, 2, True)
    assert await tallies.created_by(None) is None
    with pytest.raises(Refusal, match="idempotency_key_reused"):
        await tallies.create(made(Tally(id="b")), attempt=by("k", "another body"))


async def test_of_many_attempts_the_newest_are_remembered_and_none_where_a_decision_forgets(
    tallies: Aggregates[Tally],
) -> None:
    await tallies.create(Decision(Tally(id="a"), "begin", "person", None))
    for number in range(KEPT + 1):
        await tallies.change("a", lambda t: Decision(t, "note", "person", None), attempt=by(str(number)))
    assert (await tallies.change("a", counted, attempt=by("1"))).replayed
    assert not (await tallies.change("a", counted, attempt=by("0"))).replayed
    await tallies.change("a", lambda t: Decision(t, "forget", "person", None, forgets=True))
    assert not (await tallies.change("a", counted, attempt=by("1"))).replayed


async def test_what_comes_after_its_last_moment_is_refused_and_not_written(tallies: Aggregates[Tally]) -> None:
    def until(at: datetime) -> Decision[Tally]:
        late = NotAfter(at, Refusal(problems.CONFLICT))
        return Decision(Tally(id="a", count=5), "count", "person", "batch.advance", not_after=late)

    await tallies.create(made(Tally(id="a")))
    with pytest.raises(Refusal, match="conflict"):
        await tallies.change("a", lambda _: until(now() - timedelta(hours=1)))
    assert (await tallies.get("a")).state.count == 0
    assert (await tallies.change("a", lambda _: until(now() + timedelta(hours=1)))).state.count == 5


async def test_what_another_version_wrote_is_read_and_what_is_not_known_of_it_is_kept(make: Make) -> None:
    older = {"id": "a", "total": 3, "unheard_of": [1]}
    tallies = make(upcasts=(lambda state: {**state, "count": state["total"]},))
    await tallies.collection.insert_one(
        {"_id": "a", "version": 4, "revision": 9, "attempts": [], "outbox": [], "state": older}
    )
    changed = await tallies.change("a", counted)
    assert (changed.state.count, changed.version, changed.revision) == (4, 5, 10)
    document = await tallies.collection.find_one({"_id": "a"})
    assert document is not None
    assert (document["schema"], document["state"]["unheard_of"], document["waiting"]) == (2, [1], True)
