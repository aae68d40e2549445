"""What sample data does about a platform that asks for patience."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from deploy.local.api import Api, ApiError


@dataclass
class Platform:
    """Answers with these statuses, one after the other, and notes the key of each request."""

    statuses: list[int] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def platform() -> Iterator[Platform]:
    told = Platform()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.keys.append(self.headers["idempotency-key"])
            self.send_response(told.statuses.pop(0))
            self.send_header("content-length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, format: str, *arguments: object) -> None:
            """Silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        told.url = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield told
        server.shutdown()


def test_who_is_patient_tries_again_under_the_same_key(platform: Platform) -> None:
    platform.statuses = [503, 503, 200]
    with Api(platform.url, patience=60) as api:
        assert api.post("/sync/agents") == {}
    assert len(platform.keys) == 3
    assert len(set(platform.keys)) == 1


def test_who_is_not_hears_of_it_at_once(platform: Platform) -> None:
    platform.statuses = [503]
    with Api(platform.url) as api, pytest.raises(ApiError) as refused:
        api.post("/sync/agents")
    assert refused.value.status == 503


def test_a_refusal_is_not_asked_for_twice(platform: Platform) -> None:
    platform.statuses = [409]
    with Api(platform.url, patience=60) as api, pytest.raises(ApiError) as refused:
        api.post("/sync/agents")
    assert refused.value.status == 409
