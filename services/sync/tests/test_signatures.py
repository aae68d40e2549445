"""Requests are signed by the library's own signer, as any client of RFC 9421 would."""

import asyncio
import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from http_message_signatures import HTTPMessageSigner, MappingKeyResolver
from http_message_signatures.algorithms import ED25519
from starlette.requests import Request

from services.sync import problems
from services.sync.intake.agent import Agent
from services.sync.intake.nonces import Nonces
from services.sync.intake.signatures import Signatures, SignedMessage, is_signed, key_of
from services.sync.wire import COVERED
from shared.access.checking import Caller
from shared.values.problems import Problem, Refusal

NOW = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
SMALL_ORDER = base64.b64encode(bytes([1, *bytes(31)])).decode()
"""The neutral point: under it a signature needs no private key."""
KEY = Ed25519PrivateKey.generate()
OTHER_KEY = Ed25519PrivateKey.generate()


def public(key: Ed25519PrivateKey) -> str:
    return base64.b64encode(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()


AGENT = Agent(
    id="agent-1",
    key_id="nantong-1",
    jurisdiction="nantong",
    name="南通推送程序",
    public_key=public(KEY),
    registered_by="operator",
    created_at=NOW,
)


@dataclass
class Sent:
    """A request on its way; a test may change it after it was signed."""

    method: str = "PUT"
    path: str = "/api/v1/sync/batches/b/parts/0"
    query: str = ""
    body: bytes = b'{"source_id":"1"}\n'
    headers: dict[str, str] = field(default_factory=lambda: {"host": "platform.example"})

    def signed(
        self,
        *,
        key: Ed25519PrivateKey = KEY,
        key_id: str = AGENT.key_id,
        created: datetime = NOW,
        nonce: str | None = "nonce-1",
        covered: tuple[str, ...] = COVERED,
        expires: datetime | None = None,
    ) -> "Sent":
        signer = HTTPMessageSigner(
            signature_algorithm=ED25519, key_resolver=MappingKeyResolver(public_keys={}, private_keys={key_id: key})
        )
        url = f"https://{self.headers['host']}{self.path}{'?' if self.query else ''}{self.query}"
        message = SignedMessage(self.method, url, self.headers)
        signer.sign(
            message,
            key_id=key_id,
            created=created,
            expires=expires,
            nonce=nonce,
            covered_component_ids=covered,
            body=self.body,
        )
        self.headers = {name.lower(): value for name, value in self.headers.items()}
        return self

    def request(self) -> Request:
        scope = {
            "type": "http",
            "method": self.method,
            "path": self.path,
            "raw_path": self.path.encode(),
            "query_string": self.query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in self.headers.items()],
        }

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": self.body, "more_body": False}

        return Request(scope, receive)


class _Nonces:
    def __init__(self) -> None:
        self.used: dict[tuple[str, str], datetime] = {}

    async def use(self, key_id: str, nonce: str, until: datetime) -> bool:
        first = (key_id, nonce) not in self.used
        self.used[(key_id, nonce)] = until
        return first


def door(at: datetime = NOW) -> Signatures:
    async def find(key_id: str) -> Agent | None:
        return AGENT if key_id == AGENT.key_id else None

    return Signatures(find, cast(Nonces, _Nonces()), "https://platform.example", lambda: at)


async def admitted(sent: Sent, at: datetime = NOW) -> Caller:
    """As the door does it: the headers first, then the body."""
    request = sent.request()
    found = await door(at).caller(request)
    await request.state.verify_body(await request.body())
    return found


def caller(sent: Sent, at: datetime = NOW) -> Caller:
    return asyncio.run(admitted(sent, at))


def refusal(sent: Sent, at: datetime = NOW) -> Problem:
    with pytest.raises(Refusal) as refused:
        caller(sent, at)
    assert refused.value.problem.status == 401
    return refused.value.problem


def test_who_signed_is_the_agent_of_its_city() -> None:
    assert caller(Sent().signed()) == Caller(agent_id="agent-1", agent_jurisdiction=AGENT.jurisdiction)


def test_a_request_without_a_body_is_signed_with_the_digest_of_nothing() -> None:
    assert caller(Sent(method="GET", query="verdict=rejected&limit=100", body=b"").signed()).agent_id == "agent-1"


@pytest.mark.parametrize(
    "tamper",
    [
        lambda sent: setattr(sent, "body", b'{"source_id":"2"}\n'),
        lambda sent: setattr(sent, "body", sent.body[:-1]),
        lambda sent: setattr(sent, "path", "/api/v1/sync/batches/b/parts/1"),
        lambda sent: setattr(sent, "query", "x=1"),
        lambda sent: setattr(sent, "method", "POST"),
        lambda sent: sent.headers.update(signature=sent.headers["signature"].replace("=:", "=:AA", 1)),
        lambda sent: sent.headers.update(
            {"signature-input": sent.headers["signature-input"].replace("nonce-1", "nonce-2")}
        ),
    ],
)
def test_whatever_is_changed_after_signing_is_noticed(tamper: Callable[[Sent], None]) -> None:
    sent = Sent().signed()
    tamper(sent)
    assert refusal(sent) is problems.SIGNATURE_INVALID


def test_every_single_flipped_bit_of_the_body_is_noticed() -> None:
    for position in range(len(Sent().body)):
        sent = Sent().signed()
        sent.body = sent.body[:position] + bytes([sent.body[position] ^ 1]) + sent.body[position + 1 :]
        assert refusal(sent) is problems.SIGNATURE_INVALID


def test_another_key_under_the_same_id_is_refused() -> None:
    assert refusal(Sent().signed(key=OTHER_KEY)) is problems.SIGNATURE_INVALID


def test_an_unknown_or_removed_key_is_refused() -> None:
    assert refusal(Sent().signed(key_id="suzhou-9")) is problems.SIGNATURE_INVALID


@pytest.mark.parametrize("seconds", [301, -301, 3600])
def test_a_signature_more_than_300_seconds_off_is_stale(seconds: int) -> None:
    assert refusal(Sent().signed(created=NOW + timedelta(seconds=seconds))) is problems.STALE


@pytest.mark.parametrize("seconds", [300, -300])
def test_a_signature_300_seconds_off_is_still_good(seconds: int) -> None:
    assert caller(Sent().signed(created=NOW + timedelta(seconds=seconds))).agent_id == "agent-1"


@pytest.mark.parametrize(("seconds", "good"), [(1, True), (0, True), (-1, False)])
def test_a_signature_is_not_good_after_it_expires(seconds: int, good: bool) -> None:
    created = NOW - timedelta(seconds=60)
    sent = Sent().signed(created=created, expires=NOW + timedelta(seconds=seconds))
    assert caller(sent).agent_id == "agent-1" if good else refusal(sent) is problems.STALE


def test_a_signature_for_another_platform_is_refused_whatever_the_host_says() -> None:
    covered = (*COVERED, "@authority")
    assert caller(Sent().signed(covered=covered)).agent_id == "agent-1"
    elsewhere = Sent(headers={"host": "another.example"}).signed(covered=covered)
    assert refusal(elsewhere) is problems.SIGNATURE_INVALID


def test_a_body_is_not_read_before_the_signature_is_verified() -> None:
    sent = Sent().signed(key=OTHER_KEY)
    request = sent.request()

    async def never() -> dict[str, Any]:
        raise AssertionError("the body was read")

    request._receive = never  # where Starlette keeps it
    with pytest.raises(Refusal):
        asyncio.run(door().caller(request))


def test_the_same_signature_is_good_once() -> None:
    sent, signatures = Sent().signed(), door()
    asyncio.run(signatures.caller(sent.request()))
    with pytest.raises(Refusal) as refused:
        asyncio.run(signatures.caller(sent.request()))
    assert refused.value.problem is problems.NONCE_USED


def test_a_nonce_is_remembered_until_its_signature_is_stale_by_any_clock() -> None:
    signatures = door()
    asyncio.run(signatures.caller(Sent().signed().request()))
    (until,) = cast(Any, signatures.nonces).used.values()
    assert until >= NOW + timedelta(seconds=300)


@pytest.mark.parametrize("left_out", COVERED[:3])
def test_a_signature_must_cover_method_path_and_query(left_out: str) -> None:
    covered = tuple(each for each in COVERED if each != left_out)
    assert refusal(Sent().signed(covered=covered)) is problems.SIGNATURE_INVALID


def test_a_digest_that_the_signature_does_not_cover_is_worth_nothing() -> None:
    sent = Sent(body=b"").signed(covered=COVERED[:3])
    sent.body, sent.headers["content-digest"] = b"x", Sent(body=b"x").signed().headers["content-digest"]
    assert refusal(sent) is problems.SIGNATURE_INVALID


def test_a_signature_without_a_nonce_is_refused() -> None:
    assert refusal(Sent().signed(nonce=None)) is problems.SIGNATURE_INVALID


def test_a_missing_component_a_wrong_key_and_a_flipped_byte_are_told_apart() -> None:
    flipped = Sent().signed()
    flipped.body = b"x" + flipped.body[1:]
    sent = [Sent().signed(covered=COVERED[1:]), Sent().signed(key=OTHER_KEY), Sent().signed(key_id="x"), flipped]
    told = ("没有覆盖“@method”", "不是编号“nantong-1”登记的密钥所签", "密钥未登记", "内容在签名后变了")
    for each, words in zip(sent, told, strict=True):
        with pytest.raises(Refusal, match="signature_invalid") as refused:
            caller(each)
        assert words in refused.value.detail


@pytest.mark.parametrize("header", ["signature", "signature-input", "content-digest"])
def test_a_header_that_is_missing_is_named_as_such(header: str) -> None:
    sent = Sent().signed()
    del sent.headers[header]
    assert refusal(sent) is problems.SIGNATURE_MISSING


@pytest.mark.parametrize("garbage", ["", "x", "sig=1", 'sig=("@method");created=1e9', "sig=();created=99999999999999"])
def test_a_signature_input_that_says_nothing_is_refused(garbage: str) -> None:
    sent = Sent().signed()
    sent.headers["signature-input"] = garbage
    assert refusal(sent) in (problems.SIGNATURE_INVALID, problems.STALE)


def test_a_request_without_signature_headers_is_nobodys_signature() -> None:
    assert not is_signed(Sent().request())
    assert is_signed(Sent().signed().request())


@pytest.mark.parametrize("text", ["", "AAAA", "不是", base64.b64encode(b"x" * 31).decode(), SMALL_ORDER])
def test_what_is_no_honest_ed25519_key_is_none(text: str) -> None:
    assert key_of(text) is None
    assert key_of(public(KEY)) is not None
