"""The edge of every service, in this process: what is refused before a route is reached, and in which order."""

from typing import Annotated, Any

import httpx2
import pytest
from fastapi import Query
from pydantic import BaseModel, ConfigDict

from shared.access.checking import VISITOR, Caller
from shared.events.accounts import Role
from shared.http.door import create_app
from shared.http.routes import AttemptOf, CallerOf, Empty, Router
from shared.settings import Settings
from shared.values.ids import new_id

ALLIANCE = Caller(user_id="a", grants=frozenset({(Role.ALLIANCE_OPERATOR, None)}))
MEMBER = Caller(user_id="m", grants=frozenset({(Role.MEMBER, None)}))


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    reason: str = ""


def client(caller: Caller, **settings: Any) -> httpx2.AsyncClient:
    """An application with a list for operators, writes that are the alliance's alone, and a list for everybody."""
    router = Router()

    @router.action("notifications.list-deliveries")
    async def deliveries(_: CallerOf) -> dict[str, str]:
        return {"reached": "deliveries"}

    @router.action("notifications.discard-dead-letter")
    async def discard(_: CallerOf, attempt: AttemptOf, letter_id: str, body: Body) -> dict[str, str]:
        return {"reached": body.reason, "key": attempt.key}

    @router.action("notifications.rebuild-read-model")
    async def rebuild(_: CallerOf, __: AttemptOf, name: str, ___: Empty) -> dict[str, str]:
        return {"reached": name}

    @router.action("notifications.list-templates")
    async def templates(_: CallerOf, status: Annotated[str | None, Query()] = None) -> dict[str, str | None]:
        return {"reached": status}

    async def authenticate(_: object) -> Caller:
        return caller

    app = create_app("notifications", Settings(**settings), authenticate)
    app.include_router(router)
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://service/api/v1/")


async def outcome(caller: Caller, method: str, path: str, **sent: Any) -> tuple[int, str]:
    async with client(caller) as http:
        answer = await http.request(method, path, **sent)
    return answer.status_code, answer.json().get("code", "")


@pytest.mark.parametrize(("caller", "expected"), [(VISITOR, (401, "token_missing")), (MEMBER, (403, "forbidden"))])
async def test_who_is_not_named_in_the_table_gets_no_further_than_the_door(
    caller: Caller, expected: tuple[int, str]
) -> None:
    """Not even to what else is wrong with the request: no key, no JSON, an unknown parameter."""
    write = "ops/notifications/dead-letters/x/discard"
    assert await outcome(caller, "GET", "notifications/deliveries") == expected
    assert await outcome(caller, "POST", f"{write}?unknown=1", content=b"{") == expected
    assert await outcome(ALLIANCE, "GET", "notifications/deliveries") == (200, "")


async def test_past_the_door_the_query_comes_first_then_the_key_then_the_body() -> None:
    write, key = "ops/notifications/dead-letters/x/discard", {"idempotency-key": "k"}
    json_type = {"content-type": "application/json"}
    assert await outcome(ALLIANCE, "POST", f"{write}?unknown=1") == (422, "unknown_field")
    assert await outcome(ALLIANCE, "POST", write) == (400, "idempotency_key_missing")
    assert await outcome(ALLIANCE, "POST", write, headers=key, content=b"{") == (415, "wrong_content_type")
    assert await outcome(ALLIANCE, "POST", write, headers=key | json_type, content=b"{") == (400, "bad_json")
    assert await outcome(ALLIANCE, "POST", write, headers=key | json_type, content=b"{}") == (200, "")


@pytest.mark.parametrize("key", [{}, {"idempotency-key": "k" * 129}])
async def test_a_key_that_is_missing_or_too_long_is_refused_in_words_that_fit_both(key: dict[str, str]) -> None:
    async with client(ALLIANCE) as http:
        answer = await http.post("ops/notifications/dead-letters/x/discard", headers=key)
    assert (answer.status_code, answer.json()["title"]) == (400, "缺少提交编号或其格式不符")
    assert "刷新页面后重试" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", (200, "")),
        (b"{}", (200, "")),
        (b'{"surprise": 1}', (422, "unknown_field")),
        (b"[]", (422, "wrong_type")),
        (b"null", (422, "wrong_type")),
        (b"{", (400, "bad_json")),
    ],
)
async def test_an_action_that_needs_no_words_takes_an_empty_object_or_nothing(
    body: bytes, expected: tuple[int, str]
) -> None:
    headers = {"idempotency-key": "k", "content-type": "application/json"}
    path = "ops/notifications/read-models/users/rebuild"
    assert await outcome(ALLIANCE, "POST", path, content=body, headers=headers) == expected


@pytest.mark.parametrize(("query", "code"), [("status[$ne]=a", "wrong_type"), ("a[$ne]=b", "unknown_field")])
async def test_an_operator_in_the_name_of_a_parameter_is_refused(query: str, code: str) -> None:
    async with client(VISITOR) as http:
        answer = await http.get(f"notifications/templates?{query}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == code


async def test_a_caller_that_comes_too_often_is_refused_and_others_are_not() -> None:
    async with client(MEMBER, rate_per_second=3) as http:
        answers = [await http.get("notifications/templates") for _ in range(20)]
    assert {answer.status_code for answer in answers} == {200, 429}
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert int(refused.headers["retry-after"]) >= 1


async def test_a_body_beyond_a_mebibyte_is_refused_announced_or_not() -> None:
    async def pieces() -> Any:
        for _ in range(20):
            yield b"a" * 100_000

    write, headers = "ops/notifications/dead-letters/x/discard", {"idempotency-key": new_id()}
    for content in (b"a" * 2_000_000, pieces()):
        assert await outcome(ALLIANCE, "POST", write, content=content, headers=headers) == (413, "too_large")
