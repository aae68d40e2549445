import asyncio
from datetime import UTC, datetime
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.aggregates.private_lists import PrivateLists
from shared.mongo import Collection
from shared.tests.memory import MemoryCollection

KEY = b"p" * 32


def lists(collection: MemoryCollection, kind: str = "inbox", key: bytes = KEY) -> PrivateLists:
    return PrivateLists(cast(Collection, collection), kind, key)


async def _names(mine: PrivateLists, owner: str = "user-1") -> list[str]:
    return [entry.name for entry in await mine.read_all(owner)]


@given(st.lists(st.sampled_from("abcdefgh"), max_size=30))
@settings(max_examples=30)
async def test_a_list_holds_each_name_once_in_the_order_of_its_first_appending(names: list[str]) -> None:
    mine = lists(MemoryCollection())
    for number, name in enumerate(names):
        await mine.append("user-1", name, {"number": number})
    assert await _names(mine) == list(dict.fromkeys(names))
    assert await mine.length("user-1") == len(set(names))
    for name in set(names):
        found = await mine.find("user-1", name)
        assert found is not None
        assert found.content == {"number": names.index(name)}


async def test_two_replicas_that_append_at_once_leave_no_gap_and_nothing_twice() -> None:
    collection = MemoryCollection()
    replicas = [lists(collection), lists(collection)]
    names = [f"item-{number}" for number in range(20)]
    await asyncio.gather(*(each.append("user-1", name, {}) for name in names for each in replicas))
    assert sorted(await _names(replicas[0])) == sorted(names)
    assert await replicas[0].length("user-1") == len(names)


@pytest.mark.parametrize("inserts", [0, 1])
async def test_appending_again_after_a_crash_at_any_point_is_one_entry(inserts: int) -> None:
    collection = MemoryCollection()
    mine = lists(collection)
    await mine.append("user-1", "first", {})
    collection.crash_after = inserts
    with pytest.raises(ConnectionError):
        await mine.append("user-1", "second", {})
    collection.crash_after = None
    await mine.append("user-1", "third", {})
    for _ in range(2):
        await mine.append("user-1", "second", {})
    assert sorted(await _names(mine)) == ["first", "second", "third"]
    found = await mine.find("user-1", "second")
    assert found is not None


@pytest.mark.parametrize("size", [0, 1, 2, 63, 64, 65, 200, 4097])
async def test_the_length_is_found_in_a_handful_of_queries(size: int) -> None:
    collection = MemoryCollection()
    mine = lists(collection)
    for position in range(size):
        collection.documents[mine._id("user-1", position)] = {"_id": mine._id("user-1", position)}
    assert await mine.length("user-1") == size
    assert collection.queries <= 4


async def test_an_entry_is_found_in_the_list_of_its_owner_alone() -> None:
    mine = lists(MemoryCollection())
    await mine.append("user-1", "item", {"text": "a"})
    found_by = mine.name_id("user-1", "item")
    assert await mine.find_by_id("user-1", found_by) is not None
    assert await mine.find_by_id("user-2", found_by) is None
    assert await mine.find("user-2", "item") is None
    assert await mine.read_all("user-2") == []


async def test_kinds_and_keys_keep_lists_of_one_owner_apart() -> None:
    collection = MemoryCollection()
    await lists(collection, "inbox").append("user-1", "item", {})
    for other in (lists(collection, "claims"), lists(collection, "inbox", b"q" * 32)):
        assert await other.read_all("user-1") == []
        assert await other.find("user-1", "item") is None


async def test_what_is_kept_names_nobody_and_has_one_length() -> None:
    collection = MemoryCollection()
    mine = lists(collection)
    await mine.append("user-1", "item-1", {"text": "短"})
    await mine.append("user-1", "item-2", {"text": "长" * 100})
    kept = repr(collection.documents)
    for word in ("user-1", "item-1", "inbox", "text"):
        assert word not in kept
    assert len({len(document["sealed"]) for document in collection.documents.values()}) == 1
    assert {frozenset(document) for document in collection.documents.values()} == {frozenset({"_id", "sealed"})}


def _empty(collection: MemoryCollection, mine: PrivateLists, *names: str, positions: int = 0) -> None:
    """As the task of retention does it (shared/operations/pruning.py)."""
    ids = [mine._id("user-1", position) for position in range(positions)]
    for each in (*ids, *(mine.name_id("user-1", name) for name in names)):
        collection.documents[each] = {"_id": each, "gone": True}


@pytest.mark.parametrize("gone", [0, 1, 2, 63, 64, 65, 150, 200])
async def test_what_is_gone_is_passed_over_and_what_comes_later_is_found_and_appended_once(gone: int) -> None:
    collection = MemoryCollection()
    mine = lists(collection)
    names = [f"item-{number}" for number in range(200)]
    for name in names:
        await mine.append("user-1", name, {})
    _empty(collection, mine, *names[:gone], positions=gone)
    assert await _names(mine) == names[gone:]
    assert await mine.bounds("user-1") == (gone, 200)
    assert await mine.length("user-1") == 200
    at = await mine.at("user-1", [199, gone, gone - 1])
    assert [each.position for each in at] == ([199, gone] if gone < 199 else [])
    for name in (*names[gone:], "new", "new"):
        await mine.append("user-1", name, {})
    assert await _names(mine) == [*names[gone:], "new"]
    assert await mine.find("user-1", "new") is not None
    if gone:
        assert await mine.find("user-1", names[0]) is None


async def test_an_item_is_found_behind_others_that_went_before_it_was_looked_for() -> None:
    collection = MemoryCollection()
    mine = lists(collection)
    for number in range(80):
        await mine.append("user-1", f"item-{number}", {})
    wanted = collection.documents[mine.name_id("user-1", "item-0")]
    last = mine.name_id("user-1", "item-79")
    sealed = mine._seal("user-1", last, {"position": 0})  # where its appending began
    collection.documents[last] = {**wanted, "_id": last, "sealed": sealed}
    _empty(collection, mine, positions=70)
    found = await mine.find("user-1", "item-79")
    assert found is not None
    assert (await mine.append("user-1", "item-79", {})).position == 79


async def test_a_dated_document_says_the_end_of_its_month_and_no_more() -> None:
    collection = MemoryCollection()
    mine = PrivateLists(cast(Collection, collection), "inbox", KEY, lambda: datetime(2026, 12, 31, 23, 59, tzinfo=UTC))
    await mine.append("user-1", "item", {})
    assert {frozenset(document) for document in collection.documents.values()} == {
        frozenset({"_id", "sealed", "month"})
    }
    assert {document["month"] for document in collection.documents.values()} == {datetime(2027, 1, 1, tzinfo=UTC)}
