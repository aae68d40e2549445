"""Cursors come back from clients, who may have made them up."""

import pytest

from shared.http import paging
from shared.values.ids import new_id
from shared.values.problems import Refusal


def test_a_cursor_comes_back_as_the_position_that_it_was_made_of() -> None:
    for position in ("2026-01-01T00:00:00.000Z/x", ["a", 1], 7):
        assert paging.decode(paging.encode(position)) == position
    assert paging.decode(None) is None


@pytest.mark.parametrize("made_up", ["!!!", "a", "", "氢", "eyJ"])
def test_a_cursor_that_is_none_is_refused(made_up: str) -> None:
    with pytest.raises(Refusal, match="invalid"):
        paging.decode(made_up)


@pytest.mark.parametrize("position", ["", "a", "0198C0DE-0000-7000-8000-000000000000", 1, {"$gt": ""}])
def test_a_position_that_is_no_id_is_refused_where_an_id_is_expected(position: object) -> None:
    with pytest.raises(Refusal, match="invalid"):
        paging.decode_id(paging.encode(position))
    last = new_id()
    assert paging.decode_id(paging.encode(last)) == last
    assert paging.decode_id(None) is None


@pytest.mark.parametrize("position", [{"$gt": ""}, ["a"], 1, True])
def test_a_position_of_another_shape_is_refused_where_a_text_is_expected(position: object) -> None:
    with pytest.raises(Refusal, match="invalid"):
        paging.decode_text(paging.encode(position))
    assert paging.decode_text(paging.encode("a")) == "a"


def test_a_whole_list_is_paged_without_a_gap_or_a_repeat() -> None:
    items = list(range(45))
    pages = [paging.page_of(items, 20, None)]
    while pages[-1].next_cursor:
        pages.append(paging.page_of(items, 20, pages[-1].next_cursor))
    assert [len(each.items) for each in pages] == [20, 20, 5]
    assert [item for each in pages for item in each.items] == items


@pytest.mark.parametrize(("length", "pages"), [(0, 1), (1, 1), (20, 1), (21, 2), (40, 2)])
def test_the_last_page_of_a_whole_list_has_no_cursor_and_none_is_empty_but_an_empty_lists(
    length: int, pages: int
) -> None:
    found = [paging.page_of(range(length), 20, None)]
    while found[-1].next_cursor:
        found.append(paging.page_of(range(length), 20, found[-1].next_cursor))
    assert len(found) == pages
    assert bool(found[-1].items) is bool(length)


def test_a_cursor_behind_the_end_of_a_list_that_became_shorter_is_an_empty_last_page() -> None:
    cursor = paging.page_of(range(21), 20, None).next_cursor
    assert paging.page_of(range(3), 20, cursor) == paging.Page(items=[], next_cursor=None)


@pytest.mark.parametrize("position", [20, -1, "-1", "", "2.5", "٣", "a", "1 ", ["1"], {"$gt": ""}, True, None])
def test_a_position_that_no_page_of_a_whole_list_gave_is_refused(position: object) -> None:
    with pytest.raises(Refusal, match="invalid"):
        paging.page_of(range(50), 20, paging.encode(position))
