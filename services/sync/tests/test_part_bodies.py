import gzip
import tracemalloc

import pytest

from services.sync import problems
from services.sync.intake.batch import MAX_PART_BYTES
from services.sync.intake.part_bodies import MAX_PART_ROWS, inflated, rows_of, source_ids_of
from services.sync.tests.builders import line
from shared.values.problems import TOO_LARGE, WRONG_CONTENT_TYPE, Problem, Refusal


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
    bomb = gzip.compress(bytes(MAX_PART_BYTES * 8))
    tracemalloc.start()
    try:
        assert refusal_of_inflating(bomb) is TOO_LARGE
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < MAX_PART_BYTES * 4


def test_another_encoding_is_refused_with_the_one_that_is_taken() -> None:
    with pytest.raises(Refusal) as refused:
        inflated(b"x", "br")
    assert refused.value.problem is WRONG_CONTENT_TYPE
    assert refused.value.detail == "此处只接受 gzip 格式的内容，请换成该格式后重试。"


def test_a_bom_blank_lines_and_windows_line_ends_are_no_rows() -> None:
    assert len(rows_of(b"\xef\xbb\xbf" + line() + b"\r\n\r\n  \n" + line(source_id="2") + b"\n")) == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_rows_are_utf8_whatever_a_city_wrote_them_in(encoding: str) -> None:
    rows = [
        '{"source_id":"甲1","title":"南通“研究院”"}',
        '{"source_id":"2","title":"𠮷—€"}' if encoding != "gbk" else "{}",
    ]
    body = "\r\n".join(rows).encode(encoding)
    assert [each.decode("utf-8").strip() for each in rows_of(body)] == rows
    assert source_ids_of(0, body)[0] == "甲1"


@pytest.mark.parametrize(
    "body",
    [b'{"source_id":"\xff"}', "{}".encode("utf-16"), b"\xef\xbb\xbf" + '{"title":"南通"}'.encode("gbk")],
    ids=["neither", "UTF-16", "GBK behind the BOM of UTF-8"],
)
def test_a_part_in_an_encoding_that_nobody_knows_is_refused(body: bytes) -> None:
    assert refusal_of(body) is problems.PART_ENCODING_UNKNOWN


def test_a_part_without_rows_is_refused() -> None:
    assert refusal_of(b"\n \r\n") is problems.PART_EMPTY


def test_a_part_of_too_many_rows_is_refused() -> None:
    assert refusal_of(b"{}\n" * (MAX_PART_ROWS + 1)) is TOO_LARGE


def test_every_row_has_its_id_or_none() -> None:
    body = b"\n".join([line(source_id=" Ａ1"), b"{", b'{"source_id":[7]}', b'{"source_id":"B","_deleted":true}'])
    assert source_ids_of(0, body) == ["A1", None, None, "B"]


@pytest.mark.parametrize(
    "more", [gzip.compress(line()), b"\x00", gzip.compress(b"") * 1000], ids=["another member", "a byte", "empty ones"]
)
def test_a_part_is_one_gzip_member(more: bytes) -> None:
    assert refusal_of_inflating(gzip.compress(line()) + more) is problems.SEVERAL_GZIP_MEMBERS
