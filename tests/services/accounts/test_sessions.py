"""Refresh tokens and their families, on a real database."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from services.accounts import problems
from services.accounts.sessions.families import LIFE, REPEAT, Issued
from services.accounts.stores import Stores
from shared.values.problems import Problem, Refusal

AT = datetime(2026, 11, 2, 9, 30, 17, 123000, tzinfo=UTC)
LATER = AT + REPEAT + timedelta(milliseconds=1)


async def begin(stores: Stores, user_id: str = "user-1") -> str:
    return (await stores.families.begin(user_id, None, AT)).refresh_token


async def exchange(stores: Stores, token: str, at: datetime = AT) -> Issued:
    return await stores.families.exchange(await stores.families.held(token, at), at)


async def refused(stores: Stores, token: str, problem: Problem, at: datetime = AT) -> None:
    with pytest.raises(Refusal) as refusal:
        await exchange(stores, token, at)
    assert refusal.value.problem == problem


async def test_a_token_exchanged_again_within_ten_seconds_answers_the_same_pair(stores: Stores) -> None:
    first = await begin(stores)
    second = await exchange(stores, first)
    assert await exchange(stores, first, AT + REPEAT) == second
    assert (await exchange(stores, second.refresh_token, LATER)).refresh_token != second.refresh_token


async def test_a_later_reuse_ends_the_whole_family(stores: Stores) -> None:
    first = await begin(stores)
    second = await exchange(stores, first)
    await refused(stores, first, problems.REFRESH_REUSED, LATER)
    await refused(stores, second.refresh_token, problems.REFRESH_REUSED, LATER)


async def test_a_token_older_than_the_last_one_ends_the_family_however_soon_it_comes(stores: Stores) -> None:
    first = await begin(stores)
    second = await exchange(stores, first)
    await exchange(stores, second.refresh_token)
    await refused(stores, first, problems.REFRESH_REUSED)


async def test_another_login_is_another_family(stores: Stores) -> None:
    stolen, own = await begin(stores), await begin(stores)
    await exchange(stores, stolen)
    await refused(stores, stolen, problems.REFRESH_REUSED, LATER)
    assert (await stores.families.held(own, LATER)).user_id == "user-1"
    await exchange(stores, own, LATER)


async def test_all_who_use_a_token_at_once_go_on_with_one_pair(stores: Stores) -> None:
    token = await begin(stores)
    issued = await asyncio.gather(*(exchange(stores, token) for _ in range(10)))
    assert len(set(issued)) == 1
    await exchange(stores, issued[0].refresh_token, LATER)


@pytest.mark.parametrize("meanwhile", ["went on", "ended"])
async def test_an_exchange_that_was_overtaken_turns_nothing_back(stores: Stores, meanwhile: str) -> None:
    """It read the family, and until it writes others have gone on with it, or its theft was found."""
    first = await begin(stores)
    overtaken = await stores.families.held(first, AT)
    second = await exchange(stores, first)
    if meanwhile == "went on":
        await exchange(stores, second.refresh_token)
    else:
        await refused(stores, first, problems.REFRESH_REUSED, LATER)
    with pytest.raises(Refusal) as refusal:
        await stores.families.exchange(overtaken, AT)
    assert refusal.value.problem == problems.REFRESH_REUSED
    await refused(stores, second.refresh_token, problems.REFRESH_REUSED)


async def test_a_token_that_nobody_used_for_long_is_expired(stores: Stores) -> None:
    token = await begin(stores)
    await refused(stores, token, problems.REFRESH_EXPIRED, AT + LIFE + timedelta(days=1))


async def test_a_family_ends_in_the_end_however_often_it_is_used(stores: Stores) -> None:
    token, at = await begin(stores), AT
    for _ in range(12):
        at += LIFE - timedelta(hours=1)
        token = (await exchange(stores, token, at)).refresh_token
    await refused(stores, token, problems.REFRESH_EXPIRED, at + timedelta(days=2))


@pytest.mark.parametrize("change", ["invented", "number", "family", "mac"])
async def test_a_token_that_we_did_not_make_is_unknown(stores: Stores, change: str) -> None:
    family, number, mac = (await begin(stores)).split(".")
    other = (await begin(stores)).split(".")[0]
    forged = {
        "invented": "invented",
        "number": f"{family}.{int(number) + 1}.{mac}",
        "family": f"{other}.{number}.{mac}",
        "mac": f"{family}.{number}.{mac[::-1]}",
    }[change]
    await refused(stores, forged, problems.REFRESH_INVALID)
    with pytest.raises(Refusal, match="refresh_invalid"):
        await stores.families.end(forged)


async def test_no_token_and_no_instant_of_a_session_is_kept(stores: Stores) -> None:
    """An instant beside a person can be compared with the instants beside sealed claims."""
    first = await begin(stores)
    second = await exchange(stores, first, AT + timedelta(minutes=3))
    kept = await stores.families.collection.find({}).to_list(10)
    assert len(kept) == 1
    for token in (first, second.refresh_token):
        assert token.split(".")[2] not in repr(kept)
    instants = [value for value in kept[0].values() if isinstance(value, datetime)]
    assert instants
    assert all((each.hour, each.minute, each.second, each.microsecond) == (0, 0, 0, 0) for each in instants)


async def test_who_logs_out_ends_one_session_and_who_ends_all_ends_each(stores: Stores) -> None:
    one, two, three = [await begin(stores) for _ in range(3)]
    other = await begin(stores, "user-2")
    assert await stores.families.end(one) == 1
    assert await stores.families.end(one) == 0
    await refused(stores, one, problems.REFRESH_EXPIRED)
    assert await stores.families.end_all("user-1") == 2
    for ended in (two, three):
        await refused(stores, ended, problems.REFRESH_EXPIRED)
    await exchange(stores, other)
