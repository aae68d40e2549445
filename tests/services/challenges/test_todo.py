"""What waits for whom among challenges and claims."""

from services.challenges.claiming.store import Store
from services.challenges.todo import waiting
from shared.access.checking import VISITOR, Caller
from tests.services.challenges.asking import Door, send
from tests.services.challenges.building import (
    CITY,
    CLAIMANT,
    CONSORTIUM,
    PARTNER,
    POSTER,
    challenge_body,
    claim_body,
    published,
)

_SMALL = 10


async def counted(store: Store, caller: Caller) -> dict[str, int | None]:
    rows = waiting(store.posting, store)
    return {row.kind: await row.count(caller, _SMALL) for row in rows}


async def test_a_city_is_told_what_to_review_and_publish_and_an_organisation_what_was_returned(
    store: Store, at_the_door: Door
) -> None:
    draft = (await send(at_the_door, POSTER, "POST", "challenges", challenge_body())).json()
    path = f"challenges/{draft['id']}"
    assert (await counted(store, CITY))["challenges_to_review"] == 0
    await send(at_the_door, POSTER, "POST", f"{path}/submit")
    assert await counted(store, CITY) == {
        "challenges_to_review": 1,
        "challenges_to_publish": 0,
        "challenges_returned": None,
        "claims_to_consent": None,
    }
    reasons = {"reasons": [{"field": "title", "message": "请写明对象"}]}
    await send(at_the_door, CITY, "POST", f"{path}/return", reasons)
    assert await counted(store, POSTER) == {
        "challenges_to_review": None,
        "challenges_to_publish": None,
        "challenges_returned": 1,
        "claims_to_consent": 0,
    }
    await send(at_the_door, POSTER, "POST", f"{path}/submit")
    await send(at_the_door, CITY, "POST", f"{path}/approve")
    assert (await counted(store, CITY))["challenges_to_publish"] == 1
    assert (await counted(store, CLAIMANT))["challenges_returned"] == 0


async def test_a_partner_is_told_until_it_has_answered(store: Store, at_the_door: Door) -> None:
    challenge, body = await published(store), claim_body(consortium=CONSORTIUM)
    claim = (await send(at_the_door, CLAIMANT, "POST", f"challenges/{challenge.id}/claims", body)).json()
    assert (await counted(store, PARTNER))["claims_to_consent"] == 1
    assert (await counted(store, CLAIMANT))["claims_to_consent"] == 0
    await send(at_the_door, PARTNER, "POST", f"claims/{claim['id']}/consent", {"sha256": claim["receipt"]["sha256"]})
    assert (await counted(store, PARTNER))["claims_to_consent"] == 0


async def test_nothing_waits_for_a_visitor(store: Store) -> None:
    assert set((await counted(store, VISITOR)).values()) == {None}
