"""Every request is signed: RFC 9421 with Ed25519, the body through Content-Digest (RFC 9530)."""

import base64
import secrets
from collections.abc import Generator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from http_message_signatures import HTTPMessageSigner, MappingKeyResolver
from http_message_signatures.algorithms import ED25519

from services.sync.agent.errors import AgentError
from services.sync.rows.errors import reason
from services.sync.wire import COVERED


def create_key(path: Path) -> str:
    """Write a new private key (PKCS#8 PEM, readable by its owner only); returns the public key to register, in base64.

    An existing file is never overwritten.
    """
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600, exist_ok=False)
        path.write_bytes(pem)
    except FileExistsError as error:
        raise AgentError(f"{path} 已经存在，不会覆盖。请换一个文件名，或先把旧密钥移走。") from error
    except OSError as error:
        raise AgentError(f"密钥写不到 {path}：{reason(error)}。请换一个可以写入的文件夹。") from error
    return public_key(key)


def public_key(key: Ed25519PrivateKey) -> str:
    """The 32 bytes of the public key, in base64, as `POST sync/agents` takes them."""
    return base64.b64encode(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()


def load_key(path: Path) -> Ed25519PrivateKey:
    """The private key that `create_key` wrote."""
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        raise AgentError(f"读不到密钥文件 {path}：{reason(error)}。请检查 --key。") from error
    except (ValueError, TypeError) as error:
        raise AgentError(f"{path} 不是可用的私钥文件。请用 huning-agent keygen 生成，并在平台登记公钥。") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise AgentError(f"{path} 不是 Ed25519 私钥。请用 huning-agent keygen 生成，并在平台登记公钥。")
    return key


@dataclass(frozen=True)
class _Message:
    method: str
    url: str
    headers: httpx2.Headers


class Signature(httpx2.Auth):
    """Signs a request as it goes out. Every send has its own nonce and time, so a request sent again is no replay."""

    requires_request_body = True

    def __init__(self, key: Ed25519PrivateKey, key_id: str) -> None:
        self.key_id = key_id
        self._signer = HTTPMessageSigner(
            signature_algorithm=ED25519, key_resolver=MappingKeyResolver(public_keys={}, private_keys={key_id: key})
        )

    def auth_flow(self, request: httpx2.Request) -> Generator[httpx2.Request, httpx2.Response, None]:
        self._signer.sign(
            _Message(request.method, str(request.url), request.headers),
            key_id=self.key_id,
            created=datetime.now(UTC),
            nonce=secrets.token_urlsafe(18),
            label="huning",
            covered_component_ids=COVERED,
            body=request.content,
        )
        yield request
