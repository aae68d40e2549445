"""The door, in this process: what is asked of a request before it costs anything, and what every exception becomes."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any

import httpx2
import pytest
from fastapi import Query
from pydantic import BaseModel, ConfigDict
from pymongo.errors import OperationFailure
from starlette.responses import Response

from shared.access.checking import VISITOR, Caller
from shared.events.accounts import Role
from shared.http.binding import SEVERAL
from shared.http.door import Door, create_app
from shared.http.routes import AttemptOf, CallerOf, Router
from shared.settings import Settings
from shared.values import problems
from shared.values.problems import Refusal

GOOD, BAD = {"authorization": "Bearer good"}, {"authorization": "Bearer bad"}
JSON = {"content-type": "application/json"}
Listed = Annotated[str | None, Query(max_length=50), SEVERAL]


class Login(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    code: str


class Shown(BaseModel):
    name: str


class Whole(Shown):
    secret: str = "hidden"


BUG = ZeroDivisionError("a bug")


def door(failing: Exception = BUG, **settings: Any) -> Door:
    """Accounts' routes with endpoints of this test: who shows `good` is a member, without a token a visitor."""
    router = Router()

    @router.action("accounts.log-in")
    async def log_in(_: CallerOf, login: Login) -> dict[str, str]:
        if login.code == "wrong":
            raise Refusal(problems.TOKEN_INVALID)
        return {"code": login.code}

    @router.action("accounts.show-me")
    async def show_me(caller: CallerOf, response: Response) -> Shown:
        response.headers["ETag"] = '"7"'
        return Whole(name=caller.id)

    @router.action("accounts.change-me")
    async def change_me(attempt: AttemptOf) -> dict[str, str]:
        return {"digest": attempt.digest}

    @router.action("accounts.list-organizations")
    async def broken() -> None:
        raise failing

    @router.action("accounts.show-keys")
    async def keys(kind: Listed = None, status: str | None = None, tag: Annotated[list[str], Query()] = []) -> Any:  # noqa: B006
        return {"kind": kind, "status": status, "tag": tag}

    async def authenticate(request: Any) -> Caller:
        token = request.headers.get("authorization")
        if token is None:
            return VISITOR
        if token != GOOD["authorization"]:
            raise Refusal(problems.TOKEN_INVALID)
        roles = {(Role.MEMBER, None), (Role.ALLIANCE_OPERATOR, None)}
        return Caller(user_id="m", grants=frozenset(roles))

    app = create_app("accounts", Settings(**settings), authenticate)
    app.include_router(router)
    return app


def client(app: Door) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://service/api/v1/accounts/")


async def asked(method: str, path: str, app: Door | None = None, **sent: Any) -> httpx2.Response:
    async with client(app or door()) as http:
        return await http.request(method, path, **sent)


class Line:
    """A connection by hand: what the application takes of the body, and what it sends."""

    def __init__(self, *chunks: bytes, hangs_up: bool = False, **headers: str) -> None:
        self.chunks, self.hangs_up, self.read = list(chunks), hangs_up, 0
        self.headers = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        self.sent: list[dict[str, Any]] = []

    async def ask(self, app: Door, method: str, path: str) -> None:
        scope = {"type": "http", "method": method, "path": f"/api/v1/accounts/{path}", "query_string": b""}
        await app({**scope, "headers": self.headers, "http_version": "1.1"}, self._receive, self._send)

    @property
    def status(self) -> int:
        return int(self.sent[0]["status"])

    @property
    def sent_headers(self) -> dict[bytes, bytes]:
        return dict(self.sent[0]["headers"])

    async def _receive(self) -> dict[str, Any]:
        if not self.chunks and self.hangs_up:
            return {"type": "http.disconnect"}
        chunk = self.chunks.pop(0) if self.chunks else b""
        self.read += len(chunk)
        return {"type": "http.request", "body": chunk, "more_body": bool(self.chunks) or self.hangs_up}

    async def _send(self, message: Any) -> None:
        self.sent.append(message)


async def test_of_a_body_beyond_every_limit_nothing_is_read_and_its_connection_ends() -> None:
    line = Line(*[b"x" * 65_536] * 400, content_length=str(26_214_400))
    await line.ask(door(), "PATCH", "me")
    assert (line.status, line.read) == (401, 0)
    assert line.sent_headers[b"connection"] == b"close"


async def test_a_body_that_was_refused_is_dropped_while_it_comes_and_its_connection_goes_on() -> None:
    line = Line(*[b"x" * 65_536] * 100, content_length=str(6_553_600))
    await line.ask(door(bytes_in_flight=1), "PATCH", "me")
    assert (line.status, line.read) == (401, 6_553_600)
    assert b"connection" not in line.sent_headers


async def test_a_visitors_body_is_small_announced_or_not() -> None:
    announced, unannounced = Line(b"x" * 5_000, content_length="5000"), Line(*[b"x" * 1_000] * 10)
    for line in (announced, unannounced):
        await line.ask(door(), "POST", "wechat-login")
        assert line.status == 413


async def test_what_all_bodies_hold_together_is_bounded_and_given_back() -> None:
    app, headers = door(bytes_in_flight=100_000), {**GOOD, **JSON, "idempotency-key": "k"}
    assert (await asked("PATCH", "me", app, content=b" " * 200_000, headers=headers)).json()["code"] == "busy"
    for _ in range(5):
        assert (await asked("PATCH", "me", app, content=b" " * 90_000, headers=headers)).status_code == 200


async def test_a_client_that_hangs_up_is_no_error_of_ours() -> None:
    line = Line(b"{", hangs_up=True, content_type="application/json")
    await line.ask(door(), "POST", "wechat-login")
    assert line.sent == []


async def test_an_address_that_shows_bad_tokens_is_refused_before_they_are_looked_at() -> None:
    app = door(refusals_per_minute=5)
    answers = [(await asked("GET", "me", app, headers=BAD)).status_code for _ in range(10)]
    assert answers == [401] * 5 + [429] * 5


async def test_who_was_recognised_before_still_comes_in_from_that_address_and_visitors_still_read() -> None:
    app = door(refusals_per_minute=5)
    assert (await asked("GET", "me", app, headers=GOOD)).status_code == 200
    for _ in range(10):
        await asked("GET", "me", app, headers=BAD)
    assert (await asked("GET", "me", app, headers=GOOD)).status_code == 200
    assert (await asked("GET", "jwks", app)).status_code == 200


@pytest.mark.parametrize(
    ("first", "same", "other"),
    [
        ("2001:db8:1:2:{}::1", "2001:db8:1:2:ffff::1", "2001:db8:1:3::1"),
        ("2001:db8::{}:0:0:1", "2001:db8::ffff:1", "2001:db8:0:1::1"),
        ("::ffff:192.0.2.1", "::ffff:c000:201", "::ffff:192.0.2.2"),
        ("192.0.2.1", "192.0.2.1", "192.0.2.2"),
    ],
)
async def test_another_address_has_a_budget_of_its_own_and_the_network_counts_as_one_in_ipv6(
    first: str, same: str, other: str
) -> None:
    app = door(refusals_per_minute=5)
    for host in range(10):
        await asked("GET", "me", app, headers={**BAD, "x-forwarded-for": first.format(host)})
    answers = [await asked("GET", "me", app, headers={**BAD, "x-forwarded-for": each}) for each in (same, other)]
    assert [each.status_code for each in answers] == [429, 401]


async def test_bad_codes_at_login_are_refusals_of_their_address_and_good_ones_are_not() -> None:
    app = door(refusals_per_minute=5)
    good = [(await asked("POST", "wechat-login", app, json={"code": "good"})).status_code for _ in range(20)]
    bad = [(await asked("POST", "wechat-login", app, json={"code": "wrong"})).status_code for _ in range(10)]
    assert (set(good), bad) == ({200}, [401] * 5 + [429] * 5)


async def test_a_bug_becomes_an_answer_and_never_leaves_the_application() -> None:
    answer = await asked("GET", "organizations", headers=GOOD)
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "bug" not in answer.text


@pytest.mark.parametrize(("code", "status"), [(14031, 503), (39, 503), (43, 503), (99_999, 503), (2, 500), (121, 500)])
async def test_a_fault_of_the_database_is_503_and_says_when_to_come_back_and_a_bug_is_500(
    code: int, status: int
) -> None:
    answer = await asked("GET", "organizations", door(failing=OperationFailure("of the database", code)), headers=GOOD)
    assert (answer.status_code, "retry-after" in answer.headers) == (status, status == 503)


async def test_a_bug_in_health_becomes_an_answer_too() -> None:
    app = door()

    @app.get("/healthz")
    async def alive() -> None:
        raise ZeroDivisionError("a bug")

    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://service") as http:
        assert (await http.get("/healthz")).status_code == 500


async def test_a_post_that_stands_for_a_patch_is_that_patch() -> None:
    app, headers = door(), {**GOOD, "idempotency-key": "k"}
    patched = await asked("PATCH", "me", app, headers=headers, json={})
    posted = await asked("POST", "me", app, headers={**headers, "x-http-method-override": "PATCH"}, json={})
    assert patched.json() == posted.json()
    assert posted.status_code == 200


@pytest.mark.parametrize(("path", "method"), [("wechat-login", "PATCH"), ("wechat-login", "DELETE"), ("me", "DELETE")])
async def test_an_override_where_there_is_no_patch_does_nothing(path: str, method: str) -> None:
    answer = await asked("POST", path, headers={**GOOD, "x-http-method-override": method}, json={"code": "a"})
    assert answer.status_code == 405


async def test_a_post_without_an_override_is_no_patch() -> None:
    assert (await asked("POST", "me", headers=GOOD, json={})).status_code == 405


async def test_a_parameter_that_is_a_set_may_be_repeated_and_any_other_may_not() -> None:
    assert (await asked("GET", "jwks?kind=a&kind=b,c&tag=x&tag=y")).json() == {
        "kind": "a,b,c",
        "status": None,
        "tag": ["x", "y"],
    }
    answer = await asked("GET", "jwks?status=a&status=b")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "repeated")


@pytest.mark.parametrize("query", ["status=%ff%fe", "%ff=1", "status=%c0%af"])
async def test_a_query_that_is_not_utf8_is_400(query: str) -> None:
    assert (await asked("GET", f"jwks?{query}")).status_code == 400


async def test_head_answers_as_get_does_without_a_body() -> None:
    got, head = await asked("GET", "me", headers=GOOD), await asked("HEAD", "me", headers=GOOD)
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", '"7"')
    assert head.headers["content-length"] == got.headers["content-length"]


@pytest.mark.parametrize(
    ("given", "status"), [('"7"', 304), ('W/"7"', 304), ('"6", "7"', 304), ("*", 304), ('"6"', 200)]
)
async def test_a_version_that_the_client_has_is_304(given: str, status: int) -> None:
    answer = await asked("GET", "me", headers={**GOOD, "if-none-match": given})
    assert (answer.status_code, answer.headers["etag"]) == (status, '"7"')
    assert (answer.content == b"") == (status == 304)


async def test_what_everybody_may_read_may_be_kept_for_a_moment_and_all_else_is_not_stored() -> None:
    public, own = await asked("GET", "jwks"), await asked("GET", "jwks", headers=GOOD)
    assert public.headers["cache-control"].startswith("public, max-age=")
    assert (public.headers["vary"], own.headers["cache-control"]) == ("Authorization", "no-store")
    for answer in (
        await asked("GET", "me", headers=GOOD),
        await asked("POST", "wechat-login", json={"code": "a"}),
        await asked("GET", "nowhere"),
        await asked("GET", "me"),
    ):
        assert answer.headers["cache-control"] == "no-store"


async def test_what_only_a_subclass_has_is_not_shown() -> None:
    assert (await asked("GET", "me", headers=GOOD)).json() == {"name": "m"}


async def test_a_path_with_one_slash_too_many_is_not_found_and_redirects_nowhere() -> None:
    answer = await asked("GET", "me/", headers={"host": "evil.example"})
    assert (answer.status_code, "location" in answer.headers) == (404, False)


async def test_a_body_that_does_not_come_is_408_and_is_not_waited_for_again() -> None:
    async def never() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.Event().wait()

    answer = await asked("POST", "wechat-login", door(body_timeout_seconds=0.05), content=never(), headers=JSON)
    assert (answer.json()["code"], answer.headers["connection"]) == ("slow_body", "close")


def test_an_endpoint_that_would_hold_the_event_loop_cannot_be_built() -> None:
    def blocking() -> None:
        """Not asynchronous."""

    with pytest.raises(TypeError):
        Router().action("accounts.show-keys")(blocking)
