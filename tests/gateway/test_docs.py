"""The contracts and the pages that show them, as the gateway serves both."""

from collections.abc import Iterator

import pytest

from tests.gateway.running import Gateway, started

DOCS = "<!doctype html><title>docs</title>"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    pages = tmp_path_factory.mktemp("pages")
    (pages / "index.html").write_text("<!doctype html><title>portal</title>")
    (pages / "docs.html").write_text(DOCS)
    with started(tmp_path_factory.mktemp("gateway"), replicas=1, pages=pages) as gateway:
        yield gateway


@pytest.fixture
def gateway(running: Gateway) -> Gateway:
    return running.fresh()


@pytest.mark.parametrize(
    "path", ["/docs", "/docs/", "/docs/events/cn.huning.record.added.v1", "/docs/operations/a.b?q=1"]
)
def test_every_address_below_docs_gets_its_own_entry(gateway: Gateway, path: str) -> None:
    answer = gateway.http.get(path)
    assert (answer.status_code, answer.text) == (200, DOCS)
    assert answer.headers["cache-control"] == "no-cache"
    assert "require-trusted-types-for 'script'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/docsets", "/documents"])
def test_what_only_begins_like_it_is_the_portals(gateway: Gateway, path: str) -> None:
    assert "portal" in gateway.http.get(path).text


@pytest.mark.parametrize("path", ["/api/v1/openapi.json", "/api/v1/asyncapi.json"])
def test_the_contracts_are_sent_compressed(gateway: Gateway, path: str) -> None:
    with gateway.http.stream("GET", path, headers={"accept-encoding": "gzip"}) as answer:
        assert (answer.status_code, answer.headers["content-encoding"]) == (200, "gzip")
        assert len(answer.read()) > 100_000
