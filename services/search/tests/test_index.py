"""The index as a fold of the log."""

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.search.indexing.item_index import ItemIndex, Position
from services.search.querying.criteria import Criteria
from services.search.querying.finding import SearchRequest, find
from services.search.tests.building import AT, TODAY, challenge, indexed, record
from shared.events.envelope import Event


def titles(index: ItemIndex, query: str = "") -> set[str]:
    found = find(index.searcher(), SearchRequest(Criteria(q=query), limit=100), AT, TODAY)
    assert found["total"] == len(found["items"])
    return {each["title"] for each in found["items"]}


@pytest.mark.parametrize("state", ["draft", "approved", "a state of tomorrow"])
def test_a_challenge_that_is_not_public_is_never_visible(tmp_path: Path, state: str) -> None:
    index = indexed(tmp_path, [challenge("不可见的涂层", state=state, public=False)])
    assert titles(index) == titles(index, "涂层") == set()


def test_a_challenge_that_is_public_no_longer_is_gone(tmp_path: Path) -> None:
    index = indexed(tmp_path, [challenge("涂层", id="1", version=4)])
    index.apply([challenge("涂层", id="1", version=5, public=False)])
    index.commit(index.position)
    assert titles(index) == set()


def test_a_closed_challenge_stays_visible(tmp_path: Path) -> None:
    assert titles(indexed(tmp_path, [challenge("涂层", state="closed")])) == {"涂层"}


def test_an_older_event_does_not_bring_back_what_a_newer_one_replaced(tmp_path: Path) -> None:
    index = indexed(tmp_path, [record("新名", version=2)])
    index.apply([record("旧名", version=1)])
    index.commit(index.position)
    assert titles(index) == {"新名"}


def test_a_deleted_record_is_gone_and_an_older_event_does_not_bring_it_back(tmp_path: Path) -> None:
    index = indexed(tmp_path, [record("涂层研究所", version=1)])
    index.apply([record("涂层研究所", version=2, deleted=True)])
    index.commit(index.position)
    index.apply([record("涂层研究所", version=1)])
    index.commit(index.position)
    assert titles(index) == titles(index, "涂层") == set()


def test_the_position_survives_with_the_commit_that_wrote_it(tmp_path: Path) -> None:
    index = indexed(tmp_path, [record()])
    index.commit(Position("another", {"huning.records/3": 17}, complete=True))
    index.close()
    assert ItemIndex(tmp_path).position == Position("another", {"huning.records/3": 17}, AT, complete=True)


def test_what_was_not_committed_is_lost_together_with_its_position(tmp_path: Path) -> None:
    index = indexed(tmp_path, [record("甲", source_id="1")])
    index.apply([record("乙", source_id="2")])
    index.close()
    again = ItemIndex(tmp_path)
    assert titles(again) == {"甲"}
    assert again.position.offsets == {"huning.records/0": 1}


@settings(max_examples=15, deadline=None)
@given(st.randoms(use_true_random=False), st.data())
def test_shuffled_and_repeated_events_come_to_the_same_index(
    tmp_path_factory: pytest.TempPathFactory, rnd: random.Random, data: st.DataObject
) -> None:
    history = [
        record(f"第{version}版", version=version, source_id=str(each), deleted=version == data.draw(st.integers(1, 6)))
        for each in range(4)
        for version in range(1, 5)
    ]
    in_order = indexed(tmp_path_factory.mktemp("in-order"), history)
    shuffled: list[Event] = history * 2
    rnd.shuffle(shuffled)
    index = ItemIndex(tmp_path_factory.mktemp("shuffled"))
    for start in range(0, len(shuffled), 5):
        index.apply(shuffled[start : start + 5])
        index.commit(Position("cluster", {}, complete=True))
    assert find(index.searcher(), SearchRequest(Criteria()), AT, TODAY) == find(
        in_order.searcher(), SearchRequest(Criteria()), AT, TODAY
    )


def test_a_commit_that_was_cut_off_before_its_end_can_be_done_again(tmp_path: Path) -> None:
    index = indexed(tmp_path, [record(f"第{n}所", source_id=str(n)) for n in range(4)])
    index.close()
    before = (tmp_path / "meta.json").read_bytes()
    again = [record("新名", source_id="1", version=2), record("第2所", source_id="2", version=2, deleted=True)]
    cut_off = ItemIndex(tmp_path)
    cut_off.apply(again)
    cut_off.commit(cut_off.position)
    cut_off.close()
    (tmp_path / "meta.json").write_bytes(before)  # the last thing that a commit writes

    reopened = ItemIndex(tmp_path)
    assert titles(reopened) == {"第0所", "第1所", "第2所", "第3所"}
    reopened.apply(again)
    reopened.commit(reopened.position)
    assert titles(reopened) == {"第0所", "新名", "第3所"}
