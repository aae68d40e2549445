"""What makes two attempts at a write the same, and what finding it out costs the others."""

import hashlib
from threading import get_ident
from typing import Any

import pytest

from shared.access.checking import Caller
from shared.aggregates.attempts import digest_of
from shared.http.parsing import attempt_of
from shared.http.reading import InFlight, Request


async def nothing() -> Any:
    raise AssertionError("the body has been read")


def test_the_digest_of_an_attempt_is_of_what_earlier_versions_stored() -> None:
    stored = hashlib.sha256(b"POST\n/claims\na=1\norganisation\n{}").hexdigest()
    assert digest_of("POST", "/claims", "a=1", b"organisation", b"{}") == stored


@pytest.mark.parametrize(("size", "beside"), [(64 * 1024, False), (64 * 1024 + 1, True)])
async def test_a_large_body_is_hashed_beside_the_event_loop(
    size: int, beside: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[int] = []

    def noted(*asked: Any) -> str:
        threads.append(get_ident())
        return digest_of(*asked)

    monkeypatch.setattr("shared.http.parsing.digest_of", noted)
    scope = {"type": "http", "method": "PUT", "path": "/parts/0", "query_string": b"", "headers": []}
    body = b"x" * size
    attempt = await attempt_of(Request(scope, nothing, InFlight(0), 0), Caller(user_id="u"), "k", body)
    assert attempt.digest == digest_of("PUT", "/parts/0", "", b"", body)
    assert [each != get_ident() for each in threads] == [beside]
