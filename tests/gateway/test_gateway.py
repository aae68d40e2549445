"""The gateway as it runs, in front of an upstream that does what a test tells it to."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread, Timer
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from deploy.local.topology import CADDYFILE, SERVICES

_NAMES = [service.name for service in SERVICES if service.behind_gateway]

_PASSED_ON = {"request_id": "x-request-id", "from": "x-forwarded-for", "trace": "traceparent"}
"""What the upstream tells of the headers that it got."""


@dataclass
class Upstream:
    """Answers 200 and remembers what it was asked; drops the connection of a path that says `dropped`."""

    port: int = 0
    asked: list[tuple[str, str, int]] = field(default_factory=list)
    server: ThreadingHTTPServer | None = None

    def start(self) -> None:
        asked = self.asked

        class Handler(BaseHTTPRequestHandler):
            def _answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                asked.append((self.command, self.path, len(body)))
                if "dropped" in self.path:
                    self.connection.shutdown(2)
                    return
                known = {name: self.headers[header] for name, header in _PASSED_ON.items()}
                answer = json.dumps(known | ({"text": "x" * 5_000} if "large" in self.path else {})).encode()
                self.send_response(503 if "unwell" in self.path else 401 if "unread" in self.path else 200)
                self.send_header("content-type", "application/json")
                if "versioned" in self.path:
                    self.send_header("etag", '"7"')
                if "unread" in self.path:
                    self.send_header("x-body-unread", "true")
                self.send_header("content-length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            do_GET = do_POST = do_PUT = _answer  # noqa: N815 the names that http.server wants

            def log_message(self, *_: object) -> None:
                """Silent."""

        self.server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a broken connection is meant
        self.port = self.server.server_address[1]
        Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        if self.server:
            self.server.shutdown()
            self.server.server_close()
            self.server = None


@dataclass
class Gateway:
    """Caddy with the Caddyfile that production has, all services at one upstream."""

    http: httpx2.Client
    upstream: Upstream
    log: Path

    def logged(self, word: str, count: int) -> list[str]:
        """What the access log calls the requests whose path has this word, once there are so many."""
        return [line["request"]["uri"] for line in self.lines(word, count)]

    def lines(self, word: str, count: int) -> list[dict[str, Any]]:
        """The lines about requests whose path, as logged, has this word, once there are so many."""
        while True:
            lines = [json.loads(line) for line in self.log.read_text().splitlines() if line.endswith("}")]
            found = [line for line in lines if word in line.get("request", {}).get("uri", "")]
            if len(found) >= count:
                return found
            time.sleep(0.02)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    folder = tmp_path_factory.mktemp("gateway")
    upstream, port = Upstream(port=_free_port()), _free_port()
    told = {f"HUNING_UPSTREAM_{name.upper()}": f"127.0.0.1:{upstream.port}" for name in _NAMES}
    own = {"HUNING_SITE": f"http://:{port}", "HUNING_BIND": "127.0.0.1", "XDG_DATA_HOME": str(folder)}
    own["HUNING_DOCUMENTS"] = str(CADDYFILE.parents[2] / "docs")
    caddy, log = Path(sys.executable).parent / "caddy", folder / "log"
    with (
        log.open("wb") as output,
        httpx2.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=20) as http,
        subprocess.Popen(
            [caddy, "run", "--config", CADDYFILE, "--adapter", "caddyfile"],
            env={**os.environ, **told, **own, "XDG_CONFIG_HOME": str(folder)},
            stdout=output,
            stderr=output,
        ) as process,
    ):
        _wait_alive(http)
        yield Gateway(http, upstream, log)
        process.terminate()


@pytest.fixture
def gateway(running: Gateway) -> Iterator[Gateway]:
    """The one gateway of this file, with an upstream that was asked nothing yet."""
    running.upstream.asked.clear()
    running.upstream.start()
    yield running
    running.upstream.stop()


@pytest.mark.parametrize(
    "path",
    [
        *("/accounts/me", "/challenges", "/challenges/1/claims", "/claims/1", "/sync/batches"),
        *("/search", "/search/map", "/notifications/inbox", "/notifications/wechat/callback"),
        *(f"/ops/{name}/lag" for name in _NAMES),
    ],
)
def test_every_path_of_the_public_api_reaches_its_service(gateway: Gateway, path: str) -> None:
    assert gateway.http.get(f"/api/v1{path}?a=b").status_code == 200
    assert gateway.upstream.asked == [("GET", f"/api/v1{path}?a=b", 0)]


@pytest.mark.parametrize("path", ["/", "/api/v1", "/api/v1/unknown", "/readyz", "/metrics", "/api/v1/ops/gateway/lag"])
def test_a_path_of_no_service_is_not_found_and_reaches_nobody(gateway: Gateway, path: str) -> None:
    answer = gateway.http.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["code"], problem["status"], problem["instance"]) == ("not_found", 404, path)
    assert problem["request_id"] == answer.headers["x-request-id"]
    assert gateway.upstream.asked == []


def test_the_keys_of_access_tokens_are_where_verifiers_look_for_them(gateway: Gateway) -> None:
    assert gateway.http.get("/.well-known/jwks.json").status_code == 200
    assert gateway.upstream.asked == [("GET", "/api/v1/accounts/jwks", 0)]


@pytest.mark.parametrize("name", ["openapi", "asyncapi"])
def test_the_contracts_are_served_by_the_gateway_itself(gateway: Gateway, name: str) -> None:
    answer = gateway.http.get(f"/api/v1/{name}.json")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert name in answer.json()
    assert gateway.upstream.asked == []


def test_a_path_that_json_would_have_to_escape_still_gets_a_readable_answer(gateway: Gateway) -> None:
    assert gateway.http.get('/api/v1/no"such\\path%22%0a').json()["code"] == "not_found"


def test_a_request_id_of_the_client_is_kept_and_one_that_is_missing_is_made(gateway: Gateway) -> None:
    kept = gateway.http.get("/api/v1/search", headers={"x-request-id": "mine-1"}).json()["request_id"]
    made = gateway.http.get("/api/v1/search").json()["request_id"]
    refused = gateway.http.get("/api/v1/search", headers={"x-request-id": 'a"b'}).json()["request_id"]
    assert kept == "mine-1"
    assert len(made) == len(refused) == 36


ABOUT_CLAIMS = ["claims/{id}", "claims/{id}/submit", "challenges/{id}/claims", "claims?mine=true&cursor={id}"]


@pytest.mark.parametrize("path", ABOUT_CLAIMS)
def test_a_request_about_a_claim_has_no_name_or_trace_of_the_clients(gateway: Gateway, path: str) -> None:
    headers = {"x-request-id": "mine-1", "traceparent": "00-" + "ab" * 16 + "-" + "cd" * 8 + "-01"}
    seen = gateway.http.get("/api/v1/" + path.format(id=uuid4()), headers=headers).json()
    assert len(seen["request_id"]) == 36
    assert seen["trace"] is None
    assert gateway.http.get("/api/v1/search", headers=headers).json()["trace"] == headers["traceparent"]


def test_a_body_that_is_too_large_is_refused_in_the_shape_of_all_refusals(gateway: Gateway) -> None:
    answer = gateway.http.post("/api/v1/challenges", content=b"x" * 1_000_001)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_a_part_of_a_batch_may_be_eight_mebibytes(gateway: Gateway) -> None:
    size = 8 * 1024 * 1024
    assert gateway.http.put("/api/v1/sync/batches/1/parts/0", content=b"x" * size).status_code == 200
    assert gateway.upstream.asked[-1][2] == size
    assert gateway.http.put("/api/v1/sync/batches/1/parts/0", content=b"x" * 9_000_001).status_code == 413


def test_a_command_that_was_sent_is_never_sent_again(gateway: Gateway) -> None:
    answer = gateway.http.post("/api/v1/challenges/dropped", content=b"{}")
    assert (answer.status_code, answer.json()["code"]) == (503, "upstream_unavailable")
    assert answer.headers["retry-after"] == "2"
    assert len(gateway.upstream.asked) == 1


def test_a_question_whose_connection_broke_is_asked_again(gateway: Gateway) -> None:
    assert gateway.http.get("/api/v1/search/dropped").status_code == 503
    assert len(gateway.upstream.asked) > 1


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_while_a_service_restarts_a_request_waits_for_it(gateway: Gateway, method: str) -> None:
    gateway.upstream.stop()
    Timer(0.5, gateway.upstream.start).start()
    assert gateway.http.request(method, "/api/v1/challenges").status_code == 200
    assert len(gateway.upstream.asked) == 1


def test_where_no_service_comes_back_the_caller_is_told_to_try_later(gateway: Gateway) -> None:
    gateway.upstream.stop()
    answer = gateway.http.post("/api/v1/challenges", content=b"{}")
    assert (answer.status_code, answer.json()["code"]) == (503, "upstream_unavailable")


def test_what_a_service_itself_says_is_passed_on_as_it_is(gateway: Gateway) -> None:
    answer = gateway.http.get("/api/v1/search/unwell")
    assert answer.status_code == 503
    assert set(answer.json()) == set(_PASSED_ON)


def test_the_log_names_the_path_and_neither_query_nor_headers(gateway: Gateway) -> None:
    gateway.http.get("/api/v1/search/logged?q=secret-word", headers={"authorization": "Bearer secret-token"})
    gateway.http.get("/api/v1/logged?echostr=secret-text")
    assert gateway.logged("logged", 2) == ["/api/v1/search/logged", "/api/v1/logged"]
    assert "secret" not in gateway.log.read_text()


@pytest.mark.parametrize(
    ("asked", "logged"),
    [
        ("claims/secret-1/submit", "claims/*/submit"),
        ("claims/secret-2", "claims/*"),
        ("challenges/secret-3/claims", "challenges/*/claims"),
    ],
)
def test_a_line_about_claims_has_neither_address_nor_id(gateway: Gateway, asked: str, logged: str) -> None:
    gateway.http.get(f"/api/v1/{asked}")
    for line in gateway.lines(logged, 1):
        assert not {"remote_ip", "client_ip", "remote_port"} & set(line["request"])
    assert "secret-" not in gateway.log.read_text()


def test_an_error_of_the_gateway_about_a_claim_has_neither_address_nor_id(gateway: Gateway) -> None:
    gateway.http.post("/api/v1/claims/secret-9-dropped", content=b"{}")
    failed = [line for line in gateway.lines("claims/", 1) if line["logger"] != "http.log.access.sealed"]
    assert not any("remote_ip" in line["request"] for line in failed)
    assert "secret-9" not in gateway.log.read_text()


def test_any_other_line_has_the_network_and_not_the_address(gateway: Gateway) -> None:
    gateway.http.get("/api/v1/search/of-a-network")
    (line,) = gateway.lines("of-a-network", 1)
    assert line["request"]["client_ip"] == "127.0.0.0"


def test_answers_are_no_pages_and_say_so(gateway: Gateway) -> None:
    for path in ("/api/v1/search", "/nowhere"):
        headers = gateway.http.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert "strict-transport-security" not in headers
        assert "server" not in headers


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
def test_a_long_answer_is_compressed_for_who_asks(gateway: Gateway, encoding: str) -> None:
    asked = {"accept-encoding": encoding}
    with gateway.http.stream("GET", "/api/v1/search/large", headers=asked) as answer:
        assert answer.headers["content-encoding"] == encoding
        assert len(b"".join(answer.iter_raw())) < 1_000


def test_an_answer_with_a_version_keeps_its_etag_and_is_not_compressed(gateway: Gateway) -> None:
    answer = gateway.http.get("/api/v1/search/large-versioned", headers={"accept-encoding": "gzip"})
    assert (answer.headers["etag"], "content-encoding" in answer.headers) == ('"7"', False)


@pytest.mark.parametrize("chunks", [b"zz\r\nabc\r\n0\r\n\r\n", b"5\r\nhelloXX0\r\n\r\n", b"-5\r\nhello\r\n0\r\n\r\n"])
def test_a_body_in_chunks_that_are_none_is_the_clients_mistake(gateway: Gateway, chunks: bytes) -> None:
    head = b"POST /api/v1/challenges HTTP/1.1\r\nHost: gateway\r\nTransfer-Encoding: chunked\r\n\r\n"
    with socket.create_connection(("127.0.0.1", gateway.http.base_url.port or 0), timeout=10) as line:
        line.sendall(head + chunks)
        assert line.recv(65_536).startswith(b"HTTP/1.1 400")


def test_a_connection_on_which_a_body_was_left_unread_is_closed(gateway: Gateway) -> None:
    answer = gateway.http.post("/api/v1/challenges/unread", content=b"{}")
    assert (answer.status_code, answer.headers["connection"]) == (401, "close")
    assert "x-body-unread" not in answer.headers


def test_an_address_that_a_client_claims_to_come_from_is_not_passed_on(gateway: Gateway) -> None:
    claimed = {"x-forwarded-for": "192.0.2.1"}
    assert gateway.http.get("/api/v1/search", headers=claimed).json()["from"] == "127.0.0.1"


def _wait_alive(http: httpx2.Client) -> None:
    end = time.monotonic() + 30
    while True:
        try:
            if http.get("/healthz").status_code == 200:
                return
        except httpx2.ConnectError:
            assert time.monotonic() < end, "caddy did not start"
            time.sleep(0.05)


def _free_port() -> int:
    probe = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    with probe:
        port: int = probe.server_address[1]
        return port
