import asyncio
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
