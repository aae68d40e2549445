"""A message is an event of ours, or a reason why it is not; nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.events.envelope import BadEvent, Headers, event, read_event
from shared.events.sync import AdvanceBatch
from shared.values.clock import now

GOOD = event("batch.advance", "b1", 1, now(), AdvanceBatch(batch_id="b1", jurisdiction="suzhou"), jurisdiction="suzhou")


def headers(**changed: str | None) -> Headers:
    merged = dict(GOOD.headers) | {k: v.encode() if v is not None else None for k, v in changed.items()}
    return [(name, raw) for name, raw in merged.items() if raw is not None]


def test_an_event_is_read_back_as_it_was_written() -> None:
    assert read_event(GOOD.headers, GOOD.value) == GOOD


@pytest.mark.parametrize(
    ("given_headers", "value", "reason"),
    [
        (headers(), b"no json", "not_json"),
        (headers(), b'{"batch_id": 1}', "invalid_payload"),
        (headers(), None, "unexpected_tombstone"),
        (headers(), b" " * 1_000_001, "oversize"),
        (headers(ce_id=None), GOOD.value, "no_id"),
        (headers(ce_id="b1/2"), GOOD.value, "no_id"),
        (headers(ce_aggregateversion="one"), GOOD.value, "no_id"),
        (headers(ce_type="cn.huning.batch.exploded.v1"), GOOD.value, "unknown_type"),
        (headers(ce_type=None), GOOD.value, "unknown_type"),
        (headers(ce_type="cn.huning.batch.advance.v2"), GOOD.value, "future_version"),
        (headers(ce_jurisdiction="wuxi"), GOOD.value, "jurisdiction_mismatch"),
        (headers(ce_time="yesterday"), GOOD.value, "invalid_payload"),
        ([("ce_id", b"\xff")], GOOD.value, "no_id"),
        ([], GOOD.value, "no_id"),
    ],
)
def test_each_kind_of_poison_has_its_reason(given_headers: Headers, value: bytes | None, reason: str) -> None:
    with pytest.raises(BadEvent) as bad:
        read_event(given_headers, value)
    assert bad.value.reason == reason


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["ce_id", "ce_type", "ce_subject", "ce_aggregateversion", "ce_time", "x"]), st.binary()
        )
    ),
    st.none() | st.binary(),
)
def test_no_message_raises_anything_but_bad_event(given_headers: list[tuple[str, bytes]], value: bytes | None) -> None:
    with pytest.raises(BadEvent):
        read_event(given_headers, value)
