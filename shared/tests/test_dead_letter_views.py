"""Which city's operators see a dead letter, and what of it: default deny."""

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from shared.events.catalogue import CATALOGUE
from shared.events.dead_letters import DeadLetter
from shared.events.topics import TOPICS
from shared.operations.dead_letter_views import city_of, letter_view
from shared.values.jurisdictions import Jurisdiction


def letter(
    topic: str = "huning.records", value: bytes | None = b"?", city: str | None = "suzhou", **changes: Any
) -> DeadLetter:
    """A record of Suzhou's that is no JSON."""
    fields: dict[str, Any] = {
        "id": "letter-1",
        "service": "search",
        "group": "search.items.g1",
        "topic": topic,
        "partition": 5,
        "offset": 7,
        "event_id": "suzhou/equipment/1/1",
        "reason": "not_json",
        "error": "the value is not JSON",
        "key": None,
        "value": None if value is None else base64.b64encode(value).decode(),
        "headers": (("ce_id", "suzhou/equipment/1/1"), *((("ce_jurisdiction", city),) if city else ())),
        "at": datetime(2026, 11, 25, 4, 0, 0, 123_456, tzinfo=UTC),
        **changes,
    }
    return DeadLetter(**fields)


def saying(**fields: str) -> bytes:
    return json.dumps(fields).encode()


@pytest.mark.parametrize("value", [b"?", None, b"[]", saying(title="a"), saying(jurisdiction="suzhou")])
def test_a_letter_is_the_citys_that_the_message_names(value: bytes | None) -> None:
    assert city_of(letter(value=value)) == "suzhou"


def test_a_letter_that_names_no_city_or_two_is_the_alliances_alone() -> None:
    assert city_of(letter(city=None, value=saying(jurisdiction="suzhou"))) is None
    assert city_of(letter(value=saying(jurisdiction="wuxi"))) is None


@pytest.mark.parametrize("topic", ["huning.claims", "huning.deliveries", "huning.saved-search-hits", "huning.users"])
def test_what_tells_of_claims_or_people_is_no_citys_even_where_it_names_one(topic: str) -> None:
    assert city_of(letter(topic)) is None


def test_only_what_every_event_of_a_topic_gives_a_city_to_is_a_citys() -> None:
    """A topic that is new is no city's until somebody says so."""
    of_cities = {topic for topic in TOPICS if city_of(letter(topic, saying(state="submitted")))}
    named = {row.topic for row in CATALOGUE.values() if "jurisdiction" in row.model.model_fields}
    assert of_cities == named


@pytest.mark.parametrize("value", [saying(state="draft"), saying(title="a"), b"?", None])
def test_a_challenge_that_is_a_draft_or_may_be_one_is_no_citys(value: bytes | None) -> None:
    assert city_of(letter("huning.challenges", value)) is None
    assert city_of(letter("huning.challenges", saying(state="submitted"))) == Jurisdiction.SUZHOU


def test_a_city_reads_why_its_message_is_none_and_not_the_trace_of_our_code() -> None:
    kept = {**letter().model_dump(), "status": "open"}
    failed = {**kept, "reason": "handler_failed", "error": "KeyError: somebody"}
    assert letter_view(kept, whole=False) == letter_view(kept, whole=True)
    assert (letter_view(failed, whole=False).error, letter_view(failed, whole=True).error) == ("", "KeyError: somebody")


def test_a_letter_is_shown_with_its_payload_as_text_and_its_time_in_milliseconds() -> None:
    kept = {**letter(value=b"\xff?").model_dump(), "status": "open"}
    shown = letter_view(kept, whole=True, unmasked=True).model_dump(mode="json")
    assert (shown["payload"], shown["masked"], shown["at"]) == ("\ufffd?", False, "2026-11-25T04:00:00.123Z")
    assert letter_view({**letter(value=None).model_dump(), "status": "open"}, whole=True).payload is None


def test_a_message_is_masked_until_somebody_says_why_they_must_read_it() -> None:
    message = {
        "id": "suzhou/equipment/1",
        "jurisdiction": "suzhou",
        "updated_at": "2026-11-25T04:00:00.123Z",
        "version": 3,
        "title": "涂层检测平台",
        "organization": {"id": "91320500EXAMPLE00X", "name": "zhangsan"},
        "contact": {"phone": "13812345678", "wechat_id": "13812345678"},
        "details": {"联系人": "王某", "fund_fen": 300000000, "tags": ["a"]},
        "longitude": 120.7302,
        "withdrawn": False,
        "note": None,
    }
    kept = {**letter(value=json.dumps(message).encode()).model_dump(), "status": "open"}
    shown = letter_view(kept, whole=True)
    assert (shown.masked, json.loads(shown.payload or "")) == (
        True,
        {
            "id": "suzhou/equipment/1",
            "jurisdiction": "suzhou",
            "updated_at": "2026-11-25T04:00:00.123Z",
            "version": 3,
            "title": "…（6 字）",
            "organization": {"id": "91320500EXAMPLE00X", "name": "…（8 字）"},
            "contact": {"phone": "…（11 字）", "wechat_id": "…（11 字）"},
            "details": {"…": "…（2 字）", "fund_fen": "…", "tags": ["…（1 字）"]},
            "longitude": "…",
            "withdrawn": False,
            "note": None,
        },
    )


@pytest.mark.parametrize("value", ["不是 JSON：王某 13812345678".encode(), b'"13812345678"', b"[13812345678]", b"NaN"])
def test_nothing_of_what_is_no_event_is_shown(value: bytes) -> None:
    shown = letter_view({**letter(value=value).model_dump(), "status": "open"}, whole=True).payload
    assert shown is not None
    assert "138" not in shown
    assert "王" not in shown
