"""What is kept of a claim, and that one organisation has one, whatever happens at once."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pytest

from services.challenges.claiming import commands as claim_commands
from services.challenges.claiming import queries
from services.challenges.claiming.claim import Claim
from services.challenges.claiming.store import Store
from services.challenges.posting import commands
from services.challenges.posting.challenge import Challenge
from shared.access.checking import Caller
from shared.aggregates.aggregates import Stored
from shared.aggregates.decisions import Decision
from shared.events.accounts import Role
from shared.mongo import Database
from shared.values.clock import now
from shared.values.ids import new_id
from shared.values.problems import Refusal
from tests.services.challenges.building import (
    ALLIANCE,
    CITY,
    CLAIMANT,
    CLAIMANT_ORGANIZATION,
    CONSORTIUM,
    PARTNER,
    POSTER,
    STRANGER,
    accounts_published,
    attempt,
    claim_content,
    drafted,
    published,
)

PEOPLE = ["the poster", "its city", "the alliance", "a stranger"]


async def claimed(store: Store, challenge: Challenge, **changes: object) -> Stored[Claim]:
    return await claim_commands.draft(store, CLAIMANT, challenge.id, claim_content(**changes), attempt(CLAIMANT))


async def code_of(store: Store, challenge: Challenge, caller: Caller = CLAIMANT) -> str | None:
    """The code that a claim is refused with, None when it is taken."""
    try:
        await claim_commands.draft(store, caller, challenge.id, claim_content(), attempt(caller))
    except Refusal as refused:
        return refused.problem.code
    return None


async def test_a_canary_in_every_text_of_a_claim_is_nowhere_in_the_database(store: Store, database: Database) -> None:
    challenge, canary = await published(store), f"canary{new_id()}"
    changes = {
        "lead": {"name": canary, "title": canary},
        "members": [{"name": canary, "title": canary, "qualification": canary}],
        "approach": canary,
        "schedule": [{"name": canary, "months": 1}],
        "promises": [{"indicator": canary, "value": canary}],
    }
    claim = (await claimed(store, challenge, **changes)).state
    changes["members"] = []
    await claim_commands.replace(store, CLAIMANT, claim.id, claim_content(**changes), attempt(CLAIMANT))
    await claim_commands.submit(store, CLAIMANT, claim.id, attempt(CLAIMANT))
    changes["consortium"] = CONSORTIUM
    waiting = await claim_commands.replace(store, CLAIMANT, claim.id, claim_content(**changes), attempt(CLAIMANT))
    assert waiting.state.pending is not None
    for name in await database.list_collection_names():
        assert canary not in repr(await database[name].find().to_list(None)), name


async def test_what_is_kept_of_claims_names_neither_claimant_nor_person(store: Store, database: Database) -> None:
    challenge = await published(store)
    made, handed_in = attempt(CLAIMANT), attempt(CLAIMANT)
    claim = await claim_commands.draft(store, CLAIMANT, challenge.id, claim_content(consortium=CONSORTIUM), made)
    await claim_commands.consent(store, PARTNER, claim.state.id, claim.state.sha256, attempt(PARTNER))
    await claim_commands.submit(store, CLAIMANT, claim.state.id, handed_in)
    collections = ("claims", "data_keys", "private_lists")
    kept = "".join([repr(await database[name].find().to_list(None)) for name in collections])
    for name in (CLAIMANT.id, CLAIMANT.organization_id, PARTNER.id, PARTNER.organization_id, made.mark, handed_in.mark):
        assert str(name) not in kept


async def test_no_value_connects_two_claims_of_one_organisation_or_a_claim_with_a_list(
    store: Store, database: Database
) -> None:
    """Names, hashes and times stand in one claim alone; what every claim has is too plain to connect anything."""
    for _ in range(2):
        await claimed(store, await published(store), consortium=CONSORTIUM)
    one, other = await database["claims"].find().to_list(None)
    lists = await database["private_lists"].find().to_list(None)
    data_keys = await database["data_keys"].find().to_list(None)
    telling = [each for each in values_of(one) if len(str(each)) > 20 and not str(each).startswith("cn.huning.")]
    assert one["_id"] in telling
    assert set(telling) & {*values_of(other), *values_of(lists)} == set()
    assert set(telling) & set(values_of(data_keys)) == {one["state"]["challenge_id"]}


def values_of(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from values_of(each)
    else:
        yield value


async def test_an_entry_is_on_the_private_list_before_the_claim_is_written(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    challenge = await published(store)

    async def die(*_: object, **__: object) -> None:
        raise SystemExit

    with monkeypatch.context() as dying:
        dying.setattr(store.claims, "create", die)
        with pytest.raises(SystemExit):
            await claimed(store, challenge, consortium=CONSORTIUM)
    for organization_id in (CLAIMANT_ORGANIZATION.id, CONSORTIUM[1]["organization_id"]):
        assert await store.lists.length(str(organization_id)) == 1
    assert (await queries.own_claims(store, CLAIMANT, None, 20, None)).items == []


async def test_of_many_claims_begun_at_once_one_is_taken(store: Store) -> None:
    challenge = await published(store)
    codes = await asyncio.gather(*(code_of(store, challenge) for _ in range(8)))
    assert (codes.count(None), codes.count("claim_exists")) == (1, 7)


async def test_after_a_withdrawal_exactly_one_new_claim_is_taken(store: Store) -> None:
    challenge = await published(store)
    claim = await claimed(store, challenge)
    await claim_commands.withdraw(store, CLAIMANT, claim.state.id, attempt(CLAIMANT))
    codes = await asyncio.gather(*(code_of(store, challenge) for _ in range(4)))
    assert (codes.count(None), codes.count("claim_exists")) == (1, 3)


async def test_all_claims_of_a_challenge_are_sealed_under_one_key_even_when_two_come_first(store: Store) -> None:
    challenge = await published(store)
    sealers = await asyncio.gather(*(store.data_keys.of(challenge.id) for _ in range(8)))
    sealed = sealers[0].seal(b"claim", "place")
    assert [each.open(sealed, "place") for each in sealers] == [b"claim"] * 8


async def test_a_creation_that_is_repeated_after_the_deadline_answers_the_claim(store: Store) -> None:
    challenge, made = await published(store), attempt(CLAIMANT)
    first = await claim_commands.draft(store, CLAIMANT, challenge.id, claim_content(), made)
    await past_its_deadline(store, challenge)
    again = await claim_commands.draft(store, CLAIMANT, challenge.id, claim_content(), made)
    assert (again.state.id, again.replayed) == (first.state.id, True)


async def test_only_submitted_claims_are_counted(store: Store) -> None:
    challenge = await published(store)
    claim = (await claimed(store, challenge)).state
    assert await store.posting.claims_count(challenge.id) == 0
    await claim_commands.submit(store, CLAIMANT, claim.id, attempt(CLAIMANT))
    assert await store.posting.claims_count(challenge.id) == 1
    await claim_commands.withdraw(store, CLAIMANT, claim.id, attempt(CLAIMANT))
    assert await store.posting.claims_count(challenge.id) == 0


@pytest.mark.parametrize("caller", [POSTER, CITY, ALLIANCE, STRANGER], ids=PEOPLE)
async def test_nobody_but_the_claimant_and_its_partners_sees_more_than_the_count(store: Store, caller: Caller) -> None:
    challenge = await published(store)
    claim = (await claimed(store, challenge, consortium=CONSORTIUM)).state
    seen = await queries.claims(store, caller, challenge.id)
    assert seen.model_dump(exclude_unset=True) == {"sealed": True, "count": 0}
    with pytest.raises(Refusal) as refused:
        await queries.claim(store, caller, claim.id)
    assert refused.value.problem.code in {"not_found", "forbidden"}


async def test_a_partner_that_was_left_out_meanwhile_sees_nothing_any_more(store: Store) -> None:
    challenge = await published(store)
    claim = (await claimed(store, challenge, consortium=CONSORTIUM)).state
    assert (await queries.claim(store, PARTNER, claim.id)).state.id == claim.id
    await claim_commands.replace(store, CLAIMANT, claim.id, claim_content(), attempt(CLAIMANT))
    with pytest.raises(Refusal, match="not_found"):
        await queries.claim(store, PARTNER, claim.id)


async def test_a_withdrawn_claim_keeps_neither_salt_nor_attempts(store: Store) -> None:
    challenge = await published(store)
    claim = (await claimed(store, challenge)).state
    await claim_commands.submit(store, CLAIMANT, claim.id, attempt(CLAIMANT))
    taken_back = attempt(CLAIMANT)
    await claim_commands.withdraw(store, CLAIMANT, claim.id, taken_back)
    kept = await store.claims.collection.find_one({"_id": claim.id})
    assert kept is not None
    assert (kept["state"]["sealed"], len(kept["attempts"])) == (None, 1)
    assert (await claim_commands.withdraw(store, CLAIMANT, claim.id, taken_back)).replayed


async def test_the_claimant_reads_its_own_claim_in_the_clear(store: Store) -> None:
    challenge = await published(store)
    claim = (await claimed(store, challenge, approach="只有我知道")).state
    mine = (await queries.claims(store, CLAIMANT, challenge.id)).mine
    assert mine is not None
    assert mine.content is not None
    assert (mine.id, mine.content.approach) == (claim.id, "只有我知道")


async def test_a_colleague_who_does_not_act_for_the_organisation_sees_only_the_count(store: Store) -> None:
    challenge = await published(store)
    await claimed(store, challenge)
    colleague = Caller("colleague", frozenset({(Role.MEMBER, None)}), organization_id=CLAIMANT_ORGANIZATION.id)
    assert (await queries.claims(store, colleague, challenge.id)).mine is None


async def test_an_organisation_that_is_verified_no_longer_cannot_submit(store: Store) -> None:
    challenge = await published(store)
    claim = (await claimed(store, challenge)).state
    await accounts_published(store, CLAIMANT_ORGANIZATION.model_copy(update={"status": "rejected"}), version=3)
    with pytest.raises(Refusal) as refused:
        await claim_commands.submit(store, CLAIMANT, claim.id, attempt(CLAIMANT))
    assert refused.value.problem.code == "organization_not_verified"


async def test_a_challenge_that_nobody_may_see_yet_cannot_be_claimed(store: Store) -> None:
    assert await code_of(store, await drafted(store)) == "not_found"


async def test_the_organisation_is_the_claimant_not_the_person_who_wrote(store: Store) -> None:
    challenge = await published(store)
    claim = (await claimed(store, challenge)).state
    colleague = Caller("colleague", CLAIMANT.grants, organization_id=CLAIMANT_ORGANIZATION.id)
    assert (await queries.claim(store, colleague, claim.id)).state.id == claim.id


async def test_a_published_challenge_is_closed_once_however_many_replicas_try(store: Store, database: Database) -> None:
    challenge = await published(store)
    await past_its_deadline(store, challenge)
    await asyncio.gather(*(commands.close_due(store.posting) for _ in range(5)))
    document = await database["challenges"].find_one({"_id": challenge.id})
    assert document is not None
    assert document["state"]["state"] == "closed"
    types = [each["type"].rpartition(".v")[0] for each in document["outbox"]]
    assert types.count("cn.huning.challenge.closed") == 1


async def test_a_challenge_before_its_deadline_is_left_open(store: Store) -> None:
    challenge = await published(store)
    await commands.close_due(store.posting)
    assert (await store.posting.challenges.get(challenge.id)).state.state == "published"


async def past_its_deadline(store: Store, challenge: Challenge) -> None:
    """The challenge as it is when time has gone on."""
    past = now() - timedelta(milliseconds=1)
    await store.posting.challenges.change(
        challenge.id, lambda each: Decision(each.model_copy(update={"deadline": past}), "extend", "test", None)
    )
