"""The gateway as it runs, in front of an upstream that does what a test tells it to."""

import socket
from collections.abc import Iterator
from threading import Timer
from uuid import uuid4

import pytest

from tests.gateway.running import NAMES, PASSED_ON, Gateway, started


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    with started(tmp_path_factory.mktemp("gateway"), replicas=1) as gateway:
        yield gateway


@pytest.fixture
def gateway(running: Gateway) -> Gateway:
    """The one gateway of this file, with an upstream that was asked nothing yet."""
    return running.fresh()


@pytest.mark.parametrize(
    "path",
    [
        *("/accounts/me", "/challenges", "/challenges/1/claims", "/claims/1", "/sync/batches"),
        *("/search", "/search/map", "/notifications/inbox", "/notifications/wechat/callback"),
        *(f"/ops/{name}/lag" for name in NAMES),
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


def test_a_clerks_file_may_be_sixteen_mebibytes(gateway: Gateway) -> None:
    size = 16 * 1024 * 1024
    assert gateway.http.post("/api/v1/sync/uploads", content=b"x" * size).status_code == 200
    assert gateway.http.post("/api/v1/sync/uploads", content=b"x" * 17_000_001).status_code == 413


def test_a_command_that_was_sent_is_never_sent_again(gateway: Gateway) -> None:
    answer = gateway.http.post("/api/v1/challenges/dropped", content=b"{}")
    assert (answer.status_code, answer.json()["code"]) == (503, "upstream_unavailable")
    assert answer.headers["retry-after"] == "2"
    assert gateway.upstream.times("/api/v1/challenges/dropped") == 1


def test_a_question_whose_connection_broke_is_asked_again(gateway: Gateway) -> None:
    gateway.upstream.drops = True
    Timer(0.5, gateway.upstream.start).start()
    assert gateway.http.get("/api/v1/search").status_code == 200
    assert len(gateway.upstream.asked) > 1


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_while_a_service_restarts_a_request_waits_for_it(gateway: Gateway, method: str) -> None:
    gateway.upstream.stop()
    Timer(0.5, gateway.upstream.start).start()
    assert gateway.http.request(method, "/api/v1/challenges").status_code == 200
    assert gateway.upstream.times("/api/v1/challenges") == 1


def test_where_no_service_comes_back_the_caller_is_told_to_try_later(gateway: Gateway) -> None:
    gateway.upstream.stop()
    answer = gateway.http.post("/api/v1/challenges", content=b"{}")
    assert (answer.status_code, answer.json()["code"]) == (503, "upstream_unavailable")


def test_what_a_service_itself_says_is_passed_on_as_it_is(gateway: Gateway) -> None:
    answer = gateway.http.get("/api/v1/search/unwell")
    assert answer.status_code == 503
    assert set(answer.json()) == set(PASSED_ON)


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
