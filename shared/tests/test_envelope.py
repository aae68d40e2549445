"""A message is an event of ours, or a reason why it is not; nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.events.catalogue import CATALOGUE, OLDER
from shared.events.challenges import ClaimState
from shared.events.envelope import BadEvent, Event, Headers, event, read_event
from shared.events.payload import Payload
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


@pytest.mark.parametrize("name", [*CATALOGUE, *OLDER])
def test_what_is_wrong_with_a_payload_is_told_without_its_values(name: str) -> None:
    """The text stands in a dead letter, whose readers may see less than those of the topic."""
    with pytest.raises(BadEvent) as bad:
        read_event(headers(ce_type=name), b'{"phone": "13912345678"}')
    assert bad.value.reason == "invalid_payload"
    assert "13912345678" not in str(bad.value)


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


CLAIM = ClaimState(id="c1", challenge_id="h1", state="draft", sha256="0" * 64, submitted_at=None, people=())
TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def told(short: str, data: Payload) -> Event:
    return event(short, "a1", 1, now(), data, traceparent=TRACE, action="submit", actor="u1")


def test_who_did_what_is_read_back_from_the_log_and_from_the_outbox() -> None:
    advance = told("batch.advance", GOOD.data)
    for again in (read_event(advance.headers, advance.value), Event.from_document(advance.to_document())):
        assert (again.action, again.actor, again.traceparent) == ("submit", "u1", TRACE)


def test_events_and_outboxes_from_before_there_were_actors_are_read() -> None:
    document = {name: value for name, value in GOOD.to_document().items() if name not in ("action", "actor")}
    assert Event.from_document(document) == GOOD
    assert not {"ce_action", "ce_actor"} & dict(GOOD.headers).keys()


def test_no_event_about_a_sealed_claim_carries_the_trace_of_a_request() -> None:
    claims = [row for row in CATALOGUE.values() if row.topic == "huning.claims"]
    assert all(row.sealed for row in claims)
    drafted = told("claim.drafted", CLAIM)
    assert "traceparent" not in dict(drafted.headers)
    assert drafted.to_document()["traceparent"] is None
    assert Event.from_document(drafted.to_document() | {"traceparent": TRACE}).traceparent is None
