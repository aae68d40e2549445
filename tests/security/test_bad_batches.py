"""Bad batches: signatures that do not hold, keys of another city, parts that are not what was announced."""

import base64
import gzip
import hashlib
import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.client import Answer, Api, Json, until
from tests.security.private_things import mark
from tests.security.problems_shown import assert_refused
from tests.security.signed import Agent
from tests.stack import Stack

NDJSON = {"content-type": "application/x-ndjson"}
ROW = b'{"source_id":"1","title":"a"}\n'


@pytest.fixture(scope="module")
def agent(api: Api, stack: Stack) -> Agent:
    return Agent.register(api, stack.base_url, "nantong")


def announced(body: bytes = ROW, rows: int = 1, **changes: Json) -> dict[str, Json]:
    digest = hashlib.sha256(body).hexdigest()
    batch = {"jurisdiction": "nantong", "kind": "platform", "mode": "delta", "rows": rows, "sha256": digest}
    return {**batch, **changes}


def opened(agent: Agent, **changes: Any) -> str:
    return str(agent.request("POST", "sync/batches", json=announced(**changes)).expect(201)["id"])


def put(agent: Agent, batch_id: str, body: bytes = ROW, part: object = 0, **headers: str) -> Answer:
    path = f"sync/batches/{batch_id}/parts/{part}"
    return agent.request("PUT", path, content=body, headers={**NDJSON, **headers})


def applied(api: Api, agent: Agent, rows: Sequence[dict[str, Any]]) -> str:
    """A batch of these rows, pushed and applied; its id."""
    body = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
    batch_id = opened(agent, body=body, rows=len(rows))
    put(agent, batch_id, body).expect(200)
    agent.request("POST", f"sync/batches/{batch_id}/commit", json={}).expect(202)
    operator = api.as_("operator-nantong")
    until(lambda: operator.get(f"sync/batches/{batch_id}").expect(200)["state"] == "applied")
    return batch_id


def test_a_good_signature_opens_a_batch(agent: Agent) -> None:
    """The control for all that follow."""
    assert agent.request("POST", "sync/batches", json=announced()).status == 201


def flip_body(request: httpx2.Request) -> None:
    content = bytearray(request.content)
    content[len(content) // 2] ^= 1
    request.stream = httpx2.ByteStream(bytes(content))


def other_digest(request: httpx2.Request) -> None:
    flip_body(request)
    content = b"".join(request.stream)  # type: ignore[arg-type]
    request.headers["content-digest"] = f"sha-256=:{base64.b64encode(hashlib.sha256(content).digest()).decode()}:"


def other_path(request: httpx2.Request) -> None:
    request.url = request.url.copy_with(path="/api/v1/sync/agents")


def other_query(request: httpx2.Request) -> None:
    request.url = request.url.copy_with(query=b"dry_run=1")


def other_method(request: httpx2.Request) -> None:
    request.method = "PUT"


def flip_signature(request: httpx2.Request) -> None:
    signature = request.headers["signature"]
    middle = len(signature) // 2
    request.headers["signature"] = (
        signature[:middle] + ("A" if signature[middle] != "A" else "B") + signature[middle + 1 :]
    )


def no_digest(request: httpx2.Request) -> None:
    del request.headers["content-digest"]


def no_signature(request: httpx2.Request) -> None:
    del request.headers["signature"]


def garbled_input(request: httpx2.Request) -> None:
    request.headers["signature-input"] = 'huning=("@method");created=yesterday'


def two_inputs(request: httpx2.Request) -> None:
    request.headers["signature-input"] += ', other=("@method");created=1;keyid="x";nonce="y"'


TAMPERED = {
    "one bit of the body flipped": (flip_body, "signature_invalid"),
    "one bit of the body flipped, with its digest": (other_digest, "signature_invalid"),
    "sent to another path": (other_path, "signature_invalid"),
    "sent with a query": (other_query, "signature_invalid"),
    "sent with another method": (other_method, None),
    "one character of the signature changed": (flip_signature, "signature_invalid"),
    "without the digest": (no_digest, "signature_missing"),
    "without the signature": (no_signature, "signature_missing"),
    "with an input that cannot be read": (garbled_input, "signature_invalid"),
    "with a second input": (two_inputs, "signature_invalid"),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_a_request_that_was_changed_after_signing_is_refused(agent: Agent, what: str) -> None:
    tamper, code = TAMPERED[what]
    answer = agent.request("POST", "sync/batches", json=announced(), tamper=tamper)
    if code:
        assert_refused(answer, 401, code, what)
    else:
        assert answer.status == 405


@pytest.mark.parametrize("left_out", ["@method", "@path", "@query", "content-digest"])
def test_a_signature_that_leaves_something_out_is_refused(agent: Agent, left_out: str) -> None:
    covered = [each for each in ("@method", "@path", "@query", "content-digest") if each != left_out]
    answer = agent.request("POST", "sync/batches", json=announced(), covered=covered)
    assert answer.status == 401
    assert answer.code in ("signature_invalid", "signature_missing")


@pytest.mark.parametrize("seconds", [-310, 310, -86_400, 86_400])
def test_a_signature_more_than_300_seconds_off_is_stale(agent: Agent, seconds: int) -> None:
    answer = agent.request("POST", "sync/batches", json=announced(), created=timedelta(seconds=seconds))
    assert_refused(answer, 401, "stale")


@pytest.mark.parametrize("seconds", [-280, 280])
def test_a_clock_a_little_off_does_not_matter(agent: Agent, seconds: int) -> None:
    agent.request("POST", "sync/batches", json=announced(), created=timedelta(seconds=seconds)).expect(201)


def test_a_nonce_is_good_once(agent: Agent) -> None:
    nonce = mark()
    agent.request("POST", "sync/batches", json=announced(), nonce=nonce).expect(201)
    assert_refused(agent.request("POST", "sync/batches", json=announced(), nonce=nonce), 401, "nonce_used")


def test_a_key_that_nobody_registered_or_that_was_removed_is_refused(api: Api, stack: Stack, agent: Agent) -> None:
    stranger = Ed25519PrivateKey.generate()
    assert_refused(agent.request("POST", "sync/batches", json=announced(), key=stranger), 401, "signature_invalid")
    nobody = agent.request("POST", "sync/batches", json=announced(), key=stranger, key_id="nantong-nobody")
    assert_refused(nobody, 401, "signature_invalid")
    removed = Agent.register(api, stack.base_url, "nantong")
    api.as_("operator-nantong").delete(f"sync/agents/{removed.id}").expect(200)
    assert_refused(removed.request("POST", "sync/batches", json=announced()), 401, "signature_invalid")


def test_a_citys_key_is_no_key_for_another_city_and_nothing_is_applied(api: Api, stack: Stack, agent: Agent) -> None:
    assert_refused(agent.request("POST", "sync/batches", json=announced(jurisdiction="wuxi")), 403, "forbidden")
    wuxi = Agent.register(api, stack.base_url, "wuxi")
    batch_id = str(wuxi.request("POST", "sync/batches", json=announced(jurisdiction="wuxi")).expect(201)["id"])
    assert_refused(put(agent, batch_id), 404, "not_found")
    assert_refused(agent.request("POST", f"sync/batches/{batch_id}/commit", json={}), 404, "not_found")
    assert_refused(agent.request("GET", f"sync/batches/{batch_id}"), 404, "not_found")
    assert_refused(wuxi.request("POST", f"sync/batches/{batch_id}/commit", json={}), 400, "truncated")


def test_an_agent_can_do_nothing_but_push(agent: Agent) -> None:
    body = {"jurisdiction": "nantong", "name": "x", "public_key": "x"}
    assert_refused(agent.request("POST", "sync/agents", json=body), 403, "forbidden")
    assert_refused(agent.request("GET", "sync/agents"), 403, "forbidden")
    assert agent.request("GET", "accounts/me").code == "token_missing"


PARTS = {
    "no rows": (b"", {}, 400, "part_empty"),
    "blank lines": (b"\n\n", {}, 400, "part_empty"),
    "neither UTF-8 nor GB18030": (b'{"source_id":"1","title":"\xff"}\n', {}, 422, "part_encoding_unknown"),
    "UTF-16": ('{"source_id":"1","title":"a"}\n'.encode("utf-16"), {}, 422, "part_encoding_unknown"),
    "damaged gzip": (b"\x1f\x8b\x08\x00garbage", {"content-encoding": "gzip"}, 400, "bad_gzip"),
    "cut-off gzip": (gzip.compress(ROW * 100)[:-9], {"content-encoding": "gzip"}, 400, "bad_gzip"),
    "no gzip at all": (ROW, {"content-encoding": "gzip"}, 400, "bad_gzip"),
    "more than 8 MiB once inflated": (gzip.compress(b" " * 40_000_000), {"content-encoding": "gzip"}, 413, "too_large"),
    "more than 8 MiB as sent": (b'{"a":"' + b"a" * 8_500_000 + b'"}', {}, 413, "too_large"),
    "an unknown encoding": (ROW, {"content-encoding": "br"}, 415, "wrong_content_type"),
    "JSON by its type": (ROW, {"content-type": "application/json"}, 415, "wrong_content_type"),
}


@pytest.mark.parametrize("what", PARTS)
def test_a_part_that_is_none_is_refused_and_the_batch_waits_for_a_good_one(agent: Agent, what: str) -> None:
    body, headers, status, code = PARTS[what]
    batch_id = opened(agent)
    assert_refused(put(agent, batch_id, body, **headers), status, code, what)
    put(agent, batch_id).expect(200)


@pytest.mark.parametrize("number", ["-1", "1000000000", "x", "9" * 40, "1.5"])
def test_a_part_number_that_is_none_is_422(agent: Agent, number: str) -> None:
    assert put(agent, opened(agent), part=number).status == 422


def test_a_part_is_kept_once_and_another_body_under_its_number_is_409(agent: Agent) -> None:
    batch_id = opened(agent)
    first, again = put(agent, batch_id), put(agent, batch_id)
    assert first.expect(200) == again.expect(200)
    assert_refused(put(agent, batch_id, ROW.replace(b'"a"', b'"b"')), 409, "part_differs")


INCOMPLETE: dict[str, tuple[dict[str, Any], list[bytes], int, str]] = {
    "a part is missing": ({"rows": 2}, [ROW], 400, "truncated"),
    "everything is missing": ({}, [], 400, "truncated"),
    "more rows than announced": ({}, [ROW + ROW], 422, "rows_differ"),
    "another sum": ({"body": b"something else"}, [ROW], 400, "sha256_differs"),
}


@pytest.mark.parametrize("what", INCOMPLETE)
def test_a_batch_that_is_not_what_was_announced_is_refused_whole(api: Api, agent: Agent, what: str) -> None:
    changes, parts, status, code = INCOMPLETE[what]
    batch_id = opened(agent, **changes)
    for number, part in enumerate(parts):
        put(agent, batch_id, part, number).expect(200)
    answer = agent.request("POST", f"sync/batches/{batch_id}/commit", json={})
    assert_refused(answer, status, code)
    batch = api.as_("operator-nantong").get(f"sync/batches/{batch_id}").expect(200)
    assert (batch["state"], batch["seq"], batch["progress"]["done"]) == ("open", None, 0)


@pytest.mark.parametrize(
    "changes",
    [{"rows": 0}, {"rows": -1}, {"rows": 10**12}, {"rows": 1.5}, {"rows": "1"}, {"sha256": "x"}, {"kind": "x"}],
)
def test_a_batch_announced_wrongly_is_422(agent: Agent, changes: dict[str, Json]) -> None:
    codes = {"1.5": "wrong_type", "1": "wrong_type", "0": "delta_without_rows"}
    code = codes.get(str(changes.get("rows")), "invalid")
    assert_refused(agent.request("POST", "sync/batches", json=announced(**changes)), 422, code)


def test_bad_rows_are_reported_and_good_rows_applied(api: Api, agent: Agent) -> None:
    word = mark()
    rows: list[dict[str, Any]] = [
        {"source_id": f"{word}-good", "title": "好的一行"},
        {"source_id": f"{word}-phone", "title": "a", "contact": {"name": "a", "phone": "1.38E+10"}},
        {"source_id": f"{word}-none"},
        {"source_id": f"{word}-object", "title": {"$ne": None}},
        {"source_id": f"{word}-unknown", "title": "a", "unexpected": 1},
        {"title": "没有编号"},
    ]
    batch_id = applied(api, agent, rows)
    operator = api.as_("operator-nantong")
    counts = operator.get(f"sync/batches/{batch_id}").expect(200)["counts"]
    assert (counts["added"], counts["rejected"], sum(counts.values())) == (1, 5, 6)
    rejected = operator.get(f"sync/batches/{batch_id}/rows", params={"verdict": "rejected"}).expect(200)["items"]
    assert all(each["code"] and each["message"] for each in rejected)
    assert "number_in_scientific_notation" in {each["code"] for each in rejected}


def test_a_formula_is_stored_as_text_and_marked_as_text_in_the_export(api: Api, agent: Agent) -> None:
    word, formula = mark(), '=HYPERLINK("http://example.invalid","x")'
    batch_id = applied(api, agent, [{"source_id": f"=cmd|{word}", "title": formula}])
    record = api.visitor.get(f"sync/records/nantong/platform/=cmd|{word}").expect(200)
    assert record["title"] == formula
    export = api.as_("operator-nantong").get(f"sync/batches/{batch_id}/rows", params={"format": "csv"})
    assert f"'=cmd|{word}" in export.raw.decode("utf-8-sig")


def test_an_id_that_looks_like_a_way_out_is_an_id(api: Api, agent: Agent) -> None:
    word = mark()
    applied(api, agent, [{"source_id": f"..{word}", "title": "点"}])
    assert api.visitor.get(f"sync/records/nantong/platform/..{word}").expect(200)["source_id"] == f"..{word}"
