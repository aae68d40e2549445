"""A replica's index through its life: building, serving, a kill, a wiped broker, a rebuild."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from services.search.indexing import schema
from services.search.indexing.replica import ReplicaIndex
from services.search.querying.criteria import Criteria
from services.search.querying.finding import SearchRequest, find
from services.search.tests.building import challenge, record
from services.search.tests.log import Log, Pointers
from shared.aggregates.attempts import Attempt
from shared.values.problems import Refusal


@asynccontextmanager
async def running(log: Log, folder: Path, pointers: Pointers | None = None) -> AsyncIterator[ReplicaIndex]:
    stands_for: Any = log
    wanted: Any = pointers or Pointers()
    replica = ReplicaIndex(stands_for, stands_for, wanted, folder)
    await replica.start()
    task = asyncio.create_task(replica.run())
    try:
        yield replica
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await replica.stop()


def attempt(key: str) -> Attempt:
    return Attempt("operator", key, "digest")


async def titles(replica: ReplicaIndex) -> set[str]:
    found = await replica.ask(lambda searcher, as_of: find(searcher, SearchRequest(Criteria(), limit=100), as_of))
    return {each["title"] for each in found["items"]}


async def until(replica: ReplicaIndex, holds: Callable[[set[str]], bool]) -> set[str]:
    """Waits until what is found is as wished, and returns it."""
    while True:
        with suppress(Refusal):  # 503 while the first index is being built
            if holds(found := await titles(replica)):
                return found
        await asyncio.sleep(0.01)


async def test_what_was_published_before_and_after_the_start_is_found(tmp_path: Path) -> None:
    log = Log()
    log.publish(challenge("甲"), record("乙"))
    async with running(log, tmp_path) as replica:
        assert await until(replica, bool) == {"甲", "乙"}
        log.publish(challenge("丙"))
        await until(replica, {"甲", "乙", "丙"}.__eq__)


async def test_nothing_is_answered_before_the_first_index_is_complete(tmp_path: Path) -> None:
    replica = ReplicaIndex(Log(), Log(), Pointers(), tmp_path)  # type: ignore[arg-type]
    with pytest.raises(Refusal) as refused:
        await titles(replica)
    assert refused.value.problem.status == 503
    assert replica.check() == "building"


async def test_after_a_stop_it_serves_at_once_and_goes_on_where_it_was(tmp_path: Path) -> None:
    log = Log()
    log.publish(*(record(f"第{n}所", source_id=str(n)) for n in range(5)))
    async with running(log, tmp_path) as replica:
        await until(replica, lambda found: len(found) == 5)
    log.publish(record("新所", source_id="new"))
    async with running(log, tmp_path) as replica:
        assert len(await titles(replica)) >= 5
        await until(replica, lambda found: "新所" in found)


async def test_a_wiped_broker_is_read_from_its_beginning_although_it_has_grown_past_the_position(
    tmp_path: Path,
) -> None:
    log = Log()
    log.publish(record("旧所", source_id="old"))
    async with running(log, tmp_path) as replica:
        await until(replica, {"旧所"}.__eq__)
    log.wipe()
    log.publish(*(record(f"第{n}所", source_id=str(n)) for n in range(9)))
    async with running(log, tmp_path) as replica:
        assert "旧所" in await until(replica, lambda found: len(found) == 10)


async def test_a_broker_that_goes_away_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.search.indexing.feed._SAME_CLUSTER_SECONDS", 0.0)
    log = Log()
    log.publish(record("甲"))
    async with running(log, tmp_path) as replica:
        await until(replica, bool)
        log.away = True
        while not (await replica.consumers[0].status())["stalled"]:
            await asyncio.sleep(0.01)
        log.publish(record("乙", source_id="2"))
        assert await titles(replica) == {"甲"}
        log.away = False
        await until(replica, {"甲", "乙"}.__eq__)


async def test_a_partition_that_became_shorter_is_read_from_its_beginning(tmp_path: Path) -> None:
    log = Log()
    log.publish(*(record(f"旧{n}", source_id=str(n)) for n in range(6)))
    async with running(log, tmp_path) as replica:
        await until(replica, lambda found: len(found) == 6)
    log.wipe()
    log.cluster = "first"
    log.publish(record("新所", source_id="new"))
    async with running(log, tmp_path) as replica:
        await until(replica, lambda found: "新所" in found)


async def test_a_rebuild_comes_to_the_same_and_the_old_index_answers_meanwhile(tmp_path: Path) -> None:
    log, pointers = Log(), Pointers()
    log.publish(*(record(f"第{n}所", source_id=str(n)) for n in range(30)))
    log.publish(record("第0所", source_id="0", version=2, deleted=True))
    async with running(log, tmp_path, pointers) as replica:
        before = await until(replica, lambda found: len(found) == 29)
        shown, replayed = await replica.rebuild(attempt("1"))
        assert (shown.rebuilding, replayed) == (True, False)
        while (await replica.describe()).generation != 2:
            assert await titles(replica) == before
        assert await titles(replica) == before
        assert not (await replica.describe()).rebuilding
        await until(replica, lambda _: [each.name[0] for each in tmp_path.iterdir()] == ["2"])


async def test_a_rebuild_asked_for_again_under_its_key_is_not_another_one(tmp_path: Path) -> None:
    log = Log()
    log.publish(record("甲"))
    async with running(log, tmp_path) as replica:
        await until(replica, bool)
        await replica.rebuild(attempt("1"))
        while (await replica.describe()).generation != 2:
            await asyncio.sleep(0.01)
        shown, replayed = await replica.rebuild(attempt("1"))
        assert (shown.rebuilding, shown.generation, replayed) == (False, 2, True)
        await replica.rebuild(attempt("2"))
        while (await replica.describe()).generation != 3:
            await asyncio.sleep(0.01)


async def test_a_letter_that_is_replayed_is_read_again_also_where_somebody_else_moved_the_pointer_first(
    tmp_path: Path,
) -> None:
    log, pointers = Log(), Pointers()
    log.publish(record("甲"))
    async with running(log, tmp_path, pointers) as replica:
        await until(replica, bool)
        pointers.lost = 2
        await replica.read_again([])
        while (await replica.describe()).generation != 2:
            await asyncio.sleep(0.01)


async def test_what_cannot_be_indexed_is_parked_again_by_the_generation_that_reads_it_again(tmp_path: Path) -> None:
    log = Log()
    log.publish(challenge("超出范围", reward_fen=2**63 + 1), record("甲"))
    async with running(log, tmp_path) as replica:
        await until(replica, {"甲"}.__eq__)
        await replica.read_again([])
        while (await replica.describe()).generation != 2:
            await asyncio.sleep(0.01)
    assert len(log.parked) == 2
    assert len({offset for offset, _ in log.parked}) == 1


async def test_every_replica_follows_the_generation_that_is_wanted(tmp_path: Path) -> None:
    log, pointers = Log(), Pointers()
    log.publish(record("甲"))
    async with running(log, tmp_path / "1", pointers) as one, running(log, tmp_path / "2", pointers) as other:
        await until(one, bool)
        await until(other, bool)
        await one.rebuild(attempt("1"))
        while (await other.describe()).generation != 2:
            await asyncio.sleep(0.01)


async def test_an_index_of_another_tokenizer_is_not_served_but_built_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = Log()
    log.publish(record("甲"))
    async with running(log, tmp_path) as replica:
        await until(replica, bool)
    monkeypatch.setattr("services.search.indexing.replica.SCHEMA_VERSION", "another")
    async with running(log, tmp_path) as replica:
        await until(replica, {"甲"}.__eq__)
        await until(replica, lambda _: [each.name for each in tmp_path.iterdir()] == ["1-another"])


async def test_a_folder_that_cannot_be_read_is_built_anew(tmp_path: Path) -> None:
    log = Log()
    log.publish(record("甲"))
    folder = tmp_path / f"1-{schema.SCHEMA_VERSION}"
    folder.mkdir()
    (folder / "meta.json").write_text("{")
    async with running(log, tmp_path) as replica:
        await until(replica, {"甲"}.__eq__)


async def test_an_index_that_can_no_longer_be_written_is_replaced_while_it_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = Log()
    log.publish(record("甲"))
    async with running(log, tmp_path) as replica:
        await until(replica, {"甲"}.__eq__)

        def broken(*_: Any) -> int:
            raise ValueError("An index writer was killed")

        with monkeypatch.context() as patched:
            patched.setattr("services.search.indexing.item_index.ItemIndex.apply", broken)
            log.publish(record("乙", source_id="2"))
            while not (await replica.describe()).rebuilding:
                assert await titles(replica) == {"甲"}
                await asyncio.sleep(0.01)
        await until(replica, {"甲", "乙"}.__eq__)


async def test_what_is_no_event_is_passed_over_and_what_cannot_be_indexed_is_parked(tmp_path: Path) -> None:
    log = Log()
    log.append("huning.records", "x", [("ce_id", b"\xff")], b"{")
    log.publish(challenge("超出范围", reward_fen=2**63 + 1), record("甲"))
    async with running(log, tmp_path) as replica:
        await until(replica, {"甲"}.__eq__)
    assert [reason for _, reason in log.parked] == ["handler_failed"]
