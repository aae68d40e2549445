"""The gateway in front of two replicas: who is asked, what is asked again, and what is never sent twice."""

import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from deploy.local.topology import CADDYFILE
from shared.operations.rotation import LOOK_SECONDS
from tests.client import until
from tests.gateway.running import NAMES, Gateway, Upstream, started

ENOUGH = 20
"""Questions, of which each replica would get some if it were asked: by chance all go to one of two once in half a million."""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    with started(tmp_path_factory.mktemp("replicas"), replicas=2) as gateway:
        yield gateway


@pytest.fixture
def gateway(running: Gateway) -> Gateway:
    return running.fresh()


def ask(gateway: Gateway, method: str, path: str = "search", times: int = ENOUGH) -> list[int]:
    """The statuses of so many requests, one after another, writes under a key of their own."""
    keyed = [{"idempotency-key": f"{path}-{n}"} if method == "POST" else {} for n in range(times)]
    return [gateway.http.request(method, f"/api/v1/{path}", headers=each).status_code for each in keyed]


def no_longer_asked(gateway: Gateway, upstream: Upstream) -> None:
    """Waits until it is so, for reads and for writes."""

    def passed_over() -> bool:
        upstream.asked.clear()
        for method in ("GET", "POST"):
            ask(gateway, method)
        return upstream.asked == []

    until(passed_over)
    for each in gateway.upstreams:
        each.asked.clear()


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_every_replica_is_asked(gateway: Gateway, method: str) -> None:
    assert ask(gateway, method) == [200] * ENOUGH
    assert all(each.asked for each in gateway.upstreams)


def test_a_replica_that_says_it_is_not_ready_is_not_asked_until_it_is(gateway: Gateway) -> None:
    first = gateway.upstreams[0]
    first.says = "index: building, 43%"
    no_longer_asked(gateway, first)
    first.says = "ok"
    until(lambda: ask(gateway, "GET", times=1) and first.asked)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_while_one_replica_is_away_the_other_answers_everything(gateway: Gateway, method: str) -> None:
    gateway.upstreams[0].stop()
    assert ask(gateway, method) == [200] * ENOUGH
    assert len(gateway.upstreams[1].asked) == ENOUGH


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_read_whose_connection_breaks_is_asked_of_the_other(gateway: Gateway, method: str) -> None:
    first, second = gateway.upstreams
    first.drops = True
    assert ask(gateway, method) == [200] * ENOUGH
    assert first.asked
    assert len(second.asked) == ENOUGH


def test_a_replica_that_breaks_reads_rests_although_it_says_it_is_ready(gateway: Gateway) -> None:
    gateway.upstreams[0].drops = True
    assert ask(gateway, "GET", times=2 * ENOUGH) == [200] * 2 * ENOUGH
    assert len(gateway.upstreams[0].asked) < ENOUGH


@pytest.mark.parametrize("body", [b"", b"{}"])
def test_a_write_whose_connection_breaks_is_sent_to_nobody_again(gateway: Gateway, body: bytes) -> None:
    """Not even without a body and with a key, on a connection that Go's transport would have kept from the write before."""
    ask(gateway, "POST")
    for each in gateway.upstreams:
        each.drops = True
    before = len(gateway.asked())
    headers = {"idempotency-key": "once"}
    for number in range(1, 6):
        answer = gateway.http.post("/api/v1/challenges/1/submit", content=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (503, "upstream_unavailable")
        assert answer.headers["retry-after"] == "2"
        assert len(gateway.asked()) - before == number


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_bodies_that_clients_break_are_no_fault_of_a_replica(gateway: Gateway, method: str) -> None:
    for content in (b"x" * 1_000_001, iter([b"x" * 1_000_001])):
        for _ in range(ENOUGH):
            gateway.http.request(method, "/api/v1/search", content=content)
    for _ in range(ENOUGH):
        assert _sent(gateway, method, b"Transfer-Encoding: chunked", b"zz\r\n").startswith(b"HTTP/1.1 400")
    began = time.monotonic()
    assert ask(gateway, "GET") == [200] * ENOUGH
    assert time.monotonic() - began < 1


def test_a_read_has_no_body(gateway: Gateway) -> None:
    assert gateway.http.request("GET", "/api/v1/search", content=b"{}").status_code == 200
    assert gateway.http.request("GET", "/api/v1/search", content=iter([b"{}"])).status_code == 200
    assert [length for *_, length in gateway.asked()] == [0, 0]


@pytest.mark.slow
def test_a_read_that_a_paused_replica_does_not_answer_is_asked_of_the_other(gateway: Gateway) -> None:
    first, second = gateway.upstreams
    for each in gateway.upstreams:
        each.answering.clear()
    with ThreadPoolExecutor(ENOUGH) as pool:
        asked = [pool.submit(ask, gateway, "GET", times=1) for _ in range(ENOUGH)]
        until(lambda: first.asked and len(gateway.asked()) == ENOUGH)
        second.answering.set()
        assert [each.result() for each in asked] == [[200]] * ENOUGH


@pytest.mark.slow
def test_a_replica_that_is_paused_is_passed_over_by_reads_and_writes(gateway: Gateway) -> None:
    first = gateway.upstreams[0]
    before, lookers = gateway.not_answered(first), 2 * len(NAMES)
    first.answering.clear()
    until(lambda: gateway.not_answered(first) >= before + lookers)
    for method in ("GET", "POST"):
        assert ask(gateway, method) == [200] * ENOUGH
    assert first.asked == []


def _sent(gateway: Gateway, method: str, header: bytes, body: bytes) -> bytes:
    """What the gateway answers to these very bytes."""
    head = b"%s /api/v1/search HTTP/1.1\r\nHost: gateway\r\n%s\r\n\r\n" % (method.encode(), header)
    with socket.create_connection(("127.0.0.1", gateway.http.base_url.port or 0), timeout=10) as line:
        line.sendall(head + body)
        return line.recv(65_536)


def test_the_gateway_looks_as_often_as_processes_expect() -> None:
    assert f"health_interval {LOOK_SECONDS:.0f}s" in CADDYFILE.read_text()
