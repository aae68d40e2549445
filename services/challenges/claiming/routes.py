"""HTTP for claims: parse → call → status code."""

from typing import Annotated, get_args

from fastapi import Body, Query, Response

from services.challenges.claiming import commands, examples, queries
from services.challenges.claiming.bodies import ConsentToContent, Verification
from services.challenges.claiming.claim import Claim, ClaimStatus
from services.challenges.claiming.content import ClaimContent
from services.challenges.claiming.store import Store
from services.challenges.claiming.views import ClaimView, ListedClaim, SealedClaims, Verified
from shared.access.checking import Caller
from shared.aggregates.aggregates import Stored
from shared.http.paging import Cursor, Limit, Page
from shared.http.routes import AttemptOf, CallerOf, Empty, Router, with_version
from shared.values.problems import FieldError
from shared.values.validation import invalid

Claiming = Annotated[ClaimContent, Body(openapi_examples={"claim": {"value": examples.CLAIM}})]
Checking = Annotated[Verification, Body(openapi_examples={"claim": {"value": {"content": examples.CLAIM}}})]


def claim_routes(store: Store) -> Router:
    """The routes of claims. Until the opening only a claim's claimant and partners see it."""
    router = Router()

    async def answered(response: Response, caller: Caller, stored: Stored[Claim]) -> ClaimView:
        with_version(response, stored)
        return await queries.claim_seen(store, caller, stored)

    @router.action(
        "challenges.draft-claim", status_code=201, response_model=ClaimView, response_model_exclude_unset=True
    )
    async def draft(
        response: Response, caller: CallerOf, attempt: AttemptOf, challenge_id: str, content: Claiming
    ) -> ClaimView:
        """Drafts a claim 揭榜; its content is sealed from the first write."""
        stored = await commands.draft(store, caller, challenge_id, content, attempt)
        response.headers["Location"] = f"/api/v1/claims/{stored.state.id}"
        return await answered(response, caller, stored)

    @router.action("challenges.list-claims", response_model=SealedClaims, response_model_exclude_unset=True)
    async def list_claims(caller: CallerOf, challenge_id: str) -> SealedClaims:
        """Counts the sealed claims of a challenge for its company and city; shows the caller's own."""
        return await queries.claims(store, caller, challenge_id)

    @router.action("challenges.list-own-claims", response_model=Page[ListedClaim], response_model_exclude_unset=True)
    async def list_own_claims(
        caller: CallerOf,
        mine: Annotated[bool, Query(description="always true: nobody lists the claims of others")] = True,
        state: Annotated[str | None, Query(max_length=200, description="states, separated by commas")] = None,
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Page[ListedClaim]:
        """The claims of the caller's organisation, drafts and withdrawn ones included, also as a partner."""
        if not mine:
            raise invalid(FieldError("mine", "not_allowed", "只能查询本单位的揭榜申请"))
        return await queries.own_claims(store, caller, _states(state), limit, cursor)

    @router.action("challenges.show-claim", response_model=ClaimView, response_model_exclude_unset=True)
    async def show(response: Response, caller: CallerOf, claim_id: str) -> ClaimView:
        """Shows a claim to the people who made it."""
        return await answered(response, caller, await queries.claim(store, caller, claim_id))

    @router.action("challenges.replace-claim", response_model=ClaimView, response_model_exclude_unset=True)
    async def replace(
        response: Response, caller: CallerOf, attempt: AttemptOf, claim_id: str, content: Claiming
    ) -> ClaimView:
        """Replaces the content of a claim; partners are asked again, and meanwhile what was submitted stands."""
        return await answered(response, caller, await commands.replace(store, caller, claim_id, content, attempt))

    @router.action("challenges.submit-claim", response_model=ClaimView, response_model_exclude_unset=True)
    async def submit(response: Response, caller: CallerOf, attempt: AttemptOf, claim_id: str, _: Empty) -> ClaimView:
        """Submits the content that all partners have consented to; the answer holds the receipt."""
        return await answered(response, caller, await commands.submit(store, caller, claim_id, attempt))

    @router.action("challenges.withdraw-claim", response_model=ClaimView, response_model_exclude_unset=True)
    async def withdraw(response: Response, caller: CallerOf, attempt: AttemptOf, claim_id: str, _: Empty) -> ClaimView:
        """Withdraws a claim; its key is destroyed and its content cannot be read any more."""
        return await answered(response, caller, await commands.withdraw(store, caller, claim_id, attempt))

    @router.action("challenges.consent-to-claim", response_model=ClaimView, response_model_exclude_unset=True)
    async def consent(
        response: Response, caller: CallerOf, attempt: AttemptOf, claim_id: str, body: ConsentToContent
    ) -> ClaimView:
        """Consents, for a partner, to the content that the partner has seen."""
        stored = await commands.consent(store, caller, claim_id, body.sha256, attempt)
        return await answered(response, caller, stored)

    @router.action("challenges.refuse-claim", response_model=ClaimView, response_model_exclude_unset=True)
    async def refuse(response: Response, caller: CallerOf, attempt: AttemptOf, claim_id: str, _: Empty) -> ClaimView:
        """Refuses, for a partner, to take part in a claim."""
        stored = await commands.refuse(store, caller, claim_id, attempt)
        return await answered(response, caller, stored)

    @router.action("challenges.verify-claim", response_model=Verified)
    async def verify(response: Response, caller: CallerOf, _: AttemptOf, claim_id: str, body: Checking) -> Verified:
        """Compares a content with the receipt of a claim: whether it is what was submitted."""
        matches, stored = await queries.verified_claim(store, caller, claim_id, body.content, body.salt)
        with_version(response, stored)
        return Verified(matches=matches)

    return router


def _states(text: str | None) -> frozenset[str] | None:
    """The states that are asked for; None where all are."""
    if text is None:
        return None
    states = frozenset(each.strip() for each in text.split(",") if each.strip())
    if unknown := sorted(states - set(get_args(ClaimStatus))):
        raise invalid(FieldError("state", "not_allowed", f"没有这种状态：{unknown[0][:30]}"))
    return states
