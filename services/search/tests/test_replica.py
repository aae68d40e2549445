"""A replica's index through its life: building, serving, a kill, a wiped broker, a rebuild."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest
import tantivy

from services.search.indexing import schema
from services.search.indexing.folder import Folder, FolderState
from services.search.indexing.indexer import Indexer
from services.search.indexing.item_index import ItemIndex, Position
from services.search.indexing.replica import ReplicaIndex
from services.search.querying.criteria import Criteria
from services.search.querying.finding import SearchRequest, find
from services.search.tests.building import TODAY, challenge, record
from services.search.tests.log import Log, Pointers
from shared.aggregates.attempts import Attempt
from shared.events.envelope import Event
from shared.projections.read_models import Reading
from shared.values.problems import Refusal


@dataclass
class Machine:
    """The two processes of search on one machine: the one that writes the index and the one that answers."""

    indexer: Indexer
    replica: ReplicaIndex

    @property
    def feed(self) -> Reading:
        return self.indexer.consumers[0]


def answering(log: Log, folder: Path, pointers: Pointers | None = None) -> ReplicaIndex:
    return ReplicaIndex(cast(Any, log), cast(Any, pointers or Pointers()), Folder(folder))


@asynccontextmanager
async def machine(log: Log, folder: Path, pointers: Pointers | None = None) -> AsyncIterator[Machine]:
    pointers = pointers or Pointers()
    made = Machine(
        Indexer(cast(Any, log), cast(Any, log), cast(Any, pointers), Folder(folder), log.is_whole),
        answering(log, folder, pointers),
    )
    await made.replica.start()
    tasks = [asyncio.create_task(each.run()) for each in (made.indexer, made.replica)]
    try:
        yield made
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await made.replica.stop()


@asynccontextmanager
async def running(log: Log, folder: Path, pointers: Pointers | None = None) -> AsyncIterator[ReplicaIndex]:
    async with machine(log, folder, pointers) as made:
        yield made.replica


def generations(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir() if each.is_dir())


def attempt(key: str) -> Attempt:
    return Attempt("operator", key, "digest")


async def titles(replica: ReplicaIndex) -> set[str]:
    found = await replica.ask(
        lambda searcher, as_of: find(searcher, SearchRequest(Criteria(), limit=100), as_of, TODAY)
    )
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
    replica = answering(Log(), tmp_path)
    with pytest.raises(Refusal) as refused:
        await titles(replica)
    assert refused.value.problem.status == 503
    assert replica.check() == "waiting for search-worker"


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
    monkeypatch.setattr("services.search.indexing.feed._SAME_LOG_SECONDS", 0.0)
    log = Log()
    log.publish(record("甲"))
    async with machine(log, tmp_path) as made:
        replica = made.replica
        await until(replica, bool)
        log.away = True
        while not (await made.feed.status()).stalled:
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
        await until(replica, lambda _: [each[0] for each in generations(tmp_path)] == ["2"])


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


async def until_it_waits(replica: ReplicaIndex, reason: str) -> None:
    while (await replica.describe()).waits != reason:
        await asyncio.sleep(0.01)


async def test_a_far_smaller_index_waits_for_a_persons_word_even_after_a_start(tmp_path: Path) -> None:
    log, pointers = Log(), Pointers()
    log.publish(*(record(f"第{n}所", source_id=str(n)) for n in range(20)))
    async with running(log, tmp_path, pointers) as replica:
        await until(replica, lambda found: len(found) == 20)
        log.wipe()
        log.publish(record("第0所", source_id="0"))
        await replica.rebuild(attempt("1"))
        await until_it_waits(replica, "far_smaller")
    served = Folder(tmp_path).state().serving
    async with machine(log, tmp_path, pointers) as made:
        while made.indexer.check() != "ok":
            await asyncio.sleep(0.01)
        await until_it_waits(made.replica, "far_smaller")
        assert Folder(tmp_path).state().serving == served
        assert len(await titles(made.replica)) == 20
        await made.replica.rebuild(attempt("the word"), force=True)
        await until(made.replica, {"第0所"}.__eq__)
        assert (await made.replica.describe()).waits is None


async def test_an_index_from_a_log_that_is_not_whole_answers_nobody_until_it_is(tmp_path: Path) -> None:
    """As on a new machine, after the broker was wiped."""
    log = Log(whole=False)
    log.publish(record("甲"))
    async with machine(log, tmp_path) as made:
        await until_it_waits(made.replica, "log_not_whole")
        with pytest.raises(Refusal):
            await titles(made.replica)
        assert made.replica.check() == made.indexer.check() == "waiting, log_not_whole"
        log.publish(record("乙", source_id="2"))
        log.whole = True
        assert await until(made.replica, bool) == {"甲", "乙"}
        assert made.indexer.check() == "ok"


async def test_every_replica_follows_the_generation_that_is_wanted(tmp_path: Path) -> None:
    log, pointers = Log(), Pointers()
    log.publish(record("甲"))
    async with running(log, tmp_path / "1", pointers) as one, running(log, tmp_path / "2", pointers) as other:
        await until(one, bool)
        await until(other, bool)
        await one.rebuild(attempt("1"))
        while (await other.describe()).generation != 2:
            await asyncio.sleep(0.01)


async def test_an_index_of_another_tokenizer_serves_and_is_fed_until_the_new_one_is_complete(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = Log()
    log.publish(record("甲"))
    async with running(log, tmp_path) as replica:
        await until(replica, bool)
    monkeypatch.setattr("services.search.indexing.folder.SCHEMA_VERSION", "another")
    follow = Indexer._follow

    async def not_yet(_: Indexer) -> None: ...

    monkeypatch.setattr(Indexer, "_follow", not_yet)
    async with running(log, tmp_path) as replica:
        assert await titles(replica) == {"甲"}
        log.publish(record("乙", source_id="2"))
        await until(replica, {"甲", "乙"}.__eq__)
        assert (await replica.describe()).rebuilding
        monkeypatch.setattr(Indexer, "_follow", follow)
        while generations(tmp_path) != ["1-another"]:
            assert await titles(replica) == {"甲", "乙"}
            await asyncio.sleep(0.01)
        assert await titles(replica) == {"甲", "乙"}


async def test_an_index_of_other_fields_is_left_to_the_code_that_can_read_it(tmp_path: Path) -> None:
    log = Log()
    log.publish(record("甲"))
    async with running(log, tmp_path) as replica:
        await until(replica, bool)
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("of tomorrow", stored=True)
        tomorrow = tmp_path / "2-tomorrow"
        tomorrow.mkdir()
        tantivy.Index(builder.build(), path=str(tomorrow))
        replica.folder.say(FolderState("2-tomorrow"))
        await replica._look()
        assert await titles(replica) == {"甲"}


async def test_what_is_not_complete_yet_answers_nobody_even_where_a_complete_index_was(tmp_path: Path) -> None:
    log = Log()
    log.publish(*(record(f"第{n}所", source_id=str(n)) for n in range(3)))
    async with running(log, tmp_path) as replica:
        whole = await until(replica, lambda found: len(found) == 3)
        place = replica.folder.generation(1)
        shutil.rmtree(place)
        partial = ItemIndex(place)
        partial.apply([record("第0所", source_id="0")])
        partial.commit(Position("first", {}))
        await replica._look()
        assert await titles(replica) == whole


async def test_a_second_indexing_process_waits_for_the_folder(tmp_path: Path) -> None:
    log = Log()
    async with machine(log, tmp_path) as first:
        await until(first.replica, lambda _: True)
        async with machine(log, tmp_path) as second:
            log.publish(record("甲"))
            await until(second.replica, bool)
            assert second.indexer.check() == "waiting for the folder"
        assert first.indexer.check() == "ok"


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


async def test_what_is_no_event_and_what_cannot_be_indexed_is_parked(tmp_path: Path) -> None:
    log = Log()
    log.append("huning.records", "x", [("ce_id", b"\xff")], b"{")
    log.publish(challenge("超出范围", reward_fen=2**63 + 1), record("甲"))
    async with running(log, tmp_path) as replica:
        await until(replica, {"甲"}.__eq__)
    assert sorted(reason for _, reason in log.parked) == ["handler_failed", "no_id"]


class Order:
    """The types of the events that were applied, in the order of applying."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.types: list[str] = []
        apply = ItemIndex.apply

        def noted(index: ItemIndex, events: list[Event]) -> int:
            self.types += [each.type.short for each in events]
            return apply(index, events)

        monkeypatch.setattr(ItemIndex, "apply", noted)


async def test_records_wait_while_challenges_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log, order = Log(), Order(monkeypatch)
    monkeypatch.setattr("services.search.indexing.feed._SLICE", 10)
    async with machine(log, tmp_path) as made:
        await until(made.replica, lambda _: True)
        log.publish(
            *(record(f"第{n}所", source_id=str(n)) for n in range(200)), *(challenge(f"第{n}榜") for n in range(100))
        )
        await until(made.replica, lambda found: len(found) == 100)
        while sum((await made.feed.lag()).values()):
            await asyncio.sleep(0.01)
    first, last = order.types.index("challenge.published"), 299 - order.types[::-1].index("challenge.published")
    assert last - first + 1 - 100 <= 10


async def test_an_empty_log_whose_beginning_was_removed_is_complete(tmp_path: Path) -> None:
    log = Log()
    log.publish(*(record(f"第{n}所", source_id=str(n)) for n in range(8)))
    for partition in log.partitions():
        log.begin = max(log.begin, len(log.records(partition)))
    async with running(log, tmp_path) as replica:
        await until(replica, lambda found: not found)
        assert set((await replica.lag()).values()) == {0}
