"""Texts of a line or a word: read as what they are, or asked for, and never read as something else."""

import json
from pathlib import Path

import pytest

from services.sync.rows.encodings import GB18030, UTF_8, by_lines, is_surely_utf_8
from services.sync.rows.errors import UnclearEncodingError

_SAMPLE = Path(__file__).parents[3] / "deploy/local/sample/institutions"


def names() -> list[str]:
    """Names and addresses of real institutions, whole and their first characters."""
    rows = [row for file in _SAMPLE.glob("*.json") for row in json.loads(file.read_text(encoding="utf-8"))]
    whole = {str(row[name]) for row in rows for name in ("name", "address")}
    return sorted({text[:length] for text in whole for length in (1, 2, 3, 4, 99)} - {""})


@pytest.mark.parametrize("encoding", [UTF_8, GB18030])
def test_a_single_word_is_never_read_in_the_wrong_encoding_and_seldom_asked_for(encoding: str) -> None:
    asked = 0
    words = [each for each in names() if not each.isascii()]
    for word in words:
        try:
            assert by_lines([word.encode(encoding)]) == encoding, word
        except UnclearEncodingError:
            asked += 1
    assert asked < len(words) // 10


@pytest.mark.parametrize("encoding", [UTF_8, GB18030])
def test_a_list_of_names_is_never_asked_for(encoding: str) -> None:
    assert by_lines([each.encode(encoding) for each in names()]) == encoding


def test_no_two_characters_of_gbk_are_surely_utf8() -> None:
    """A single one may be: for a part of a batch, which is JSON, UTF-8 is the rule."""
    words = [each for each in names() if len(each) >= 2 and not any(map(str.isascii, each[:2]))]
    assert [each for each in words if is_surely_utf_8(each.encode(GB18030))] == []


def test_ascii_needs_no_question() -> None:
    assert by_lines([b"source_id,title", b"A1,x"]) == UTF_8
    assert is_surely_utf_8(b'{"source_id":"A1"}')
