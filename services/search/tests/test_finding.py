"""Searching one index as a visitor would."""

import random
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.search.indexing.item_index import ItemIndex
from services.search.querying.criteria import criteria_of
from services.search.querying.finding import SearchRequest, find
from services.search.tests.building import AT, TODAY, challenge, indexed, record
from shared.events.sync import Kind
from shared.values.jurisdictions import Jurisdiction
from shared.values.open_sets import chinese_names
from shared.values.problems import Refusal


def ask(
    index: ItemIndex, *, sort: str = "relevance", limit: int = 20, cursor: str | None = None, **criteria: Any
) -> Any:
    return find(index.searcher(), SearchRequest(criteria_of(criteria), sort, limit, cursor), AT, TODAY)  # type: ignore[arg-type]


def every_page(index: ItemIndex, limit: int, **asked: Any) -> list[dict[str, Any]]:
    found, cursor = [], None
    while True:
        answer = ask(index, limit=limit, cursor=cursor, **asked)
        found += answer["items"]
        cursor = answer["next_cursor"]
        if cursor is None:
            return found


@pytest.fixture(scope="module")
def similar(tmp_path_factory: pytest.TempPathFactory) -> ItemIndex:
    """200 challenges whose titles differ by a number."""
    events = [challenge(f"容错ab12cd第{n}号", updated_at=AT + timedelta(seconds=n // 3)) for n in range(200)]
    random.Random(1).shuffle(events)
    return indexed(tmp_path_factory.mktemp("similar"), events)


@pytest.mark.parametrize("number", [0, 1, 3, 13, 31, 130, 199])
def test_the_very_title_comes_first_among_two_hundred_like_it(similar: ItemIndex, number: int) -> None:
    title = f"容错ab12cd第{number}号"
    assert ask(similar, q=title)["items"][0]["title"] == title


def test_a_title_with_a_token_of_its_own_is_found_alone(tmp_path: Path) -> None:
    index = indexed(tmp_path, [challenge("可见性0a1b2c3d"), challenge("可见性4e5f6a7b"), record("可见性研究所")])
    assert [each["title"] for each in ask(index, q="可见性4e5f6a7b")["items"]] == ["可见性4e5f6a7b"]


def test_a_title_that_is_part_of_others_still_comes_first(tmp_path: Path) -> None:
    events = [challenge(f"固态电池{more}") for more in ("", "的固态电池材料", "与固态电池系统", "寿命")]
    assert ask(indexed(tmp_path, events), q="固态电池")["items"][0]["title"] == "固态电池"


@pytest.mark.parametrize("sort", ["relevance", "newest", "deadline"])
def test_pages_show_everything_once(similar: ItemIndex, sort: str) -> None:
    found = every_page(similar, 7, q="容错", sort=sort)
    assert len(found) == len({each["id"] for each in found}) == ask(similar, q="容错")["total"] == 200


@pytest.mark.parametrize("sort", ["relevance", "newest"])
def test_a_cursor_neither_skips_nor_repeats_while_data_changes(tmp_path: Path, sort: str) -> None:
    events = [challenge(f"涂层寿命第{n}号") for n in range(40)]
    index = indexed(tmp_path, events)
    first = ask(index, q="涂层寿命", sort=sort, limit=15)
    more = [challenge(f"涂层寿命新{n}号", updated_at=AT + timedelta(days=n)) for n in range(60)]
    index.apply([*more, *(record(f"无关{n}", source_id=str(n)) for n in range(100))])
    index.commit(index.position)
    second = ask(index, q="涂层寿命", sort=sort, limit=100, cursor=first["next_cursor"])
    seen = {each["id"] for each in first["items"]}
    rest = {each["id"] for each in second["items"]}
    assert not seen & rest
    assert {event.subject for event in events} <= seen | rest


@pytest.mark.parametrize("asked", [{"q": "号"}, {"q": "容错", "sort": "newest"}, {"q": "容错", "status": "closed"}])
def test_a_cursor_of_another_search_is_refused(similar: ItemIndex, asked: dict[str, Any]) -> None:
    cursor = ask(similar, q="容错", limit=5)["next_cursor"]
    with pytest.raises(Refusal):
        ask(similar, cursor=cursor, **asked)


@pytest.mark.parametrize("cursor", ["", "!", "bnVsbA", "W10", "WzEsMiwzXQ"])
def test_a_cursor_that_is_none_is_refused(similar: ItemIndex, cursor: str) -> None:
    with pytest.raises(Refusal):
        ask(similar, cursor=cursor)


def test_two_indexes_with_other_histories_answer_alike(tmp_path: Path) -> None:
    events = [
        record(f"{a}{b}研究所", version=2, source_id=f"{a}{b}") for a in "氢能涂层电池材料" for b in "甲乙丙丁戊己庚辛"
    ]
    one, other = indexed(tmp_path / "one", events), ItemIndex(tmp_path / "other")
    random.Random(2).shuffle(events)
    for start in range(0, len(events), 3):
        chunk = events[start : start + 3]
        other.apply([record("旧" + each.data.title, version=1, source_id=each.data.source_id) for each in chunk])  # type: ignore[attr-defined]
        other.commit(one.position)
        other.apply(chunk)
        other.commit(one.position)
    assert one.searcher().num_segments != other.searcher().num_segments
    for query in ("涂层研究所", "氢能研究", "庚", "", "氢气能源研究院"):
        assert ask(one, q=query) == ask(other, q=query)


def test_words_may_stand_anywhere_and_all_must_be_there(tmp_path: Path) -> None:
    index = indexed(tmp_path, [challenge("双极板的涂层"), record("双极板厂"), record("涂层厂", source_id="2")])
    assert [each["title"] for each in ask(index, q="涂层 双极板")["items"]] == ["双极板的涂层"]


def test_a_city_is_found_by_its_name(tmp_path: Path) -> None:
    index = indexed(tmp_path, [challenge("涂层"), record("涂层厂")])
    assert [each["title"] for each in ask(index, q="涂层 苏州")["items"]] == ["涂层"]


def test_a_homophone_or_a_slip_finds_what_was_meant(tmp_path: Path) -> None:
    index = indexed(tmp_path, [challenge("双极板涂层寿命"), record("南京农业大学")])
    assert [each["title"] for each in ask(index, q="双机板涂曾")["items"]] == ["双极板涂层寿命"]


def test_a_code_is_no_slip_so_nothing_else_is_offered_for_it(tmp_path: Path) -> None:
    index = indexed(tmp_path, [challenge("可见性0a1b2c3d"), challenge("双极板 GB20042")])
    assert ask(index, q="可见性ffff0000")["total"] == 0
    assert ask(index, q="双机板GB20042")["total"] == 1


def test_facets_and_total_count_everything_that_fits(similar: ItemIndex) -> None:
    answer = ask(similar, q="容错", limit=1)
    assert answer["total"] == 200
    assert answer["facets"]["status"] == [{"value": "published", "count": 200}]
    assert answer["facets"]["industry"] == [{"value": "氢能", "count": 200}]


def test_a_facet_counts_what_the_other_criteria_leave_so_that_several_values_can_be_chosen(tmp_path: Path) -> None:
    index = indexed(
        tmp_path,
        [
            record("苏州研究院", jurisdiction="suzhou", kind="institution"),
            record("无锡研究院", jurisdiction="wuxi", kind="institution"),
            record("无锡园区", jurisdiction="wuxi", kind="carrier", source_id="2"),
        ],
    )
    facets = ask(index, jurisdiction="wuxi", kind="institution")["facets"]
    assert facets["jurisdiction"] == [{"value": "suzhou", "count": 1}, {"value": "wuxi", "count": 1}]
    assert facets["kind"] == [{"value": "carrier", "count": 1}, {"value": "institution", "count": 1}]
    assert ask(index, jurisdiction="wuxi", kind="institution")["total"] == 1


@pytest.mark.parametrize(
    ("criteria", "found"),
    [
        ({"type": "record"}, {"园区", "基金"}),
        ({"type": "challenge,record"}, {"涂层", "园区", "基金"}),
        ({"jurisdiction": "suzhou,wuxi"}, {"涂层", "基金"}),
        ({"kind": "carrier"}, {"园区"}),
        ({"board": "finance"}, {"基金"}),
        ({"board": "resource,finance", "list": "resources", "kind": "finance"}, {"基金"}),
        ({"board": "policy", "kind": "finance"}, set()),
        ({"list": "demands"}, set()),
        ({"industry": "氢能"}, {"涂层"}),
        ({"status": "published"}, {"涂层"}),
        ({"tense": "future"}, {"基金"}),
        ({"bbox": "118,31,119,33"}, {"园区"}),
        ({"near": "118.8,32.0", "radius": "1000"}, {"园区"}),
        ({"near": "118.8,32.02", "radius": "1000"}, set()),
    ],
)
def test_filters_leave_what_fits_all_of_them(tmp_path: Path, criteria: dict[str, Any], found: set[str]) -> None:
    events = [
        challenge("涂层"),
        record("园区", kind="carrier", longitude=118.8, latitude=32.0),
        record("基金", kind="finance", jurisdiction="wuxi", tense="future"),
    ]
    answer = ask(indexed(tmp_path, events), **criteria)
    assert {each["title"] for each in answer["items"]} == found
    assert answer["total"] == len(found)


def test_a_circle_is_rounder_than_its_box(tmp_path: Path) -> None:
    corner = record("角上", longitude=118.8 + 0.0095, latitude=32.0 + 0.0085, source_id="1")
    side = record("边上", longitude=118.8 + 0.0095, latitude=32.0, source_id="2")
    index = indexed(tmp_path, [corner, side])
    answer = ask(index, near="118.8,32", radius="1000")
    assert [(each["title"], each["distance_m"]) for each in answer["items"]] == [("边上", 896)]
    assert answer["total"] == 1


def test_by_distance_the_nearest_come_first_and_pages_show_everything_once(tmp_path: Path) -> None:
    places = [(118.8 + n * 0.01 * (-1) ** n, 32.0 + n * 0.005) for n in range(60)]
    events = [record(f"第{n}处", source_id=str(n), longitude=x, latitude=y) for n, (x, y) in enumerate(places)]
    index = indexed(tmp_path, [*events, record("无坐标", source_id="x")])
    found = every_page(index, 7, near="118.8,32", sort="distance")
    away = [each["distance_m"] for each in found]
    assert len(found) == ask(index, near="118.8,32", sort="distance")["total"] == 60
    assert away == sorted(away)


def test_by_deadline_what_can_still_be_claimed_comes_first_the_soonest_first(tmp_path: Path) -> None:
    events = [
        challenge("后", deadline=AT + timedelta(days=9)),
        challenge("先", deadline=AT + timedelta(days=2)),
        challenge("已截止", deadline=AT - timedelta(days=1), state="closed"),
        record("无期限"),
    ]
    answer = ask(indexed(tmp_path, events), sort="deadline")
    assert [each["title"] for each in answer["items"]] == ["先", "后", "已截止", "无期限"]


@pytest.mark.parametrize(
    ("criteria", "field", "code"),
    [
        ({"type": "claim"}, "type[0]", "not_allowed"),
        ({"status": "unheard of"}, "status[0]", "not_allowed"),
        ({"jurisdiction": "beijing"}, "jurisdiction[0]", "not_allowed"),
        ({"bbox": "1,2,3"}, "bbox[3]", "missing"),
        ({"bbox": "a,b,c,d"}, "bbox", "bad_numbers"),
        ({"bbox": "119,31,118,32"}, "bbox", "box_reversed"),
        ({"bbox": "0,0,nan,1"}, "bbox", "off_the_map"),
        ({"near": "200,1"}, "near", "off_the_map"),
        ({"near": "1,1", "radius": "0"}, "radius", "too_small"),
        ({"near": "1,1", "radius": "1e9"}, "radius", "too_large"),
        ({"radius": "5"}, "near", "missing"),
        ({"q": "x" * 301}, "q", "too_long"),
        ({"q": {"$ne": None}}, "q", "wrong_type"),
        ({"surprise": "1"}, "surprise", "unknown_field"),
    ],
)
def test_wrong_criteria_are_refused_by_field(criteria: dict[str, Any], field: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        criteria_of(criteria)
    assert (field, code) in {(each.field, each.code) for each in refused.value.errors}


@pytest.mark.parametrize(
    ("criteria", "message"),
    [
        ({"kind": "xx"}, "取值不在允许范围内，应为：" + "、".join(each.chinese for each in Kind)),
        ({"jurisdiction": "苏州"}, "取值不在允许范围内，应为：" + "、".join(each.chinese for each in Jurisdiction)),
        ({"type": "draft"}, "取值不在允许范围内，应为：" + "、".join(chinese_names(("challenge", "record")) or [])),
        ({"bbox": "a,b,c,d"}, "应为用英文逗号分隔的数字"),
        ({"bbox": "119,31,118,32"}, "应依次为西、南、东、北四个边界的经纬度，以逗号分隔"),
        ({"near": "200,1"}, "经度应在 ±180 之间，纬度应在 ±90 之间"),
        ({"near": "1,1", "radius": "0"}, "数值过小（应大于 0）"),
        ({"near": "1,1", "radius": "nan"}, "应为有限的数字"),
    ],
)
def test_the_sentence_says_what_would_be_right(criteria: dict[str, Any], message: str) -> None:
    with pytest.raises(Refusal) as refused:
        criteria_of(criteria)
    assert [each.message for each in refused.value.errors] == [message]
