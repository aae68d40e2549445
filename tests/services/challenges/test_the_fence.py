"""The deadline is a fence: what is acknowledged is in the opening, and what is not in it was refused."""

import asyncio
from datetime import timedelta

import pytest

from services.challenges.claiming import commands, queries
from services.challenges.claiming.claim import Claim
from services.challenges.claiming.store import Store
from services.challenges.posting import commands as posting
from services.challenges.posting.challenge import Challenge
from shared.aggregates.aggregates import Stored
from shared.aggregates.decisions import Decision
from shared.values.clock import now
from shared.values.problems import Refusal
from tests.services.challenges.building import (
    CLAIMANT,
    CONSORTIUM,
    PARTNER,
    attempt,
    claim_content,
    published,
)


async def drafted(store: Store, challenge: Challenge, **changes: object) -> Claim:
    content = claim_content(**changes)
    return (await commands.draft(store, CLAIMANT, challenge.id, content, attempt(CLAIMANT))).state


async def past_its_deadline(store: Store, challenge: Challenge) -> None:
    past = now() - timedelta(seconds=1)
    await store.posting.challenges.change(
        challenge.id, lambda each: Decision(each.model_copy(update={"deadline": past}), "extend", "test", None)
    )


async def closed(store: Store, challenge: Challenge) -> None:
    await past_its_deadline(store, challenge)
    await posting.close_due(store.posting)
    await commands.fence_due(store)


async def code_of(submitting: "asyncio.Future[Stored[Claim]]") -> str | None:
    try:
        await submitting
    except Refusal as refusal:
        return refusal.problem.code
    return None


def stalled(store: Store, monkeypatch: pytest.MonkeyPatch) -> tuple[asyncio.Event, asyncio.Event]:
    """The next command that has read a challenge waits there: (it has arrived, it may go on)."""
    arrived, go = asyncio.Event(), asyncio.Event()
    read = store.posting.challenges.get

    async def get(challenge_id: str) -> Stored[Challenge]:
        found = await read(challenge_id)
        if not arrived.is_set():
            arrived.set()
            await go.wait()
        return found

    monkeypatch.setattr(store.posting.challenges, "get", get)
    return arrived, go


async def test_a_submit_that_saw_the_challenge_published_and_stalled_past_the_close_is_refused(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    challenge = await published(store)
    claim = await drafted(store, challenge)
    arrived, go = stalled(store, monkeypatch)
    submitting = asyncio.ensure_future(commands.submit(store, CLAIMANT, claim.id, attempt(CLAIMANT)))
    await arrived.wait()
    await closed(store, challenge)
    go.set()
    assert await code_of(submitting) == "deadline_passed"
    assert (await store.claims.get(claim.id)).state.state == "lapsed"


async def test_a_withdrawal_that_stalled_past_the_close_is_refused_and_the_claim_stays_submitted(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    challenge = await published(store)
    claim = await drafted(store, challenge)
    await commands.submit(store, CLAIMANT, claim.id, attempt(CLAIMANT))
    arrived, go = stalled(store, monkeypatch)
    withdrawing = asyncio.ensure_future(commands.withdraw(store, CLAIMANT, claim.id, attempt(CLAIMANT)))
    await arrived.wait()
    await closed(store, challenge)
    go.set()
    assert await code_of(withdrawing) == "deadline_passed"
    kept = (await store.claims.get(claim.id)).state
    assert (kept.state, kept.fenced) == ("submitted", True)


async def test_the_clock_of_the_database_decides_and_not_that_of_a_replica_which_is_slow(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    challenge = await published(store)
    claim = await drafted(store, challenge)
    await past_its_deadline(store, challenge)
    monkeypatch.setattr(commands, "now", lambda: now() - timedelta(hours=1))
    submitting = asyncio.ensure_future(commands.submit(store, CLAIMANT, claim.id, attempt(CLAIMANT)))
    assert await code_of(submitting) == "deadline_passed"
    assert (await store.claims.get(claim.id)).state.state == "draft"


async def test_at_the_close_drafts_lapse_and_submitted_claims_are_fenced_once_however_many_replicas_try(
    store: Store,
) -> None:
    challenge = await published(store)
    claim = await drafted(store, challenge, consortium=CONSORTIUM)
    await past_its_deadline(store, challenge)
    await posting.close_due(store.posting)
    await asyncio.gather(*(commands.fence_due(store) for _ in range(4)))
    kept = await store.claims.collection.find_one({"_id": claim.id})
    assert kept is not None
    assert [each["type"].rpartition(".v")[0] for each in kept["outbox"]][1:] == ["cn.huning.claim.lapsed"]
    assert (kept["changed"]["action"], kept["changed"]["actor"]) == ("lapse", "system")
    assert (await store.posting.challenges.get(challenge.id)).state.claims_fenced_at is not None
    with pytest.raises(Refusal, match="deadline_passed"):
        await commands.consent(store, PARTNER, claim.id, claim.sha256, attempt(PARTNER))


async def test_a_draft_that_was_written_after_the_sweep_is_shown_as_lapsed_and_cannot_be_submitted(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    challenge = await published(store)
    arrived, go = stalled(store, monkeypatch)
    drafting = asyncio.ensure_future(commands.draft(store, CLAIMANT, challenge.id, claim_content(), attempt(CLAIMANT)))
    await arrived.wait()
    await closed(store, challenge)
    go.set()
    late = await drafting
    assert (await queries.claim_seen(store, CLAIMANT, late)).state == "lapsed"
    with pytest.raises(Refusal, match="deadline_passed"):
        await commands.submit(store, CLAIMANT, late.state.id, attempt(CLAIMANT))


async def test_at_the_close_what_is_pending_is_dropped_and_what_was_submitted_stands(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    challenge = await published(store)
    claim = await drafted(store, challenge, consortium=CONSORTIUM)
    await commands.consent(store, PARTNER, claim.id, claim.sha256, attempt(PARTNER))
    standing = (await commands.submit(store, CLAIMANT, claim.id, attempt(CLAIMANT))).state
    newer = claim_content(consortium=CONSORTIUM, approach="另一种方案")
    pending = (await commands.replace(store, CLAIMANT, claim.id, newer, attempt(CLAIMANT))).state.pending
    assert pending is not None
    await commands.consent(store, PARTNER, claim.id, pending.sha256, attempt(PARTNER))
    arrived, go = stalled(store, monkeypatch)
    submitting = asyncio.ensure_future(commands.submit(store, CLAIMANT, claim.id, attempt(CLAIMANT)))
    await arrived.wait()
    await closed(store, challenge)
    go.set()
    assert await code_of(submitting) == "deadline_passed"
    kept = (await store.claims.get(claim.id)).state
    assert (kept.pending, kept.standing, kept.submitted_at) == (None, standing.standing, standing.submitted_at)
