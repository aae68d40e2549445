"""What is valid until a day is found up to the end of that day in Shanghai, and comes back when its city extends it."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.search.boards.home import home
from services.search.indexing.item_index import ItemIndex
from services.search.querying.criteria import SavedQuery, criteria_of
from services.search.querying.finding import SearchRequest, find, item
from services.search.querying.overview import on_the_map
from services.search.querying.suggesting import suggest
from services.search.saved_searches.consumers import hits_of
from services.search.saved_searches.percolator import Percolator
from services.search.saved_searches.rules import SavedSearch
from services.search.tests.building import AT, TODAY, challenge, indexed, record

DAY = timedelta(days=1)
ENDING = "nanjing/institution/1"


@pytest.fixture
def index(tmp_path: Path) -> ItemIndex:
    """One record that ends today, one that never does, and a challenge."""
    ending = record("限期开放的中试平台", valid_until=TODAY.isoformat(), longitude=118.8, latitude=32.0)
    staying = record("长期开放的中试平台", source_id="2", longitude=118.8, latitude=32.0)
    return indexed(tmp_path, [ending, staying, challenge("中试平台")])


def total(index: ItemIndex, day: Any, **criteria: Any) -> int:
    found = find(index.searcher(), SearchRequest(criteria_of(criteria)), AT, day)
    assert found["total"] == len(found["items"])
    assert sum(each["count"] for each in found["facets"]["jurisdiction"]) == found["total"]
    return int(found["total"])


@pytest.mark.parametrize("criteria", [{}, {"q": "中试平台"}, {"near": "118.8,32.0", "radius": 100, "q": "平台"}])
def test_a_record_is_found_on_its_last_day_and_no_longer(index: ItemIndex, criteria: dict[str, Any]) -> None:
    assert total(index, TODAY, **criteria) - total(index, TODAY + DAY, **criteria) == 1


def test_near_hits_leave_it_out_as_well(index: ItemIndex) -> None:
    assert total(index, TODAY, q="限期开房的中式平台") > total(index, TODAY + DAY, q="限期开房的中式平台")


def test_it_leaves_the_map_the_home_page_the_suggestions_and_its_own_page(index: ItemIndex) -> None:
    def shown(day: Any) -> list[int | bool]:
        searcher = index.searcher()
        there, start = on_the_map(searcher, criteria_of({}), day), home(searcher, AT, day)
        boards = {each["board"]: each for each in start["boards"]}["resource"]
        return [
            len(there["items"]),
            sum(each["count"] for each in there["by_jurisdiction"]),
            boards["count"],
            len(boards["latest"]),
            len(suggest(searcher, "zhongshi", day)),
            len(suggest(searcher, "xianqikaifang", day)),
            item(searcher, ENDING, day) is not None,
        ]

    assert shown(TODAY) == [2, 3, 2, 2, 3, 1, True]
    assert shown(TODAY + DAY) == [1, 2, 1, 1, 2, 0, False]


def test_it_comes_back_when_its_city_extends_it(index: ItemIndex) -> None:
    index.apply([record("限期开放的中试平台", version=2, valid_until=(TODAY + 30 * DAY).isoformat())])
    index.commit(index.position)
    assert total(index, TODAY + DAY) == 3
    index.apply([record("限期开放的中试平台", version=3)])
    index.commit(index.position)
    assert total(index, TODAY + 400 * DAY) == 3


def test_what_an_older_record_says_that_is_no_day_ends_nothing(tmp_path: Path) -> None:
    assert total(indexed(tmp_path, [record(valid_until="长期")]), TODAY + 400 * DAY) == 1


def test_saved_searches_do_not_tell_of_what_had_ended_when_it_came() -> None:
    wanted = SavedSearch(
        id="1", user_id="u", name="订阅", query=SavedQuery(), notify="at_once", created_at=AT - timedelta(hours=1)
    )
    percolator = Percolator([wanted])
    assert len(hits_of(percolator, record(valid_until=TODAY.isoformat()))) == 1
    assert hits_of(percolator, record(valid_until=(TODAY - DAY).isoformat())) == []
