"""The web pages as the gateway serves them: beside the API, never in its place, and with a policy of their own."""

from collections.abc import Iterator

import pytest

from tests.gateway.running import Gateway, started

ENTRY, SCRIPT = "<!doctype html><title>entry</title>", "x" * 5_000
CONSOLE = "<!doctype html><title>console</title>"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    pages = tmp_path_factory.mktemp("pages")
    (pages / "assets").mkdir()
    (pages / "index.html").write_text(ENTRY)
    (pages / "console.html").write_text(CONSOLE)
    (pages / "mark.svg").write_text("<svg/>")
    (pages / "assets" / "portal-1a2B_.js").write_text(SCRIPT)
    with started(tmp_path_factory.mktemp("gateway"), replicas=1, pages=pages) as gateway:
        yield gateway


@pytest.fixture
def gateway(running: Gateway) -> Gateway:
    return running.fresh()


@pytest.mark.parametrize(
    "path", ["/", "/search?q=1", "/items/suzhou/institution/a.b%2F..%2Fc", "/assets", "/apiary", "/consoles"]
)
def test_every_address_that_is_not_the_apis_gets_the_entry_and_asks_for_it_anew(gateway: Gateway, path: str) -> None:
    answer = gateway.http.get(path)
    assert (answer.status_code, answer.text) == (200, ENTRY)
    assert answer.headers["cache-control"] == "no-cache"
    assert gateway.upstream.asked == []


@pytest.mark.parametrize("path", ["/console", "/console/", "/console/batches/1?verdict=added"])
def test_every_address_of_the_console_gets_its_entry(gateway: Gateway, path: str) -> None:
    answer = gateway.http.get(path)
    assert (answer.status_code, answer.text) == (200, CONSOLE)
    assert answer.headers["cache-control"] == "no-cache"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


def test_the_entry_that_the_browser_has_is_not_sent_again(gateway: Gateway) -> None:
    known = {"if-none-match": gateway.http.get("/").headers["etag"]}
    assert gateway.http.get("/challenges/1", headers=known).status_code == 304


def test_what_is_named_by_its_content_is_kept_for_ever_and_sent_compressed(gateway: Gateway) -> None:
    with gateway.http.stream("GET", "/assets/portal-1a2B_.js", headers={"accept-encoding": "gzip"}) as answer:
        assert answer.headers["content-encoding"] == "gzip"
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["content-type"].startswith("text/javascript")
        assert answer.read().decode() == SCRIPT


@pytest.mark.parametrize("path", ["/", "/assets/portal-1a2B_.js", "/mark.svg"])
def test_a_page_runs_our_files_alone_stands_in_no_frame_and_tells_nobody_its_address(
    gateway: Gateway, path: str
) -> None:
    headers = gateway.http.get(path).headers
    policy = dict(rule.split(" ", 1) for rule in headers["content-security-policy"].split("; "))
    assert policy == {
        "default-src": "'self'",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data:",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "default",
    }
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "server" not in headers


@pytest.mark.parametrize(
    "path",
    [
        *("/api", "/api/v1", "/api/v1/unknown", "/api/nothing", "/readyz", "/metrics", "/assets/old-1.js", "/assets/"),
        *("/openapi.json", "/robots.txt", "/api/v1/sync/records/..%2f..%2f..%2f..%2f..%2fme"),
    ],
)
def test_no_page_stands_where_an_answer_of_the_api_or_a_file_is_expected(gateway: Gateway, path: str) -> None:
    answer = gateway.http.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


def test_pages_are_read_and_never_written(gateway: Gateway) -> None:
    assert gateway.http.post("/", content=b"{}").status_code == 404


def test_the_api_is_as_it_was(gateway: Gateway) -> None:
    answer = gateway.http.get("/api/v1/search")
    assert (answer.status_code, len(gateway.upstream.asked)) == (200, 1)
    assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"


@pytest.mark.parametrize("path", ["/..%2findex.html", "/%2e%2e/%2e%2e/etc/passwd", "/assets/..%2f..%2fetc%2fpasswd"])
def test_nothing_outside_the_pages_is_served(gateway: Gateway, path: str) -> None:
    answer = gateway.http.get(path)
    assert answer.text == ENTRY or answer.json()["code"] in ("not_found", "bad_request")
