"""The public keys of accounts: how old an answer may be, and how often it is asked for."""

import asyncio
from dataclasses import dataclass, field

import httpx2
import pytest
from jwt import PyJWK

from shared.access.signing_keys import MAX_AGE_SECONDS, PAUSE_SECONDS, Keys
from shared.values.problems import Refusal

LIFE = 900.0


def jwk(number: int) -> PyJWK:
    return PyJWK({"kty": "OKP", "crv": "Ed25519", "x": f"{number:043}", "kid": f"key-{number}"})


@dataclass
class Accounts(Keys):
    """Keys with an accounts that a test can change, stop and count."""

    published: dict[str, PyJWK] = field(default_factory=lambda: {"key-1": jwk(1)})
    away: bool = False
    questions: int = 0
    in_flight: int = 0
    now: float = 0.0

    async def _fetch(self) -> dict[str, PyJWK]:
        self.questions += 1
        self.in_flight += 1
        assert self.in_flight == 1, "one question at a time"
        await asyncio.sleep(0)
        self.in_flight -= 1
        if self.away:
            raise httpx2.ConnectError("away")
        return dict(self.published)


@pytest.fixture
def keys() -> Accounts:
    made = Accounts("http://accounts", LIFE)
    made.clock = lambda: made.now
    return made


async def refused(keys: Accounts, key_id: str) -> str:
    with pytest.raises(Refusal) as refusal:
        await keys.get(key_id)
    return refusal.value.problem.code


async def test_a_withdrawn_key_is_not_trusted_for_longer_than_a_minute_though_no_unknown_key_comes(
    keys: Accounts,
) -> None:
    await keys.get("key-1")
    keys.published = {"key-2": jwk(2)}
    keys.now = MAX_AGE_SECONDS
    await keys.get("key-1")
    keys.now = MAX_AGE_SECONDS + 0.1
    assert await refused(keys, "key-1") == "token_invalid"
    await keys.get("key-2")


async def test_an_answer_is_fetched_again_before_it_is_too_old(keys: Accounts, monkeypatch: pytest.MonkeyPatch) -> None:
    async def passing(seconds: float) -> None:
        keys.now += seconds
        if keys.now > 10 * MAX_AGE_SECONDS:
            raise asyncio.CancelledError

    monkeypatch.setattr("shared.access.signing_keys.asyncio.sleep", passing)
    with pytest.raises(asyncio.CancelledError):
        await keys.run()
    assert keys.questions > 20, "at least twice within the greatest age"


async def test_a_flood_of_keys_that_nobody_knows_causes_one_question(keys: Accounts) -> None:
    await keys.get("key-1")
    keys.now = PAUSE_SECONDS
    flood = await asyncio.gather(*(keys.get(f"unknown-{each}") for each in range(500)), return_exceptions=True)
    assert {each.problem.code for each in flood if isinstance(each, Refusal)} == {"token_invalid"}
    assert len(flood) == 500
    assert keys.questions == 2
    keys.now += PAUSE_SECONDS - 0.1
    assert await refused(keys, "unknown") == "token_invalid"
    assert keys.questions == 2


async def test_a_flood_while_accounts_is_away_causes_one_question_too(keys: Accounts) -> None:
    keys.away = True
    flood = await asyncio.gather(*(keys.get(f"unknown-{each}") for each in range(500)), return_exceptions=True)
    assert {each.problem.code for each in flood if isinstance(each, Refusal)} == {"unavailable"}
    assert keys.questions == 1


async def test_a_new_key_is_asked_for_when_the_first_token_under_it_comes(keys: Accounts) -> None:
    await keys.get("key-1")
    keys.published["key-2"] = jwk(2)
    keys.now = PAUSE_SECONDS
    assert (await keys.get("key-2")).key_type == "OKP"


async def test_while_accounts_is_away_its_last_answer_is_used_for_a_tokens_life(keys: Accounts) -> None:
    await keys.get("key-1")
    keys.away, keys.now = True, LIFE
    await keys.get("key-1")
    keys.now = LIFE + 0.1
    assert await refused(keys, "key-1") == "unavailable"
