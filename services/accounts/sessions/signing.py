"""Signs access tokens: EdDSA under a key with an id; the public halves are what `GET accounts/jwks` shows."""

import base64
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

_CURRENT = "signing.pem"
_RETIRING = "signing-*.pem"


@dataclass(frozen=True)
class SigningKeys:
    """The key that signs, and the public keys that verify: its own, and those of keys that no longer sign.

    To rotate: rename signing.pem to signing-<anything>.pem, put a new signing.pem beside it, restart, and remove the old
    file once its tokens have expired (15 minutes).
    """

    current: Ed25519PrivateKey
    key_id: str
    published: tuple[dict[str, str], ...]

    @classmethod
    def read(cls, folder: Path) -> "SigningKeys":
        """From PEM files (PKCS#8). OSError when there is none, ValueError when one is no Ed25519 key."""
        current = _read(folder / _CURRENT)
        retiring = [_read(path) for path in sorted(folder.glob(_RETIRING))]
        published = tuple(_public(key) for key in (current, *retiring))
        return cls(current, published[0]["kid"], published)

    def sign(self, claims: dict[str, Any]) -> str:
        """The token with these claims."""
        return jwt.encode(claims, self.current, algorithm="EdDSA", headers={"kid": self.key_id})


def _read(path: Path) -> Ed25519PrivateKey:
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f"{path.name} is no Ed25519 key")
    return key


def _public(key: Ed25519PrivateKey) -> dict[str, str]:
    """A JWK (RFC 8037); its id is the thumbprint of RFC 7638, the required members in order, without blanks."""
    raw = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    required = {"crv": "Ed25519", "kty": "OKP", "x": _base64url(raw)}
    thumbprint = hashlib.sha256(json.dumps(required, separators=(",", ":"), sort_keys=True).encode()).digest()
    return {**required, "kid": _base64url(thumbprint), "use": "sig", "alg": "EdDSA"}


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
