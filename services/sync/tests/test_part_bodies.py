import gzip

import pytest

from services.sync import problems
from services.sync.domain import MAX_PART_BYTES
from services.sync.part_bodies import MAX_PART_ROWS, inflated, source_ids_of
from services.sync.tests.builders import line
from shared.problems import TOO_LARGE, WRONG_CONTENT_TYPE, Problem, Refusal


def refusal_of_inflating(body: bytes, encoding: str = "gzip") -> Problem:
    with pytest.raises(Refusal) as refused:
        inflated(body, encoding)
    return refused.value.problem


def refusal_of(body: bytes) -> Problem:
    with pytest.raises(Refusal) as refused:
        source_ids_of(0, body)
    return refused.value.problem


def test_a_part_may_come_as_it_is_or_gzipped() -> None:
    assert inflated(b"x", None) == inflated(gzip.compress(b"x"), "gzip") == b"x"


def test_a_gzip_that_was_cut_off_is_refused() -> None:
    assert refusal_of_inflating(gzip.compress(line() * 50)[:-9]) is problems.BAD_GZIP


def test_what_is_no_gzip_is_refused() -> None:
    assert refusal_of_inflating(b"plain") is problems.BAD_GZIP


def test_a_gzip_with_a_flipped_byte_is_refused() -> None:
    body = bytearray(gzip.compress(line() * 50, mtime=0))
    body[-6] ^= 1
    assert refusal_of_inflating(bytes(body)) is problems.BAD_GZIP


def test_a_bomb_is_refused_without_being_inflated_whole() -> None:
    assert refusal_of_inflating(gzip.compress(bytes(MAX_PART_BYTES * 4))) is TOO_LARGE


def test_another_encoding_is_refused() -> None:
    assert refusal_of_inflating(b"x", "br") is WRONG_CONTENT_TYPE


def test_a_part_in_gbk_is_refused() -> None:
    assert refusal_of('{"source_id":"1","title":"南通"}'.encode("gbk")) is problems.PART_NOT_UTF8


def test_a_part_without_rows_is_refused() -> None:
    assert refusal_of(b"\n \r\n") is problems.PART_EMPTY


def test_a_part_of_too_many_rows_is_refused() -> None:
    assert refusal_of(b"{}\n" * (MAX_PART_ROWS + 1)) is TOO_LARGE


def test_every_row_has_its_id_or_none() -> None:
    body = b"\n".join([line(source_id=" Ａ1"), b"{", b'{"source_id":7}', b'{"source_id":"B","_deleted":true}'])
    assert source_ids_of(0, body) == ["A1", None, None, "B"]
