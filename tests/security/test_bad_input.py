"""Bad input over HTTP: each row of what clients get wrong, or try, against a route of each kind, through the gateway."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest

from shared.access.rules import VISITORS_BODY
from shared.access.table import RULES
from shared.http.documenting import WITHOUT_KEY
from shared.http.paging import encode
from shared.values.ids import new_id
from tests.client import Api, Json, Someone, challenge, claim
from tests.security.problems_shown import assert_proper, assert_refused
from tests.security.requests import parameters, path

JSON = {"content-type": "application/json"}


@dataclass(frozen=True)
class Route:
    """A route that takes JSON: who may use it, and a body that it would take."""

    account: str | None
    method: str
    path: str
    body: dict[str, Any]

    def send(self, api: Api, body: bytes, **headers: str) -> Any:
        who = api.as_(self.account) if self.account else api.visitor
        return who.request(self.method, self.path, content=body, headers={**JSON, **headers})


_APPLICATION = {
    "name": "研究院",
    "credit_code": "91310107EXAMPLE00X",
    "jurisdiction": "suzhou",
    "kind": "institute",
    "contact": {"name": "联系人", "phone": "0512-1234567"},
}
ROUTES = {
    "logging in, as a visitor": Route(None, "POST", "accounts/wechat-login", {"code": "code:member-1"}),
    "registering an organisation": Route("member-2", "POST", "accounts/organizations", _APPLICATION),
    "one's own profile": Route("member-2", "PATCH", "accounts/me", {"nickname": "小王"}),
    "a challenge": Route("company-suzhou", "POST", "challenges", challenge()),
    "a claim": Route("institute-suzhou", "POST", f"challenges/{new_id()}/claims", claim()),
    "an action with reasons": Route(
        "operator-suzhou", "POST", f"challenges/{new_id()}/return", {"reasons": [{"field": "title", "message": "改"}]}
    ),
    "an action without words": Route("operator-alliance", "POST", "ops/search/read-models/nothing/rebuild", {}),
    "a batch": Route(
        "operator-suzhou",
        "POST",
        "sync/batches",
        {"jurisdiction": "suzhou", "kind": "platform", "mode": "delta", "rows": 1, "sha256": "0" * 64},
    ),
    "a saved search": Route("member-2", "POST", "search/subscriptions", {"name": "氢能", "query": {"q": "氢能"}}),
    "consents": Route("member-2", "POST", "notifications/consents", {"results": {"template": "accept"}}),
    "preferences": Route(
        "member-2", "PUT", "notifications/preferences", {"channels": {}, "quiet_hours": None, "digest": "off"}
    ),
}

NO_JSON = {
    "cut off": b'{"name": ',
    "nothing but a word": b"hello",
    "a form": b"a=1&b=2",
    "NaN": b'{"name": NaN}',
    "infinity": b'{"name": -Infinity}',
    "a number beyond any": b'{"name": 1e999}',
    "a number of 100,000 digits": b'{"name": ' + b"9" * 100_000 + b"}",
    "a fraction of 100,000 digits": b'{"name": 0.' + b"9" * 100_000 + b"}",
    "a key twice": b'{"name": "a", "name": "b"}',
    "a key twice, deep inside": b'{"a": [{"b": {"name": 1, "name": 1}}]}',
    "bad UTF-8": b'{"name": "\xff\xfe"}',
    "UTF-16": '{"name": "a"}'.encode("utf-16"),
    "overlong UTF-8": b'{"name": "\xc0\xaf"}',
    "a NUL byte": b'{"name": "a\x00b"}',
    "an escaped NUL": b'{"name": "a\\u0000b"}',
    "an escaped NUL in a key": b'{"na\\u0000me": "a"}',
    "half a surrogate pair": b'{"name": "\\ud800"}',
    "lists nested 10,000 deep": b"[" * 10_000 + b"]" * 10_000,
    "objects nested 10,000 deep": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "nested 10,000 deep and cut off": b'{"a":[' * 10_000,
}
NO_OBJECT = {"a list": b"[]", "a text": b'"name"', "a number": b"1", "null": b"null", "true": b"true"}


@pytest.mark.parametrize("route", ROUTES.values(), ids=ROUTES)
def test_what_is_no_json_is_400(api: Api, route: Route) -> None:
    for what, body in NO_JSON.items():
        visitors = route.account is None and len(body) > VISITORS_BODY
        assert_refused(route.send(api, body), *((413, "too_large") if visitors else (400, "bad_json")), what)


@pytest.mark.parametrize("route", ROUTES.values(), ids=ROUTES)
def test_what_is_no_object_is_422(api: Api, route: Route) -> None:
    for what, body in NO_OBJECT.items():
        assert_refused(route.send(api, body), 422, "wrong_type", what)


@pytest.mark.parametrize("route", ROUTES.values(), ids=ROUTES)
def test_a_wrong_content_type_is_415(api: Api, route: Route) -> None:
    body = json.dumps(route.body).encode()
    for kind in (
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/xml",
        "",
    ):
        assert_refused(route.send(api, body, **{"content-type": kind}), 415, "wrong_content_type", kind)


@pytest.mark.parametrize("route", ROUTES.values(), ids=ROUTES)
def test_a_body_beyond_a_megabyte_is_413(api: Api, route: Route) -> None:
    body = b'{"name": "' + b"a" * 1_100_000 + b'"}'
    assert_refused(route.send(api, body), 413, "too_large")


@pytest.mark.parametrize("route", ROUTES.values(), ids=ROUTES)
def test_an_unknown_field_is_422_on_that_field(api: Api, route: Route) -> None:
    answer = route.send(api, json.dumps({**route.body, "unexpected": 1}).encode())
    assert_refused(answer, 422, "unknown_field")
    assert ("unexpected", "unknown_field") in {(each["field"], each["code"]) for each in answer.body["errors"]}


@pytest.mark.parametrize("route", ROUTES.values(), ids=ROUTES)
def test_an_object_where_a_text_belongs_is_422_wrong_type(api: Api, route: Route) -> None:
    for operator in ({"$ne": None}, {"$gt": ""}, {"$where": "1"}, ["a"], 1):
        for name, body in _with_each_text_replaced(route.body, operator):
            answer = route.send(api, json.dumps(body).encode())
            assert_refused(answer, 422, "wrong_type", (name, operator))


def _with_each_text_replaced(value: Any, by: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """(path, the body with the text there replaced), for every text in it."""
    if isinstance(value, str):
        yield name, by
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from ((at, {**value, key: new}) for at, new in _with_each_text_replaced(each, by, f"{name}.{key}"))
    elif isinstance(value, list):
        for i, each in enumerate(value):
            for at, new in _with_each_text_replaced(each, by, f"{name}[{i}]"):
                yield at, [*value[:i], new, *value[i + 1 :]]


QUERIES = {
    "a limit below one": ("limit=-1", "invalid"),
    "no limit": ("limit=0", "invalid"),
    "a limit of a thousand million": ("limit=1000000000", "invalid"),
    "a limit that is a word": ("limit=all", "wrong_type"),
    "a limit beyond any integer": ("limit=" + "9" * 100, "invalid"),
    "an operator in a known name": ("limit[$gt]=", "wrong_type"),
    "an operator in an unknown name": ("a[$gt]=", "unknown_field"),
    "an unknown name": ("unexpected=1", "unknown_field"),
    "a cursor that is none": ("cursor=!!!", "invalid"),
    "a cursor of another shape": (f"cursor={encode({'$gt': ''})}", "invalid"),
    "a cursor that is a number": (f"cursor={encode(10**9)}", "invalid"),
    "a cursor of nested lists": (f"cursor={encode([[[[]]]])}", "invalid"),
    "a cursor beyond its length": ("cursor=" + "a" * 2_000, "invalid"),
}
LISTS = {
    "accounts.list-organizations": "operator-suzhou",
    "challenges.list": None,
    "sync.list-batches": "operator-suzhou",
    "sync.list-agents": "operator-suzhou",
    "sync.list-jurisdictions": None,
    "search.search": None,
    "search.list-saved-searches": "member-2",
    "notifications.list-inbox": "member-2",
    "notifications.list-deliveries": "operator-alliance",
    **{f"search.{name}": "operator-alliance" for name in ("list-dead-letters", "show-lag", "list-read-models")},
    **{f"{name}.list-dead-letters": "operator-suzhou" for name in ("accounts", "sync")},
}


@pytest.mark.parametrize("action", LISTS)
def test_a_list_takes_no_limit_cursor_or_parameter_that_is_none(api: Api, action: str) -> None:
    account = LISTS[action]
    who = api.as_(account) if account else api.visitor
    for what, (query, code) in QUERIES.items():
        assert_refused(who.get(f"{path(RULES[action], {})}?{query}"), 422, code, what)


@pytest.mark.parametrize("action", LISTS)
def test_a_parameter_without_a_value_is_as_good_as_none(api: Api, action: str) -> None:
    account = LISTS[action]
    who, where = api.as_(account) if account else api.visitor, path(RULES[action], {})
    assert who.get(f"{where}?cursor=&limit=1").expect(200) == who.get(f"{where}?limit=1").expect(200)


def test_an_operator_in_the_name_of_a_known_parameter_is_a_wrong_type(api: Api) -> None:
    assert_refused(api.visitor.get("challenges?jurisdiction[$ne]=suzhou"), 422, "wrong_type")


def test_a_nul_in_a_query_is_400(api: Api) -> None:
    assert_refused(api.visitor.get("search?q=a%00b"), 400, "bad_request")


ODD_IDS = ["%00", "..%2f..%2fme", "%24where", '{"$ne":1}', "a" * 3_000, "%ff%fe", "🙂", "%0d%0aX-Injected:%201", "null"]


@pytest.mark.parametrize("odd", ODD_IDS, ids=range(len(ODD_IDS)))
def test_an_odd_id_is_not_found_and_never_an_error_of_ours(api: Api, odd: str) -> None:
    alliance = api.as_("operator-alliance")
    for rule in RULES.values():
        if rule.method == "GET" and parameters(rule):
            answer = alliance.get(path(rule, dict.fromkeys(parameters(rule), odd)))
            assert answer.status in (400, 403, 404, 414, 422, 431), f"{rule.action} {odd[:20]}: {answer.status}"
            assert "x-injected" not in answer.headers


def test_every_write_wants_an_idempotency_key(api: Api) -> None:
    without = {*WITHOUT_KEY, "notifications.greet-wechat"}
    accounts = ("member-2", "company-suzhou", "operator-suzhou", "operator-alliance")
    for rule in RULES.values():
        if rule.method == "GET" or rule.action in without:
            continue
        values = dict.fromkeys(parameters(rule), "1")
        answers = [api.as_(each).request(rule.method, path(rule, values), key="") for each in accounts]
        assert "idempotency_key_missing" in {answer.code for answer in answers}, rule.action
        assert {answer.code for answer in answers} <= {
            "idempotency_key_missing",
            "organization_required",
            "forbidden",
        }, rule.action


@pytest.mark.parametrize("key", ["", "a" * 129, "ключ", "a\tb"])
def test_an_idempotency_key_is_1_to_128_printable_characters(api: Api, key: str) -> None:
    sent = {"idempotency-key": key.encode()}
    answer = api.as_("member-2").request("POST", "search/subscriptions", key="", headers=sent, json={})  # type: ignore[arg-type]
    assert_refused(answer, 400, "idempotency_key_missing")


def saved(who: Someone, key: str, name: str = "一") -> Any:
    return who.post("search/subscriptions", json={"name": name, "query": {"q": "氢能"}}, key=key)


def test_the_same_key_answers_the_same_and_with_another_body_nothing_is_done(api: Api) -> None:
    who, key = api.as_(f"member-{new_id()[-6:]}"), new_id()
    first, again, other = saved(who, key), saved(who, key), saved(who, key, "二")
    assert (first.status, again.status, first.body["id"]) == (201, 201, again.body["id"])
    assert again.headers["idempotency-replayed"] == "true"
    assert_refused(other, 422, "idempotency_key_reused")
    assert len(who.get("search/subscriptions").expect(200)["items"]) == 1


def test_the_same_key_of_somebody_else_is_another_key(api: Api) -> None:
    key = new_id()
    mine, yours = (saved(api.as_(f"member-{new_id()[-6:]}"), key) for _ in range(2))
    assert mine.expect(201)["id"] != yours.expect(201)["id"]


def test_twenty_at_once_under_one_key_are_one(api: Api) -> None:
    who, key = api.as_(f"member-{new_id()[-6:]}"), new_id()
    saved(who, new_id())  # logged in, known everywhere
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: saved(who, key), range(20)))
    assert {answer.status for answer in answers} <= {201, 409}
    assert len({answer.body["id"] for answer in answers if answer.status == 201}) == 1
    assert len(who.get("search/subscriptions").expect(200)["items"]) == 2


def test_if_match_wants_a_version_and_the_right_one(api: Api) -> None:
    who = api.as_("company-suzhou")
    drafted: Json = who.post("challenges", json=challenge()).expect(201)
    for given, status, code in (("x", 400, "bad_request"), ('"7"', 412, "version_conflict")):
        answer = who.patch(f"challenges/{drafted['id']}", json={"title": "新"}, headers={"if-match": given})
        assert_refused(answer, status, code, given)
    who.patch(f"challenges/{drafted['id']}", json={"title": "新"}, headers={"if-match": '"1"'}).expect(200)


LARGE = {
    "fields that nobody knows": b"{" + b",".join(b'"x%d":1' % n for n in range(80_000)) + b"}",
    "fields of long names": b"{" + b",".join(b'"%s%d":1' % (b"x" * 10_000, n) for n in range(90)) + b"}",
    "escaped names": b"{" + b",".join(b'"%s%d":1' % (b"\\u0001" * 1_000, n) for n in range(90)) + b"}",
    "nothing but brackets": b"[" * 500_000,
    "empty objects": b"[" + b"{}," * 300_000 + b"{}]",
}


@pytest.mark.parametrize("body", LARGE.values(), ids=LARGE)
def test_a_refused_request_of_a_visitor_is_never_answered_at_length(api: Api, body: bytes) -> None:
    for rule in RULES.values():
        if rule.method == "GET" or not {"visitor", "wechat"} & set(rule.allow):
            continue
        for size in (4_000, len(body)):
            answer = api.visitor.request(rule.method, path(rule, {}), content=body[:size], headers=JSON)
            assert 400 <= answer.status < 500, f"{rule.action}: {answer.status}"
            assert len(answer.raw) < 64_000, rule.action


def test_a_refused_question_of_a_visitor_is_never_answered_at_length(api: Api) -> None:
    for rule in RULES.values():
        if rule.method == "GET" and "visitor" in rule.allow:
            values = dict.fromkeys(parameters(rule), "1")
            for query in ("&".join(f"x{n}=1" for n in range(3_000)), "%01" * 8_000 + "=1"):
                answer = api.visitor.get(f"{path(rule, values)}?{query}")
                assert 400 <= answer.status < 500, f"{rule.action}: {answer.status}"
                assert len(answer.raw) < 64_000, rule.action


@pytest.mark.parametrize("body", LARGE.values(), ids=LARGE)
def test_a_refused_request_of_a_member_is_never_answered_at_length(api: Api, body: bytes) -> None:
    for name, route in ROUTES.items():
        answer = route.send(api, body)
        assert 400 <= answer.status < 500, name
        assert len(answer.raw) < 64_000, name


def test_whatever_was_refused_the_next_request_on_the_same_connection_is_answered(api: Api) -> None:
    """A service that closed the connection would cost somebody else their POST: the gateway does not repeat one."""
    for body in [*LARGE.values(), *NO_JSON.values()]:
        api.visitor.request("POST", "accounts/wechat-login", content=body, headers=JSON)
        api.visitor.post("accounts/wechat-login", json={"code": "code:member-1"}).expect(200)


def test_a_query_that_is_no_utf8_is_400(api: Api) -> None:
    assert_refused(api.visitor.get("search?q=%ff%fe"), 400, "bad_request")


def test_a_set_named_twice_is_a_union_and_a_single_value_named_twice_is_refused(api: Api) -> None:
    twice = api.visitor.get("search?jurisdiction=suzhou&jurisdiction=nanjing").expect(200)
    assert twice["total"] == api.visitor.get("search?jurisdiction=suzhou,nanjing").expect(200)["total"]
    assert_refused(api.visitor.get("search?limit=1&limit=2"), 422, "invalid")


def test_head_is_answered_wherever_get_is(api: Api) -> None:
    for rule in RULES.values():
        if rule.method == "GET" and "visitor" in rule.allow and not parameters(rule):
            got, head = (api.visitor.request(method, path(rule, {})) for method in ("GET", "HEAD"))
            assert (head.status, head.raw) == (got.status, b""), rule.action


def test_a_post_stands_for_a_patch_where_there_is_one(api: Api) -> None:
    override = {"x-http-method-override": "PATCH"}
    who = api.as_(f"member-{new_id()[-6:]}")
    who.post("accounts/me", json={"nickname": "小程序"}, headers=override).expect(200)
    assert who.get("accounts/me").expect(200)["nickname"] == "小程序"
    assert_refused(who.post("search/subscriptions", json={}, headers=override), 405, "method_not_allowed")


def test_a_method_or_path_that_is_not_there_is_a_problem_too(api: Api) -> None:
    for method, where, allowed in (("PUT", "search/home", "GET, HEAD"), ("DELETE", "challenges", "GET, HEAD, POST")):
        answer = api.visitor.request(method, where)
        assert_refused(answer, 405, "method_not_allowed")
        assert answer.headers["allow"] == allowed
    assert_refused(api.visitor.get("nowhere"), 404, "not_found")
    assert_proper(api.visitor.get("accounts/nothing/here"))


def test_a_request_keeps_its_id_from_the_gateway_to_the_answer(api: Api) -> None:
    for given in ("abc-123_x", "0190a6b2-3c4d-7e8f-9a0b-1c2d3e4f5a6b"):
        assert api.visitor.get("search", headers={"x-request-id": given}).headers["x-request-id"] == given
    made = api.visitor.get("nowhere/at/all")
    assert made.body["request_id"] == made.headers["x-request-id"]
