"""A receipt keeps rows that are unchanged as ranges, and answers every row as it was said."""

import zlib
from datetime import UTC, datetime
from typing import Any

import bson
import orjson
from hypothesis import given
from hypothesis import strategies as st

from services.sync.applying.receipts import CHUNKS, Chunk, _read
from shared.mongo import size_of

AT = datetime(2026, 11, 30, tzinfo=UTC)

_PLAIN = {"verdict": "unchanged"}
_NOTED = {"verdict": "unchanged", "code": "nothing_to_delete", "message": "没有可删除的记录"}
_SAID: list[dict[str, Any]] = [
    _PLAIN,
    _NOTED,
    {"verdict": "added"},
    {"verdict": "changed", "before": {"title": "旧"}, "after": {"title": "新"}},
    {"verdict": "rejected", "field": "phone", "code": "bad_phone", "message": "电话号码不对"},
]

ROWS = st.lists(st.sampled_from(_SAID), min_size=1, max_size=40).map(
    lambda said: [{"row": n, "source_id": f"编号\n{n}", **each} for n, each in enumerate(said, 17)]
)

GOLDEN_1: dict[str, Any] = {
    "_id": "0199d2f0-8f5b-7d4e-9f0e-5a4d6c1b2a30/0/0",
    "chunk": 0,
    "found": ["0199d2f0-8f5b-7d4e-9f0e-5a4d6c1b2a30/any", "0199d2f0-8f5b-7d4e-9f0e-5a4d6c1b2a30/unchanged"],
    "rows": [
        {"row": 1, "source_id": "A-1", "verdict": "unchanged"},
        {"row": 2, "source_id": "A-2", "verdict": "rejected", "field": "phone", "code": "bad_phone", "message": "…"},
    ],
}
"""As version 0.2 stored it."""


def _stored(document: dict[str, Any]) -> dict[str, Any]:
    read: dict[str, Any] = bson.decode(bson.encode(document))
    return read


@given(ROWS)
def test_every_row_is_answered_as_it_was_said(rows: list[dict[str, Any]]) -> None:
    stored = _stored({"schema": CHUNKS.number, **Chunk.of(rows, AT).model_dump()})
    chunk = _read(stored)
    assert chunk.with_verdict(None) == rows
    assert chunk.first == 17
    for verdict in ("unchanged", "rejected", "changed"):
        assert chunk.with_verdict(verdict) == [each for each in rows if each["verdict"] == verdict]


def test_a_receipt_that_an_older_version_stored_is_read() -> None:
    chunk = _read(_stored(GOLDEN_1))
    assert chunk.with_verdict(None) == GOLDEN_1["rows"]
    assert chunk.with_verdict("unchanged") == GOLDEN_1["rows"][:1]
    assert (CHUNKS.number, chunk.first, chunk.at) == (2, 1, None)


def test_a_receipt_of_this_version_is_ranges_with_the_ids_beside_them() -> None:
    numbers = [2, 3, 5]
    golden = {
        "schema": 2,
        "rows": [{"row": 4, "source_id": "A-4", "verdict": "added"}],
        "unchanged": [[2, 3], [5, 5]],
        "ids": zlib.compress(orjson.dumps([f"A-{n}" for n in numbers])),
        "at": AT,
    }
    rows = [{"row": n, "source_id": f"A-{n}", "verdict": "unchanged" if n in numbers else "added"} for n in range(2, 6)]
    assert _read(_stored(golden)).with_verdict(None) == rows
    assert Chunk.of(rows, AT).unchanged == ((2, 3), (5, 5))


def test_a_chunk_in_which_nothing_changed_takes_little() -> None:
    rows = [{"row": n, "source_id": f"NT-PT-2026-{n:06}", "verdict": "unchanged"} for n in range(1, 501)]
    assert size_of(Chunk.of(rows, AT).model_dump()) < size_of({"rows": rows}) / 15
