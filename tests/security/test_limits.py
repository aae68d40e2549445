"""Limits on how often and how slowly: a challenges process of its own whose limits are low."""

import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.client import Answer, Api, until
from tests.security import apart
from tests.security.problems_shown import assert_refused
from tests.stack import Stack

_LIMITS = {
    "HUNING_RATE_PER_SECOND": "5",
    "HUNING_BODY_TIMEOUT_SECONDS": "1",
    "HUNING_REFUSALS_PER_MINUTE": "5",
}


@pytest.fixture(scope="module")
def strict(stack: Stack) -> Iterator[Api]:
    """Straight to the process: at the gateway others would be counted too."""
    apart.apply_topics(stack)
    huning = str(Path(sys.executable).parent / "huning")
    with apart.running(apart.environment(stack, **_LIMITS), huning, "challenges", "serve") as address:
        yield Api(address)


def test_too_many_requests_are_429_and_say_when_to_come_back(strict: Api) -> None:
    answers = [strict.visitor.get("challenges") for _ in range(30)]
    refused = [answer for answer in answers if answer.status != 200]
    assert refused
    for answer in refused:
        assert_refused(answer, 429, "too_many_requests")
    until(lambda: strict.visitor.get("challenges").status == 200)


def test_one_callers_flood_does_not_touch_another(strict: Api, api: Api) -> None:
    flooding, calm = (strict.with_token(api.as_(name).token) for name in ("member-1", "member-2"))
    assert 429 in {flooding.get("challenges").status for _ in range(30)}
    calm.get("challenges").expect(200)


def test_a_body_that_does_not_come_is_408(strict: Api, api: Api) -> None:
    host, port = strict.base_url.removeprefix("http://").split(":")
    token = api.as_("company-suzhou").token
    assert_refused(trickle(host, int(port), "/api/v1/challenges", token), 408, "slow_body")


def test_for_a_body_of_somebody_who_may_not_come_in_nobody_waits(strict: Api) -> None:
    host, port = strict.base_url.removeprefix("http://").split(":")
    assert_refused(trickle(host, int(port), "/api/v1/challenges", announced=10_000_000), 401, "token_missing")


def test_bad_tokens_from_one_address_are_soon_not_looked_at(strict: Api, api: Api) -> None:
    good = strict.with_token(api.as_("member-3").token)
    good.get("challenges").expect(200)
    guessing = strict.with_token("e30.e30.AAAA")
    answers = until(lambda: [a for a in (guessing.get("challenges") for _ in range(20)) if a.status == 429])
    assert_refused(answers[0], 429, "too_many_requests")
    until(lambda: good.get("challenges").status == 200)


@pytest.mark.slow
def test_a_body_that_does_not_come_is_408_through_the_gateway(stack: Stack) -> None:
    assert_refused(trickle("127.0.0.1", stack.place.port, "/api/v1/accounts/wechat-login"), 408, "slow_body")


def trickle(host: str, port: int, path: str, token: str = "", announced: int = 100) -> Answer:
    """A request that announces more bytes than the ten it sends, and waits for what the other side says."""
    with socket.create_connection((host, port), timeout=30) as line:
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {announced}\r\n"
        )
        login = f"Authorization: Bearer {token}\r\nIdempotency-Key: k\r\n" if token else ""
        line.sendall(f"{head}{login}\r\n".encode() + b'{"code":"c')
        received = b""
        while b"\r\n\r\n" not in received or not received.rstrip().endswith(b"}"):
            chunk = line.recv(65536)
            if not chunk:
                break
            received += chunk
    first, _, body = received.partition(b"\r\n\r\n")
    lines = first.decode().split("\r\n")
    headers = {name: text for name, _, text in (each.partition(": ") for each in lines[1:])}
    response = httpx2.Response(int(lines[0].split()[1]), headers=headers, content=body)
    return Answer(response.status_code, response.json(), response.headers, body)
