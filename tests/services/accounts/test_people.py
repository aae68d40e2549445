"""People and their sessions, on a real database."""

import asyncio
from datetime import timedelta

import pytest

from services.accounts import commands, problems
from services.accounts.bodies import Profile
from services.accounts.sessions import LIFE
from services.accounts.store import Store
from shared.secrets import openid_context
from shared.values.clock import now
from shared.values.problems import Problem, Refusal
from tests.services.accounts.building import attempt, person


async def refused(store: Store, token: str, problem: Problem, later: timedelta = timedelta()) -> None:
    with pytest.raises(Refusal) as refusal:
        await store.sessions.rotate(token, now() + later)
    assert refusal.value.problem == problem


async def test_one_openid_is_one_person_however_many_logins_come_at_once(store: Store) -> None:
    logins = await asyncio.gather(*(commands.log_in(store, "openid-1") for _ in range(20)))
    assert len({login.state.id for login in logins}) == 1
    assert len({login.version for login in logins}) == 1


async def test_the_openid_is_in_the_database_only_sealed(store: Store) -> None:
    user = (await commands.log_in(store, "openid-that-nobody-reads")).state
    document = await store.users.collection.find_one({"_id": user.id})
    assert "openid-that-nobody-reads" not in repr(document)
    assert store.personal.open(user.openid_sealed, openid_context(user.id)) == "openid-that-nobody-reads"


async def test_a_telephone_number_is_shown_masked_and_kept_sealed(store: Store) -> None:
    caller = await person(store, "openid-1")
    user = await commands.change_profile(store, caller, Profile(phone="13812345678"), attempt(caller))
    assert user.state.phone_masked == "138****5678"
    assert "13812345678" not in repr(await store.users.collection.find_one({"_id": user.state.id}))
    assert user.version == 1, "nobody else is told"


async def test_a_refresh_token_works_once_and_its_reuse_ends_the_family(store: Store) -> None:
    first = await store.sessions.begin("user-1", now())
    second = (await store.sessions.rotate(first, now())).refresh_token
    await refused(store, first, problems.REFRESH_REUSED)
    await refused(store, second, problems.REFRESH_REUSED)


async def test_another_login_is_another_family(store: Store) -> None:
    stolen, own = await store.sessions.begin("user-1", now()), await store.sessions.begin("user-1", now())
    await store.sessions.rotate(stolen, now())
    await refused(store, stolen, problems.REFRESH_REUSED)
    assert (await store.sessions.rotate(own, now())).user_id == "user-1"


async def test_of_many_who_use_a_token_at_once_one_goes_on_and_then_the_family_ends(store: Store) -> None:
    token = await store.sessions.begin("user-1", now())
    outcomes = await asyncio.gather(*(store.sessions.rotate(token, now()) for _ in range(10)), return_exceptions=True)
    continued = [outcome for outcome in outcomes if not isinstance(outcome, BaseException)]
    assert len(continued) <= 1
    for each in continued:
        await refused(store, each.refresh_token, problems.REFRESH_REUSED)


async def test_a_token_that_nobody_used_for_long_is_expired_and_an_invented_one_unknown(store: Store) -> None:
    token = await store.sessions.begin("user-1", now())
    await refused(store, token, problems.REFRESH_EXPIRED, later=LIFE)
    await refused(store, "invented", problems.REFRESH_INVALID)


async def test_tokens_are_kept_as_digests_only(store: Store) -> None:
    token = await store.sessions.begin("user-1", now())
    kept = await store.sessions.tokens.find({}).to_list(10)
    assert len(kept) == 1
    assert token not in repr(kept)
