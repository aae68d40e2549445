"""Tokens as every service judges them: only our signature, and roles by the newest state that is known."""

from datetime import timedelta
from typing import Any, cast

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt import PyJWK
from starlette.requests import Request

from shared.access.checking import VISITOR, Caller
from shared.access.tokens import Keys, Revocations, Tokens, claims_of
from shared.events.accounts import Role, RoleGrant, UserState
from shared.events.envelope import event
from shared.messaging.kafka import Bus
from shared.values import problems
from shared.values.clock import now
from shared.values.jurisdictions import Jurisdiction
from shared.values.problems import Refusal

KEY = Ed25519PrivateKey.generate()
OPERATOR = UserState(
    id="someone",
    roles=(RoleGrant(role=Role.CITY_OPERATOR, jurisdiction=Jurisdiction.WUXI),),
    organization_id="o",
    openid_sealed=None,
    created_at=now(),
)


class OneKey(Keys):
    """Knows one key, and asks nobody."""

    async def get(self, key_id: str) -> Any:
        return KEY.public_key()


def tokens() -> Tokens:
    return Tokens(OneKey(""), Revocations(cast(Bus, None)))


def signed(version: int = 3, key: Any = KEY, algorithm: str = "EdDSA") -> str:
    return jwt.encode(claims_of(OPERATOR, version, now(), "id"), key, algorithm, {"kid": "k"})


async def caller_of(judge: Tokens, authorization: str | None) -> Caller:
    headers = [(b"authorization", authorization.encode())] if authorization is not None else []
    return await judge.caller(Request({"type": "http", "headers": headers}))


def hear(judge: Tokens, user: UserState, version: int) -> None:
    """As if it had come over `huning.users`."""
    told = event("user.roles-changed", user.id, version, now(), user)
    judge.revocations._take(told.headers, told.value)


async def test_a_token_says_who_calls_and_no_token_is_a_visitor() -> None:
    caller = await caller_of(tokens(), f"Bearer {signed()}")
    assert (caller.user_id, caller.organization_id) == ("someone", "o")
    assert caller.cities(Role.CITY_OPERATOR) == {Jurisdiction.WUXI}
    assert await caller_of(tokens(), None) == VISITOR


@pytest.mark.parametrize("algorithm", ["HS256", "none"])
async def test_a_public_key_is_no_secret_and_no_algorithm_is_none(
    algorithm: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = KEY.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    forged = signed(key=raw if algorithm == "HS256" else None, algorithm=algorithm)
    asked: list[str] = []
    monkeypatch.setattr(OneKey, "get", lambda self, key_id: asked.append(key_id))
    with pytest.raises(Refusal, match="token_invalid"):
        await caller_of(tokens(), f"Bearer {forged}")
    assert asked == [], "refused before any key is looked at"


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Basic abc", "Bearer a.b.c", "Bearer garbage", ""])
async def test_garbage_is_refused(header: str) -> None:
    with pytest.raises(Refusal, match="token_invalid"):
        await caller_of(tokens(), header)


async def test_a_newer_state_of_the_user_takes_the_role_away() -> None:
    judge = tokens()
    hear(judge, replace_roles(()), version=4)
    assert (await caller_of(judge, f"Bearer {signed(3)}")).grants == frozenset()


async def test_an_older_state_that_comes_late_changes_nothing() -> None:
    judge = tokens()
    hear(judge, replace_roles(()), version=2)
    assert (await caller_of(judge, f"Bearer {signed(3)}")).holds(Role.CITY_OPERATOR)
    hear(judge, replace_roles(()), version=5)
    hear(judge, OPERATOR, version=4)
    assert not (await caller_of(judge, f"Bearer {signed(3)}")).holds(Role.CITY_OPERATOR)


async def test_the_keys_are_there_before_the_first_request_however_late_accounts_comes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers = iter([Refusal(problems.UNAVAILABLE), None])

    async def fetch(keys: Keys) -> None:
        if error := next(answers):
            raise error
        keys._keys["k1"] = PyJWK({"kty": "OKP", "crv": "Ed25519", "x": "A" * 43})

    monkeypatch.setattr(Keys, "_fetch", fetch)
    keys = Keys("http://accounts")
    await keys.fetch_ahead()
    assert (await keys.get("k1")).key_type == "OKP"


async def test_what_was_heard_is_kept_for_as_long_as_a_token_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    judge, at = tokens(), now()
    hear(judge, replace_roles(()), version=4)
    for minutes, known in ((14, True), (17, False)):
        monkeypatch.setattr("shared.access.tokens.now", lambda minutes=minutes: at + timedelta(minutes=minutes))
        judge.revocations._forget()
        assert (judge.revocations.newer_than("someone", 3) is not None) is known


def replace_roles(roles: tuple[RoleGrant, ...]) -> UserState:
    return OPERATOR.model_copy(update={"roles": roles})
