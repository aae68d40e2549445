"""What sample data does about a platform that asks for patience."""

from dataclasses import dataclass, field

import httpx2
import pytest

from deploy.local.api import Api, ApiError

URL = "http://platform.invalid"


@dataclass
class Platform:
    """Answers with these statuses, one after the other, and notes the key of each request."""

    statuses: list[int] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        self.keys.append(request.headers["idempotency-key"])
        return httpx2.Response(self.statuses.pop(0), json={})


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch) -> Platform:
    platform = Platform()
    monkeypatch.setattr(httpx2.HTTPTransport, "handle_request", lambda _, request: platform.answer(request))
    return platform


def test_who_is_patient_tries_again_under_the_same_key(platform: Platform) -> None:
    platform.statuses = [503, 503, 200]
    with Api(URL, patience=60) as api:
        assert api.post("/sync/agents") == {}
    assert len(platform.keys) == 3
    assert len(set(platform.keys)) == 1


def test_who_is_not_hears_of_it_at_once(platform: Platform) -> None:
    platform.statuses = [503]
    with Api(URL) as api, pytest.raises(ApiError) as refused:
        api.post("/sync/agents")
    assert refused.value.status == 503


def test_a_refusal_is_not_asked_for_twice(platform: Platform) -> None:
    platform.statuses = [409]
    with Api(URL, patience=60) as api, pytest.raises(ApiError) as refused:
        api.post("/sync/agents")
    assert refused.value.status == 409
