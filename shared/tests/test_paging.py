"""Cursors come back from clients, who may have made them up."""

import pytest

from shared import paging
from shared.problems import Refusal


def test_a_cursor_comes_back_as_the_position_that_it_was_made_of() -> None:
    for position in ("2026-01-01T00:00:00.000Z/x", ["a", 1], 7):
        assert paging.decode(paging.encode(position)) == position
    assert paging.decode(None) is None


@pytest.mark.parametrize("made_up", ["!!!", "a", "", "氢", "eyJ"])
def test_a_cursor_that_is_none_is_refused(made_up: str) -> None:
    with pytest.raises(Refusal, match="invalid"):
        paging.decode(made_up)


@pytest.mark.parametrize("position", [{"$gt": ""}, ["a"], 1, True])
def test_a_position_of_another_shape_is_refused_where_a_text_is_expected(position: object) -> None:
    with pytest.raises(Refusal, match="invalid"):
        paging.decode_text(paging.encode(position))
    assert paging.decode_text(paging.encode("a")) == "a"
