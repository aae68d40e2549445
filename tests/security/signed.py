"""A city's agent in the hands of a test: requests signed as RFC 9421 wants them, and as somebody would who is up to no good."""

import base64
import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from http_message_signatures import HTTPMessageSigner, MappingKeyResolver
from http_message_signatures.algorithms import ED25519

from services.sync.agent.signing import public_key
from services.sync.wire import COVERED
from tests.client import Answer, Api, Json, answer_of

Tamper = Callable[[httpx2.Request], None]


@dataclass(frozen=True)
class _Message:
    method: str
    url: str
    headers: httpx2.Headers


@dataclass(frozen=True)
class Agent:
    """A registered agent: its key, and where it pushes to."""

    base_url: str
    id: str
    key_id: str
    key: Ed25519PrivateKey = field(repr=False)

    @classmethod
    def register(cls, api: Api, base_url: str, city: str) -> "Agent":
        """A new agent of this city."""
        key = Ed25519PrivateKey.generate()
        body = {"jurisdiction": city, "name": "测试", "public_key": public_key(key)}
        made = api.as_(f"operator-{city}").post("sync/agents", json=body).expect(201)
        return cls(base_url, made["id"], made["key_id"], key)

    def request(
        self,
        method: str,
        path: str,
        *,
        json: Json = None,
        content: bytes = b"",
        headers: dict[str, str] | None = None,
        created: timedelta = timedelta(),
        nonce: str | None = None,
        covered: Sequence[str] = COVERED,
        key: Ed25519PrivateKey | None = None,
        key_id: str | None = None,
        tamper: Tamper = lambda request: None,
    ) -> Answer:
        """A signed request. `tamper` changes it after it was signed; `created` is off from now by so much."""
        body: dict[str, Any] = {"json": json} if json is not None else {"content": content}
        sent = {"idempotency-key": secrets.token_hex(8), **(headers or {})}
        request = httpx2.Request(method, f"{self.base_url}/api/v1/{path}", headers=sent, **body)
        digest = base64.b64encode(hashlib.sha256(request.content).digest()).decode()
        request.headers["content-digest"] = f"sha-256=:{digest}:"
        name = key_id or self.key_id
        resolver = MappingKeyResolver(public_keys={}, private_keys={name: key or self.key})
        HTTPMessageSigner(signature_algorithm=ED25519, key_resolver=resolver).sign(
            _Message(request.method, str(request.url), request.headers),
            key_id=name,
            created=datetime.now(UTC) + created,
            nonce=nonce or secrets.token_urlsafe(18),
            label="huning",
            covered_component_ids=covered,
            use_existing_digest=True,
        )
        tamper(request)
        with httpx2.Client(trust_env=False, timeout=20) as client:
            return answer_of(client.send(request))
