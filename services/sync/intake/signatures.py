"""HTTP Message Signatures (RFC 9421, Ed25519) of the cities' agents: who signed this request, and whether as it arrived.

A signature covers method, path, query and the digest of the body as sent (RFC 9530), and carries created, keyid and nonce.
It is good for 300 seconds around its time, not after its `expires`, and once. It is verified over the headers alone, so that
nobody's body is read before they are known; the door has the body compared with the signed digest once it is there.
"""

import asyncio
import base64
import binascii
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import http_sf
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from http_message_signatures import (
    HTTPMessageSignaturesException,
    HTTPMessageVerifier,
    MappingKeyResolver,
    VerifyResult,
)
from http_message_signatures.algorithms import ED25519
from starlette.requests import Request

from services.sync import problems
from services.sync.intake.agent import Agent
from services.sync.intake.nonces import Nonces
from services.sync.wire import COVERED
from shared.access.checking import Caller
from shared.values.clock import Clock, now
from shared.values.ed25519 import is_public_key
from shared.values.problems import Refusal

TOLERANCE = timedelta(seconds=300)
NONCES_KEPT = 2 * TOLERANCE
_MAX_NONCE = 128

Authenticate = Callable[[Request], Awaitable[Caller]]

FindAgent = Callable[[str], Awaitable[Agent | None]]
"""key id → the agent that holds the key, unless it was removed."""


@dataclass(frozen=True)
class SignedMessage:
    """A request as the verifier takes it."""

    method: str
    url: str
    headers: dict[str, str]


@dataclass(frozen=True)
class Signatures:
    """Turns a signed request into its Caller; 401 with the reason when the signature does not hold."""

    find_agent: FindAgent
    nonces: Nonces
    public_url: str
    """Where clients reach the platform. What a request's Host says is the sender's own word."""
    clock: Clock = now

    def beside(self, otherwise: Authenticate) -> Authenticate:
        """Recognises agents by their signature, and everybody else as before."""

        async def authenticate(request: Request) -> Caller:
            return await (self.caller(request) if is_signed(request) else otherwise(request))

        return authenticate

    async def caller(self, request: Request) -> Caller:
        """The agent that signed the request. `request.state.verify_body` is left for the door to call with the body."""
        message = _message(request, self.public_url)
        stated = _stated(message.headers["signature-input"])
        at = self.clock()
        if abs(at - stated.created) > TOLERANCE or (stated.expires is not None and at > stated.expires):
            raise Refusal(problems.STALE)
        agent = await self.find_agent(stated.key_id)
        if agent is None:
            raise _invalid("密钥未登记或已撤销")
        verified = _Verified.of(message, stated, agent.public_key)
        if not await self.nonces.use(stated.key_id, stated.nonce, stated.created + NONCES_KEPT):
            raise Refusal(problems.NONCE_USED)
        request.state.verify_body = verified.body
        return Caller(agent_id=agent.id, agent_jurisdiction=agent.jurisdiction)


def is_signed(request: Request) -> bool:
    """Whether the request claims to be an agent's."""
    return "signature-input" in request.headers or "signature" in request.headers


def key_of(public_key: str) -> bytes | None:
    """The 32 bytes of an Ed25519 public key in base64, or None where they are no honest key."""
    try:
        raw = base64.b64decode(public_key, validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if is_public_key(raw) else None


@dataclass(frozen=True)
class _Stated:
    key_id: str
    created: datetime
    nonce: str
    expires: datetime | None
    covered: frozenset[str]


def _message(request: Request, public_url: str) -> SignedMessage:
    """The request with its path and query exactly as they arrived."""
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in request.scope["headers"]}
    if not {"signature-input", "signature", "content-digest"} <= headers.keys():
        raise Refusal(problems.SIGNATURE_MISSING)
    query = request.scope["query_string"].decode("latin-1")
    path = request.scope["raw_path"].decode("latin-1")
    return SignedMessage(request.method, f"{public_url}{path}{'?' if query else ''}{query}", headers)


def _stated(signature_input: str) -> _Stated:
    """What the only signature says of itself, before anything is verified."""
    try:
        signatures: Any = http_sf.parse(signature_input.encode(), tltype="dictionary")
        ((components, parameters),) = signatures.values()
        covered = frozenset(str(name) for name, _ in components)
        created = datetime.fromtimestamp(parameters["created"], UTC)
        expires = datetime.fromtimestamp(parameters["expires"], UTC) if "expires" in parameters else None
        key_id, nonce = parameters["keyid"], parameters["nonce"]
    except (ValueError, TypeError, KeyError, OverflowError, OSError) as error:
        raise _invalid("签名须恰好一个，并带时间、密钥编号和随机数") from error
    if not (isinstance(key_id, str) and isinstance(nonce, str) and 0 < len(nonce) <= _MAX_NONCE):
        raise _invalid("密钥编号与随机数须为文本")
    return _Stated(key_id, created, nonce, expires, covered)


class _Verifier(HTTPMessageVerifier):
    """Leaves the time to us: `stale` is an answer of its own."""

    max_clock_skew = timedelta(days=36_500)


@dataclass(frozen=True)
class _Verified:
    """A request whose signature holds for its headers."""

    verifier: _Verifier
    message: SignedMessage
    results: list[VerifyResult]

    @classmethod
    def of(cls, message: SignedMessage, stated: _Stated, public_key: str) -> "_Verified":
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key))
        keys = MappingKeyResolver(public_keys={stated.key_id: key}, private_keys={})
        verifier = _Verifier(signature_algorithm=ED25519, key_resolver=keys)
        try:
            results = verifier.verify(message, max_age=None, require_components=COVERED)
        except HTTPMessageSignaturesException as error:
            raise _invalid(_why(stated)) from error
        return cls(verifier, message, results)

    async def body(self, body: bytes) -> None:
        """401 where the body is not the one whose digest was signed. Of 8 MiB that takes milliseconds: in a thread."""
        try:
            await asyncio.to_thread(self.verifier.verify_body, self.message, self.results, body)
        except HTTPMessageSignaturesException as error:
            raise _invalid("请求内容与签过名的摘要不符，内容在签名后变了") from error


def _why(stated: _Stated) -> str:
    """What keeps a signature from holding for the headers that it came with."""
    if missing := [each for each in COVERED if each not in stated.covered]:
        return "签名没有覆盖" + "、".join(f"“{each}”" for each in missing)
    return f"签名不是编号“{stated.key_id[:100]}”登记的密钥所签，或请求的方法、路径、查询、摘要在签名后变了"


def _invalid(reason: str) -> Refusal:
    return Refusal(problems.SIGNATURE_INVALID, reason=reason)
