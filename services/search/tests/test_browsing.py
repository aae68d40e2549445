"""Suggestions, map and home."""

from datetime import timedelta
from pathlib import Path

import pytest

from services.search.boards.home import home
from services.search.domain.boards import BOARDS, LISTS
from services.search.indexing.item_index import ItemIndex
from services.search.querying.criteria import criteria_of
from services.search.querying.overview import on_the_map
from services.search.querying.suggesting import suggest
from services.search.tests.building import AT, TODAY, challenge, indexed, record
from shared.events.sync import Kind


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> ItemIndex:
    events = [
        challenge("氢燃料电池双极板涂层寿命提升", reward_fen=3),
        challenge("PEM电解槽", reward_fen=4, state="closed"),
        challenge("草稿中的双极板", state="draft"),
        *(
            record(
                f"南京大学{n}院", source_id=str(n), longitude=118.8, latitude=32.0, updated_at=AT + timedelta(hours=n)
            )
            for n in range(7)
        ),
        record("惠企政策", kind="policy", jurisdiction="wuxi"),
    ]
    return indexed(tmp_path_factory.mktemp("browsing"), events)


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("shuangji", "氢燃料电池双极板涂层寿命提升"),
        ("qrl", "氢燃料电池双极板涂层寿命提升"),
        ("双极", "氢燃料电池双极板涂层寿命提升"),
        ("双机板", "氢燃料电池双极板涂层寿命提升"),
        ("燃料电磁双极板", "氢燃料电池双极板涂层寿命提升"),
        ("ｐｅｍ", "PEM电解槽"),
        ("huiqi", "惠企政策"),
    ],
)
def test_a_beginning_in_characters_pinyin_or_initials_suggests_the_title(
    index: ItemIndex, typed: str, title: str
) -> None:
    assert suggest(index.searcher(), typed, TODAY)[0]["text"] == title


@pytest.mark.parametrize("typed", ["", "   ", ".*", "草稿"])
def test_nothing_is_suggested_for_signs_or_for_what_is_not_public(index: ItemIndex, typed: str) -> None:
    assert suggest(index.searcher(), typed, TODAY) == []


def test_what_begins_so_is_suggested_before_what_has_a_word_that_does(tmp_path: Path) -> None:
    found = suggest(indexed(tmp_path, [challenge("新型涂层"), challenge("涂层寿命")]).searcher(), "涂层", TODAY)
    assert [each["text"] for each in found] == ["涂层寿命", "新型涂层"]


def test_home_counts_boards_open_challenges_and_jurisdictions(index: ItemIndex) -> None:
    page = home(index.searcher(), AT, TODAY)
    boards = {each["board"]: each for each in page["boards"]}
    assert list(boards) == ["policy", "resource", "matching", "finance", "talent", "achievement"]
    assert boards["resource"]["count"] == 7
    assert [each["title"] for each in boards["resource"]["latest"]] == [f"南京大学{n}院" for n in (6, 5, 4, 3, 2)]
    assert (page["challenges"]["open"], page["challenges"]["reward_fen"]) == (1, 3)
    counts = {each["jurisdiction"]: each["count"] for each in page["jurisdictions"]}
    assert counts == {**dict.fromkeys(counts, 0), "nanjing": 7, "suzhou": 2, "wuxi": 1}
    assert len(counts) == 8


def test_the_map_counts_what_lies_in_the_box(index: ItemIndex) -> None:
    there = on_the_map(index.searcher(), criteria_of({"bbox": "118,31,119,33"}), TODAY)
    assert {each["jurisdiction"]: each["count"] for each in there["by_jurisdiction"] if each["count"]} == {"nanjing": 7}
    assert len(there["items"]) == 7
    assert not on_the_map(index.searcher(), criteria_of({"bbox": "0,0,1,1"}), TODAY)["items"]


def test_every_kind_stands_on_one_board_and_in_one_list() -> None:
    for table in ([kinds for _, kinds in BOARDS.values()], [kinds for _, kinds in LISTS.values()]):
        assert sorted(kind for kinds in table for kind in kinds) == sorted(Kind)
