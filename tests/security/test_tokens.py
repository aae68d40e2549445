"""Tokens that must not work, at every service through the gateway, each with its own code; and roles that were taken away."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from tests.client import Api, until
from tests.security.people import KINDS
from tests.stack import Stack

DOORS = {
    "accounts": "accounts/me",
    "challenges": "challenges/00000000-0000-7000-8000-000000000000/claims",
    "sync": "sync/agents",
    "search": "search/subscriptions",
    "notifications": "notifications/inbox",
}
"""A route of each service that wants a login."""


@dataclass(frozen=True)
class Forge:
    """Makes tokens as accounts makes them, and as it never would."""

    key: bytes
    """The signing key of this system, as PEM."""
    good: str
    """A token that works."""

    @property
    def claims(self) -> dict[str, Any]:
        return dict(jwt.decode(self.good, options={"verify_signature": False}))

    @property
    def header(self) -> dict[str, Any]:
        return dict(jwt.get_unverified_header(self.good))

    def signed(self, key: bytes | None = None, kid: str | None = None, **changes: Any) -> str:
        """Signed with EdDSA, by the system's own key unless another is given."""
        headers = {"kid": kid or self.header["kid"]}
        claims = {name: value for name, value in {**self.claims, **changes}.items() if value is not None}
        return jwt.encode(claims, key or self.key, "EdDSA", headers)

    def by_hand(self, header: dict[str, Any], secret: bytes | None) -> str:
        """Any header; HMAC-SHA-256 under `secret`, or no signature at all."""
        signed = b".".join(_base64(json.dumps(part).encode()) for part in (header, self.claims))
        signature = hmac.digest(secret, signed, hashlib.sha256) if secret is not None else b""
        return (signed + b"." + _base64(signature)).decode()

    def public(self, encoding: Encoding, form: PublicFormat) -> bytes:
        return load_pem_private_key(self.key, None).public_key().public_bytes(encoding, form)


FORGERIES: dict[str, tuple[Callable[[Forge], str], str]] = {
    "garbage": (lambda _: "garbage", "token_invalid"),
    "three parts of garbage": (lambda _: "a.b.c", "token_invalid"),
    "alg none": (lambda forge: forge.by_hand({**forge.header, "alg": "none"}, None), "token_invalid"),
    "alg None in capitals": (lambda forge: forge.by_hand({**forge.header, "alg": "NONE"}, None), "token_invalid"),
    "HS256 with the public key as secret": (
        lambda forge: forge.by_hand({**forge.header, "alg": "HS256"}, forge.public(Encoding.Raw, PublicFormat.Raw)),
        "token_invalid",
    ),
    "HS256 with the public key in PEM as secret": (
        lambda forge: forge.by_hand(
            {**forge.header, "alg": "HS256"}, forge.public(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        ),
        "token_invalid",
    ),
    "EdDSA in the header over an HMAC": (
        lambda forge: forge.by_hand(forge.header, forge.public(Encoding.Raw, PublicFormat.Raw)),
        "token_invalid",
    ),
    "somebody else's key under our kid": (lambda forge: forge.signed(_another_key()), "token_invalid"),
    "a kid that accounts does not know": (lambda forge: forge.signed(kid="nobody"), "token_invalid"),
    "a role added": (
        lambda forge: _tampered(forge, {"role": "alliance_operator", "jurisdiction": None}),
        "token_invalid",
    ),
    "without a subject": (lambda forge: forge.signed(sub=None), "token_invalid"),
    "without an end": (lambda forge: forge.signed(exp=None), "token_invalid"),
    "of another issuer": (lambda forge: forge.signed(iss="elsewhere"), "token_invalid"),
    "expired": (lambda forge: forge.signed(exp=int(time.time()) - 60), "token_expired"),
    "not yet valid": (lambda forge: forge.signed(nbf=int(time.time()) + 600), "token_not_yet_valid"),
    "for another audience": (lambda forge: forge.signed(aud="elsewhere"), "token_wrong_audience"),
}


@pytest.fixture
def forge(api: Api, stack: Stack) -> Forge:
    key: Path = stack.place.keys / "signing" / "signing.pem"
    return Forge(key.read_bytes(), api.as_("auditor").token)


@pytest.mark.parametrize("service", DOORS)
def test_a_forged_token_is_refused_with_a_code_that_says_why(api: Api, forge: Forge, service: str) -> None:
    answers = {name: api.with_token(make(forge)).get(DOORS[service]) for name, (make, _) in FORGERIES.items()}
    assert {name: (answer.status, answer.code) for name, answer in answers.items()} == {
        name: (401, code) for name, (_, code) in FORGERIES.items()
    }


@pytest.mark.parametrize("service", DOORS)
def test_no_token_and_no_bearer_are_refused_and_the_forge_can_make_a_good_one(
    api: Api, forge: Forge, service: str
) -> None:
    """The last is the control: what the forgeries change is what they are refused for."""
    assert api.visitor.get(DOORS[service]).code == "token_missing"
    for header in ("Basic Z2FyYmFnZQ==", "Bearer", forge.good):
        answer = api.visitor.get(DOORS[service], headers={"authorization": header})
        assert (answer.status, answer.code) == (401, "token_invalid"), header
    assert api.with_token(forge.signed()).get(DOORS[service]).status != 401


def test_a_bad_token_is_refused_even_where_a_visitor_may_read(api: Api) -> None:
    assert api.with_token("garbage").get("search/home").status == 401


def test_a_role_that_was_taken_away_ends_before_its_token_does(api: Api) -> None:
    name = "revoked-1"
    user_id = api.as_(name).user["id"]
    alliance = api.as_("operator-alliance")
    role = {"role": "city_operator", "jurisdiction": "wuxi"}
    alliance.post(f"accounts/users/{user_id}/roles", json=role).expect(200, 201)
    api.forget(name)
    operator = api.with_token(api.as_(name).token)
    asked = {"accounts": "accounts/organizations", "sync": "sync/agents"}
    for path in asked.values():
        operator.get(path).expect(200)
    alliance.delete(f"accounts/users/{user_id}/roles/city_operator", params={"jurisdiction": "wuxi"}).expect(200)
    for path in asked.values():
        until(lambda path=path: operator.get(path).code == "forbidden", seconds=60)  # type: ignore[misc]
    until(lambda: operator.get("challenges", params={"mine": "true"}).expect(200)["items"] == [], seconds=60)


def test_every_kind_of_account_is_who_the_table_thinks_it_is(api: Api) -> None:
    for kind in KINDS:
        if kind.account:
            roles = {each["role"] for each in kind.at(api).get("accounts/me").expect(200)["roles"]}
            assert roles | {"member", "visitor"} == kind.whos


def _base64(raw: bytes) -> bytes:
    return base64.urlsafe_b64encode(raw).rstrip(b"=")


def _another_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _tampered(forge: Forge, role: dict[str, Any]) -> str:
    """The good token with a role more and its old signature."""
    header, _, signature = forge.good.split(".")
    claims = {**forge.claims, "roles": [*forge.claims["roles"], role]}
    return f"{header}.{_base64(json.dumps(claims).encode()).decode()}.{signature}"
