"""The commands on a claim, of its claimant, its partners and a timer: load → decide → save, one function each.

Callers stand in what is stored as pseudonyms: as claimant, as partner, and as who made an attempt.
"""

from collections.abc import Awaitable, Callable
from functools import partial

from services.challenges import problems
from services.challenges.claiming import actions as claims
from services.challenges.claiming import sealing
from services.challenges.claiming.claim import Claim, Version
from services.challenges.claiming.content import ClaimContent
from services.challenges.claiming.rules import Setting
from services.challenges.claiming.store import Store, claim_ids
from services.challenges.claiming.visibility import claim_facts
from services.challenges.posting import actions as posting_actions
from services.challenges.posting.challenge import Challenge
from services.challenges.posting.commands import verified
from services.challenges.posting.visibility import show
from shared.access.checking import Caller, Facts, check
from shared.aggregates.aggregates import Stored
from shared.aggregates.attempts import Attempt
from shared.aggregates.decisions import Decision
from shared.mongo import DuplicateKeyError
from shared.values.clock import now
from shared.values.ids import new_id
from shared.values.problems import Refusal


async def draft(
    store: Store, caller: Caller, challenge_id: str, content: ClaimContent, attempt: Attempt
) -> Stored[Claim]:
    """我要揭榜: begins a claim of the caller's organisation, sealed from the start."""
    challenge = (await store.posting.challenges.get(challenge_id)).state
    show(challenge, caller)
    check("challenges.draft-claim", caller, Facts(organization_id=caller.organization_id))
    mine = store.names.attempt(attempt, caller.id)
    if made := await store.claims.created_by(mine):
        return made
    claim_id, at = new_id(), now()
    setting = await _admitted(store, caller, challenge, content)
    sealed = await _seal(store, caller, setting, claim_id, content)
    claimant = store.names.organization(challenge_id, setting.claimant.id)
    person = store.names.person(claim_id, caller.id)
    earlier = [each.state for each in await store.claims_by(challenge_id, setting.claimant.id)]
    decision = claims.begin(claim_id, challenge, claimant, person, sealed, earlier, at)
    await store.enlist(claim_id, challenge_id, [setting.claimant.id, *content.proposal().partner_ids])
    try:
        return await store.claims.create(decision, attempt=mine)
    except DuplicateKeyError as error:
        raise Refusal(problems.CLAIM_EXISTS) from error


async def replace(
    store: Store, caller: Caller, claim_id: str, content: ClaimContent, attempt: Attempt
) -> Stored[Claim]:
    """Replaces the whole content before the deadline; what asks partners waits beside a submitted claim."""

    async def decide(claim: Claim, challenge: Challenge) -> Decision[Claim]:
        setting = await _admitted(store, caller, challenge, content)
        version = await _as_kept(store, claim, content) or await _seal(store, caller, setting, claim_id, content)
        decision = claims.replace(claim, challenge, version, store.names.person(claim_id, caller.id), now())
        await store.enlist(claim_id, challenge.id, content.proposal().partner_ids)
        return decision

    return await _act(store, caller, "replace-claim", claim_id, decide, attempt)


async def submit(store: Store, caller: Caller, claim_id: str, attempt: Attempt) -> Stored[Claim]:
    """Submits it; the answer holds the receipt."""

    async def decide(claim: Claim, challenge: Challenge) -> Decision[Claim]:
        claims.admit(Setting(challenge, await verified(store.posting, caller), {}), now())
        return claims.submit(claim, challenge, store.names.person(claim_id, caller.id), now())

    return await _act(store, caller, "submit-claim", claim_id, decide, attempt)


async def withdraw(store: Store, caller: Caller, claim_id: str, attempt: Attempt) -> Stored[Claim]:
    """Withdraws it before the deadline; the organisation may claim anew."""

    async def decide(claim: Claim, challenge: Challenge) -> Decision[Claim]:
        return claims.withdraw(claim, challenge, store.names.person(claim_id, caller.id), now())

    return await _act(store, caller, "withdraw-claim", claim_id, decide, attempt)


async def consent(store: Store, caller: Caller, claim_id: str, sha256: str, attempt: Attempt) -> Stored[Claim]:
    """A partner of the consortium consents, for itself, to the content with this hash and to no other."""

    async def decide(claim: Claim, challenge: Challenge) -> Decision[Claim]:
        partner = store.names.organization(claim.challenge_id, (await verified(store.posting, caller)).id)
        return claims.consent(claim, challenge, partner, sha256, store.names.person(claim_id, caller.id), now())

    return await _act(store, caller, "consent-to-claim", claim_id, decide, attempt)


async def refuse(store: Store, caller: Caller, claim_id: str, attempt: Attempt) -> Stored[Claim]:
    """A partner of the consortium refuses, for itself."""

    async def decide(claim: Claim, challenge: Challenge) -> Decision[Claim]:
        partner = store.names.organization(claim.challenge_id, (await verified(store.posting, caller)).id)
        return claims.refuse(claim, challenge, partner, store.names.person(claim_id, caller.id), now())

    return await _act(store, caller, "refuse-claim", claim_id, decide, attempt)


async def fence_due(store: Store) -> None:
    """Fences the claims of every closed challenge. Any replica may run it; running it again changes nothing."""
    for each in await store.posting.challenges.where(
        {"state.state": "closed", "state.claims_fenced_at": None}, limit=100
    ):
        try:
            await fence(store, each.state.id)
        except Refusal:
            continue  # contended, or an outbox is full: the next tick finds it again


async def fence(store: Store, challenge_id: str) -> None:
    """Writes every claim of a closed challenge once, until a pass finds nothing to write.

    A command on a claim reads the claim before the challenge. One that saw the challenge published had read its claim
    before the close, so this finds what it saved, or breaks the guard under which it saves. The index has nothing but the
    challenge, so that no claim moves in it while it is read.
    """
    changed = True
    while changed:
        changed = False
        async for claim_id in claim_ids(store.claims, challenge_id):
            changed |= await _fenced(store, claim_id)
    await store.posting.challenges.change(challenge_id, partial(posting_actions.fence, at=now()))


async def _fenced(store: Store, claim_id: str) -> bool:
    """Whether there was something to write."""
    wrote = False

    def decide(claim: Claim) -> Decision[Claim] | None:
        nonlocal wrote
        decision = claims.fence(claim, now())
        wrote = decision is not None
        return decision

    await store.claims.change(claim_id, decide, has_happened=True)
    return wrote


async def _act(
    store: Store,
    caller: Caller,
    action: str,
    claim_id: str,
    decide: Callable[[Claim, Challenge], Awaitable[Decision[Claim]]],
    attempt: Attempt,
) -> Stored[Claim]:
    found = (await store.claims.get(claim_id)).state
    check(f"challenges.{action}", caller, claim_facts(store.names, found, caller))

    async def decided(claim: Claim) -> Decision[Claim]:
        return await decide(claim, (await store.posting.challenges.get(claim.challenge_id)).state)

    mine = store.names.attempt(attempt, caller.id)
    return await store.claims.change_with(claim_id, decided, attempt=mine)


async def _admitted(store: Store, caller: Caller, challenge: Challenge, content: ClaimContent) -> Setting:
    """The setting of the claim, once claimant, moment and content are all fine."""
    named = await store.posting.organizations_of(each.organization_id for each in content.consortium)
    setting = Setting(challenge, await verified(store.posting, caller), named)
    claims.admit(setting, now())
    claims.check_content(content.proposal(), setting)
    return setting


async def _seal(store: Store, caller: Caller, setting: Setting, claim_id: str, content: ClaimContent) -> Version:
    challenge_id = setting.challenge.id
    sealer = await store.data_keys.of(challenge_id)
    return sealing.seal(
        sealer,
        store.names,
        challenge_id,
        claim_id,
        organization_id=setting.claimant.id,
        user_id=caller.id,
        content=content,
    )


async def _as_kept(store: Store, claim: Claim, content: ClaimContent) -> Version | None:
    """What the claim keeps of this very content, with its hash and the answers to it; None where it is another one."""
    sealer = await store.data_keys.of(claim.challenge_id)
    for version in (claim.pending, claim.standing):
        if version is None:
            continue
        unsealed = sealing.unseal(sealer, claim.challenge_id, claim.id, version.sealed)
        if unsealed.proposal == content.proposal():
            return version
    return None
