"""Tokens as every service judges them: only our signature, and roles by the newest state that is known."""

from datetime import timedelta
from typing import Any, cast

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from starlette.requests import Request

from shared.access.checking import VISITOR, Caller
from shared.access.signing_keys import Keys
from shared.access.tokens import Revocations, Tokens, claims_of
from shared.events.accounts import Membership, Role, RoleGrant, UserState
from shared.events.envelope import event
from shared.messaging.kafka import Bus
from shared.values.clock import now
from shared.values.jurisdictions import Jurisdiction
from shared.values.problems import Refusal

KEY = Ed25519PrivateKey.generate()
OPERATOR = UserState(
    id="someone",
    roles=(RoleGrant(role=Role.CITY_OPERATOR, jurisdiction=Jurisdiction.WUXI),),
    memberships=(
        Membership(organization_id="o", role=Role.ORG_ADMIN),
        Membership(organization_id="p", role=Role.ORG_ADMIN),
    ),
    organization_id="o",
    openid_sealed=None,
    created_at=now(),
)


class OneKey(Keys):
    """Knows one key, and asks nobody."""

    async def get(self, key_id: str) -> Any:
        return KEY.public_key()


def tokens() -> Tokens:
    return Tokens(OneKey("", 900.0), Revocations(cast(Bus, None)))


def signed(version: int = 3, key: Any = KEY, algorithm: str = "EdDSA", acting: int | None = 0) -> str:
    membership = None if acting is None else OPERATOR.memberships[acting]
    return jwt.encode(claims_of(OPERATOR, version, now(), "id", membership), key, algorithm, {"kid": "k"})


async def caller_of(judge: Tokens, authorization: str | None, action: str = "accounts.show-me") -> Caller:
    headers = [(b"authorization", authorization.encode())] if authorization is not None else []
    return await judge.caller(Request({"type": "http", "headers": headers, "state": {"action": action}}))


def hear(judge: Tokens, user: UserState, version: int) -> None:
    """As if it had come over `huning.users`."""
    told = event("user.roles-changed", user.id, version, now(), user)
    judge.revocations._take(told.headers, told.value)


async def test_a_token_says_who_calls_and_no_token_is_a_visitor() -> None:
    caller = await caller_of(tokens(), f"Bearer {signed()}")
    assert (caller.user_id, caller.organization_id) == ("someone", "o")
    assert caller.cities(Role.CITY_OPERATOR) == {Jurisdiction.WUXI}
    assert await caller_of(tokens(), None) == VISITOR


async def test_a_token_acts_for_the_organisation_that_it_names_and_for_no_other() -> None:
    for acting, organization_id in ((0, "o"), (1, "p"), (None, None)):
        caller = await caller_of(tokens(), f"Bearer {signed(acting=acting)}")
        assert caller.organization_id == organization_id
        assert caller.holds(Role.ORG_ADMIN) is (acting is not None)


async def test_a_membership_that_ended_is_refused_and_never_replaced_by_another_one() -> None:
    judge = tokens()
    hear(judge, OPERATOR.model_copy(update={"memberships": OPERATOR.memberships[1:]}), version=4)
    with pytest.raises(Refusal, match="membership_ended"):
        await caller_of(judge, f"Bearer {signed(3)}")
    assert (await caller_of(judge, f"Bearer {signed(3, acting=1)}")).organization_id == "p"
    assert (await caller_of(judge, f"Bearer {signed(3, acting=None)}")).organization_id is None


async def test_a_role_org_admin_that_stands_among_the_roles_gives_nothing() -> None:
    judge = tokens()
    hear(judge, replace_roles((RoleGrant(role=Role.ORG_ADMIN),)), version=4)
    assert (await caller_of(judge, f"Bearer {signed(3, acting=None)}")).grants == frozenset()


async def test_tokens_of_before_all_sessions_were_ended_are_refused() -> None:
    judge = tokens()
    hear(judge, OPERATOR.model_copy(update={"session_generation": 1}), version=4)
    with pytest.raises(Refusal, match="token_revoked"):
        await caller_of(judge, f"Bearer {signed(3)}")
    assert (await caller_of(judge, f"Bearer {signed(4)}")).user_id == "someone"


async def test_an_expired_token_counts_as_none_where_a_visitor_may_read_and_other_faults_do_not() -> None:
    past = {name: now() - timedelta(hours=1) for name in ("iat", "nbf", "exp")}
    expired = jwt.encode({**claims_of(OPERATOR, 3, now(), "id"), **past}, KEY, "EdDSA", {"kid": "k"})
    assert await caller_of(tokens(), f"Bearer {expired}", "search.home") == VISITOR
    with pytest.raises(Refusal, match="token_expired"):
        await caller_of(tokens(), f"Bearer {expired}")
    with pytest.raises(Refusal, match="token_invalid"):
        await caller_of(tokens(), "Bearer garbage", "search.home")


@pytest.mark.parametrize("action", ["log-in", "refresh", "act-as", "log-out"])
async def test_where_a_session_is_begun_continued_or_ended_no_access_token_is_looked_at(action: str) -> None:
    assert await caller_of(tokens(), "Bearer garbage", f"accounts.{action}") == VISITOR


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
    assert (await caller_of(judge, f"Bearer {signed(3, acting=None)}")).grants == frozenset()


async def test_an_older_state_that_comes_late_changes_nothing() -> None:
    judge = tokens()
    hear(judge, replace_roles(()), version=2)
    assert (await caller_of(judge, f"Bearer {signed(3)}")).holds(Role.CITY_OPERATOR)
    hear(judge, replace_roles(()), version=5)
    hear(judge, OPERATOR, version=4)
    assert not (await caller_of(judge, f"Bearer {signed(3)}")).holds(Role.CITY_OPERATOR)


async def test_what_was_heard_is_kept_for_as_long_as_a_token_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    judge, at = tokens(), now()
    hear(judge, replace_roles(()), version=4)
    for minutes, known in ((14, True), (17, False)):
        monkeypatch.setattr("shared.access.tokens.now", lambda minutes=minutes: at + timedelta(minutes=minutes))
        judge.revocations._forget()
        assert (judge.revocations.newer_than("someone", 3) is not None) is known


def replace_roles(roles: tuple[RoleGrant, ...]) -> UserState:
    return OPERATOR.model_copy(update={"roles": roles})
