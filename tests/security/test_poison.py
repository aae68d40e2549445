"""Poison on a topic: each kind lands among the dead letters with its reason, and the partition moves on.

Put there past everything of ours, by a bare aiokafka producer, with a good event behind it on the same partition.
"""

import base64
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from pymongo import MongoClient

from services.search.tests.building import challenge
from shared.events.dead_letters import DeadLetter
from shared.events.envelope import Event, event
from shared.events.sync import AdvanceBatch
from shared.values.clock import now
from shared.values.ids import new_id
from shared.values.jurisdictions import Jurisdiction
from tests.client import Api, until
from tests.log import events
from tests.security import apart, deadly
from tests.security.messages import PARTITION, TOPIC, Message, good, produce, record
from tests.security.private_things import mark
from tests.security.problems_shown import assert_refused
from tests.security.requests import everything
from tests.stack import Stack

POISON: dict[str, tuple[Callable[[Message], Message], str]] = {
    "not JSON": (lambda m: replace(m, value=b"\xff\xfe not json"), "not_json"),
    "cut off": (lambda m: replace(m, value=(m.value or b"")[:-5]), "not_json"),
    "empty": (lambda m: replace(m, value=b""), "not_json"),
    "nested 10,000 deep": (lambda m: replace(m, value=b"[" * 10_000), "not_json"),
    "no headers at all": (lambda m: replace(m, headers={}), "no_id"),
    "no id": (lambda m: m.with_headers(ce_id=None), "no_id"),
    "another id": (lambda m: m.with_headers(ce_id=b"taizhou/equipment/other/1"), "no_id"),
    "a version that is none": (lambda m: m.with_headers(ce_aggregateversion=b"one"), "no_id"),
    "headers that are not UTF-8": (lambda m: m.with_headers(more=b"\xff\xfe"), "no_id"),
    "an unknown type": (lambda m: m.with_headers(ce_type=b"cn.huning.record.exploded.v1"), "unknown_type"),
    "a type of nobody's": (lambda m: m.with_headers(ce_type=b"hello"), "unknown_type"),
    "a future version": (lambda m: m.with_headers(ce_type=b"cn.huning.record.added.v99"), "future_version"),
    "a tombstone": (lambda m: replace(m, value=None), "unexpected_tombstone"),
    "oversize": (lambda m: m.with_payload(details={"text": "a" * 1_000_500}), "oversize"),
    "too big once it is base64": (lambda m: replace(m, value=b"\xff" * 800_000), "not_json"),
    "a header too big for a letter": (lambda m: m.with_headers(ce_id=b"x" * 1_000_000), "no_id"),
    "another city's": (lambda m: m.with_headers(ce_jurisdiction=b"wuxi"), "jurisdiction_mismatch"),
    "without a title": (lambda m: m.with_payload(title=None), "invalid_payload"),
    "without a readable time": (lambda m: m.with_headers(ce_time=b"yesterday"), "invalid_payload"),
    "a number that no database takes": (lambda m: m.with_payload(details={"n": 2**70}), "handler_failed"),
}


def letters(api: Api, service: str = "search") -> list[dict[str, Any]]:
    """Every dead letter of the service."""
    return everything(api.as_("operator-alliance"), f"ops/{service}/dead-letters")


def letter_at(api: Api, offset: int) -> dict[str, Any] | None:
    return next(
        (
            each
            for each in letters(api)
            if (each["topic"], each["partition"], each["offset"]) == (TOPIC, PARTITION, offset)
        ),
        None,
    )


@pytest.mark.parametrize("what", POISON)
def test_poison_is_parked_with_its_reason_and_the_event_behind_it_is_handled(api: Api, stack: Stack, what: str) -> None:
    spoil, reason = POISON[what]
    word = mark()
    offset, _ = produce(stack.kafka, TOPIC, [spoil(good(mark())), good(word)])
    until(lambda: api.visitor.get(f"search/items/taizhou/equipment/{word}").status == 200)
    letter = until(lambda: letter_at(api, offset))
    assert (letter["reason"], letter["status"], letter["service"]) == (reason, "open", "search")
    assert letter["error"]


def test_the_index_of_every_replica_goes_past_poison_too(api: Api, stack: Stack) -> None:
    word = mark()
    spoilt = [spoil(good(mark())) for spoil, _ in POISON.values()]
    produce(stack.kafka, TOPIC, [*spoilt, good(word)])
    for replica in ("search", "search-2"):
        direct = Api(stack.address(replica))
        until(lambda direct=direct: direct.visitor.get("search", params={"q": word}).expect(200)["total"] == 1)  # type: ignore[misc]
        direct.close()


def test_the_pages_of_the_list_hold_every_letter_once(api: Api, stack: Stack) -> None:
    offsets = produce(stack.kafka, TOPIC, [*(replace(good(mark()), value=b"?") for _ in range(45)), good(mark())])
    until(lambda: letter_at(api, offsets[-2]))
    ids = [each["id"] for each in letters(api)]
    assert len(ids) == len(set(ids)) >= 45


def test_a_letter_is_discarded_once_and_one_that_still_cannot_work_stays_open(api: Api, stack: Stack) -> None:
    offset, *_ = produce(stack.kafka, TOPIC, [replace(good(mark()), value=b"?"), good(mark())])
    letter = until(lambda: letter_at(api, offset))
    alliance, path = api.as_("operator-alliance"), f"ops/search/dead-letters/{letter['id']}"
    assert_refused(alliance.post(f"{path}/replay", json={"reason": "再试"}), 409, "dead_letter_not_replayable")
    key = new_id()
    for replayed in (None, "true"):
        answer = alliance.post(f"{path}/discard", json={"reason": "测试"}, key=key)
        assert (answer.expect(200)["status"], answer.headers.get("idempotency-replayed")) == ("discarded", replayed)
    assert_refused(alliance.post(f"{path}/discard", json={"reason": "测试"}), 409, "dead_letter_settled")
    assert_refused(alliance.post(f"{path}/replay"), 409, "dead_letter_settled")
    assert_refused(alliance.post("ops/search/dead-letters/nothing/discard"), 404, "not_found")
    assert_refused(api.as_("operator-taizhou").post(f"{path}/discard"), 403, "forbidden")
    shown = next(each for each in letters(api) if each["id"] == letter["id"])
    assert shown["status"] == "discarded"


def test_a_letter_whose_cause_is_gone_is_replayed_and_takes_effect(api: Api, stack: Stack) -> None:
    """As after a bug that was fixed: the message itself is good, and was parked by an older version."""
    word = mark()
    who = api.as_("company-taizhou")
    who.post("search/subscriptions", json={"name": word, "query": {"q": word}, "notify": "at_once"}).expect(201)
    letter_id = parked(api, stack, "search.percolator", challenge(word, updated_at=now()))
    assert hits(stack, word) == 0
    replayed(api, "search", letter_id)
    assert hits(stack, word) == 1


def hits(stack: Stack, word: str) -> int:
    """How often a saved search of this name was hit."""
    with MongoClient[dict[str, Any]](stack.mongodb) as client:
        return client["huning_search"]["saved_search_hits"].count_documents({"state.subscription_name": word})


def test_what_the_index_could_not_take_is_read_again_from_the_log(api: Api, stack: Stack) -> None:
    def generations() -> set[int]:
        found = (everything(api.as_("operator-alliance"), "ops/search/read-models") for _ in range(4))
        return {each["generation"] for rows in found for each in rows if each["name"] == "index"}

    before = max(until(generations))
    replayed(api, "search", parked(api, stack, "search.index", record(mark())))
    until(lambda: generations() == {before + 1}, seconds=120)


def test_an_order_that_the_worker_could_not_handle_is_given_again_and_its_lag_is_shown(api: Api, stack: Stack) -> None:
    batch_id = new_id()
    order = event(
        "batch.advance",
        batch_id,
        0,
        now(),
        AdvanceBatch(batch_id=batch_id, jurisdiction=Jurisdiction.TAIZHOU),
        jurisdiction=Jurisdiction.TAIZHOU,
    )
    replayed(api, "sync", parked(api, stack, "sync.worker", order))
    until(lambda: order.id in {each.id for each in events(stack.kafka, order.topic)})
    lags = everything(api.as_("operator-alliance"), "ops/sync/lag")
    assert {each["partition"] for each in lags if each["group"] == "sync.worker"} == set(range(8))


def parked(api: Api, stack: Stack, group: str, made: Event) -> str:
    """A dead letter as a group would have parked this event; its id, once its service has it."""
    service = group.split(".")[0]
    letter = DeadLetter(
        id=new_id(),
        service=service,
        group=group,
        topic=made.topic,
        partition=0,
        offset=10**9,
        event_id=made.id,
        reason="handler_failed",
        error="KeyError",
        key=base64.b64encode(made.key).decode(),
        value=base64.b64encode(made.value).decode(),
        headers=tuple((name, value.decode()) for name, value in made.headers),
        at=now(),
    )
    told = event("dead-letter.parked", letter.id, 1, now(), letter)
    produce(stack.kafka, told.topic, [Message(told.key, told.value, dict(told.headers))], 0)
    until(lambda: letter.id in {each["id"] for each in letters(api, service)})
    return letter.id


def replayed(api: Api, service: str, letter_id: str) -> None:
    path = f"ops/{service}/dead-letters/{letter_id}/replay"
    assert api.as_("operator-alliance").post(path, json={"reason": "已修复"}).expect(200)["status"] == "replayed"


@pytest.mark.slow
def test_a_message_that_kills_the_process_is_quarantined_and_the_process_lives(stack: Stack) -> None:
    apart.apply_topics(stack)
    told = apart.environment(stack)
    first, last = record(mark()), record(mark())
    killer = good(mark()).with_payload(title=deadly.TITLE)
    messages = [
        killer if each is None else Message(each.key, each.value, dict(each.headers)) for each in (first, None, last)
    ]
    offsets = produce(stack.kafka, apart.PREFIX + TOPIC, messages)
    client: MongoClient[dict[str, Any]] = MongoClient(stack.mongodb)
    database = client["apart_huning_search"]
    deaths = 0
    process = apart.start(told, sys.executable, "-m", "tests.security.deadly")
    try:

        def quarantined() -> bool:
            nonlocal deaths, process
            if process.poll() is not None:
                assert process.returncode == deadly.EXIT_CODE
                deaths += 1
                process = apart.start(told, sys.executable, "-m", "tests.security.deadly")
            return {each["_id"] for each in database["handled"].find()} == {first.id, last.id}

        until(quarantined, seconds=170)
        letter = until(lambda: database["dead_letters"].find_one({"offset": offsets[1], "topic": TOPIC}))
        assert letter["reason"] == "killed_the_process"
        assert 3 <= deaths <= 4
        assert process.poll() is None
    finally:
        process.terminate()
        process.wait(20)
        client.close()
